"""Multitenant applications whose instances are not locked.

## What it does
Looks at the tenant's own registrations that other tenants can use (signInAudience). One fails when
its app instance property lock is off (high), or is on and does not lock all sensitive properties:
high if credentials to sign in with are open, medium if only those of signing or encrypting tokens
are. Single-tenant registrations, and those for personal accounts only, have no instance in another
tenant and are left out. Where a cloud does not tell the lock, the registration is unknown.

## Why it matters
Without the lock, an administrator of another tenant, or an attacker there, can add a credential to
their instance of your application and sign in as it, there and wherever it is trusted by its client
id.

## How to fix
Portal: Entra admin center > App registrations > the application > Authentication > App instance
property lock > Configure > Enable property lock, All properties.
Graph PowerShell: Update-MgApplication -ApplicationId ID -ServicePrincipalLockConfiguration
@{ IsEnabled = $true; AllProperties = $true }.
Azure CLI: az ad app update --id APPID --set
servicePrincipalLockConfiguration="{'isEnabled':true,'allProperties':true}".
If only this organization uses the application, make it single-tenant instead.

## When it is fine
A SAML application whose customers bring their own signing certificate needs those credentials open;
lock the others.

## References
Catalogue: CFG-001
- https://learn.microsoft.com/entra/identity-platform/howto-configure-app-instance-property-locks
- https://learn.microsoft.com/graph/api/resources/serviceprincipallockconfiguration
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import mitre, nist_800_53, rule

from ._audience import MULTITENANT

_OPEN = {
    "lock_verify": "credentials to sign in with",
    "lock_sign": "credentials that tokens are signed with",
    "lock_encryption": "the key that tokens are encrypted for",
}


def _multitenant(applications: DataFrame) -> Series:
    audience = applications["audience"]
    return audience.isin(MULTITENANT).astype("boolean").mask(audience.isna())


@rule(
    id="property-lock-off",
    severity="high",
    about="applications",
    where=_multitenant,
    message="Other tenants can change their instance of {name}: {unlocked}.",
    fix="Update-MgApplication -ApplicationId {id} -ServicePrincipalLockConfiguration"
    " @{{ IsEnabled = $true; AllProperties = $true }}",
    evidence=("audience", "lock_enabled", "lock_all", "lock_verify", "lock_sign"),
    controls=(nist_800_53("CM-6"), mitre("T1098.001")),
)
def property_lock_off(applications: DataFrame) -> DataFrame:
    # Three-valued: what is not told is open only if another part says so.
    locked = DataFrame(
        {
            column: applications["lock_enabled"] & (applications["lock_all"] | applications[column])
            for column in _OPEN
        }
    )
    open_ = ~locked
    told = open_.fillna(False).astype(bool)
    unlocked = [
        tuple(name for name, is_open in zip(_OPEN.values(), row, strict=True) if is_open)
        for row in told.to_numpy()
    ]
    # Only a single part that is surely open makes a finding.
    fails, unsure = told.any(axis=1), open_.isna().any(axis=1)
    blank = Series(None, index=applications.index, dtype=object)
    found = applications.assign(
        unlocked=Series(unlocked, index=applications.index, dtype=object),
        severity=Series("medium", index=applications.index).mask(told["lock_verify"], "high"),
        unknown=blank.mask(~fails & unsure, "its property lock is not told"),
    )
    return found[fails | unsure]
