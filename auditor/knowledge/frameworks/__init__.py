"""Frameworks as data files: an index with version and date, and one file of controls for each.

A file holds ids and our own reason why evidence about app registrations bears on the control, never
the framework's sentences. `asks` is `setting` where the control wants one definite state of the
tenant: only a rule that reads that state can answer it. It is `practice` where what is found on
applications answers it as far as applications go.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Entry:
    """One control of a framework's file."""

    id: str
    asks: str  # setting, practice
    rationale: str


@dataclass(frozen=True, slots=True)
class Framework:
    """One version of one framework, and when it was published."""

    key: str
    name: str
    version: str
    date: str
    page: str

    @property
    def title(self) -> str:
        """Name and version, as outputs tell them."""
        return f"{self.name} {self.version}"


def _read(name: str) -> list[dict[str, str]]:
    text = (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def frameworks() -> Mapping[str, Framework]:
    """Every framework, by its key, in the order in which outputs tell them."""
    return {row["key"]: Framework(**row) for row in _read("index")}


@cache
def entries(key: str) -> Mapping[str, Entry]:
    """The controls of a framework, by id, in the order of its file."""
    return {row["id"]: Entry(**row) for row in _read(key)}
