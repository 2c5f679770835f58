from typing import Any

from auditor.testing import try_rule

GLOBAL = "62e90394-69f5-4237-9190-012177145e10"
HELD = {"publisher": "own", "scope": "/", "name": "Robot", "tier": 0, "template_id": GLOBAL}
GROUP = {"through_group": True, "group_id": "g1", "group_name": "Robots"}
LISTED = {"template_id": GLOBAL, "scope": "/", "member_type": "Direct", "permanent": True}
START = "2026-01-01T00:00:00Z"
TABLES: dict[str, Any] = {
    "workload_roles": [
        {"principal_id": "not-listed", **HELD},
        {"principal_id": "for-good", **HELD},
        {"principal_id": "tier-one", **HELD, "tier": 1},
        {"principal_id": "other-scope", **HELD, "scope": "/administrativeUnits/7"},
        {"principal_id": "only-as-member", **HELD},
        {"principal_id": "both", **HELD},
        {"principal_id": "in-lost-group", **HELD, **GROUP, "group_id": "g2"},
        {"principal_id": "begun", **HELD},
        {"principal_id": "ends", **HELD},
        {"principal_id": "in-group", **HELD, **GROUP},
        {"principal_id": "tier-two", **HELD, "tier": 2},
        {"principal_id": "dates-not-told", **HELD},
        {"principal_id": "scope-not-listed", **HELD},
        {"principal_id": "scope-not-told", **HELD, "scope": None},
        {"principal_id": "not-rated", **HELD, "tier": None},
        {"principal_id": "publisher-not-told", **HELD, "publisher": None},
        {"principal_id": "microsoft", **HELD, "publisher": "microsoft"},
    ],
    "role_schedules": [
        {"principal_id": "for-good", **LISTED, "page": 9},
        {"principal_id": "other-scope", **LISTED, "start": START},
        {"principal_id": "only-as-member", **LISTED, "start": START, "member_type": "Group"},
        {"principal_id": "both", **LISTED, "start": START},
        {"principal_id": "both", **LISTED},
        {"principal_id": "BEGUN", **LISTED, "start": START, "template_id": GLOBAL.upper()},
        {"principal_id": "ends", **LISTED, "permanent": False, "end": "2026-12-01T00:00:00Z"},
        {"principal_id": "g1", **LISTED, "start": START},
        {"principal_id": "dates-not-told", **LISTED, "permanent": None},
        {"principal_id": "scope-not-listed", **LISTED, "scope": None},
    ],
}
FAILS = {
    *("not-listed", "for-good", "tier-one", "other-scope", "only-as-member", "both"),
    "in-lost-group",
}
PASSES = {"begun", "ends", "in-group", "tier-two"}
UNKNOWN = {
    *("dates-not-told", "scope-not-listed", "scope-not-told", "not-rated", "publisher-not-told"),
}


def test_message_severity_fix_and_proof() -> None:
    found = {e.object["id"]: e for e in try_rule("role-outside-pim", TABLES).findings}
    assert found["not-listed"].message.endswith("directly: PIM does not know of it.")
    assert found["for-good"].message.endswith("assigned for good and not through PIM.")
    assert 9 in found["for-good"].pages
    assert found["for-good"].severity == "medium"
    assert found["tier-one"].severity == "low"
    assert "-PrincipalId 'for-good'" in found["for-good"].fix
    assert "-PrincipalId 'g2'" in found["in-lost-group"].fix
    assert "@{type = 'afterDateTime'; endDateTime = (Get-Date).AddDays(180)}" in (
        found["for-good"].fix
    )


def test_without_the_licence_nothing_is_judged() -> None:
    result = try_rule(
        "role-outside-pim", TABLES, coverage={"role-assignment-schedules": "unavailable"}
    )
    assert not result.failed
    assert not result.passed
    assert result.verdict == "unknown"
