"""What a user's settings leave out is told apart, never passed; and profiles set rules by name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from auditor.audit import Outcome
from auditor.engine import judge
from auditor.errors import SettingsError
from auditor.packs import configure, load_rules
from auditor.profiles import names, profile
from auditor.rule import Severity
from auditor.scope import Scoper, used
from auditor.testing import AS_OF, make_coverage, make_frames

GUID = "11112222-3333-4444-5555-66667777888{}"
FOREIGN = "aaaabbbb-0000-1111-2222-333344445555"
OWN = {"publisher": "own", "managed_identity": False, "start": "2026-01-01"}
RULES = {each.id: each for each in load_rules()}
TABLES: dict[str, list[dict[str, Any]]] = {
    "applications": [
        {"id": "o-1", "app_id": GUID.format(1), "name": "kept", "tags": []},
        {"id": "o-2", "app_id": GUID.format(2), "name": "lab", "tags": ["Lab"]},
        {"id": "o-3", "app_id": GUID.format(3), "name": "of Ada", "tags": None},
    ],
    "service_principals": [
        {"id": "s-4", "app_id": GUID.format(4), "owner_tenant": FOREIGN, "publisher": "foreign"}
    ],
    "application_owners": [{"object_row": 2, "owner_id": "u-1", "owner_name": "Ada"}],
    "directory_objects": [{"id": "u-1", "user_name": "Ada@contoso.com"}],
    "secrets": [
        {"key_id": f"k-{n}", "holder": f"o-{n}", "app_id": GUID.format(n), "end": end, **OWN}
        for n, end in ((1, "2028-01-01"), (2, "2028-01-01"), (3, "2026-02-01"))
    ],
}


def outcome(own: dict[str, object], **everywhere: object) -> Outcome:
    settings: dict[str, dict[str, object]] = {"secret-lifetime": own}
    if everywhere:
        settings["all"] = everywhere
    (chosen,) = configure([RULES["secret-lifetime"]], settings)
    return judge(chosen, make_frames(TABLES), make_coverage(), AS_OF)[0]


def parts(found: Outcome) -> set[str]:
    return {each.part for each in found.scoped_out}


@pytest.mark.parametrize(
    ("settings", "left_out"),
    [
        ({"except_apps": [GUID.format(2).upper()]}, {"k-2"}),
        ({"except_tags": ["Lab"]}, {"k-2"}),
        ({"except_tags": ["lab"]}, set()),  # a tag is a text of its own
        ({"except_owners": ["ada@CONTOSO.com"]}, {"k-3"}),
        ({"except_owners": ["U-1"]}, {"k-3"}),
        ({"except_owners": ["Ada"]}, set()),  # never by display name
        ({"except_publishers": [FOREIGN]}, set()),  # none of the foreign one's rows is here
    ],
)
def test_rows_are_left_out_by_what_is_known_of_them(
    settings: dict[str, object], left_out: set[str]
) -> None:
    for found in (outcome(settings), outcome({}, **settings)):
        assert parts(found) == left_out
        assert found.population == 3 - len(left_out)
        assert found.failed + found.unknown + found.passed == found.population


def test_a_reason_names_the_setting() -> None:
    (row,) = outcome({"except_tags": ["Lab"]}).scoped_out
    assert row.reason == "left out by except_tags = 'Lab'"
    assert row.object["id"] == "o-2"


def test_nothing_left_is_no_pass() -> None:
    found = outcome({"except_apps": [GUID.format(n) for n in (1, 2, 3)]})
    assert found.verdict == "not-applicable"
    assert found.cause == "all 3 rows are left out by your settings"


def test_what_could_not_arrive_stays_unknown() -> None:
    (chosen,) = configure(
        [RULES["secret-lifetime"]],
        {"all": {"except_apps": [GUID.format(n) for n in (1, 2, 3)]}},
    )
    coverage = make_coverage({"applications": "partial"})
    found = judge(chosen, make_frames(TABLES), coverage, AS_OF)[0]
    assert found.verdict == "unknown"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"secret-lifetime": {"except_app": []}}, "no setting except_app. Did you mean except_app"),
        ({"all": {"except_tag": []}}, "no setting except_tag. Did you mean except_tags"),
        ({"all": {"max_days": 1}}, "[rules.all]: there is no setting max_days"),
        ({"all": {"except_apps": ["Payroll"]}}, "takes application (client) ids (GUIDs)"),
        ({"all": {"except_publishers": ["foreing"]}}, "(nearest: foreign)"),
        ({"all": {"except_tags": "lab"}}, "takes a list of texts, not 'lab'"),
        ({"all": {"except_tags": [""]}}, "takes a list of texts"),
    ],
)
def test_a_wrong_scope_is_told(settings: Any, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        configure([RULES["secret-lifetime"]], settings)
    assert told in str(error.value)


def test_what_names_nothing_is_told_with_the_nearest_name() -> None:
    chosen = configure(
        RULES.values(),
        {"all": {"except_tags": ["Labb"]}, "client-secret": {"except_owners": ["u-1"]}},
    )
    told = used(Scoper(make_frames(TABLES)), {each.rule.id: each.scope for each in chosen})
    assert [(each["value"], each["names_something"], each["nearest"]) for each in told] == [
        ("Labb", False, "Lab"),
        ("u-1", True, None),
    ]
    assert told[0]["rules"] == ["all"]
    assert told[1]["rules"] == ["client-secret"]


def test_a_profile_sets_and_the_users_own_settings_win() -> None:
    strict = profile("strict", RULES.values())
    chosen = {
        each.rule.id: each
        for each in configure(RULES.values(), {"secret-lifetime": {"max_days": 700}}, strict)
    }
    assert chosen["secret-lifetime"].settings["max_days"] == 700
    assert chosen["secret-lifetime"].severity is Severity.HIGH
    assert chosen["certificate-lifetime"].settings["max_days"] == 180


@pytest.mark.parametrize("name", names())
def test_every_profile_names_rules_and_settings_there_are(name: str) -> None:
    import tomllib

    from auditor import profiles

    content = tomllib.loads((Path(profiles.__file__).parent / f"{name}.toml").read_text())
    assert set(content.get("rules", {})) <= set(RULES)
    found = profile(name, RULES.values())
    assert found.title
    configure(RULES.values(), {}, found)
    assert bool(found.rules) is (name != "default")


def test_no_profile_lowers_what_a_row_may_be_raised_to() -> None:
    """A severity in the settings stands for every row: it must not undo a rule's own raising."""
    for name in names():
        for id, section in profile(name, RULES.values()).rules.items():
            if "severity" in section:
                assert Severity.named(section["severity"]) > RULES[id].severity
                source = Path(RULES[id].file).read_text(encoding="utf-8")
                assert len(re.findall(r"\bseverity\b\W", source)) == 1, id


def test_a_frameworks_profile_holds_its_own_limits() -> None:
    assert profile("cis-m365-7.0", RULES.values()).rules["secret-lifetime"] == {"max_days": 180}
    for name in ("cis-m365-7.0", "scuba"):
        for each in RULES.values():
            own = [control.settings for control in each.controls if control.key == name]
            limits = {
                key: {str(one[key]) for one in own if key in one} for one in own for key in one
            }
            assert all(len(values) == 1 for values in limits.values()), each.id


def test_an_unknown_profile_is_told_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match=r"no profile 'strickt' \(nearest: strict\)"):
        profile("strickt", ())
