"""Applications of unverified publishers that many users consented to.

## What it does
Looks at service principals whose registration belongs to another tenant that is not Microsoft's.
One fails when its publisher is not verified and `min_users` (5) or more different users consented
to it, to whatever scope. Where the cloud does not tell whether a publisher is verified, and enough
users consented, it is unknown. Consents of administrators for everybody do not count.

## Why it matters
One user who consents to a stranger's application may be testing it. Many within one organization
are either a tool that nobody decided on, or a consent phishing campaign that works.

## How to fix
Find out what it is and when the consents were made (audit log, "Consent to application"). If nobody
can say, disable it, revoke its grants and the sessions of its users. If it is needed, have it
reviewed, consent as an administrator and remove the users' grants.
Portal: Entra admin center > Enterprise apps > the application > Properties > Enabled for users to
sign in: No.
Graph PowerShell: Update-MgServicePrincipal -ServicePrincipalId ID -AccountEnabled:$false.
Azure CLI: az ad sp update --id ID --set accountEnabled=false.

## When it is fine
A supplier too small for a verified publisher. Accept it after a review, with its owner.

## References
- https://learn.microsoft.com/entra/identity-platform/publisher-verification-overview
- https://learn.microsoft.com/defender-office-365/detect-and-remediate-illicit-consent-grants
- https://attack.mitre.org/techniques/T1528/

Catalogue: PERM-024 (min_users)
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from .._shared import beside, gathered


def _foreign(principals: DataFrame) -> Series:
    return principals["publisher"].astype("string") == "foreign"


@rule(
    id="many-consents-to-unverified-app",
    severity="medium",
    about="service_principals",
    where=_foreign,
    passes_without=("delegated_grants",),
    message="{count} users consented to {name} of tenant {owner_tenant}, whose publisher is not "
    "verified: {scopes}.",
    fix="Update-MgServicePrincipal -ServicePrincipalId {id} -AccountEnabled:$false",
    evidence=("owner_tenant", "verified", "enabled"),
    controls=(nist_800_53("CM-5"), iso_27001("A.5.21"), mitre("T1528"), mitre("T1566")),
)
def many_consents_to_unverified_app(
    service_principals: DataFrame, delegated_grants: DataFrame, *, min_users: int = 5
) -> DataFrame:
    consented = delegated_grants[delegated_grants["client"] >= 0]
    by_user = consented[consented["consent_type"] == "Principal"]
    rows = service_principals.index.to_series()
    told = by_user["principal_id"].str.lower()
    users = told.groupby(by_user["client"]).nunique().reindex(rows).fillna(0).set_axis(rows.index)
    # Who consented may be somebody else each time where it is not told.
    kind = consented["consent_type"]
    open_ = consented[kind.isna() | ((kind == "Principal") & consented["principal_id"].isna())]
    more = open_.groupby("client")["id"].nunique().reindex(rows).fillna(0).set_axis(rows.index)
    many, perhaps = users >= min_users, users + more >= min_users
    verified = service_principals["verified"]
    cause = (
        Series(None, index=rows.index, dtype=object)
        .mask(~many, "whom some consents are for is not known")
        .mask(verified.isna(), "whether its publisher is verified is not known")
    )
    scopes = gathered(by_user["client"], by_user["scope"])
    pages = gathered(by_user["client"], by_user["page"].astype("str"))
    return service_principals.assign(
        count=users.astype(int),
        scopes=beside(rows, scopes),
        proof_pages=beside(rows, pages),
        unknown=cause,
    )[perhaps & ~verified.fillna(False).astype(bool)]
