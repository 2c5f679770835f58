from typing import Any

import pytest

from auditor.testing import try_rule

GRAPH = "00000003-0000-0000-c000-000000000000"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
MAIL_READ = "810c84a8-4a9e-49e6-bf7d-12d183f40d01"
FULL_ACCESS = "dc890d15-9560-4a4c-9b7f-a736ec74ec40"


def grant(key: str, permission: str = FULL_ACCESS, **columns: object) -> dict[str, Any]:
    values = {"client_id": key, "app_id": key, "name": key, "publisher": "own", "resource_id": "r"}
    told = {"resource_app_id": EXCHANGE, "permission_id": permission, "resource_name": "Exchange"}
    return values | told | columns


def policy(app_id: str, right: str | None = "RestrictAccess", **columns: object) -> dict[str, Any]:
    values = {"app_id": app_id, "access_right": right, "scope": "Archive", "valid": True}
    return values | columns


# The label of a grant is its permission's id: one differs from the next in letter case alone.
TABLES: dict[str, Any] = {
    "grants": [
        grant("wide"),
        grant("foreign", FULL_ACCESS.upper(), publisher="foreign"),
        grant("mail", MAIL_READ),
        grant("other-api", FULL_ACCESS.replace("dc", "DC"), resource_app_id=GRAPH),
        grant("api-not-told", FULL_ACCESS.replace("dc", "Dc"), resource_app_id=None),
        grant("microsoft", FULL_ACCESS.replace("dc", "dC"), publisher="microsoft"),
        grant("publisher-not-told", MAIL_READ.upper(), publisher=None),
    ],
}
FAILS = {FULL_ACCESS, FULL_ACCESS.upper()}
PASSES = {MAIL_READ, FULL_ACCESS.replace("dc", "DC")}
UNKNOWN = {FULL_ACCESS.replace("dc", "Dc"), MAIL_READ.upper()}


@pytest.mark.parametrize(
    ("policies", "severity"),
    [
        ([], "critical"),
        ([policy("other")], "critical"),
        ([policy("wide", "DenyAccess")], "critical"),
        ([policy("WIDE")], "medium"),
        ([policy("*")], "medium"),
        ([policy("wide", valid=None)], "high"),
    ],
)
def test_an_access_policy_makes_it_less(policies: Any, severity: str) -> None:
    found = try_rule("ews-full-access", TABLES | {"access_policies": policies}).findings
    assert next(e.severity for e in found if e.object["id"] == "wide") == severity


def test_what_to_type() -> None:
    found = try_rule("ews-full-access", TABLES).findings[0]
    assert "Remove-MgServicePrincipalAppRoleAssignment" in found.fix
    assert "full_access_as_app" in found.message
