"""Client secrets that stay valid longer than the limit.

## What it does
Compares start and end of every client secret on the tenant's own applications and service
principals. A secret fails when the time between them is longer than `max_days`.

## Why it matters
A secret is a password that scripts carry around. The longer it lives, the more copies of it exist
in files, pipelines and backups, and the longer a copy found by somebody else opens the tenant.

## How to fix
Replace the secret by a certificate or a federated credential where the product allows it. Otherwise
add a new secret with a shorter life, move the workload to it, and remove this one.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
To keep new ones short, set an app management policy with passwordLifetime.

## When it is fine
Never as a habit. A product that cannot rotate may need one longer secret; accept that one finding
with a reason and an end date rather than raising `max_days` for all.

## References
- https://learn.microsoft.com/graph/api/resources/passwordcredential
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies

Catalogue: CRED-004
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import cis_m365, iso_27001, mitre, nist_800_53, pci_dss, rule, scuba

from .._shared import client_credentials, removal


@rule(
    id="secret-lifetime",
    severity="medium",
    about="secrets",
    where=client_credentials,
    needs=("start", "end"),
    message="Secret {key_id} of {name} is valid for {days} days; the limit is {max_days}.",
    controls=(
        cis_m365("7.0", "5.1.5.4", max_days=180),
        scuba("MS.AAD.5.6v1", max_days=180),
        nist_800_53("IA-5"),
        iso_27001("A.5.17"),
        pci_dss("8.6.3"),
        mitre("T1552.001"),
    ),
)
def secret_lifetime(secrets: DataFrame, *, max_days: int = 180) -> DataFrame:
    days = (secrets["end"] - secrets["start"]).dt.days
    return secrets.assign(days=days, fix=removal(secrets))[days > max_days]
