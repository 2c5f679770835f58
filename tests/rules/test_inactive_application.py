from typing import Any

import pytest

from auditor.testing import try_rule
from tests.rules import activity_rows
from tests.rules.activity_rows import AT, NOT_QUIET, QUIET, RECENT, UNTOLD, signed

TABLES: dict[str, Any] = activity_rows.TABLES | {
    "privileged_principals": [
        {"id": "absent", "principal": AT["absent"], "tier": 1, "reasons": ("role X", "role Y")},
    ],
}
FAILS = QUIET
PASSES = NOT_QUIET | {"managed-active"}
UNKNOWN = UNTOLD | {"managed-quiet"}


def test_message_severity_and_fix() -> None:
    result = try_rule("inactive-application", TABLES)
    found = {each.object["id"]: each for each in result.findings}
    assert found["quiet"].message == "quiet last signed in on 2026-01-10 and is still enabled."
    assert found["absent"].message == (
        "absent has no entry in a sign-in report that reaches back 90 days and is still enabled, "
        "with role X, role Y."
    )
    assert (found["quiet"].severity, found["absent"].severity) == ("medium", "high")
    assert found["quiet"].fix == (
        "Update-MgServicePrincipal -ServicePrincipalId 'quiet' -AccountEnabled:$false"
    )
    assert result.outcome.left_out == 2


def test_a_report_that_does_not_reach_back_says_nothing_of_those_not_in_it() -> None:
    young = [signed("active", RECENT)]
    result = try_rule("inactive-application", TABLES | {"sp_sign_ins": young})
    assert not result.failed
    assert {"quiet", "absent", "absent-foreign"} <= result.unknown
    assert "was not shown to reach back 90 days" in result.outcome.cause


@pytest.mark.parametrize("how", ["refused", "unavailable", "partial", "not-asked"])
def test_without_a_whole_report_nobody_is_inactive(how: str) -> None:
    choices: list[Any] = [TABLES["sp_sign_ins"], []]
    for rows in choices:
        result = try_rule(
            "inactive-application",
            TABLES | {"sp_sign_ins": rows},
            coverage={"service-principal-sign-ins": how},
        )
        assert not result.failed
        assert result.unknown >= QUIET


def test_days_is_a_setting() -> None:
    result = try_rule("inactive-application", TABLES, settings={"days": 180})
    # The report's oldest entry is younger than that, and so is the newest of those that are old.
    assert not result.failed
    assert "quiet" in result.passed
    assert "absent" in result.unknown
