"""Applications owned by another application.

## What it does
Looks at every owner of an app registration or service principal, of this tenant's or of a foreign
publisher's application. One fails when it is a service principal: critical where the owned
application is tier 0, high where it is tier 1 or holds what nobody rates, else medium. Managed
identities and Microsoft's own service principals are left out as what is owned. An owner whose type
is not told is unknown.

## Why it matters
Whoever holds a secret of the owner can add one to what it owns, without a person or a second factor
being asked, and then signs in as that. So one secret opens a chain of applications, and the owned
application is only as well protected as the owner. An application that owns itself can renew its
own credentials for ever.

## How to fix
Remove the owner where it only stayed behind from the deployment. A pipeline that has to manage its
applications should sign in without a secret, and own nothing that is privileged.
Portal: Entra admin center > App registrations, or Enterprise apps > the application > Owners.
Graph PowerShell: Remove-MgApplicationOwnerByRef -ApplicationId ID -DirectoryObjectId OWNER, or
Remove-MgServicePrincipalOwnerByRef -ServicePrincipalId ID -DirectoryObjectId OWNER.
Azure CLI: az ad app owner remove --id ID --owner-object-id OWNER.

## When it is fine
A deployment pipeline with Application.ReadWrite.OwnedBy owns what it made: that is how the
permission works, and narrower than Application.ReadWrite.All. Accept the applications it deploys.

## References
- https://learn.microsoft.com/graph/permissions-reference#applicationreadwriteownedby
- https://learn.microsoft.com/graph/api/application-list-owners
- https://attack.mitre.org/techniques/T1098/001/
Catalogue: OWN-007
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._standing import owned_by_people_here, ranked, with_privilege


@rule(
    id="service-principal-owner",
    severity="high",
    about="ownerships",
    where=owned_by_people_here,
    detail=("privileged_principals",),
    message="{by} owns {title}, which {can}, and can become it.",
    evidence=("owner_type", "owner_enabled", "tier", "reasons"),
    controls=(nist_800_53("AC-6"), iso_27001("A.8.2"), mitre("T1098.001")),
)
def service_principal_owner(ownerships: DataFrame, privileged_principals: DataFrame) -> DataFrame:
    gone = ownerships["owner_gone"].fillna(False).astype(bool)
    robot = (ownerships["owner_type"] == "servicePrincipal") | (ownerships["owner_principal"] >= 0)
    untold = ownerships["owner_type"].isna() & ~gone & ~robot
    found = ranked(with_privilege(ownerships[robot | untold], privileged_principals))
    itself = (found["owner_principal"] >= 0) & (found["owner_principal"] == found["principal"])
    by = "The application " + found["owner"]
    return found.assign(
        by=by.mask(itself, by + " itself"),
        unknown=Series(None, index=found.index, dtype=object).mask(
            untold[found.index], "whether its owner is an application was not told"
        ),
    )
