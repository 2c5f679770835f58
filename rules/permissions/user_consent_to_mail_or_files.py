"""Users who let an application into their mail or files for good.

## What it does
Looks at delegated permissions that single users consented to (Principal), for clients that are not
Microsoft's. One fails when it opens mail, mailbox settings or files and the same client has
offline_access for this user, or for everybody: medium for a foreign application, low for one of
your own. Without offline_access it passes: the access ends with the sign-in. A scope that nobody
rates is unknown where the client has offline_access.

## Why it matters
This is what consent phishing asks for. No password is stolen and no multifactor authentication
helps: a refresh token of the application reads the mail for months, and changing the password
does not end it.

## How to fix
Ask the user. If nobody knows the application, remove the grant, revoke the user's sessions, look at
what the application read (audit log), and disable it for all.
Portal: Entra admin center > Enterprise apps > the application > Permissions > User consent.
Graph PowerShell: Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId GRANT, then
Revoke-MgUserSignInSession -UserId USER.
Azure CLI: az ad app permission list-grants --id APP shows the grants.
To stop new ones, let users consent only to low-impact permissions of verified publishers.

## When it is fine
A mail program or file tool that the organization knows. Consent for the group that uses it as an
administrator instead.

## References
- https://learn.microsoft.com/defender-office-365/detect-and-remediate-illicit-consent-grants
- https://learn.microsoft.com/entra/identity/enterprise-apps/configure-user-consent
- https://attack.mitre.org/techniques/T1528/

Catalogue: PERM-021
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, mitre, nist_800_53, rule

from .._shared import not_microsoft
from ._held import microsofts_api
from ._match import among

_WORDS = frozenset(
    {
        *("mail-read", "mail-write", "mail-send", "mailbox-full", "mailbox-settings"),
        *("files-read", "files-write", "sites-control"),
    }
)


@rule(
    id="user-consent-to-mail-or-files",
    severity="medium",
    about="delegated_grants",
    where=not_microsoft,
    message="{name} may use {scope} as user {principal_id} at any time, also long after they left it.",
    fix="Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId {id}",
    evidence=("reach", "tier", "publisher", "resource_name", "consent_type"),
    controls=(nist_800_53("AC-3"), iso_27001("A.5.15"), mitre("T1528")),
)
def user_consent_to_mail_or_files(delegated_grants: DataFrame) -> DataFrame:
    rows = delegated_grants
    offline = rows[rows["scope"].str.lower() == "offline_access"]
    same_user = among(_who(rows), _who(offline))
    always = rows["client"].isin(offline["client"][offline["consent_type"] == "AllPrincipals"])
    # A consent of no known type, or of a user not told, may be the one that keeps the access.
    untold = offline["consent_type"].isna() | (
        (offline["consent_type"] == "Principal") & offline["principal_id"].isna()
    )
    stays = same_user | always
    perhaps = rows["client"].isin(offline["client"][untold])
    opens = rows["reach"].map(_opens).astype(bool)
    unrated = rows["reach"].isna() & microsofts_api(rows).fillna(True).astype(bool)
    untold_user = rows["principal_id"].isna() & rows["client"].isin(offline["client"])
    by_user = (rows["consent_type"] == "Principal") | rows["consent_type"].isna()
    cause = (
        Series(None, index=rows.index, dtype=object)
        .mask(perhaps & ~stays, "whom offline_access was granted for is not known")
        .mask(untold_user & ~always, "whom it was granted for is not known")
        .mask(unrated & ~opens, "what the scope opens is rated by nobody")
        .mask(rows["consent_type"].isna(), "whether a user consented is not known")
    )
    own = rows["publisher"].astype("string") == "own"
    severity = Series("medium", index=rows.index).mask(own, "low")
    found = rows.assign(severity=severity, unknown=cause)
    return found[by_user & (opens | unrated) & (stays | perhaps | untold_user)]


def _opens(words: object) -> bool:
    return isinstance(words, tuple) and not _WORDS.isdisjoint(words)


def _who(rows: DataFrame) -> tuple[Series, Series]:
    return rows["client"], rows["principal_id"]
