"""Applications with a valid client secret beside a valid certificate.

## What it does
Takes the credentials of every application and of its own service principal together. The
application fails when at least one client secret and one certificate are valid at the same time.
Certificates of SAML single sign-on do not count. When a credential's dates are not told and the
answer depends on them, the application is unknown.

## Why it matters
Entra ID accepts any of an application's credentials. The certificate makes nothing safer while the
secret still opens the same door; often the secret is only a leftover of the move.

## How to fix
See in the service principal sign-in logs (servicePrincipalCredentialKeyId) that only the
certificate is used, then remove the secret.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
Graph PowerShell: Remove-MgApplicationPassword -ApplicationId OBJECT-ID -KeyId KEY-ID, or
Remove-MgServicePrincipalPassword for a secret on the service principal.
Azure CLI: az ad app credential delete --id APP --key-id KEY.

## When it is fine
For the days of moving from one to the other, or where two parts of one product sign in differently
and cannot be made two applications.

## References
- https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration
- https://learn.microsoft.com/entra/identity/monitoring-health/concept-service-principal-sign-ins
- https://learn.microsoft.com/graph/api/application-removepassword

Catalogue: CRED-017
"""

from __future__ import annotations

from pandas import DataFrame, Index, Series, Timestamp

from auditor.rule import nist_800_53, rule

from .._shared import valid_at


@rule(
    id="secret-beside-certificate",
    severity="low",
    about="applications",
    passes_without=("credentials",),
    message="{name} has valid secrets ({secrets}) beside valid certificates ({certificates}).",
    controls=(nist_800_53("IA-5"),),
)
def secret_beside_certificate(
    applications: DataFrame, credentials: DataFrame, as_of: Timestamp
) -> DataFrame:
    usable = credentials[~credentials["saml"] & (credentials["application"] >= 0)]
    usable = usable.assign(valid=valid_at(usable, as_of))
    secrets, certificates = (usable[usable["kind"] == kind] for kind in ("secret", "certificate"))
    rows = applications.index
    both = _any_valid(secrets, rows) & _any_valid(certificates, rows)
    told = applications.assign(
        secrets=rows.to_series().map(_valid_keys(secrets)),
        certificates=rows.to_series().map(_valid_keys(certificates)),
        unknown=both.isna().map({True: "dates of its credentials are not known"}),
    )
    return told[both.fillna(True)]


def _any_valid(credentials: DataFrame, rows: Index) -> Series:
    """Whether each application has a valid one; null where only unknown dates could make it so."""
    score = credentials["valid"].astype("Int8").mul(2).fillna(1)
    best = score.groupby(credentials["application"]).max().reindex(rows, fill_value=0)
    return (best == 2).astype("boolean").mask(best == 1)


def _valid_keys(credentials: DataFrame) -> Series:
    """Key ids of the valid ones by the application's row."""
    valid = credentials[credentials["valid"].fillna(False)].sort_values("key_id")
    return valid.groupby("application")["key_id"].agg(tuple)
