"""Credentials that expire soon.

## What it does
Looks at every client secret, certificate and symmetric key on the tenant's own applications and
service principals that has not expired. A credential fails when it ends within one of four windows;
the nearer, the more severe: `high_days` 7, `medium_days` 30, `low_days` 60 and `info_days` 90 days.
0 switches a window off. The message says when another credential of the same kind on the same
application lasts longer. What has expired already is told by credential-expired; SAML signing
certificates and managed identities are left out.

## Why it matters
When the last credential ends, the workload stops, and a credential made in haste tends to be a
secret with a long life and too many copies.

## How to fix
Add a new credential, better a certificate or a federated one, move the workload to it, then remove
this one. Do not remove it before.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
Graph PowerShell: Add-MgApplicationPassword -ApplicationId OBJECT-ID for a secret.
Azure CLI: az ad app credential reset --id APP --append, with --cert for a certificate. Without
--append it removes the others.

## When it is fine
When the workload ends before its credential does, or has already moved to the newer one.

## References
- https://learn.microsoft.com/entra/identity/monitoring-health/recommendation-renew-expiring-application-credential
- https://learn.microsoft.com/graph/api/application-addpassword
- https://learn.microsoft.com/cli/azure/ad/app/credential

Catalogue: CRED-002, CRED-011
"""

from __future__ import annotations

from pandas import DataFrame, Timedelta, Timestamp

from auditor.rule import nist_800_53, rule, soc2

from .._shared import sign_in_credentials, valid_at


@rule(
    id="credential-expiring",
    severity="medium",
    about="credentials",
    where=sign_in_credentials,
    needs=("end",),
    message="The {kind} {key_id} of {name} ends on {end}, in {days} days{other}.",
    controls=(
        nist_800_53("IA-5"),
        soc2("A1.2"),
    ),
)
def credential_expiring(
    credentials: DataFrame,
    as_of: Timestamp,
    *,
    high_days: int = 7,
    medium_days: int = 30,
    low_days: int = 60,
    info_days: int = 90,
) -> DataFrame:
    end = credentials["end"]
    left = end - as_of
    severity = credentials["kind"].where(credentials["kind"].isna())  # null, then the nearest last
    windows = (("info", info_days), ("low", low_days), ("medium", medium_days), ("high", high_days))
    for name, days in windows:
        severity = severity.mask(left <= Timedelta(days=days), name)
    same = [credentials["app_id"].str.lower(), credentials["kind"]]
    longest = end.where(valid_at(credentials, as_of).fillna(False)).groupby(same).transform("max")
    other = (
        "; another " + credentials["kind"] + " is valid until " + longest.dt.strftime("%Y-%m-%d")
    )
    told = credentials.assign(
        days=left.dt.days, severity=severity, other=other.where(longest > end, "")
    )
    return told[(end > as_of) & severity.notna()]
