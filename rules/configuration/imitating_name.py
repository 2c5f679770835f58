"""Foreign applications whose name imitates Microsoft's or your own.

## What it does
Looks at the names of applications from other tenants as a reader sees them: accents, look-alike
letters of other alphabets, characters without width, blanks and digits that stand for letters do
not count. One fails when its name

- looks like one of `names` or of your own registrations but is written with other characters, such
  as a Cyrillic letter or a zero (critical);
- is one of `names` (high; medium if the publisher is verified);
- begins with one of `brands` (medium), or is the name of a registration of yours (medium), unless
  its publisher is verified;
- hides characters without width or reversed text in a Latin word, or mixes Latin and Cyrillic
  letters in one word (medium).

Owner tenant and verified publisher are in the evidence: they tell who it is, the name does not. An
application of `trusted_tenants` passes. Where verification is not told and decides, it is unknown.

## Why it matters
A consent page shows the name in large letters. Who believes it is Microsoft's or the company's own
application agrees, and an administrator who reviews the list passes over it.

## How to fix
Look up the owner tenant. If it is nobody you know, treat it as an incident: disable the service
principal, find who consented, see known-malicious-app.
Portal: Entra admin center > Enterprise apps > the application > Properties, Permissions.
Graph PowerShell: Update-MgServicePrincipal -ServicePrincipalId ID -AccountEnabled:$false.
Azure CLI: az ad sp update --id ID --set accountEnabled=false.

## When it is fine
Applications of another tenant of your own organization bear its names: put that tenant into
`trusted_tenants`. Partners of Microsoft who name their product after it should be verified.

## References
Catalogue: CFG-012
- https://learn.microsoft.com/entra/identity/enterprise-apps/protect-against-consent-phishing
- https://www.unicode.org/reports/tr39/
- https://attack.mitre.org/techniques/T1036/
"""

from __future__ import annotations

import re

from pandas import DataFrame, Series

from auditor.rule import mitre, nist_800_53, rule

from ._foreign import foreign, trusted
from ._likeness import HIDDEN, MIXED, likeness, plain

BRANDS = ("Microsoft", "Office 365", "Office365", "O365", "M365", "Azure", "Entra", "SharePoint")
NAMES = (
    *BRANDS,
    "Azure AD",
    "Azure Active Directory",
    "Azure Portal",
    "Copilot",
    "Dynamics 365",
    "Entra ID",
    "Exchange",
    "Exchange Online",
    "Graph Explorer",
    "Intune",
    "Microsoft 365",
    "Microsoft Authenticator",
    "Microsoft Defender",
    "Microsoft Graph",
    "Microsoft Teams",
    "Office",
    "OneDrive",
    "OneDrive for Business",
    "OneNote",
    "Outlook",
    "Power Automate",
    "Power BI",
    "SharePoint Online",
    "Skype for Business",
    "Teams",
    "Windows",
    "Yammer",
)
_SHORTEST = 4  # own names below this many letters are words of everybody


@rule(
    id="imitating-name",
    severity="high",
    about="service_principals",
    where=foreign,
    needs=("name", "owner_tenant"),
    passes_without=("applications",),
    message="{name} of tenant {owner_tenant} ({vouched}): {why}.",
    fix="Update-MgServicePrincipal -ServicePrincipalId {id} -AccountEnabled:$false",
    evidence=("app_id", "verified", "verified_name", "enabled"),
    controls=(nist_800_53("SI-4"), mitre("T1036")),
)
def imitating_name(
    service_principals: DataFrame,
    applications: DataFrame,
    *,
    names: tuple[str, ...] = NAMES,
    brands: tuple[str, ...] = BRANDS,
    trusted_tenants: tuple[str, ...] = (),
) -> DataFrame:
    apps = service_principals[~trusted(service_principals, trusted_tenants)]
    title, looks = apps["name"], apps["name"].map(likeness)
    own = applications["name"].dropna()
    product, spelled = _matches(title, looks, Series(names, dtype="str"))
    mine, mine_spelled = _matches(title, looks, own[own.str.len() >= _SHORTEST])
    marks = "|".join(re.escape(likeness(each)) for each in brands if likeness(each))
    begins = looks.str.contains(rf"^(?:{marks})(?![a-z])" if marks else "(?!)", regex=True)
    odd = title.str.contains(HIDDEN, regex=True) | title.str.contains(MIXED, regex=True)
    verified = apps["verified"]
    vouched = verified.fillna(False).astype(bool)
    disguised = (product.notna() & ~spelled) | (mine.notna() & ~mine_spelled)
    disguised |= begins & odd
    # From the least to the worst: a later one takes the place of an earlier.
    verdicts = (
        (mine.notna() & ~vouched, "medium", "it has the name of your own '" + mine + "'"),
        (begins & ~vouched, "medium", "it begins with a brand of Microsoft's"),
        (odd, "medium", "it hides characters or mixes alphabets in a word"),
        (product.notna() & vouched, "medium", "it has the name of Microsoft's '" + product + "'"),
        (product.notna() & ~vouched, "high", "it has the name of Microsoft's '" + product + "'"),
        (disguised, "critical", "other characters make it look like " + _looked(product, mine)),
    )
    why = Series(None, index=apps.index, dtype=object)
    severity = Series(None, index=apps.index, dtype=object)
    for holds, level, told in verdicts:
        why, severity = why.mask(holds, told), severity.mask(holds, level)
    # Only verification would clear these, and the cloud does not tell it.
    open_ = (mine.notna() | begins) & ~odd & ~disguised & product.isna() & verified.isna()
    cause = Series(None, index=apps.index, dtype=object)
    cause = cause.mask(open_, "whether its publisher is verified is not told")
    if applications["name"].isna().any():
        # One of the names that did not arrive could be the one it bears.
        cause = cause.mask(why.isna(), "not all names of your own registrations are known")
    publisher = ("verified as " + apps["verified_name"]).fillna("verified")
    found = apps.assign(
        why=why,
        severity=severity,
        vouched=publisher.mask(~vouched, "publisher not verified"),
        unknown=cause,
    )
    return found[why.notna() | cause.notna()]


def _matches(title: Series, looks: Series, known: Series) -> tuple[Series, Series]:
    """The known name each title looks like, null for none; and whether it is spelled like it."""
    closed = looks.str.replace(" ", "")
    by_look = {likeness(each).replace(" ", ""): each for each in sorted(known)}
    by_look.pop("", None)
    match = closed.map(by_look).astype("object")
    spelled = title.map(plain).isin({plain(each) for each in known})
    return match.where(match.notna(), None), spelled


def _looked(product: Series, mine: Series) -> Series:
    return ("'" + product.where(product.notna(), mine) + "'").fillna("a brand of Microsoft's")
