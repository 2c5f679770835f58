"""Applications owned by a guest.

## What it does
Looks at every owner of an app registration or service principal, of this tenant's or of a foreign
publisher's application. One fails when it is a user whose userType is Guest: critical where the
application is tier 0, high where it is tier 1 or holds what nobody rates, else medium. Managed
identities and Microsoft's own service principals are left out. An owner whose type or userType is
not told is unknown.

## Why it matters
A guest's account is kept, protected and disabled by somebody else's administrators. Whoever gets
it, there, can add a credential to the application here and sign in as it. When the guest changes
employer nobody tells this tenant.

## How to fix
Name an accountable person of this tenant, in serviceManagementReference for privileged
applications, then remove the guest.
Portal: Entra admin center > App registrations, or Enterprise apps > the application > Owners.
Graph PowerShell: Remove-MgApplicationOwnerByRef -ApplicationId ID -DirectoryObjectId OWNER, or
Remove-MgServicePrincipalOwnerByRef -ServicePrincipalId ID -DirectoryObjectId OWNER.
Azure CLI: az ad app owner remove --id ID --owner-object-id OWNER.

## When it is fine
While a supplier builds an application that holds nothing yet. Accept it with an end date. External
accounts that were made Members, as organizations with several tenants do, are not counted.

## References
- https://learn.microsoft.com/entra/external-id/user-properties
- https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners
- https://attack.mitre.org/techniques/T1098/001/
Catalogue: OWN-004
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._standing import owned_by_people_here, ranked, with_privilege


@rule(
    id="guest-owner",
    severity="high",
    about="ownerships",
    where=owned_by_people_here,
    detail=("privileged_principals",),
    message="{owner}, a guest, owns {title}, which {can}, and can become it.",
    evidence=("owner_user", "owner_kind", "owner_enabled", "tier", "reasons"),
    controls=(nist_800_53("AC-20"), iso_27001("A.5.19"), mitre("T1098.001")),
)
def guest_owner(ownerships: DataFrame, privileged_principals: DataFrame) -> DataFrame:
    gone = ownerships["owner_gone"].fillna(False).astype(bool)
    user = (ownerships["owner_type"] == "user") & ~gone
    untold = (ownerships["owner_type"].isna() & ~gone) | (user & ownerships["owner_kind"].isna())
    guest = user & (ownerships["owner_kind"].str.lower() == "guest").fillna(False)
    found = ranked(with_privilege(ownerships[guest | untold], privileged_principals))
    return found.assign(
        unknown=Series(None, index=found.index, dtype=object).mask(
            untold[found.index], "whether its owner is a guest was not told"
        )
    )
