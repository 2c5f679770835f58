from typing import Any

from auditor.testing import try_rule
from tests.rules.owner_rows import (
    GONE,
    HARMLESS,
    NOT_TOLD,
    OUTSIDE,
    PRIVILEGED,
    TIER_ONE,
    UNTOLD,
    owner,
    service,
)

OFF = {"owner_enabled": False}
TABLES: dict[str, Any] = {
    "ownerships": [
        owner("leaver", **OFF),
        owner("one", TIER_ONE, **OFF),
        owner("harmless", HARMLESS, **OFF),
        owner("gone", **GONE),
        service("robot-off", **OFF),
        owner("works"),
        service("robot"),
        owner("enabled-not-told", owner_enabled=None),
        owner("untold", **UNTOLD),
        *OUTSIDE,
        *NOT_TOLD,
    ],
    "privileged_principals": PRIVILEGED,
}
FAILS = {"leaver", "one", "harmless", "gone", "robot-off"}
PASSES = {"works", "robot"}
UNKNOWN = {"enabled-not-told", "untold", "publisher-not-told", "mi-not-told"}


def test_severity_and_words() -> None:
    found = {e.evidence["owner_id"]: e for e in try_rule("disabled-owner", TABLES).findings}
    assert found["leaver"].severity == found["one"].severity == "high"
    assert found["harmless"].severity == "medium"
    assert found["leaver"].message == (
        "Leaver, whose account is disabled, owns Payroll, which is tier 0."
    )
    assert "whose account no longer exists" in found["gone"].message


def test_an_owner_that_was_not_looked_up_is_not_gone() -> None:
    result = try_rule("disabled-owner", TABLES, coverage={"referenced-principals": "refused"})
    assert "untold" in result.unknown
    assert "referenced-principals" in result.outcome.detail_missing
