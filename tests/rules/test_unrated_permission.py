from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, OWN_API, grant

NOTHING = "00000000-0000-0000-0000-000000000000"
TABLES: dict[str, Any] = {
    "grants": [
        grant("unrated"),
        grant("unrated-without-a-name", permission=None),
        grant("of-a-foreign-app", publisher="foreign"),
        grant("of-an-identity", managed_identity=True),
        grant("on-a-rated-api-of-another-tenant", resource_publisher="foreign"),
        grant("rated", 2),
        grant("rated-by-an-overlay", 1, rated_by="overlay: it pays", **OWN_API),
        grant("api-not-told", **LOST_API),
        grant("publisher-not-told", publisher=None),
        grant("own-api", **OWN_API),
        grant("microsoft", publisher="microsoft"),
        grant(NOTHING),
    ]
}
FAILS = {
    *("unrated", "unrated-without-a-name", "of-a-foreign-app", "of-an-identity"),
    "on-a-rated-api-of-another-tenant",
}
PASSES = {"rated", "rated-by-an-overlay"}
UNKNOWN = {"api-not-told", "publisher-not-told"}


def test_the_message_names_it_or_tells_its_id() -> None:
    found = try_rule("unrated-permission", TABLES).findings
    told = {each.part.rpartition("/")[2]: each.message for each in found}
    assert "holds unrated.All on Microsoft Graph" in told["unrated"]
    assert "holds unrated-without-a-name on" in told["unrated-without-a-name"]
