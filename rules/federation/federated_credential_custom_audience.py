"""Federated credentials that accept a token made for another audience.

## What it does
Looks at the audiences of every federated credential of an app registration. It fails when one is
not among `audiences`; by default those that Microsoft recommends for each cloud,
api://AzureADTokenExchange and its USGov and China forms. One without any audience told is unknown.

## Why it matters
The audience says that a token was made to be exchanged with Entra. With another one, a token that a
workload hands to some other service, such as the platform's default audience, also opens the
application, and that service can use it.

## How to fix
Have the platform ask for a token with audience api://AzureADTokenExchange, then change the
credential.
Portal: Entra admin center > App registrations > the application > Certificates & secrets >
Federated credentials > Edit.
Graph PowerShell: Update-MgApplicationFederatedIdentityCredential -ApplicationId OBJECT-ID
-FederatedIdentityCredentialId ID -Audiences 'api://AzureADTokenExchange'.
Azure CLI: az ad app federated-credential update --id APP --federated-credential-id ID
--parameters file.json.

## When it is fine
A platform whose tokens have an audience that cannot be chosen. Name it in `audiences`.

## References
Catalogue: CRED-035 (audiences)
- https://learn.microsoft.com/graph/api/resources/federatedidentitycredential
- https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule

_RECOMMENDED = (
    "api://AzureADTokenExchange",
    "api://AzureADTokenExchangeUSGov",
    "api://AzureADTokenExchangeChina",
)


@rule(
    id="federated-credential-custom-audience",
    severity="low",
    about="federated_credentials",
    needs=("audiences",),
    message="Federated credential {label} of {name} accepts tokens made for {audiences}.",
    evidence=("issuer", "subject", "expression"),
    fix=(
        "Update-MgApplicationFederatedIdentityCredential -ApplicationId {holder} "
        "-FederatedIdentityCredentialId {id} -Audiences 'api://AzureADTokenExchange'"
    ),
    controls=(nist_800_53("IA-8"),),
)
def federated_credential_custom_audience(
    federated_credentials: DataFrame, *, audiences: tuple[str, ...] = _RECOMMENDED
) -> DataFrame:
    each = federated_credentials["audiences"].explode()
    strange = (each.notna() & ~each.isin(audiences)).groupby(level=0).any()
    strange = strange.reindex(federated_credentials.index)
    none = federated_credentials["audiences"].str.len() == 0
    unknown = Series(None, index=federated_credentials.index, dtype=object)
    found = federated_credentials.assign(unknown=unknown.mask(none, "it names no audience"))
    return found[strange | none]
