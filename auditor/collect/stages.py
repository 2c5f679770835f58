"""Reads all datasets: each as soon as those it hangs on are read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType

from auditor.collect import app_cmdlets, certificates, cmdlets, objects, roles
from auditor.collect.progress import Finished, Started, tracking
from auditor.collect.reading import Reading
from auditor.collect.run import Reader, Run, read_listing
from auditor.datasets import DATASETS, Dataset
from auditor.settings import Settings


async def _read_plain(run: Run, reading: Reading) -> None:
    await read_listing(run, reading)


_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        name: reader
        for module in (objects, certificates, roles, cmdlets, app_cmdlets)
        for name, reader in module.READERS.items()
    }
)
# Not asked unless the settings say so: how to turn them on, nothing if they are.
_OFF: Mapping[str, Callable[[Settings], str]] = MappingProxyType(dict(app_cmdlets.OFF))


def turned_off(settings: Settings, name: str) -> str:
    """How to turn a dataset on that is off by default; nothing if it is on."""
    return _OFF[name](settings) if name in _OFF else ""


def reader_of(name: str) -> Reader:
    """What reads a dataset: what a module says of it, or a plain listing as it is declared."""
    return _READERS.get(name, _read_plain)


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
        run.say(Started(dataset.name, dataset.service))
        with tracking(dataset.name, run.say):
            await reader_of(dataset.name)(run, reading)
    me = run.exchange_me if dataset.service == "exchange" else run.me
    run.lines[dataset.name] = line = reading.line(me.roles)
    run.done[dataset.name].set()
    run.say(Finished(line))
    finished(reading)


def _skipped(run: Run, reading: Reading) -> bool:
    dataset = reading.dataset
    missing = [name for name in dataset.needs if not run.usable(name)]
    cloud = run.settings.tenant.cloud
    if remedy := turned_off(run.settings, dataset.name):
        reading.skip("off by default", remedy, off=True)
        return True
    if cloud not in dataset.clouds:
        accept = f'accept = ["{dataset.name}"]'
        reading.skip(
            f"the cloud {cloud} does not have it",
            f"To accept the gap, write {accept} into [coverage].",
        )
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
