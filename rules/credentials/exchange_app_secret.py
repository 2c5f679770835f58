"""Client secrets on applications that may administer Exchange Online.

## What it does
Looks at every client secret that has not expired, whether it is valid now or later, on an
application or on a service principal itself, the tenant's own or foreign. It fails when the service
principal holds the application permission Exchange.ManageAsApp or Exchange.ManageAsAppV2, told by
the ids of API and permission. Secrets on Microsoft's service principals are left out:
microsoft-service-principal-credential tells those.

## Why it matters
With that permission and a role an application administers Exchange without a user: mailbox access,
transport rules, forwarding. Multifactor authentication does not apply to it. A secret makes all of
that depend on a text that anybody who reads it can use from anywhere. Connect-ExchangeOnline signs
applications in with a certificate or a managed identity, so a secret is hardly ever needed.

## How to fix
Give the application a certificate (or run the job under a managed identity that holds the
permission and the role), connect with it, then remove the secret.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
Graph PowerShell: Remove-MgApplicationPassword, or Remove-MgServicePrincipalPassword for a secret on
the service principal itself.
Azure CLI: az ad app credential delete --id APP --key-id KEY, or az ad sp credential delete.
If nobody administers Exchange with the application, remove the permission too:
Remove-MgServicePrincipalAppRoleAssignment.

## When it is fine
Hardly ever. While moving to a certificate, accept the finding for those days.

## References
- https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
- https://learn.microsoft.com/powershell/exchange/connect-exo-powershell-managed-identity
- https://learn.microsoft.com/graph/api/application-removepassword
- https://learn.microsoft.com/graph/api/serviceprincipal-removepassword

Catalogue: CRED-005, PERM-012
"""

from __future__ import annotations

from pandas import DataFrame, Timestamp

from auditor.knowledge import MANAGE_AS_APP
from auditor.rule import cis_m365, iso_27001, nist_800_53, rule, scuba, soc2

from .._shared import not_microsoft, removal

_NAMES = {f"{resource}/{id}".lower(): name for (resource, id), name in MANAGE_AS_APP.items()}
_IDS = {id.lower() for _, id in MANAGE_AS_APP}
_NOT_TOLD = "whether a permission of its service principal is Exchange.ManageAsApp is not known"


@rule(
    id="exchange-app-secret",
    severity="critical",
    about="secrets",
    where=not_microsoft,
    needs=("end",),
    passes_without=("grants",),
    message="{name} holds {manages} and has the client secret {key_id}, which ends {end}.",
    controls=(
        cis_m365("7.0", "5.1.5.3"),
        scuba("MS.AAD.5.5v1"),
        nist_800_53("IA-5"),
        iso_27001("A.8.5"),
        soc2("CC6.1"),
    ),
)
def exchange_app_secret(secrets: DataFrame, grants: DataFrame, as_of: Timestamp) -> DataFrame:
    held = grants[grants["client"] >= 0]
    resource, id = held["resource_app_id"].str.lower(), held["permission_id"].str.lower()
    manages = held.assign(name=(resource + "/" + id).map(_NAMES)).dropna(subset=["name"])
    manages = manages.drop_duplicates(["client", "name"]).sort_values("name")
    names = manages.groupby("client")["name"].agg(tuple)
    pages = manages.groupby("client")["page"].agg(tuple)
    doubtful = held["client"][resource.isna() & id.isin(_IDS)]

    live = secrets[secrets["end"] > as_of]
    found = live["principal"].isin(names.index)
    doubt = live["principal"].isin(doubtful) & ~found
    return live.assign(
        manages=live["principal"].map(names),
        proof_pages=live["principal"].map(pages),
        unknown=doubt.map({True: _NOT_TOLD}),
        fix=removal(live),
    )[found | doubt]
