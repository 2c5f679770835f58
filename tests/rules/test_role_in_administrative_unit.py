from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "name": "Helpdesk Bot", "role": "User Administrator", "tier": 0}
UNIT = {**OWN, "scope": "/administrativeUnits/0aa"}
TABLES: dict[str, Any] = {
    "workload_roles": [
        {"principal_id": "unit", **UNIT},
        {"principal_id": "harmless-role", **UNIT, "tier": 2},
        {"principal_id": "other-case", **OWN, "scope": "/AdministrativeUnits/0bb"},
        {"principal_id": "custom-role", **UNIT, "tier": None},
        {"principal_id": "in-group", **UNIT, "through_group": True, "group_id": "g1"},
        {"principal_id": "directory", **OWN, "scope": "/"},
        {"principal_id": "on-an-application", **OWN, "scope": "/0cc"},
        {"principal_id": "scope-not-told", **OWN, "scope": None},
        {"principal_id": "publisher-not-told", **UNIT, "publisher": None},
        {"principal_id": "microsoft", **UNIT, "publisher": "microsoft"},
    ]
}
FAILS = {"unit", "harmless-role", "other-case", "custom-role", "in-group"}
PASSES = {"directory", "on-an-application"}
UNKNOWN = {"scope-not-told", "publisher-not-told"}


def test_the_message_names_the_unit() -> None:
    found = {e.object["id"]: e for e in try_rule("role-in-administrative-unit", TABLES).findings}
    assert found["unit"].message == (
        "Helpdesk Bot holds the directory role User Administrator on the administrative unit 0aa, "
        "directly."
    )
    assert {each.severity for each in found.values()} == {"low"}
