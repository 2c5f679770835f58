"""One collection under way: the services, who we are, and what earlier datasets told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from auditor.collect.answers import Reply
from auditor.collect.batch import batch
from auditor.collect.clock import Clock
from auditor.collect.listing import Keep, Listed, nothing, read_one, walk, walk_counted
from auditor.collect.progress import Tell
from auditor.collect.reading import Reading, Received
from auditor.collect.service import Service
from auditor.collect.tolerance import batched_with_known_names, listed_with_known_names
from auditor.connect.identity import Identity
from auditor.connect.urls import GraphUrls
from auditor.connect.wire import Ask
from auditor.datasets import DATASETS, Dataset
from auditor.errors import ServiceError
from auditor.ledger import LedgerLine, Result
from auditor.settings import Settings
from auditor.snapshot import Snapshot

Reader = Callable[["Run", Reading], Awaitable[None]]
_ADVANCED = {"ConsistencyLevel": "eventual"}
_NOT_FOUND = 404


@dataclass
class Run:
    """What the readers of the datasets share."""

    settings: Settings
    clock: Clock
    say: Tell
    me: Identity
    graph: Service
    urls: GraphUrls
    paced: Mapping[str, Service] = field(default_factory=dict)  # by Dataset.throttle
    exchange: Service | None = None
    exchange_base: str = ""
    exchange_me: Identity = field(default_factory=Identity)
    exchange_error: ServiceError | None = None
    earlier: Snapshot | None = None
    lines: dict[str, LedgerLine] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    done: dict[str, asyncio.Event] = field(
        default_factory=lambda: {name: asyncio.Event() for name in DATASETS}
    )

    @property
    def tenant_id(self) -> str:
        """The tenant as the token names it; as the settings do where that cannot be read."""
        return self.me.tenant_id or self.settings.tenant.id

    async def finished(self, names: Iterable[str]) -> None:
        """Waits until the named datasets are read."""
        for name in names:
            await self.done[name].wait()

    def usable(self, name: str) -> bool:
        """Whether a finished dataset has rows to go on with."""
        return self.lines[name].result in (Result.COMPLETE, Result.PARTIAL)

    def kept(self, name: str) -> list[Any]:
        """What was kept of a finished dataset's rows; nothing if it is not usable."""
        return self.readings[name].kept if self.usable(name) else []

    def unsure_of(self, reading: Reading, names: Iterable[str]) -> None:
        """Makes `reading` partial where what it hangs on is not complete."""
        for name in names:
            if not self.lines[name].complete:
                reading.flaws.append(f"{name} is {self.lines[name].result}")

    def ask(self, dataset: Dataset, *, path: str = "", id: str = "", **query: object) -> Ask:
        """The first request of a dataset, or of one object of it."""
        told = {
            "select": dataset.select,
            "expand": (dataset.expand,) if dataset.expand else (),
            "count": dataset.counted,
            "top": min(self.settings.collect.graph_page_size, dataset.top),
            **query,
        }
        return Ask(
            self.urls.url(path or dataset.path, id, version=dataset.version, **told),
            headers=_ADVANCED if dataset.advanced else {},
        )

    def count(self, dataset: Dataset, id: str = "") -> Ask:
        """The request for the service's own count."""
        url = self.urls.url(f"{dataset.path}/$count", id, version=dataset.version)
        return Ask(url, headers={**_ADVANCED, "Accept": "text/plain"})

    async def batch(self, asks: Sequence[Ask], reading: Reading) -> list[Reply]:
        """Graph's replies to many requests at once."""
        dataset = reading.dataset
        base = self.urls.base(dataset.version)
        return await batch(self.service(dataset), base, asks, reading.tried)

    def service(self, dataset: Dataset) -> Service:
        """Graph, at the pace that this dataset's requests are counted at."""
        return self.paced.get(dataset.throttle, self.graph)


async def read_listing(run: Run, reading: Reading, keep: Keep = nothing) -> Listed:
    """Reads a whole Graph listing as declared, into `reading`, and hands it back as well.

    Optional properties that the service does not know are left out, and the ledger notes it.
    """
    listed = await listed_with_known_names(reading, partial(_listed, run, reading, keep))
    reading.take(listed)
    reading.expected = listed.expected
    return listed


async def _listed(run: Run, reading: Reading, keep: Keep, dataset: Dataset) -> Listed:
    ask = run.ask(dataset)
    service = run.service(dataset)
    if dataset.single:
        return await read_one(service, ask, reading.tried, keep=keep)
    if dataset.counted:
        count = run.count(dataset)
        return await walk_counted(service, ask, count, reading.tried, keep=keep)
    return await walk(service, ask, reading.tried, keep=keep)


def not_found(reply: Reply) -> bool:
    """Whether the object asked for is not there; a batch that is not there says nothing of it."""
    answer = reply.answer
    if answer is None or answer.ask.url.endswith("/$batch"):
        return False
    return answer.status == _NOT_FOUND


async def find_gone(run: Run, reading: Reading, ids: Sequence[str]) -> set[str]:
    """Those of `ids` that no longer exist: a read of the object itself answers 404.

    Only that answer is stored, as the proof: an object that is there is no row of the dataset.
    """
    asks = [
        run.ask(
            reading.dataset,
            path="/directoryObjects/{id}",
            id=id,
            select=("id",),
            expand=(),
            count=False,
            top=0,
        )
        for id in ids
    ]
    gone = set()
    for id, reply in zip(ids, await run.batch(asks, reading), strict=True):
        if not_found(reply) and reply.answer is not None:
            reading.store(Received(reply.answer, id))
            gone.add(id)
    return gone


async def read_asks(
    run: Run, reading: Reading, asks: Mapping[str, Ask], keep: Keep = nothing
) -> None:
    """Reads one listing per request, the first pages in batches; the key becomes a page's `of`.

    Whatever is not an answer is an error, a 404 too: nothing here tells that an object is gone.
    """
    replies = await run.batch(list(asks.values()), reading)
    service = run.service(reading.dataset)
    for (id, ask), reply in zip(asks.items(), replies, strict=True):
        listed = await walk(service, ask, reading.tried, keep=keep, opening=reply)
        if listed.error is None and listed.count not in (None, listed.rows):
            listed.flaws[f"{listed.rows} rows arrived, the service counts {listed.count}"] = 1
        if listed.repeated:
            listed.flaws["an object that came twice"] = listed.repeated
        reading.take(listed, of=id)


def _doubtful(listed: Listed) -> bool:
    return bool(listed.repeated) or listed.count not in (None, listed.rows)


async def read_each(
    run: Run,
    reading: Reading,
    ids: Sequence[str],
    keep: Keep = nothing,
    lasting: Collection[str] = (),
) -> None:
    """Reads one listing per object, the first pages in batches; `of` is the object's id.

    A listing whose rows do not fit its count is counted and read once more. Objects that are gone
    by now have nothing to list: their first page and they themselves answer 404. Those in
    `lasting` cannot be gone, nor can the auditor.
    """
    asks, replies = await batched_with_known_names(
        reading,
        ids,
        lambda dataset, one: run.ask(dataset, id=one),
        lambda asks: run.batch(asks, reading),
    )
    dataset = reading.dataset
    lost = [id for id, reply in zip(ids, replies, strict=True) if not_found(reply)]
    lasting = {*lasting, run.me.object_id}
    gone = await find_gone(run, reading, [id for id in lost if id not in lasting])
    expected = 0
    for id, ask, reply in zip(ids, asks, replies, strict=True):
        listed = await walk(run.service(dataset), ask, reading.tried, keep=keep, opening=reply)
        if dataset.counted and listed.error is None and _doubtful(listed):
            count = run.count(dataset, id)
            listed = await walk_counted(
                run.service(dataset), ask, count, reading.tried, keep=keep, first=listed
            )
        elif listed.repeated:
            listed.flaws["an object that came twice"] = listed.repeated
        if id in gone:
            listed.error = None
        reading.take(listed, of=id)
        expected += listed.rows if listed.count is None else (listed.expected or listed.count)
    if dataset.counted and ids:
        reading.expected = expected
    if gone:
        reading.notes.append(f"{len(gone)} of the objects asked about no longer exist")
