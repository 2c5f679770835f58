"""Consents to delegated permissions of APIs that Microsoft retired.

## What it does
Looks at delegated permissions granted to clients that are not Microsoft's. One fails when it is on
Azure AD Graph (any scope), or is EWS.AccessAsUser.All, which opens Exchange Web Services. A scope of
Exchange whose id is not known is unknown. retired-api-permission does the same for application
permissions.

## Why it matters
What still needs such a consent stops working; what does not need it keeps a grant that nobody looks
after. Azure AD Graph was switched off in 2025; Exchange Online blocks Exchange Web Services from
October 2026 where no list of allowed applications is set, and for good in April 2027.

## How to fix
Ask the owner for the move to Microsoft Graph, then take the scope off the grant.
Portal: Entra admin center > Enterprise apps > the application > Permissions.
Graph PowerShell: Update-MgOauth2PermissionGrant -OAuth2PermissionGrantId GRANT -Scope 'the rest', or
Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId GRANT if nothing is left.
Azure CLI: az ad app permission list-grants --id APP shows the grants.

## When it is fine
Exchange Web Services, until the publisher of a product has moved. Accept it with that date.

## References
- https://learn.microsoft.com/graph/migrate-azure-ad-graph-overview
- https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-ews-exchange-online

Catalogue: PERM-010
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.knowledge import EXCHANGE
from auditor.rule import nist_800_53, rule

from .._shared import not_microsoft
from ._retired import retired_api


@rule(
    id="retired-api-consent",
    severity="low",
    about="delegated_grants",
    where=not_microsoft,
    needs=("resource_app_id",),
    message="{name} has the delegated permission {scope} of a retired API: {api}.",
    fix="Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId {id}",
    evidence=("consent_type", "principal_id", "publisher"),
    controls=(nist_800_53("CM-7"), nist_800_53("SA-22")),
)
def retired_api_consent(delegated_grants: DataFrame) -> DataFrame:
    api = retired_api(delegated_grants)
    exchange = delegated_grants["resource_app_id"].str.lower() == EXCHANGE
    open_ = exchange & delegated_grants["permission_id"].isna() & api.isna()
    unknown = Series(None, index=api.index, dtype=object)
    unknown = unknown.mask(open_, "the id of the scope is not known")
    return delegated_grants.assign(api=api, unknown=unknown)[api.notna() | open_]
