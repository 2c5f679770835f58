"""Token policies on privileged applications.

## What it does
Takes every application and service principal that a token policy was put on and that is privileged
(tier 0 or 1). It fails with a claims mapping policy, with a token issuance policy, and with a token
lifetime policy whose access tokens live for more than `max_minutes`; Entra's own lifetime is 60 to
90 minutes. A lifetime that is not told, and a target whose permissions are not rated or that is not
among the objects read, are unknown. A policy that is the organization's default is put on nothing
and not looked at here.

## Why it matters
An access token cannot be taken back: a stolen one works until it ends. A claims mapping decides who
somebody appears to be to the application, so whoever wrote it can let one person in as another.

## How to fix
Find out who put it there and why, then take it off.
Graph PowerShell: Remove-MgServicePrincipalClaimMappingPolicyByRef,
Remove-MgApplicationTokenLifetimePolicyByRef, Remove-MgApplicationTokenIssuancePolicyByRef.

## When it is fine
A SAML application that needs claims of its own, with the mapping reviewed. Accept the finding.

## References
Catalogue: CFG-016 (max_minutes)
- https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes
- https://learn.microsoft.com/entra/identity-platform/reference-claims-mapping-policy-type
- https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule


@rule(
    id="token-policy-on-privileged-app",
    severity="medium",
    about="token_policy_targets",
    passes_without=("privileged_principals",),
    message="{kind} policy {policy} is on {name}, which is privileged: {reasons}.",
    evidence=("definition", "access_token_minutes", "tier", "object_type"),
    controls=(nist_800_53("IA-11"),),
)
def token_policy_on_privileged_app(
    token_policy_targets: DataFrame, privileged_principals: DataFrame, *, max_minutes: int = 90
) -> DataFrame:
    table = token_policy_targets
    held = {
        column: privileged_principals[privileged_principals[column] >= 0]
        .drop_duplicates(column)
        .set_index(column)
        for column in ("application", "principal")
    }

    def of(name: str) -> Series:
        by_app = table["application"].map(held["application"][name])
        return by_app.fillna(table["principal"].map(held["principal"][name]))

    privileged = table["application"].isin(held["application"].index) | table["principal"].isin(
        held["principal"].index
    )
    tier = of("tier")
    lost = (table["application"] < 0) & (table["principal"] < 0)
    minutes = table["access_token_minutes"]
    of_lifetime = table["kind"] == "tokenLifetime"
    short = of_lifetime & (minutes <= max_minutes).fillna(False).astype(bool)
    unknown = Series(None, index=table.index, dtype=object)
    unknown = unknown.mask(of_lifetime & minutes.isna(), "how long its tokens live is not known")
    unknown = unknown.mask(privileged & tier.isna(), "what it holds is not rated")
    unknown = unknown.mask(lost, "what it is put on is not among the objects read")
    found = table.assign(tier=tier, reasons=of("reasons"), rated_by=of("rated_by"), unknown=unknown)
    return found[(privileged | lost) & ~short]
