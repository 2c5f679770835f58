"""Who owns app registrations and service principals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.tables.declare import PAGE, Frame, Table, row, text
from auditor.tables.principals import odata_type
from auditor.tables.source import Source, known, place, positions, words


def _known(source: Source) -> dict[str, tuple[str | None, str | None]]:
    """Type and display name of everything that may own something, by id in lower case."""
    objects, principals = source.table("directory_objects"), source.table("service_principals")
    found = {
        id.lower(): (known(kind), known(name))
        for id, kind, name in zip(objects["id"], objects["type"], objects["name"], strict=True)
    }
    return found | {
        id.lower(): ("servicePrincipal", known(name))
        for id, name in zip(principals["id"], principals["name"], strict=True)
    }


def _owned(
    source: Source, base: str, dataset: str, kind: str, rows: dict[str, int]
) -> Iterator[dict[str, Any]]:
    people = _known(source)
    asked = source.asked(dataset)
    again: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for found in source.rows(dataset):
        again.setdefault(found.of or "", []).append((found.page, found.item))
    for found in source.rows(base):
        id = words(found.item.get("id"))
        if id is None:
            continue
        owners = [(found.page, owner) for owner in source.each(dataset, found.item, "owners")]
        if id in asked:
            if len(again.get(id, [])) < len(owners):
                source.fault(dataset, "fewer owners read again than at first")
            owners = again.get(id, owners)
        for page, owner in owners:
            if source.whole(dataset, owner, "id"):
                type_, name = people.get(owner["id"].lower(), (odata_type(owner), None))
                yield {
                    "object_id": id,
                    "object_type": kind,
                    "object_row": place(rows, id),
                    "owner_id": owner["id"],
                    "owner_type": type_,
                    "owner_name": name,
                    "page": page,
                }


def _application_owners(source: Source) -> Frame:
    rows = positions(source.table("applications"), "id")
    return APPLICATION_OWNERS.frame(
        _owned(source, "applications", "application-owners", "application", rows)
    )


def _service_principal_owners(source: Source) -> Frame:
    rows = positions(source.table("service_principals"), "id")
    return SERVICE_PRINCIPAL_OWNERS.frame(
        _owned(source, "service-principals", "service-principal-owners", "servicePrincipal", rows)
    )


_OWNERS = (
    text("object_id", "object id of what is owned", True),
    text("object_type", "application or servicePrincipal", True),
    row("object_row", "its row in applications or service_principals"),
    text("owner_id", "object id of the owner", True),
    text("owner_type", "user, servicePrincipal ...; null if it could not be looked up"),
    text("owner_name", "display name of the owner; null if it could not be looked up"),
    PAGE,
)
APPLICATION_OWNERS = Table(
    name="application_owners",
    meaning="owners of app registrations",
    key=("object_id", "owner_id"),
    columns=_OWNERS,
    source="application-owners",
    build=_application_owners,
    adds=("applications",),
    fills=("referenced-principals",),
    subject=("object_type", "object_id", "object_id", "owner_name"),
)
SERVICE_PRINCIPAL_OWNERS = Table(
    name="service_principal_owners",
    meaning="owners of service principals",
    key=("object_id", "owner_id"),
    columns=_OWNERS,
    source="service-principal-owners",
    build=_service_principal_owners,
    adds=("service-principals",),
    fills=("referenced-principals",),
    subject=("object_type", "object_id", "object_id", "owner_name"),
)
TABLES = (APPLICATION_OWNERS, SERVICE_PRINCIPAL_OWNERS)
