"""Reads PIM for Groups, and checks the roles of service principals that come through groups."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.collect.reading import Reading
from auditor.collect.roles import role_groups
from auditor.collect.run import Reader, Run, read_asks

_ASKED_AT_MOST = 200  # service principals; a cross-check must not cost more than what it checks


async def read_group_schedules(run: Run, reading: Reading) -> None:
    """The schedules of each group that holds a role: the service demands a filter of one group."""
    groups = role_groups(run, reading)
    dataset = reading.dataset
    asks = {id: run.ask(dataset, filter=f"groupId eq '{id}'") for id in groups}
    await read_asks(run, reading, asks)
    run.unsure_of(reading, dataset.needs)


async def read_transitive_role_assignments(run: Run, reading: Reading) -> None:
    """The roles of the service principals found in role-holding groups, asked one by one."""
    found = sorted(set(run.kept("group-service-principals")))
    if not found:
        reading.notes.append("no service principal is in a group that holds a directory role")
    if (left := len(found) - _ASKED_AT_MOST) > 0:
        reading.notes.append(f"a cross-check: {left} further service principals were not asked")
    asks = {
        id: run.ask(reading.dataset, count=True, filter=f"principalId eq '{id}'")
        for id in found[:_ASKED_AT_MOST]
    }
    await read_asks(run, reading, asks)


READERS: Mapping[str, Reader] = {
    "group-assignment-schedules": read_group_schedules,
    "group-eligibility-schedules": read_group_schedules,
    "transitive-role-assignments": read_transitive_role_assignments,
}
