"""Federated credentials that trust an issuer nobody chose.

## What it does
Takes the issuer of every federated credential of an app registration. It fails when the issuer is
not an https address, when its host is not among `issuers` (a host, `*.host` for all below it, or a
whole address), or when it is Entra itself with another tenant than this one. The platforms that
run for everybody are listed by default; add your own GitLab, GitHub Enterprise, Terraform or
cluster. When the tenant's own id was not read, an issuer of Entra is unknown.

## Why it matters
Whoever holds the issuer's signing key, or the name it is served under, makes tokens for any subject
and signs in as the application. An issuer that somebody set up aside is a way back in that no list
of secrets shows.

## How to fix
Find out who runs the issuer. If nobody does, remove the credential and look at the sign-ins of the
service principal; otherwise add the host to `issuers`.
Portal: Entra admin center > App registrations > the application > Certificates & secrets >
Federated credentials.
Graph PowerShell: Remove-MgApplicationFederatedIdentityCredential.
Azure CLI: az ad app federated-credential delete --id APP --federated-credential-id ID.

## When it is fine
An issuer of your own, once it is named in `issuers`.

## References
Catalogue: CRED-031 (issuers)
- https://learn.microsoft.com/entra/workload-id/workload-identity-federation
- https://learn.microsoft.com/graph/api/resources/federatedidentitycredential
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pandas import DataFrame, Series

from auditor.rule import mitre, nist_800_53, rule

from ._removal import REMOVE
from ._subjects import host

_PUBLIC = (
    *("token.actions.githubusercontent.com", "*.ghe.com", "gitlab.com", "app.terraform.io"),
    *("app.eu.terraform.io", "vstoken.dev.azure.com", "login.microsoftonline.com"),
    *("login.microsoftonline.us", "login.partner.microsoftonline.cn", "sts.windows.net"),
    *("*.oic.prod-aks.azure.com", "*.oic.prod-arc.azure.com", "*.amazonaws.com"),
    *("*.tokens.sts.global.api.aws", "accounts.google.com", "container.googleapis.com"),
)
_ENTRA = frozenset(
    {
        *("login.microsoftonline.com", "login.microsoftonline.us"),
        *("login.partner.microsoftonline.cn", "sts.windows.net"),
    }
)


@rule(
    id="federated-credential-unknown-issuer",
    severity="high",
    about="federated_credentials",
    needs=("issuer",),
    detail=("tenant",),
    message="Federated credential {label} of {name} trusts {issuer}: {reason}.",
    evidence=("subject", "expression", "audiences"),
    fix=REMOVE,
    controls=(nist_800_53("IA-8"), nist_800_53("AC-20"), mitre("T1098.001")),
)
def federated_credential_unknown_issuer(
    federated_credentials: DataFrame, tenant: DataFrame, *, issuers: tuple[str, ...] = _PUBLIC
) -> DataFrame:
    table = federated_credentials
    own = str(tenant["id"].iloc[0]).lower() if len(tenant) else None
    told = {each: _judged(each, own, issuers) for each in table["issuer"].unique()}
    reason = table["issuer"].map({each: reason for each, (reason, _) in told.items()})
    unknown = table["issuer"].map({each: unknown for each, (_, unknown) in told.items()})
    found = table.assign(reason=_objects(reason), unknown=_objects(unknown))
    return found[found["reason"].notna() | found["unknown"].notna()]


def _objects(column: Series) -> Series:
    return column.astype(object)


def _judged(
    issuer: str, own: str | None, issuers: tuple[str, ...]
) -> tuple[str | None, str | None]:
    """Why the issuer is not trusted, and why that cannot be told; nothing for one that is."""
    parts = host(issuer)
    if not issuer.lower().startswith("https://") or not parts:
        return "it is no https address", None
    if not any(_fits(issuer, parts, each.strip().lower()) for each in issuers):
        return "it is not on the list of issuers", None
    if parts not in _ENTRA:
        return None, None
    if own is None:
        return None, "whether it is this tenant's issuer is not known: the tenant was not read"
    tenant = urlsplit(issuer).path.strip("/").partition("/")[0].lower()
    return (None, None) if tenant == own else (f"it is the issuer of the tenant {tenant}", None)


def _fits(issuer: str, name: str, allowed: str) -> bool:
    if "://" in allowed:
        return issuer.strip().lower().rstrip("/") == allowed.rstrip("/")
    if allowed.startswith("*."):
        return re.fullmatch(rf"[\w.-]+{re.escape(allowed[1:])}", name) is not None
    return name == allowed
