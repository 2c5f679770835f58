"""Users may consent to applications beyond low, verified permissions.

## What it does
Reads under which consent policies users may consent for themselves (permissionGrantPoliciesAssigned
of the authorization policy). It fails when one is not among `allowed`, by default Microsoft's policy
for verified publishers and permissions classified low. CIS and SCuBA want none at all: they are
judged with an empty `allowed`. The legacy policy and policies of your own fail as high; Microsoft's
others as medium. What is classified low is looked at by risky-permission-classified-low.

## Why it matters
Consent phishing needs no password: one click gives an outsider's application lasting access to a
user's mail and files, past multifactor authentication and password changes.

## How to fix
Portal: Entra admin center > Enterprise applications > Consent and permissions > User consent
settings: do not allow user consent, or only for verified publishers and selected permissions.
Graph PowerShell: Update-MgPolicyAuthorizationPolicy with PermissionGrantPoliciesAssigned; keep the
entries that begin with managePermissionGrantsForOwnedResource, if you want them.
Switch on the admin consent workflow first.

## When it is fine
A policy of your own that names the publishers and permissions it allows. Name its id in `allowed`.

## References
Catalogue: SET-002 (allowed)
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-user-consent
- https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies
- https://learn.microsoft.com/graph/api/resources/authorizationpolicy
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import answers, cis_m365, mitre, nist_800_53, rule, scuba

_LEGACY = "microsoft-user-default-legacy"
_MICROSOFTS = "microsoft-"


@rule(
    id="users-can-consent",
    severity="high",
    about="authorization_policy",
    needs=("self_consent",),
    message="Users may consent to applications themselves, under {others}.",
    evidence=("assigned", "risky_consent"),
    controls=(
        answers(cis_m365("7.0", "5.1.5.1", allowed=())),
        answers(cis_m365("6.0", "5.1.5.1", allowed=())),
        answers(scuba("MS.AAD.5.2v1", allowed=())),
        nist_800_53("AC-6(10)"),
        mitre("T1528"),
    ),
)
def users_can_consent(
    authorization_policy: DataFrame, *, allowed: tuple[str, ...] = ("microsoft-user-default-low",)
) -> DataFrame:
    accepted = {each.lower() for each in allowed}
    others = authorization_policy["self_consent"].map(
        lambda ids: tuple(each for each in ids if each.lower() not in accepted)
    )
    open_ = others.map(
        lambda ids: any(each.lower() == _LEGACY or not _microsofts(each) for each in ids)
    ).astype(bool)
    severity = Series("medium", index=others.index).mask(open_, "high")
    return authorization_policy.assign(others=others, severity=severity)[others.str.len() > 0]


def _microsofts(id: str) -> bool:
    return id.lower().startswith(_MICROSOFTS)
