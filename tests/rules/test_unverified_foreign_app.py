from typing import Any

from auditor.testing import try_rule

FOREIGN = {"publisher": "foreign", "owner_tenant": "stranger", "name": "App"}
TABLES: dict[str, Any] = {
    "service_principals": [
        {"id": "unverified", **FOREIGN, "verified": False},
        {"id": "privileged", **FOREIGN, "verified": False},
        {"id": "barely-privileged", **FOREIGN, "verified": False},
        {"id": "verified", **FOREIGN, "verified": True},
        {"id": "not-told", **FOREIGN, "verified": None},
        {"id": "tenant-not-told", **FOREIGN, "owner_tenant": None, "verified": False},
        {"id": "whose", **FOREIGN, "publisher": None, "verified": False},
        {"id": "own", **FOREIGN, "publisher": "own", "verified": False},
        {"id": "microsoft", **FOREIGN, "publisher": "microsoft", "verified": False},
    ],
    "privileged_principals": [
        {"id": "privileged", "principal": 1, "tier": 1},
        {"id": "barely-privileged", "principal": 2, "tier": None},
    ],
}
FAILS = {"unverified", "privileged", "barely-privileged"}
PASSES = {"verified"}
UNKNOWN = {"not-told", "tenant-not-told", "whose"}


def test_privilege_makes_it_worse() -> None:
    found = {e.object["id"]: e for e in try_rule("unverified-foreign-app", TABLES).findings}
    assert found["privileged"].severity == "high"
    assert found["unverified"].severity == found["barely-privileged"].severity == "medium"
    assert found["unverified"].message == (
        "App belongs to tenant stranger: its publisher is not verified."
    )


def test_a_trusted_tenant_needs_no_verification() -> None:
    trust = {"trusted_tenants": [" STRANGER "]}
    result = try_rule("unverified-foreign-app", TABLES, settings=trust)
    assert result.failed == set()
    assert "not-told" in result.passed


def test_with_an_allow_list_verification_does_not_help() -> None:
    only = {"trusted_tenants": ["another"], "only_trusted": True}
    result = try_rule("unverified-foreign-app", TABLES, settings=only)
    assert result.failed == FAILS | PASSES | {"not-told"}
    assert "not in the list of trusted tenants" in result.findings[0].message
