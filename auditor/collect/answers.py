"""Reads answers: their JSON, their errors, and how long they ask us to wait.

Error shapes: Graph's `{"error":{"code","message"}}` and the Exchange admin API's, which says the
real reason in `details` or `innererror.internalexception` (reference, sections 1.0, 2.3 and 4.7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from json import JSONDecoder
from typing import Any

import orjson

from auditor.connect.tls import UNTRUSTED
from auditor.connect.wire import Answer
from auditor.errors import Malformed, Refused, ServiceError, Unavailable

TRANSIENT = frozenset({429, 500, 502, 503, 504})
# Exception names Exchange wraps into a 400 though the next attempt may work (the module's list).
TRANSIENT_NAMES = (
    "CmdletProxyNotAvailableFailure",
    "ServerBusyException",
    "TransientException",
    "BackendCommunicationException",
)
# Error codes that mean "the tenant has not bought this".
LICENCE_CODES = frozenset(
    {
        "AadPremiumLicenseRequired",
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        "Authentication_RequestFromUnsupportedUserRole_LicenseRequired",
    }
)
_OTHER_AUDIENCE = (
    "The token is for another cloud's service: tenant.cloud and the hosts in [endpoints] must"
    " belong together."
)
_REFUSALS = frozenset({401, 403})
# Exchange hides a cmdlet from whoever has no management role for it: it is "not recognized".
_HIDDEN = b"CommandNotFoundException"
_LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Reply:
    """One request in the end: the last answer, what it says, or why it is of no use."""

    answer: Answer | None
    value: Any = None
    error: ServiceError | None = None


def json_object(answer: Answer) -> dict[str, Any]:
    """The body as a JSON object; raises `Malformed` for anything else."""
    try:
        value = orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        kind = answer.headers.get("content-type", "no content type")
        raise Malformed(
            f"the body is not readable JSON ({len(answer.body)} bytes, {kind})",
            status=answer.status,
        ) from error
    if not isinstance(value, dict):
        raise Malformed("the body is JSON, but not an object", status=answer.status)
    return value


def whole_number(answer: Answer) -> int:
    """The body of a `/$count`, which is plain text and may begin with a byte order mark."""
    text = answer.body.decode("utf-8-sig", "replace").strip()
    if not text.isdecimal():
        raise Malformed("the count is not a number", status=answer.status)
    return int(text)


def read_answer(answer: Answer, read: Callable[[Answer], Any] = json_object) -> Reply:
    """What an answer says, without judging whether to ask again."""
    if not answer.ok:
        return Reply(answer, error=error_of(answer))
    try:
        return Reply(answer, read(answer))
    except Malformed as error:
        return Reply(answer, error=error)


def error_of(answer: Answer) -> ServiceError:
    """The error an answer stands for."""
    code, message = _told(answer.body)
    if 300 <= answer.status < 400:
        return Malformed(
            "the answer redirects elsewhere, and a token must not go there", status=answer.status
        )
    told = f"{answer.status} {code}".strip() + (f": {message}" if message else "")
    kind: type[ServiceError] = ServiceError
    if code in LICENCE_CODES or answer.status in TRANSIENT:
        kind = Unavailable
    elif answer.status in _REFUSALS or (answer.status == 400 and _HIDDEN in answer.body):
        kind = Refused
    remedy = _OTHER_AUDIENCE if answer.status == 401 and "audience" in message.lower() else ""
    return kind(f"the service answered {told}", remedy, status=answer.status, code=code)


def is_transient(reply: Reply) -> bool:
    """Whether the same request may work when it is sent again."""
    if reply.answer is None:
        # Nothing came back; a certificate nobody trusts will be no better the next time.
        return isinstance(reply.error, Unavailable) and reply.error.code != UNTRUSTED
    if reply.answer.ok:
        return isinstance(reply.error, Malformed)  # cut off, or a proxy's page
    if reply.answer.status in TRANSIENT:
        return True
    body = reply.answer.body
    return reply.answer.status == 400 and any(name.encode() in body for name in TRANSIENT_NAMES)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds a `Retry-After` asks for: a whole number, a fraction such as 2.128, or an HTTP date.

    A date counts from the server's own clock, where the answer tells it. None where there is no
    header, where it cannot be read, or where it asks for no wait at all: then we back off.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        when = http_date(text)
        if when is None:
            return None
        seconds = (when - (http_date(headers.get("date", "")) or now)).total_seconds()
    return seconds if 0 < seconds < float("inf") else None


def http_date(text: str) -> datetime | None:
    """The instant of an HTTP date; None if it is none."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None else None


def batch_bodies(body: bytes) -> dict[str, bytes]:
    """The bytes of each item's body in a `$batch` answer, exactly as they were received.

    Decoding and writing them anew would change what is kept as evidence, so the text is walked and
    cut. Raises `Malformed` where it cannot be walked.
    """
    try:
        text = body.decode()
        found: dict[str, bytes] = {}
        for name, start in _members(text, text.index("{")):
            if name == "responses":
                for item in _elements(text, start):
                    spans = dict(_members(text, item))
                    id_, _ = _DECODER.raw_decode(text, spans["id"])
                    if "body" in spans:
                        _, end = _DECODER.raw_decode(text, spans["body"])
                        found[str(id_)] = text[spans["body"] : end].encode()
    except (ValueError, KeyError, IndexError, RecursionError) as error:
        raise Malformed("the batch answer cannot be read") from error
    return found


_DECODER = JSONDecoder()
_BLANK = " \t\r\n"


def _skip(text: str, at: int) -> int:
    while text[at] in _BLANK:
        at += 1
    return at


def _members(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Name and start of each value of the object that begins at `at`."""
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        yield name, at
        _, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        at = _skip(text, at + 1) if text[at] == "," else at


def _elements(text: str, at: int) -> Iterator[int]:
    """The start of each element of the list that begins at `at`."""
    at = _skip(text, at + 1)
    while text[at] != "]":
        yield at
        _, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        at = _skip(text, at + 1) if text[at] == "," else at


def _told(body: bytes) -> tuple[str, str]:
    """Code and message of an error body, as far as it can be read."""
    try:
        error = orjson.loads(body)["error"]
        code, message = str(error.get("code") or ""), error.get("message")
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return "", ""
    inner = error.get("innererror") or error.get("innerError")
    exception = inner.get("internalexception") if isinstance(inner, dict) else None
    details = error.get("details")
    nearest = [
        *(details if isinstance(details, list) else ())[:1],
        exception,
    ]
    for each in nearest:
        if isinstance(each, dict) and isinstance(each.get("message"), str) and each["message"]:
            message = each["message"]
            break
    told = " ".join(str(message or "").split())
    return code, told if len(told) <= _LONGEST_MESSAGE else f"{told[:_LONGEST_MESSAGE]}..."
