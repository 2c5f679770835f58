"""Reads applications, service principals and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from auditor.collect.listing import walk
from auditor.collect.reading import Reading
from auditor.collect.run import Reader, Run, read_each, read_listing
from auditor.knowledge import GRAPH, MANAGE_AS_APP, mailbox_permissions, rated_apis

# Graph expands at most 20 objects and does not say that there are more (reference, section 1.0).
EXPAND_LIMIT = 20
_OTHER_RESOURCES = 500  # more of them than this are not asked unless they are named or rated
_NAMED = 3  # objects a flaw names; the rest are counted
_SYMMETRIC = "symmetric"
_KEY_FACTS = ("customKeyIdentifier", "startDateTime", "endDateTime", "type", "usage")


@dataclass(frozen=True, slots=True)
class Digest:
    """What later datasets need to know of an application or service principal."""

    id: str
    app_id: str
    kind: str  # servicePrincipalType
    home: str  # tenant that owns the registration
    owners: tuple[str, ...] | None  # None: the answer had no list of them
    more_owners: bool
    keys: frozenset[tuple[str, ...]]  # certificates, as `key_facts` tells them
    resources: frozenset[str]  # app ids of the APIs it asks permissions of
    exposes_roles: bool | None  # None: the answer had no list of them


def digest(item: dict[str, Any]) -> Digest:
    """The digest of an object as received; lower case, since services differ in it."""
    owners = item.get("owners")
    return Digest(
        id=str(item["id"]),
        app_id=_low(item.get("appId")),
        kind=_low(item.get("servicePrincipalType")),
        home=_low(item.get("appOwnerOrganizationId")),
        owners=tuple(str(each["id"]) for each in _objects(owners) if each.get("id"))
        if isinstance(owners, list)
        else None,
        more_owners=expanded_short(item, "owners"),
        keys=frozenset(
            key_facts(each)
            for each in _objects(item.get("keyCredentials"))
            if _low(each.get("type")) != _SYMMETRIC
        ),
        resources=frozenset(
            _low(each.get("resourceAppId")) for each in _objects(item.get("requiredResourceAccess"))
        ),
        exposes_roles=any(
            isinstance(kinds := each.get("allowedMemberTypes"), list) and "Application" in kinds
            for each in _objects(item.get("appRoles"))
        )
        if isinstance(item.get("appRoles"), list)
        else None,
    )


def key_facts(key: dict[str, Any]) -> tuple[str, ...]:
    """A key credential's id in lower case, and what else tells that it is the same as before."""
    return _low(key.get("keyId")), *(str(key.get(name)) for name in _KEY_FACTS)


@cache
def rated_resources() -> frozenset[str]:
    """App ids of the APIs whose permissions are rated: always asked who holds them."""
    others = frozenset(app_id for app_id, _ in (*mailbox_permissions(), *MANAGE_AS_APP))
    return rated_apis() | others


def expanded_short(item: dict[str, Any], name: str) -> bool:
    """Whether an expanded list may have more than it shows."""
    found = item.get(name)
    if not isinstance(found, list):
        return False
    return len(found) >= EXPAND_LIMIT or f"{name}@odata.nextLink" in item


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def _low(value: Any) -> str:
    return value.lower() if isinstance(value, str) else ""


async def read_service_principals(run: Run, reading: Reading) -> None:
    """The listing, with ourselves as the witness: we hold a token, so we must be in it."""
    await read_listing(run, reading, digest)
    if reading.rows and run.me.tenant_id and own_principal(run, reading.kept) is None:
        reading.flaws.append("the auditor's own service principal is not in it")


async def read_applications(run: Run, reading: Reading) -> None:
    """The listing; our own registration must be in it if this tenant owns it."""
    await read_listing(run, reading, digest)
    await run.finished(["service-principals"])
    own = own_principal(run, run.kept("service-principals"))
    if reading.errors or own is None or own.home != run.me.tenant_id:
        return
    if all(each.app_id != own.app_id for each in reading.kept):
        reading.flaws.append("the auditor's own registration is not in it")


def own_principal(run: Run, principals: list[Digest]) -> Digest | None:
    """The auditor's own service principal."""
    ids = {run.me.object_id, run.me.app_id} - {""}
    return next((each for each in principals if each.id.lower() in ids or each.app_id in ids), None)


async def read_application_owners(run: Run, reading: Reading) -> None:
    """Owners of applications."""
    await _read_owners(run, reading, "applications")


async def read_service_principal_owners(run: Run, reading: Reading) -> None:
    """Owners of service principals."""
    await _read_owners(run, reading, "service-principals")


async def _read_owners(run: Run, reading: Reading, source: str) -> None:
    """Owners came expanded with `source`; where there may be more, they are read one by one."""
    objects: list[Digest] = run.kept(source)
    again = [each.id for each in objects if each.more_owners]
    await read_each(run, reading, again, lambda item: str(item["id"]))
    shown = [owner for each in objects if not each.more_owners for owner in each.owners or ()]
    reading.rows += len(shown)
    reading.kept += shown
    unknown = sum(each.owners is None for each in objects)
    if unknown:
        reading.flaws.append(f"{unknown} of {source} came without a list of owners")
    run.unsure_of(reading, [source])
    reading.notes.append(f"read together with {source}; {len(again)} re-read for their number")


async def read_federated_credentials(run: Run, reading: Reading) -> None:
    """Federated credentials come expanded with the applications; full lists are read again."""
    listed = await read_listing(run, reading, _federated)
    objects: list[tuple[str, int | None, bool]] = list(listed.kept)
    reading.notes.append(f"read from {listed.rows} applications")
    reading.rows = sum(number or 0 for _, number, short in objects if not short)
    reading.kept.clear()
    reading.expected = None  # that was the number of applications
    unknown = sum(number is None for _, number, _ in objects)
    if unknown:
        reading.flaws.append(f"{unknown} applications came without a list of them")
    again = [id for id, _, short in objects if short]
    asks = [
        run.ask(
            reading.dataset,
            path="/applications/{id}/federatedIdentityCredentials",
            id=id,
            select=(),
            expand=(),
            count=False,
        )
        for id in again
    ]
    for id, ask, reply in zip(again, asks, await run.batch(asks, reading), strict=True):
        reading.take(await walk(run.graph, ask, reading.tried, opening=reply), of=id)


def _federated(item: dict[str, Any]) -> tuple[str, int | None, bool]:
    found = item.get("federatedIdentityCredentials")
    number = len(found) if isinstance(found, list) else None
    return str(item["id"]), number, expanded_short(item, "federatedIdentityCredentials")


async def read_app_role_assignments(run: Run, reading: Reading) -> None:
    """Who holds application permissions, asked of the APIs instead of each client.

    A few dozen requests instead of one per service principal (reference, section 2.1). A rated API
    is asked whatever it says of its roles, and cannot be gone.
    """
    principals: list[Digest] = run.kept("service-principals")
    rated = [each for each in principals if each.app_id in rated_resources()]
    named = {app_id for each in run.kept("applications") for app_id in each.resources}
    exposing = [
        each
        for each in principals
        if each.exposes_roles is not False and each.app_id not in rated_resources()
    ]
    wanted = [each for each in exposing if each.app_id in named]
    others = [each for each in exposing if each.app_id not in named]
    if len(others) > _OTHER_RESOURCES:
        reading.flaws.append(
            f"{len(others)} further APIs that nobody here asks for were not asked who uses them"
        )
        others = []
    lasting = frozenset(each.id for each in rated)
    ids = [each.id for each in (*rated, *wanted, *others)]
    await read_each(run, reading, ids, _assignment, lasting)
    if untold := [each.id for each in principals if each.exposes_roles is None]:
        more = f" and {len(untold) - _NAMED} more" if len(untold) > _NAMED else ""
        reading.flaws.append(
            f"service principals came without a list of appRoles: {', '.join(untold[:_NAMED])}{more}"
        )
    run.unsure_of(reading, ["service-principals"])
    if not run.usable("applications"):
        reading.notes.append("applications were not readable: which APIs they name is not known")
    graph = next((each.id.lower() for each in rated if each.app_id == GRAPH), None)
    own = (run.me.object_id, graph)
    if run.me.roles and run.me.object_id and not reading.errors and own not in reading.kept:
        reading.flaws.append(
            "the auditor's own permissions, which its token carries, are not in it"
        )


def _assignment(item: dict[str, Any]) -> tuple[str, str]:
    return _low(item.get("principalId")), _low(item.get("resourceId"))


async def read_organization(run: Run, reading: Reading) -> None:
    """The tenant itself, kept whole."""
    await read_listing(run, reading, lambda item: item)


READERS: Mapping[str, Reader] = {
    "organization": read_organization,
    "applications": read_applications,
    "application-owners": read_application_owners,
    "federated-credentials": read_federated_credentials,
    "service-principals": read_service_principals,
    "service-principal-owners": read_service_principal_owners,
    "app-role-assignments": read_app_role_assignments,
}
