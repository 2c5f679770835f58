"""When applications signed in last, and when their credentials were used last.

Both reports hold what was used. An application or credential without a row, where the report is
complete, was not used as far back as the report reaches; how far that is, is not documented. Where
the report was not read, nothing is known of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.tables.conditional_access import part
from auditor.tables.declare import PAGE, Frame, Table, row, text, time
from auditor.tables.source import Source, known, place, positions, words
from auditor.times import parse_time

_KINDS = {
    "client": "applicationAuthenticationClientSignInActivity",
    "resource": "applicationAuthenticationResourceSignInActivity",
    "delegated_client": "delegatedClientSignInActivity",
    "delegated_resource": "delegatedResourceSignInActivity",
}
_LAST = "lastSignInActivity"
_STAMPS = (
    "lastSignInDateTime",
    "lastNonInteractiveSignInDateTime",
    "lastSuccessfulSignInDateTime",
)


def newest(stamps: Iterable[str]) -> str | None:
    """The newest of some time stamps as received; None without any.

    One that cannot be read may be the newest: it is handed back, and its instant will be null.
    """
    told = list(stamps)
    unreadable = [each for each in told if parse_time(each) is None]
    if unreadable:
        return unreadable[0]
    return max(told, key=lambda each: str(parse_time(each)), default=None)


def _stamps(item: Mapping[str, Any], name: str) -> list[str]:
    activity = part(item, name)
    return [text_ for each in _STAMPS if (text_ := words(activity.get(each)))]


def _sign_ins(source: Source) -> Frame:
    principals = source.table("service_principals")
    rows = positions(principals, "app_id")
    titles = list(principals["name"])
    return SP_SIGN_INS.frame(
        {
            "app_id": item["appId"],
            "principal": (own := place(rows, item["appId"])),
            "name": known(titles[own]) if own >= 0 else None,
            "last": newest(
                stamp for name in (_LAST, *_KINDS.values()) for stamp in _stamps(item, name)
            ),
            **{column: newest(_stamps(item, name)) for column, name in _KINDS.items()},
            "page": found.page,
        }
        for found in source.rows("service-principal-sign-ins")
        if source.whole("service-principal-sign-ins", item := found.item, "appId")
    )


def _credentials(source: Source) -> Frame:
    principals, applications = source.table("service_principals"), source.table("applications")
    rows, apps = positions(principals, "app_id"), positions(applications, "app_id")
    held = _held(source)
    titles = list(principals["name"])
    return CREDENTIAL_SIGN_INS.frame(
        {
            "id": item["id"],
            "key_id": item["keyId"],
            "app_id": item["appId"],
            "application": place(apps, item["appId"]),
            "credential": _credential(source, held, item),
            "principal": (own := place(rows, item["appId"])),
            "name": known(titles[own]) if own >= 0 else None,
            "origin": words(item.get("credentialOrigin")),
            "key_type": words(item.get("keyType")),
            "key_usage": words(item.get("keyUsage")),
            "resource_id": words(item.get("resourceId")),
            "last": newest(_stamps(item, "signInActivity")),
            "created": item.get("createdDateTime"),
            # The metadata has the first name, the examples of the documentation the second.
            "expires": item.get("expirationDateTime") or item.get("expirationDate"),
            "page": found.page,
        }
        for found in source.rows("credential-sign-ins")
        if source.whole("credential-sign-ins", item := found.item, "id", "keyId", "appId")
    )


def _held(source: Source) -> dict[tuple[str, str], dict[str, int]]:
    """Rows of credentials by client id and keyId, then by the type of object that carries them."""
    held: dict[tuple[str, str], dict[str, int]] = {}
    every = source.table("credentials")
    names = (every["app_id"], every["key_id"], every["holder_type"])
    for number, (app_id, key_id, holder) in enumerate(zip(*names, strict=True)):
        held.setdefault((app_id.lower(), key_id.lower()), {})[holder.lower()] = number
    return held


def _credential(
    source: Source, held: Mapping[tuple[str, str], dict[str, int]], item: Mapping[str, Any]
) -> int:
    """The row of the credential an entry is about; -1 if it is gone, or could be either of two."""
    found = held.get((item["appId"].lower(), item["keyId"].lower()), {})
    if len(found) == 1:
        return next(iter(found.values()))
    own = found.get(str(item.get("credentialOrigin")).lower(), -1)
    if found and own < 0:
        source.fault("credential-sign-ins", "a keyId that two objects have, and no origin")
    return own


SP_SIGN_INS = Table(
    name="sp_sign_ins",
    meaning=(
        "last sign-ins of applications: one without a row did not sign in as far back as the "
        "report reaches, which is not documented"
    ),
    key=("app_id",),
    columns=(
        text("app_id", "client id", True),
        row("principal", "its row in service_principals"),
        text("name", "its display name"),
        time("last", "the newest of all; null where the entry tells none that can be read"),
        time("client", "with a credential of its own, as a client"),
        time("resource", "somebody's own credential, to it as a resource"),
        time("delegated_client", "for a user, as a client"),
        time("delegated_resource", "for a user, to it as a resource"),
        PAGE,
    ),
    source="service-principal-sign-ins",
    build=_sign_ins,
    fills=("service-principals",),
    subject=("'servicePrincipal'", "app_id", "app_id", "name"),
)
CREDENTIAL_SIGN_INS = Table(
    name="credential_sign_ins",
    meaning=(
        "last uses of applications' credentials: one without a row was not used as far back as "
        "the report reaches, which is not documented"
    ),
    key=("id",),
    columns=(
        text("id", "id of the entry", True),
        text("key_id", "keyId of the secret or certificate", True),
        text("app_id", "client id", True),
        row("application", "the application's row"),
        row("principal", "the row of its service principal"),
        row("credential", "its row in credentials; -1 for one that is gone"),
        text("name", "its display name"),
        text("origin", "application or servicePrincipal: which object the credential is on"),
        text("key_type", "clientSecret or certificate"),
        text("key_usage", "sign or verify"),
        text("resource_id", "what was accessed"),
        time("last", "when it was used last; null where the entry tells no time that can be read"),
        time("created", "when the credential was made"),
        time("expires", "when it ends"),
        PAGE,
    ),
    source="credential-sign-ins",
    build=_credentials,
    fills=("service-principals", "applications"),
    subject=("'application'", "app_id", "app_id", "name"),
)
TABLES = (SP_SIGN_INS, CREDENTIAL_SIGN_INS)
