"""What the tests of rule authors call: a rule over rows written by hand.

    result = try_rule("secret-lifetime", {"secrets": [{"key_id": "long", "start": ..., "end": ...}]})
    assert result.failed == {"long"}

Rows name only the columns that matter. Missing required columns are filled with values of their
own, missing optional ones are null; `Result` tells rows by the last column of the table's key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from auditor.audit import Finding, Outcome
from auditor.engine import dependencies, judge
from auditor.findings import rows_of
from auditor.ledger import LedgerLine, Result
from auditor.packs import configure, load_rules
from auditor.rule import Rule
from auditor.tables import TABLES

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Tried:
    """What a rule said of hand-written rows, the rows told by `label`."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    failed: set[str]
    unknown: set[str]
    passed: set[str]

    @property
    def verdict(self) -> str:
        """The outcome's verdict."""
        return self.outcome.verdict


@cache
def rule_named(id: str, pack: Path | None = None) -> Rule:
    """A rule of the built-in pack, or of `pack`."""
    return next(rule for rule in load_rules([pack] if pack else []) if rule.id == id)


def make_table(name: str, rows: Rows) -> pd.DataFrame:
    """A declared table from rows that name only the columns that matter."""
    table = TABLES[name]
    unknown = {key for row in rows for key in row} - set(table.names())
    if unknown:
        raise KeyError(f"table {name} has no column {min(unknown)}")
    filled = []
    for number, row in enumerate(rows):
        record: dict[str, Any] = {}
        for column in table.columns:
            if column.required and column.type != "row":
                record[column.name] = _filler(column.type, column.name, number)
            elif column.name == "page":
                record[column.name] = 1
        filled.append(record | dict(row))
    return table.frame(filled)


def _filler(type_: str, name: str, number: int) -> Any:
    return {"text": f"{name}-{number}", "bool": False, "list": (), "int": 0}[type_]


def make_frames(tables: Mapping[str, Rows]) -> dict[str, pd.DataFrame]:
    """Every declared table: those given, and the rest empty."""
    return {
        name: make_table(name, tables[name]) if name in tables else empty_table(name).copy()
        for name in TABLES
    }


@cache
def empty_table(name: str) -> pd.DataFrame:
    """A declared table without rows: one for all who ask, to be copied before it is changed."""
    return make_table(name, ())


def make_coverage(results: Mapping[str, str] | None = None) -> dict[str, LedgerLine]:
    """Coverage with every dataset complete, but for those named."""
    found = dict(_complete())
    for name, result in (results or {}).items():
        found[name] = LedgerLine(name, Result(result), cause="as the test says", remedy="none")
    return found


@cache
def _complete() -> Mapping[str, LedgerLine]:
    names = {name for table in TABLES.values() for name in table.datasets()}
    return {name: LedgerLine(name, Result.COMPLETE) for name in sorted(names)}


def label(table: str, row: Mapping[str, Any]) -> str:
    """How a row is told in tests: the last column of its table's key."""
    return str(row[TABLES[table].key[-1]])


def try_rule(
    rule: str | Rule,
    tables: Mapping[str, Any],
    *,
    settings: Mapping[str, object] | None = None,
    coverage: Mapping[str, str] | None = None,
    as_of: datetime = AS_OF,
    accepted: Sequence[str] = (),
) -> Tried:
    """Runs one rule over the given tables, each as rows or as a DataFrame. `coverage` names datasets that are not complete."""
    own = rule_named(rule) if isinstance(rule, str) else rule
    # The engine hands out copies, so that empty tables can be shared.
    frames = {name: empty_table(name) for name in TABLES}
    for name, table in tables.items():
        frames[name] = table if isinstance(table, pd.DataFrame) else make_table(name, table)
    chosen = configure([own], {own.id: settings or {}})[0]
    outcome, findings = judge(chosen, frames, make_coverage(coverage), as_of, accepted)
    about = frames[own.about]
    keys = {_identity(own.about, row): label(own.about, row) for row in rows_of(about)}
    failed = {keys[str(each.object["id"]), each.part] for each in findings}
    unknown = {keys[str(each.object["id"]), each.part] for each in outcome.unknowns}
    inside = about if own.where is None else about[own.where(about).fillna(True).astype(bool)]
    every = {label(own.about, row) for row in rows_of(inside)}
    return Tried(
        outcome,
        findings,
        set(failed),
        set(unknown),
        set(every - failed - unknown if outcome.verdict not in ("error", "not-evaluated") else ()),
    )


def _identity(name: str, row: Mapping[str, Any]) -> tuple[str, str]:
    table = TABLES[name]
    subject = table.subject[1]
    return str(row[subject]), "/".join(str(row[key]) for key in table.key if key != subject)


def datasets_of(rule: Rule) -> Iterable[tuple[str, str]]:
    """(dataset, use) for every dataset the rule rests on; use is population, absence or detail."""
    needed = dependencies(rule)
    for use in ("population", "absence", "detail"):
        for name in getattr(needed, use):
            yield name, use
