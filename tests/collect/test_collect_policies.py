"""PIM and policies from the emulator: what is refused, missing or cut is told in the ledger.

No rule rests on these datasets alone, so one run plays a fault on many of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.datasets import DATASETS
from auditor.ledger import LedgerLine, Result
from tests.collect.test_collect_emulator import Tenant, with_collect
from tests.places import PIM_PATHS, POLICY_PATHS

PLACES = PIM_PATHS | POLICY_PATHS
# What is asked only after another of them, object by object.
CHILDREN = {name for name in POLICY_PATHS if set(DATASETS[name].needs) & set(POLICY_PATHS)}
ROOTS = set(PLACES) - CHILDREN
CONDITIONS = {"permission-grant-includes", "permission-grant-excludes"}
LICENSED = {name for name in PIM_PATHS if DATASETS[name].licence} | {"role-eligibility"}


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    return Tenant(tmp_path)


def play(tenant: Tenant, kind: str, names: set[str], *more: str) -> dict[str, LedgerLine]:
    faults = [f"{kind}@{PLACES[name]}" for name in sorted(names)]
    return tenant.collect(*faults, *more, change=with_collect(retries=0))


@pytest.mark.parametrize(
    ("kind", "result"), [("status=403", Result.REFUSED), ("status=503", Result.UNAVAILABLE)]
)
def test_what_is_refused_is_told_with_its_remedy(tenant: Tenant, kind: str, result: Result) -> None:
    lines = play(tenant, kind, ROOTS)
    for name in ROOTS:
        assert lines[name].result is result, lines[name]
        assert kind[-3:] in lines[name].cause
        assert lines[name].remedy
    for name in CHILDREN:
        assert lines[name].result is Result.NOT_ASKED, lines[name]
        assert lines[name].cause
        assert lines[name].remedy
    assert [name for name in set(lines) - set(PLACES) if lines[name].gap] == []


def test_what_hangs_on_policies_is_refused_alone(tenant: Tenant) -> None:
    # Only conditions that did not come with their policy are asked for.
    lines = play(
        tenant, "status=403", CHILDREN, f"null=includes@{PLACES['permission-grant-policies']}"
    )
    for name in CHILDREN - {"permission-grant-excludes"}:
        assert lines[name].result is Result.REFUSED, lines[name]
        assert lines[name].permissions[0][0] in lines[name].remedy
    assert lines["permission-grant-excludes"].complete
    assert all(lines[name].complete for name in ROOTS)


def test_emptied_answers_that_cannot_be_are_not_complete(tenant: Tenant) -> None:
    lines = play(tenant, "empty", ROOTS)
    short = {name for name in PLACES if not lines[name].complete}
    # The service counts these, or has some of them in every tenant; of the rest none can be told.
    roots = {"permission-grant-policies", "transitive-role-assignments"}
    assert short == roots | CONDITIONS
    assert "the service counts" in lines["transitive-role-assignments"].cause


def test_conditions_that_did_not_come_with_their_policy_are_asked(tenant: Tenant) -> None:
    grant = PLACES["permission-grant-policies"]
    lines = tenant.collect(f"null=includes@{grant}", f"drop=excludes@{grant}")
    assert lines["permission-grant-includes"].complete
    assert lines["permission-grant-includes"].rows == 5
    assert lines["permission-grant-excludes"].complete
    assert lines["permission-grant-excludes"].rows == 1


def test_a_licence_that_is_missing_is_named_and_hides_nothing_else(tenant: Tenant) -> None:
    lines = tenant.collect(unlicensed=("P2",))
    for name in LICENSED:
        assert lines[name].result is Result.UNAVAILABLE, lines[name]
        assert "Microsoft Entra ID P2" in lines[name].remedy
        assert f'accept = ["{name}"]' in lines[name].remedy
    risk = {"risky-service-principals", "service-principal-risk-detections"}
    assert {name for name, line in lines.items() if line.gap} == LICENSED | risk
