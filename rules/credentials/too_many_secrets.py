"""Applications with more valid client secrets than a rotation needs.

## What it does
Takes the client secrets of each application and of its own service principal together. The
application fails with more than `max_secrets` valid ones, or when two or more have been valid for
longer than `overlap_days` days: by then a rotation is over and the older one should be gone. When a
secret's dates are not told and the answer depends on them, the application is unknown.

## Why it matters
Each secret is one more password, with copies of its own and people who know it. Where there are
several, nobody can say any more which workload uses which, so none is removed, and a leak means
changing all of them.

## How to fix
See in the report of credential use, or in the service principal sign-in logs
(servicePrincipalCredentialKeyId), which of them are used. Remove the unused ones, move what is left
to one secret, or better to a certificate or a federated credential.
Portal: Entra admin center > App registrations > the application > Certificates & secrets; Usage &
insights > Application credential activity.
Graph PowerShell: Remove-MgApplicationPassword -ApplicationId OBJECT-ID -KeyId KEY-ID, or
Remove-MgServicePrincipalPassword for a secret on the service principal.
Azure CLI: az ad app credential delete --id APP --key-id KEY.

## When it is fine
While a rotation runs, for which `overlap_days` is meant. Several installations of one product with
a secret each are better several applications.

## References
- https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration
- https://learn.microsoft.com/graph/api/application-removepassword
- https://learn.microsoft.com/graph/api/resources/appcredentialsigninactivity

Catalogue: CRED-007 (max_secrets, overlap_days)
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timedelta, Timestamp

from auditor.rule import nist_800_53, rule

from .._shared import valid_at


@rule(
    id="too-many-secrets",
    severity="medium",
    about="applications",
    passes_without=("credentials",),
    message="{name} has {count} valid client secrets, {settled} of them for more than "
    "{overlap_days} days: {key_ids}.",
    controls=(nist_800_53("IA-5"),),
)
def too_many_secrets(
    applications: DataFrame,
    credentials: DataFrame,
    as_of: Timestamp,
    *,
    max_secrets: int = 2,
    overlap_days: int = 30,
) -> DataFrame:
    mine = (credentials["kind"] == "secret") & ~credentials["saml"]
    secrets = credentials[mine & (credentials["application"] >= 0)].sort_values("key_id")
    valid, start = valid_at(secrets, as_of), secrets["start"]
    long = (start <= as_of - Timedelta(overlap_days, "D")).astype("boolean").mask(start.isna())
    settled = valid & long
    certain = {"count": valid.fillna(False), "settled": settled.fillna(False)}
    possible = {"count": valid.fillna(True), "settled": settled.fillna(True)}

    def counted(flags: Series) -> Series:
        by_app = flags.astype("int64").groupby(secrets["application"]).sum()
        return by_app.reindex(applications.index, fill_value=0)

    def failing(flags: dict[str, Series]) -> Series:
        return (counted(flags["count"]) > max_secrets) | (counted(flags["settled"]) > 1)

    fails = failing(certain)
    named = secrets["application"].isin(applications.index[fails])
    live = secrets[valid.fillna(False) & named]
    told = applications.assign(
        count=counted(certain["count"]),
        settled=counted(certain["settled"]),
        key_ids=applications.index.to_series().map(
            live.groupby("application")["key_id"].agg(tuple)
        ),
        unknown=(~fails).map({True: "dates of its secrets are not known"}),
    )
    return told[fails | failing(possible)]
