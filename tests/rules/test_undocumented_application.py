from typing import Any

from auditor.testing import try_rule

TABLES: dict[str, Any] = {
    "applications": [
        {"id": "silent", "name": "Feed", "principal": 0},
        {
            "id": "blank",
            "name": "Blank",
            "principal": -1,
            "notes": " \u200b",
            "service_management_reference": "",
        },
        {"id": "reference", "principal": 0, "service_management_reference": "CMDB-7"},
        {"id": "notes", "principal": 0, "notes": "Sends invoices"},
        {"id": "notes-of-principal", "principal": 1},
    ],
    "service_principals": [{"notes": None}, {"notes": "Ask the warehouse"}],
}
FAILS = {"silent", "blank"}
PASSES = {"reference", "notes", "notes-of-principal"}
UNKNOWN: set[str] = set()


def test_message_and_fix() -> None:
    found = {e.object["id"]: e for e in try_rule("undocumented-application", TABLES).findings}
    assert found["silent"].message == "Feed has no service management reference and no notes."
    assert found["silent"].fix == (
        "Update-MgApplication -ApplicationId 'silent' -ServiceManagementReference 'CMDB'"
    )


def test_notes_may_not_do() -> None:
    result = try_rule("undocumented-application", TABLES, settings={"notes": False})
    assert result.passed == {"reference"}
    assert all(each.message.endswith("reference.") for each in result.findings)


def test_notes_of_service_principals_that_were_not_read_may_be_there() -> None:
    result = try_rule(
        "undocumented-application", TABLES, coverage={"service-principals": "partial"}
    )
    assert not result.failed
