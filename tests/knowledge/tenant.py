"""A made-up tenant with things that nobody rates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from auditor.datasets import DATASETS
from auditor.knowledge import EXCHANGE, GRAPH, MICROSOFT_TENANTS
from auditor.ledger import LedgerLine, Result
from auditor.snapshot import SnapshotWriter
from tests.tables.made_up import TENANT

GLOBAL_ADMINISTRATOR = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"  # RoleManagement.ReadWrite.Directory
BRAND_NEW = "aaaaaaaa-1111-4222-8333-444444444444"
CUSTOM_ROLE = "bbbbbbbb-1111-4222-8333-444444444444"
PAYROLL = "cccccccc-1111-4222-8333-444444444444"
HOSTILE = 'Keys"\n[[role]] \u202e'


def _principal(id: str, app_id: str, name: str, owner: str = TENANT, **more: Any) -> dict[str, Any]:
    lists = dict.fromkeys(("passwordCredentials", "keyCredentials", "owners"), ())
    kind = {"servicePrincipalType": "Application", "appOwnerOrganizationId": owner}
    return {"id": id, "appId": app_id, "displayName": name, **kind, **lists, **more}


def _role(id: str, name: str) -> dict[str, Any]:
    return {"id": id, "value": name, "allowedMemberTypes": ["Application"]}


def _grant(id: str, client: str, resource: str) -> dict[str, Any]:
    return {
        "id": f"{client}-{id[:4]}",
        "principalId": client,
        "principalType": "ServicePrincipal",
        "resourceId": resource,
        "appRoleId": id,
    }


def _holds(role: str, assignee: str, kind: str) -> dict[str, str]:
    return {
        "Name": f"{role}-{assignee}",
        "Role": role,
        "RoleAssigneeName": assignee,
        "RoleAssigneeType": kind,
        "RoleAssignmentDelegationType": "Regular",
    }


MICROSOFT = min(MICROSOFT_TENANTS)
OFFERS = {"appRoles": [_role(BRAND_NEW, "Brand.New"), _role(PAYROLL, "Never.Held")]}
ROWS: dict[str, list[dict[str, Any]]] = {
    "service-principals": [
        _principal("sp", "client", "Backup"),
        _principal("graph", GRAPH, "Microsoft Graph", MICROSOFT, **OFFERS),
        _principal("exo", EXCHANGE, "Office 365 Exchange Online", MICROSOFT),
        _principal("own", PAYROLL, "Payroll", appRoles=[_role(PAYROLL, "Payroll.All")]),
    ],
    "app-role-assignments": [
        _grant(GLOBAL_ADMINISTRATOR, "sp", "graph"),
        _grant(BRAND_NEW, "sp", "graph"),
        _grant(PAYROLL, "sp", "own"),
        _grant("dc50a0fb-09a3-484d-be87-e023b12c6440", "sp", "exo"),
    ],
    "delegated-grants": [
        {
            "id": "dg",
            "clientId": "sp",
            "resourceId": "graph",
            "consentType": "AllPrincipals",
            "scope": "User.Read Scope.Of.Tomorrow",
        }
    ],
    "role-definitions": [
        {"id": CUSTOM_ROLE, "templateId": CUSTOM_ROLE, "displayName": HOSTILE, "isBuiltIn": False}
    ],
    "role-assignments": [
        {"id": "ra", "principalId": "sp", "roleDefinitionId": CUSTOM_ROLE, "directoryScopeId": "/"}
    ],
    "exchange-role-groups": [
        {"Name": "Organization Management", "Guid": "g0", "Members": [], "Roles": []}
    ],
    "exchange-role-assignments": [
        _holds("Contoso Mail Moves", "sp", "ServicePrincipal"),
        _holds("MyBaseOptions", "Default Role Assignment Policy", "RoleAssignmentPolicy"),
    ],
}


def write(path: Path, *, refused: str = "") -> Path:
    """The tenant as a sealed snapshot; `refused` is a dataset that was not allowed."""
    writer = SnapshotWriter(path, tenant={"id": TENANT, "name": "Contoso"})
    for dataset, rows in ROWS.items():
        if dataset != refused:
            writer.page(
                dataset=dataset,
                method="GET",
                url="https://graph.microsoft.com/v1.0/x",
                status=200,
                headers={"date": "Tue, 19 May 2026 10:00:00 GMT"},
                body=orjson.dumps({"value": rows}),
            )
    results = {refused: Result.REFUSED}
    return writer.seal([LedgerLine(n, results.get(n, Result.COMPLETE)) for n in DATASETS])
