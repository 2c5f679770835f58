"""A user's overlay: what it may say, and that it changes verdicts and is told."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from auditor.audit import read_audit
from auditor.cli import main
from auditor.errors import SettingsError
from auditor.knowledge import BUILT_IN, GRAPH, Ratings
from auditor.knowledge.overlay import Overlay
from auditor.knowledge.overlay_file import load_overlay, ratings_with
from auditor.snapshot import open_snapshot
from auditor.tables.load import load
from tests.knowledge import tenant

DIRECTORY = f'resource = "{GRAPH}"\nname = "RoleManagement.ReadWrite.Directory"\n'
OVERLAY = f"""
[[permission]]
{DIRECTORY}tier = 1
reason = "Only the identity team's vault may use it <b>"

[[permission]]
resource = "Microsoft Graph"
id = "{tenant.BRAND_NEW.upper()}"
name = "Brand.New"
tier = 0
path = "indirect"
reach = ["app-credentials"]
reason = "We tried it"

[[permission]]
resource = "{tenant.PAYROLL}"
id = "{tenant.PAYROLL}"
name = "Payroll.All"
tier = 0
path = "direct"
reason = "Pays everybody"

[[role]]
template_id = "{tenant.CUSTOM_ROLE}"
name = "Key keepers"
tier = 2
reason = "It reads one label"

[[role]]
name = "Guest Inviter"
tier = "unknown"
reason = "We do not believe it"

[[management_role]]
name = "contoso mail moves"
level = "recipient"
reason = "A child of Move Mailboxes"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "ratings.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"[[permission]]\n{DIRECTORY}tier = 1", "gives no reason"),
        (f'[[permission]]\n{DIRECTORY}reason = "x"', "needs tier"),
        (f'[[permission]]\n{DIRECTORY}tier = 3\nreason = "x"', "not 3"),
        (f'[[permission]]\n{DIRECTORY}tier = true\nreason = "x"', "not True"),
        (f'[[permission]]\n{DIRECTORY}tier = 1.5\nreason = "x"', "not 1.5"),
        (f'[[permission]]\n{DIRECTORY}teir = 1\nreason = "x"', "nearest: tier"),
        (
            f'[[permission]]\n{DIRECTORY}tier = 1\npath = "direct"\nreason = "x"',
            "only tier 0 has",
        ),
        (
            f'[[permission]]\n{DIRECTORY}tier = 1\nreach = ["mail-reed"]\nreason = "x"',
            "nearest: mail-read",
        ),
        (
            f'[[permission]]\nresource = "{GRAPH}"\nname = "Mail.Raed"\ntier = 1\nreason = "x"',
            "nearest: Mail.Read",
        ),
        (
            '[[permission]]\nresource = "Microsoft Grap"\nname = "Mail.Read"\ntier = 1\nreason = "x"',
            "nearest: Microsoft Graph",
        ),
        (
            (
                f'[[permission]]\nresource = "{GRAPH}"\nid = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe9"\n'
                'name = "X"\ntier = 1\nreason = "x"'
            ),
            "nearest: 9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
        ),
        (
            (
                f'[[permission]]\nresource = "{GRAPH}"\nid = "{tenant.BRAND_NEW}"\n'
                'tier = 1\nreason = "x"'
            ),
            "give its name besides",
        ),
        (
            (
                f'[[permission]]\nresource = "{GRAPH}"\nid = "{tenant.GLOBAL_ADMINISTRATOR}"\n'
                'name = "Mail.Read"\ntier = 1\nreason = "x"'
            ),
            "but that is RoleManagement.ReadWrite.Directory",
        ),
        (
            f'[[permission]]\nresource = "{GRAPH}"\nname = "Mail.Read"\ntier = 0\nreason = "x"',
            "needs a path with tier 0",
        ),
        ('[[role]]\nname = "Global Administrater"\ntier = 1\nreason = "x"', "Global Administrator"),
        ('[[role]]\ntemplate_id = "x"\ntier = 1\nreason = "x"', "is no GUID"),
        ('[[management_role]]\nname = "X"\nlevel = "ful"\nreason = "x"', "nearest: full"),
        ('[[management_role]]\nlevel = "full"\nreason = "x"', "names no role"),
        ("[[permision]]\ntier = 1", "nearest: permission"),
        ("[permission]\ntier = 1", "[[permission]]"),
        (f'[[permission]]\n{DIRECTORY}tier = 1\nreason = "x"\n' * 2, "rates already"),
        ("tier = ", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named_with_the_nearest_that_exists(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_overlay(written(tmp_path, text))
    assert told in str(caught.value)
    assert "ratings.toml" in str(caught.value)


def test_the_example_of_the_documentation_is_one(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "knowledge.md"
    blocks = page.read_text(encoding="utf-8").split("```toml\n")[1:]
    (example,) = [text for each in blocks if "[[role]]" in (text := each.partition("```")[0])]
    overlay = load_overlay(written(tmp_path, example))
    assert [each.now for each in overlay.entries] == [
        *("tier 0, indirect, overlay", "tier 1, overlay", "tier 2, overlay", "level recipient"),
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        ratings_with(tmp_path / "none.toml")
    assert ratings_with(None) is BUILT_IN


def test_ratings_change_where_the_overlay_says_and_nowhere_else(tmp_path: Path) -> None:
    ratings = ratings_with(written(tmp_path, OVERLAY))
    lowered = ratings.permission(GRAPH, tenant.GLOBAL_ADMINISTRATOR)
    assert (lowered.tier, lowered.path, lowered.basis) == (1, "none", "overlay")
    assert lowered.reach == ("role-assignment",)
    assert BUILT_IN.permission(GRAPH, tenant.GLOBAL_ADMINISTRATOR).tier == 0
    assert ratings.permission(GRAPH, tenant.GLOBAL_ADMINISTRATOR, "delegated").state == "unknown"
    inviter = ratings.role("95E79109-95c0-4d8e-aee3-d01accf2d47b")
    assert (inviter.tier, inviter.state, inviter.path) == (None, "unknown", "unknown")
    assert ratings.management_role("Contoso Mail Moves") == (
        "recipient",
        "A child of Move Mailboxes",
    )
    assert ratings.management_role("Journaling") == ("compliance", "")


def test_an_audit_tells_the_overlay_whole(tmp_path: Path) -> None:
    overlay = load_overlay(written(tmp_path, OVERLAY))
    assert Overlay.from_json(orjson.loads(orjson.dumps(overlay.to_json()))) == overlay
    assert overlay.entries[0].was == "tier 0, direct, tested"


def test_tables_carry_the_rating_and_who_gave_it(tmp_path: Path) -> None:
    snapshot = open_snapshot(tenant.write(tmp_path / "t.snapshot"))
    plain = load(snapshot).tables["grants"].set_index("permission_id")
    top = plain.loc[tenant.GLOBAL_ADMINISTRATOR]
    assert (top["tier"], top["path"], top["basis"]) == (0, "direct", "tested")
    assert top["reach"] == ("role-assignment",)
    nobody = plain.loc[[tenant.BRAND_NEW]]
    assert nobody["tier"].isna().all()
    assert nobody["path"].isna().all()
    assert nobody["state"].tolist() == ["unknown"]
    assert plain["rated_by"].isna().all()

    rated = load(snapshot, Ratings(load_overlay(written(tmp_path, OVERLAY)))).tables
    grants = rated["grants"].set_index("permission_id")
    assert grants.loc[tenant.BRAND_NEW, "rated_by"] == "overlay: We tried it"
    assert grants.loc[tenant.PAYROLL, "permission"] == "Payroll.All"
    assert rated["workload_roles"]["tier"].tolist() == [2]
    scopes = rated["delegated_grants"].set_index("scope")
    assert scopes.loc["User.Read", "tier"] == 2
    assert scopes.loc["Scope.Of.Tomorrow", "state"] == "unknown"
    own = rated["exchange_access"].set_index("id").loc["sp"]
    assert own["level"] == "recipient"
    assert own["rated_by"] == "overlay: A child of Move Mailboxes"


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(each) for each in arguments])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def test_an_overlay_changes_verdicts_and_audit_and_report_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    snapshot = tenant.write(tmp_path / "t.snapshot")
    settings = tmp_path / "auditor.toml"
    written(tmp_path, OVERLAY)
    settings.write_text('[knowledge]\noverlay = "ratings.toml"\n')
    run("check", snapshot, "--output", tmp_path / "plain")
    run("check", snapshot, "--output", tmp_path / "own", "--settings", settings)
    printed = capsys.readouterr().out
    assert "5 of 6 entries of the overlay ratings.toml rate something" in printed
    assert "rates nothing here: role Guest Inviter" in printed

    plain, own = (read_audit(tmp_path / name / "audit.json") for name in ("plain", "own"))
    rule = "path-to-global-administrator"
    failed = [
        {each.evidence["permission_id"] for each in audit.findings if each.rule == rule}
        for audit in (plain, own)
    ]
    assert failed == [{tenant.GLOBAL_ADMINISTRATOR}, {tenant.BRAND_NEW, tenant.PAYROLL}]
    by = {each.evidence["rated_by"] for each in own.findings if each.rule == rule}
    assert by == {"overlay: We tried it", "overlay: Pays everybody"}
    assert plain.overlay is None
    assert own.overlay is not None
    assert own.overlay["file"] == "ratings.toml"
    assert len(own.overlay["sha256"]) == 64
    rows = {each["name"]: each["rows"] for each in own.overlay["entries"]}
    assert rows["RoleManagement.ReadWrite.Directory"] == rows["Payroll.All"] == 1
    assert rows["Guest Inviter"] == 0

    before = (tmp_path / "own" / "audit.json").read_bytes()
    run("check", snapshot, "--output", tmp_path / "own", "--settings", settings)
    assert (tmp_path / "own" / "audit.json").read_bytes() == before
    # The report is rated as its audit was, whatever became of the file.
    (tmp_path / "ratings.toml").unlink()
    run("report", tmp_path / "own" / "audit.json", "--output", tmp_path / "own")
    page = (tmp_path / "own" / "report.html").read_text(encoding="utf-8")
    assert "Ratings changed by an overlay" in page
    assert "ratings.toml" in page
    assert "Only the identity team&#39;s vault may use it &lt;b&gt;" in page
    run("report", tmp_path / "plain" / "audit.json", "--output", tmp_path / "plain")
    page = (tmp_path / "plain" / "report.html").read_text(encoding="utf-8")
    assert "Ratings changed by an overlay" not in page


def test_a_broken_overlay_stops_before_anything_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "auditor.toml"
    settings.write_text('[knowledge]\noverlay = "ratings.toml"\n')
    snapshot = tenant.write(tmp_path / "t.snapshot")
    assert run("check", snapshot, "--output", tmp_path / "o", "--settings", settings) == 2
    assert "ratings.toml cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "o" / "audit.json").exists()
