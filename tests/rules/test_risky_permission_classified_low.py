from typing import Any

from auditor.testing import try_rule

GRAPH = "00000003-0000-0000-c000-000000000000"
USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
LOW = {"resource_app_id": GRAPH, "classification": "low"}
TABLES: dict[str, Any] = {
    "permission_classifications": [
        {"permission_id": "mail", **LOW, "permission": "Mail.Read", "tier": 1},
        {"permission_id": "not-rated", **LOW, "tier": None},
        {"permission_id": "named-like", **LOW, "permission": "User.Read", "tier": 2},
        {"permission_id": USER_READ.upper(), **LOW, "permission": "User.Read", "tier": 2},
        {"permission_id": "medium", **LOW, "classification": "medium", "tier": 1},
        {"permission_id": "level-not-told", **LOW, "classification": None},
        {"permission_id": "api-not-told", **LOW, "resource_app_id": None},
    ]
}
FAILS = {"mail", "not-rated", "named-like"}
PASSES = {USER_READ.upper(), "medium"}
UNKNOWN = {"level-not-told", "api-not-told"}


def test_severity_follows_the_rating() -> None:
    found = try_rule("risky-permission-classified-low", TABLES).findings
    assert {each.part: each.severity for each in found} == {
        "mail": "high",
        "not-rated": "medium",
        "named-like": "medium",
    }


def test_the_same_id_of_another_api_is_another_permission() -> None:
    rows = [{"permission_id": USER_READ, **LOW, "resource_app_id": "other"}]
    result = try_rule("risky-permission-classified-low", {"permission_classifications": rows})
    assert result.failed == {USER_READ}


def test_one_can_be_allowed() -> None:
    settings = {"allowed": [f"{GRAPH}/mail"]}
    result = try_rule("risky-permission-classified-low", TABLES, settings=settings)
    assert "mail" in result.passed
