"""Applications known from attacks, or disabled by Microsoft for abuse.

## What it does
Looks at the app id of every service principal but Microsoft's. One fails when a published report
names it as made for attacks (critical), when it is a genuine product that attackers use to copy or
send mail, such as eM Client or rclone (high), when `app_ids` lists it (critical), or when Microsoft
disabled the application for violating its terms (critical). The list comes with the auditor and is
of 24 August 2026; nothing is downloaded. A service principal of which Microsoft's status is not
told is unknown, unless a list has it.

## Why it matters
Somebody here consented to it, mostly a user on a phishing page. It has the permissions it was given
and reads on after the user's password is changed.

## How to fix
Treat it as an incident: find in the audit log who consented ("Consent to application") and when,
look at the sign-ins and mail access of those users, revoke their sessions. Disable the service
principal before you remove it: a disabled one cannot be consented to again.
Portal: Entra admin center > Enterprise apps > the application > Properties, Permissions.
Graph PowerShell: Update-MgServicePrincipal -ServicePrincipalId ID -AccountEnabled:$false.
Azure CLI: az ad sp update --id ID --set accountEnabled=false.

## When it is fine
A genuine product that your people use on purpose: accept the finding with the owner's name. One
that is disabled here already, kept so that nobody can consent again: accept it too.

## References
Catalogue: CFG-013
- https://learn.microsoft.com/entra/identity/enterprise-apps/disable-user-sign-in-portal
- https://learn.microsoft.com/security/operations/incident-response-playbook-app-consent
- https://learn.microsoft.com/graph/api/resources/serviceprincipal
- https://github.com/huntresslabs/rogueapps
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.knowledge.attacks import attack_applications
from auditor.rule import mitre, nist_800_53, rule

_WHY = {
    "malicious": "it was made for attacks",
    "abused": "it is a product that attackers use",
}
_DISABLED = "disabledduetoviolationofservicesagreement"


def _but_microsofts(service_principals: DataFrame) -> Series:
    # An id in the list tells enough where the publisher is not told.
    return service_principals["publisher"].astype("string").fillna("") != "microsoft"


@rule(
    id="known-malicious-app",
    severity="critical",
    about="service_principals",
    where=_but_microsofts,
    message="{name} ({app_id}) is known from attacks: {why}.",
    fix="Update-MgServicePrincipal -ServicePrincipalId {id} -AccountEnabled:$false",
    evidence=("owner_tenant", "enabled", "disabled_by_microsoft"),
    controls=(nist_800_53("SI-4"), mitre("T1528")),
)
def known_malicious_app(
    service_principals: DataFrame, *, app_ids: tuple[str, ...] = ()
) -> DataFrame:
    ids = service_principals["app_id"].str.lower()
    known = {id: each.kind for id, each in attack_applications().items()}
    known |= dict.fromkeys((each.strip().lower() for each in app_ids), "listed")
    kind = ids.map(known).astype("object")
    status = service_principals["disabled_by_microsoft"].str.lower()
    disabled = (status == _DISABLED).fillna(False).astype(bool)
    why = kind.map(_WHY).mask(kind == "listed", "your settings list it")
    why = why.mask(disabled, "Microsoft disabled it for violating its terms")
    reported = ids.map({id: each.source for id, each in attack_applications().items()})
    severe = Series("critical", index=ids.index).mask((kind == "abused") & ~disabled, "high")
    blank = Series(None, index=ids.index, dtype=object)
    cause = blank.mask(kind.isna() & status.isna(), "Microsoft's status of it is not told")
    found = service_principals.assign(why=why, reported=reported, severity=severe, unknown=cause)
    return found[kind.notna() | disabled | status.isna()]
