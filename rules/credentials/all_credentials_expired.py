"""Applications in use whose credentials have all expired.

## What it does
Looks at the tenant's own applications. One fails when at least one of its client credentials, its
service principal's included, has expired, none is valid, no federated credential is there, and it
signed in as itself within the last `recent_days` days. The report counts attempts, so a workload
that goes on trying is seen too. When dates are not told, or the report's entry cannot be read, the
application is unknown; where the report was not read, none passes for want of an entry. Sign-ins
for users are not looked at: a public client needs no credential.

## Why it matters
The workload has stopped or stops with its next token. Somebody will repair it in haste, and what is
made in haste is a secret with a long life and too many copies.

## How to fix
Add a credential now, better a certificate or a federated one, give it to the workload, and remove
the expired ones. If the workload has been replaced, remove the application instead.
Portal: Entra admin center > App registrations > the application > Certificates & secrets.
Graph PowerShell: New-MgApplicationFederatedIdentityCredential, or Update-MgApplication with
-KeyCredentials for a certificate.
Azure CLI: az ad app credential reset --id APP --append --cert @new.pem.

## When it is fine
When the workload was taken out of service as the credential ended: remove the application then.

## References
- https://learn.microsoft.com/graph/api/resources/serviceprincipalsigninactivity
- https://learn.microsoft.com/entra/identity/monitoring-health/recommendation-renew-expiring-application-credential
- https://learn.microsoft.com/graph/api/resources/passwordcredential

Catalogue: CRED-008
"""

from __future__ import annotations

from pandas import DataFrame, Series, Timedelta, Timestamp

from auditor.rule import rule, soc2

from .._shared import valid_at

_KINDS = ["client", "resource", "delegated_client", "delegated_resource"]
_UNTOLD = "dates of its credentials are not known"
_UNCLEAR = "the report does not tell when it signed in as itself"


@rule(
    id="all-credentials-expired",
    severity="high",
    about="applications",
    passes_without=("sp_sign_ins", "credentials"),
    fails_without=("credentials", "federated_credentials"),
    message="{name} signed in on {last}, and none of its credentials is valid: the last one ended "
    "on {ended}{begins}.",
    controls=(soc2("A1.2"),),
)
def all_credentials_expired(
    applications: DataFrame,
    credentials: DataFrame,
    federated_credentials: DataFrame,
    sp_sign_ins: DataFrame,
    as_of: Timestamp,
    *,
    recent_days: int = 30,
) -> DataFrame:
    own = credentials[~credentials["saml"] & (credentials["application"] >= 0)]
    by_app = own["application"]
    valid, rows = valid_at(own, as_of), applications.index

    def any_of(flags: Series) -> Series:
        found: Series = flags.groupby(by_app).any().reindex(rows, fill_value=False).astype(bool)
        return found

    trusted = Series(rows.isin(federated_credentials["application"]), index=rows)
    safe = trusted | any_of(valid.fillna(False))
    expired, untold = any_of((own["end"] <= as_of).fillna(False)), any_of(valid.isna())
    reports = sp_sign_ins[sp_sign_ins["principal"] >= 0].set_index("principal")
    report = reports[~reports.index.duplicated()].reindex(applications["principal"]).set_axis(rows)
    since = as_of - Timedelta(recent_days, "D")
    # An entry that has a sign-in and does not say of which kind may mean this one.
    nameless = report["app_id"].notna() & report[_KINDS].isna().all(axis=1)
    unclear = (report["client"].isna() & report["client_received"].notna()) | nameless
    recent = report["client"] >= since

    fails = ~safe & expired & ~untold & recent
    doubt = ~safe & (expired | untold) & (recent | unclear) & ~fails
    cause = (
        Series(None, index=rows, dtype=object).mask(doubt, _UNCLEAR).mask(doubt & untold, _UNTOLD)
    )
    ended = own["end"].where(own["end"] <= as_of).groupby(by_app).max().reindex(rows)
    begins = own["start"].where(own["start"] > as_of).groupby(by_app).min().reindex(rows)
    page = report["page"].fillna(-1).astype("int64")
    told = applications.assign(
        last=report["client"].dt.strftime("%Y-%m-%d"),
        ended=ended.dt.strftime("%Y-%m-%d"),
        begins=("; the next begins on " + begins.dt.strftime("%Y-%m-%d")).fillna(""),
        unknown=cause,
        proof_pages=Series(
            list(zip(applications["page"], page, strict=True)), index=rows, dtype=object
        ),
    )
    return told[fails | doubt]
