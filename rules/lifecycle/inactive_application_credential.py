"""Applications that no longer sign in and still have a credential that works.

## What it does
Looks at every enabled service principal, of this tenant's applications and of other publishers'.
One fails when it did not sign in for `days` (90), told as for inactive-application, and its
registration or itself carries a client secret or certificate that is valid now, or trusts a
federated identity. SAML signing certificates are no such credentials. What cannot be told of its
sign-ins, or of the dates of its credentials, makes it unknown. Managed identities, whose
certificates Azure rotates, and Microsoft's applications are left out. Without Entra ID P1, and
outside the global cloud, there is no such report, and nothing fails.

## Why it matters
The credential was written somewhere while the application was in use: a pipeline, a server, a
script on a laptop. It still signs in, and nobody would notice that it does.

## How to fix
Disable the application, which stops every credential at once and can be undone; then remove them,
or delete it.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
Graph PowerShell: Update-MgServicePrincipal -ServicePrincipalId ID -AccountEnabled:$false, then
Remove-MgApplicationPassword -ApplicationId ID -KeyId KEY.
Azure CLI: az ad sp update --id ID --set accountEnabled=false.

## When it is fine
What runs once a quarter or year, or is kept for an emergency. Accept it with an end date.

## References
- https://learn.microsoft.com/graph/api/resources/serviceprincipalsigninactivity?view=graph-rest-beta
- https://learn.microsoft.com/entra/identity/monitoring-health/recommendation-remove-unused-credential-from-apps
Catalogue: ACT-002 (days)
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timestamp

from auditor.rule import iso_27001, nist_800_53, pci_dss, rule

from .._shared import valid_at
from ._activity import DISABLE, enabled_applications, idle


def _no_managed_identity(principals: DataFrame) -> Series:
    return enabled_applications(principals) & ~principals["managed_identity"]


@rule(
    id="inactive-application-credential",
    severity="high",
    about="service_principals",
    where=_no_managed_identity,
    passes_without=("credentials", "federated_credentials", "applications"),
    fails_without=("sp_sign_ins",),
    detail=("grants",),
    message="{name} {told}, and {count} of its credentials still work.",
    fix=DISABLE,
    evidence=("last", "publisher", "secrets_and_certificates", "federated"),
    controls=(nist_800_53("AC-2(3)"), iso_27001("A.5.17"), pci_dss("7.2.5.1")),
)
def inactive_application_credential(
    service_principals: DataFrame,
    sp_sign_ins: DataFrame,
    credentials: DataFrame,
    federated_credentials: DataFrame,
    applications: DataFrame,
    grants: DataFrame,
    as_of: Timestamp,
    *,
    days: int = 90,
) -> DataFrame:
    found = idle(service_principals, sp_sign_ins, applications, grants, as_of, days)
    usable = credentials[~credentials["saml"].astype(bool) & (credentials["principal"] >= 0)]
    valid = valid_at(usable, as_of)
    sure = usable[valid.fillna(False).astype(bool)].groupby("principal").size()
    unsure = usable[valid.isna()].groupby("principal").size()
    trusts = federated_credentials["application"].map(applications["principal"])
    trusts = trusts.dropna().astype("int64").value_counts()
    own, trusted, dateless = (
        each.reindex(found.index).fillna(0).astype("int64") for each in (sure, trusts, unsure)
    )
    count = own + trusted
    cause = "whether a credential of it is valid could not be told"
    return found.assign(
        count=count,
        secrets_and_certificates=own,
        federated=trusted,
        unknown=found["unknown"].mask((count == 0) & found["unknown"].isna(), cause),
    )[(count > 0) | (dateless > 0)]
