from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, SIGN_IN, by_user, consent, grant, principal

TABLES: dict[str, Any] = {
    "service_principals": [
        principal("both"),
        principal("foreign-by-one-user", publisher="foreign"),
        principal("application-alone"),
        principal("delegated-alone"),
        principal("only-signs-in"),
        principal("weak-delegated"),
        principal("weak-application"),
        principal("none"),
        principal("unrated-application"),
        principal("unrated-delegated"),
        principal("api-not-told"),
        principal("publisher-not-told", publisher=None),
        principal("microsoft", publisher="microsoft"),
    ],
    "grants": [
        grant("a", 0, client=0),
        grant("b", 1, client=1),
        grant("c", 0, client=2),
        grant("d", 0, client=4),
        grant("e", 0, client=5),
        grant("f", 2, client=6),
        grant("g", None, client=8),
        grant("h", 1, client=9),
        grant("i", 1, client=10),
        grant("j", 1, client=12),
    ],
    "delegated_grants": [
        consent("both", 1, client=0, page=2),
        by_user("user", "u", 0, client=1),
        consent("delegated", 0, client=3),
        consent("offline_access", 1, client=4, **SIGN_IN),
        consent("weak", 2, client=5),
        consent("strong", 0, client=6),
        consent("strong", 0, client=8),
        consent("odd", client=9),
        consent("lost", client=10, **LOST_API),
        consent("ms", 1, client=12),
    ],
}
FAILS = {"both", "foreign-by-one-user"}
PASSES = {
    *("application-alone", "delegated-alone", "only-signs-in", "weak-delegated"),
    *("weak-application", "none"),
}
UNKNOWN = {"unrated-application", "unrated-delegated", "api-not-told", "publisher-not-told"}


def test_the_message_names_both_and_both_are_proved() -> None:
    found = {each.object["id"]: each for each in try_rule("mixed-privileged-use", TABLES).findings}
    both = found["both"]
    assert both.message == "Both works without users (a.All) and on behalf of users (both)."
    assert set(both.pages) == {1, 2}
