"""Reads the data files of this folder."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


def read(name: str) -> list[dict[str, str]]:
    """The rows of a data file by column."""
    head, *rows = lines(name)
    return [dict(zip(head, row, strict=True)) for row in rows]


def lines(name: str) -> list[list[str]]:
    """The rows of a data file as they stand, its head first."""
    assert __package__ is not None
    text = (files(__package__) / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))


@cache  # the same few lists stand in thousands of rows
def texts(cell: str) -> tuple[str, ...]:
    """A cell that holds several words, separated by semicolons."""
    return tuple(cell.split(";")) if cell else ()
