"""The datasets read from Exchange Online through its admin API (reference, sections 4.2 to 4.7)."""

from __future__ import annotations

from types import MappingProxyType

from auditor.datasets.dataset import Dataset

_PERMISSIONS = (("Exchange.ManageAsApp",),)
_ADVICE = (
    "The auditor's service principal also needs a role Exchange obeys: Global Reader in Entra, or "
    "membership of the role group View-Only Organization Management. Where it may not have that, an "
    "Exchange administrator can read it instead: auditor import-exchange --script."
)
_AUDIT_ADVICE = (
    "Exchange hides Search-UnifiedAuditLog without a role for it, and View-Only Organization "
    "Management has none. In Exchange Online PowerShell, as an administrator: New-RoleGroup -Name "
    "'Audit Log Readers' -Roles 'View-Only Audit Logs' -Members OBJECT_ID, with the object id of "
    "the auditor's service principal, which New-ServicePrincipal must have made known."
)
_ALL = MappingProxyType({"ResultSize": "Unlimited"})

EXCHANGE = (
    Dataset(
        name="exchange-role-groups",
        service="exchange",
        tier="exchange",
        throttle="exchange",
        title="Exchange role groups",
        path="Get-RoleGroup",
        permissions=_PERMISSIONS,
        advice=_ADVICE,
        may_be_empty=False,
        parameters=_ALL,
    ),
    Dataset(
        name="exchange-partner-role-groups",
        service="exchange",
        tier="exchange",
        throttle="exchange",
        title="Exchange role groups with those of partners",
        path="Get-RoleGroup",
        permissions=_PERMISSIONS,
        advice=_ADVICE,
        may_be_empty=False,  # the list holds the ordinary groups too
        parameters=MappingProxyType({"ResultSize": "Unlimited", "ShowPartnerLinked": True}),
    ),
    Dataset(
        name="exchange-role-group-members",
        service="exchange",
        tier="exchange",
        throttle="exchange",
        title="Members of Exchange role groups",
        path="Get-RoleGroupMember",
        permissions=_PERMISSIONS,
        advice=_ADVICE,
        parameters=_ALL,
        needs=("exchange-role-groups",),
        after=("exchange-partner-role-groups",),
    ),
    Dataset(
        name="exchange-service-principals",
        service="exchange",
        tier="exchange",
        throttle="exchange",
        title="Service principals Exchange knows",
        path="Get-ServicePrincipal",
        permissions=_PERMISSIONS,
        advice=_ADVICE,
    ),
    Dataset(
        name="exchange-role-assignments",
        service="exchange",
        tier="exchange",
        throttle="exchange",
        title="Exchange management role assignments",
        path="Get-ManagementRoleAssignment",
        permissions=_PERMISSIONS,
        advice=_ADVICE,
        may_be_empty=False,
    ),
    Dataset(
        name="exchange-access-policies",
        service="exchange",
        tier="exchange",
        throttle="exchange",
        title="Exchange application access policies",
        path="Get-ApplicationAccessPolicy",
        permissions=_PERMISSIONS,
        advice=_ADVICE,
    ),
    Dataset(
        name="exchange-management-scopes",
        service="exchange",
        tier="exchange",
        throttle="exchange",
        title="Exchange management scopes",
        path="Get-ManagementScope",
        permissions=_PERMISSIONS,
        advice=_ADVICE,
    ),
    Dataset(
        name="exchange-management-roles",
        service="exchange",
        tier="exchange",
        throttle="exchange",
        title="Exchange management roles, built-in and custom",
        path="Get-ManagementRole",
        permissions=_PERMISSIONS,
        advice=_ADVICE,
        may_be_empty=False,
    ),
    Dataset(
        name="exchange-organization-config",
        service="exchange",
        tier="exchange",
        throttle="exchange",
        title="The configuration of the Exchange organization",
        path="Get-OrganizationConfig",
        permissions=_PERMISSIONS,
        advice=_ADVICE,
        may_be_empty=False,
    ),
    Dataset(
        name="exchange-app-cmdlets",
        service="exchange",
        tier="exchange",
        throttle="exchange",
        title="Cmdlets that applications ran in Exchange (off by default)",
        path="Search-UnifiedAuditLog",
        permissions=_PERMISSIONS,
        advice=_AUDIT_ADVICE,
        parameters=MappingProxyType(
            {"RecordType": "ExchangeAdmin", "SessionCommand": "ReturnLargeSet"}
        ),
        needs=("organization", "service-principals", "app-role-assignments"),
        after=("exchange-service-principals",),
    ),
)
