from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False, "tier": 0, "reasons": ("permission X",)}
NAMES = (
    *("app-owned", "principal-owned", "both", "tier-one", "foreign-owned", "robot-owned"),
    *("nobody", "foreign-nobody", "registration-lost", "publisher-not-told", "kind-not-told"),
    *("managed", "microsoft"),
)
SPECIAL: dict[str, dict[str, Any]] = {
    "tier-one": {"tier": 1},
    "foreign-owned": {"publisher": "foreign", "application": -1},
    "foreign-nobody": {"publisher": "foreign", "application": -1},
    "registration-lost": {"application": -1},
    "publisher-not-told": {"publisher": None},
    "kind-not-told": {"managed_identity": None},
    "managed": {"managed_identity": True},
    "microsoft": {"publisher": "microsoft"},
}


def owner(id: str, who: str, **columns: object) -> dict[str, object]:
    return {"object_row": NAMES.index(id), "object_id": f"o-{id}", "owner_id": who} | columns


TABLES: dict[str, Any] = {
    "privileged_principals": [
        {"id": id, "name": id, "principal": place, "application": place} | OWN | SPECIAL.get(id, {})
        for place, id in enumerate(NAMES)
    ],
    "application_owners": [
        owner("app-owned", "u2", owner_name="Grace", owner_type="user"),
        owner("app-owned", "u1", owner_name=None),
        owner("both", "u2", owner_name="Grace"),
        owner("tier-one", "u2", owner_name="Grace"),
        owner("publisher-not-told", "u2"),
        {"object_row": -1, "object_id": "gone", "owner_id": "u2"},
    ],
    "service_principal_owners": [
        owner("principal-owned", "u3", owner_name="Edsger"),
        owner("both", "u3", owner_name="Edsger"),
        owner("foreign-owned", "u3", owner_name="Edsger"),
        owner("robot-owned", "s1", owner_name="Deployer", owner_type="servicePrincipal"),
        owner("managed", "u3"),
        owner("microsoft", "u3"),
    ],
}
FAILS = {"app-owned", "principal-owned", "both", "tier-one", "foreign-owned", "robot-owned"}
PASSES = {"nobody", "foreign-nobody"}
UNKNOWN = {"registration-lost", "publisher-not-told", "kind-not-told"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("privileged-app-owner", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)
    assert result.outcome.left_out == 2


def test_severity_follows_the_tier() -> None:
    found = {e.object["id"]: e for e in try_rule("privileged-app-owner", TABLES).findings}
    assert found["app-owned"].severity == "critical"
    assert found["tier-one"].severity == "high"


def test_owners_are_named_and_those_without_a_name_by_id() -> None:
    found = {e.object["id"]: e for e in try_rule("privileged-app-owner", TABLES).findings}
    assert found["app-owned"].message.startswith("Grace, u1 can become app-owned")
    assert found["both"].message.startswith("Grace, Edsger can")
    assert "Deployer (a service principal)" in found["robot-owned"].message
    assert "permission X" in found["both"].message
    assert found["both"].evidence["owner_ids"] == ["u2", "u3"]


def test_the_fix_names_the_object_that_is_owned() -> None:
    fixes = {e.object["id"]: e.fix for e in try_rule("privileged-app-owner", TABLES).findings}
    assert fixes["app-owned"] == (
        "Remove-MgApplicationOwnerByRef -ApplicationId 'o-app-owned' -DirectoryObjectId 'u1'"
    )
    assert fixes["principal-owned"].startswith(
        "Remove-MgServicePrincipalOwnerByRef -ServicePrincipalId 'o-principal-owned'"
    )


def test_owners_that_were_not_read_are_not_none() -> None:
    for dataset in ("application-owners", "service-principal-owners", "applications"):
        result = try_rule("privileged-app-owner", TABLES, coverage={dataset: "partial"})
        assert result.failed == FAILS
        assert not result.passed


def test_many_owners_are_counted_in_the_message_and_listed_in_the_evidence() -> None:
    many = [owner("app-owned", f"u{place:02}") for place in range(23)]
    result = try_rule("privileged-app-owner", TABLES | {"application_owners": many})
    found = next(each for each in result.findings if each.object["id"] == "app-owned")
    assert found.message.startswith("u00, u01, u02, u03, u04 and 18 more can become app-owned")
    assert len(found.evidence["owner_ids"]) == 23
