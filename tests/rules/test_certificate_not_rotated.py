from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False, "name": "Job"}
END = {"end": "2026-12-31"}


def one(key_id: str, app: int, start: str | None, **more: Any) -> dict[str, Any]:
    return {"key_id": key_id, "application": app, **OWN, **END, "start": start, **more}


TABLES: dict[str, Any] = {
    "certificates": [
        one("old", 0, "2025-11-01"),
        one("older-of-two-old", 1, "2025-01-01"),
        one("newer-of-two-old", 1, "2025-11-01"),
        one("old-on-principal", -1, "2025-11-01", principal=4),
        one("old-beside-one-not-yet-valid", 2, "2025-11-01"),
        one("not-yet-valid", 2, "2026-06-10"),
        one("superseded", 3, "2025-11-01"),
        one("young", 3, "2026-05-01", principal=3),
        one("superseded-by-one-on-the-principal", 4, "2025-11-01"),
        one("young-on-the-principal", 4, "2026-05-01", holder_type="servicePrincipal"),
        one("at-the-limit", 5, "2025-12-03"),
        one("expired", 6, "2025-01-01", end="2026-01-01"),
        one("young-alone", -1, "2026-05-01", principal=5),
        one("start-not-told", 7, None),
        one("end-not-told", 8, "2025-11-01", end=None),
        one("old-beside-one-not-told", 9, "2025-11-01"),
        one("not-told", 9, None, end=None),
        one("type-not-told", 10, "2025-11-01", managed_identity=None),
        one("foreign", 11, "2025-11-01", publisher="foreign"),
        one("managed", 12, "2025-11-01", managed_identity=True),
    ]
}
FAILS = {"old", "newer-of-two-old", "old-on-principal", "old-beside-one-not-yet-valid"}
UNKNOWN = {
    "start-not-told",
    "end-not-told",
    "old-beside-one-not-told",
    "not-told",
    "type-not-told",
}
PASSES = (
    {str(each["key_id"]) for each in TABLES["certificates"]}
    - FAILS
    - UNKNOWN
    - {"foreign", "managed"}
)


def test_the_message_tells_the_age() -> None:
    found = {each.part: each for each in try_rule("certificate-not-rotated", TABLES).findings}
    assert found["old"].message == (
        "Job has no newer certificate than old, which is 212 days old; the limit is 180."
    )


def test_the_limit_is_a_setting() -> None:
    result = try_rule("certificate-not-rotated", TABLES, settings={"max_days": 365})
    assert result.failed == set()
    assert "old" in result.passed
