"""Old credentials that still sign in although a newer one is there.

## What it does
Takes the credentials of each of the tenant's own applications and of its service principal
together. One fails when a newer credential of the application is valid and began `grace_days` days
ago or earlier, and this one was used after those days were over, by Entra ID's report of credential
use. The message tells whether the newer one is in use as well. Where the report was not read whole,
has no entry at all, or tells no readable time, the credential is unknown.

## Why it matters
The rotation did not reach every place that keeps the old credential. When it ends, what still uses
it stops; and a copy of it that was the reason for the rotation still opens the application. It may
also be such a copy that signs in.

## How to fix
Find out who uses the old credential: the sign-in logs of service principals tell the address and
the resource of each use. Move those workloads to the newer credential, then remove the old one. A
use that nobody can explain is an incident: remove it at once.
Portal: Entra admin center > Monitoring & health > Sign-in logs > Service principal sign-ins, with
the column Service principal credential key ID.
Graph PowerShell: Get-MgBetaAuditLogSignIn (the finding has the whole command), then
Remove-MgApplicationPassword -ApplicationId OBJECT-ID -KeyId KEY-ID.
Azure CLI: az ad app credential delete --id APP --key-id KEY, with --cert for a certificate.

## When it is fine
Two parts of one product with a credential each, which is no rotation. Better two applications, with
the permissions that each part needs.

## References
- https://learn.microsoft.com/graph/api/resources/appcredentialsigninactivity
- https://learn.microsoft.com/entra/identity/monitoring-health/concept-service-principal-sign-ins
- https://learn.microsoft.com/graph/api/application-removepassword

Catalogue: CRED-041
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timedelta, Timestamp

from auditor.rule import nist_800_53, rule

from .._shared import sign_in_credentials, valid_at
from ._rotation import NO_USES, UNCLEAR, app_of, last_uses, proof

_UNTOLD = "the dates of another credential of the application are not known"
_SIGN_INS = (
    'Get-MgBetaAuditLogSignIn -Filter "appId eq {app_id} and signInEventTypes/any(t: t eq '
    "'servicePrincipal')\" | Where-Object ServicePrincipalCredentialKeyId -eq {key_id}"
)


@rule(
    id="old-credential-used",
    severity="high",
    about="credentials",
    where=sign_in_credentials,
    passes_without=("credential_sign_ins",),
    message="The {kind} {key_id} of {name} was used on {last}, {late} days after {newer} began{state}.",
    evidence=("start", "end"),
    fix=_SIGN_INS,
    controls=(nist_800_53("IA-5"),),
)
def old_credential_used(
    credentials: DataFrame,
    credential_sign_ins: DataFrame,
    as_of: Timestamp,
    *,
    grace_days: int = 14,
) -> DataFrame:
    uses, grace = last_uses(credentials, credential_sign_ins), Timedelta(grace_days, "D")
    table = credentials.assign(app=app_of(credentials), valid=valid_at(credentials, as_of))
    settled = table["valid"].fillna(False) & (table["start"] <= as_of - grace)
    newest = _newest(table[settled], uses)
    beside = newest.reindex(table["app"]).set_axis(table.index)
    # One whose dates are not told may be the newer one, or the older.
    untold = table["valid"].isna()
    some_untold = untold.groupby(table["app"]).transform("sum") - untold > 0
    older = table["start"] < beside["start"]
    late = uses["last"] > beside["start"] + grace
    possible = (older | table["start"].isna() & beside["start"].notna() | some_untold) & ~(
        older & late
    )
    # Only a use after every grace can be a late one, so what was not used lately is clear.
    recent = ~(uses["last"] <= table["start"] + grace) & uses["listed"]
    doubt = Series(None, index=table.index, dtype=object)
    doubt = doubt.mask(possible & recent & (some_untold | table["start"].isna()), _UNTOLD)
    doubt = doubt.mask((older | some_untold) & uses["unclear"] & ~late, UNCLEAR)
    if credential_sign_ins.empty:
        doubt = doubt.mask(older | some_untold, NO_USES)
    doubt = doubt.mask(older & late)
    told = table.assign(
        last=uses["last"].dt.strftime("%Y-%m-%d"),
        late=(uses["last"] - beside["start"]).dt.days.astype("Int64"),
        newer=beside["told"],
        state=beside["state"],
        unknown=doubt,
        proof_pages=proof(credentials, uses),
    )
    return told[(older & late) | doubt.notna()].drop(columns=["app", "valid"])


def _newest(settled: DataFrame, uses: DataFrame) -> DataFrame:
    """The newest credential of each application: when it began, how it is told, if it is used."""
    newest = settled.sort_values(["start", "key_id"]).drop_duplicates("app", keep="last")
    last = uses["last"].reindex(newest.index)
    used = "; that one was used last on " + last.dt.strftime("%Y-%m-%d")
    return DataFrame(
        {
            "start": newest["start"],
            "told": "the " + newest["kind"] + " " + newest["key_id"],
            "state": used.fillna("; no use of that one is known"),
            "app": newest["app"],
        }
    ).set_index("app")
