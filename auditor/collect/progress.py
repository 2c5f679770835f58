"""What a collection tells while it runs: events as values, and which dataset they are about.

Whoever shows them gets each as it happens, through one callable; `str(event)` is its plain line.
No event carries a token, a header that was sent, or a body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from auditor.connect.wire import Answer, Ask
from auditor.ledger import LedgerLine

# Answers' headers that say how close to its limits we are, and how to find a request again.
TOLD_HEADERS = (
    "retry-after",
    "x-ms-throttle-limit-percentage",
    "x-ms-throttle-scope",
    "x-ms-throttle-information",
    "x-ms-resource-unit",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "request-id",
)
_LONGEST_VALUE = 80  # a skiptoken has thousands of characters, and says nothing to a reader


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The first token is there."""

    tenant: str
    datasets: int  # how many will be read

    def __str__(self) -> str:
        return f"signed in to tenant {self.tenant}"


@dataclass(frozen=True, slots=True)
class Started:
    """A dataset is being asked for: what it waits for is there."""

    dataset: str
    service: str

    def __str__(self) -> str:
        return f"{self.dataset}: started"


@dataclass(frozen=True, slots=True)
class Arrived:
    """How far a dataset is. `total` is None until the service told it; it may grow."""

    dataset: str
    done: int
    total: int | None
    requests: int
    per_minute: int | None = None  # a limit the service sets, where it decides the time

    def __str__(self) -> str:
        return f"{self.dataset}: {self.done}{f' of {self.total}' if self.total else ''}"


@dataclass(frozen=True, slots=True)
class Expected:
    """Minutes that will be spent, told before they are."""

    dataset: str
    objects: int
    minutes: int
    per_minute: int
    allowed: int  # minutes; what is not read by then is told in the ledger

    def __str__(self) -> str:
        enough = (
            ""
            if self.minutes <= self.allowed
            else f"; collect.certificate_minutes allows {self.allowed}"
        )
        return (
            f"{self.dataset}: {self.objects} objects, about {self.minutes} min, since the service"
            f" allows {self.per_minute} a minute{enough}"
        )


@dataclass(frozen=True, slots=True)
class Waits:
    """The service is throttling or failing, and is asked again after some seconds."""

    dataset: str
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.dataset}: the service throttles or fails; asked again in {self.seconds:.0f} s"
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that was sent. The dataset is empty for a sign-in."""

    dataset: str
    method: str
    url: str  # host, path and query, for people; a sign-in without its query
    status: int  # 0: no answer came
    ms: float
    size: int = 0  # bytes of the answer's body
    what: str = ""  # the cmdlet, or how many requests a batch holds
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        told = [f"{self.method} {self.url}", *([f"({self.what})"] if self.what else [])]
        told.append(f"-> {self.status or 'no answer'}, {self.ms:.0f} ms, {self.size} bytes")
        told += [f"{name}={value}" for name, value in self.headers.items() if name != "request-id"]
        return " ".join(told)


@dataclass(frozen=True, slots=True)
class Finished:
    """A dataset's ledger line is there."""

    line: LedgerLine

    def __str__(self) -> str:
        line = self.line
        cause = f" ({line.cause})" if line.cause else ""
        return f"{line.dataset}: {line.rows} rows, {line.result}{cause}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something whoever runs this must read, such as a code to type or a warning."""

    text: str
    level: str = "warning"

    def __str__(self) -> str:
        return self.text


Event = SignedIn | Note | Started | Arrived | Expected | Waits | Asked | Finished
Tell = Callable[[Event], None]


def silent(_: Event) -> None:
    """Tells nobody."""


@dataclass
class Track:
    """Counts the work of one dataset and tells of it."""

    dataset: str
    tell: Tell
    done: int = 0
    total: int | None = None
    requests: int = 0
    per_minute: int | None = None

    def expect(self, number: int, *, per_minute: int | None = None) -> None:
        """That much more is to be done."""
        if number > 0:
            self.total = (self.total or 0) + number
            self.per_minute = per_minute or self.per_minute
            self._arrived()

    def step(self, number: int) -> None:
        """That much of it is done."""
        self.done += number
        self._arrived()

    def waits(self, seconds: float) -> None:
        """Asks again after so many seconds."""
        self.tell(Waits(self.dataset, seconds))

    def asked(self, ask: Ask, answer: Answer | None, ms: float) -> None:
        """One request was sent, and answered or not."""
        self.requests += 1
        self.tell(request(self.dataset, ask, answer, ms))

    def _arrived(self) -> None:
        total = None if self.total is None else max(self.total, self.done)
        self.tell(Arrived(self.dataset, self.done, total, self.requests, self.per_minute))


# The dataset that is being read travels with the task that reads it (and the tasks it starts), so
# that no reader, walk or batch has to hand it on.
_TRACK: ContextVar[Track | None] = ContextVar("track", default=None)


def track() -> Track:
    """The track of the dataset that the running task reads."""
    return _TRACK.get() or Track("", silent)


@contextmanager
def tracking(dataset: str, tell: Tell) -> Iterator[Track]:
    """Inside, `track()` is about `dataset`."""
    found = Track(dataset, tell)
    mark = _TRACK.set(found)
    try:
        yield found
    finally:
        _TRACK.reset(mark)


def request(dataset: str, ask: Ask, answer: Answer | None, ms: float) -> Asked:
    """A request as it may be told: no header that was sent, no body."""
    what = ask.headers.get("X-CmdletName", "")
    if ask.url.endswith("/$batch") and ask.body is not None:
        what = f"{len(ask.body['requests'])} requests"
    headers = answer.headers if answer else {}
    return Asked(
        dataset=dataset,
        method=ask.method,
        url=address(ask.url),
        status=answer.status if answer else 0,
        ms=ms,
        size=len(answer.body) if answer else 0,
        what=what,
        headers={name: headers[name] for name in TOLD_HEADERS if name in headers},
    )


def address(url: str, *, query: bool = True) -> str:
    """Host, path and query of an address, readable, long values cut."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    told = f"{host}{unquote(parts.path)}"
    if not (query and parts.query):
        return told
    values = (unquote(each) for each in parts.query.split("&"))
    return f"{told}?{'&'.join(map(_short, values))}"


def _short(value: str) -> str:
    # What is selected is worth reading in full; only what the service made up is cut.
    opaque = len(value) > _LONGEST_VALUE and "token" in value.partition("=")[0].lower()
    return f"{value[:_LONGEST_VALUE]}…" if opaque else value
