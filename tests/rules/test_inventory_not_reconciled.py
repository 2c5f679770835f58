from typing import Any

from auditor.testing import try_rule

# Two tenants stand for a tenant before and after: what differs is who owns what.
OWN = {"type": "Application", "managed_identity": False, "publisher": "own"}
TABLES: dict[str, Any] = {
    "tenant": [{"id": "AAAA"}, {"id": "bbbb"}],
    "service_principals": [
        {"id": "whole", **OWN, "owner_tenant": "aaaa"},
        {"id": "ghost", **OWN, "owner_tenant": "aaaa"},
        {"id": "other-whole", **OWN, "owner_tenant": "BBBB"},
        {"id": "foreign", **OWN, "owner_tenant": "cccc", "publisher": "foreign"},
        {"id": "microsoft", **OWN, "owner_tenant": "dddd", "publisher": "microsoft"},
        {"id": "managed", "type": "ManagedIdentity", "managed_identity": True},
        {"id": "legacy", "type": "Legacy", "managed_identity": False},
    ],
    "applications": [
        {"id": "a", "principal": 0},
        {"id": "b", "principal": 2},
        {"id": "unborn", "principal": -1},
    ],
}
FAILS = {"AAAA"}
PASSES = {"bbbb"}
UNKNOWN: set[str] = set()


def test_the_message_tells_all_counts() -> None:
    (found,) = try_rule("inventory-not-reconciled", TABLES).findings
    assert found.severity == "info"
    assert found.message == (
        "2 service principals of this tenant's applications, 1 of them with one of 3 "
        "registrations; 1 of others, 1 of Microsoft, 1 managed identities."
    )


def test_it_never_passes_on_a_part() -> None:
    for dataset in ("applications", "service-principals"):
        result = try_rule("inventory-not-reconciled", TABLES, coverage={dataset: "partial"})
        assert not result.passed
        assert not result.failed


def test_a_service_principal_that_cannot_be_placed_makes_it_unknown() -> None:
    more = [*TABLES["service_principals"], {"id": "x", **OWN, "owner_tenant": None}]
    result = try_rule("inventory-not-reconciled", TABLES | {"service_principals": more})
    assert result.unknown == {"AAAA", "bbbb"}
