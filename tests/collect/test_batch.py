"""$batch: items judged and retried one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from auditor.collect.answers import batch_bodies
from auditor.collect.batch import batch
from auditor.connect.wire import Answer, Ask
from auditor.errors import Malformed, Refused, Unavailable
from tests.collect.fakes import BASE, Time, answer, run, service, unheard

Item = Callable[[str, int], dict[str, Any] | None]  # url and attempt -> response without its id


class Batches:
    """Answers batches item by item and remembers what was asked."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.seen: list[list[dict[str, Any]]] = []
        self.tries: dict[str, int] = {}

    async def send(self, ask: Ask) -> Answer:
        assert ask.body is not None
        assert ask.url == f"{BASE}/$batch"
        self.seen.append(ask.body["requests"])
        responses = []
        for each in reversed(ask.body["requests"]):
            self.tries[each["url"]] = self.tries.get(each["url"], 0) + 1
            found = self.item(each["url"], self.tries[each["url"]])
            if found is not None:
                responses.append({"id": each["id"], **found})
        return answer(ask, {"responses": responses})


def asks(number: int) -> list[Ask]:
    return [
        Ask(f"{BASE}/things/{at}", headers={"ConsistencyLevel": "eventual"}) for at in range(number)
    ]


def fine(url: str, _: int) -> dict[str, Any]:
    return {"status": 200, "headers": {}, "body": {"value": [{"id": url}]}}


def test_twenty_at_most_relative_urls_unique_ids_and_own_headers() -> None:
    tenant = Batches(fine)
    replies = run(batch(service(tenant.send), BASE, asks(45), unheard))
    assert sorted(len(each) for each in tenant.seen) == [5, 20, 20]
    for each in tenant.seen:
        assert len({item["id"] for item in each}) == len(each)
        assert all(item["url"].startswith("/things/") for item in each)
        assert all(item["headers"]["ConsistencyLevel"] == "eventual" for item in each)
    assert [reply.value["value"][0]["id"] for reply in replies] == [
        f"/things/{at}" for at in range(45)
    ]
    assert [reply.answer.ask.url for reply in replies if reply.answer] == [
        each.url for each in asks(45)
    ]


def test_only_failed_items_are_asked_again_after_the_longest_wait() -> None:
    waits = {"/things/0": "2.5", "/things/1": "7"}

    def item(url: str, attempt: int) -> dict[str, Any]:
        if url in waits and attempt == 1:
            return {"status": 429, "headers": {"Retry-After": waits[url]}, "body": {}}
        return fine(url, attempt)

    time, tenant = Time(), Batches(item)
    replies = run(batch(service(tenant.send, time), BASE, asks(3), unheard))
    assert [each["url"] for each in tenant.seen[1]] == ["/things/0", "/things/1"]
    assert time.waits[0] == 7
    assert all(reply.error is None for reply in replies)


@pytest.mark.parametrize("status", [424, 503, 500])
def test_items_that_never_work_are_given_up_alone(status: int) -> None:
    def item(url: str, attempt: int) -> dict[str, Any]:
        return {"status": status, "body": {}} if url == "/things/1" else fine(url, attempt)

    tenant = Batches(item)
    replies = run(batch(service(tenant.send, retries=2), BASE, asks(3), unheard))
    assert [reply.error is None for reply in replies] == [True, False, True]
    assert isinstance(replies[1].error, Unavailable)
    assert len(tenant.seen) == 3


def test_a_refused_item_is_not_asked_again() -> None:
    tenant = Batches(lambda url, n: {"status": 403, "body": {"error": {"code": "No"}}})
    replies = run(batch(service(tenant.send), BASE, asks(2), unheard))
    assert all(isinstance(reply.error, Refused) for reply in replies)
    assert len(tenant.seen) == 1


def test_an_item_left_out_of_the_answer_is_a_failure() -> None:
    tenant = Batches(lambda url, n: None if url == "/things/0" else fine(url, n))
    replies = run(batch(service(tenant.send, retries=1), BASE, asks(2), unheard))
    assert isinstance(replies[0].error, Unavailable)
    assert "left this item out" in replies[0].error.what


def test_a_whole_batch_that_is_refused_stands_for_each_item() -> None:
    async def send(ask: Ask) -> Answer:
        return answer(ask, {"error": {"code": "No"}}, 403)

    replies = run(batch(service(send), BASE, asks(3), unheard))
    assert all(isinstance(reply.error, Refused) for reply in replies)


def test_a_whole_batch_answered_424_is_asked_again() -> None:
    tenant = Batches(fine)
    answers = [424]

    async def send(ask: Ask) -> Answer:
        return answer(ask, {}, answers.pop()) if answers else await tenant.send(ask)

    replies = run(batch(service(send), BASE, asks(2), unheard))
    assert all(reply.error is None for reply in replies)


def test_bodies_are_cut_out_byte_by_byte() -> None:
    text = (
        '{ "@odata.context" : "x",\n "responses" : [ {"body": {"a" :  1.50, "b":"\\u00e9\u00e9"} ,'
        ' "id":"1","status":200}, {"id" : "2", "status":204}, {"id":"3","body":[ ] } ] , "z": {} }'
    )
    bodies = batch_bodies(text.encode())
    assert bodies == {"1": '{"a" :  1.50, "b":"\\u00e9\u00e9"}'.encode(), "3": b"[ ]"}
    assert orjson.loads(bodies["1"])["a"] == 1.5
    assert batch_bodies(b'{"responses":[]}') == {}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"responses":[{}]}', b'{"responses":[1]}', b"\xff"]
)
def test_a_batch_answer_that_cannot_be_walked_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        batch_bodies(body)
