"""Applications with a valid client secret beside a federated credential.

## What it does
Takes every app registration that has a federated credential and looks for client secrets and
symmetric keys on it and on its own service principal. It fails when one of them is valid. When a
secret's dates are not told and the answer depends on them, the application is unknown.

## Why it matters
Federation was set up to have no secret. As long as the old one is valid, whoever has a copy of it
still signs in, from anywhere, and the federated credential protects nothing.

## How to fix
See in the service principal sign-in logs that only federated tokens are used, then remove the
secret.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
Graph PowerShell: Remove-MgApplicationPassword -ApplicationId OBJECT-ID -KeyId KEY-ID, or
Remove-MgServicePrincipalPassword for a secret on the service principal.
Azure CLI: az ad app credential delete --id APP --key-id KEY.

## When it is fine
For the days of moving from one to the other, or where one part of the product runs on a platform
without federation.

## References
Catalogue: CRED-033
- https://learn.microsoft.com/entra/workload-id/workload-identity-federation
- https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timestamp

from auditor.rule import nist_800_53, rule

from .._shared import removal, valid_at


@rule(
    id="secret-beside-federated-credential",
    severity="medium",
    about="applications",
    passes_without=("federated_credentials", "secrets"),
    message="{name} trusts an outside platform and still has valid secrets: {secrets}.",
    controls=(nist_800_53("IA-5"),),
)
def secret_beside_federated_credential(
    applications: DataFrame,
    federated_credentials: DataFrame,
    secrets: DataFrame,
    as_of: Timestamp,
) -> DataFrame:
    rows = applications.index
    federated = rows.to_series().isin(federated_credentials["application"])
    own = secrets[secrets["application"] >= 0]
    valid = valid_at(own, as_of)
    keys = own[valid.fillna(False)].sort_values("key_id")
    first = keys.drop_duplicates("application").set_index("application").reindex(rows)
    has = rows.to_series().isin(keys["application"])
    doubt = rows.to_series().isin(own.loc[valid.isna(), "application"]) & ~has
    told = applications.assign(
        secrets=rows.to_series().map(keys.groupby("application")["key_id"].agg(tuple)),
        holder=first["holder"],
        key_id=first["key_id"],
        fix=removal(first),
        unknown=Series(None, index=rows, dtype=object).mask(
            doubt, "dates of its secrets are not known"
        ),
    )
    return told[federated & (has | doubt)]
