"""Reads Exchange: one cmdlet after the other, and the members of each role group."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from auditor.collect.listing import Keep, Listed, nothing, walk
from auditor.collect.progress import track
from auditor.collect.reading import Reading
from auditor.collect.run import Reader, Run
from auditor.connect.exchange import command
from auditor.errors import Malformed


async def read_cmdlet(run: Run, reading: Reading) -> None:
    """Runs the dataset's cmdlet and reads all its pages."""
    reading.take(await run_cmdlet(run, reading, reading.dataset.parameters))


async def read_workloads(run: Run, reading: Reading) -> None:
    """Service principals Exchange knows, keeping their app ids."""
    listed = await run_cmdlet(run, reading, reading.dataset.parameters, keep=_app_id)
    reading.take(listed)


async def read_role_groups(run: Run, reading: Reading) -> None:
    """Role groups, keeping which there are and how many members each shows."""
    reading.take(await run_cmdlet(run, reading, reading.dataset.parameters, keep=_group))
    unnamed = sum(guid == "" for guid, _ in reading.kept)
    if unnamed:
        reading.flaws.append(f"{unnamed} role groups came without a Guid")


async def read_role_group_members(run: Run, reading: Reading) -> None:
    """The members of every role group seen in either list; `of` is the group's Guid."""
    groups: dict[str, int | None] = {}
    for name in ("exchange-role-groups", "exchange-partner-role-groups"):
        for guid, members in run.kept(name):
            if guid and groups.get(guid) is None:
                groups[guid] = members
    guids = list(groups)
    track().expect(sum(members or 0 for members in groups.values()))
    found = await asyncio.gather(*(_members(run, reading, guid, groups[guid]) for guid in guids))
    for guid, listed in zip(guids, found, strict=True):
        reading.take(listed, of=guid)
    told = [members for members in groups.values() if members is not None]
    # A sum over some of the groups is no promise for all of them.
    reading.expected = sum(told) if len(told) == len(groups) and groups else None
    run.unsure_of(reading, ["exchange-role-groups", "exchange-partner-role-groups"])


async def _members(run: Run, reading: Reading, guid: str, expected: int | None) -> Listed:
    parameters = {"Identity": guid, **reading.dataset.parameters}
    listed = await run_cmdlet(run, reading, parameters)
    if expected is not None and listed.error is None and listed.rows != expected:
        listed = await run_cmdlet(run, reading, parameters)
        if listed.error is None and listed.rows != expected:
            told = f"group {guid} shows {expected} members, {listed.rows} came"
            listed.flaws[told] = 1
    return listed


async def run_cmdlet(
    run: Run, reading: Reading, parameters: Mapping[str, object], keep: Keep = nothing
) -> Listed:
    """One cmdlet to its end; from the first page again if it breaks in the middle.

    A broken paged read cannot be taken up where it broke (reference, section 4.7).
    """
    assert run.exchange is not None, "the stage asks Exchange only when there is a way to it"
    try:
        ask = command(run.exchange_base, run.tenant_id, reading.dataset.path, parameters)
    except Malformed as error:
        return Listed(error=error)
    listed = Listed()
    for _ in range(2):
        listed = await walk(run.exchange, ask, reading.tried, keep=keep, needs_id=False)
        if listed.error is None or not listed.rows:
            break
    return listed


def _app_id(item: dict[str, Any]) -> str:
    found = item.get("AppId")
    return found.strip().lower() if isinstance(found, str) else ""


def _group(item: dict[str, Any]) -> tuple[str, int | None]:
    guid = item.get("Guid")
    members = item.get("Members")
    return (
        guid.strip() if isinstance(guid, str) else "",
        len(members) if isinstance(members, list) else None,
    )


READERS: Mapping[str, Reader] = {
    "exchange-role-groups": read_role_groups,
    "exchange-partner-role-groups": read_role_groups,
    "exchange-role-group-members": read_role_group_members,
    "exchange-service-principals": read_workloads,
    "exchange-role-assignments": read_cmdlet,
    "exchange-access-policies": read_cmdlet,
    "exchange-management-scopes": read_cmdlet,
    "exchange-management-roles": read_cmdlet,
    "exchange-organization-config": read_cmdlet,
}
