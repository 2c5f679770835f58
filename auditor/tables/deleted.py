"""App registrations that were deleted and can still be restored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.tables.declare import PAGE, Frame, Table, many, number, text, time
from auditor.tables.sign_ins import newest
from auditor.tables.source import Source, words

_KINDS = ("passwordCredentials", "keyCredentials")
_PRIVILEGED = 1  # the highest tier number that counts as privileged


def _deleted(source: Source) -> Frame:
    return DELETED_APPLICATIONS.frame(
        {
            "id": item["id"],
            "app_id": words(item.get("appId")),
            "name": words(item.get("displayName")),
            "deleted": item.get("deletedDateTime"),
            **_credentials(item),
            "asks": _asks(source, item),
            "page": found.page,
        }
        for found in source.rows("deleted-applications")
        if source.whole("deleted-applications", item := found.item, "id")
    )


def _credentials(item: Mapping[str, Any]) -> dict[str, Any]:
    """How many it has and when the last one ends; nothing where a list did not come along."""
    lists = [item.get(name) for name in _KINDS]
    if not all(isinstance(each, list) for each in lists):
        return {"credentials": None, "last_end": None}
    ends = [
        str(each.get("endDateTime")) if isinstance(each, dict) else "not an object"
        for found in lists
        for each in found or ()
        # A key to encrypt tokens with signs nobody in.
        if not (isinstance(each, dict) and each.get("usage") == "Encrypt")
    ]
    return {"credentials": len(ends), "last_end": newest(ends)}


def _asks(source: Source, item: Mapping[str, Any]) -> list[str] | None:
    """Application permissions of tier 0 or 1 that it asks for; None where that was not told."""
    wanted = item.get("requiredResourceAccess")
    if not isinstance(wanted, list):
        return None
    rated = [source.ratings.permission(*key) for key in _roles(wanted)]
    return sorted(
        {each.name for each in rated if each.tier is not None and each.tier <= _PRIVILEGED}
    )


def _roles(wanted: list[Any]) -> Iterator[tuple[str, str]]:
    for resource in wanted:
        if not isinstance(resource, dict):
            continue
        api, listed = words(resource.get("resourceAppId")), resource.get("resourceAccess")
        for each in listed if api and isinstance(listed, list) else ():
            role = isinstance(each, dict) and each.get("type") == "Role"
            if role and (id := words(each.get("id"))):
                yield str(api).lower(), id.lower()


DELETED_APPLICATIONS = Table(
    name="deleted_applications",
    meaning="app registrations that can still be restored; what they held is not readable any more",
    key=("id",),
    columns=(
        text("id", "object id", True),
        text("app_id", "client id"),
        text("name", "display name"),
        time("deleted", "when it was deleted"),
        number("credentials", "how many secrets and certificates it has; null if not told"),
        time("last_end", "when the last of them ends; null if one of them does not tell"),
        many("asks", "application permissions of tier 0 or 1 that it asks for; null if not told"),
        PAGE,
    ),
    source="deleted-applications",
    build=_deleted,
    subject=("'application'", "id", "app_id", "name"),
)
TABLES = (DELETED_APPLICATIONS,)
