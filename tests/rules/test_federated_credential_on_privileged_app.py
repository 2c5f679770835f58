from typing import Any

from auditor.testing import try_rule

TABLES: dict[str, Any] = {
    "federated_credentials": [
        {"id": "tier-0", "application": 0, "name": "Zero", "issuer": "https://gitlab.com"},
        {"id": "tier-1", "application": 1, "issuer": "https://gitlab.com"},
        {"id": "not-rated", "application": 2},
        {"id": "harmless", "application": 3},
        {"id": "lost", "application": -1},
    ],
    "privileged_principals": [
        {"id": "sp-0", "application": 0, "tier": 0, "reasons": ["role Global Administrator"]},
        {"id": "sp-1", "application": 1, "tier": 1, "reasons": ["permission Mail.Read"]},
        {"id": "sp-2", "application": 2, "tier": None, "reasons": ["permission X (not rated)"]},
        {"id": "foreign", "application": -1, "tier": 0, "reasons": ["role Global Administrator"]},
    ],
}
FAILS = {"tier-0", "tier-1"}
PASSES = {"harmless"}
UNKNOWN = {"not-rated", "lost"}


def test_severity_follows_the_tier() -> None:
    found = try_rule("federated-credential-on-privileged-app", TABLES).findings
    assert {each.part: each.severity for each in found} == {"tier-0": "high", "tier-1": "medium"}


def test_the_message_says_why_the_application_is_privileged() -> None:
    found = try_rule("federated-credential-on-privileged-app", TABLES).findings
    told = {each.part: each.message for each in found}
    assert told["tier-0"] == (
        "https://gitlab.com signs in as Zero, which is privileged: role Global Administrator."
    )
