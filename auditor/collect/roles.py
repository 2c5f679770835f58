"""Reads directory roles, who holds them, and the users and groups behind the ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from auditor.collect.listing import Listed, walk
from auditor.collect.objects import EXPAND_LIMIT
from auditor.collect.progress import track
from auditor.collect.reading import Reading, Received
from auditor.collect.run import Reader, Run, not_found, read_each, read_listing
from auditor.collect.tolerance import listed_with_known_names
from auditor.connect.wire import Ask
from auditor.datasets import Dataset

_IDS_AT_ONCE = 1000  # what getByIds takes (reference, section 1.1)
_TYPE = "#microsoft.graph."
_UNTOLD = ("", "directoryobject")  # such an object could be a group
_GROUP = "group"
_SERVICE_PRINCIPAL = "serviceprincipal"


def _principal(item: dict[str, Any]) -> str:
    return str(item.get("principalId") or "")


async def read_role_definitions(run: Run, reading: Reading) -> None:
    """All role definitions, keeping their ids for the reading of assignments."""
    await read_listing(run, reading, lambda item: str(item["id"]))


async def read_role_assignments(run: Run, reading: Reading) -> None:
    """All assignments; one role after the other where the service demands a filter.

    The documentation of 2023 demands one, today's tools get along without (reference, 1.1).
    """
    ask = run.ask(reading.dataset)
    listed = await walk(run.graph, ask, reading.tried, keep=_principal)
    if listed.error is None or listed.error.status != 400:
        reading.take(listed)
        return
    await run.finished(["role-definitions"])
    if not (roles := run.kept("role-definitions")):
        reading.take(listed)
        return
    for answer in listed.answers:
        reading.store(Received(answer))
    reading.notes.append("the service wants a filter: read role by role")
    asks = [run.ask(reading.dataset, filter=f"roleDefinitionId eq '{role}'") for role in roles]
    for each, reply in zip(asks, await run.batch(asks, reading), strict=True):
        reading.take(await walk(run.graph, each, reading.tried, keep=_principal, opening=reply))
    run.unsure_of(reading, ["role-definitions"])


async def read_role_eligibility(run: Run, reading: Reading) -> None:
    """Roles that can be activated, keeping by whom."""
    await read_listing(run, reading, _principal)


async def read_directory_roles(run: Run, reading: Reading) -> None:
    """Activated roles; a cross-check, so a cut list of members is only noted."""
    await read_listing(run, reading, _members_shown)
    cut = sum(number >= EXPAND_LIMIT for number in reading.kept)
    if cut:
        reading.notes.append(f"{cut} roles show only their first {EXPAND_LIMIT} members")


def _members_shown(item: dict[str, Any]) -> int:
    members = item.get("members")
    return len(members) if isinstance(members, list) else 0


def _listed_principals(run: Run) -> set[str]:
    return {each.id.lower() for each in run.kept("service-principals")}


async def read_referenced_principals(run: Run, reading: Reading) -> None:
    """Resolves every id that owns something or holds a role and is no service principal."""
    known = _listed_principals(run)
    ids: dict[str, str] = {}
    for name in reading.dataset.after:
        for id in run.kept(name):
            if id and id.lower() not in known:
                ids.setdefault(id.lower(), id)
    wanted = sorted(ids)
    reading.expected = len(wanted)
    track().expect(len(wanted))
    found: set[str] = set()
    for at in range(0, len(wanted), _IDS_AT_ONCE):
        listed = await _by_ids(run, reading, wanted[at : at + _IDS_AT_ONCE])
        found |= {id for id, _ in listed.kept}
        reading.take(listed)
    if not reading.errors:
        await _ask_one_by_one(run, reading, [id for id in wanted if id not in found])
    if untold := sum(kind in _UNTOLD for _, kind in reading.kept):
        reading.flaws.append(f"{untold} objects came without their type")
    _must_be_listed(reading, [id for id, kind in reading.kept if kind == _SERVICE_PRINCIPAL], known)
    # Eligibility needs a licence few have; its own line tells when it is not there.
    sure = [name for name in reading.dataset.after if name != "role-eligibility"]
    run.unsure_of(reading, ["service-principals", *sure])


async def _by_ids(run: Run, reading: Reading, ids: list[str]) -> Listed:
    async def ask(dataset: Dataset) -> Listed:
        # The builder of this action knows no query; the API documents $select for it.
        url = f"{run.urls.url(dataset.path)}?$select={','.join(sorted(dataset.select))}"
        one = Ask(url, method="POST", body={"ids": ids})
        return await walk(run.graph, one, reading.tried, keep=_typed)

    return await listed_with_known_names(reading, ask)


def _typed(item: dict[str, Any]) -> tuple[str, str]:
    """The id and the type's name in lower case; no name if the type is not one of Graph's."""
    told = str(item.get("@odata.type")).lower()
    return str(item["id"]).lower(), told.removeprefix(_TYPE) if told.startswith(_TYPE) else ""


def _must_be_listed(reading: Reading, ids: Iterable[str], known: Collection[str]) -> None:
    """Service principals that the listing of them lacks are audited by nobody."""
    if missing := set(ids) - set(known):
        reading.flaws.append(
            f"service-principals lacks {len(missing)} of them, such as {min(missing)}"
        )


async def _ask_one_by_one(run: Run, reading: Reading, ids: list[str]) -> None:
    """Asks for each id that did not come back: getByIds leaves out, without a word, what is gone.

    Only a 404 proves that. A group taken for gone would hide every workload in it.
    """
    asks = [
        run.ask(reading.dataset, path="/directoryObjects/{id}", id=id, select=("id", "displayName"))
        for id in ids
    ]
    gone = 0
    for id, reply in zip(ids, await run.batch(asks, reading), strict=True):
        if reply.answer is not None:
            reading.store(Received(reply.answer, id))
        if not_found(reply):
            gone += 1
        elif reply.error is not None:
            reading.errors.append(reply.error)
        elif not isinstance(reply.value.get("id"), str):
            reading.flaws.append("an object without id")
        else:
            reading.rows += 1
            reading.kept.append(_typed(reply.value))
    if gone:
        reading.expected = (reading.expected or 0) - gone
        reading.notes.append(f"{gone} of the objects referred to no longer exist")


def role_groups(run: Run, reading: Reading) -> list[str]:
    """The groups that hold a directory role or can activate one; a note where there is none."""
    holders = {
        id.lower() for name in ("role-assignments", "role-eligibility") for id in run.kept(name)
    }
    groups = {id for id, kind in run.kept("referenced-principals") if kind == _GROUP} & holders
    if not groups:
        reading.notes.append("no group holds a directory role")
    return sorted(groups)


async def read_group_members(run: Run, reading: Reading) -> None:
    """Members of the groups that hold a role; also used for the service principals among them.

    Separate, because v1.0 does not list service principals as members of a group.
    """
    groups = role_groups(run, reading)
    await read_each(run, reading, groups, lambda item: str(item["id"]).lower())
    if reading.dataset.name == "group-service-principals":
        _must_be_listed(reading, reading.kept, _listed_principals(run))
    run.unsure_of(reading, reading.dataset.needs)


READERS: Mapping[str, Reader] = {
    "role-definitions": read_role_definitions,
    "role-assignments": read_role_assignments,
    "role-eligibility": read_role_eligibility,
    "directory-roles": read_directory_roles,
    "referenced-principals": read_referenced_principals,
    "group-members": read_group_members,
    "group-service-principals": read_group_members,
}
