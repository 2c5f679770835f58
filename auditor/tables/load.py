"""Opens a snapshot's tables, and decides how far each dataset can be trusted after all.

The collector's ledger tells what the services said. Here the rows themselves are held against one
another: a row without a field it cannot lack, a role assignment of a role nobody defined, a role
group whose listed members did not all arrive. What does not fit makes its dataset partial, so that
no rule passes on it. This is done at every load, from the evidence alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from auditor.knowledge import BUILT_IN, Ratings
from auditor.ledger import LedgerLine, Result
from auditor.snapshot import Snapshot
from auditor.tables import TABLES
from auditor.tables.contradictions import contradictions
from auditor.tables.source import Source

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_AGAIN = "Collect again; if it stays, the service's answer has a form this version does not know."


@dataclass(frozen=True)
class Loaded:
    """The tables of one snapshot and the coverage they rest on."""

    tables: Mapping[str, pd.DataFrame]
    coverage: Mapping[str, LedgerLine]
    snapshot: Snapshot
    ratings: Ratings = BUILT_IN


def load(snapshot: Snapshot, ratings: Ratings = BUILT_IN) -> Loaded:
    """Builds every table by these ratings, and holds them against one another."""
    source = Source(snapshot, TABLES, _tenant_id(snapshot), ratings)
    tables = {name: source.table(name) for name in TABLES}
    doubts: dict[str, list[str]] = {}
    lost: Counter[str] = Counter()
    for (dataset, what), count in sorted(source.faults.items()):
        lost[dataset] += count
        doubts.setdefault(dataset, []).append(
            f"{count} {'row' if count == 1 else 'rows'} with {what}"
        )
    for dataset, what in contradictions(source):
        doubts.setdefault(dataset, []).append(what)
    coverage = {
        line.dataset: _doubted(line, doubts.get(line.dataset, []), lost[line.dataset])
        for line in snapshot.ledger
    }
    return Loaded(tables, coverage, snapshot, ratings)


def _tenant_id(snapshot: Snapshot) -> str:
    """The tenant's GUID in lower case; nothing if neither token nor organization tells it."""
    told = [
        snapshot.tenant.get("id"),
        *(row.item.get("id") for row in snapshot.rows("organization")),
    ]
    return next((id.lower() for id in told if isinstance(id, str) and _GUID.fullmatch(id)), "")


def _doubted(line: LedgerLine, doubts: list[str], lost: int) -> LedgerLine:
    if not doubts or line.result not in (Result.COMPLETE, Result.PARTIAL):
        return line
    return replace(
        line,
        result=Result.PARTIAL,
        # Rows that could not be used are missing, as those that did not arrive.
        expected=max(line.expected or 0, line.rows + lost) if lost else line.expected,
        cause="; ".join(filter(None, [line.cause, *doubts])),
        remedy=line.remedy or _AGAIN,
    )
