"""Faults a service shows on request: the grammar, and which of them hit a request.

    KIND[=VALUE]@TARGET[#N | #N-]

TARGET is a path glob without the version ("/servicePrincipals/*/owners"; * stays inside one
segment, ** crosses them) or an Exchange cmdlet ("Get-RoleGroup"; "Get-RoleGroup+ShowPartnerLinked"
for the call with that switch). #N is the Nth matching request only, #N- from the Nth on; without it
every one (throttle and noretryafter: the first). Batch items match like requests of their own.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from auditor.emulator.options import EmulatorError

STATUSES = (400, 401, 403, 404, 429, 500, 503, 504)


@dataclass(frozen=True)
class Kind:
    """A kind of fault: what its value is (none if empty), how to read it, what it does."""

    value: str
    check: Callable[[str], bool]
    meaning: str
    once: bool = False


def _number(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) is not None


def _status(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) in STATUSES


def _offset(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+", text, re.ASCII) is not None


def _name(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z@.]+", text, re.ASCII) is not None


def _nothing(text: str) -> bool:
    return not text


KINDS: dict[str, Kind] = {
    "status": Kind("CODE", _status, "answers 400, 401, 403, 404, 429, 500, 503 or 504"),
    "throttle": Kind("SECONDS", _number, "429 with Retry-After exactly as written", once=True),
    "noretryafter": Kind("", _nothing, "429 without Retry-After", once=True),
    "truncate": Kind("", _nothing, "drops the nextLink; of a single page the second half"),
    "empty": Kind("", _nothing, "no items and no nextLink; counts tell the truth"),
    "vanish": Kind("", _nothing, "no items, and counts say 0 too"),
    "emptypage": Kind("", _nothing, "slips in an empty page that has a nextLink"),
    "loop": Kind("", _nothing, "a nextLink that points to itself"),
    "foreignlink": Kind("", _nothing, "a nextLink to another host"),
    "cut": Kind("", _nothing, "the body ends in the middle and the connection closes"),
    "slow": Kind("MS", _number, "answers this many milliseconds late"),
    "null": Kind("PROPERTY", _name, "the property is null in every item"),
    "drop": Kind("PROPERTY", _name, "the property is absent from every item"),
    "license": Kind("", _nothing, "403, the tenant has no licence"),
    "html": Kind("", _nothing, "a proxy's HTML page with status 200"),
    "count": Kind("N", _offset, "counts that are N off"),
    "badexpand": Kind("", _nothing, "400 to $expand and to listings without $filter"),
}

CMDLETS = (
    "Get-RoleGroup",
    "Get-RoleGroupMember",
    "Get-ServicePrincipal",
    "Get-ManagementRoleAssignment",
    "Get-ApplicationAccessPolicy",
    "Get-ManagementScope",
    "Get-ManagementRole",
    "Get-OrganizationConfig",
    "Search-UnifiedAuditLog",
)
GRAMMAR = "KIND[=VALUE]@TARGET[#N or #N-]"
FAULT_HELP = "\n".join(
    [
        f"{GRAMMAR}, for example throttle=2@/applications#1.",
        "TARGET: a path glob such as /servicePrincipals/*/owners, or a cmdlet such as",
        "Get-RoleGroup or Get-RoleGroup+ShowPartnerLinked. #N: the Nth matching request only;",
        "#N-: from the Nth on; without it every one (throttle, noretryafter: the first).",
        "Kinds:",
        *(
            f"  {name + ('=' + kind.value if kind.value else ''):16} {kind.meaning}"
            for name, kind in KINDS.items()
        ),
    ]
)


@dataclass(frozen=True)
class Fault:
    """One fault as asked for; `last` 0 means without end."""

    kind: str
    value: str
    target: str
    pattern: re.Pattern[str]
    first: int
    last: int


def parse_fault(text: str) -> Fault:
    """Reads one spec, or raises EmulatorError telling the grammar."""
    match = re.fullmatch(r"([^@=]+)(?:=([^@]*))?@([^#]+)(?:#(\d+)(-?))?", text, re.ASCII)
    if match is None:
        raise EmulatorError(f"The fault {text!r} is not of the form {GRAMMAR}.")
    name, value, target, number, onwards = match.groups()
    kind = KINDS.get(name)
    if kind is None:
        near = get_close_matches(name, KINDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"the kinds are {', '.join(KINDS)}."
        raise EmulatorError(f"There is no fault kind {name!r} in {text!r}; {hint}")
    if not kind.check(value or ""):
        want = f"needs a value: {name}={kind.value}" if kind.value else "takes no value"
        raise EmulatorError(f"The fault {text!r}: {name} {want} ({kind.meaning}).")
    if number == "0":
        raise EmulatorError(f"The fault {text!r}: requests are counted from #1.")
    first, last = _range(number, bool(onwards), kind.once)
    return Fault(name, value or "", target, _pattern(target, text), first, last)


def _range(number: str | None, onwards: bool, once: bool) -> tuple[int, int]:
    if number is None:
        return 1, 1 if once else 0
    return int(number), 0 if onwards else int(number)


def _pattern(target: str, text: str) -> re.Pattern[str]:
    if target.startswith("/"):
        parts = re.split(r"(\*\*|\*)", target)
        stars = {"**": ".*", "*": "[^/]*"}
        return re.compile("".join(stars.get(p, re.escape(p)) for p in parts), re.IGNORECASE)
    if target.partition("+")[0] not in CMDLETS:
        raise EmulatorError(
            f"The fault {text!r}: its target is neither a path that begins with / "
            f"nor one of {', '.join(CMDLETS)}."
        )
    return re.compile(re.escape(target), re.IGNORECASE)


class FaultPlan:
    """Counts matching requests and tells which faults hit."""

    def __init__(self, specs: tuple[str, ...]) -> None:
        self._faults = [parse_fault(spec) for spec in specs]
        self._seen = [0] * len(self._faults)
        self._lock = threading.Lock()

    def take(self, target: str) -> tuple[Fault, ...]:
        """The faults that hit this request; it is counted."""
        if not self._faults:
            return ()
        hits = []
        with self._lock:
            for index, fault in enumerate(self._faults):
                if not fault.pattern.fullmatch(target):
                    continue
                self._seen[index] += 1
                number = self._seen[index]
                if number >= fault.first and (not fault.last or number <= fault.last):
                    hits.append(fault)
        return tuple(hits)

    def about_count(self, collection: str) -> tuple[Fault, ...]:
        """Faults of a collection that falsify its separate $count; not counted as a request."""
        return tuple(
            fault
            for fault in self._faults
            if fault.kind in ("vanish", "count") and fault.pattern.fullmatch(collection)
        )
