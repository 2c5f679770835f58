from typing import Any

import pytest

from auditor.knowledge import EXCHANGE, EXCHANGE_PROTECTION, GRAPH
from auditor.testing import try_rule

MANAGE = "dc50a0fb-09a3-484d-be87-e023b12c6440"
MANAGE_V2 = "ea3d980d-ebc7-4be4-8298-a167e5b8797c"
MANAGE_GOVERNMENT = "455e5cd2-84e8-4751-8344-5672145dfa17"
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
        {"key_id": "never-ends", "principal": 1, **SECRET, "end": "9999-12-31T23:59:59.9999999Z"},
        {"key_id": "government", "principal": 2, **SECRET},
        {"key_id": "foreign", "principal": 3, **SECRET, "publisher": "foreign"},
        {"key_id": "expired", "principal": 0, **SECRET, "end": "2026-05-31"},
        {"key_id": "ends-now", "principal": 0, **SECRET, "end": "2026-06-01T00:00:00Z"},
        {"key_id": "other-permission", "principal": 4, **SECRET},
        {"key_id": "same-id-elsewhere", "principal": 5, **SECRET},
        {"key_id": "no-principal", "principal": -1, **SECRET},
        {"key_id": "api-not-told", "principal": 6, **SECRET},
        {"key_id": "no-end", "principal": 0, **SECRET, "end": None},
        {"key_id": "publisher-not-told", "principal": 0, **SECRET, "publisher": None},
        {"key_id": "microsoft", "principal": 0, **SECRET, "publisher": "microsoft"},
    ],
    "grants": [
        {"client": 0, "resource_app_id": EXCHANGE, "permission_id": MANAGE, "page": 7},
        {"client": 1, "resource_app_id": EXCHANGE.upper(), "permission_id": MANAGE_V2.upper()},
        {
            "client": 2,
            "resource_app_id": EXCHANGE_PROTECTION,
            "permission_id": MANAGE_GOVERNMENT,
        },
        {"client": 3, "resource_app_id": EXCHANGE, "permission_id": MANAGE},
        {"client": 4, "resource_app_id": EXCHANGE, "permission_id": "another"},
        {"client": 5, "resource_app_id": GRAPH, "permission_id": MANAGE},
        {"client": 6, "resource_app_id": None, "permission_id": MANAGE},
        {"client": -1, "resource_app_id": EXCHANGE, "permission_id": MANAGE},
    ],
}
FAILS = {"valid", "not-yet", "on-principal", "never-ends", "government", "foreign"}
PASSES = {"expired", "ends-now", "other-permission", "same-id-elsewhere", "no-principal"}
UNKNOWN = {"api-not-told", "no-end", "publisher-not-told"}


def test_message_fix_and_proof() -> None:
    result = try_rule("exchange-app-secret", TABLES)
    found = {each.part: each for each in result.findings}
    assert found["valid"].message == (
        "Mail job holds Exchange.ManageAsApp and has the client secret valid, which ends 2026-12-31."
    )
    assert "Exchange.ManageAsAppV2" in found["never-ends"].message
    assert "9999-12-31" in found["never-ends"].message
    assert found["valid"].fix.startswith("Remove-MgApplicationPassword ")
    assert found["on-principal"].fix.startswith("Remove-MgServicePrincipalPassword ")
    assert 7 in found["valid"].pages
    assert {each.severity for each in result.findings} == {"critical"}


def test_both_permissions_are_told_once() -> None:
    grants = [
        {"client": 0, "resource_app_id": EXCHANGE, "permission_id": id}
        for id in (MANAGE_V2, MANAGE, MANAGE)
    ]
    result = try_rule("exchange-app-secret", {**TABLES, "grants": grants})
    message = next(each.message for each in result.findings if each.part == "valid")
    assert "holds Exchange.ManageAsApp, Exchange.ManageAsAppV2 and" in message


@pytest.mark.parametrize("grants", [[], TABLES["grants"][4:6]])
def test_without_the_permission_nothing_fails(grants: list[dict[str, object]]) -> None:
    result = try_rule("exchange-app-secret", {**TABLES, "grants": grants})
    assert not result.failed
    assert "api-not-told" in result.passed
