from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from auditor.collect import collect
from auditor.datasets import DATASETS
from auditor.datasets.permissions import breadth, fewest, narrowest, opens, unread, writes
from auditor.emulator import Emulator, EmulatorOptions
from auditor.packs import load_rules
from auditor.settings import load_settings
from auditor.uses import minimum, uses

RULES = load_rules()
ALL = minimum(RULES)


def test_the_least_is_as_small_as_trying_every_set_finds_it() -> None:
    for names in (
        ("role-eligibility", "applications"),
        ("group-members", "delegated-grants"),
        ALL.datasets,
    ):
        chosen = [DATASETS[name] for name in names]
        ways = {
            one for each in chosen for way in each.permissions for one in way if not writes(one)
        }
        few = fewest(chosen)
        smaller = combinations(sorted(ways), len(few) - 1)
        assert not any(all(opens(held, each) for each in chosen) for held in smaller)
        for held in (few, narrowest(chosen)):
            assert all(opens(held, each) for each in chosen)
            assert not any(all(opens(set(held) - {one}, each) for each in chosen) for one in held)


def test_nothing_that_writes_is_ever_needed() -> None:
    for held in (ALL.narrow, ALL.few):
        assert not any(map(writes, held))
    for each in DATASETS.values():
        assert not any(map(writes, narrowest([each])))


def test_the_narrow_one_is_chosen_over_the_wide_one() -> None:
    assert breadth("Application.Read.All") < breadth("Directory.Read.All")
    assert breadth("RoleManagement.Read.Directory") < breadth("RoleManagement.Read.All")
    assert "Directory.Read.All" not in ALL.narrow
    assert narrowest([DATASETS["delegated-grants"]]) == ("DelegatedPermissionGrant.Read.All",)


def test_what_is_not_read_decides_no_verdict() -> None:
    used = uses(RULES)
    for held in (ALL.narrow, ALL.few):
        assert [name for name in unread(held) if used[name].verdicts] == []


@pytest.mark.parametrize("way", ["narrow", "few"])
def test_the_service_agrees(way: str, tmp_path: Path) -> None:
    """With the least permissions, everything a verdict hangs on is read in full."""
    held = tuple(name for name in getattr(ALL, way) if not name.startswith("Exchange."))
    with Emulator(tmp_path / "state", options=EmulatorOptions(grant=held)) as emulator:
        ledger = collect(load_settings(emulator.settings_path), tmp_path / "out").ledger
    short = {line.dataset: line.cause for line in ledger if not line.complete}
    assert {name: short[name] for name in short if name in ALL.datasets} == {}
    assert set(short) <= set(unread(getattr(ALL, way)))
