from typing import Any

from auditor.knowledge import GRAPH
from auditor.testing import try_rule

NOTHING = "00000000-0000-0000-0000-000000000000"


def grant(id: str, tier: int | None, path: str | None, **columns: object) -> dict[str, object]:
    values = {
        "permission_id": id,
        "tier": tier,
        "path": path,
        "resource_app_id": GRAPH,
        "resource_publisher": "microsoft",
    }
    return values | {"publisher": "own", "name": "Payroll", "id": f"a-{id}"} | columns


TABLES: dict[str, Any] = {
    "grants": [
        grant("direct", 0, "direct", permission="RoleManagement.ReadWrite.Directory"),
        grant("indirect", 0, "indirect"),
        grant("foreign", 0, "direct", publisher="foreign"),
        grant("identity", 0, "direct", managed_identity=True),
        grant("not-proven", 0, "not-proven"),
        grant("one", 1, "none"),
        grant("two", 2, "none"),
        grant("unrated", None, None),
        grant("listed-without-a-rating", None, "unknown"),
        grant("path-not-told", 0, None),
        grant("api-not-told", 0, "direct", resource_app_id=None),
        grant("publisher-not-told", 0, "direct", publisher=None),
        grant("microsoft", 0, "direct", publisher="microsoft"),
        grant("own-api", None, None, resource_publisher="own", resource_app_id="own"),
        grant("foreign-api", None, None, resource_publisher="foreign", resource_app_id="f"),
        grant(
            "publisher-of-the-api-not-told",
            None,
            None,
            resource_publisher=None,
            resource_app_id="x",
        ),
        grant("rated-api-of-another-tenant", 0, "direct", resource_publisher="foreign"),
        grant(NOTHING, None, None),
    ]
}
FAILS = {"direct", "indirect", "foreign", "identity", "rated-api-of-another-tenant"}
PASSES = {"not-proven", "one", "two"}
UNKNOWN = {
    "publisher-of-the-api-not-told",
    *("unrated", "listed-without-a-rating", "path-not-told", "api-not-told"),
    "publisher-not-told",
}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("path-to-global-administrator", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)
    assert result.outcome.left_out == 4


def test_direct_is_critical_and_told_as_such() -> None:
    found = {
        each.part.rpartition("/")[2]: each
        for each in try_rule("path-to-global-administrator", TABLES).findings
    }
    assert found["direct"].severity == "critical"
    assert found["indirect"].severity == "high"
    assert "RoleManagement.ReadWrite.Directory" in found["direct"].message
    assert "tested, direct path" in found["direct"].message
    assert "tested, indirect path" in found["indirect"].message
    assert found["direct"].fix.endswith("-AppRoleAssignmentId 'a-direct'")


def test_what_an_overlay_says_is_declared_not_tested_whoever_publishes_the_api() -> None:
    own = {"resource_publisher": "own", "resource_app_id": "own", "permission": "Payroll.All"}
    rows = [grant("own-api", 0, "direct", rated_by="overlay: it runs payroll", **own)]
    (found,) = try_rule("path-to-global-administrator", {"grants": rows}).findings
    assert "a declared, direct path" in found.message
    assert found.evidence["rated_by"] == "overlay: it runs payroll"
    tested = try_rule("path-to-global-administrator", TABLES).findings
    assert not any("rated_by" in each.evidence for each in tested)


def test_what_plants_credentials_or_permissions_anywhere_is_critical() -> None:
    everything = "1BFEFB4E-e0b5-418b-a88f-73c46d2cc8e9"
    owned = "18a4783c-866b-4cc7-a460-3d5e5662c884"
    rows = [
        grant(everything, 0, "indirect"),
        grant(owned, 0, "indirect"),
        grant(everything, 0, "indirect", resource_app_id="00000003-0000-0ff1-ce00-000000000000"),
    ]
    for number, row in enumerate(rows):
        row["client_id"] = f"p-{number}"
    found = try_rule("path-to-global-administrator", {"grants": rows}).findings
    assert {each.object["id"]: each.severity for each in found} == {
        "p-0": "critical",
        "p-1": "high",
        "p-2": "high",
    }
