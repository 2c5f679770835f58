from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, OWN_API, SIGN_IN, by_user, consent, principal


def foreign(id: str, **columns: object) -> dict[str, object]:
    return principal(id, **({"publisher": "foreign", "owner_tenant": "them"} | columns))


def six(client: Any, scope: Any = "s{n}", **columns: Any) -> list[dict[str, object]]:
    return [consent(scope.format(n=n), 1, client=client, **columns) for n in range(6)]


TABLES: dict[str, Any] = {
    "service_principals": [
        foreign("tier-0"),
        foreign("broad"),
        foreign("broad-by-users"),
        foreign("broad-and-unrated"),
        foreign("five"),
        foreign("one-scope-for-six-users"),
        foreign("sign-in"),
        foreign("own-api"),
        foreign("none"),
        foreign("unrated"),
        foreign("api-not-told"),
        principal("publisher-not-told", publisher=None),
        principal("own"),
    ],
    "delegated_grants": [
        by_user("zero", "u", 0, client=0),
        *six(1),
        *[by_user(f"s{n}", f"u{n}", 1, client=2) for n in range(6)],
        *six(3),
        consent("odd", client=3),
        *six(4)[:5],
        *[by_user("Same" if n else "same", f"u{n}", 1, client=5) for n in range(6)],
        *six(6, **SIGN_IN),
        consent("mine", client=7, **OWN_API),
        consent("odd", client=9),
        consent("lost", client=10, **LOST_API),
        *six(12),
        consent("nobodys", 0, client=-1),
    ],
}
FAILS = {"tier-0", "broad", "broad-by-users", "broad-and-unrated"}
PASSES = {"five", "one-scope-for-six-users", "sign-in", "own-api", "none"}
UNKNOWN = {"unrated", "api-not-told", "publisher-not-told"}


def test_what_only_users_consented_to_is_medium() -> None:
    found = {each.object["id"]: each for each in try_rule("foreign-app-consent", TABLES).findings}
    told = {key: each.severity for key, each in found.items()}
    assert told == {
        "tier-0": "medium",
        "broad": "high",
        "broad-by-users": "medium",
        "broad-and-unrated": "high",
    }
    assert "was given 6 strong delegated permissions: s0, s1" in found["broad"].message
    assert found["broad"].fix == "Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId 'c-s0'"


def test_the_number_is_a_setting() -> None:
    result = try_rule("foreign-app-consent", TABLES, settings={"max_scopes": 4})
    assert result.failed == FAILS | {"five"}
