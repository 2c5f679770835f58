"""Applications that published reports name as malicious, or as abused by attackers."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

AS_OF = "2026-08-24"  # the day the list was made


@dataclass(frozen=True, slots=True)
class AttackApplication:
    """An application seen in attacks."""

    app_id: str
    kind: str  # malicious: made for attacks; abused: a genuine product that attackers use
    known_as: str  # empty where it had many names
    source: str


@cache
def attack_applications() -> Mapping[str, AttackApplication]:
    """Applications seen in attacks, by app id in lower case."""
    path = files("auditor.knowledge") / "attack_applications.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {row["app_id"]: AttackApplication(**row) for row in rows}
