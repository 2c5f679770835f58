"""Privileged applications owned by an account of a lower tier.

## What it does
Looks at every owner of an app registration or service principal, of this tenant's or of a foreign
publisher's application. One fails when the application is tier 0 or tier 1 and the owner's own
directory roles, active over the whole directory, held directly or through a group, are of a lower
tier; an owner that is a service principal counts with its permissions as well. Critical where the
application is tier 0, else high; one level less where the owner is only eligible for a role of that
tier. Roles on an administrative unit do not count. Where the application or the owner holds only
what nobody rates, and it matters, the row is unknown. One hop is judged, from owner to application.
Managed identities and Microsoft's own service principals are left out.

## Why it matters
An owner can add a credential to the application and sign in as it: its rights are the owner's
rights. An account without any role then is a Global Administrator in all but name, without the
protection, approval and review that an administrator's account has.

## How to fix
Name the accountable person in serviceManagementReference and remove the owner. An administrator of
that tier can manage the application without owning it.
Portal: Entra admin center > App registrations, or Enterprise apps > the application > Owners.
Graph PowerShell: Remove-MgApplicationOwnerByRef -ApplicationId ID -DirectoryObjectId OWNER, or
Remove-MgServicePrincipalOwnerByRef -ServicePrincipalId ID -DirectoryObjectId OWNER.
Azure CLI: az ad app owner remove --id ID --owner-object-id OWNER.

## When it is fine
Hardly ever. Where an owner must stay, give that account the protection of the application's tier
and accept the finding.

## References
- https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners
- https://learn.microsoft.com/security/privileged-access-workstations/privileged-access-access-model
- https://attack.mitre.org/techniques/T1098/001/
Catalogue: OWN-008
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from ._standing import owned_by_people_here, ranked, with_privilege
from ._tiers import own_tiers


@rule(
    id="owner-below-app-tier",
    severity="critical",
    about="ownerships",
    where=owned_by_people_here,
    # A missing permission makes an application harmless, and an owner that is one lowly.
    passes_without=("privileged_principals",),
    fails_without=("privileged_principals", "role_assignments", "group_members"),
    detail=("role_eligibility",),
    message="{owner}, {standing}, owns {title}, which {can}, and can become it: {reasons}.",
    evidence=("owner_type", "owner_user", "owner_enabled", "tier", "owner_tier", "eligible_tier"),
    controls=(nist_800_53("AC-6(5)"), iso_27001("A.8.2"), mitre("T1098.001")),
)
def owner_below_app_tier(
    ownerships: DataFrame,
    privileged_principals: DataFrame,
    role_assignments: DataFrame,
    group_members: DataFrame,
    role_eligibility: DataFrame,
) -> DataFrame:
    alive = ~ownerships["owner_gone"].fillna(False).astype(bool)
    owned = with_privilege(ownerships[alive], privileged_principals)
    owned = owned[owned["privileged"]]
    tiers = own_tiers(owned, role_assignments, group_members, privileged_principals)
    eligible = own_tiers(owned, role_eligibility, group_members)
    own, unrated = tiers["tier"], tiers["unrated"]
    tier_zero = (own == 0).fillna(False).astype(bool)
    high_enough = tier_zero | (own <= owned["tier"]).fillna(False).astype(bool)
    found = ranked(owned[~high_enough])
    index = found.index
    # Tier 0 is above everything; anything less says nothing of what is not rated.
    app_unrated = found["tier"].isna()
    may_be = unrated[index]
    can_rise = (eligible["tier"][index] <= found["tier"]).fillna(False).astype(bool)
    lower = found["severity"].replace({"high": "medium", "critical": "high"})
    return found.assign(
        owner_tier=own[index],
        eligible_tier=eligible["tier"][index],
        standing=_standing(own[index], eligible["tier"][index]),
        severity=found["severity"].mask(can_rise, lower),
        unknown=Series(None, index=index, dtype=object)
        .mask(may_be, "its owner holds a role or permission that nobody rates")
        .mask(app_unrated, "what the application holds is rated by nobody"),
    )


def _standing(own: Series, eligible: Series) -> Series:
    """The owner's own tier in words, and what it is eligible for."""
    told = "itself of tier " + own.astype("string")
    told = told.fillna("who holds no rated privilege")
    more = " and eligible for a role of tier " + eligible.astype("string")
    return told + more.fillna("")
