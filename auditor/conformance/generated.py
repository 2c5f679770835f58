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
        # The first has every odd value in every column, the others mostly the test's own values.
        usual = 0.7 if number else 0.0
        yield {name: _table(trial, draw, name, usual) for name in trial.rule.tables}


def _table(trial: Trial, draw: Random, name: str, usual: float) -> pd.DataFrame:
    table, given = TABLES[name], trial.case.tables.get(name, ())
    seen = {
        column.name: [row[column.name] for row in given if column.name in row]
        for column in table.columns
    }
    return make_table(
        name,
        [
            {
                each.name: draw.choice(seen[each.name])
                if seen[each.name] and draw.random() < usual and each.name != table.key[-1]
                else _odd(table, each, draw, number + place)
                for place, each in enumerate(table.columns)
            }
            for number in range(ROWS)
        ],
    )


def _odd(table: Table, column: Column, draw: Random, number: int) -> Any:
    if column.name in _PAGES:
        return _PAGES[column.name]
    if column.type == "row":
        return draw.randrange(-1, ROWS)  # every table has as many rows
    if column.name == table.key[-1]:
        return f"{column.name}-{number}"  # rows are told by it
    if column.required and column.type == "text":
        return f"{column.name}-{number % 3}"  # the loader lets no empty one through
    odd = [each for each in _ODD[column.type] if each is not None or not column.required]
    return odd[number % len(odd)]
