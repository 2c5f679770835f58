"""Each check of a rule finds the fault it is there for, and nothing in a rule without one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from auditor.conformance import CHECKS, Case, examine, examine_pack
from auditor.errors import PackError
from auditor.rule import Rule, rule

__doc__ = """Rules for tests.

## What it does
x
## Why it matters
x
## How to fix
x
## When it is fine
x
## References
x
"""

TABLES: dict[str, list[dict[str, Any]]] = {
    "applications": [
        {"id": "owned", "name": "a", "notes": "kept", "principal": 0, "created": "2026-01-01"},
        {"id": "alone", "name": "b", "notes": "left", "principal": 1, "created": "2026-01-02"},
        {"id": "noted", "name": "c", "notes": None, "principal": 2, "created": "2026-01-02"},
    ],
    "application_owners": [{"object_row": 0}],
}


def good(applications: DataFrame, application_owners: DataFrame) -> DataFrame:
    return applications[~applications.index.isin(application_owners["object_row"])]


def passes_nulls(applications: DataFrame, application_owners: DataFrame) -> DataFrame:
    found = good(applications, application_owners)
    return found[found["notes"].ne("kept") & found["name"].notna()]


def crashes_on_none(applications: DataFrame, application_owners: DataFrame) -> DataFrame:
    application_owners["object_row"].iloc[0]
    return good(applications, application_owners)


def counts_rows(applications: DataFrame, application_owners: DataFrame) -> DataFrame:
    found = good(applications, application_owners)
    return found[found["id"].ne(applications["id"].iloc[0]) | found["id"].eq("alone")]


def chokes_on_hostile_text(applications: DataFrame, application_owners: DataFrame) -> DataFrame:
    if applications["name"].str.contains("Remove").fillna(False).any():
        raise ValueError("such a name")
    return good(applications, application_owners)


def declared(function: Any, **changes: Any) -> Rule:
    told: dict[str, Any] = {
        "id": "no-owner",
        "severity": "medium",
        "about": "applications",
        "message": "{id} has no owner.",
        "fails_without": ("application_owners",),
    }
    declared_as: Any = rule(**(told | changes))(function)
    found = declared_as.__auditor_rule__
    assert isinstance(found, Rule)
    return replace(found, theme="theme")


def case(of: Rule, **changes: Any) -> Case:
    told: dict[str, Any] = {
        "rule": of,
        "tables": TABLES,
        "fails": frozenset({"alone", "noted"}),
        "passes": frozenset({"owned"}),
        "unknown": frozenset(),
    }
    return Case(**(told | changes))


def failed(problems: tuple[str, ...]) -> set[str]:
    assert all(each.partition(":")[0] in CHECKS for each in problems)
    return {each.partition(":")[0] for each in problems}


def test_a_sound_rule_has_no_problem() -> None:
    assert examine(case(declared(good))) == ()


@pytest.mark.parametrize(
    ("function", "check", "told"),
    [
        (passes_nulls, "nulls", "applications.name null, alone, noted passes though it failed"),
        (crashes_on_none, "few-rows", "crashed: IndexError"),
        (counts_rows, "order-of-rows", "in another order its verdicts change"),
        (chokes_on_hostile_text, "made-up-rows", "crashed: ValueError: such a name"),
    ],
)
def test_a_faulty_function_is_found_out(function: Any, check: str, told: str) -> None:
    problems = examine(case(declared(function)))
    assert check in failed(problems)
    assert any(told in each for each in problems), problems


@pytest.mark.parametrize(
    ("changes", "check", "told"),
    [
        ({"fails_without": (), "detail": ("application_owners",)}, "missing-rows", "fails_without"),
        (
            {"fails_without": (), "passes_without": ("application_owners",)},
            "missing-rows",
            "fails: declare application_owners in fails_without",
        ),
        ({"message": "{{no}} owner"}, "counts-and-messages", "'{no} owner'"),
        ({"message": "No owner."}, "", ""),
    ],
)
def test_a_wrong_declaration_is_found_out(changes: Any, check: str, told: str) -> None:
    problems = examine(case(declared(good, **changes)))
    assert failed(problems) == ({check} if check else set())
    assert all(told in each for each in problems)


def test_a_crash_is_told_once() -> None:
    def crashes(applications: DataFrame) -> DataFrame:
        raise RuntimeError("broken")

    problems = examine(case(declared(crashes, fails_without=())))
    assert len(problems) == 1
    assert "RuntimeError: broken" in problems[0]


def test_rows_that_are_not_as_the_test_names_them_are_told() -> None:
    problems = examine(case(declared(good), fails=frozenset({"alone"}), passes=frozenset()))
    assert problems[0] == "as-named: alone, noted fail; its test names alone"
    assert "as-named: its test names no row that fails, or none that passes" in problems


def test_a_rule_in_no_folder_and_a_long_title_are_told() -> None:
    problems = examine(case(replace(declared(good), theme="", title="x" * 90)))
    assert failed(problems) == {"documentation"}
    assert len(problems) == 2


def test_made_up_rows_are_the_same_in_every_run() -> None:
    from auditor.conformance.case import Trial
    from auditor.conformance.generated import generated

    trials = [Trial(case(declared(good))) for _ in range(2)]
    for one, other in zip(*(generated(each) for each in trials), strict=True):
        for name, frame in one.items():
            pd.testing.assert_frame_equal(frame, other[name])


def test_a_pack_without_rules_and_a_rule_without_a_test_are_told(tmp_path: Path) -> None:
    from auditor.cli.rules import NEW_RULE

    with pytest.raises(PackError, match="There is no rule in"):
        list(examine_pack(tmp_path))
    path = tmp_path / "theme" / "a_rule.py"
    path.parent.mkdir()
    path.write_text(NEW_RULE.format(id="a-rule", stem="a_rule"), encoding="utf-8")
    (examined,) = examine_pack(tmp_path)
    assert "it has no test" in examined.problems[0]
    test = tmp_path / "_tests" / "test_a_rule.py"
    test.parent.mkdir()
    test.write_text("TABLES = {}\n", encoding="utf-8")
    (examined,) = examine_pack(tmp_path)
    assert "it lacks FAILS" in examined.problems[0]
    test.write_text("import nothing_of_that_name\n", encoding="utf-8")
    (examined,) = examine_pack(tmp_path)
    assert "nothing_of_that_name" in examined.problems[0]
