"""Application permissions with a tested path to Global Administrator.

## What it does
Looks at every application permission that an application or managed identity holds, and at its
rating, by API and permission id. A direct path (the permission itself can make its holder Global
Administrator) is critical. An indirect one (through a further permission, identity or object that
it can take) is high; critical for those that plant a credential or a permission in any application
(Application.ReadWrite.All, Application.ReadUpdate.All, AppRoleAssignment.ReadWrite.All).
Both were tested by the source of the rating.
Tier 0 ratings whose path is "not-proven" were not tested, most rest on one model: they pass here
and show in the tables of grants, and the application counts as privileged in the rules about owners.
A permission of Microsoft's that nobody rates is unknown. Your ratings overlay may rate permissions
otherwise; findings that rest on it say so. Permissions on your own and other publishers' APIs are
left out: only who wrote such an API knows what it does with them. So are Microsoft's own service
principals.

## Why it matters
With such a permission, one secret in a pipeline is the tenant. No person is asked and no
multifactor authentication stands between.

## How to fix
Ask which calls the application makes, grant the narrowest permission that allows them (often one of
the .Selected, .OwnedBy or read-only ones), test, then remove this one.
Portal: Entra admin center > Enterprise apps > the application > Permissions.
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT. For a while, watch the application's sign-ins and audit records.

## When it is fine
Tools that administer the directory itself need it: identity governance, the tenant's own
infrastructure pipeline. Accept each with an owner and an end date, keep it without secrets, and
treat the systems that hold its credential as those of a Global Administrator.

## References
- https://learn.microsoft.com/graph/permissions-reference
- https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions
- https://github.com/emiliensocchi/azure-tiering
- https://attack.mitre.org/techniques/T1098/001/

Catalogue: PERM-001, PERM-002, PERM-011
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.knowledge import GRAPH
from auditor.rule import iso_27001, mitre, nist_800_53, pci_dss, rule, soc2

from .._shared import not_microsoft
from ._held import microsofts_api
from ._match import NO_PERMISSION

_SEVERITY = {"direct": "critical", "indirect": "high"}
# They put a credential on, or a permission in, any application: one request from a direct path.
# Application.ReadWrite.OwnedBy reaches what it owns, and stays as it is rated.
_PLANTS = frozenset(
    f"{GRAPH}/{id}"
    for id in (
        "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",  # Application.ReadWrite.All
        "06b708a9-e830-4db3-a914-8e69da51d44f",  # AppRoleAssignment.ReadWrite.All
        "fc023787-fd04-4e44-9bc7-d454f00c0f0a",  # Application.ReadUpdate.All
    )
)


def _permissions(grants: DataFrame) -> Series:
    judged = microsofts_api(grants) & (grants["permission_id"] != NO_PERMISSION)
    return not_microsoft(grants) & judged


@rule(
    id="path-to-global-administrator",
    severity="high",
    about="grants",
    where=_permissions,
    needs=("tier", "path", "resource_app_id"),
    message="{name} holds {held} on {resource_name}: "
    "a {proof}, {path} path to Global Administrator.",
    fix="Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {client_id}"
    " -AppRoleAssignmentId {id}",
    evidence=("basis", "created", "managed_identity"),
    controls=(
        nist_800_53("AC-6"),
        nist_800_53("AC-6(1)"),
        iso_27001("A.8.2"),
        soc2("CC6.3"),
        pci_dss("7.2.5"),
        mitre("T1098.001"),
        mitre("T1098.003"),
    ),
)
def path_to_global_administrator(grants: DataFrame) -> DataFrame:
    plants = (grants["resource_app_id"] + "/" + grants["permission_id"]).str.lower().isin(_PLANTS)
    severity = (
        grants["path"].map(_SEVERITY).mask(plants & (grants["path"] == "indirect"), "critical")
    )
    held = grants["permission"].fillna(grants["permission_id"])
    proof = Series("tested", index=grants.index).mask(grants["rated_by"].notna(), "declared")
    return grants.assign(held=held, proof=proof, severity=severity)[severity.notna()]
