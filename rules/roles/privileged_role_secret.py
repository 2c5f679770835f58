"""Client secrets on applications that hold a privileged directory role.

## What it does
Looks at every client secret of the tenant's own applications that has not ended. One fails when the
application holds, itself or through a group, at any scope, a tier 0 role (critical) or a tier 1
role (high). It is unknown when the application holds a role that nobody rates. Secrets of foreign
and Microsoft's service principals have rules of their own.

## Why it matters
The secret is a password that alone opens an administrator's account: no second factor, no place it
has to come from. It lies in a configuration, a pipeline or a mail, and whoever reads it there has
the role.

## How to fix
Let the workload sign in with a managed identity, a federated credential or a certificate, then
remove the secret; or take the role away.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
Graph PowerShell: Remove-MgApplicationPassword -ApplicationId ID -KeyId KEY.
Azure CLI: az ad app credential delete --id APP --key-id KEY.

## When it is fine
Hardly ever. For the days of a migration, accept the finding with the day on which the secret goes.

## References
- https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration
- https://learn.microsoft.com/entra/identity/role-based-access-control/best-practices
- https://learn.microsoft.com/graph/api/application-removepassword

Catalogue: ROLE-005
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timestamp

from auditor.rule import iso_27001, mitre, nist_800_53, pci_dss, rule

from .._shared import client_credentials, removal
from ._remedies import LOWEST

_NOT_RATED = "its application holds a directory role that nobody rates"


@rule(
    id="privileged-role-secret",
    severity="critical",
    about="secrets",
    where=client_credentials,
    needs=("end",),
    passes_without=("workload_roles",),
    message="{name} holds the directory role {role} and has the client secret {key_id}, "
    "which ends {end}.",
    evidence=("tier",),
    controls=(
        nist_800_53("IA-5"),
        iso_27001("A.8.5"),
        pci_dss("8.6.2"),
        mitre("T1098.003"),
    ),
)
def privileged_role_secret(
    secrets: DataFrame, workload_roles: DataFrame, as_of: Timestamp
) -> DataFrame:
    privileged = (workload_roles["tier"] <= LOWEST).fillna(False)
    held = workload_roles[privileged].sort_values(["tier", "role", "assignment_id"])
    held = held.drop_duplicates("principal").set_index("principal")
    unrated = workload_roles["principal"][workload_roles["tier"].isna()]

    live = secrets[secrets["end"] > as_of]
    principal = live["principal"]
    proven = principal.isin(held.index)
    role = held.reindex(principal).set_axis(live.index)
    one = (role["tier"] == 1).fillna(False).astype(bool)
    return live.assign(
        role=role["role"].fillna(role["template_id"]),
        tier=role["tier"],
        proof_pages=role["page"].map(lambda page: (int(page),), na_action="ignore"),
        severity=Series("critical", index=live.index).mask(one, "high"),
        unknown=Series(_NOT_RATED, index=live.index).mask(proven, None),
        fix=removal(live),
    )[proven | principal.isin(unrated)]
