"""Service providers that administer this tenant from theirs.

## What it does
Looks at every organization that the cross-tenant access settings name. One fails when it is marked as
a service provider: it has, or had, a partner relationship with this tenant. One that is not marked
passes; where the mark was not told it is unknown. Which roles the relationship gives is kept in the
partner's tenant and cannot be read here; partner-linked-role-group tells what a partner reaches in
Exchange, by a group of its own.

## Why it matters
People of the provider administer this tenant with granular delegated admin privileges (GDAP), and
none of them shows among its users or role assignments. They follow the provider's rules for sign-in
and leavers, and a provider is attacked for all its customers at once.

## How to fix
Look up the relationship and its roles. End what is over; ask for the one role needed, with an end
date and without automatic extension. Require multifactor authentication of service provider users by
Conditional Access.
Portal: Microsoft 365 admin center > Settings > Partner relationships; Entra admin center > External
Identities > Cross-tenant access settings.
Graph PowerShell: Get-MgPolicyCrossTenantAccessPolicyPartner
-CrossTenantAccessPolicyConfigurationPartnerTenantId TENANT.

## When it is fine
When a contract names the provider and what it administers. Accept it until the contract ends.

## References
- https://learn.microsoft.com/graph/api/resources/crosstenantaccesspolicyconfigurationpartner
- https://learn.microsoft.com/microsoft-365/commerce/manage-partners
- https://learn.microsoft.com/partner-center/customers/gdap-introduction
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import iso_27001, mitre, nist_800_53, rule


@rule(
    id="service-provider",
    severity="medium",
    about="partners",
    needs=("service_provider",),
    message="The organization {tenant_id} is a service provider with a partner relationship here.",
    evidence=("trusts_mfa", "same_organization"),
    controls=(
        nist_800_53("AC-20"),
        iso_27001("A.5.22"),
        mitre("T1199"),
    ),
    fix="Get-MgPolicyCrossTenantAccessPolicyPartner "
    "-CrossTenantAccessPolicyConfigurationPartnerTenantId {tenant_id}",
)
def service_provider(partners: DataFrame) -> DataFrame:
    return partners[partners["service_provider"]]
