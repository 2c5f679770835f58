"""Asks for one object of each dataset, to see whether the service would let it be read.

Exchange is asked which cmdlets it would let us run: EXOModuleFile, which the PowerShell module
itself begins with (reference, section 4.7).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.collect.answers import Reply
from auditor.collect.batch import batch
from auditor.collect.run import Run
from auditor.connect.wire import Ask
from auditor.datasets import DATASETS, Dataset

# An object of our own that a dataset of one object at a time can be tried on.
_OWN = {"/applications/{id}": "application", "/servicePrincipals/{id}": "principal"}


@dataclass(frozen=True, slots=True)
class Probe:
    """One dataset that was tried: the request, and the reply."""

    dataset: Dataset
    ask: Ask
    reply: Reply


def _nothing() -> None:
    return None


async def probe_graph(run: Run, application: str | None) -> dict[str, Probe]:
    """A request for each Graph dataset that can be tried, by name; batched where that is cheap."""
    asks = {
        dataset.name: ask
        for dataset in DATASETS.values()
        if dataset.service == "graph" and run.settings.tenant.cloud in dataset.clouds
        if (ask := _ask(run, dataset, application)) is not None
    }
    plain: dict[str, list[str]] = {}
    alone: list[str] = []
    for name, ask in asks.items():
        dataset = DATASETS[name]
        if ask.method == "GET" and dataset.throttle == "directory":
            plain.setdefault(dataset.version, []).append(name)
        else:
            alone.append(name)
    found = await asyncio.gather(
        *(_together(run, version, names, asks) for version, names in plain.items()),
        *(_alone(run, name, asks[name]) for name in alone),
    )
    replies = {name: reply for group in found for name, reply in group.items()}
    return {name: Probe(DATASETS[name], asks[name], replies[name]) for name in asks}


async def _together(
    run: Run, version: str, names: Sequence[str], asks: Mapping[str, Ask]
) -> dict[str, Reply]:
    base = run.urls.base(version)
    replies = await batch(run.graph, base, [asks[name] for name in names], _nothing)
    return dict(zip(names, replies, strict=True))


async def _alone(run: Run, name: str, ask: Ask) -> dict[str, Reply]:
    return {name: await run.service(DATASETS[name]).reply(ask, _nothing)}


def _ask(run: Run, dataset: Dataset, application: str | None) -> Ask | None:
    id = ""
    if "{id}" in dataset.path:
        whose = next((own for path, own in _OWN.items() if dataset.path.startswith(path)), None)
        id = {"application": application or "", "principal": run.me.object_id}.get(whose or "", "")
        if not id:
            return None
    if dataset.method == "POST":
        if not run.me.object_id:
            return None
        url = f"{run.urls.url(dataset.path)}?$select=id"
        return Ask(url, method="POST", body={"ids": [run.me.object_id]})
    cast = dataset.advanced and "microsoft.graph." in dataset.path  # is an advanced query
    return run.ask(dataset, id=id, count=cast, top=min(1, dataset.top))


async def probe_exchange(run: Run) -> Reply | None:
    """What Exchange says of the cmdlets we may run; None if it is not to be asked at all."""
    if run.exchange is None or run.exchange_error is not None:
        return None
    ask = Ask(
        f"{run.exchange_base}/adminapi/v1.0/{run.tenant_id}/EXOModuleFile?Version=3.7.0",
        headers={"Accept": "application/json", "CommandName": "*"},
    )
    return await run.exchange.reply(ask, _nothing)


def cmdlets(reply: Reply) -> frozenset[str] | None:
    """The cmdlets a reply lets us run, in lower case; None if it does not tell."""
    if reply.error is not None or not isinstance(reply.value, dict):
        return None
    rows = reply.value.get("value")
    told = [
        row["exportedCmdlets"]
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict) and isinstance(row.get("exportedCmdlets"), str)
    ]
    names = {name.strip().lower() for text in told for name in text.split(",") if name.strip()}
    return frozenset(names) if told else None
