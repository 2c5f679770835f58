"""docs/catalogue.md: every question of the catalogue, and what answers it or why nothing does.

The ids and our own words for them are catalogue.csv; which rule answers which id says each rule
itself, in a line of its References: `Catalogue: CRED-001, CRED-012 (max_days)`. The words in
brackets are settings of the rule that answer the id.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.packs import load_rules
from auditor.rule import Rule

_FILE = Path(__file__).with_name("catalogue.csv")
_LINE = re.compile(r"Catalogue:(.*(?:\n(?!\s*(?:-|\n|Catalogue:)).*)*)")
_ID = re.compile(r"([A-Z]+-\d{3})(?:\s*\(([^)]*)\))?")
THEMES = {
    "CRED": "Credentials",
    "POL": "Policies for credentials",
    "OWN": "Owners",
    "PERM": "Permissions",
    "ROLE": "Directory roles",
    "EXO": "Exchange",
    "SET": "Settings of the tenant",
    "CFG": "Configuration of applications",
    "ACT": "Activity and inventory",
    "DRF": "Drift",
    "SELF": "The auditor itself",
}


@dataclass(frozen=True)
class Entry:
    """One id, what it asks in our words, and why no rule answers it; empty where one should."""

    id: str
    asks: str
    absent: str


@dataclass(frozen=True)
class Answer:
    """A rule that answers an id, and the settings or words in brackets behind it."""

    rule: str
    by: str


def entries() -> tuple[Entry, ...]:
    """The catalogue, in its order."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Entry(**row) for row in csv.DictReader(file))


def answers(rules: Iterable[Rule]) -> Mapping[str, tuple[Answer, ...]]:
    """Which rules say that they answer which id."""
    found: dict[str, tuple[Answer, ...]] = {}
    for rule in sorted(rules, key=lambda each: each.id):
        for line in _LINE.findall((rule.sections or {}).get("References", "")):
            for id, by in _ID.findall(line):
                found[id] = (*found.get(id, ()), Answer(rule.id, by.strip()))
    return found


def page(note: str) -> Iterator[str]:
    """docs/catalogue.md."""
    known = answers(load_rules())
    every = entries()
    absent = sum(bool(each.absent) for each in every)
    yield f"# Catalogue\n\n{note}\n"
    yield (
        f"{len(every)} questions that peers ask of app registrations, or ought to: "
        f"{sum(each.id in known for each in every)} are answered, {absent} are not, on purpose. "
        "In brackets: the setting of the rule."
    )
    for prefix, title in THEMES.items():
        yield f"\n## {title}\n\n| id | asks about | answered by |\n|---|---|---|"
        for each in every:
            if each.id.startswith(f"{prefix}-"):
                told = ", ".join(_told(answer) for answer in known.get(each.id, ()))
                yield f"| {each.id} | {each.asks} | {told or _absent(each)} |"


def _told(answer: Answer) -> str:
    words = re.fullmatch(r"[a-z_]+(, [a-z_]+)*", answer.by)
    by = ", ".join(f"`{each}`" for each in answer.by.split(", ")) if words else answer.by
    return f"[{answer.rule}](rules.md#{answer.rule})" + (f" ({by})" if by else "")


def _absent(entry: Entry) -> str:
    return f"*{entry.absent}*" if entry.absent else "none yet"
