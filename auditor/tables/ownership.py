"""Who owns what, and what is known of the owner: the standing of each owner."""

from __future__ import annotations

from typing import Any

from auditor.tables.declare import PAGE, Frame, Table, flag, row, text
from auditor.tables.source import Source, known, place, positions

_NOT_FOUND = 404


def gone(source: Source) -> set[str]:
    """Ids, in lower case, that the service itself says are no longer there."""
    return {
        page.of.lower()
        for page in source.snapshot.pages
        if page.dataset == "referenced-principals" and page.of and page.status == _NOT_FOUND
    }


def _ownerships(source: Source) -> Frame:
    applications = source.table("applications")
    principals = source.table("service_principals")
    apps = positions(applications, "app_id")
    standing = _Standing(source)
    records: list[dict[str, Any]] = []
    for name, table in (
        ("application_owners", applications),
        ("service_principal_owners", principals),
    ):
        owned = source.table(name)
        cells = {column: list(table[column]) for column in ("app_id", "name")}
        of_app = name == "application_owners"
        links = list(applications["principal"]) if of_app else []
        publishers = [] if of_app else list(principals["publisher"])
        managed = [] if of_app else list(principals["managed_identity"])
        for each in owned.to_dict("records"):
            at = int(each["object_row"])
            if at < 0:
                continue  # its loader has told that what is owned did not arrive
            records.append(
                {
                    "object_id": each["object_id"],
                    "object_type": each["object_type"],
                    "owner_id": each["owner_id"],
                    "app_id": cells["app_id"][at],
                    "name": known(cells["name"][at]),
                    "application": at if of_app else place(apps, cells["app_id"][at]),
                    "principal": links[at] if of_app else at,
                    # A registration is this tenant's own, and no managed identity has one.
                    "publisher": "own" if of_app else known(publishers[at]),
                    "managed_identity": False if of_app else known(managed[at]),
                    "owner_name": known(each["owner_name"]),
                    **standing.of(each["owner_id"], known(each["owner_type"])),
                    "page": each["page"],
                }
            )
    return OWNERSHIPS.frame(records)


class _Standing:
    """What is known of everybody who may own something, by id."""

    def __init__(self, source: Source) -> None:
        objects, principals = source.table("directory_objects"), source.table("service_principals")
        self._gone = gone(source)
        self._principals = positions(principals, "id")
        self._enabled = list(principals["enabled"])
        self._objects = {
            str(id).lower(): (known(user), known(kind), known(enabled))
            for id, user, kind, enabled in zip(
                objects["id"],
                objects["user_name"],
                objects["user_type"],
                objects["enabled"],
                strict=True,
            )
        }

    def of(self, id: str, type_: str | None) -> dict[str, Any]:
        """The columns about an owner; null where nothing was told."""
        principal = place(self._principals, id)
        user, kind, enabled = self._objects.get(id.lower(), (None, None, None))
        found = principal >= 0 or id.lower() in self._objects
        return {
            "owner_type": type_,
            "owner_principal": principal,
            "owner_user": user,
            "owner_kind": kind,
            "owner_enabled": known(self._enabled[principal]) if principal >= 0 else enabled,
            "owner_gone": False if found else (True if id.lower() in self._gone else None),
        }


OWNERSHIPS = Table(
    name="ownerships",
    meaning="owners of app registrations and service principals, with the standing of each owner",
    key=("object_id", "owner_id"),
    columns=(
        text("object_id", "object id of what is owned", True),
        text("object_type", "application or servicePrincipal", True),
        text("owner_id", "object id of the owner", True),
        text("app_id", "client id of what is owned", True),
        text("name", "display name of what is owned"),
        row("application", "row of the registration"),
        row("principal", "row of the service principal"),
        text("publisher", "own, foreign or microsoft: of what is owned; null if not told"),
        flag("managed_identity", "whether a managed identity is owned; null if not told"),
        text("owner_name", "display name of the owner; null if it could not be looked up"),
        text("owner_type", "user, servicePrincipal ...; null if it could not be looked up"),
        row("owner_principal", "the owner's row in service_principals, if it is one"),
        text("owner_user", "userPrincipalName of the owner"),
        text("owner_kind", "userType of the owner: Member or Guest"),
        flag("owner_enabled", "accountEnabled of the owner"),
        flag("owner_gone", "whether the owner no longer exists (404); null if not told"),
        PAGE,
    ),
    source="application-owners",
    build=_ownerships,
    adds=("service-principal-owners", "applications", "service-principals"),
    fills=("referenced-principals",),
    subject=("object_type", "object_id", "app_id", "name"),
)
TABLES = (OWNERSHIPS,)
