"""Workload identities with a directory role on an administrative unit.

## What it does
Looks at every active directory role of an application or managed identity, held itself or through a
group. One whose scope is an administrative unit fails, whatever the role: restricted management
units are made for the accounts that ordinary administrators must not touch, and a role on one
reaches exactly those. Whether the unit is restricted, and who is in it, is not read: look at the
unit. Other scopes pass; a scope that was not told is unknown. Microsoft's own service principals
are left out.

## Why it matters
A role on a unit is narrower than one on the whole directory, and easily overlooked for that: it
shows on the unit. What it reaches changes with the unit's members, by hand or by a rule on
attributes that others may write, and in a restricted unit these are the most sensitive accounts.

## How to fix
Read the unit first. If it is restricted, or holds administrators, remove the role unless this
application has to manage just them; otherwise make sure that only administrators decide who is in.
Portal: Entra admin center > Administrative units > the unit > Properties, and Roles and
administrators.
Graph PowerShell: Get-MgDirectoryAdministrativeUnit -AdministrativeUnitId UNIT -Property
displayName,isMemberManagementRestricted,membershipRule; then
Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId ID.

## When it is fine
When the unit is an ordinary one, a branch or a school, and the role was put there instead of on the
whole directory: that is what units are for. Accept it with the unit's name.

## References
- https://learn.microsoft.com/entra/identity/role-based-access-control/administrative-units
- https://learn.microsoft.com/entra/identity/role-based-access-control/admin-units-restricted-management
- https://learn.microsoft.com/graph/api/resources/administrativeunit

Catalogue: ROLE-012
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import nist_800_53, rule

from .._shared import not_microsoft
from ._remedies import told

_UNITS = "/administrativeunits/"


@rule(
    id="role-in-administrative-unit",
    severity="low",
    about="workload_roles",
    where=not_microsoft,
    needs=("scope",),
    message="{name} holds the directory role {role} on the administrative unit {unit}, {through}.",
    evidence=("tier", "template_id", "group_id"),
    controls=(nist_800_53("AC-6"),),
)
def role_in_administrative_unit(workload_roles: DataFrame) -> DataFrame:
    inside = workload_roles["scope"].str.lower().str.startswith(_UNITS)
    held = workload_roles[inside]
    return told(held).assign(unit=held["scope"].str.slice(len(_UNITS)))
