from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import by_user, consent, principal

REST = {"resource": 0}
TABLES: dict[str, Any] = {
    "service_principals": [
        principal("client"),
        principal("disabled", enabled=False),
        principal("not-told", enabled=None),
    ],
    "directory_objects": [
        {"id": "here", "type": "user", "enabled": True},
        {"id": "left", "type": "user", "enabled": False},
        {"id": "untold", "type": "user"},
    ],
    "gone_objects": [{"id": "gone"}],
    "delegated_grants": [
        consent("client-gone", client=-1, publisher=None, **REST),
        consent("client-disabled", client=1, **REST),
        consent("api-gone", resource=-1),
        by_user("user-disabled", "LEFT", **REST),
        by_user("user-gone", "GONE", **REST),
        by_user("user-of-a-client-not-told", "left", client=2, **REST),
        consent("for-everybody", **REST),
        by_user("user-here", "Here", **REST),
        by_user("user-not-told", "untold", **REST),
        by_user("user-not-read", "nobody", **REST),
        by_user("user-without-an-id", None, **REST),
        consent("client-not-told", client=2, **REST),
        consent("kind-not-told", consent_type=None, **REST),
        consent("microsoft", client=1, publisher="microsoft", **REST),
    ],
}
FAILS = {
    *("client-gone", "client-disabled", "api-gone", "user-disabled", "user-gone"),
    "user-of-a-client-not-told",
}
PASSES = {"for-everybody", "user-here"}
UNKNOWN = {
    *("user-not-told", "user-not-read", "user-without-an-id", "client-not-told"),
    "kind-not-told",
}


def test_the_message_says_why() -> None:
    found = try_rule("orphaned-consent", TABLES).findings
    told = {each.part.rpartition("/")[2]: each.message.rpartition(": ")[2] for each in found}
    assert told["client-gone"] == "its client is gone."
    assert told["user-gone"] == "its user is deleted."
    assert told["user-disabled"] == "its user is disabled."
    assert told["api-gone"] == "its API is gone."
