from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, OWN_API, grant, principal

NOTHING = "00000000-0000-0000-0000-000000000000"


def foreign(id: str, **columns: object) -> dict[str, object]:
    return principal(id, **({"publisher": "foreign", "owner_tenant": "them"} | columns))


TABLES: dict[str, Any] = {
    "service_principals": [
        foreign("tier-0"),
        foreign("tier-1"),
        foreign("tier-1-and-unrated"),
        foreign("tier-2"),
        foreign("default-access"),
        foreign("own-api"),
        foreign("none"),
        foreign("unrated"),
        foreign("api-not-told"),
        principal("publisher-not-told", publisher=None),
        principal("own"),
        principal("microsoft", publisher="microsoft"),
    ],
    "grants": [
        grant("a", 0, client=0),
        grant("b", 1, client=0),
        grant("c", 1, client=1, permission=None),
        grant("d", 1, client=2),
        grant("e", None, client=2),
        grant("f", 2, client=3),
        grant(NOTHING, None, client=4),
        grant("g", None, client=5, **OWN_API),
        grant("h", None, client=7),
        grant("i", None, client=8, **LOST_API),
        grant("j", 0, client=10),
        grant("k", 0, client=11),
        grant("l", 0, client=-1),
    ],
}
FAILS = {"tier-0", "tier-1", "tier-1-and-unrated"}
PASSES = {"tier-2", "default-access", "own-api", "none"}
UNKNOWN = {"unrated", "api-not-told", "publisher-not-told"}


def test_the_worst_permission_makes_the_severity_and_is_removed_first() -> None:
    found = {
        each.object["id"]: each for each in try_rule("foreign-app-permission", TABLES).findings
    }
    assert found["tier-0"].severity == "critical"
    assert "tenant them, holds tier 0 permissions: a.All, b.All" in found["tier-0"].message
    assert found["tier-0"].fix.endswith("-AppRoleAssignmentId 'a-a'")
    assert found["tier-1"].severity == "high"
    assert found["tier-1"].message.endswith(": c.")


def test_an_overlay_is_told() -> None:
    rows = [grant("mine", 0, client=0, rated_by="overlay: it pays", **OWN_API)]
    tables = {"service_principals": [foreign("supplier")], "grants": rows}
    (found,) = try_rule("foreign-app-permission", tables).findings
    assert found.evidence["rated_by"] == "overlay: it pays"
