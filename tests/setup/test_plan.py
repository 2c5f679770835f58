"""The permission plan: real ids, read-only, and enough."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from auditor import knowledge
from auditor.datasets import DATASETS
from auditor.knowledge import MANAGE_AS_APP
from auditor.setup.plan import TIERS, Permission, permissions, unreadable

EVERY = permissions(TIERS)
# What services expose: the emulator's list, written from Microsoft's documentation, and the ratings,
# from several public sources. Neither knows of this plan.
EXPOSED = {
    (resource, id): name
    for resource, roles in json.loads(
        (files("auditor.emulator") / "data" / "permissions.json").read_text(encoding="utf-8")
    ).items()
    for id, name, *_ in roles["application"]
} | {key: rating.name for key, rating in knowledge.permissions().items()}


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.name)
def test_every_id_is_the_real_one(each: Permission) -> None:
    assert EXPOSED[each.resource, each.id] == each.name


@pytest.mark.parametrize("cloud", ["global", "gcc-high", "dod", "china"])
def test_exchange_has_its_own_id_in_government_clouds(cloud: str) -> None:
    (found,) = (each for each in permissions(TIERS, cloud) if each.tier == "exchange")
    assert MANAGE_AS_APP[found.resource, found.id] == "Exchange.ManageAsApp"
    assert (found.resource != EVERY[-1].resource) == (cloud in {"gcc-high", "dod"})


def test_all_but_exchange_is_read_only_by_name() -> None:
    writing = [each.name for each in EVERY if ".Read." not in each.name or "Write" in each.name]
    assert writing == ["Exchange.ManageAsApp"]


def test_with_every_tier_every_dataset_can_be_read() -> None:
    assert unreadable(EVERY) == ()


def test_the_core_reads_all_of_graph_but_what_may_be_activated() -> None:
    missing = [
        name for name in unreadable(permissions(("core",))) if DATASETS[name].service == "graph"
    ]
    of_pim = {name for name, each in DATASETS.items() if each.tier == "pim" and each.licence}
    assert of_pim <= set(missing)
    assert {DATASETS[name].tier for name in missing} == {"pim", "activity"}
    assert unreadable(permissions(("core", "exchange"))) == tuple(missing)


def test_no_permission_of_the_plan_is_of_no_tier() -> None:
    assert {each.tier for each in EVERY} == set(TIERS)
    assert len({(each.resource, each.id) for each in EVERY}) == len(EVERY)
