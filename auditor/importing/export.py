"""Reads one file: which commands' output it holds, and what is wrong with it.

Either the export of `export.ps1`, which tells each command line, how many rows it gave and whether
it failed; or the bare output of one command, which tells none of that: what is missing from it
cannot be noticed, so its dataset is never complete.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from auditor.errors import ImportFileError
from auditor.importing.commands import COMMANDS, GROUPS, MEMBERS, OF_GROUP, PARTNERS, Command
from auditor.importing.powershell import CUT, objects, plain, read_json
from auditor.knowledge import APPLICATION_ROLES, exchange_levels
from auditor.snapshot.page import sha256

FORMAT, VERSION = "auditor-exchange-export", 1
AGAIN = "Write it with the script that `auditor import-exchange --script` prints."
_PARTNER = "showpartnerlinked"
_TENANT_FIELDS = ("OrganizationId", "DistinguishedName", "OrganizationalUnitRoot", "Id", "Identity")
_FLAGS = {"True": True, "False": False}  # as a row of text has them
# Anything may be written there, and nothing is ever nested.
_FREE = ("Name", "DisplayName", "Description")
_DOMAIN = re.compile(
    r"(?<![\w.-])([a-z0-9-]+(?:\.onmicrosoft\.(?:com|us|de)|\.partner\.onmschina\.cn))(?![\w.-])",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command gave. `of` is the object it was asked about."""

    command: str
    dataset: str
    rows: tuple[dict[str, Any], ...]
    flaws: tuple[str, ...]
    error: str = ""
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """One file. `domains` are the tenants' initial domains that its rows name."""

    file: str
    sha256: str
    size: int
    taken_at: datetime | None
    answers: tuple[Answer, ...]
    domains: frozenset[str]


def read_export(path: Path, taken_at: datetime | None = None) -> Export:
    """The export at `path`; `taken_at` is when it was taken, if the file does not tell.

    Raises `ImportFileError` if it cannot be read, or is not the output of a known command.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ImportFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    return parse_export(data, path.name, taken_at)


def parse_export(data: bytes, name: str, taken_at: datetime | None = None) -> Export:
    """As `read_export`, from the file's bytes."""
    value = read_json(data, name)
    if isinstance(value, dict) and "format" in value and "answers" in value:
        told, answers = _told(value, name)
        taken_at = told or taken_at
    else:
        answers = _bare([_object(each, name) for each in objects(value)], name)
    domains = frozenset(domain for each in answers for domain in _domains(each))
    return Export(name, sha256(data), len(data), taken_at, tuple(answers), domains)


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ImportFileError(f"{name} holds {str(value)[:40]!r} where an object should be.", AGAIN)
    return value


def _told(value: dict[str, Any], name: str) -> tuple[datetime | None, list[Answer]]:
    if value["format"] != FORMAT or value.get("version") != VERSION:
        raise ImportFileError(
            f"{name} has format {value['format']!r}, version {value.get('version')!r}; this auditor"
            f" reads {FORMAT}, version {VERSION}.",
            AGAIN,
        )
    when = value.get("takenAt")
    try:
        taken_at = datetime.fromisoformat(str(plain(when))) if when else None
    except ValueError:
        taken_at = None
    if taken_at is not None and taken_at.tzinfo is None:
        taken_at = None
    return taken_at, [_answer(_object(each, name), name) for each in objects(value["answers"])]


def _answer(told: dict[str, Any], name: str) -> Answer:
    line, of = told.get("command"), told.get("of") or None
    cmdlet = line.split(maxsplit=1)[0].lower() if isinstance(line, str) and line.strip() else ""
    command = next((each for each in COMMANDS if each.cmdlet.lower() == cmdlet), None)
    if command is None or not isinstance(line, str):
        raise ImportFileError(f"{name} holds an answer to {str(line)[:60]!r}, which is not read.")
    if command.dataset == MEMBERS and not (isinstance(of, str) and of.strip()):
        raise ImportFileError(f"{name} holds members of a role group that is not named.", AGAIN)
    rows = [_object(each, name) for each in objects(told.get("rows"))]
    flaws = []
    if told.get("count") != len(rows):
        flaws.append(f"{line} gave {told.get('count')!r} rows, {len(rows)} are in {name}")
    if line not in {each.format(of=of) for each in command.whole}:
        flaws.append(f"it was read by a command that may leave rows out: {line}")
    error = " ".join(str(told.get("error") or "").split())[:300]
    partner = _PARTNER in line.lower()
    return _made(command, rows, name, line, flaws, error=error, of=of, partner=partner)


def _bare(rows: list[dict[str, Any]], name: str) -> list[Answer]:
    """The answers in a file that is one command's output and nothing else."""
    command = _recognised(rows, name)
    flaws = [f"{name} does not tell how it was read, so rows may be missing"]
    if command.dataset != MEMBERS:
        kinds = {str(row.get("RoleGroupType")).lower() for row in rows}
        partner = "partner" in name.lower() or any("partner" in each for each in kinds)
        return [_made(command, rows, name, command.cmdlet, flaws, partner=partner)]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        of = plain(row.get(OF_GROUP))
        if not isinstance(of, str) or not of.strip():
            raise ImportFileError(f"{name}: a member does not tell its group in {OF_GROUP}.", AGAIN)
        groups.setdefault(of.strip().lower(), []).append(row)
    return [
        _made(command, some, name, f"{command.cmdlet} -Identity {of}", flaws, of=of)
        for of, some in groups.items()
    ]


def _recognised(rows: Sequence[Mapping[str, Any]], name: str) -> Command:
    stem = PurePath(name).stem.lower()
    named = [each for each in COMMANDS if stem.startswith(each.cmdlet.lower())]
    # Get-RoleGroupMember begins with Get-RoleGroup, and so on: the longest name is meant.
    by_name = max(named, key=lambda each: len(each.cmdlet), default=None)
    fields = set(rows[0]) if rows else set()
    by_shape = [each for each in COMMANDS if any(mark <= fields for mark in each.marks)]
    if not rows and by_name is not None:
        return by_name
    if not rows:
        raise ImportFileError(
            f"{name} is empty, and its name does not tell which command gave nothing.",
            "Name it after the command, such as Get-ApplicationAccessPolicy.json.",
        )
    if by_name is not None and by_shape and by_name not in by_shape:
        raise ImportFileError(f"{name} holds the output of {by_shape[0].cmdlet}.", "Rename it.")
    if not by_shape and by_name is not None:
        return by_name  # what its rows lack is told row by row
    if not by_shape:
        known = ", ".join(each.cmdlet for each in COMMANDS)
        raise ImportFileError(
            f"{name} is not the output of a command that is read ({known}).", AGAIN
        )
    return by_name or by_shape[0]


def _made(
    command: Command,
    rows: Iterable[dict[str, Any]],
    name: str,
    line: str,
    flaws: Sequence[str],
    *,
    error: str = "",
    of: str | None = None,
    partner: bool = False,
) -> Answer:
    wrong: Counter[str] = Counter()
    made = tuple(
        _row(command, row, f"{name}: row {number} of {command.cmdlet}", wrong)
        for number, row in enumerate(rows, 1)
    )
    told = [f"{count} rows of {command.cmdlet} {what}" for what, count in sorted(wrong.items())]
    return Answer(
        command=line,
        dataset=PARTNERS if partner and command.dataset == GROUPS else command.dataset,
        rows=made,
        flaws=(*flaws, *told),
        error=error,
        of=of.lower() if of else None,
    )


def _row(command: Command, raw: dict[str, Any], place: str, wrong: Counter[str]) -> dict[str, Any]:
    """One row in the shape the admin API sends; what was cut becomes null, and is counted."""
    row: dict[str, Any] = {}
    for name, value in raw.items():
        free = name in _FREE and isinstance(value, str)
        made = _list(name, value) if name in command.lists else _scalar(name, plain(value))
        made = value if free else made
        if name in command.flags and isinstance(made, str):
            made = _FLAGS.get(made, made)
        row[name] = None if made is CUT else made
        if made is CUT:
            wrong[f"came with {name} cut off"] += 1
    if command.dataset == "exchange-service-principals" and not row.get("ObjectId"):
        row["ObjectId"] = row.get("ServiceId")  # its name in older modules
    for name in command.needed:
        if not isinstance(row.get(name), str) or not row[name]:
            raise ImportFileError(f"{place} has no {name}.", AGAIN)
    for names, kind in (
        (command.texts, str),
        (command.flags, bool),
        (command.lists, list),
    ):
        for name in names:
            if name not in raw:
                wrong[f"came without {name}"] += 1
            elif row[name] is not None and not isinstance(row[name], kind):
                # ConvertTo-Json numbers enumerations; which number means what is not documented.
                what = "as a number" if isinstance(row[name], int) else "in a form not known"
                wrong[f"tell {name} {what}"] += 1
                row[name] = None
            elif row[name] is None and plain(raw[name]) is None and kind is not str:
                wrong[f"came with {name} empty"] += 1
    return row


def _scalar(name: str, value: Any) -> Any:
    """A value that is no list of the row; a list of one stands for its element."""
    if isinstance(value, list):
        if any(each is CUT for each in value):
            return CUT
        if len(value) == 1 or not value:
            return value[0] if value else None
        if name == "AppId" and all(isinstance(each, str) for each in value):
            return ",".join(value)  # a policy may name several applications
    return value


def _list(name: str, value: Any) -> Any:
    """A list of texts. A text in its place is its one element, unless it may be several joined."""
    value = plain(value)
    if isinstance(value, str):
        alone = not any(mark.isspace() for mark in value) or _role(name, value)
        return ([value] if value else []) if alone else CUT
    if not isinstance(value, list):
        return value
    # [string[]]@($null) is a list of one empty text: the property was not there.
    if value == [""] or any(not isinstance(each, str) for each in value):
        return CUT
    return [each for each in value if each]


def _role(name: str, value: str) -> bool:
    return name == "Roles" and (
        value in exchange_levels("management-role") or value in APPLICATION_ROLES
    )


def _domains(answer: Answer) -> Iterable[str]:
    names = {*_TENANT_FIELDS}
    if answer.dataset == "exchange-organization-config":
        names.add("Name")
    for row in answer.rows:
        for name in names:
            if isinstance(row.get(name), str):
                yield from (each.lower() for each in _DOMAIN.findall(row[name]))
