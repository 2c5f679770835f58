"""Application access policies that do not limit what they seem to limit.

## What it does
Looks at application access policies, one row per policy and application (`*` is every one). One
fails when it is not valid (high); when it names no scope (high); when its application administers
Exchange app-only at level recipient or above, which no policy binds (high); or when it only denies
some mailboxes and no valid RestrictAccess policy limits the same application (medium). One whose
right, scope or validity was not told is unknown. Whether the scope's group is empty, or owned by a
user who may add mailboxes to it, is not read: look at it in Exchange.

## Why it matters
A policy is what an auditor is shown: "this application reads only the shared mailbox". One that
binds nothing is worse than none, because nobody looks again.

## How to fix
Remove the policy and give the application a role of RBAC for Applications with a management scope
in its place; Microsoft asks for no new policies. Take Exchange.ManageAsApp, or the role it works
with, from an application that should only read mail.
Exchange Online PowerShell: Get-ApplicationAccessPolicy; Test-ApplicationAccessPolicy -AppId APPID
-Identity MAILBOX; Remove-ApplicationAccessPolicy -Identity POLICY; New-ManagementRoleAssignment
-App ID -Role "Application Mail.Read" -CustomResourceScope SCOPE. There is no page for it in the
portals.

## When it is fine
A DenyAccess policy that keeps an archive application out of a few mailboxes: accept it.

## References
- https://learn.microsoft.com/powershell/module/exchange/new-applicationaccesspolicy
- https://learn.microsoft.com/powershell/module/exchange/get-applicationaccesspolicy
- https://learn.microsoft.com/graph/auth-limit-mailbox-access

Catalogue: EXO-007
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from auditor.knowledge import LEVELS
from auditor.rule import nist_800_53, rule
from auditor.tables.access_policy import Effect, Policies, Policy
from auditor.tables.source import known

from ._groups import saying

_REMOVE = "Remove-ApplicationAccessPolicy -Identity {identity}"
_LEAST = LEVELS.index("recipient")  # from here on it can open mailboxes to itself


@rule(
    id="ineffective-access-policy",
    severity="high",
    about="access_policies",
    passes_without=("exchange_access",),
    message="The access policy for {app_id} ({right}, scope {group}) does not limit it: {why}.",
    evidence=("access_right", "scope", "valid"),
    controls=(nist_800_53("AC-3"),),
)
def ineffective_access_policy(access_policies: DataFrame, exchange_access: DataFrame) -> DataFrame:
    policies = Policies.of(access_policies)
    apps = exchange_access["app_id"].str.lower()
    held = exchange_access[apps.isin([*policies.by_app])]
    administers = {row["app_id"].lower(): row for row in held.to_dict("records")}
    found = saying(
        access_policies,
        {
            row: _verdict(each, policies, administers.get(each["app_id"].lower()))
            for row, each in zip(
                access_policies.index, access_policies.to_dict("records"), strict=True
            )
        },
    )
    return found.assign(
        right=found["access_right"].fillna("right not told"),
        group=found["scope"].replace("", None).fillna("none"),
        fix=_REMOVE,
    )


def _verdict(
    row: Mapping[Any, Any], policies: Policies, access: Mapping[Any, Any] | None
) -> dict[str, Any] | None:
    policy = Policy(known(row["access_right"]), known(row["scope"]), known(row["valid"]))
    if policy.valid is False:
        return {"why": "Exchange says that it is not valid", "severity": "high"}
    if policy.scope == "":
        return {"why": "it names no scope", "severity": "high"}
    if access is not None and access["rank"] >= _LEAST:
        level = access["level"]
        return {
            "why": f"its application administers Exchange app-only at level {level}, "
            "and no policy binds that",
            "severity": "high",
        }
    effects = {each.effect for each in policies.of_app(row["app_id"])}
    if policy.effect is Effect.UNKNOWN or policy.scope is None or policy.valid is None:
        return {"unknown": "its right, scope or validity is not told"}
    if policy.effect is Effect.DENY and Effect.RESTRICT not in effects:
        if Effect.UNKNOWN in effects:
            return {"unknown": "another policy for the application is not told in full"}
        why = f"it only denies the mailboxes of {policy.scope} and leaves all others open"
        return {"why": why, "severity": "medium"}
    if access is not None and (access["unrated"] is None or access["unrated"]):
        return {"unknown": "how far its application administers Exchange is not told"}
    return None
