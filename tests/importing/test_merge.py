"""What comes of importing: a new sealed snapshot that hides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from auditor.audit import Audit
from auditor.check import check
from auditor.cli import cli
from auditor.collect import collect
from auditor.emulator import Emulator, EmulatorOptions
from auditor.emulator.tenant import ExchangeOrg
from auditor.errors import ImportFileError
from auditor.importing import Imported, import_exchange
from auditor.importing.export import parse_export
from auditor.ledger import LedgerLine, Result
from auditor.packs import load_rules
from auditor.settings import load_settings
from auditor.snapshot import Snapshot, SnapshotWriter, open_snapshot
from auditor.snapshot.page import sha256
from auditor.tables.load import load
from tests.importing.shells import TAKEN, answer, export_of, powershell_5, powershell_7

AT = datetime(2026, 5, 19, 12, tzinfo=UTC)
NOW = datetime(2026, 5, 20, tzinfo=UTC)
DATE = "Tue, 19 May 2026 10:00:00 GMT"
GROUPS = "Get-RoleGroup -ResultSize Unlimited"
REFUSED = b'{"error":{"code":"Unauthorized"}}'


def group(name: str, **values: Any) -> dict[str, Any]:
    lists = {"Members": [], "Roles": [], "Capabilities": ["None"]}
    told = {"Name": name, "Guid": f"id-{name}", "RoleGroupType": "Standard"}
    told["DistinguishedName"] = f"CN={name},OU=contoso.onmicrosoft.com,DC=PROD"
    return {**lists, **told, **values}


def snapshot_at(folder: Path, **results: str) -> Snapshot:
    """A sealed snapshot without Exchange, but for `results` by dataset (with _ for -)."""
    domains = ["contoso.com", "Contoso.onmicrosoft.com"]
    tenant = {"id": "t", "name": "Contoso", "domains": domains}
    writer = SnapshotWriter(folder / "t-20260519T100000Z.snapshot", tenant=tenant)
    told = {"exchange-role-groups": "refused", "exchange-service-principals": "refused"}
    told |= {name.replace("_", "-"): result for name, result in results.items()}
    for dataset, result in told.items():
        good = result in ("complete", "partial")
        writer.page(
            dataset=dataset,
            method="POST",
            url="https://exo.test/InvokeCommand",
            status=200 if good else 401,
            headers={"date": DATE},
            body=orjson.dumps({"value": [group("Old")]}) if good else REFUSED,
        )
    return open_snapshot(writer.seal([LedgerLine(name, Result(told[name])) for name in told]))


def file_of(*answers: dict[str, Any], name: str = "exchange.json", **values: Any) -> Any:
    told = {"format": "auditor-exchange-export", "version": 1, "takenAt": TAKEN}
    return parse_export(orjson.dumps({**told, "answers": answers, **values}), name)


def added(folder: Path, *exports: Any, **options: Any) -> tuple[Imported, Snapshot]:
    old = options.pop("old", None) or snapshot_at(folder)
    done = import_exchange(old, exports, folder, now=NOW, **options)
    return done, open_snapshot(done.path)


def test_the_new_snapshot_holds_the_old_one_and_the_rows_with_their_origin(tmp_path: Path) -> None:
    old = snapshot_at(tmp_path)
    before = old.path.read_bytes()
    export = file_of(answer(GROUPS, [group("Help Desk")]))
    done, new = added(tmp_path, export, old=old)
    assert old.path.read_bytes() == before
    assert done.path.name == "t-20260519T100000Z-exchange.snapshot"
    kept, imported = new.pages[:2], new.pages[2]
    assert [page.stored_sha256 for page in kept] == [page.stored_sha256 for page in old.pages]
    assert {page.reused_from for page in kept} == {old.sha256}
    assert imported.method == "IMPORT"
    assert imported.url == f"exchange.json: {GROUPS}"
    assert imported.received_sha256 == export.sha256 != imported.stored_sha256
    assert imported.transformations == ("powershell-json-normalised",)
    assert imported.request_body == {
        "command": GROUPS,
        "file": "exchange.json",
        "taken_at": TAKEN,
        "imported_at": "2026-05-20T00:00:00Z",
    }
    # An import tells nothing of the service's clock: the snapshot is judged at its own instant.
    assert imported.date is None
    assert new.last_server_date() == old.last_server_date()
    line = next(line for line in new.ledger if line.dataset == "exchange-role-groups")
    assert line.complete
    source = f"imported from exchange.json (sha256 {export.sha256})"
    assert line.notes == (f"{source}, taken at {TAKEN}, imported at 2026-05-20T00:00:00Z",)
    other = next(line for line in new.ledger if line.dataset == "exchange-service-principals")
    assert other.result is Result.REFUSED
    assert done.warnings == ()


def test_a_second_import_gets_a_name_of_its_own(tmp_path: Path) -> None:
    first, new = added(tmp_path, file_of(answer(GROUPS, [group("Help Desk")])))
    second, _ = added(tmp_path, file_of(answer("Get-ServicePrincipal", [])), old=new)
    assert second.path.name == "t-20260519T100000Z-exchange-2.snapshot"
    pages = open_snapshot(second.path).pages
    assert pages[2].method == "IMPORT"
    assert pages[2].reused_from == open_snapshot(first.path).sha256


def test_what_is_there_is_replaced_only_on_request(tmp_path: Path) -> None:
    old = snapshot_at(tmp_path, exchange_role_groups="complete")
    export = file_of(answer(GROUPS, [group("New")]))
    with pytest.raises(ImportFileError, match="has exchange-role-groups already") as error:
        added(tmp_path, export, old=old)
    assert "--replace" in error.value.remedy
    _, new = added(tmp_path, export, old=old, replace=True)
    assert [row.item["Name"] for row in new.rows("exchange-role-groups")] == ["New"]
    assert len(list(tmp_path.glob("*"))) == 2  # nothing half-written was left behind


@pytest.mark.parametrize(
    ("answers", "dataset", "result", "cause"),
    [
        ([answer(GROUPS, [])], "exchange-role-groups", "refused", "came back empty"),
        ([answer(GROUPS, [], error="no")], "exchange-role-groups", "refused", "failed: no"),
        (
            [answer("Get-ServicePrincipal", [], error="denied")],
            "exchange-service-principals",
            "unavailable",
            "Get-ServicePrincipal failed: denied",
        ),
        ([answer("Get-ServicePrincipal", [])], "exchange-service-principals", "complete", ""),
        (
            [answer("Get-RoleGroup -Filter x", [group("a")])],
            "exchange-role-groups",
            "partial",
            "may leave rows out",
        ),
    ],
)
def test_how_far_an_answer_is_trusted(
    tmp_path: Path, answers: Any, dataset: str, result: str, cause: str
) -> None:
    done, _ = added(tmp_path, file_of(*answers))
    (line,) = done.lines
    assert (line.dataset, line.result.value) == (dataset, result)
    assert cause in line.cause
    assert bool(line.remedy) == (result != "complete")


def test_bare_output_is_partial(tmp_path: Path) -> None:
    export = parse_export(orjson.dumps([group("a")]), "Get-RoleGroup.json")
    done, _ = added(tmp_path, export)
    assert done.lines[0].result is Result.PARTIAL
    assert "rows may be missing" in done.lines[0].cause
    assert "when it was taken is not told" in done.warnings[0]
    assert "taken at a time not told" in done.lines[0].notes[0]


def test_members_that_were_not_read_are_told(tmp_path: Path) -> None:
    linked = f"{GROUPS} -ShowPartnerLinked"
    groups = [group("a"), group("b")]
    members = [
        answer(
            f"Get-RoleGroupMember -Identity {row['Guid']} -ResultSize Unlimited", [], row["Guid"]
        )
        for row in groups
    ]
    lists = [answer(GROUPS, groups), answer(linked, groups)]
    done, new = added(tmp_path, file_of(*lists, *members))
    assert all(line.complete for line in done.lines), done.lines
    of = [page.of for page in new.pages if page.dataset == "exchange-role-group-members"]
    assert of == ["id-a", "id-b"]
    done, _ = added(tmp_path, file_of(*lists, members[0]))
    assert "members of 1 role groups are not in the file: b" in done.lines[2].cause
    done, _ = added(tmp_path, file_of(*members))
    assert "exchange-role-groups is not there" in done.lines[0].cause


def test_another_tenants_file_is_refused(tmp_path: Path) -> None:
    name = "CN=a,OU=fabrikam.onmicrosoft.com,DC=PROD"
    export = file_of(answer(GROUPS, [group("a", DistinguishedName=name)]))
    with pytest.raises(ImportFileError, match=r"is of fabrikam.*of Contoso"):
        added(tmp_path, export)
    assert list(tmp_path.glob("*-exchange*")) == []


def test_a_tenant_that_cannot_be_told_is_a_warning(tmp_path: Path) -> None:
    export = file_of(answer(GROUPS, [group("a", DistinguishedName="")]))
    done, _ = added(tmp_path, export)
    assert "cannot be told" in done.warnings[0]
    old = snapshot_at(tmp_path)
    done, _ = added(tmp_path, export, old=replace(old, tenant={"id": "t"}))
    assert "cannot be told" in done.warnings[0]


def test_a_file_from_another_time_is_told(tmp_path: Path) -> None:
    export = file_of(answer(GROUPS, [group("a")]), takenAt="2026-01-19T08:00:00Z")
    done, _ = added(tmp_path, export)
    assert "120 days before the snapshot" in done.warnings[0]
    assert "120 days before the snapshot" in done.lines[0].notes[1]
    with pytest.raises(ImportFileError, match="says that it was taken"):
        added(tmp_path, file_of(answer(GROUPS, [group("a")]), takenAt="2030-01-19T08:00:00Z"))


def test_files_that_contradict_one_another_are_refused(tmp_path: Path) -> None:
    one = answer(GROUPS, [group("a")])
    with pytest.raises(ImportFileError, match=r"a.json and b.json both hold"):
        added(tmp_path, file_of(one, name="a.json"), file_of(one, name="b.json"))
    with pytest.raises(ImportFileError, match="the same answer twice"):
        added(tmp_path, file_of(one, one))
    with pytest.raises(ImportFileError, match="no answer"):
        added(tmp_path, file_of())


def test_on_the_command_line(tmp_path: Path) -> None:
    run = CliRunner().invoke
    out = tmp_path / "audit"
    assert run(cli, ["import-exchange", "--script"], standalone_mode=False).return_value == 0
    assert "Connect-ExchangeOnline" in run(cli, ["import-exchange", "--script"]).output
    bare = run(cli, ["import-exchange", "--output", str(out)])
    assert "--script" in bare.output
    file = tmp_path / "exchange.json"
    told = {"format": "auditor-exchange-export", "version": 1, "takenAt": TAKEN}
    file.write_bytes(powershell_5({**told, "answers": [answer(GROUPS, [group("Help \x1b[31m")])]}))
    asked = ["import-exchange", str(file), "--output", str(out)]
    assert "no snapshot" in str(run(cli, asked).exception)
    snapshot_at(out)
    done = run(cli, asked, standalone_mode=False)
    assert done.return_value == 0, done.output
    assert "complete    exchange-role-groups: 1 rows" in done.output
    assert "auditor check" in done.output
    # The newest is now the one that was imported into.
    again = run(cli, asked, standalone_mode=False)
    assert isinstance(again.exception, ImportFileError)
    (out / "other-20260519T100000Z.snapshot").touch()
    assert "several tenants" in str(run(cli, asked, standalone_mode=False).exception)
    bare_file = tmp_path / "Get-ServicePrincipal.json"
    bare_file.write_bytes(b"")
    into = str(out / "t-20260519T100000Z.snapshot")
    asked = ["import-exchange", str(bare_file), "--into", into, "--output", str(tmp_path / "new")]
    assert run(cli, [*asked, "--taken-at", TAKEN], standalone_mode=False).return_value == 3


Story = tuple[Audit, Callable[[bytes], Audit], ExchangeOrg]


@pytest.fixture(scope="module", params=["sick", "healthy"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The audit of a tenant read whole, and of one whose Exchange comes from a file.

    The sick one does not grant Exchange to the auditor. In the healthy one that would be a finding
    of its own (a role group without the permission), so it is left out by the settings there.
    """
    state, out = tmp_path_factory.mktemp("state"), tmp_path_factory.mktemp("out")
    taken: dict[bool, Any] = {}
    for exchange in (True, False):
        refused = ("Exchange.ManageAsApp",) if request.param == "sick" and not exchange else ()
        options = EmulatorOptions(story=request.param, without=refused, now=AT)
        with Emulator(state, options=options) as emulator:
            settings = load_settings(emulator.settings_path)
            asked = replace(settings.collect, exchange=exchange or bool(refused))
            settings = replace(settings, collect=asked)
            path = collect(settings, out / str(exchange), progress=lambda _: None).path
            taken[exchange] = open_snapshot(path), emulator.tenant.exchange
    rules = load_rules()

    def imported(data: bytes) -> Audit:
        old = taken[False][0]
        export = parse_export(data, "exchange.json")
        path = import_exchange(old, [export], out / sha256(data), now=NOW).path
        return check(load(open_snapshot(path)), rules)

    whole, org = taken[True]
    return check(load(whole), rules), imported, org


@pytest.mark.parametrize("render", [powershell_5, powershell_7])
def test_an_imported_exchange_is_judged_as_a_collected_one(story: Story, render: Any) -> None:
    whole, imported, org = story
    audit = imported(render(export_of(org)))
    assert [line for line in audit.coverage if line.gap] == []
    me = "Entra App Auditor"  # it holds one permission less

    def told(audit: Audit) -> tuple[Any, Any]:
        verdicts = {each.rule: each.verdict for each in audit.outcomes}
        found = {each.id: each.message for each in audit.findings if each.object["name"] != me}
        return verdicts, found

    assert told(audit) == told(whole)
    pages = {each["page"]: each for each in audit.requests}
    proofs = {
        pages[page]["url"]
        for each in audit.findings
        for page in each.pages
        if pages[page]["method"] == "IMPORT"
    }
    if audit.findings:
        assert f"exchange.json: {GROUPS}" in proofs


def test_nothing_passes_on_a_file_that_is_not_whole(story: Story) -> None:
    _, imported, org = story
    for name in ("Get-RoleGroup ", "Get-RoleGroupMember", "Get-ManagementRoleAssignment"):
        told = export_of(org)
        for each in told["answers"]:
            if f"{each['command']} ".startswith(name) and each["rows"]:
                each["rows"] = each["rows"][:-1]
        audit = imported(powershell_7(told))
        short = {line.dataset for line in audit.coverage if line.gap}
        assert short
        for outcome in audit.outcomes:
            if short & {*outcome.datasets.population, *outcome.datasets.absence}:
                assert outcome.verdict not in ("pass", "not-applicable"), (name, outcome)
