from typing import Any

from auditor.testing import try_rule

YOUNG = {"start": "2026-05-20", "end": "2026-12-31"}
LONG = {"start": "2026-01-01", "end": "2026-12-31"}
NOT_TOLD = {"start": None, "end": None}
HELD: dict[str, list[dict[str, Any]]] = {
    "three": [YOUNG, YOUNG, LONG],
    "two-for-long": [LONG, LONG],
    "one-on-the-principal": [LONG, {**LONG, "holder_type": "servicePrincipal"}],
    "two-for-long-beside-one-not-told": [LONG, LONG, NOT_TOLD],
    "rotating": [LONG, YOUNG],
    "two-new": [YOUNG, YOUNG],
    "one": [LONG],
    "none": [],
    "two-of-three-expired": [LONG, *[{**LONG, "end": "2026-06-01T00:00:00Z"}] * 2],
    "one-not-yet": [LONG, {**LONG, "start": "2026-06-02"}],
    "certificates": [{**LONG, "kind": "certificate"}] * 3,
    "saml": [{**LONG, "saml": True}] * 3,
    "one-not-told": [NOT_TOLD],
    "start-not-told": [LONG, {**LONG, "start": None}],
    "end-not-told": [YOUNG, LONG, {**YOUNG, "end": None}],
}
TABLES: dict[str, Any] = {
    "applications": [{"id": name, "name": name} for name in HELD],
    "credentials": [
        {"application": row, "kind": "secret", "key_id": f"{name}-{number}", **each}
        for row, (name, held) in enumerate(HELD.items())
        for number, each in enumerate(held)
    ]
    + [{"application": -1, "kind": "secret", **LONG}] * 1,
}
FAILS = {"three", "two-for-long", "one-on-the-principal", "two-for-long-beside-one-not-told"}
UNKNOWN = {"start-not-told", "end-not-told"}
PASSES = {*HELD} - FAILS - UNKNOWN


def test_the_message_names_them() -> None:
    found = {each.object["id"]: each for each in try_rule("too-many-secrets", TABLES).findings}
    assert found["three"].message == (
        "three has 3 valid client secrets, 1 of them for more than 30 days: "
        "three-0, three-1, three-2."
    )


def test_the_settings_move_the_limits() -> None:
    settings = {"max_secrets": 3, "overlap_days": 400}
    assert try_rule("too-many-secrets", TABLES, settings=settings).failed == set()
    assert "rotating" in try_rule("too-many-secrets", TABLES, settings={"overlap_days": 3}).failed
