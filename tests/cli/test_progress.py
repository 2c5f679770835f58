"""Progress as people and log collectors see it, from events played with a clock of the test's."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from auditor.cli.progress.bars import Bars
from auditor.cli.progress.jsonlog import JsonLog
from auditor.cli.progress.pace import Pace, duration
from auditor.cli.progress.plain import Plain
from auditor.collect.progress import (
    Arrived,
    Asked,
    Event,
    Expected,
    Finished,
    SignedIn,
    Started,
    Waits,
    address,
    request,
    tracking,
)
from auditor.connect.wire import Answer, Ask
from auditor.ledger import LedgerLine, Result

HOSTILE = "\x1b[2J[red]\u202egnp.exe[/]\x7f"
ASKED = Asked("apps", "GET", "graph.test/v1.0/apps?$top=9", 429, 12.4, 34, "", {"retry-after": "7"})


@dataclass
class Hands:
    """A clock that is set by hand."""

    at: float = 0.0
    lines: list[str] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.at

    def write(self, line: str) -> None:
        self.lines.append(line)

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 12, 0, 0, 5000, tzinfo=UTC)


def finished(cause: str = "", result: Result = Result.COMPLETE) -> Finished:
    return Finished(LedgerLine("apps", result, rows=3, expected=3, requests=2, cause=cause))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "1 s"), (45, "45 s"), (90, "2 min"), (3700, "62 min"), (9000, "2 h 30 min")],
)
def test_durations(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_a_pace_tells_count_share_rate_and_remaining_time() -> None:
    pace = Pace(100.0)
    assert pace.told(100) == "asked"
    pace.take(Arrived("apps", 999, 80_000, 1))
    assert pace.told(101) == "999 of 80,000, 1 %", "one second is too early for a rate"
    pace.take(Arrived("apps", 20_000, 80_000, 20))
    assert pace.told(200) == "20,000 of 80,000, 25 %, 200/s, about 5 min left"
    pace.take(Arrived("apps", 80_000, 80_000, 80))
    assert pace.told(500) == "80,000 of 80,000, 100 %, 200/s"


def test_without_a_total_only_what_came_is_told() -> None:
    pace = Pace(0.0, done=300)
    assert pace.told(200) == "300, 1.5/s"
    assert pace.left(200) is None


def test_a_quick_start_does_not_hide_the_services_limit() -> None:
    pace = Pace(0.0, done=150, total=1650, per_minute=150)
    assert pace.left(2) == 600


def test_plain_lines_are_one_per_dataset_and_one_each_ten_seconds() -> None:
    hands = Hands()
    plain = Plain(monotonic=hands.monotonic, write=hands.write)
    plain(SignedIn("the-tenant", 23))
    plain(Started("apps", "graph"))
    for second in range(1, 31):
        hands.at = second
        plain(Arrived("apps", second * 10, 1000, second))
        plain(ASKED)
    plain(finished())
    plain.close()
    assert hands.lines == [
        "signed in to tenant the-tenant",
        "apps: 100 of 1,000, 10 %, 10/s, about 2 min left",
        "apps: 200 of 1,000, 20 %, 10/s, about 80 s left",
        "apps: 300 of 1,000, 30 %, 10/s, about 70 s left",
        "apps: 3 rows, complete",
    ]


def test_a_long_wait_is_told_once_while_it_lasts() -> None:
    hands = Hands()
    plain = Plain(monotonic=hands.monotonic, write=hands.write)
    for seconds in (2.0, 30.0, 30.0):
        plain(Waits("apps", seconds))
    hands.at = 31
    plain(Waits("apps", 60.0))
    assert [line.rpartition("in ")[2] for line in hands.lines] == ["30 s", "60 s"]


def test_verbose_lines_show_the_request() -> None:
    hands = Hands()
    Plain(verbose=True, write=hands.write)(ASKED)
    Plain(verbose=True, write=hands.write)(Asked("", "POST", "login.test/t/token", 0, 3, 0))
    assert hands.lines == [
        "  apps: GET graph.test/v1.0/apps?$top=9 -> 429, 12 ms, 34 bytes retry-after=7",
        "  sign-in: POST login.test/t/token -> no answer, 3 ms, 0 bytes",
    ]


def log(events: list[Event], **options: Any) -> list[dict[str, Any]]:
    hands = Hands()
    shown = JsonLog(monotonic=hands.monotonic, now=hands.now, write=hands.write, **options)
    for event in events:
        shown(event)
        hands.at += 12
    assert all(line.isascii() and line.isprintable() for line in hands.lines)
    return [json.loads(line) for line in hands.lines]


STORY: list[Event] = [
    SignedIn("the-tenant", 23),
    Started("apps", "graph"),
    Expected("apps", 600, 3, 150, 10),
    Arrived("apps", 48, 600, 48, 150),
    Waits("apps", 7.25),
    ASKED,
    finished(HOSTILE, Result.PARTIAL),
]


def test_a_log_has_one_object_a_line() -> None:
    lines = log(STORY)
    assert [(each["level"], each["event"]) for each in lines] == [
        ("info", "signed-in"),
        ("info", "started"),
        ("info", "expected"),
        ("info", "progress"),
        ("warning", "waits"),
        ("warning", "finished"),
    ]
    assert lines[0]["time"] == "2026-11-23T12:00:00.005Z"
    assert lines[2] | {"minutes": 3, "objects": 600, "allowed": 10} == lines[2]
    assert lines[3] | {"done": 48, "total": 600, "per_second": 2.0} == lines[3]
    assert lines[3]["remaining_seconds"] == 276
    assert (
        lines[5] | {"result": "partial", "rows": 3, "cause": HOSTILE, "seconds": 60.0} == lines[5]
    )


def test_a_verbose_log_has_the_requests_and_a_quiet_one_only_what_is_wrong() -> None:
    asked = [each for each in log(STORY, verbose=True) if each["event"] == "request"]
    assert [(each["status"], each["ms"], each["level"]) for each in asked] == [(429, 12, "debug")]
    assert asked[0]["headers"] == {"retry-after": "7"}
    assert [each["event"] for each in log(STORY, quiet=True)] == ["waits", "finished"]


def screen(events: list[Event], width: int = 100, **options: Any) -> str:
    hands, out = Hands(), StringIO()
    console = Console(file=out, force_terminal=True, width=width, markup=False, no_color=True)
    bars = Bars(console=console, monotonic=hands.monotonic, **options)
    for event in events:
        hands.at += 5
        bars(event)
        bars._progress.refresh()
    bars.close()
    return out.getvalue()


def test_bars_show_counts_rates_and_remaining_time() -> None:
    shown = screen(STORY)
    assert "signing in" in shown
    assert "0 of 23, 0 requests" in shown
    assert "48 of 600, 8 %, 4.8/s, about 4 min left" in shown
    assert "asked again in 7 s" in shown
    assert "1 of 23, 1 requests" in shown
    assert "GET" not in shown
    assert "GET graph.test" in screen(STORY, verbose=True)


def test_bars_tell_expected_minutes_before_they_are_spent() -> None:
    shown = screen(STORY)
    assert shown.index("600 objects, about 3 min") < shown.index("48 of 600")


@pytest.mark.parametrize("width", [100, 30])
def test_hostile_text_stays_text_beside_bars(width: int) -> None:
    shown = screen(STORY, width)
    for character in ("\u202e", "\x7f", "\x1b[2J["):
        assert character not in shown
    assert "\\x1b[2J[red]\\u202egnp.exe[/]" in shown.replace("\n", "")


def test_a_request_is_told_without_what_was_sent() -> None:
    ask = Ask(
        "https://me:word@graph.test/v1.0/apps?%24top=9&%24skiptoken=" + "x" * 900,
        method="POST",
        headers={"Authorization": "Bearer eyJ", "X-CmdletName": "Get-RoleGroup"},
        body={"client_assertion": "eyJ"},
    )
    told = request(
        "apps", ask, Answer(ask, 200, {"set-cookie": "no", "request-id": "id"}, b"{}"), 5
    )
    assert told.url.startswith("graph.test/v1.0/apps?$top=9&$skiptoken=xxx")
    assert len(told.url) < 150
    assert (told.what, told.size, dict(told.headers)) == ("Get-RoleGroup", 2, {"request-id": "id"})
    assert "eyJ" not in repr(told)
    batch = Ask("https://graph.test/v1.0/$batch", "POST", body={"requests": [{}, {}]})
    assert request("apps", batch, None, 5).what == "2 requests"
    assert address("https://login.test/t/token?code=secret", query=False) == "login.test/t/token"


def test_work_adds_up_and_never_shows_more_than_all() -> None:
    seen: list[Event] = []
    with tracking("apps", seen.append) as track:
        track.expect(0)
        track.step(5)
        track.expect(4)
        track.expect(6, per_minute=150)
        track.step(10)
    assert seen == [
        Arrived("apps", 5, None, 0),
        Arrived("apps", 5, 5, 0),
        Arrived("apps", 5, 10, 0, 150),
        Arrived("apps", 15, 15, 0, 150),
    ]
