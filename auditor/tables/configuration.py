"""How applications and service principals are configured, read from their objects as received.

A null is told apart from a default: the service writes null for some properties that were never
set, and lacks others in some clouds. Sources: the pages of the application and servicePrincipal
resources of Graph v1.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from auditor.tables.declare import flag, many, text
from auditor.tables.source import words

Item = Mapping[str, Any]
PLATFORMS = ("web", "spa", "publicClient")

APPLICATION_COLUMNS = (
    flag("implicit_access_tokens", "access tokens are issued in the implicit flow"),
    flag("implicit_id_tokens", "ID tokens are issued in the implicit flow"),
    flag("fallback_public", "isFallbackPublicClient: flows without a secret are allowed"),
    flag("verified", "its publisher is verified; null if the cloud does not tell"),
    flag("lock_enabled", "the property lock of its instances in other tenants is on"),
    flag("lock_all", "it locks all sensitive properties"),
    flag("lock_verify", "it locks credentials to sign in with"),
    flag("lock_sign", "it locks credentials that tokens are signed with"),
    flag("lock_encryption", "it locks the key that tokens are encrypted for"),
    many("identifier_uris", "identifierUris"),
    many("local_redirects", "redirect URIs of web and spa that lead to the user's own computer"),
    many("public_redirects", "http and https redirect URIs of web and spa that lead elsewhere"),
)
PRINCIPAL_COLUMNS = (
    flag("assignment_required", "appRoleAssignmentRequired"),
    flag("sign_in", "it has a reply URL, single sign-on or roles; null if that is not told"),
    text("single_sign_on", "preferredSingleSignOnMode"),
    flag("verified", "its publisher is verified; null if the cloud does not tell"),
    text("verified_name", "name of the verified publisher"),
    text("disabled_by_microsoft", "disabledByMicrosoftStatus; NotDisabled where it is not set"),
    flag("auditor", "the auditor's own; null if the snapshot does not tell who collected it"),
)


class Address(NamedTuple):
    """What a redirect URI says: scheme and host in lower case, null if it cannot be read."""

    scheme: str | None
    host: str | None
    local: bool | None  # leads to the computer of the user who signs in


def address(uri: str) -> Address:
    """Reads a redirect URI the way a browser does."""
    # A browser takes a backslash for a slash, so what follows one is no host.
    try:
        parts = urlsplit(uri.strip().replace("\\", "/"))
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return Address(None, None, None)
    if not parts.scheme:
        return Address(None, None, None)
    return Address(parts.scheme.lower(), host, _is_local(host))


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def texts(value: object) -> list[str] | None:
    """A list of texts; None for anything else."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    return None


def redirects(item: Item, platform: str) -> list[str] | None:
    """The redirect URIs of one platform of an application; None if they are not told."""
    block = item.get(platform)
    return texts(block.get("redirectUris")) if isinstance(block, dict) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _part(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def application_settings(item: Item) -> dict[str, Any]:
    """APPLICATION_COLUMNS of one application."""
    implicit = _part(item.get("web"), "implicitGrantSettings")
    listed = [redirects(item, platform) for platform in ("web", "spa")]
    uris = None if None in listed else [uri for each in listed for uri in each or ()]
    return {
        "implicit_access_tokens": _flag(_part(implicit, "enableAccessTokenIssuance")),
        "implicit_id_tokens": _flag(_part(implicit, "enableIdTokenIssuance")),
        "fallback_public": _default(item, "isFallbackPublicClient", False),
        "verified": _verified(item.get("verifiedPublisher")),
        **_lock(item),
        "identifier_uris": texts(item.get("identifierUris")),
        "local_redirects": None if uris is None else _sorted(uris, local=True),
        "public_redirects": None if uris is None else _sorted(uris, local=False),
    }


def _default(item: Item, name: str, default: object) -> object:
    """Null stands for the documented default; a property that is not there was not told."""
    found = item.get(name)
    return default if found is None and name in item else found


def _sorted(uris: Iterable[str], *, local: bool) -> list[str]:
    found = {uri: address(uri) for uri in uris}
    return sorted(
        uri
        for uri, each in found.items()
        if each.local is local and each.scheme in ("http", "https")
    )


_LOCKS = {
    "lock_enabled": "isEnabled",
    "lock_all": "allProperties",
    "lock_verify": "credentialsWithUsageVerify",
    "lock_sign": "credentialsWithUsageSign",
    "lock_encryption": "tokenEncryptionKeyId",
}


def _lock(item: Item) -> dict[str, bool | None]:
    found = _default(item, "servicePrincipalLockConfiguration", {})
    if found == {}:  # never set: nothing is locked
        return dict.fromkeys(_LOCKS, False)
    return {column: _flag(_part(found, name)) for column, name in _LOCKS.items()}


def principal_settings(item: Item, collector: frozenset[str]) -> dict[str, Any]:
    """PRINCIPAL_COLUMNS of one service principal; `collector`: the auditor's ids, lower case."""
    publisher = item.get("verifiedPublisher")
    ids = {str(item.get(name)).lower() for name in ("id", "appId")}
    return {
        "assignment_required": _flag(item.get("appRoleAssignmentRequired")),
        "sign_in": _sign_in(item),
        "single_sign_on": words(item.get("preferredSingleSignOnMode")),
        "verified": _verified(publisher),
        "verified_name": words(_part(publisher, "displayName")),
        "disabled_by_microsoft": words(_default(item, "disabledByMicrosoftStatus", "NotDisabled")),
        "auditor": bool(ids & collector) if collector else None,
    }


def _sign_in(item: Item) -> bool | None:
    urls, roles = item.get("replyUrls"), item.get("appRoles")
    mode = words(item.get("preferredSingleSignOnMode"))
    if urls or roles or mode not in (None, "", "notSupported"):
        return True
    return False if isinstance(urls, list) and isinstance(roles, list) else None


def _verified(publisher: object) -> bool | None:
    if not isinstance(publisher, dict) or "verifiedPublisherId" not in publisher:
        return None
    return bool(words(publisher["verifiedPublisherId"]))
