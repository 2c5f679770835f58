"""`auditor knowledge show` and `auditor knowledge check`."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import orjson
import pytest

from auditor.knowledge import BUILT_IN, lookup
from tests.knowledge import tenant
from tests.knowledge.test_overlay import OVERLAY, run, written


def shown(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert run("knowledge", *arguments) == 0
    return capsys.readouterr().out


def test_a_rating_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown(
        capsys, "show", "rolemanagement.readwrite.directory", "--kind", "application"
    ).splitlines()
    assert told[0] == "RoleManagement.ReadWrite.Directory"
    assert told[2].startswith("  Tier 0. It reaches Global Administrator")
    assert any("Path direct" in line for line in told)
    assert any("Basis tested" in line for line in told)
    assert any("role-assignment" in line for line in told)
    assert "Confidence high; sources read 2026-08-21." in told[-1]


def test_a_candidate_an_unknown_and_a_disagreement_are_called_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    candidate = shown(capsys, "show", "AgentCard.ReadWrite.All", "--kind", "application")
    assert "a candidate, not proven" in candidate
    assert "No path was shown" in candidate
    unknown = shown(capsys, "show", "Device Join")
    assert "Nobody rates it. That says nothing of how dangerous it is" in unknown
    other = shown(capsys, "show", "Policy.ReadWrite.ConditionalAccess", "--kind", "application")
    assert "otherwise: EntraFalcon 1" in other


def test_an_ambiguous_name_lists_what_goes_by_it(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown(capsys, "show", "Mail.Read").splitlines()
    assert told[0].startswith("4 things go by Mail.Read")
    assert len(told) == 5
    one = shown(capsys, "show", "Mail.Read", "--api", "Microsoft Graph", "--kind", "application")
    assert one.startswith("Mail.Read\napplication permission of Microsoft Graph")
    assert "access policy can bind it" in one
    by_id = shown(capsys, "show", "810C84A8-4A9E-49E6-BF7D-12D183F40D01")
    assert by_id.startswith("2 things")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("62e90394-69f5-4237-9190-012177145e10", "directory role"),
        ("Microsoft Graph", "Owned by Microsoft Services"),
        ("00000003-0000-0000-C000-000000000000", "application, 00000003"),
        ("f8cdef31-a31e-4b4a-93e4-5f571e91255a", "tenant"),
        ("recipient management", "level recipient"),
        ("TenantAdmins_-123456789", "feeds it from: Global Administrator"),
        ("Journaling", "copies of all mail"),
        ("Application Mail.Read", "no administration"),
    ],
)
def test_whatever_is_known_is_found(
    capsys: pytest.CaptureFixture[str], word: str, told: str
) -> None:
    assert told in shown(capsys, "show", word)


def test_json_holds_every_fact(capsys: pytest.CaptureFixture[str]) -> None:
    found = orjson.loads(shown(capsys, "show", "Mail.Read", "--format", "json"))
    assert len(found) == 4
    first = next(each for each in found if each["kind"] == "application")
    assert {"tier", "state", "reach", "path", "basis", "confidence", "agree", "disagree"} <= set(
        first
    )
    assert first["explanation"]


def test_a_typo_gets_the_nearest_name_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("knowledge", "show", "Aplication.ReadWrite.All") == 2
    assert "Did you mean Application.ReadWrite.All?" in capsys.readouterr().err
    assert run("knowledge", "show", "Mail.Read", "--api", "SharePoint") == 2
    assert "is known, but not so" in capsys.readouterr().err


def test_everything_with_a_name_can_be_shown() -> None:
    for name in sorted(lookup.names())[::7]:
        assert lookup.find(name, BUILT_IN), name


def test_show_does_not_wait_for_pandas() -> None:
    code = (
        "import sys; from auditor.cli import main\n"
        "try: main(['knowledge', 'show', 'Journaling'])\n"
        "except SystemExit: pass\n"
        "sys.exit('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_show_with_settings_tells_what_the_overlay_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, OVERLAY)
    settings = tmp_path / "auditor.toml"
    settings.write_text('[knowledge]\noverlay = "ratings.toml"\n')
    for word, told in (
        ("Brand.New", "Reason of the overlay: We tried it"),
        ("Key keepers", "Reason of the overlay: It reads one label"),
        ("Contoso Mail Moves", "Reason of the overlay: A child of Move Mailboxes"),
    ):
        assert told in shown(capsys, "show", word, "--settings", settings)


def test_check_lists_what_nobody_rates_and_who_holds_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    snapshot = tenant.write(tmp_path / "t.snapshot")
    found = orjson.loads(shown(capsys, "check", snapshot, "--format", "json"))["unrated"]
    held = {each["name"]: each["held_by"] for each in found if each["held_by"]}
    assert held == {
        "Brand.New": ["Backup"],
        "Payroll.All": ["Backup"],
        "Scope.Of.Tomorrow": ["Backup"],
        tenant.HOSTILE: ["Backup"],
        "Contoso Mail Moves": ["sp"],
    }
    assert [each["name"] for each in found if not each["held_by"]] == ["Never.Held"]


def test_its_entries_can_be_pasted_and_whatever_a_name_holds_stays_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    snapshot = tenant.write(tmp_path / "t.snapshot")
    found = orjson.loads(shown(capsys, "check", snapshot, "--format", "json"))["unrated"]
    for each in found:
        filled = each["entry"].replace("tier = ", "tier = 2").replace('= ""', '= "none"')
        entries = tomllib.loads(filled)
        assert list(entries) == [each["what"]]
        assert entries[each["what"]][0]["name"] == each["name"]
    printed = shown(capsys, "check", snapshot)
    assert "\u202e" not in printed
    assert "\n[[role]] " not in printed


def test_check_says_what_was_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    snapshot = tenant.write(tmp_path / "t.snapshot", refused="role-assignments")
    printed = shown(capsys, "check", snapshot)
    assert "Not all was read, so more may be there: " in printed.splitlines()[0]
    assert "role-assignments refused" in printed


def test_check_counts_what_an_overlay_rates_as_rated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    snapshot = tenant.write(tmp_path / "t.snapshot")
    written(tmp_path, OVERLAY)
    settings = tmp_path / "auditor.toml"
    settings.write_text('[knowledge]\noverlay = "ratings.toml"\n')
    told = shown(capsys, "check", snapshot, "--format", "json", "--settings", settings)
    names = [each["name"] for each in orjson.loads(told)["unrated"]]
    assert names == ["Scope.Of.Tomorrow", "Never.Held"]
