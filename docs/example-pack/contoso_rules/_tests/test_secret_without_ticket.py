"""The rows that secret-without-ticket is tried on; `auditor rules test contoso_rules` takes them."""

from __future__ import annotations

from pathlib import Path

from auditor.testing import rule_named, try_rule

RULE = rule_named("secret-without-ticket", Path(__file__).parents[1])
TABLES = {
    "secrets": [
        {"key_id": "ticketed", "label": "CHG-004711 backup job", "publisher": "own"},
        {"key_id": "nameless-job", "label": "backup job", "publisher": "own"},
        {"key_id": "no-label", "label": None, "publisher": "own"},
        {"key_id": "whose", "label": "backup job", "publisher": None},
        {"key_id": "foreign", "label": "backup job", "publisher": "foreign"},
    ]
}
FAILS = {"nameless-job"}
PASSES = {"ticketed"}
UNKNOWN = {"no-label", "whose"}


def test_the_form_of_tickets_is_a_setting() -> None:
    result = try_rule(RULE, TABLES, settings={"pattern": "backup"})
    assert result.passed == {"ticketed", "nameless-job"}
