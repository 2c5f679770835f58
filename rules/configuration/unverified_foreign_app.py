"""Applications of other tenants that nobody vouches for.

## What it does
Looks at service principals whose application is registered in another tenant. One fails when its
publisher is not verified by Microsoft and its owner tenant is not in `trusted_tenants`: medium, or
high if it holds a tier 0 or tier 1 permission or role here. With `only_trusted` every tenant that
is not in the list fails, verified or not: an allow list of publishers. Where a cloud does not tell
verified publishers (US government and China), applications of tenants that are not listed are
unknown.

## Why it matters
Anybody can register an application and give it any name. Verification ties it to a company that
Microsoft knows; without it there is only the id of a tenant. It proves who the publisher is, not
that the publisher means well: verified publishers were abused before.

## How to fix
Find out whose tenant it is and who asked for the application. If nobody knows, disable it, look at
its sign-ins, then remove it. Otherwise ask the publisher to get verified, or trust the tenant:
[rules.unverified-foreign-app] trusted_tenants = ["TENANT-ID"] in auditor.toml.
Portal: Entra admin center > Enterprise apps > the application > Properties, Permissions.
Graph PowerShell: Update-MgServicePrincipal -ServicePrincipalId ID -AccountEnabled:$false.
Azure CLI: az ad sp update --id ID --set accountEnabled=false.

## When it is fine
Applications of another tenant of your own organization, or of a supplier you have a contract with:
name their tenants in `trusted_tenants`.

## References
Catalogue: CFG-011, CFG-014 (trusted_tenants, only_trusted)
- https://learn.microsoft.com/entra/identity-platform/publisher-verification-overview
- https://learn.microsoft.com/entra/identity/enterprise-apps/manage-application-permissions
- https://www.microsoft.com/msrc/blog/2023/01/threat-actor-consent-phishing-campaign-abusing-the-verified-publisher-process
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import mitre, nist_800_53, rule

from ._foreign import foreign, trusted


@rule(
    id="unverified-foreign-app",
    severity="medium",
    about="service_principals",
    where=foreign,
    needs=("owner_tenant",),
    detail=("privileged_principals",),
    message="{name} belongs to tenant {owner_tenant}: {why}.",
    fix="Update-MgServicePrincipal -ServicePrincipalId {id} -AccountEnabled:$false",
    evidence=("verified", "verified_name", "enabled"),
    controls=(nist_800_53("AC-20"), mitre("T1199")),
)
def unverified_foreign_app(
    service_principals: DataFrame,
    privileged_principals: DataFrame,
    *,
    trusted_tenants: tuple[str, ...] = (),
    only_trusted: bool = False,
) -> DataFrame:
    apps = service_principals
    listed = trusted(apps, trusted_tenants)
    verified = apps["verified"]
    if only_trusted:
        fails = ~listed
        unsure = Series(False, index=apps.index)
        why = Series("it is not in the list of trusted tenants", index=apps.index)
    else:
        fails = ~listed & ~verified.fillna(True).astype(bool)
        unsure = ~listed & verified.isna()
        why = Series("its publisher is not verified", index=apps.index)
    held = privileged_principals
    strong = apps.index.isin(held["principal"][(held["tier"] <= 1).fillna(False).astype(bool)])
    blank = Series(None, index=apps.index, dtype=object)
    found = apps.assign(
        why=why,
        severity=Series("medium", index=apps.index).mask(strong, "high"),
        unknown=blank.mask(unsure, "whether its publisher is verified is not told"),
    )
    return found[fails | unsure]
