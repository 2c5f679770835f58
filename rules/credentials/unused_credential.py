"""Valid credentials that nothing has signed in with.

## What it does
Looks at every client secret, certificate and symmetric key on the tenant's own applications and
service principals. A credential fails when it has been valid for `unused_days` days or longer, is
valid now, and Entra ID's report of credential use has no use of it in that time. The severity is
high where the application holds a tier 0 or tier 1 permission or directory role, else medium. A
younger credential is not judged by what it has not done yet. Where the report was not read whole,
has no entry at all, or tells no readable time, the credential is unknown, never unused.

## Why it matters
A credential that no workload uses can be removed without stopping anything, and until then it opens
the application to whoever finds a copy. Nobody would notice its theft: no sign-in is expected of it
and none would be missed.

## How to fix
Remove it. Of several credentials remove the unused ones only; the finding names the key id.
Portal: Entra admin center > App registrations > the application > Certificates & secrets. The
report itself: Enterprise apps > Usage & insights > Application credential activity.
Graph PowerShell: Remove-MgApplicationPassword or Remove-MgServicePrincipalPassword for secrets.
Certificates: Remove-AzADAppCredential or Remove-AzADSpCredential (module Az.Resources).
Azure CLI: az ad app credential delete --id APP --key-id KEY, with --cert for a certificate.

## When it is fine
A job that runs once a year, or a credential kept for an emergency: accept it with that reason. How
far back the report reaches is not documented, nor whether it lists every way of use: of an
application that signs users in, look first whether its web server uses the secret.

## References
- https://learn.microsoft.com/graph/api/resources/appcredentialsigninactivity
- https://learn.microsoft.com/entra/identity/monitoring-health/concept-usage-insights-report
- https://learn.microsoft.com/entra/identity/monitoring-health/recommendation-remove-unused-credential-from-apps
- https://learn.microsoft.com/graph/api/application-removepassword

Catalogue: CRED-040, CRED-042
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timedelta, Timestamp

from auditor.rule import nist_800_53, rule

from .._shared import removal, sign_in_credentials, valid_at
from ._rotation import NO_USES, UNCLEAR, last_uses, proof


@rule(
    id="unused-credential",
    severity="medium",
    about="credentials",
    where=sign_in_credentials,
    needs=("start", "end"),
    fails_without=("credential_sign_ins",),
    detail=("privileged_principals",),
    message="The {kind} {key_id} of {name} is valid since {since} and {use}.",
    evidence=("last",),
    controls=(nist_800_53("AC-2(3)"), nist_800_53("AC-6")),
)
def unused_credential(
    credentials: DataFrame,
    credential_sign_ins: DataFrame,
    privileged_principals: DataFrame,
    as_of: Timestamp,
    *,
    unused_days: int = 90,
) -> DataFrame:
    uses, long_ago = (
        last_uses(credentials, credential_sign_ins),
        as_of - Timedelta(unused_days, "D"),
    )
    settled = valid_at(credentials, as_of).fillna(False) & (credentials["start"] <= long_ago)
    idle = settled & ~(uses["last"] > long_ago)
    unclear = uses["unclear"].map({True: UNCLEAR})
    if credential_sign_ins.empty:
        unclear = Series(NO_USES, index=credentials.index)
    high = privileged_principals[privileged_principals["tier"].fillna(9) <= 1]
    privileged = credentials["principal"].isin(high["principal"])
    since = uses["last"].dt.strftime("%Y-%m-%d")
    told = credentials.assign(
        since=credentials["start"].dt.strftime("%Y-%m-%d"),
        last=uses["last"].dt.strftime("%Y-%m-%d"),
        use=("was used last on " + since).fillna("the report of credential use does not list it"),
        privileged=privileged,
        severity=privileged.map({True: "high", False: "medium"}),
        unknown=unclear,
        proof_pages=proof(credentials, uses),
        fix=removal(credentials),
    )
    return told[idle]
