"""Collecting from the emulator: real TLS, real sign-in, real HTTP."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor.collect import Collected, collect
from auditor.collect.clock import Clock
from auditor.collect.progress import Event
from auditor.datasets import DATASETS
from auditor.emulator import Emulator, EmulatorOptions
from auditor.errors import AuditorError, SignInError, SnapshotError
from auditor.ledger import LedgerLine, Result
from auditor.settings import Settings, load_settings
from auditor.snapshot import open_snapshot
from tests.collect.fakes import Time
from tests.places import GRAPH_PATHS, TARGETS

_TOKEN = re.compile(rb"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.")


def quick() -> Clock:
    """Waits in no time, but signs in at the real one."""
    time = Time()
    return replace(time.clock, now=lambda: datetime.now(UTC))


class Tenant:
    """One run against the emulator."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[Event] = []
        self.emulator: Emulator | None = None

    def collect(
        self,
        *faults: str,
        story: str = "sick",
        change: Callable[[Settings], Settings] = lambda settings: settings,
        reuse: Path | None = None,
        **options: Any,
    ) -> dict[str, LedgerLine]:
        play = EmulatorOptions(story=story, faults=faults, **options)
        with Emulator(self.folder / "emulator", port=0, options=play) as self.emulator:
            settings = change(load_settings(self.emulator.settings_path))
            self.collected: Collected = collect(
                settings,
                self.folder / "out",
                progress=self.said.append,
                reuse=reuse,
                clock=quick(),
            )
        assert [line.dataset for line in self.collected.ledger] == list(DATASETS)
        return {line.dataset: line for line in self.collected.ledger}


def with_collect(**values: Any) -> Callable[[Settings], Settings]:
    return lambda settings: replace(settings, collect=replace(settings.collect, **values))


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    return Tenant(tmp_path)


@pytest.mark.parametrize(("story", "name"), [("sick", "Contoso"), ("healthy", "Fabrikam")])
def test_everything_is_complete(tenant: Tenant, story: str, name: str) -> None:
    lines = tenant.collect(story=story)
    assert [str(line) for line in lines.values() if line.gap] == []
    assert tenant.collected.tenant == name
    assert tenant.emulator is not None
    asked = [
        each
        for each in tenant.emulator.requests
        if each.path.startswith(("/v1.0", "/beta", "/admin"))
    ]
    assert sum(line.requests for line in lines.values()) == len(asked)
    snapshot = open_snapshot(tenant.collected.path)
    assert snapshot.tenant["id"] == tenant.emulator.tenant.id
    assert snapshot.tenant["client_id"] == tenant.emulator.tenant.client_id
    assert [page.dataset for page in snapshot.pages] == sorted(
        (page.dataset for page in snapshot.pages), key=list(DATASETS).index
    )
    for line in lines.values():
        pages = [page for page in snapshot.pages if page.dataset == line.dataset]
        assert len(pages) == line.pages
        assert bool(line.first) == bool(pages)


def test_no_secret_and_no_token_is_in_the_snapshot(tenant: Tenant) -> None:
    tenant.collect()
    with zipfile.ZipFile(tenant.collected.path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, content in parts.items():
        assert b'"hint"' not in content
        assert b"secretText" not in content or name == "manifest.json"  # it tells what was dropped
        assert not _TOKEN.search(content)
        assert b"Bearer" not in content
        assert b"client_assertion" not in content
    assert not _TOKEN.search(" ".join(map(repr, tenant.said)).encode())


# No service principal of the stories has so many owners that they are read again.
_ASKED = sorted(set(TARGETS) - {"service-principal-owners"})
# Datasets that hang on nothing in the same wave, so that one run can play a fault for many.
_WAVES: tuple[set[str], ...] = (
    {"applications", "role-definitions", "referenced-principals"},
    {"service-principals", "role-assignments", "exchange-role-groups"},
)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], LedgerLine]:
    """The ledger line of a dataset whose every request meets a fault."""
    runs: dict[tuple[str, int], dict[str, LedgerLine]] = {}

    def line(kind: str, dataset: str) -> LedgerLine:
        wave = next((at for at, names in enumerate(_WAVES) if dataset in names), len(_WAVES))
        if (kind, wave) not in runs:
            leaves = set(TARGETS) - {name for names in _WAVES for name in names}
            names = sorted(_WAVES[wave] if wave < len(_WAVES) else leaves)
            runs[kind, wave] = Tenant(tmp_path_factory.mktemp("played")).collect(
                *(f"{kind}@{TARGETS[name]}" for name in names), change=with_collect(retries=1)
            )
        return runs[kind, wave][dataset]

    return line


Played = Callable[[str, str], LedgerLine]


@pytest.mark.parametrize("dataset", _ASKED)
def test_a_refused_dataset_is_refused(played: Played, dataset: str) -> None:
    line = played("status=403", dataset)
    partly = dataset in ("application-owners", "certificate-bytes")
    assert line.result is (Result.PARTIAL if partly else Result.REFUSED), line
    assert line.cause
    assert line.remedy


@pytest.mark.parametrize("dataset", _ASKED)
def test_a_dataset_without_answers_is_unavailable(played: Played, dataset: str) -> None:
    line = played("status=503", dataset)
    partly = dataset in ("application-owners", "certificate-bytes")
    assert line.result is (Result.PARTIAL if partly else Result.UNAVAILABLE), line
    assert line.cause
    assert line.remedy


# Nobody counts these, and they can honestly be empty.
_UNCOUNTED = {
    "application-owners",
    "certificate-bytes",
    "directory-roles",
    "exchange-access-policies",
    "exchange-management-scopes",
    "exchange-service-principals",
    "group-members",
    "role-eligibility",
    "referenced-principals",  # what does not come is asked for one by one
}


@pytest.mark.parametrize("dataset", sorted(set(_ASKED) - _UNCOUNTED))
def test_an_emptied_dataset_is_not_complete(played: Played, dataset: str) -> None:
    line = played("empty", dataset)
    assert line.result in (Result.REFUSED, Result.PARTIAL), line
    assert line.cause


@pytest.mark.parametrize(
    "dataset",
    [
        "applications",
        "service-principals",
        "app-role-assignments",
        "delegated-grants",
        "exchange-role-group-members",
    ],
)
def test_a_truncated_dataset_is_partial(played: Played, dataset: str) -> None:
    line = played("truncate", dataset)
    assert line.result is Result.PARTIAL, line
    assert line.cause


@pytest.mark.parametrize("dataset", ["applications", "service-principals", "exchange-role-groups"])
@pytest.mark.parametrize("kind", ["cut", "html"])
def test_bodies_that_cannot_be_read(tenant: Tenant, dataset: str, kind: str) -> None:
    lines = tenant.collect(f"{kind}@{TARGETS[dataset]}#1")
    assert lines[dataset].complete
    lines = tenant.collect(f"{kind}@{TARGETS[dataset]}", change=with_collect(retries=1))
    assert lines[dataset].result is Result.UNAVAILABLE


@pytest.mark.parametrize("kind", ["loop", "foreignlink"])
def test_bad_links_make_it_partial(tenant: Tenant, kind: str) -> None:
    line = tenant.collect(f"{kind}@/applications")["applications"]
    assert line.result is Result.PARTIAL
    assert "nextLink" in line.cause


def test_small_pages_and_an_empty_page_are_read_to_the_end(tenant: Tenant) -> None:
    lines = tenant.collect("emptypage@/applications", change=with_collect(graph_page_size=7))
    assert not any(line.gap for line in lines.values()), lines
    assert lines["applications"].rows == lines["applications"].expected


def test_a_refusal_in_the_middle_is_partial(tenant: Tenant) -> None:
    lines = tenant.collect(
        "status=403@/servicePrincipals#3", change=with_collect(graph_page_size=20)
    )
    line = lines["service-principals"]
    assert line.result is Result.PARTIAL
    assert line.rows == 40
    assert lines["app-role-assignments"].result is Result.PARTIAL


def test_a_404_alone_proves_nothing_gone(tenant: Tenant) -> None:
    later = "/servicePrincipals/*/appRoleAssignedTo"
    line = tenant.collect(f"status=404@{later}#2", story="healthy")["app-role-assignments"]
    assert line.result is Result.PARTIAL
    assert "404" in line.cause
    names = ("group-service-principals", "certificate-bytes")
    lines = tenant.collect(*(f"status=404@{TARGETS[name]}" for name in names))
    for name in names:
        assert not lines[name].complete, lines[name]
        assert "404" in lines[name].cause


@pytest.mark.parametrize("fault", ["throttle=2.128@/applications", "throttle=200@/applications"])
def test_throttling_is_waited_out(tenant: Tenant, fault: str) -> None:
    lines = tenant.collect(fault)
    assert not any(line.gap for line in lines.values())


def test_throttling_beyond_the_limit_is_told(tenant: Tenant) -> None:
    lines = tenant.collect("throttle=900@/servicePrincipals#1-")
    assert lines["service-principals"].result is Result.UNAVAILABLE
    assert "900 s" in lines["service-principals"].cause


def test_role_assignments_are_read_role_by_role_where_a_filter_is_demanded(tenant: Tenant) -> None:
    lines = tenant.collect("badexpand@/roleManagement/directory/roleAssignments")
    assert lines["role-assignments"].complete
    assert lines["role-assignments"].rows == tenant.collect()["role-assignments"].rows
    assert "role by role" in " ".join(lines["role-assignments"].notes)


def test_a_missing_licence_is_told(tenant: Tenant) -> None:
    lines = tenant.collect(f"license@{GRAPH_PATHS['role-eligibility']}")
    line = lines["role-eligibility"]
    assert line.result is Result.UNAVAILABLE
    assert "P2" in line.remedy
    assert lines["referenced-principals"].complete


@pytest.mark.parametrize(
    ("without", "refused"),
    [
        (("Directory.Read.All",), "delegated-grants"),
        (("Application.Read.All",), "federated-credentials"),
        (("Application.Read.All", "Directory.Read.All"), "service-principals"),
        (("Exchange.ManageAsApp",), "exchange-role-groups"),
    ],
)
def test_without_a_permission(tenant: Tenant, without: tuple[str, ...], refused: str) -> None:
    line = tenant.collect(without=without)[refused]
    assert line.result is Result.REFUSED
    assert line.held == ()
    assert line.permissions[0][0] in line.remedy


def test_what_hangs_on_a_refused_dataset_is_not_asked(tenant: Tenant) -> None:
    lines = tenant.collect("status=403@/applications")
    for name in ("application-owners", "certificate-bytes"):
        assert lines[name].result is Result.NOT_ASKED
        assert "applications is refused" in lines[name].cause


def test_exchange_can_be_left_out(tenant: Tenant) -> None:
    lines = tenant.collect(change=with_collect(exchange=False))
    told = {line.result for name, line in lines.items() if name.startswith("exchange-")}
    assert told == {Result.NOT_ASKED}
    assert not any(line.gap for name, line in lines.items() if not name.startswith("exchange-"))


def test_cmdlets_of_applications_are_read_on_request(tenant: Tenant) -> None:
    line = tenant.collect(change=with_collect(app_cmdlet_days=30))["exchange-app-cmdlets"]
    assert line.complete, line
    assert line.rows == 3
    snapshot = open_snapshot(tenant.collected.path)
    ran = [row.item["Operations"] for row in snapshot.rows("exchange-app-cmdlets")]
    assert sorted(ran) == ["New-TransportRule", "Set-AdminAuditLogConfig", "Set-Mailbox"]
    line = tenant.collect(story="healthy", change=with_collect(app_cmdlet_days=1))[
        "exchange-app-cmdlets"
    ]
    assert line.result is Result.REFUSED
    assert "View-Only Audit Logs" in line.remedy


def test_a_null_or_missing_owners_list_is_not_no_owners(tenant: Tenant) -> None:
    for kind in ("null", "drop"):
        line = tenant.collect(f"{kind}=owners@/applications")["application-owners"]
        assert line.result is Result.PARTIAL, line
        assert "without a list of owners" in line.cause


def test_certificates_are_not_fetched_twice(tenant: Tenant) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    first = tenant.collect(now=now)["certificate-bytes"]
    earlier = tenant.collected.path
    again = tenant.collect(now=now)["certificate-bytes"]
    assert tenant.collected.path != earlier
    assert again.complete
    assert (again.rows, again.requests) == (first.rows, 0)
    assert earlier.name in " ".join(again.notes)
    pages = [p for p in open_snapshot(tenant.collected.path).pages if p.reused_from]
    assert len(pages) == first.rows
    assert {page.reused_from for page in pages} == {open_snapshot(earlier).sha256}


def test_a_snapshot_of_another_tenant_is_not_reused(tenant: Tenant) -> None:
    tenant.collect(story="healthy")
    with pytest.raises(SnapshotError, match="another tenant"):
        tenant.collect(reuse=tenant.collected.path)


def test_a_bad_sign_in_stops_the_run_and_leaves_nothing(tenant: Tenant) -> None:
    def other(settings: Settings) -> Settings:
        client = "99999999-aaaa-bbbb-cccc-000000000000"
        return replace(settings, credential=replace(settings.credential, client_id=client))

    with pytest.raises(SignInError) as error:
        tenant.collect(change=other)
    assert "client_id" in error.value.remedy
    assert not list(tenant.folder.glob("out/*"))


def test_a_ca_that_is_not_trusted_is_a_sign_in_error(tenant: Tenant) -> None:
    def untrusting(settings: Settings) -> Settings:
        return replace(settings, endpoints=replace(settings.endpoints, ca_bundle=None))

    with pytest.raises(SignInError, match="could not be reached") as error:
        tenant.collect(change=untrusting)
    assert "endpoints.ca_bundle" in error.value.remedy


def test_an_unknown_tenant_is_told(tenant: Tenant) -> None:
    def other(settings: Settings) -> Settings:
        return replace(settings, tenant=replace(settings.tenant, id="nobody.onmicrosoft.com"))

    with pytest.raises(SignInError) as error:
        tenant.collect(change=other)
    assert "tenant.id" in error.value.remedy


def test_an_error_in_the_middle_leaves_nothing_half_written(tenant: Tenant) -> None:
    def stop(said: str) -> None:
        if said.startswith("referenced-principals"):
            raise AuditorError("on purpose")

    tenant.said = type("Said", (), {"append": staticmethod(stop)})()
    with pytest.raises(AuditorError):
        tenant.collect()
    assert not list(tenant.folder.glob("out/*"))
