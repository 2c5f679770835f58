"""One field of one object as received is nulled, re-typed or written in other letters.

The conformance suite nulls columns of tables; what goes wrong while tables are made from raw rows
shows only here. Whatever is done to one field, no finding may vanish without a trace: it stays, or
its rule tells rows that it could not judge.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from auditor.audit import Audit
from auditor.check import check
from auditor.collect import collect
from auditor.emulator import Emulator
from auditor.packs import load_rules
from auditor.settings import load_settings
from auditor.snapshot import Snapshot, open_snapshot
from auditor.tables.load import load

ODD: tuple[Any, ...] = (None, 7, ["odd"], {"odd": True}, "")
# What only describes an object, or only makes it look worse, proves nothing when it is taken away.
HARMLESS = {
    *("displayName", "principalDisplayName", "resourceDisplayName", "DisplayName", "description"),
    *("createdDateTime", "notes", "homepage", "Description", "tags", "signInAudience"),
    # Null is what the service writes for a default that is fine.
    *("isFallbackPublicClient", "disabledByMicrosoftStatus"),
}
SIZE = 6  # mutations in one test; FUZZ_MUTATIONS=16 (tests) asks for more


@pytest.fixture(scope="module")
def sick(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    with Emulator(tmp_path_factory.mktemp("state")) as emulator:
        settings = load_settings(emulator.settings_path)
        out: Path = tmp_path_factory.mktemp("out")
        return open_snapshot(collect(settings, out, progress=lambda _: None).path)


@cache
def rules() -> tuple[Any, ...]:
    return load_rules()


def audit(snapshot: Snapshot) -> Audit:
    return check(load(snapshot), rules())


def fields(snapshot: Snapshot) -> Iterator[tuple[int, int, str, Any]]:
    """(page, place of the object, field, what to put there) for every object but Microsoft's."""
    for page in snapshot.pages:
        if page.status != 200 or page.dataset == "role-definitions":
            continue
        value = orjson.loads(snapshot.bodies[page.number])
        objects = value.get("value", [value]) if isinstance(value, dict) else []
        for place, item in enumerate(objects):
            for name in item:
                if name.startswith("@") or "@" in name or name in HARMLESS:
                    continue
                for odd in (*ODD, item[name].swapcase() if isinstance(item[name], str) else None):
                    yield page.number, place, name, odd


def changed(snapshot: Snapshot, page: int, place: int, name: str, odd: Any) -> Snapshot:
    value = orjson.loads(snapshot.bodies[page])
    objects = value.get("value", [value])
    objects[place][name] = odd
    return replace(snapshot, bodies={**snapshot.bodies, page: orjson.dumps(value)})


@pytest.mark.parametrize("seed", range(int(os.environ.get("FUZZ_MUTATIONS", "3"))))
def test_no_finding_vanishes_without_a_trace(sick: Snapshot, seed: int) -> None:
    before = {each.id: each for each in audit(sick).findings}
    for mutation in random.Random(seed).sample(list(fields(sick)), SIZE):
        after = audit(changed(sick, *mutation))
        kept = {each.id for each in after.findings}
        silent = {
            each.rule
            for each in after.outcomes
            if not each.unknown and each.verdict not in ("not-evaluated", "error")
        }
        lost = {each.rule for id, each in before.items() if id not in kept} & silent
        dataset = next(page.dataset for page in sick.pages if page.number == mutation[0])
        assert not lost, (dataset, mutation)
        assert not [each for each in after.outcomes if each.verdict == "error"], (dataset, mutation)
