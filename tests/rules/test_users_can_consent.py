from typing import Any

from auditor.testing import try_rule

LOW, LEGACY = "microsoft-user-default-low", "microsoft-user-default-legacy"
TABLES: dict[str, Any] = {
    "authorization_policy": [
        {"id": "legacy", "self_consent": [LEGACY]},
        {"id": "own", "self_consent": [LOW, "everything-goes"]},
        {"id": "recommended", "self_consent": ["microsoft-user-default-recommended"]},
        {"id": "low", "self_consent": [LOW.upper()]},
        {"id": "none", "self_consent": []},
        {"id": "not-told", "self_consent": None},
    ]
}
FAILS, PASSES, UNKNOWN = {"legacy", "own", "recommended"}, {"low", "none"}, {"not-told"}


def test_only_no_consent_at_all_satisfies_cis() -> None:
    result = try_rule("users-can-consent", TABLES, settings={"allowed": []})
    assert result.passed == {"none"}


def test_severity_and_message() -> None:
    found = {each.object["id"]: each for each in try_rule("users-can-consent", TABLES).findings}
    assert {id: each.severity for id, each in found.items()} == {
        "legacy": "high",
        "own": "high",
        "recommended": "medium",
    }
    assert found["own"].message.endswith("under everything-goes.")
