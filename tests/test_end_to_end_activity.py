"""Datasets that no rule depends on yet: each fault is played on all of them in one collection."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from auditor.audit import Audit
from auditor.cli.run import judge
from auditor.datasets import DATASETS
from auditor.ledger import LedgerLine, Result
from auditor.settings import Settings
from auditor.snapshot import open_snapshot
from auditor.tables.load import load
from tests.collect.test_collect_emulator import Tenant, with_collect
from tests.places import ACTIVITY_PATHS

Lines = dict[str, LedgerLine]
Playing = Callable[[str], tuple[Lines, Path]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Playing:
    """Ledger and snapshot of the sick tenant, with a fault at every place of these datasets."""
    folder = tmp_path_factory.mktemp("activity")

    @cache
    def run(kind: str) -> tuple[Lines, Path]:
        faults = [f"{kind}@{place}" for place in ACTIVITY_PATHS.values() if kind]
        tenant = Tenant(folder)
        lines = tenant.collect(*faults, change=with_collect(retries=1))
        return lines, tenant.collected.path

    return run


@pytest.mark.parametrize(
    ("fault", "result", "told"),
    [
        ("status=403", Result.REFUSED, "403"),
        ("status=503", Result.UNAVAILABLE, "503"),
        ("license", Result.UNAVAILABLE, "license"),
        ("html", Result.UNAVAILABLE, "not readable JSON"),
        ("loop", Result.PARTIAL, ""),  # met again, or refused by the service
    ],
)
def test_no_fault_leaves_a_dataset_complete(
    played: Playing, fault: str, result: Result, told: str
) -> None:
    lines, _ = played(fault)
    for name in ACTIVITY_PATHS:
        assert lines[name].result is result, lines[name]
        assert told in lines[name].cause
        assert lines[name].remedy
    others = [line for name, line in lines.items() if name not in ACTIVITY_PATHS]
    assert [str(line) for line in others if line.gap] == []


def test_the_permissions_they_name_are_enough(tmp_path: Path) -> None:
    datasets = [DATASETS[name] for name in ACTIVITY_PATHS]
    named = dict.fromkeys(name for each in datasets for name in each.permissions[0])
    lines = Tenant(tmp_path).collect(grant=tuple(named))
    refused = [lines[name] for name in ACTIVITY_PATHS if lines[name].result is Result.REFUSED]
    assert refused == []


def test_a_licence_that_is_missing_is_named_with_the_way_to_accept_it(played: Playing) -> None:
    lines, _ = played("license")
    assert "Workload ID Premium" in lines["risky-service-principals"].remedy
    assert "P1 or P2" in lines["credential-sign-ins"].remedy
    assert 'accept = ["credential-sign-ins"]' in lines["credential-sign-ins"].remedy


def test_an_emptied_report_is_not_taken_for_a_tenant_without_sign_ins(played: Playing) -> None:
    lines, _ = played("empty")
    assert lines["service-principal-sign-ins"].result is Result.REFUSED
    assert lines["credential-sign-ins"].result is Result.PARTIAL
    assert lines["agent-identities"].result is Result.REFUSED  # counted
    honest = set(ACTIVITY_PATHS) - {
        *("service-principal-sign-ins", "credential-sign-ins", "agent-identities")
    }
    assert {name for name in honest if not lines[name].complete} == set()


def test_entries_without_their_key_make_their_dataset_partial(played: Playing) -> None:
    for key in ("id", "appId"):
        _, path = played(f"null={key}")
        coverage = load(open_snapshot(path)).coverage
        for name in ("service-principal-sign-ins", "credential-sign-ins"):
            if key == "appId" or name == "credential-sign-ins":
                assert coverage[name].result is Result.PARTIAL


def test_no_verdict_is_worse_without_them(played: Playing) -> None:
    def verdicts(path: Path) -> list[tuple[str, str, int, int]]:
        audit: Audit = judge(path, Settings.offline(), path.parent, None, ())[0]
        return [(each.rule, each.verdict, each.failed, each.unknown) for each in audit.outcomes]

    assert verdicts(played("status=403")[1]) == verdicts(played("")[1])


def test_what_the_tenant_has_not_bought(tmp_path: Path) -> None:
    tenant = Tenant(tmp_path)
    lines = tenant.collect(unlicensed=("P1", "P2"))
    for name in (
        *("service-principal-sign-ins", "credential-sign-ins"),
        *("risky-service-principals", "service-principal-risk-detections"),
    ):
        assert lines[name].result is Result.UNAVAILABLE
        assert "It needs Microsoft Entra" in lines[name].remedy
    # The audit log is kept for a week then; the ledger tells how far it reaches.
    assert lines["directory-audits"].complete
    assert 0 < lines["directory-audits"].rows < 5
    assert any("oldest record" in note for note in lines["directory-audits"].notes)


def test_risk_that_the_service_hides_is_not_known(tmp_path: Path) -> None:
    tenant = Tenant(tmp_path)
    tenant.collect(unlicensed=("workload",))
    risks = load(open_snapshot(tenant.collected.path)).tables["sp_risks"]
    assert risks["level"].isna().all()
    assert set(risks["state"]) == {"atRisk", "dismissed"}


def test_where_there_is_nothing_to_ask_for_nothing_is_asked(tmp_path: Path) -> None:
    tenant = Tenant(tmp_path)
    lines = tenant.collect(story="healthy")
    line = lines["delegated-admin-relationships"]
    assert (line.result, line.requests) == (Result.NOT_APPLICABLE, 0)
    assert "no partner" in line.cause
    assert line.complete
