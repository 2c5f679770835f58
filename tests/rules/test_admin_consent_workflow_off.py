from typing import Any

from auditor.testing import try_rule

GOOD = {"enabled": True, "notifies": True, "reminds": True, "days": 30, "reviewers": ["/users/1"]}
TABLES: dict[str, Any] = {
    "admin_consent_policy": [
        {"id": "off", **GOOD, "enabled": False, "reviewers": None},
        {"id": "nobody", **GOOD, "reviewers": []},
        {"id": "silent", **GOOD, "notifies": False},
        {"id": "no-reminder", **GOOD, "reminds": False},
        {"id": "too-long", **GOOD, "days": 61},
        {"id": "good", **GOOD},
        {"id": "at-the-limit", **GOOD, "days": 60},
        {"id": "enabled-not-told", **GOOD, "enabled": None},
        {"id": "reviewers-not-told", **GOOD, "reviewers": None},
        {"id": "days-not-told", **GOOD, "days": None},
    ]
}
FAILS = {"off", "nobody", "silent", "no-reminder", "too-long"}
PASSES = {"good", "at-the-limit"}
UNKNOWN = {"enabled-not-told", "reviewers-not-told", "days-not-told"}


def test_severity_and_message() -> None:
    found = {
        each.object["id"]: (each.severity, each.evidence["reason"])
        for each in try_rule("admin-consent-workflow-off", TABLES).findings
    }
    assert found["off"] == ("medium", "the workflow is off")
    assert found["nobody"] == ("medium", "it names no reviewer")
    assert found["silent"] == ("low", "reviewers are not told")
