from typing import Any

import pytest

from auditor.audit import Finding
from auditor.testing import try_rule
from tests.rules.owner_rows import (
    GONE,
    HARMLESS,
    NOT_TOLD,
    OUTSIDE,
    PRIVILEGED,
    TIER_ONE,
    UNRATED,
    UNTOLD,
    owner,
    service,
)


def role(who: str, tier: int | None, **columns: Any) -> dict[str, Any]:
    path = {0: "direct", 1: "none", 2: "none", None: None}[tier]
    return {"principal_id": who, "tier": tier, "path": path, "scope": "/"} | columns


TABLES: dict[str, Any] = {
    "ownerships": [
        owner("nobody"),
        owner("nobody-one", TIER_ONE),
        owner("one-of-zero"),
        owner("two-of-one", TIER_ONE),
        owner("untested"),
        owner("of-a-unit"),
        owner("disabled", owner_enabled=False),
        owner("eligible"),
        owner("eligible-too-low"),
        owner("through-eligible-group"),
        owner("untold", **UNTOLD),
        service("robot"),
        service("robot-of-one", TIER_ONE, owner_principal=20),
        owner("admin"),
        owner("admin-in-group"),
        owner("one-of-one", TIER_ONE),
        owner("admin-of-unrated", UNRATED),
        service("itself", owner_principal=0),
        service("robot-of-zero", owner_principal=21),
        owner("harmless", HARMLESS),
        owner("gone", **GONE),
        owner("custom-role"),
        owner("scope-not-told"),
        owner("of-unrated", UNRATED),
        service("robot-unrated", owner_principal=2),
        *OUTSIDE,
        *NOT_TOLD,
    ],
    "privileged_principals": [
        *PRIVILEGED,
        {"id": "other-zero", "principal": 21, "tier": 0},
    ],
    "role_assignments": [
        role("one-of-zero", 1),
        role("two-of-one", 2),
        role("untested", 0, path="not-proven"),
        role("of-a-unit", 0, scope="/administrativeUnits/1"),
        role("ADMIN", 0),
        role("admin", None),
        role("admins", 0),
        role("one-of-one", 1),
        role("admin-of-unrated", 0),
        role("custom-role", None),
        role("scope-not-told", 0, scope=None),
    ],
    "group_members": [
        {"group_id": "Admins", "member_id": "admin-in-group"},
        {"group_id": "soon", "member_id": "through-eligible-group"},
    ],
    "role_eligibility": [role("eligible", 0), role("eligible-too-low", 1), role("soon", 0)],
}
FAILS = {
    *("nobody", "nobody-one", "one-of-zero", "two-of-one", "untested", "of-a-unit", "disabled"),
    *("eligible", "eligible-too-low", "through-eligible-group", "untold", "robot", "robot-of-one"),
}
PASSES = {
    *("admin", "admin-in-group", "one-of-one", "admin-of-unrated", "itself", "robot-of-zero"),
    *("harmless", "gone"),
}
UNKNOWN = {
    *("custom-role", "scope-not-told", "of-unrated", "robot-unrated"),
    *("publisher-not-told", "mi-not-told"),
}


@pytest.fixture(scope="module")
def found() -> dict[str, Finding]:
    tried = try_rule("owner-below-app-tier", TABLES)
    return {each.evidence["owner_id"]: each for each in tried.findings}


def test_severity_follows_the_application_and_eligibility(found: dict[str, Finding]) -> None:
    assert found["nobody"].severity == found["untested"].severity == "critical"
    assert found["nobody-one"].severity == "high"
    assert found["eligible"].severity == found["through-eligible-group"].severity == "high"
    assert found["eligible-too-low"].severity == "critical"


def test_the_message_tells_the_owners_own_standing(found: dict[str, Finding]) -> None:
    assert found["nobody"].message == (
        "Nobody, who holds no rated privilege, owns Payroll, which is tier 0, and can become it: "
        "permission X."
    )
    assert found["one-of-zero"].message.startswith("One-Of-Zero, itself of tier 1, owns")
    assert "eligible for a role of tier 0, owns" in found["eligible"].message
    assert found["one-of-zero"].evidence["owner_tier"] == 1


@pytest.mark.parametrize("dataset", ["role-assignments", "group-members", "directory-roles"])
def test_roles_that_were_not_read_do_not_fail_anybody(dataset: str) -> None:
    result = try_rule("owner-below-app-tier", TABLES, coverage={dataset: "partial"})
    assert not result.failed
    assert result.unknown >= FAILS


def test_eligibility_is_only_a_detail() -> None:
    result = try_rule("owner-below-app-tier", TABLES, coverage={"role-eligibility": "unavailable"})
    assert result.failed == FAILS
    assert "role-eligibility" in result.outcome.detail_missing
