"""Made-up rows for a rule: the same ones in every run, from its test's values and odd ones.

Columns of one row are drawn each on its own, so that combinations arise that no author thought of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pandas as pd

from auditor.conformance.case import Frames, Trial
from auditor.tables import TABLES, Column, Table
from auditor.testing import make_table

TENANTS = 3
ROWS = 12
_ODD: dict[str, tuple[Any, ...]] = {
    "text": (None, "", " ", "'; Remove-MgApplication #", "Ünïcode ☃", "*", "a" * 300),
    "bool": (None, True, False),
    "int": (None, 0, 1, 2**31),
    "list": (None, (), ("",), ("one", "two")),
    "time": (None, "not a time", "2026-06-01T00:00:00Z", "1999-01-01", "9999-12-31T23:59:59Z"),
}
_PAGES: Mapping[str, Any] = {"page": 1, "bytes_page": 1, "proof_pages": ("1",)}  # ours, not sent


def generated(trial: Trial) -> Iterator[Frames]:
    """Tables of made-up rows, as many as `TENANTS`."""
    for number in range(TENANTS):
        # A text as seed: the same rows on every machine, other rows for every rule.
        draw = Random(f"{trial.rule.id} {number}")  # noqa: S311  # no secret
        yield {name: _table(trial, draw, name) for name in trial.rule.tables}


def _table(trial: Trial, draw: Random, name: str) -> pd.DataFrame:
    table, given = TABLES[name], trial.case.tables.get(name, ())
    seen = {
        column.name: [row[column.name] for row in given if column.name in row]
        for column in table.columns
    }
    return make_table(
        name,
        [
            {
                each.name: _value(table, each, seen[each.name], draw, number)
                for each in table.columns
            }
            for number in range(ROWS)
        ],
    )


def _value(table: Table, column: Column, seen: list[Any], draw: Random, number: int) -> Any:
    if column.name in _PAGES:
        return _PAGES[column.name]
    if column.type == "row":
        return draw.randrange(-1, ROWS)  # every table has as many rows
    if column.name == table.key[-1]:
        return f"{column.name}-{number}"  # rows are told by it
    if seen and draw.random() < 0.7:
        return draw.choice(seen)
    if column.required and column.type == "text":
        return f"{column.name}-{number % 3}"  # the loader lets no empty one through
    return draw.choice([each for each in _ODD[column.type] if each is not None or not column.required])
