"""What incomplete data does to a verdict, shown on rules made for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pandas import DataFrame

from auditor.check import exit_code
from auditor.engine import dependencies
from auditor.errors import PackError, SettingsError
from auditor.packs import configure
from auditor.rule import Rule, Severity, rule
from auditor.testing import make_coverage, try_rule

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
        {"id": "owned", "principal": 0},
        {"id": "alone", "principal": 1},
        {"id": "nameless", "name": None},
    ],
    "application_owners": [{"object_row": 0}],
}


def declared(function: object) -> Rule:
    found = function.__auditor_rule__  # type: ignore[attr-defined]
    assert isinstance(found, Rule)
    return found


@rule(
    id="no-owner",
    severity="medium",
    about="applications",
    message="{id} has no owner.",
    fails_without=("application_owners",),
)
def no_owner(applications: DataFrame, application_owners: DataFrame) -> DataFrame:
    owned = application_owners["object_row"]
    return applications[~applications.index.isin(owned)]


@rule(
    id="has-owner",
    severity="medium",
    about="applications",
    message="{id} has an owner.",
    passes_without=("application_owners",),
)
def has_owner(applications: DataFrame, application_owners: DataFrame) -> DataFrame:
    return applications[applications.index.isin(application_owners["object_row"])]


@rule(id="broken-rule", severity="low", about="applications", message="x")
def broken_rule(applications: DataFrame) -> DataFrame:
    raise ZeroDivisionError("on purpose")


@rule(id="strange-rows", severity="low", about="applications", message="x")
def strange_rows(applications: DataFrame) -> DataFrame:
    return applications.set_index(applications.index + 100)


@rule(id="needs-name", severity="low", about="applications", message="x", needs=("name",))
def needs_name(applications: DataFrame) -> DataFrame:
    return applications[applications["name"] == "bad"]


def test_a_complete_tenant_is_judged_as_it_is() -> None:
    result = try_rule(declared(no_owner), TABLES)
    assert (result.failed, result.passed) == ({"alone", "nameless"}, {"owned"})
    assert result.verdict == "fail"


@pytest.mark.parametrize("how", ["refused", "unavailable", "partial", "not-asked"])
def test_what_fails_for_want_of_a_row_is_unknown_when_rows_may_be_missing(how: str) -> None:
    result = try_rule(declared(no_owner), TABLES, coverage={"application-owners": how})
    assert result.failed == set()
    assert result.unknown == {"alone", "nameless"}
    assert result.passed == {"owned"}
    assert result.verdict == "unknown"


@pytest.mark.parametrize("how", ["refused", "unavailable", "partial", "not-asked"])
def test_what_passes_for_want_of_a_row_is_unknown_when_rows_may_be_missing(how: str) -> None:
    result = try_rule(declared(has_owner), TABLES, coverage={"application-owners": how})
    assert result.failed == {"owned"}
    assert result.unknown == {"alone", "nameless"}
    assert result.passed == set()


def test_a_dataset_that_another_proves_to_be_empty_is_complete_and_empty() -> None:
    how = {"application-owners": "not-applicable"}
    result = try_rule(declared(no_owner), TABLES | {"application_owners": []}, coverage=how)
    assert result.failed == {"owned", "alone", "nameless"}
    nothing = try_rule(
        declared(no_owner), {"applications": []}, coverage={"applications": "not-applicable"}
    )
    assert nothing.verdict == "not-applicable"


def test_a_refused_population_is_not_evaluated_with_cause_and_remedy() -> None:
    outcome = try_rule(declared(no_owner), TABLES, coverage={"applications": "refused"}).outcome
    assert outcome.verdict == "not-evaluated"
    assert outcome.cause == "applications refused (as the test says)"
    assert outcome.remedy == "none"


def test_a_partial_population_is_judged_and_what_is_missing_is_unknown() -> None:
    result = try_rule(declared(has_owner), TABLES, coverage={"applications": "partial"})
    assert result.failed == {"owned"}
    assert result.outcome.missing == 1
    assert result.outcome.population == 4


def test_a_partial_population_with_nothing_bad_never_passes() -> None:
    rows = {"applications": [{"id": "fine", "name": "fine"}]}
    assert try_rule(declared(needs_name), rows).verdict == "pass"
    result = try_rule(declared(needs_name), rows, coverage={"applications": "partial"})
    assert result.verdict == "unknown"


def test_a_null_in_a_needed_column_is_unknown() -> None:
    rows = {"applications": [{"id": "bad", "name": "bad"}, {"id": "null", "name": None}]}
    result = try_rule(declared(needs_name), rows)
    assert (result.failed, result.unknown) == ({"bad"}, {"null"})
    assert "name is not known" in result.outcome.cause


def test_a_crash_is_an_error_never_a_pass() -> None:
    outcome = try_rule(declared(broken_rule), TABLES).outcome
    assert outcome.verdict == "error"
    assert "ZeroDivisionError: on purpose" in outcome.cause


def test_rows_from_nowhere_are_an_error() -> None:
    assert try_rule(declared(strange_rows), TABLES).verdict == "error"


def test_a_dataset_the_snapshot_does_not_know_counts_as_not_asked() -> None:
    from auditor.engine import judge
    from auditor.testing import AS_OF, make_frames

    coverage = make_coverage()
    del coverage["application-owners"]
    chosen = configure([declared(has_owner)], {})[0]
    outcome, _ = judge(chosen, make_frames(TABLES), coverage, AS_OF)
    assert outcome.unknown == 2
    assert "this snapshot does not hold it" in outcome.cause


def test_a_rule_that_is_switched_off_says_so() -> None:
    outcome = try_rule(declared(has_owner), TABLES, settings={"enabled": False}).outcome
    assert (outcome.verdict, outcome.accepted) == ("not-evaluated", True)


def test_datasets_are_told_by_what_they_are_for() -> None:
    needed = dependencies(declared(no_owner))
    assert needed.population == ("applications",)
    assert needed.absence == ("application-owners", "referenced-principals")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"no-owner": {"severty": "low"}}, "Did you mean severity?"),
        ({"no-owner": {"severity": "worst"}}, "'worst' is no severity"),
        ({"no-owner": {"enabled": "yes"}}, "takes true or false"),
        ({"no-ower": {}}, "Did you mean no-owner?"),
    ],
)
def test_settings_of_rules_are_checked(settings: dict[str, dict[str, object]], told: str) -> None:
    with pytest.raises(SettingsError, match=told.replace("?", r"\?")):
        configure([declared(no_owner)], settings)


def test_a_severity_in_the_settings_takes_the_place_of_the_rules_own() -> None:
    result = try_rule(declared(no_owner), TABLES, settings={"severity": "critical"})
    assert {each.severity for each in result.findings} == {"critical"}


def test_a_table_whose_missing_rows_are_not_thought_of_is_refused() -> None:
    with pytest.raises(PackError, match="say for each table"):

        @rule(id="x-y", severity="low", about="applications", message="x")
        def undeclared(applications: DataFrame, grants: DataFrame) -> DataFrame:
            return applications


def audit_of(**changes: Any) -> Any:
    from auditor.audit import Audit

    tried = try_rule(declared(no_owner), TABLES)
    outcome = replace(tried.outcome, **changes)
    return Audit(
        tenant={},
        as_of="2026-01-01T00:00:00Z",
        snapshot={},
        versions={},
        coverage=(),
        outcomes=(outcome,),
        findings=tried.findings,
        rules=(),
        requests=(),
        fail_on="medium",
    )


def test_exit_codes() -> None:
    assert exit_code(audit_of()) == 1
    assert exit_code(replace(audit_of(), fail_on="high")) == 0
    assert exit_code(audit_of(verdict="not-evaluated")) == 3
    assert exit_code(audit_of(verdict="error")) == 3
    assert exit_code(audit_of(unknown=1)) == 3
    assert exit_code(audit_of(verdict="not-evaluated", accepted=True)) == 1


def test_an_accepted_gap_does_not_make_a_run_incomplete_but_stays_told() -> None:
    result = try_rule(
        declared(has_owner),
        TABLES,
        coverage={"application-owners": "refused"},
        accepted=["application-owners", "referenced-principals"],
    )
    assert result.outcome.accepted
    assert result.outcome.unknown == 2


def test_severities_are_ordered() -> None:
    assert Severity.CRITICAL > Severity.HIGH > Severity.MEDIUM > Severity.LOW > Severity.INFO
