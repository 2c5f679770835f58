"""Reads all datasets: each as soon as those it hangs on are read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

from auditor.collect.app_cmdlets import left_off, read_app_cmdlets
from auditor.collect.certificates import read_certificate_bytes
from auditor.collect.cmdlets import (
    read_cmdlet,
    read_role_group_members,
    read_role_groups,
    read_workloads,
)
from auditor.collect.objects import (
    read_app_role_assignments,
    read_application_owners,
    read_applications,
    read_federated_credentials,
    read_service_principal_owners,
    read_service_principals,
)
from auditor.collect.reading import Reading
from auditor.collect.roles import (
    read_directory_roles,
    read_group_members,
    read_referenced_principals,
    read_role_assignments,
    read_role_definitions,
    read_role_eligibility,
)
from auditor.collect.run import Run, read_listing
from auditor.datasets import DATASETS, Dataset
from auditor.settings import Settings

Reader = Callable[[Run, Reading], Awaitable[None]]


async def _read_plain(run: Run, reading: Reading) -> None:
    await read_listing(run, reading)


async def _read_organization(run: Run, reading: Reading) -> None:
    await read_listing(run, reading, _whole)


def _whole(item: dict[str, Any]) -> dict[str, Any]:
    return item


_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "organization": _read_organization,
        "applications": read_applications,
        "application-owners": read_application_owners,
        "federated-credentials": read_federated_credentials,
        "service-principals": read_service_principals,
        "service-principal-owners": read_service_principal_owners,
        "certificate-bytes": read_certificate_bytes,
        "app-role-assignments": read_app_role_assignments,
        "delegated-grants": _read_plain,
        "role-definitions": read_role_definitions,
        "role-assignments": read_role_assignments,
        "role-eligibility": read_role_eligibility,
        "directory-roles": read_directory_roles,
        "referenced-principals": read_referenced_principals,
        "group-members": read_group_members,
        "group-service-principals": read_group_members,
        "deleted-applications": _read_plain,
        "exchange-role-groups": read_role_groups,
        "exchange-partner-role-groups": read_role_groups,
        "exchange-role-group-members": read_role_group_members,
        "exchange-service-principals": read_workloads,
        "exchange-role-assignments": read_cmdlet,
        "exchange-access-policies": read_cmdlet,
        "exchange-management-scopes": read_cmdlet,
        "exchange-management-roles": read_cmdlet,
        "exchange-organization-config": read_cmdlet,
        "exchange-app-cmdlets": read_app_cmdlets,
    }
)
# Not asked unless the settings say so: how to turn them on, nothing if they are.
_OFF: Mapping[str, Callable[[Settings], str]] = MappingProxyType({"exchange-app-cmdlets": left_off})
# Read while it waits for nothing: only its last check needs the other one.
_CHECKED_LATER = frozenset({"applications"})


async def read_all(run: Run, finished: Callable[[Reading], None]) -> None:
    """Reads every declared dataset; `finished` gets each when its ledger line is there.

    A dataset that cannot be read never stops the others. Any other error stops all of them.
    """
    async with asyncio.TaskGroup() as group:
        for dataset in DATASETS.values():
            group.create_task(_read(run, dataset, finished))


async def _read(run: Run, dataset: Dataset, finished: Callable[[Reading], None]) -> None:
    reading = run.readings[dataset.name] = Reading(dataset)
    await run.finished(dataset.needs)
    if dataset.name not in _CHECKED_LATER:
        await run.finished(dataset.after)
    if not _skipped(run, reading):
        await _READERS[dataset.name](run, reading)
    me = run.exchange_me if dataset.service == "exchange" else run.me
    run.lines[dataset.name] = line = reading.line(me.roles)
    run.done[dataset.name].set()
    run.say(
        f"{dataset.name}: {line.rows} rows, {line.result}{f' ({line.cause})' * bool(line.cause)}"
    )
    finished(reading)


def _skipped(run: Run, reading: Reading) -> bool:
    dataset = reading.dataset
    missing = [name for name in dataset.needs if not run.usable(name)]
    if dataset.name in _OFF and (remedy := _OFF[dataset.name](run.settings)):
        reading.skip("off by default", remedy, off=True)
        return True
    if dataset.service == "exchange" and run.exchange_error is not None:
        reading.errors.append(run.exchange_error)
        return True
    if dataset.service == "exchange" and run.exchange is None:
        reading.skip("left out by the settings", "Set collect.exchange to true to read it.")
    elif missing:
        lines = [run.lines[name] for name in missing]
        reading.skip(
            ", ".join(f"{line.dataset} is {line.result}" for line in lines), lines[0].remedy
        )
    return bool(reading.skipped)
