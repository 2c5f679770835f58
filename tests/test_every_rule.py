"""What holds for every rule: its declaration, its fixtures, and that it never passes in the dark.

A rule's own test module gives the rows: TABLES (rows by table) and FAILS, PASSES, UNKNOWN (the
labels of the rows of the table it is about), and optionally SETTINGS.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from auditor.packs import load_rules
from auditor.rule import SECTIONS, Rule
from auditor.tables import TABLES as DECLARED
from auditor.testing import AS_OF, Tried, datasets_of, make_frames, try_rule

RULES = {rule.id: rule for rule in load_rules()}
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
INCOMPLETE = ("refused", "unavailable", "partial", "not-asked")


@cache
def fixtures(id: str) -> ModuleType:
    return importlib.import_module(f"tests.rules.test_{id.replace('-', '_')}")


@cache
def made(id: str) -> dict[str, pd.DataFrame]:
    return make_frames(fixtures(id).TABLES)


def frames_of(rule: Rule) -> dict[str, pd.DataFrame]:
    return {name: frame.copy(deep=False) for name, frame in made(rule.id).items()}


def run(rule: Rule, frames: Mapping[str, Any] | None = None, **options: Any) -> Tried:
    own = fixtures(rule.id)
    settings = getattr(own, "SETTINGS", {})
    return try_rule(rule, frames or frames_of(rule), settings=settings, **options)


def same(result: Tried, other: Tried) -> bool:
    return (result.failed, result.passed, result.unknown) == (
        other.failed,
        other.passed,
        other.unknown,
    )


@every_rule
def test_documentation_and_names(rule: Rule) -> None:
    assert rule.sections is not None
    assert list(rule.sections)[: len(SECTIONS)] == list(SECTIONS)
    assert rule.theme
    assert len(rule.title) < 90


@every_rule
def test_its_rows_fail_pass_and_stay_unknown_as_named(rule: Rule) -> None:
    own = fixtures(rule.id)
    result = run(rule)
    assert result.outcome.cause == "" or result.verdict != "error", result.outcome.cause
    assert result.failed == own.FAILS
    assert result.passed == own.PASSES
    assert result.unknown == own.UNKNOWN
    assert own.FAILS
    assert own.PASSES


@every_rule
def test_the_counts_add_up_and_messages_render(rule: Rule) -> None:
    result = run(rule)
    outcome = result.outcome
    assert outcome.failed + outcome.unknown + outcome.passed == outcome.population
    for finding in result.findings:
        assert finding.message
        assert finding.evidence
        assert "{" not in finding.message


@every_rule
@pytest.mark.parametrize("how", INCOMPLETE)
def test_no_pass_on_a_dataset_that_is_not_complete(rule: Rule, how: str) -> None:
    whole = run(rule)
    for dataset, use in datasets_of(rule):
        result = run(rule, coverage={dataset: how})
        if use == "detail":
            assert same(result, whole), dataset
            assert dataset in result.outcome.detail_missing
            continue
        assert result.verdict not in ("pass", "not-applicable"), dataset
        outcome = result.outcome
        assert outcome.failed + outcome.unknown + outcome.passed == outcome.population
        assert dataset in outcome.cause
        if dataset == DECLARED[rule.about].source and how != "partial":
            assert result.verdict == "not-evaluated"


@every_rule
def test_an_empty_tenant_is_not_applicable_only_when_all_was_read(rule: Rule) -> None:
    empty = make_frames({})
    assert run(rule, empty).verdict == "not-applicable"
    for dataset, use in datasets_of(rule):
        if use != "detail":
            for how in INCOMPLETE:
                result = run(rule, empty, coverage={dataset: how})
                assert result.verdict in ("not-evaluated", "unknown"), dataset


@every_rule
def test_an_emptied_dataset_behind_a_joined_table_is_never_a_pass(rule: Rule) -> None:
    for name in rule.tables[1:]:
        frames = frames_of(rule)
        frames[name] = frames[name].iloc[0:0]
        if name not in rule.detail or name in (*rule.passes_without, *rule.fails_without):
            result = run(rule, frames, coverage={DECLARED[name].source: "refused"})
            assert result.verdict not in ("pass", "not-applicable")


@every_rule
def test_no_null_turns_a_failing_row_into_a_passing_one(rule: Rule) -> None:
    whole = run(rule)
    for name in rule.tables:
        for column in DECLARED[name].columns:
            if column.required:
                continue  # the loader leaves such rows out and calls their dataset partial
            frames = frames_of(rule)
            frames[name] = nulled(frames[name], column.name)
            result = run(rule, frames)
            assert result.verdict != "error", f"{name}.{column.name}: {result.outcome.cause}"
            moved = whole.failed & result.passed
            assert not moved, f"{name}.{column.name}"
            gone = whole.failed - result.failed - result.passed - result.unknown
            assert not gone, f"{name}.{column.name}"


def nulled(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    # Taking the column from no row leaves nulls of its own type in every one.
    return frame.assign(**{column: frame[column].iloc[0:0].reindex(frame.index)})


@every_rule
def test_missing_rows_move_a_verdict_only_as_declared(rule: Rule) -> None:
    """Takes each row of each joined table away, and holds the rule to what it declared."""
    whole = run(rule)
    for name in rule.tables[1:]:
        count = len(frames_of(rule)[name])
        for row in range(count):
            frames = frames_of(rule)
            kept = frames[name].drop(index=frames[name].index[row])
            frames[name] = kept
            result = run(rule, frames)
            if name not in rule.passes_without:
                assert not whole.failed & result.passed, name
            if name not in rule.fails_without:
                assert not whole.passed & result.failed, name


@every_rule
def test_nothing_crashes_where_nothing_is_wrong(rule: Rule) -> None:
    """Passing rows alone, and one row with every other table empty."""
    own = fixtures(rule.id)
    whole = frames_of(rule)
    fine = [key in own.PASSES for key in whole[rule.about][DECLARED[rule.about].key[-1]]]
    for frames in (whole, make_frames({rule.about: own.TABLES[rule.about]})):
        frames[rule.about] = frames[rule.about][fine]
        assert run(rule, frames).verdict != "error", run(rule, frames).outcome.cause
        for row in range(len(frames[rule.about])):
            one = frames | {rule.about: frames[rule.about].iloc[[row]]}
            assert run(rule, one).verdict != "error", run(rule, one).outcome.cause


@every_rule
def test_the_order_of_rows_does_not_matter(rule: Rule) -> None:
    whole = run(rule)
    frames = frames_of(rule)
    about = frames[rule.about]
    # Joined tables are read by position and keep theirs; rows of the population change places.
    frames[rule.about] = about.iloc[::-1]
    result = run(rule, frames)
    assert same(result, whole)
    assert [each.id for each in result.findings] == [each.id for each in whole.findings]


@every_rule
def test_what_it_is_given_stays_as_it_was(rule: Rule) -> None:
    frames = frames_of(rule)
    before = {name: frame.copy(deep=True) for name, frame in frames.items()}
    run(rule, frames)
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, before[name])


@every_rule
def test_identity_does_not_move_with_the_calendar(rule: Rule) -> None:
    today = {each.id for each in run(rule).findings}
    tomorrow = {each.id for each in run(rule, as_of=AS_OF + pd.Timedelta(days=1)).findings}
    assert len(today) == len(run(rule).findings)
    assert today & tomorrow or not (today and tomorrow)
