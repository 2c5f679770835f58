from typing import Any

import pytest

from auditor.errors import SettingsError
from auditor.knowledge import LEVELS
from auditor.testing import try_rule


def access(id: str, level: str, **columns: object) -> dict[str, object]:
    values = {"id": id, "level": level, "rank": LEVELS.index(level), "publisher": "own"}
    told = {"name": "Mover", "permission": "granted", "mailbox_reach": "none", "unrated": ()}
    return values | told | columns


TABLES: dict[str, Any] = {
    "exchange_access": [
        access(
            "full",
            "full",
            via=("directory role Exchange Administrator",),
            compliance_level="compliance",
        ),
        access("compliance", "compliance"),
        access("security", "security"),
        access("recipient", "recipient"),
        access("support", "support"),
        access("foreign", "full", publisher="foreign", mailbox_reach="tenant-wide"),
        access("unrated-and-recipient", "recipient", unrated=("role X (not rated)",)),
        access("read", "read"),
        access("dormant", "dormant"),
        access("none", "none"),
        access("unrated-and-read", "read", unrated=("role X (not rated)",)),
        access("unrated-only", "dormant", unrated=("role X (not rated)",)),
        access("publisher-not-told", "full", publisher=None),
        access("microsoft", "full", publisher="microsoft"),
    ]
}
FAILS = {
    *("full", "compliance", "security", "recipient", "support", "foreign"),
    "unrated-and-recipient",
}
PASSES = {"read", "dormant", "none"}
UNKNOWN = {"unrated-and-read", "unrated-only", "publisher-not-told"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("exchange-app-only", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)


def test_severity_follows_the_level() -> None:
    severity = {e.object["id"]: e.severity for e in try_rule("exchange-app-only", TABLES).findings}
    assert severity["full"] == "critical"
    assert {severity[each] for each in ("compliance", "security", "recipient")} == {"high"}
    assert severity["support"] == "medium"


def test_the_message_tells_level_cause_and_mailbox_reach() -> None:
    found = {e.object["id"]: e for e in try_rule("exchange-app-only", TABLES).findings}
    assert found["full"].message == (
        "Mover administers Exchange app-only at level full, by directory role Exchange "
        "Administrator; Security & Compliance PowerShell: compliance; mailbox permissions of its own: none."
    )
    assert "of its own: tenant-wide" in found["foreign"].message
    assert "ForEach-Object { Remove-Mg" in found["full"].fix
    assert "-ServicePrincipalId 'full'" in found["full"].fix


@pytest.mark.parametrize(
    ("level", "failed", "passed"),
    [
        ("none", FAILS | {"read", "dormant", "unrated-and-read", "unrated-only"}, {"none"}),
        (
            "recipient",
            {"full", "compliance", "security", "foreign"},
            PASSES | {"recipient", "support"},
        ),
        ("full", set(), PASSES | FAILS - {"unrated-and-recipient"}),
    ],
)
def test_the_level_allowed_is_a_setting(level: str, failed: set[str], passed: set[str]) -> None:
    result = try_rule("exchange-app-only", TABLES, settings={"max_level": level})
    assert (result.failed, result.passed) == (failed, passed)


def test_reading_is_low_when_nothing_is_allowed() -> None:
    result = try_rule("exchange-app-only", TABLES, settings={"max_level": "none"})
    severity = {each.object["id"]: each.severity for each in result.findings}
    assert severity["read"] == severity["dormant"] == "low"


def test_a_level_that_does_not_exist_is_told() -> None:
    with pytest.raises(SettingsError, match="max_level takes one of none, dormant, read") as told:
        try_rule("exchange-app-only", TABLES, settings={"max_level": "reader"})
    assert "'reader'" in str(told.value)
