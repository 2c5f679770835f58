"""Applications owned by a disabled or deleted account.

## What it does
Looks at every owner of an app registration or service principal, of this tenant's or of a foreign
publisher's application. One fails when its account is disabled, or when the service says that it no
longer exists: high where the application is privileged or holds what nobody rates, else medium.
Managed identities and Microsoft's own service principals are left out. An owner of whom neither was
told is unknown.

## Why it matters
The person has left and still stands for the application: nobody answers when its credential
expires, leaks or is misused. An account that is enabled again, by mistake or by an intruder with
a helpdesk role, owns it at once.

## How to fix
Ask who uses the application, write that person or team into serviceManagementReference or make
them the owner where it holds nothing privileged, then remove the old one.
Portal: Entra admin center > App registrations, or Enterprise apps > the application > Owners.
Graph PowerShell: Remove-MgApplicationOwnerByRef -ApplicationId ID -DirectoryObjectId OWNER, or
Remove-MgServicePrincipalOwnerByRef -ServicePrincipalId ID -DirectoryObjectId OWNER.
Azure CLI: az ad app owner remove --id ID --owner-object-id OWNER.

## When it is fine
During a leave for which accounts are disabled. Accept it until the person is back.

## References
- https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners
- https://learn.microsoft.com/graph/api/directoryobject-getbyids
Catalogue: OWN-005
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule, soc2

from ._standing import owned_by_people_here, ranked, with_privilege


@rule(
    id="disabled-owner",
    severity="high",
    about="ownerships",
    where=owned_by_people_here,
    detail=("privileged_principals",),
    message="{owner}, whose account {state}, owns {title}, which {can}.",
    evidence=("owner_type", "owner_enabled", "owner_gone", "tier", "reasons"),
    controls=(nist_800_53("AC-2(3)"), iso_27001("A.5.18"), soc2("CC6.2")),
)
def disabled_owner(ownerships: DataFrame, privileged_principals: DataFrame) -> DataFrame:
    gone = ownerships["owner_gone"].fillna(False).astype(bool)
    untold = ~gone & ownerships["owner_enabled"].isna()
    disabled = ~ownerships["owner_enabled"].fillna(True).astype(bool)
    found = ranked(with_privilege(ownerships[gone | disabled | untold], privileged_principals))
    index = found.index
    return found.assign(
        state=Series("is disabled", index=index).mask(gone[index], "no longer exists"),
        severity=found["severity"].replace("critical", "high"),
        unknown=Series(None, index=index, dtype=object).mask(
            untold[index], "whether its owner's account is enabled was not told"
        ),
    )
