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

TABLES: dict[str, Any] = {
    "ownerships": [
        service("robot"),
        service("one", TIER_ONE),
        service("harmless", HARMLESS),
        service("itself", owner_principal=0),
        service("type-lost", owner_type=None),
        service("not-listed", owner_principal=-1),
        owner("person"),
        owner("guest", owner_kind="Guest"),
        owner("gone", **GONE),
        owner("untold", **UNTOLD),
        *OUTSIDE,
        *NOT_TOLD,
    ],
    "privileged_principals": PRIVILEGED,
}
FAILS = {"robot", "one", "harmless", "itself", "type-lost", "not-listed"}
PASSES = {"person", "guest", "gone"}
UNKNOWN = {"untold", "publisher-not-told", "mi-not-told"}


def test_severity_and_words() -> None:
    found = {
        e.evidence["owner_id"]: e for e in try_rule("service-principal-owner", TABLES).findings
    }
    assert found["robot"].severity == "critical"
    assert found["one"].severity == "high"
    assert found["harmless"].severity == "medium"
    assert found["robot"].message == (
        "The application Robot owns Payroll, which is tier 0, and can become it."
    )
    assert found["itself"].message.startswith("The application Itself itself owns")
