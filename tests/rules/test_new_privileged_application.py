from typing import Any

from auditor.testing import try_rule

RECENT, OLD = "2026-05-20T08:00:00Z", "2025-05-20T08:00:00Z"
NAMES = (
    *("new", "new-one", "foreign-new", "identity-new", "old", "old-new-grant", "foreign-old"),
    *("identity-old", "foreign-role-only", "date-not-told", "lost", "foreign-grant-undated"),
    *("publisher-not-told", "microsoft"),
)
AT = {name: place for place, name in enumerate(NAMES)}
OWN = {"publisher": "own", "managed_identity": False, "tier": 1, "reasons": ("permission X",)}
FOREIGN = {"publisher": "foreign", "application": -1}
IDENTITY = {"managed_identity": True, "application": -1}
SPECIAL: dict[str, dict[str, Any]] = {
    "new": {"tier": 0},
    "foreign-new": FOREIGN,
    "foreign-old": FOREIGN,
    "foreign-role-only": FOREIGN,
    "foreign-grant-undated": FOREIGN,
    "identity-new": IDENTITY,
    "identity-old": IDENTITY,
    "lost": {"application": -1},
    "publisher-not-told": {"publisher": None},
    "microsoft": {"publisher": "microsoft"},
}
CREATED = {"new": RECENT, "new-one": RECENT, "date-not-told": None}
TABLES: dict[str, Any] = {
    "privileged_principals": [
        {"id": id, "name": id, "principal": at, "application": at} | OWN | SPECIAL.get(id, {})
        for id, at in AT.items()
    ],
    "applications": [{"id": f"o-{id}", "created": CREATED.get(id, OLD)} for id in NAMES],
    "grants": [
        {"client": AT["foreign-new"], "created": RECENT},
        {"client": AT["identity-new"], "created": RECENT},
        {"client": AT["old-new-grant"], "created": RECENT},
        {"client": AT["foreign-old"], "created": OLD},
        {"client": AT["foreign-old"], "created": RECENT},
        {"client": AT["identity-old"], "created": OLD},
        {"client": AT["foreign-grant-undated"], "created": RECENT},
        {"client": AT["foreign-grant-undated"], "created": None},
        {"client": AT["lost"], "created": RECENT},
        {"client": -1, "created": RECENT},
    ],
}
FAILS = {"new", "new-one", "foreign-new", "identity-new"}
PASSES = {"old", "old-new-grant", "foreign-old", "identity-old"}
UNKNOWN = {
    *("foreign-role-only", "date-not-told", "lost", "foreign-grant-undated"),
    "publisher-not-told",
}


def test_messages_and_severity() -> None:
    found = {e.object["id"]: e for e in try_rule("new-privileged-application", TABLES).findings}
    assert found["new"].message == (
        "new was registered on 2026-05-20 and is privileged: permission X."
    )
    assert found["new"].severity == "high"
    assert found["new-one"].severity == "medium"
    assert found["foreign-new"].message.startswith("foreign-new got its first permission on")
    assert found["new"].fix.endswith("-Filter \"targetResources/any(t:t/id eq 'new')\"")


def test_days_is_a_setting() -> None:
    result = try_rule("new-privileged-application", TABLES, settings={"days": 5})
    assert not result.failed


def test_an_older_grant_may_be_among_those_that_did_not_arrive() -> None:
    result = try_rule(
        "new-privileged-application", TABLES, coverage={"app-role-assignments": "partial"}
    )
    assert not result.failed
