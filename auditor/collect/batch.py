"""Sends many small requests as Graph `$batch`es of 20, each item judged and retried on its own.

By hand instead of the SDK's batch classes: those send absolute URLs and retry nothing (reference,
sections 2.4 and 5.6). Batching saves round trips, not quota.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.collect.answers import Reply, batch_bodies, is_transient, json_object, read_answer
from auditor.collect.progress import track
from auditor.collect.service import OnTry, Service
from auditor.connect.wire import Answer, Ask
from auditor.errors import Malformed, Unavailable

LARGEST = 20
_DEPENDENCY_FAILED = 424  # older services throttle a whole batch with it


def may_work_again(reply: Reply) -> bool:
    """As for single requests, and 424, which stands for a throttled batch."""
    failed_with = reply.answer.status if reply.answer else 0
    return is_transient(reply) or failed_with == _DEPENDENCY_FAILED


async def batch(service: Service, base: str, asks: Sequence[Ask], on_try: OnTry) -> list[Reply]:
    """The replies to `asks`, all below `base`, in their order.

    Each reply's answer is the item's own: its URL, status, headers and the bytes of its body. If
    the batch itself failed, that answer stands for each of its items.
    """
    track().expect(len(asks))
    chunks = [asks[at : at + LARGEST] for at in range(0, len(asks), LARGEST)]
    replies = await asyncio.gather(*(_chunk(service, base, chunk, on_try) for chunk in chunks))
    return [reply for chunk in replies for reply in chunk]


async def _chunk(service: Service, base: str, asks: Sequence[Ask], on_try: OnTry) -> list[Reply]:
    final: dict[int, Reply] = {}
    open_ = list(range(len(asks)))
    attempt = 0
    while True:
        replies = await _post(service, base, {at: asks[at] for at in open_}, on_try)
        final.update(replies)
        failed = [at for at, reply in replies.items() if reply.error and _retry(reply)]
        attempt += 1
        if not failed:
            break
        # Waiting for the longest, or the item that is throttled most is refused again.
        wait = max(service.pause(_headers(final[at]), attempt) for at in failed)
        if attempt > service.retries or wait > service.longest_wait:
            final.update({at: _gave_up(final[at], attempt) for at in failed})
            break
        throttled = any(_status(final[at]) in (429, _DEPENDENCY_FAILED) for at in failed)
        await service.wait(wait, all_of_us=throttled)
        open_ = failed
    track().step(len(asks))
    return [final[at] for at in range(len(asks))]


async def _post(
    service: Service, base: str, asks: Mapping[int, Ask], on_try: OnTry
) -> dict[int, Reply]:
    requests = [
        {
            "id": str(at),
            "method": ask.method,
            "url": ask.url.removeprefix(base),
            "headers": {"Accept": "application/json", **ask.headers},
        }
        for at, ask in asks.items()
    ]
    outer = Ask(url=f"{base}/$batch", method="POST", body={"requests": requests})
    reply = await service.reply(outer, on_try, read=_items, transient=may_work_again)
    if reply.error is not None or reply.answer is None:
        return dict.fromkeys(asks, reply)
    items: dict[str, Answer] = reply.value
    return {at: _item(items.get(str(at)), ask) for at, ask in asks.items()}


def _items(outer: Answer) -> dict[str, Answer]:
    """The items of a batch answer by id. The server's date is only on the batch as a whole."""
    responses = json_object(outer).get("responses")
    if not isinstance(responses, list):
        raise Malformed("the batch answer has no list of responses")
    bodies = batch_bodies(outer.body)
    common = {name: outer.headers[name] for name in ("date", "request-id") if name in outer.headers}
    return {
        str(each["id"]): Answer(
            outer.ask,
            each["status"] if isinstance(each.get("status"), int) else 0,
            {**common, **_lower(each.get("headers"))},
            bodies.get(str(each["id"]), b""),
        )
        for each in responses
        if isinstance(each, dict) and "id" in each
    }


def _item(answer: Answer | None, ask: Ask) -> Reply:
    if answer is None:
        return Reply(None, error=Unavailable("the batch answer left this item out"))
    return read_answer(Answer(ask, answer.status, answer.headers, answer.body))


def _retry(reply: Reply) -> bool:
    # An answer to the batch as a whole was retried already.
    whole = reply.answer is not None and reply.answer.ask.url.endswith("/$batch")
    return not whole and may_work_again(reply)


def _lower(headers: Any) -> dict[str, str]:
    given = headers if isinstance(headers, dict) else {}
    return {str(name).lower(): str(value) for name, value in given.items()}


def _headers(reply: Reply) -> Mapping[str, str]:
    return reply.answer.headers if reply.answer else {}


def _status(reply: Reply) -> int:
    return reply.answer.status if reply.answer else 0


def _gave_up(reply: Reply, attempts: int) -> Reply:
    error = reply.error
    what = error.what if error else "no answer"
    return Reply(
        reply.answer,
        error=Unavailable(
            f"{what} ({attempts} attempts)",
            (error.remedy if error else "") or "Collect again later.",
            status=error.status if error else 0,
            code=error.code if error else "",
        ),
    )
