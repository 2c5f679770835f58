"""Client secrets on applications with tier 0 or tier 1 permissions.

## What it does
Looks at every client secret that has not expired, valid now or later, on an application or on a
service principal itself, the tenant's own or foreign. It fails when the service principal holds an
application permission of tier 0 or 1: critical where a path to Global Administrator was tested,
else high. Exchange.ManageAsApp is left to exchange-app-secret. One that holds only a permission of
Microsoft's that nobody rates is unknown. Secrets on Microsoft's service principals have a rule of
their own, microsoft-service-principal-credential.

## Why it matters
client-secret tells that there is a password to copy; here is what the copy opens. A secret works
from anywhere, no multifactor authentication is asked, and with such a permission it reads or
controls the tenant. That is the way most break-ins through applications went.

## How to fix
Let the workload sign in with a managed identity, a federated credential or a certificate, then
remove the secret. Whatever else, narrow the permission.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
Graph PowerShell: Remove-MgApplicationPassword, or Remove-MgServicePrincipalPassword for a secret on
the service principal itself. Azure CLI: az ad app credential delete --id APP --key-id KEY.

## When it is fine
Hardly ever. While moving to another credential, accept the finding for those days.

## References
- https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration
- https://learn.microsoft.com/entra/workload-id/workload-identity-federation
- https://attack.mitre.org/techniques/T1098/001/

Catalogue: PERM-012
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timestamp

from auditor.knowledge import MANAGE_AS_APP
from auditor.rule import iso_27001, mitre, nist_800_53, rule, soc2

from .._shared import beside, gathered, not_microsoft, removal
from ._held import NOT_JUDGED, application_permissions

_MANAGE = frozenset(f"{resource}/{id}".lower() for resource, id in MANAGE_AS_APP)


@rule(
    id="privileged-permission-with-secret",
    severity="high",
    about="secrets",
    where=not_microsoft,
    needs=("end",),
    passes_without=("grants",),
    message="{name} holds {held} and has the client secret {key_id}, which ends {end}.",
    evidence=("start", "holder_type", "publisher"),
    controls=(
        nist_800_53("AC-6"),
        nist_800_53("IA-5"),
        iso_27001("A.8.5"),
        soc2("CC6.1"),
        mitre("T1098.001"),
    ),
)
def privileged_permission_with_secret(
    secrets: DataFrame, grants: DataFrame, as_of: Timestamp
) -> DataFrame:
    key = (grants["resource_app_id"] + "/" + grants["permission_id"]).str.lower()
    strong, doubtful = application_permissions(grants[~key.isin(_MANAGE)])
    live = secrets[secrets["end"] > as_of]
    client = live["principal"]
    found = client.isin(strong["client"])
    doubt = client.isin(doubtful["client"]) & ~found
    paths = strong["client"][strong["path"].isin(("direct", "indirect"))]
    by = strong[strong["rated_by"].notna()]
    reasons = {row: "; ".join(each) for row, each in gathered(by["client"], by["rated_by"]).items()}
    nothing = Series(None, index=live.index, dtype=object)
    return live.assign(
        held=beside(client, gathered(strong["client"], strong["held"])),
        proof_pages=beside(client, gathered(strong["client"], strong["page"].astype("str"))),
        severity=Series("high", index=live.index).mask(client.isin(paths), "critical"),
        rated_by=client.map(reasons),
        unknown=nothing.mask(doubt, NOT_JUDGED),
        fix=removal(live),
    )[found | doubt]
