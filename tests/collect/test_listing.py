"""Paging and counting, without a network."""

from __future__ import annotations

import pytest

from auditor.collect.listing import Listed, walk, walk_counted
from auditor.collect.reading import Reading
from auditor.connect.wire import Ask
from auditor.datasets import DATASETS
from auditor.errors import Malformed, Refused
from tests.collect.fakes import Reaction, Script, page, run, says, script, service, unheard

FIRST = Ask("https://graph.test/v1.0/things", headers={"ConsistencyLevel": "eventual"})
SECOND = "https://graph.test/v1.0/things?$skiptoken=2"
COUNT = Ask("https://graph.test/v1.0/things/$count")


def ids(listed: Listed) -> list[str]:
    return list(listed.kept)


def read(*reactions: Reaction) -> tuple[Listed, Script]:
    sent = script(*reactions)
    asked = service(sent.send, retries=0)
    return run(walk(asked, FIRST, unheard, keep=lambda item: item["id"])), sent


def counted(*reactions: Reaction) -> tuple[Listed, Script]:
    sent = script(*reactions)
    asked = service(sent.send, retries=0)
    return run(walk_counted(asked, FIRST, COUNT, unheard, keep=lambda item: item["id"])), sent


def test_it_follows_links_through_empty_pages_and_sends_the_headers_again() -> None:
    third = "https://graph.test/v1.0/things?$skiptoken=3"
    listed, sent = read(says(page("a", SECOND)), says(page("", third)), says(page("b")))
    assert ids(listed) == ["a", "b"]
    assert sent.urls == [FIRST.url, SECOND, third]
    assert all(ask.headers == FIRST.headers for ask in sent.asks)
    assert listed.error is None


@pytest.mark.parametrize("link", [FIRST.url, SECOND])
def test_a_link_seen_before_is_not_followed(link: str) -> None:
    listed, sent = read(says(page("a", SECOND)), says(page("b", link)))
    assert isinstance(listed.error, Malformed)
    assert listed.rows == 2
    assert len(sent.asks) == 2


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.test/v1.0/things",
        "http://graph.test/v1.0/things",
        "https://graph.test:8443/v1.0/things",
        "https://me@graph.test/v1.0/things",
        "https://graph.test:99999/things",
        "//evil.test/things",
    ],
)
def test_a_link_to_elsewhere_gets_no_token(link: str) -> None:
    listed, sent = read(says(page("a", link)))
    assert isinstance(listed.error, Malformed)
    assert "another host" in listed.error.what
    assert len(sent.asks) == 1


@pytest.mark.parametrize("link", [7, "", {}])
def test_a_link_that_is_no_address_is_malformed(link: object) -> None:
    listed, _ = read(says({"value": [{"id": "a"}], "@odata.nextLink": link}))
    assert isinstance(listed.error, Malformed)


def test_a_refusal_in_the_middle_keeps_what_came() -> None:
    listed, _ = read(says(page("ab", SECOND)), says({"error": {"code": "Gone"}}, 403))
    assert listed.rows == 2
    assert isinstance(listed.error, Refused)
    assert [each.status for each in listed.answers] == [200, 403]


def test_entries_that_are_no_objects_or_lack_an_id_are_flaws() -> None:
    listed, _ = read(says({"value": [{"id": "a"}, 5, {"name": "b"}, {"id": None}]}))
    assert listed.flaws == {"an entry that is no object": 1, "an object without id": 2}
    assert ids(listed) == ["a"]


@pytest.mark.parametrize("value", [{}, {"value": None}, {"value": {"id": "a"}}])
def test_a_page_without_a_list_is_malformed(value: object) -> None:
    listed, _ = read(says(value))
    assert isinstance(listed.error, Malformed)


def test_rows_between_the_two_counts_are_right() -> None:
    listed, sent = counted(says(page("ab", count=1)), says(b"3"))
    assert not listed.flaws
    assert listed.expected == 2  # what came since is not missing
    nothing, _ = counted(says(page("", count=0)), says(b"3"))
    assert nothing.expected == 3
    assert len(sent.asks) == 2


def test_a_count_with_a_byte_order_mark_is_read() -> None:
    listed, _ = counted(says(page("ab", count=2)), says(b"\xef\xbb\xbf2"))
    assert not listed.flaws


def test_rows_that_do_not_fit_are_read_once_more_and_the_first_pages_dropped() -> None:
    listed, _ = counted(says(page("a", count=2)), says(b"2"), says(page("ab", count=2)), says(b"2"))
    assert not listed.flaws
    assert listed.rows == 2
    assert len(listed.answers) == 2


@pytest.mark.parametrize("rows", ["a", "abc", ""])
def test_rows_that_never_fit_are_told(rows: str) -> None:
    again = [says(page(rows, count=2)), says(b"2")]
    listed, sent = counted(*again, *again)
    assert list(listed.flaws) == [f"{len(rows)} rows arrived, the service counts 2"]
    assert len(sent.asks) == 4


def test_an_object_that_came_twice_hides_one_that_did_not_come() -> None:
    again = [says(page("aa", count=2)), says(b"2")]
    listed, _ = counted(*again, *again)
    assert listed.flaws == {"an object that came twice": 1}


def test_a_missing_end_count_is_noted_and_the_first_one_counts() -> None:
    listed, _ = counted(says(page("ab", count=2)), says(b"", 403))
    assert not listed.flaws
    assert any("could not be counted" in note for note in listed.notes)


def test_exchange_tells_of_errors_and_held_back_rows_beside_the_rows() -> None:
    value = {
        "value": [{"Name": "a"}],
        "@adminapi.warnings": [
            "There are more results available than are currently displayed.",
            "hm",
        ],
        "@adminapi.errors": ["broken"],
    }
    sent = script(says(value))
    listed = run(walk(service(sent.send), FIRST, unheard, needs_id=False))
    assert len(listed.flaws) == 2
    assert listed.notes == ["warning: hm"]


@pytest.mark.parametrize(("rows", "expected"), [(1, 2), (2, 2), (3, 2), (2, None)])
def test_fewer_rows_than_expected_are_partial(rows: int, expected: int | None) -> None:
    line = Reading(DATASETS["applications"], rows=rows, expected=expected).line(())
    assert line.complete is (rows != 1)
    assert line.cause == ("1 of 2 arrived" if rows == 1 else "")
