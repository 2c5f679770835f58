from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, OWN_API, grant, principal


def identity(id: str, **columns: object) -> dict[str, object]:
    return principal(id, **({"managed_identity": True} | columns))


TABLES: dict[str, Any] = {
    "service_principals": [
        identity("tier-0"),
        identity("tier-1"),
        identity("publisher-not-told-either", publisher=None),
        identity("tier-2"),
        identity("own-api"),
        identity("none"),
        identity("unrated"),
        identity("api-not-told"),
        principal("type-not-told", managed_identity=None),
        principal("application"),
    ],
    "grants": [
        grant("a", 0, client=0),
        grant("b", 1, client=1),
        grant("c", 1, client=2),
        grant("d", 2, client=3),
        grant("e", None, client=4, **OWN_API),
        grant("f", None, client=6),
        grant("g", None, client=7, **LOST_API),
        grant("h", 0, client=8),
        grant("i", 0, client=9),
    ],
}
FAILS = {"tier-0", "tier-1", "publisher-not-told-either"}
PASSES = {"tier-2", "own-api", "none"}
UNKNOWN = {"unrated", "api-not-told", "type-not-told"}


def test_severity_by_tier() -> None:
    found = try_rule("managed-identity-permission", TABLES).findings
    told = {each.object["id"]: each.severity for each in found}
    assert (told["tier-0"], told["tier-1"]) == ("high", "medium")
