from typing import Any

from auditor.testing import try_rule

SECRET = {
    "kind": "secret",
    "holder_type": "application",
    "publisher": "own",
    "managed_identity": False,
    "name": "Mail job",
    "start": "2026-01-01",
    "end": "2026-12-31",
}
TABLES: dict[str, Any] = {
    "secrets": [
        {"key_id": "valid", "principal": 0, **SECRET},
        {"key_id": "not-yet", "principal": 0, **SECRET, "start": "2026-09-01"},
        {"key_id": "on-principal", "principal": 0, **SECRET, "holder_type": "servicePrincipal"},
        {"key_id": "tier-one", "principal": 1, **SECRET},
        {"key_id": "in-group", "principal": 2, **SECRET},
        {"key_id": "expired", "principal": 0, **SECRET, "end": "2026-05-31"},
        {"key_id": "tier-two", "principal": 3, **SECRET},
        {"key_id": "no-role", "principal": 9, **SECRET},
        {"key_id": "no-principal", "principal": -1, **SECRET},
        {"key_id": "not-rated", "principal": 4, **SECRET},
        {"key_id": "no-end", "principal": 0, **SECRET, "end": None},
        {"key_id": "publisher-not-told", "principal": 0, **SECRET, "publisher": None},
        {"key_id": "foreign", "principal": 0, **SECRET, "publisher": "foreign"},
        {"key_id": "managed", "principal": 0, **SECRET, "managed_identity": True},
    ],
    "workload_roles": [
        {"principal": 0, "tier": 1, "role": "Global Reader"},
        {"principal": 0, "tier": 0, "role": "User Administrator", "page": 7},
        {"principal": 0, "tier": None, "role": "Our own"},
        {"principal": 1, "tier": 1, "role": "Global Reader", "scope": "/administrativeUnits/7"},
        {"principal": 2, "tier": 0, "through_group": True, "group_id": "g1"},
        {"principal": 3, "tier": 2, "role": "Reports Reader"},
        {"principal": 4, "tier": None, "role": "Our own"},
        {"principal": 4, "tier": 2, "role": "Reports Reader"},
    ],
}
FAILS = {"valid", "not-yet", "on-principal", "tier-one", "in-group"}
PASSES = {"expired", "tier-two", "no-role", "no-principal"}
UNKNOWN = {"not-rated", "no-end", "publisher-not-told"}


def test_the_worst_role_is_named_with_its_page() -> None:
    found = {each.part: each for each in try_rule("privileged-role-secret", TABLES).findings}
    assert found["valid"].message == (
        "Mail job holds the directory role User Administrator and has the client secret valid, "
        "which ends 2026-12-31."
    )
    assert found["valid"].severity == "critical"
    assert 7 in found["valid"].pages
    assert found["tier-one"].severity == "high"
    assert found["valid"].fix.startswith("Remove-MgApplicationPassword ")
    assert found["on-principal"].fix.startswith("Remove-MgServicePrincipalPassword ")
