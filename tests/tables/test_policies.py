"""Policies as tables: what is not listed is absent, what is not told is null."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.tables.source import known
from tests.tables.test_load import line, loaded

LIFETIME: dict[str, Any] = {
    "restrictionType": "passwordLifetime",
    "state": "enabled",
    "maxLifetime": "P4DT12H30M5S",
    "restrictForAppsCreatedAfterDateTime": None,
    "excludeActors": None,
}
EMPTY: dict[str, Any] = {"passwordCredentials": [], "keyCredentials": []}
DEFAULT: dict[str, Any] = {
    "id": "d",
    "displayName": "Default",
    "isEnabled": True,
    "applicationRestrictions": {"passwordCredentials": [LIFETIME], "keyCredentials": []},
    "servicePrincipalRestrictions": EMPTY,
}


def restriction(name: str, policy: dict[str, Any], target: str = "applications") -> dict[str, Any]:
    """The row of one restriction of the default policy."""
    frame = loaded(app_management_default_policy=[policy]).tables["app_policies"]
    rows = frame[(frame["target"] == target) & (frame["restriction"] == name)]
    assert len(rows) == 1
    return {
        str(name): each if name == "exempt" else known(each)
        for name, each in rows.to_dict("records")[0].items()
    }


def with_lifetime(**changes: Any) -> dict[str, Any]:
    rules = {"passwordCredentials": [LIFETIME | changes], "keyCredentials": []}
    return DEFAULT | {"applicationRestrictions": rules}


def test_a_restriction_is_told_as_received_and_in_days() -> None:
    row = restriction("passwordLifetime", DEFAULT)
    assert (row["state"], row["max_lifetime"], row["max_lifetime_days"]) == (
        "enabled",
        "P4DT12H30M5S",
        5,
    )
    assert row["applies_to_all"] is True
    assert row["exempt"] == ()
    untold = {name: each for name, each in LIFETIME.items() if name != "excludeActors"}
    rules = {"passwordCredentials": [untold], "keyCredentials": []}
    old = restriction("passwordLifetime", DEFAULT | {"applicationRestrictions": rules})
    assert old["exempt"] is None
    assert row["custom"] is False


def test_what_a_policy_does_not_list_is_absent() -> None:
    assert restriction("passwordAddition", DEFAULT)["state"] == "absent"
    assert restriction("asymmetricKeyLifetime", DEFAULT)["state"] == "absent"
    assert restriction("passwordLifetime", DEFAULT, "servicePrincipals")["state"] == "absent"


@pytest.mark.parametrize(
    "changed",
    [
        DEFAULT | {"applicationRestrictions": None},
        DEFAULT | {"applicationRestrictions": {"keyCredentials": []}},
        DEFAULT | {"applicationRestrictions": EMPTY | {"passwordCredentials": None}},
        DEFAULT | {"applicationRestrictions": EMPTY | {"passwordCredentials": {}}},
        with_lifetime(state=None),
    ],
)
def test_a_state_that_is_not_told_is_null(changed: dict[str, Any]) -> None:
    assert restriction("passwordLifetime", changed)["state"] is None


def test_a_date_and_an_exemption_that_are_not_told_are_not_none() -> None:
    dated = restriction(
        "passwordLifetime", with_lifetime(restrictForAppsCreatedAfterDateTime="2026-01-01")
    )
    assert dated["applies_to_all"] is False
    odd = restriction("passwordLifetime", with_lifetime(restrictForAppsCreatedAfterDateTime=7))
    assert odd["applies_to_all"] is None
    attribute = {"id": "Set_Name", "operator": "equals", "value": "yes"}
    exempt = with_lifetime(excludeActors={"customSecurityAttributes": [attribute]})
    assert restriction("passwordLifetime", exempt)["exempt"] == ("Set_Name equals yes",)
    odd = restriction("passwordLifetime", with_lifetime(excludeActors="somebody"))
    assert odd["exempt"] == ("somebody",)
    assert (
        restriction("passwordLifetime", with_lifetime(maxLifetime="P1Y"))["max_lifetime_days"]
        is None
    )


def test_the_same_type_twice_or_without_a_name_is_a_gap() -> None:
    twice = EMPTY | {"passwordCredentials": [LIFETIME, LIFETIME]}
    nameless = EMPTY | {"passwordCredentials": [LIFETIME | {"restrictionType": None}]}
    for rules, told in ((twice, "same identity"), (nameless, "no restrictionType")):
        policy = DEFAULT | {"applicationRestrictions": rules}
        gap = line("app-management-default-policy", app_management_default_policy=[policy])
        assert told in gap.cause
    assert "no id" in line("app-management-policies", app_management_policies=[{}]).cause


def test_a_custom_policy_and_what_it_is_put_on() -> None:
    custom = {
        "id": "C",
        "displayName": "Loose",
        "isEnabled": True,
        "restrictions": {
            "passwordCredentials": [LIFETIME | {"state": "disabled"}],
            "keyCredentials": [],
            "applicationRestrictions": {
                "identifierUris": {"nonDefaultUriAddition": {"state": "enabled"}}
            },
        },
    }
    found = loaded(
        app_management_default_policy=[DEFAULT],
        app_management_policies=[custom],
        app_management_applies_to={"c": [{"id": "APP"}, {"id": "gone"}]},
    ).tables
    rows = found["app_policies"]
    mine = rows[rows["custom"]]
    assert set(mine["target"]) == {"any", "applications"}
    assert set(mine["restriction"]) >= {"passwordLifetime", "nonDefaultUriAddition"}
    targets = found["app_policy_targets"]
    assert list(targets["name"].fillna("?")) == ["Backup", "?"]
    assert list(targets["application"]) == [0, -1]
    assert list(targets["policy"]) == ["Loose", "Loose"]
    assert targets["enabled"].all()


def test_the_authorization_policy_keeps_its_nulls() -> None:
    users = {
        "allowedToCreateApps": False,
        "permissionGrantPoliciesAssigned": [
            "ManagePermissionGrantsForSelf.microsoft-user-default-low",
            "ManagePermissionGrantsForOwnedResource.team",
        ],
    }
    policy = {"id": "authorizationPolicy", "defaultUserRolePermissions": users}
    row = loaded(authorization_policy=[policy]).tables["authorization_policy"].iloc[0]
    assert row["self_consent"] == ("microsoft-user-default-low",)
    assert known(row["users_create_apps"]) is False
    assert known(row["risky_consent"]) is None
    bare = loaded(authorization_policy=[{"id": "a", "defaultUserRolePermissions": None}])
    row = bare.tables["authorization_policy"].iloc[0]
    assert row["self_consent"] is None
    assert known(row["users_create_apps"]) is None


def test_conditions_come_with_their_policy_or_are_read_again() -> None:
    one, two = {"id": "c1", "permissionType": "delegated"}, {"id": "c2", "permissions": ["all"]}
    policies: list[dict[str, Any]] = [
        {"id": "microsoft-x", "includes": [one], "excludes": [two]},
        {"id": "own", "includes": None, "excludes": []},
    ]
    found = loaded(permission_grant_policies=policies, permission_grant_includes={"own": [two]})
    frame = found.tables["permission_grant_policies"]
    told = list(zip(frame["policy_id"], frame["use"], frame["condition_id"], strict=True))
    assert told == [
        ("microsoft-x", "include", "c1"),
        ("microsoft-x", "exclude", "c2"),
        ("own", "include", "c2"),
    ]
    assert list(frame["built_in"]) == [True, True, False]
    assert frame["permissions"].iloc[0] is None
    assert found.coverage["permission-grant-includes"].complete
    gap = line("permission-grant-includes", permission_grant_policies=policies)
    assert "no includes list" in gap.cause


def test_classifications_name_their_api() -> None:
    item = {"id": "k", "permissionId": "p", "permissionName": "Mail.Read", "classification": "low"}
    frame = loaded(permission_classifications={"SP": [item]}).tables["permission_classifications"]
    assert list(frame["resource_app_id"]) == ["client"]
    assert list(frame["classification"]) == ["low"]
    gap = line("permission-classifications", permission_classifications={"sp": [{"id": "k"}]})
    assert "no permissionId" in gap.cause


def test_the_admin_consent_policy_has_no_id_of_its_own() -> None:
    policy = {"isEnabled": True, "reviewers": [{"query": "/users/1"}], "requestDurationInDays": "?"}
    row = loaded(admin_consent_policy=[policy]).tables["admin_consent_policy"].iloc[0]
    assert row["reviewers"] == ("/users/1",)
    assert known(row["enabled"]) is True
    assert known(row["notifies"]) is None
    assert known(row["days"]) is None


@pytest.mark.parametrize(
    ("definition", "minutes"),
    [
        (['{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"23:59:59"}}'], 1440),
        (['{"TokenLifetimePolicy":{"AccessTokenLifetime":"1.00:00:00"}}'], 1440),
        (['{"TokenLifetimePolicy":{}}'], None),
        (["[1]"], None),
        (["no json"], None),
        (None, None),
        ([7], None),
    ],
)
def test_a_token_policy_tells_its_lifetime(definition: Any, minutes: int | None) -> None:
    policy = {"id": "t", "displayName": "Long", "definition": definition}
    found = loaded(
        token_lifetime_policies=[policy], token_lifetime_applies_to={"t": [{"id": "app"}]}
    ).tables
    assert known(found["token_policies"]["access_token_minutes"].iloc[0]) == minutes
    target = found["token_policy_targets"].iloc[0]
    assert (target["kind"], target["name"]) == ("tokenLifetime", "Backup")
    assert known(target["access_token_minutes"]) == minutes
