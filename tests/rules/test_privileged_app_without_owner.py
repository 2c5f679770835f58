from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False, "tier": 1, "reasons": ("permission X",)}
NAMES = (
    *("nobody", "blank-reference", "app-owned", "principal-owned", "reference"),
    *("publisher-not-told", "kind-not-told", "managed", "foreign", "microsoft"),
)
SPECIAL: dict[str, dict[str, Any]] = {
    "publisher-not-told": {"publisher": None},
    "kind-not-told": {"managed_identity": None},
    "managed": {"managed_identity": True},
    "foreign": {"publisher": "foreign"},
    "microsoft": {"publisher": "microsoft"},
}
TABLES: dict[str, Any] = {
    "privileged_principals": [
        *(
            {"id": id, "name": id, "principal": place, "application": place}
            | OWN
            | SPECIAL.get(id, {})
            for place, id in enumerate(NAMES)
        ),
        {"id": "registration-lost", "principal": 20, "application": -1, **OWN},
    ],
    "applications": [
        {
            "id": f"o-{id}",
            "service_management_reference": {"reference": "CMDB-1", "blank-reference": " "}.get(id),
        }
        for id in NAMES
    ],
    "application_owners": [{"object_row": NAMES.index("app-owned"), "owner_id": "u1"}],
    "service_principal_owners": [{"object_row": NAMES.index("principal-owned"), "owner_id": "u1"}],
}
FAILS = {"nobody", "blank-reference"}
PASSES = {"app-owned", "principal-owned", "reference"}
UNKNOWN = {"publisher-not-told", "kind-not-told", "registration-lost"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("privileged-app-without-owner", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)
    assert result.outcome.left_out == 3


def test_the_fix_names_the_registration_and_no_owner_is_proposed() -> None:
    finding = next(
        each
        for each in try_rule("privileged-app-without-owner", TABLES).findings
        if each.object["id"] == "nobody"
    )
    assert finding.severity == "medium"
    assert "Update-MgApplication -ApplicationId 'o-nobody'" in finding.fix


def test_owners_that_were_not_read_do_not_fail() -> None:
    for dataset in ("application-owners", "service-principal-owners", "applications"):
        result = try_rule("privileged-app-without-owner", TABLES, coverage={dataset: "refused"})
        assert not result.failed
        assert result.unknown >= FAILS
