"""No working way to ask an administrator for consent.

## What it does
Reads the admin consent request policy. It fails as medium when the workflow is off or names no
reviewer, and as low when reviewers are not told or reminded, or when a request stays open for more
than `max_days`.

## Why it matters
Where users may not consent and cannot ask, they find another way: a personal account, a shared
password, or an administrator who grants everything for everybody in a hurry. A request that reaches
nobody comes to the same.

## How to fix
Portal: Entra admin center > Enterprise applications > Consent and permissions > Admin consent
settings: on, with reviewers, mail notifications, reminders and an expiry.
Graph PowerShell: Update-MgPolicyAdminConsentRequestPolicy.

## When it is fine
Requests that reach the same people by a ticket system, told to users in the consent prompt's place.

## References
Catalogue: SET-003 (max_days)
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-admin-consent-workflow
- https://learn.microsoft.com/graph/api/resources/adminconsentrequestpolicy
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import answers, cis_m365, nist_800_53, rule, scuba


@rule(
    id="admin-consent-workflow-off",
    severity="medium",
    about="admin_consent_policy",
    needs=("enabled",),
    message="Requests for an administrator's consent do not work: {reason}.",
    evidence=("notifies", "reminds", "days", "reviewers"),
    controls=(
        answers(cis_m365("7.0", "5.1.5.2")),
        answers(cis_m365("6.0", "5.1.5.2")),
        answers(scuba("MS.AAD.5.3v1")),
        nist_800_53("CM-4"),
    ),
)
def admin_consent_workflow_off(admin_consent_policy: DataFrame, *, max_days: int = 60) -> DataFrame:
    table = admin_consent_policy
    nobody = (table["reviewers"].str.len() == 0).fillna(False)
    told = (
        (table["days"] > max_days, f"requests stay open for more than {max_days} days", "low"),
        (~table["reminds"], "reviewers are not reminded", "low"),
        (~table["notifies"], "reviewers are not told", "low"),
        (nobody, "it names no reviewer", "medium"),
        (~table["enabled"], "the workflow is off", "medium"),
    )
    reason = Series(None, index=table.index, dtype=object)
    severity = reason.copy()
    for holds, text, level in told:
        wanted = holds.fillna(False).astype(bool)
        reason, severity = reason.mask(wanted, text), severity.mask(wanted, level)
    lacking = table[["reviewers", "notifies", "reminds", "days"]].isna().any(axis=1)
    unknown = Series(None, index=table.index, dtype=object).mask(
        lacking & reason.isna(), "reviewers, notification, reminders or duration are not told"
    )
    found = table.assign(reason=reason, severity=severity, unknown=unknown)
    return found[reason.notna() | unknown.notna()]
