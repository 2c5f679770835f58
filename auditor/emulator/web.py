"""One request and one answer, free of sockets."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from auditor.emulator.tenant import Json

# The services' clock: real time, or the instant a test froze.
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Call:
    """A request as the services see it; a batch item is one too."""

    method: str
    path: str
    raw_query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    base: str = ""
    version: str = "v1.0"  # of Graph

    @property
    def query(self) -> dict[str, str]:
        """Query parameters, percent-decoded; of a repeated one the last."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def eventual(self) -> bool:
        """Whether the caller accepts an eventually consistent index."""
        return self.headers.get("consistencylevel", "").casefold() == "eventual"

    def json(self) -> Any:
        """The body as JSON; None if it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    def at(self, url: str) -> Call:
        """The same request for another relative URL."""
        parts = urlsplit(url)
        return replace(self, path=parts.path, raw_query=parts.query)


@dataclass(frozen=True)
class Reply:
    """An answer; `cut` ends the connection in the middle of the body."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    cut: bool = False
    delay: float = 0.0
    detail: tuple[str, ...] = ()

    def with_headers(self, more: dict[str, str]) -> Reply:
        """The same answer with more headers; those it has already win."""
        return replace(self, headers={**more, **self.headers})


class Refusal(Exception):
    """A service says no: status, its own code and its words."""

    def __init__(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}


def json_reply(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """An answer with a JSON body."""
    return Reply(status, orjson.dumps(value), headers or {})


def new_id() -> str:
    """A request id."""
    return str(uuid.uuid4())


def http_date(now: datetime) -> str:
    """An instant as the Date header writes it."""
    return format_datetime(now.astimezone(UTC), usegmt=True)


def graph_error(refusal: Refusal, request_id: str, client_id: str) -> Reply:
    """A refusal in Graph's error form."""
    inner: Json = {
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": request_id,
        "client-request-id": client_id,
    }
    if refusal.status == 429:
        inner = {"code": "429", "message": "Please retry after", "status": "429", **inner}
    body = {
        "error": {"code": refusal.code, "message": refusal.message, "innerError": inner},
    }
    return json_reply(body, refusal.status, dict(refusal.headers))
