from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False, "reasons": ("permission X", "role Y")}
TABLES: dict[str, Any] = {
    "privileged_principals": [
        {"id": "off", "name": "Robot", **OWN, "tier": 0, "enabled": False},
        {"id": "off-one", **OWN, "tier": 1, "enabled": False},
        {"id": "off-unrated", **OWN, "tier": None, "enabled": False},
        {"id": "off-foreign", **OWN, "tier": 1, "enabled": False, "publisher": "foreign"},
        {"id": "off-identity", **OWN, "tier": 1, "enabled": False, "managed_identity": True},
        {"id": "on", **OWN, "tier": 0, "enabled": True},
        {"id": "not-told", **OWN, "tier": 0, "enabled": None},
        {"id": "publisher-not-told", **OWN, "tier": 0, "enabled": False, "publisher": None},
        {"id": "microsoft", **OWN, "tier": 0, "enabled": False, "publisher": "microsoft"},
    ]
}
FAILS = {"off", "off-one", "off-unrated", "off-foreign", "off-identity"}
PASSES = {"on"}
UNKNOWN = {"not-told", "publisher-not-told"}


def test_severity_and_message() -> None:
    found = {e.object["id"]: e for e in try_rule("disabled-application-privilege", TABLES).findings}
    assert found["off"].message == "Robot is disabled and keeps permission X, role Y."
    assert found["off"].severity == "high"
    assert found["off-one"].severity == found["off-unrated"].severity == "medium"
