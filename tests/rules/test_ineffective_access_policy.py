from typing import Any

import pytest

from auditor.knowledge import LEVELS
from auditor.testing import try_rule


def policy(app_id: str, right: str | None = "RestrictAccess", **columns: object) -> dict[str, Any]:
    values = {"app_id": app_id, "access_right": right, "scope": "Archive", "valid": True}
    return values | columns


def access(app_id: str, level: str, **columns: object) -> dict[str, Any]:
    rank = LEVELS.index(level)
    return {"app_id": app_id, "level": level, "rank": rank, "unrated": ()} | columns


# The label of a policy is its application.
TABLES: dict[str, Any] = {
    "access_policies": [
        policy("invalid", valid=False),
        policy("no-scope", scope=""),
        policy("deny-only", "DenyAccess"),
        policy("Administrator"),
        policy("fine"),
        policy("fine-too", "DenyAccess", scope="Board"),
        policy("fine-too", identity="second"),
        policy("reader"),
        policy("valid-not-told", valid=None),
        policy("right-not-told", None),
        policy("scope-not-told", scope=None),
        policy("deny-and-unsure", "DenyAccess"),
        policy("deny-and-unsure", valid=None, identity="third"),
        policy("maybe-administrator"),
    ],
    "exchange_access": [
        access("administrator", "recipient"),
        access("reader", "read"),
        access("maybe-administrator", "dormant", unrated=("role X (not rated)",)),
    ],
}
FAILS = {"invalid", "no-scope", "deny-only", "Administrator"}
PASSES = {"fine", "fine-too", "reader"}
UNKNOWN = {
    *("valid-not-told", "right-not-told", "scope-not-told", "deny-and-unsure"),
    "maybe-administrator",
}


def test_why_and_how_bad() -> None:
    findings = try_rule("ineffective-access-policy", TABLES).findings
    told = {each.object["app_id"]: each for each in findings}
    assert told["deny-only"].severity == "medium"
    assert told["invalid"].severity == told["Administrator"].severity == "high"
    assert "at level recipient, and no policy binds that" in told["Administrator"].message
    assert "Remove-ApplicationAccessPolicy" in told["invalid"].fix


@pytest.mark.parametrize("right", ["RestrictAccess", "DenyAccess"])
def test_policies_for_every_application(right: str) -> None:
    policies = [policy("*", right), policy("app", "DenyAccess")]
    result = try_rule("ineffective-access-policy", {"access_policies": policies})
    assert result.failed == (set() if right == "RestrictAccess" else {"*", "app"})
