from typing import Any

from auditor.testing import try_rule

OWN = {
    "publisher": "own",
    "managed_identity": False,
    "holder_type": "application",
    "readable": True,
}
ONE = {**OWN, "app_id": "app-1", "name": "One", "sha256": "AA"}
TABLES: dict[str, Any] = {
    "certificate_contents": [
        {"key_id": "one", **ONE},
        {"key_id": "two", **OWN, "app_id": "app-2", "name": "Two", "sha256": "AA"},
        {"key_id": "own-and-foreign", **OWN, "app_id": "app-3", "name": "Three", "sha256": "BB"},
        {
            "key_id": "foreign",
            **OWN,
            "app_id": "app-4",
            "name": "Four",
            "sha256": "BB",
            "publisher": "foreign",
            "holder_type": "servicePrincipal",
        },
        {"key_id": "on-application", **OWN, "app_id": "app-5", "name": "Five", "sha256": "CC"},
        {
            "key_id": "on-its-principal",
            **OWN,
            "app_id": "APP-5",
            "name": "Five",
            "sha256": "CC",
            "holder_type": "servicePrincipal",
        },
        {"key_id": "alone", **OWN, "app_id": "app-6", "name": "Six", "sha256": "DD"},
        {"key_id": "beside-managed", **OWN, "app_id": "app-7", "name": "Seven", "sha256": "EE"},
        {"key_id": "managed", **OWN, "app_id": "m", "sha256": "EE", "managed_identity": True},
        {"key_id": "unreadable", **OWN, "app_id": "app-8", "readable": False, "sha256": None},
        {"key_id": "type-not-told", **ONE, "app_id": "app-9", "managed_identity": None},
    ]
}
FAILS = {"one", "two", "own-and-foreign", "foreign", "type-not-told"}
PASSES = {"on-application", "on-its-principal", "alone", "beside-managed"}
UNKNOWN = {"unreadable"}


def test_one_that_was_not_fetched_may_be_a_copy_of_any_that_has_none_yet() -> None:
    unfetched = {"key_id": "not-fetched", **OWN, "app_id": "app-10", "readable": None}
    rows = [*TABLES["certificate_contents"], unfetched]
    result = try_rule("shared-certificate", {"certificate_contents": rows})
    assert result.failed == FAILS
    assert result.unknown == PASSES | UNKNOWN | {"not-fetched"}
    causes = {each.part: each.cause for each in result.outcome.unknowns}
    assert causes["not-fetched"] == "its bytes were not fetched or cannot be read"
    assert causes["alone"] == "it may be among the certificates whose bytes were not fetched"


def test_the_message_names_the_others() -> None:
    messages = {each.part: each.message for each in try_rule("shared-certificate", TABLES).findings}
    assert messages["one"] == "Certificate one of One is also on One, Two."
    assert messages["foreign"] == "Certificate foreign of Four is also on Three."


def test_an_application_without_a_name_is_told_by_its_client_id() -> None:
    rows = [{"key_id": "one", **ONE}, {"key_id": "two", **ONE, "app_id": "app-2", "name": None}]
    findings = try_rule("shared-certificate", {"certificate_contents": rows}).findings
    messages = {each.part: each.message for each in findings}
    assert messages["one"].endswith("also on app-2.")


def test_many_are_counted_and_not_all_named() -> None:
    rows = [
        {"key_id": f"key-{n}", **OWN, "app_id": f"app-{n}", "name": f"App {n}", "sha256": "AA"}
        for n in range(9)
    ] + [{"key_id": "again", **OWN, "app_id": "app-0", "name": "App 0", "sha256": "AA"}]
    findings = try_rule("shared-certificate", {"certificate_contents": rows}).findings
    messages = {each.part: each.message for each in findings}
    first = "also on App 1, App 2, App 3, App 4, App 5 and 3 more."
    assert messages["key-0"].endswith(first)
    assert messages["again"].endswith(first)
    assert messages["key-8"].endswith("also on App 0, App 1, App 2, App 3, App 4 and 3 more.")
    assert {each.evidence["apps"] for each in findings} == {9}


def test_a_key_of_thousands_of_applications_is_told_quickly() -> None:
    rows = [{"key_id": f"{n}", **OWN, "app_id": f"app-{n}", "sha256": "AA"} for n in range(3000)]
    result = try_rule("shared-certificate", {"certificate_contents": rows})
    assert len(result.failed) == 3000
