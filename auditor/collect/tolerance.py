"""Asks again without the optional properties that a cloud refuses to know.

Not every national cloud has every property, and whether one that it lacks is refused or ignored is
not documented (reference, sections 6 and 10). Only what the answer names is dropped; where it names
nothing, every optional name is. What was not asked for is null in the tables, which is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import replace

from auditor.collect.answers import Reply
from auditor.collect.listing import Listed
from auditor.collect.reading import Reading
from auditor.connect.wire import Ask
from auditor.datasets import Dataset
from auditor.errors import ServiceError

_REFUSED = 400
_ABOUT_NAMES = re.compile(r"\$?\b(select|expand|propert(y|ies))\b", re.IGNORECASE)


def unknown_names(error: ServiceError | None, dataset: Dataset) -> list[str]:
    """The optional properties that an error 400 names; all of them if it only speaks of names."""
    if error is None or error.status != _REFUSED:
        return []
    named = [name for name in dataset.optional if re.search(rf"\b{re.escape(name)}\b", error.what)]
    if named or not _ABOUT_NAMES.search(error.what):
        return named
    # A name that stands in the answer and cannot be left out is what is refused.
    needed = {*dataset.select, *_expanded(dataset)} - {*dataset.optional}
    return [] if any(f"'{name}'" in error.what for name in needed) else list(dataset.optional)


def without(dataset: Dataset, names: Collection[str]) -> Dataset:
    """The dataset asked for without some of its optional properties, in $select and $expand."""

    def fewer(match: re.Match[str]) -> str:
        kept = [name for name in match[1].split(",") if name not in names]
        return f"$select={','.join(kept)}" if kept else match[0]

    return replace(
        dataset,
        select=tuple(name for name in dataset.select if name not in names),
        expand=re.sub(r"\$select=([\w,]+)", fewer, dataset.expand),
        optional=tuple(name for name in dataset.optional if name not in names),
    )


def _expanded(dataset: Dataset) -> list[str]:
    return [
        name
        for names in re.findall(r"\$select=([\w,]+)", dataset.expand)
        for name in names.split(",")
    ]


async def listed_with_known_names(
    reading: Reading, attempt: Callable[[Dataset], Awaitable[Listed]]
) -> Listed:
    """What `attempt` lists, repeated without the names that the service does not know.

    `reading` goes on with the dataset as it could be asked.
    """
    while True:
        listed = await attempt(reading.dataset)
        if not (refused := unknown_names(listed.error, reading.dataset)):
            return listed
        _drop(reading, refused)


async def batched_with_known_names(
    reading: Reading,
    ids: Sequence[str],
    ask: Callable[[Dataset, str], Ask],
    send: Callable[[Sequence[Ask]], Awaitable[list[Reply]]],
) -> tuple[list[Ask], list[Reply]]:
    """The request and the reply of each id; those that name an unknown property are sent again."""
    asks = [ask(reading.dataset, id) for id in ids]
    replies = await send(asks)
    while refused := _all_unknown(replies, reading.dataset):
        again = [
            at for at, reply in enumerate(replies) if unknown_names(reply.error, reading.dataset)
        ]
        _drop(reading, refused)
        for at in again:
            asks[at] = ask(reading.dataset, ids[at])
        for at, reply in zip(again, await send([asks[at] for at in again]), strict=True):
            replies[at] = reply
    return asks, replies


def _all_unknown(replies: Iterable[Reply], dataset: Dataset) -> list[str]:
    return list(
        dict.fromkeys(name for each in replies for name in unknown_names(each.error, dataset))
    )


def _drop(reading: Reading, names: Collection[str]) -> None:
    told = ", ".join(names)
    reading.notes.append(f"the service does not know {told}: read without, and unknown")
    reading.dataset = without(reading.dataset, names)
