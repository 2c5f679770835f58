from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, OWN_API, SIGN_IN, by_user, consent

TABLES: dict[str, Any] = {
    "delegated_grants": [
        consent("tier-0", 0),
        consent("tier-1", 1),
        consent("of-a-foreign-app", 1, publisher="foreign"),
        consent("reach-not-told", 1, reach=None),
        consent("tier-2", 2),
        consent("offline_access", 1, **SIGN_IN),
        consent("unrated"),
        consent("api-not-told", **LOST_API),
        consent("consent-not-told", 0, consent_type=None),
        consent("publisher-not-told", 0, publisher=None),
        by_user("by-a-user", "u", 0),
        consent("own-api", **OWN_API),
        consent("microsoft", 0, publisher="microsoft"),
    ]
}
FAILS = {"tier-0", "tier-1", "of-a-foreign-app", "reach-not-told"}
PASSES = {"tier-2", "offline_access"}
UNKNOWN = {"unrated", "api-not-told", "consent-not-told", "publisher-not-told"}


def test_severity_by_tier() -> None:
    found = try_rule("dangerous-admin-consent", TABLES).findings
    told = {each.part.rpartition("/")[2]: each.severity for each in found}
    assert (told["tier-0"], told["tier-1"]) == ("high", "medium")


def test_tier_0_alone_if_asked() -> None:
    result = try_rule("dangerous-admin-consent", TABLES, settings={"up_to_tier": 0})
    assert result.failed == {"tier-0"}
    assert result.unknown == UNKNOWN
