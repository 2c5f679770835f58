"""How Exchange.ManageAsApp, in each of its versions, is taken from a service principal."""

from __future__ import annotations

from auditor.knowledge import MANAGE_AS_APP

_IDS = ",".join(f"'{permission}'" for _, permission in MANAGE_AS_APP)
REMOVE_PERMISSION = (
    "Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {id} -All | "
    f"Where-Object AppRoleId -In {_IDS} | "
    "ForEach-Object {{ Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {id} "
    "-AppRoleAssignmentId $_.Id }}"
)
