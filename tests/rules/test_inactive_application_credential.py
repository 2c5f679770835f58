from typing import Any

from auditor.testing import try_rule
from tests.rules import activity_rows
from tests.rules.activity_rows import AT, LONG_AGO

ENDS, ENDED = "2027-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
# Quiet ones beside those of the shared rows, by what they carry.
MORE = ("ended", "saml", "nothing", "no-dates", "federated", "unborn")
PLACES = {name: len(AT) + place for place, name in enumerate(MORE)}


def credential(at: int, key: str, end: str | None = ENDS, **columns: Any) -> dict[str, Any]:
    return {"key_id": key, "principal": at, "start": LONG_AGO, "end": end, "saml": False} | columns


TABLES: dict[str, Any] = {
    "service_principals": [
        *activity_rows.TABLES["service_principals"],
        *(
            {"id": id, "name": id, "publisher": "own", "enabled": True, "managed_identity": False}
            for id in MORE
        ),
    ],
    "applications": [
        *activity_rows.TABLES["applications"],
        *({"id": f"o-{id}", "principal": at, "created": LONG_AGO} for id, at in PLACES.items()),
    ],
    "grants": activity_rows.TABLES["grants"],
    "sp_sign_ins": activity_rows.TABLES["sp_sign_ins"],
    "credentials": [
        *(
            credential(at, f"k-{id}")
            for id, at in AT.items()
            if id not in ("publisher-not-told", "enabled-not-told")
        ),
        credential(AT["quiet"], "second"),
        credential(AT["quiet"], "third", ENDED),
        credential(PLACES["ended"], "k-ended", ENDED),
        credential(PLACES["saml"], "k-saml", saml=True),
        credential(PLACES["no-dates"], "k-no-dates", None),
        credential(-1, "nobody's"),
    ],
    "federated_credentials": [
        # The registration's row: those of the shared rows come first, without two foreign ones.
        {"holder": "o-federated", "id": "f", "application": PLACES["federated"] - 2},
        {"holder": "gone", "id": "g", "application": -1},
    ],
}
FAILS = {"quiet", "absent", "absent-foreign", "federated"}
PASSES = {"active", "new", "ended", "saml", "nothing", "unborn"}
UNKNOWN = {
    "quiet-young",
    *("entry-no-time", "age-unknown", "no-dates", "publisher-not-told", "enabled-not-told"),
}


def test_message_and_what_is_counted() -> None:
    result = try_rule("inactive-application-credential", TABLES)
    found = {each.object["id"]: each for each in result.findings}
    assert found["quiet"].message == (
        "quiet last signed in on 2026-01-10, and 2 of its credentials still work."
    )
    assert found["quiet"].severity == "high"
    assert found["federated"].evidence["federated"] == 1
    # Microsoft's, the disabled one and two managed identities.
    assert result.outcome.left_out == 4


def test_credentials_that_were_not_read_may_still_work() -> None:
    for dataset in ("federated-credentials", "applications"):
        result = try_rule("inactive-application-credential", TABLES, coverage={dataset: "partial"})
        assert result.failed == FAILS
        assert not result.passed
