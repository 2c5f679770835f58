"""The audit: all outcomes of one snapshot under one rule pack and settings, and audit.json.

audit.json, version 1, is deterministic: the same snapshot, rules, settings and instant give the
same bytes. It holds no clock time of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import orjson

from auditor.errors import AuditFileError, OutputError
from auditor.ledger import LedgerLine
from auditor.rule import Severity
from auditor.scope import ScopedOut

SCHEMA = 1
VERDICTS = ("fail", "error", "not-evaluated", "unknown", "pass", "not-applicable")


@dataclass(frozen=True, slots=True)
class Datasets:
    """The datasets a verdict rests on: its rows, those whose gaps could hide something, detail."""

    population: tuple[str, ...]
    absence: tuple[str, ...]
    detail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """One row that could not be judged, and why."""

    object: Mapping[str, str | None]
    part: str
    cause: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule in one run. failed + unknown + passed = population, always.

    missing     rows that are known or supposed not to have arrived; they are counted unknown
    left_out    rows of the same table that the rule leaves out by declaration
    scoped_out  rows that the user's settings leave out; in no other count
    accepted    it was not evaluated for a reason that the settings accept
    pages       numbers of the snapshot pages the population was read from
    """

    rule: str
    title: str
    theme: str
    severity: str
    verdict: str
    population: int
    failed: int
    unknown: int
    passed: int
    waived: int
    missing: int
    left_out: int
    cause: str
    remedy: str
    accepted: bool
    datasets: Datasets
    detail_missing: tuple[str, ...]
    settings: Mapping[str, Any]
    pages: tuple[int, ...]
    unknowns: tuple[Unknown, ...] = ()
    scoped_out: tuple[ScopedOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One failing row. `id` depends on rule, object and part alone."""

    id: str
    rule: str
    severity: str
    object: Mapping[str, str | None]
    part: str
    message: str
    fix: str
    owners: tuple[str, ...] | None  # None: not known
    evidence: Mapping[str, Any]
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one rule says of one control, at that framework's own thresholds.

    answering   whether the rule can make the control pass, or only fail
    own         the settings that the framework sets itself; part of `settings`
    findings    failing rows that are no findings of the run, because its settings differ
    """

    rule: str
    verdict: str
    answering: bool
    population: int
    failed: int
    unknown: int
    passed: int
    settings: Mapping[str, Any]
    own: Mapping[str, Any]
    cause: str
    remedy: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlVerdict:
    """One control as far as app registrations show. The counts add up the rows of its rules."""

    id: str
    asks: str  # setting, practice
    rationale: str
    verdict: str
    population: int
    failed: int
    unknown: int
    passed: int
    cause: str
    remedy: str
    rules: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """One framework: its controls that rules of this run bear on, and ids of those none does."""

    key: str
    name: str
    version: str
    date: str
    page: str
    controls: tuple[ControlVerdict, ...]
    uncovered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything one check says. `requests` are the answers that the proofs refer to, by page."""

    tenant: Mapping[str, Any]
    as_of: str
    snapshot: Mapping[str, str]  # path (relative to audit.json) and sha256
    versions: Mapping[str, str]
    coverage: Sequence[LedgerLine]
    outcomes: Sequence[Outcome]
    findings: Sequence[Finding]
    rules: Sequence[Mapping[str, Any]]  # documentation of the rules that ran
    requests: Sequence[Mapping[str, Any]]
    accepted: tuple[str, ...] = ()
    fail_on: str = "high"
    controls: tuple[FrameworkView, ...] = ()  # none in files written before there were controls
    overlay: Mapping[str, Any] | None = None  # of ratings: file, sha256, entries with rows
    profile: Mapping[str, Any] | None = None  # name, title, the settings it gave to rules
    scope: tuple[Mapping[str, Any], ...] = ()  # what leaves rows out; see auditor/scope.py
    schema: int = field(default=SCHEMA)


def collected_as(tenant: Mapping[str, Any]) -> str:
    """Who collected the snapshot, and how they signed in; empty where its manifest does not tell.

    `tenant` is that part of the manifest.
    """
    told = tenant.get("signed_in")
    if not isinstance(told, Mapping):
        return ""
    kind, app = told.get("kind") or "a way not told", told.get("app_id") or "not told"
    if told.get("delegated"):
        who = told.get("user") or told.get("object_id") or "not told"
        return (
            f"the user {who} through the application {app} ({kind}): a quick look that shows what"
            " this user may see, without Exchange"
        )
    breach = ", which breaks the rule client-secret" if kind == "client-secret" else ""
    return f"the application {app} ({kind}{breach})"


# Where findings are equally severe: what makes an application the tenant's master comes first.
_THEMES = ("permissions", "roles", "exchange", "owners", "credentials")


def worst(audit: Audit, most: int = 5) -> list[Finding]:
    """The worst findings, each rule's first one before any rule's second."""
    themes = {each.rule: each.theme for each in audit.outcomes}
    nth: Counter[str] = Counter()
    ranked: list[tuple[tuple[int, int, int], int, Finding]] = []
    for place, each in enumerate(audit.findings):
        theme = themes.get(each.rule, "")
        rank = _THEMES.index(theme) if theme in _THEMES else len(_THEMES)
        ranked.append(((-Severity.named(each.severity), nth[each.rule], rank), place, each))
        nth[each.rule] += 1
    return [each for _, _, each in sorted(ranked, key=lambda item: item[:2])[:most]]


def to_json(audit: Audit) -> bytes:
    """audit.json as bytes."""
    names = [each.name for each in fields(audit) if each.name != "schema"]
    value = {"schema": audit.schema} | {name: getattr(audit, name) for name in names}
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_audit(path: Path) -> Audit:
    """The audit written at `path`. Raises `AuditFileError` if it cannot be read as one."""
    again = "Write it again with: auditor check SNAPSHOT --output DIR"
    try:
        value = orjson.loads(path.read_bytes())
    except OSError as error:
        raise AuditFileError(f"There is no audit at {path} ({error.strerror}).", again) from error
    except orjson.JSONDecodeError as error:
        raise AuditFileError(f"{path} is not whole JSON: {error}.", again) from error
    schema = value.get("schema") if isinstance(value, dict) else None
    if schema != SCHEMA:
        raise AuditFileError(f"{path} has schema {schema}; this auditor reads {SCHEMA}.", again)
    try:
        return Audit(
            **{
                **value,
                "coverage": tuple(LedgerLine.from_json(line) for line in value["coverage"]),
                "outcomes": tuple(_outcome(each) for each in value["outcomes"]),
                "findings": tuple(_finding(each) for each in value["findings"]),
                "accepted": tuple(value["accepted"]),
                "controls": tuple(_framework(each) for each in value.get("controls", ())),
                "scope": tuple(value.get("scope", ())),
            }
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AuditFileError(f"{path} lacks a part or has a wrong one: {error}.", again) from error


def _outcome(value: dict[str, Any]) -> Outcome:
    return Outcome(
        **{
            **value,
            "datasets": Datasets(**{name: tuple(each) for name, each in value["datasets"].items()}),
            "detail_missing": tuple(value["detail_missing"]),
            "pages": tuple(value["pages"]),
            "unknowns": tuple(Unknown(**each) for each in value["unknowns"]),
            "scoped_out": tuple(ScopedOut(**each) for each in value.get("scoped_out", ())),
        }
    )


def _finding(value: dict[str, Any]) -> Finding:
    owners = value["owners"]
    return Finding(
        **{
            **value,
            "pages": tuple(value["pages"]),
            "owners": None if owners is None else tuple(owners),
        }
    )


def _framework(value: dict[str, Any]) -> FrameworkView:
    controls = tuple(
        ControlVerdict(**{**each, "rules": tuple(_evidence(rule) for rule in each["rules"])})
        for each in value["controls"]
    )
    return FrameworkView(**{**value, "controls": controls, "uncovered": tuple(value["uncovered"])})


def _evidence(value: dict[str, Any]) -> Evidence:
    return Evidence(**{**value, "findings": tuple(_finding(each) for each in value["findings"])})


def write_file(path: Path, data: bytes) -> Path:
    """Writes a result whole or not at all. Raises `OutputError`."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # What the tenant's weak points are is nobody's business but the reader's.
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        _remove(part)
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Choose a folder you may write to with --output.",
        ) from error
    except BaseException:  # stopped in the middle
        _remove(part)
        raise
    return path


def _remove(part: Path) -> None:
    with suppress(OSError):
        part.unlink(missing_ok=True)
