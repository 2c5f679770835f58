"""Retrying and throttling, without a network."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from auditor.collect.answers import retry_after
from auditor.connect.wire import Answer, Ask
from auditor.errors import Malformed, Refused, ServiceError, Unavailable
from tests.collect.fakes import (
    NOW,
    Reaction,
    Time,
    answer,
    breaks,
    run,
    says,
    script,
    service,
    unheard,
)

ASK = Ask("https://graph.test/v1.0/things")
FINE = says({"value": []})


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2.128", 2.128),
        ("200", 200),
        ("Mon, 23 Nov 2026 12:00:40 GMT", 40),
        ("0", None),
        ("-3", None),
        ("soon", None),
        ("", None),
        ("inf", None),
        ("nan", None),
        ("Mon, 23 Nov 2026 11:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_documented(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, NOW) == seconds


def test_a_date_counts_from_the_servers_own_clock() -> None:
    headers = {
        "retry-after": "Mon, 23 Nov 2026 15:00:05 GMT",
        "date": "Mon, 23 Nov 2026 15:00:00 GMT",
    }
    assert retry_after(headers, NOW) == 5


@pytest.mark.parametrize("asked", ["2.128", "200"])
def test_it_waits_exactly_as_long_as_it_is_told(asked: str) -> None:
    time = Time()
    sent = script(says(b"", 429, retry_after=asked), FINE)
    reply = run(service(sent.send, time).reply(ASK, unheard))
    assert reply.error is None
    assert time.waits == [float(asked)]


def test_a_wait_beyond_the_limit_is_given_up_with_its_cause() -> None:
    time = Time()
    sent = script(says({"error": {"code": "TooManyRequests"}}, 429, retry_after="900"))
    reply = run(service(sent.send, time).reply(ASK, unheard))
    assert isinstance(reply.error, Unavailable)
    assert "900 s" in reply.error.what
    assert "longest_wait" in reply.error.remedy
    assert time.waits == []


@pytest.mark.parametrize("first", [says(b"", 503), says(b"", 500), says(b"", 504), breaks])
def test_what_may_work_again_is_asked_again_after_a_growing_pause(first: Reaction) -> None:
    time = Time()
    tries: list[int] = []
    sent = script(first, first, first, FINE)
    reply = run(service(sent.send, time).reply(ASK, lambda: tries.append(1)))
    assert reply.error is None
    assert len(tries) == 4
    assert time.waits == [1, 2, 4]


def test_it_gives_up_after_the_retries_of_the_settings() -> None:
    sent = script(*[says({"error": {"code": "ServiceUnavailable", "message": "busy"}}, 503)] * 3)
    reply = run(service(sent.send, retries=2).reply(ASK, unheard))
    assert isinstance(reply.error, Unavailable)
    assert reply.error.what == "the service answered 503 ServiceUnavailable: busy (3 attempts)"
    assert reply.answer is not None


@pytest.mark.parametrize("body", [b'{"value": [', b"<html>proxy</html>", b"[]", b""])
def test_a_body_that_cannot_be_read_is_asked_again(body: bytes) -> None:
    sent = script(says(body), FINE)
    assert run(service(sent.send).reply(ASK, unheard)).error is None
    sent = script(says(body), says(body))
    reply = run(service(sent.send, retries=1).reply(ASK, unheard))
    assert isinstance(reply.error, Malformed)


@pytest.mark.parametrize(
    ("status", "kind"), [(400, ServiceError), (401, Refused), (403, Refused), (302, Malformed)]
)
def test_what_cannot_work_is_asked_once(status: int, kind: type[ServiceError]) -> None:
    sent = script(says({"error": {"code": "Nope", "message": "not you"}}, status))
    reply = run(service(sent.send).reply(ASK, unheard))
    assert type(reply.error) is kind
    assert len(sent.asks) == 1


def test_a_missing_licence_is_no_refusal() -> None:
    sent = script(says({"error": {"code": "AadPremiumLicenseRequired"}}, 403))
    assert isinstance(run(service(sent.send).reply(ASK, unheard)).error, Unavailable)


def test_exchange_errors_say_the_real_reason_and_transient_ones_are_retried() -> None:
    body: dict[str, Any] = {
        "error": {
            "code": "400",
            "message": "Error",
            "details": [{"message": "Ex1|ServerBusyException|wait"}],
        }
    }
    sent = script(says(body, 400), FINE)
    assert run(service(sent.send).reply(ASK, unheard)).error is None
    body["error"] = {
        "code": "400",
        "message": "Error",
        "innererror": {"internalexception": {"message": "the cmdlet is not recognized"}},
    }
    reply = run(service(script(says(body, 400)).send).reply(ASK, unheard))
    assert reply.error is not None
    assert "the cmdlet is not recognized" in reply.error.what


def test_while_one_request_is_throttled_the_others_wait_too() -> None:
    time = Time()
    sent_at: list[tuple[str, float]] = []

    async def send(ask: Ask) -> Answer:
        sent_at.append((ask.url, time.at))
        await asyncio.sleep(0)
        first = [url for url, _ in sent_at] == ["https://x.test/a"]
        return answer(ask, b"", 429, {"retry-after": "30"}) if first else answer(ask, {"value": []})

    async def both() -> None:
        asked = service(send, time)
        first = asyncio.create_task(asked.reply(Ask("https://x.test/a"), unheard))
        for _ in range(3):
            await asyncio.sleep(0)
        time.at = 0.0  # the second starts while the first is waiting
        await asked.reply(Ask("https://x.test/b"), unheard)
        await first

    run(both())
    assert next(at for url, at in sent_at if url.endswith("/b")) >= 30
