"""Holds requested permissions against granted ones."""

from __future__ import annotations

from pandas import DataFrame, Series

# Assigned to an API without any of its permissions: nothing that could be requested or rated.
NO_PERMISSION = "00000000-0000-0000-0000-000000000000"


def among(rows: tuple[Series, ...], others: tuple[Series, ...]) -> Series:
    """Whether the values of each row stand together in a row of the others.

    Letter case does not matter; a null, or the row position -1, matches nothing.
    """
    left, right = _frame(rows), _frame(others).dropna().drop_duplicates()
    right = right[right[0] >= 0]
    found = left.merge(right, how="left", indicator=True)["_merge"] == "both"
    return Series(found.to_numpy(), index=rows[0].index)


def _frame(columns: tuple[Series, ...]) -> DataFrame:
    first, *texts = columns
    return DataFrame({0: first, **{n: each.str.lower() for n, each in enumerate(texts, 1)}})
