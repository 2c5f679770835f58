from typing import Any

from auditor.testing import try_rule

START, ENDS, ENDED = "2024-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
NAMES = (
    *("nobody", "two", "blank-reference", "owned", "principal-owned", "reference"),
    *("ended", "saml", "bare", "no-dates"),
)
AT = {name: place for place, name in enumerate(NAMES)}


def credential(id: str, key: str, end: str | None = ENDS, **columns: Any) -> dict[str, Any]:
    return {
        "key_id": key,
        "application": AT.get(id, -1),
        "start": START,
        "end": end,
        "saml": False,
    } | columns


TABLES: dict[str, Any] = {
    "applications": [
        {
            "id": id,
            "name": id,
            "principal": at,
            "service_management_reference": {"reference": "CMDB-1", "blank-reference": " "}.get(id),
        }
        for id, at in AT.items()
    ],
    "credentials": [
        *(
            credential(id, f"k-{id}")
            for id in ("nobody", "two", "blank-reference", "owned", "principal-owned", "reference")
        ),
        credential("two", "second"),
        credential("two", "third", ENDED),
        credential("ended", "k-ended", ENDED),
        credential("saml", "k-saml", saml=True),
        credential("no-dates", "k-no-dates", None),
        credential("of nothing here", "k-foreign"),
    ],
    "application_owners": [
        {"object_row": AT["owned"], "owner_id": "u1"},
        {"object_row": -1, "owner_id": "u1"},
    ],
    "service_principal_owners": [
        {"object_row": AT["principal-owned"], "owner_id": "u1"},
        {"object_row": -1, "owner_id": "u1"},
    ],
}
FAILS = {"nobody", "two", "blank-reference"}
PASSES = {"owned", "principal-owned", "reference", "ended", "saml", "bare"}
UNKNOWN = {"no-dates"}


def test_message_and_fix() -> None:
    found = {e.object["id"]: e for e in try_rule("unowned-application-credential", TABLES).findings}
    assert found["two"].message == "Nobody is named for two, which has 2 credentials that work."
    assert found["two"].fix == (
        "Update-MgApplication -ApplicationId 'two' -ServiceManagementReference 'TEAM'"
    )


def test_owners_that_were_not_read_do_not_fail_it() -> None:
    for dataset in ("application-owners", "service-principal-owners"):
        result = try_rule("unowned-application-credential", TABLES, coverage={dataset: "partial"})
        assert not result.failed
        assert result.unknown >= FAILS
