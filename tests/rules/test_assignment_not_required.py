from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False, "sign_in": True}
TABLES: dict[str, Any] = {
    "service_principals": [
        {"id": "open", **OWN, "assignment_required": False},
        {"id": "foreign", **OWN, "publisher": "foreign", "assignment_required": False},
        {"id": "closed", **OWN, "assignment_required": True},
        {"id": "not-told", **OWN, "assignment_required": None},
        {"id": "use-not-told", **OWN, "sign_in": None, "assignment_required": False},
        {"id": "whose", **OWN, "publisher": None, "assignment_required": False},
        {"id": "daemon", **OWN, "sign_in": False, "assignment_required": False},
        {"id": "managed", **OWN, "managed_identity": True, "assignment_required": False},
        {"id": "microsoft", **OWN, "publisher": "microsoft", "assignment_required": False},
    ]
}
FAILS = {"open", "foreign"}
PASSES = {"closed"}
UNKNOWN = {"not-told", "use-not-told", "whose"}


def test_daemons_and_microsofts_are_left_out() -> None:
    assert try_rule("assignment-not-required", TABLES).outcome.left_out == 3
