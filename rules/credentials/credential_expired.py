"""Credentials that have expired and are still there.

## What it does
Looks at every client secret, certificate and symmetric key on the tenant's own applications and
service principals. A credential fails when its end is at or before the instant judged: medium at
first, low when that was more than `low_after_days` days ago, since what would have stopped has
stopped by then. `grace_days` leaves those out that ended less than that many days ago. Certificates
of SAML single sign-on and of managed identities are left out.

## Why it matters
An expired credential no longer signs in. Either a workload has stopped or will be repaired in
haste, or the credential is forgotten and hides which ones are in use when it counts.

## How to fix
Find out whether the workload still runs and has a newer credential; then remove the expired one.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
Graph PowerShell: Remove-MgApplicationPassword or Remove-MgServicePrincipalPassword for secrets.
Certificates: Remove-AzADAppCredential or Remove-AzADSpCredential (module Az.Resources);
Remove-MgApplicationKey does not serve, it asks for a proof signed with a key of the application.
Azure CLI: az ad app credential delete --id APP --key-id KEY, with --cert for a certificate.

## When it is fine
Shortly after a rotation. There is nothing to keep it for.

## References
- https://learn.microsoft.com/graph/api/resources/passwordcredential
- https://learn.microsoft.com/graph/api/resources/keycredential
- https://learn.microsoft.com/powershell/module/az.resources/remove-azadappcredential
- https://learn.microsoft.com/cli/azure/ad/app/credential

Catalogue: CRED-001, CRED-006 (low_after_days, grace_days), CRED-010
"""

from __future__ import annotations

from pandas import DataFrame, Timedelta, Timestamp

from auditor.rule import iso_27001, nist_800_53, rule

from .._shared import removal, sign_in_credentials


@rule(
    id="credential-expired",
    severity="medium",
    about="credentials",
    where=sign_in_credentials,
    needs=("end",),
    message="The {kind} {key_id} of {name} expired on {end}, {days} days ago.",
    controls=(
        nist_800_53("IA-5"),
        iso_27001("A.5.17"),
    ),
)
def credential_expired(
    credentials: DataFrame, as_of: Timestamp, *, grace_days: int = 0, low_after_days: int = 30
) -> DataFrame:
    since = as_of - credentials["end"]
    kept = since > Timedelta(low_after_days, "D")
    told = credentials.assign(
        days=since.dt.days,
        severity=kept.map({True: "low", False: "medium"}),
        fix=removal(credentials),
    )
    return told[since >= Timedelta(grace_days, "D")]
