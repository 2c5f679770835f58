"""Walks one listing page by page, and checks it against the service's own count.

Ours instead of the SDK's PageIterator, which stops at an empty page that has a nextLink and never
ends on one that points to itself (reference, section 5.5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from auditor.collect.answers import Reply, whole_number
from auditor.collect.progress import track
from auditor.collect.service import OnTry, Service
from auditor.connect.wire import Answer, Ask
from auditor.errors import Malformed, ServiceError

Keep = Callable[[dict[str, Any]], Any]
_TRUNCATED = "more results"  # Exchange's warning when it held some back


def nothing(_: dict[str, Any]) -> None:
    """Keeps nothing of an item for later: the stored page has it."""


@dataclass
class Listed:
    """What one walk through a listing saw. Its pages are stored only if it is used."""

    answers: list[Answer] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)
    rows: int = 0
    count: int | None = None  # @odata.count of the first page
    expected: int | None = None
    error: ServiceError | None = None
    flaws: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    repeated: int = 0
    _ids: set[str] = field(default_factory=set)

    def take(self, value: dict[str, Any], keep: Keep, needs_id: bool) -> None:
        """Counts and keeps the items of one page; raises `Malformed` if it has no list of them."""
        items = value.get("value")
        if not isinstance(items, list):
            raise Malformed("a page has no list of objects")
        if self.count is None and isinstance(value.get("@odata.count"), int):
            self.count = value["@odata.count"]
        for item in items:
            if not isinstance(item, dict):
                self.flaws["an entry that is no object"] += 1
                continue
            self.rows += 1
            id_ = item.get("id")
            if needs_id and not (isinstance(id_, str) and id_):
                self.flaws["an object without id"] += 1
                continue
            if isinstance(id_, str):
                self.repeated += id_ in self._ids
                self._ids.add(id_)
            self.kept.append(keep(item))
        self._exchange_says(value)

    def _exchange_says(self, value: dict[str, Any]) -> None:
        errors, warnings = value.get("@adminapi.errors"), value.get("@adminapi.warnings")
        for told in errors if isinstance(errors, list) else ():
            self.flaws[f"an error beside the rows: {told}"] += 1
        for told in warnings if isinstance(warnings, list) else ():
            if _TRUNCATED in str(told).lower():
                self.flaws[f"the service held rows back: {told}"] += 1
            else:
                self.notes.append(f"warning: {told}")


async def walk(
    service: Service,
    ask: Ask,
    on_try: OnTry,
    *,
    keep: Keep = nothing,
    needs_id: bool = True,
    opening: Reply | None = None,
) -> Listed:
    """Reads a listing from `ask` to its end; `opening` is its first page if that is there already.

    Each further page is the same request at the nextLink: Graph's header ConsistencyLevel and
    Exchange's body are not carried by the link. Never raises `ServiceError`: it is in the result.
    """
    listed = Listed()
    seen = {ask.url}
    known = 0
    reply = opening or await service.reply(ask, on_try)
    while True:
        if reply.answer is not None:
            listed.answers.append(reply.answer)
        try:
            if reply.error is not None:
                raise reply.error
            listed.take(reply.value, keep, needs_id)
            _tell(listed, known, opening is not None)
            known = listed.rows
            if (url := _next(reply.value, ask.url)) is None:
                return listed
            if url in seen:
                raise Malformed("the service sent a nextLink it had sent before; not followed")
        except ServiceError as error:
            listed.error = error
            return listed
        seen.add(url)
        reply = await service.reply(replace(ask, url=url), on_try)


def _tell(listed: Listed, known: int, opened: bool) -> None:
    """Tells of a page. One that was there already is work that its batch has told of."""
    first = len(listed.answers) <= 1
    if first and listed.count is not None:
        track().expect(listed.count - (listed.rows if opened else 0))
    if not (first and opened):
        track().step(listed.rows - known)


def _next(value: dict[str, Any], url: str) -> str | None:
    link = value.get("@odata.nextLink", value.get("odata.nextLink"))
    if link is None:
        return None
    if not isinstance(link, str) or not link:
        raise Malformed("the nextLink is no address")
    link = urljoin(url, link)
    try:
        same = _origin(link) == _origin(url)
    except ValueError:
        same = False
    if not same:
        raise Malformed("the nextLink points to another host; not followed, since a token goes too")
    return link


def _origin(url: str) -> tuple[str, str | None, int | None, str | None]:
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, port, parts.username


async def walk_counted(
    service: Service,
    ask: Ask,
    count: Ask,
    on_try: OnTry,
    *,
    keep: Keep = nothing,
    needs_id: bool = True,
    first: Listed | None = None,
) -> Listed:
    """Walks a listing and counts it at the end; if they disagree, does both once more.

    `$count` reads an eventually consistent index, so anything between the count of the first page
    and the count at the end is right. `first` is a walk that was done already and did not agree.
    """
    listed = first or await walk(service, ask, on_try, keep=keep, needs_id=needs_id)
    for again in (True, False):
        if listed.error is not None:
            return listed
        end = await service.reply(count, on_try, read=whole_number)
        if end.answer is not None:
            listed.answers.append(end.answer)
        if end.error is not None:
            listed.notes.append(f"the rows could not be counted at the end: {end.error.what}")
        if _agrees(listed, end.value):
            return listed
        if again:
            listed = await walk(service, ask, on_try, keep=keep, needs_id=needs_id)
    return listed


def _agrees(listed: Listed, end: int | None) -> bool:
    """Whether the rows fit the counts; what does not fit is told in `listed`."""
    counts = [each for each in (listed.count, end) if each is not None]
    listed.expected = counts[-1] if counts else None
    if listed.repeated:
        listed.flaws["an object that came twice"] = listed.repeated
        return False
    if not counts:
        listed.notes.append("the service sent no count to check the rows against")
        return True
    if min(counts) <= listed.rows <= max(counts):
        if listed.rows:  # what was added since it was read is not missing
            listed.expected = min(listed.rows, counts[-1])
        return True
    told = " to ".join(str(each) for each in sorted(set(counts)))
    listed.flaws[f"{listed.rows} rows arrived, the service counts {told}"] = 1
    return False
