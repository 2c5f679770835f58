from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, OWN_API, grant, principal

SETTINGS = {"max_permissions": 2}


def three(client: int, **columns: object) -> list[dict[str, object]]:
    return [grant(f"{client}-{n}", **({"tier": 1, "client": client} | columns)) for n in range(3)]


TABLES: dict[str, Any] = {
    "service_principals": [
        principal("three"),
        principal("foreign", publisher="foreign"),
        principal("identity", managed_identity=True),
        principal("unrated"),
        principal("harmless"),
        principal("own-api"),
        principal("two"),
        principal("none"),
        principal("api-not-told"),
        principal("publisher-not-told", publisher=None),
        principal("microsoft", publisher="microsoft"),
    ],
    "grants": [
        *three(0),
        *three(1),
        *three(2),
        *three(3, tier=None),
        *three(4, tier=2),
        *three(5, tier=None, **OWN_API),
        *three(6)[:2],
        *three(8, tier=None, **LOST_API),
        *three(10),
    ],
}
FAILS = {"three", "foreign", "identity", "unrated"}
PASSES = {"harmless", "own-api", "two", "none"}
UNKNOWN = {"api-not-told", "publisher-not-told"}


def test_every_tier_counts_if_asked() -> None:
    settings = {"max_permissions": 2, "every_tier": True}
    assert try_rule("many-permissions", TABLES, settings=settings).failed == FAILS | {"harmless"}


def test_the_default_is_ten() -> None:
    ten = [grant(str(n), 1) for n in range(10)]
    tables = {"service_principals": [principal("p-0")], "grants": ten}
    assert try_rule("many-permissions", tables).verdict == "pass"
    (found,) = try_rule("many-permissions", tables | {"grants": [*ten, grant("x", 1)]}).findings
    assert "holds 11 application permissions; the limit is 10: 0.All, 1.All" in found.message
