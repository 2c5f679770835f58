from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import by_user, consent, principal


def foreign(id: str, verified: bool | None = False) -> dict[str, object]:
    columns = {"publisher": "foreign", "owner_tenant": "them", "verified": verified}
    return principal(id, **columns)


def users(client: int, count: int, scope: str = "Mail.Read") -> list[dict[str, object]]:
    return [by_user(scope, f"u{n}", 1, client=client, id=f"{client}-{n}") for n in range(count)]


TABLES: dict[str, Any] = {
    "service_principals": [
        foreign("five"),
        foreign("five-in-two-scopes"),
        foreign("verified", True),
        foreign("four"),
        foreign("one-user-with-five-grants"),
        foreign("for-everybody"),
        foreign("none"),
        foreign("not-told-whether-verified", None),
        foreign("not-told-but-few", None),
        foreign("users-not-told"),
        foreign("kinds-not-told"),
        principal("publisher-not-told", publisher=None),
        principal("own", verified=False),
    ],
    "delegated_grants": [
        *users(0, 5),
        *users(1, 3),
        *[by_user("Files.Read", f"x{n}", client=1, id=f"1-x{n}") for n in range(2)],
        *users(2, 9),
        *users(3, 4),
        *[by_user("Mail.Read", "U0" if n else "u0", client=4, id=f"4-{n}") for n in range(5)],
        consent("Mail.Read", client=5),
        *users(7, 5),
        *users(8, 1),
        *users(9, 3),
        *[by_user("Mail.Read", None, client=9, id=f"9-x{n}") for n in range(2)],
        *[consent("Mail.Read", client=10, consent_type=None, id=f"10-{n}") for n in range(5)],
        *users(12, 9),
    ],
}
FAILS = {"five", "five-in-two-scopes"}
PASSES = {
    *("verified", "four", "one-user-with-five-grants", "for-everybody", "none"),
    "not-told-but-few",
}
UNKNOWN = {
    *("not-told-whether-verified", "users-not-told", "kinds-not-told", "publisher-not-told"),
}


def test_the_message_counts_users_and_names_scopes() -> None:
    found = try_rule("many-consents-to-unverified-app", TABLES).findings
    told = {each.object["id"]: each.message for each in found}
    assert told["five-in-two-scopes"] == (
        "5 users consented to Five-In-Two-Scopes of tenant them, whose publisher is not verified: "
        "Files.Read, Mail.Read."
    )


def test_the_number_is_a_setting() -> None:
    result = try_rule("many-consents-to-unverified-app", TABLES, settings={"min_users": 4})
    assert result.failed == FAILS | {"four"}
