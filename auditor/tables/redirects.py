"""Redirect URIs of applications and service principals, one row each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.tables.configuration import PLATFORMS, address, redirects, texts
from auditor.tables.declare import PAGE, Frame, Table, flag, row, text
from auditor.tables.source import Source, known, place, positions, words


def _redirects(source: Source) -> Frame:
    # Two that differ in letter case only are one row: every rule says the same of both.
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for record in (*_of_applications(source), *_of_principals(source)):
        key = record["holder"].lower(), record["platform"], record["uri"].lower()
        found.setdefault(key, record)
    return REDIRECT_URIS.frame(found.values())


def _of_applications(source: Source) -> Iterator[dict[str, Any]]:
    applications = source.table("applications")
    rows, principals = positions(applications, "id"), list(applications["principal"])
    for found in source.rows("applications"):
        own = place(rows, found.item.get("id"))
        if own < 0:
            continue
        for platform in PLATFORMS:
            shared = {
                "holder": found.item["id"],
                "platform": platform,
                "holder_type": "application",
                "app_id": found.item["appId"],
                "name": words(found.item.get("displayName")),
                "publisher": "own",
                "application": own,
                "principal": principals[own],
                "page": found.page,
            }
            yield from _each(shared, redirects(found.item, platform))


def _of_principals(source: Source) -> Iterator[dict[str, Any]]:
    principals = source.table("service_principals")
    rows = positions(principals, "id")
    publishers = [known(each) for each in principals["publisher"]]
    registered = positions(source.table("applications"), "app_id")
    told: dict[str, set[str]] = {}
    for found in source.rows("applications"):
        for platform in PLATFORMS:
            listed = redirects(found.item, platform) or []
            told.setdefault(str(found.item.get("appId")).lower(), set()).update(listed)
    for found in source.rows("service-principals"):
        own = place(rows, found.item.get("id"))
        if own < 0 or publishers[own] == "microsoft":
            continue
        app_id = principals["app_id"].iloc[own]
        uris = texts(found.item.get("replyUrls"))
        if uris is not None:  # the registration's own are copied to it: they are told there
            uris = [uri for uri in uris if uri not in told.get(app_id.lower(), ())]
        shared = {
            "holder": found.item["id"],
            "platform": "replyUrls",
            "holder_type": "servicePrincipal",
            "app_id": app_id,
            "name": words(found.item.get("displayName")),
            "publisher": publishers[own],
            "application": place(registered, app_id),
            "principal": own,
            "page": found.page,
        }
        yield from _each(shared, uris)


def _each(shared: dict[str, Any], uris: list[str] | None) -> Iterator[dict[str, Any]]:
    # A list that was not told is a row of its own, without an address: unknown in every rule.
    for uri in [""] if uris is None else uris:
        yield shared | {"uri": uri} | address(uri)._asdict()


REDIRECT_URIS = Table(
    name="redirect_uris",
    meaning="where tokens are sent to; without Microsoft's, and each only once if the registration "
    "and its service principal have it; an empty one stands for a list that was not told",
    key=("holder", "platform", "uri"),
    columns=(
        text("holder", "object id of the application or service principal", True),
        text("platform", "web, spa, publicClient, or replyUrls of a service principal", True),
        text("uri", "the redirect URI as registered", True),
        text("holder_type", "application or servicePrincipal", True),
        text("app_id", "client id of the holder", True),
        text("name", "display name of the holder"),
        text("publisher", "own or foreign; null if not told"),
        text("scheme", "its scheme in lower case; null if it cannot be read"),
        text("host", "its host in lower case, empty for none; null if it cannot be read"),
        flag("local", "it leads to the user's own computer; null if it cannot be read"),
        row("application", "the application's row"),
        row("principal", "the service principal's row"),
        PAGE,
    ),
    source="applications",
    adds=("service-principals",),
    build=_redirects,
    subject=("holder_type", "holder", "app_id", "name"),
)
TABLES = (REDIRECT_URIS,)
