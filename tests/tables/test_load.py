"""Rows that do not fit one another make their dataset partial, so that nothing passes on it."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.ledger import LedgerLine
from auditor.tables.load import Loaded, load
from auditor.tables.source import known
from tests.tables.made_up import TENANT, Rows, snapshot_of

GA = "62e90394-69f5-4237-9190-012177145e10"
APP = {
    "id": "app",
    "appId": "client",
    "displayName": "Backup",
    "passwordCredentials": [],
    "keyCredentials": [],
    "requiredResourceAccess": [],
    "owners": [],
}
PRINCIPAL = {
    "id": "sp",
    "appId": "client",
    "servicePrincipalType": "Application",
    "appOwnerOrganizationId": TENANT,
    "passwordCredentials": [],
    "keyCredentials": [],
    "owners": [],
}
WHOLE: dict[str, Any] = {
    "applications": [APP],
    "service-principals": [PRINCIPAL],
    "role-definitions": [{"id": GA, "templateId": GA, "displayName": "Global Administrator"}],
    "role-assignments": [
        {"id": "ra", "principalId": "sp", "roleDefinitionId": GA, "directoryScopeId": "/"}
    ],
    "directory-roles": [{"id": "d", "roleTemplateId": GA, "members": [{"id": "sp"}]}],
    "exchange-role-groups": [
        {"Name": "Organization Management", "Guid": "g0", "Members": [], "Roles": []},
        {"Name": "Custom", "Guid": "g1", "Members": ["Inner"], "Roles": ["Mail Recipients"]},
        {"Name": "Inner", "Guid": "g2", "Members": [], "Roles": []},
    ],
    "exchange-role-group-members": {
        "g1": [{"Name": "Inner", "Guid": "g2", "RecipientTypeDetails": "RoleGroup"}]
    },
    "exchange-role-assignments": [
        {
            "Name": "Mail Recipients-Custom",
            "Role": "Mail Recipients",
            "RoleAssigneeName": "Custom",
            "RoleAssigneeType": "RoleGroup",
        }
    ],
}


def loaded(**changes: Rows | dict[str, Rows]) -> Loaded:
    return load(
        snapshot_of(WHOLE | {name.replace("_", "-"): rows for name, rows in changes.items()})
    )


def line(dataset: str, **changes: Any) -> LedgerLine:
    return loaded(**changes).coverage[dataset]


def test_what_fits_stays_complete() -> None:
    short = [each for each in loaded().coverage.values() if not each.complete]
    assert short == []


@pytest.mark.parametrize(
    ("dataset", "changes", "told"),
    [
        ("applications", {"applications": []}, "yet 1 service principals belong"),
        ("applications", {"applications": [APP | {"appId": None}]}, "no appId"),
        (
            "applications",
            {"applications": [APP | {"keyCredentials": None}]},
            "no keyCredentials list",
        ),
        (
            "applications",
            {"applications": [APP | {"passwordCredentials": [{"endDateTime": "2026-01-01"}]}]},
            "no keyId",
        ),
        (
            "applications",
            {"applications": [APP | {"requiredResourceAccess": None}]},
            "no requiredResourceAccess list",
        ),
        ("application-owners", {"applications": [APP | {"owners": None}]}, "no owners list"),
        ("application-owners", {"applications": [APP | {"owners": [{"id": None}]}]}, "no id"),
        ("service-principals", {"service_principals": [PRINCIPAL | {"id": ""}]}, "no id"),
        (
            "app-role-assignments",
            {"app_role_assignments": [{"id": "g", "principalId": "sp", "resourceId": "r"}]},
            "no appRoleId",
        ),
        ("role-definitions", {"role_definitions": []}, "Global Administrator"),
        ("role-assignments", {"role_assignments": []}, "1 members of directory roles"),
        (
            "role-assignments",
            {"role_assignments": [{"id": "ra", "principalId": None, "roleDefinitionId": GA}]},
            "no principalId",
        ),
        (
            "exchange-role-groups",
            {
                "exchange_role_groups": [
                    {"Name": "Custom", "Guid": "g1", "Roles": ["Mail Recipients"]}
                ]
            },
            "nested group Inner is not among them",
        ),
        (
            "exchange-role-group-members",
            {"exchange_role_group_members": {}},
            "list more members than arrived: Custom",
        ),
        (
            "exchange-role-assignments",
            {"exchange_role_assignments": []},
            "Mail Recipients of Custom",
        ),
        (
            "exchange-role-assignments",
            {
                "exchange_role_assignments": [
                    *WHOLE["exchange-role-assignments"],
                    {
                        "Name": "n",
                        "Role": "r",
                        "RoleAssigneeName": "who",
                        "RoleAssigneeType": "ServicePrincipal",
                    },
                ]
            },
            "1 service principals cannot be told which: who",
        ),
        (
            "exchange-role-groups",
            {
                "exchange_partner_role_groups": [
                    *WHOLE["exchange-role-groups"],
                    {
                        "Name": "Lost",
                        "Guid": "g9",
                        "RoleGroupType": "Standard",
                        "Members": [],
                        "Roles": [],
                    },
                ]
            },
            "1 are listed only with -ShowPartnerLinked: Lost",
        ),
        (
            "exchange-partner-role-groups",
            {"exchange_partner_role_groups": WHOLE["exchange-role-groups"][:2]},
            "1 of the other listing are missing: Inner",
        ),
        (
            "application-owners",
            {
                "applications": [APP | {"owners": [{"id": "a"}, {"id": "b"}]}],
                "application_owners": {"app": [{"id": "a"}]},
            },
            "fewer owners read again than at first",
        ),
        (
            "exchange-role-group-members",
            {
                "exchange_role_group_members": {
                    "g1": [
                        {"Name": "Inner", "Guid": "g2", "RecipientTypeDetails": "RoleGroup"},
                        {"Name": "who", "RecipientTypeDetails": "ServicePrincipal"},
                    ]
                }
            },
            "1 service principals cannot be told which: who",
        ),
    ],
)
def test_what_does_not_fit_is_partial(dataset: str, changes: dict[str, Any], told: str) -> None:
    found = line(dataset, **changes)
    assert found.result == "partial"
    assert told in found.cause
    assert found.remedy


def test_a_refused_dataset_stays_refused() -> None:
    rows = {**WHOLE, "applications": []}
    found = load(snapshot_of(rows, {"applications": "refused"})).coverage["applications"]
    assert found.result == "refused"


def test_owners_read_again_take_the_place_of_the_first_twenty() -> None:
    twenty = [{"id": f"o{number}"} for number in range(20)]
    every = [*twenty, {"id": "o20"}, {"id": "o21"}]
    found = loaded(applications=[APP | {"owners": twenty}], application_owners={"app": every})
    assert len(found.tables["application_owners"]) == 22


SAML = PRINCIPAL | {
    "preferredSingleSignOnMode": "saml",
    "keyCredentials": [
        {"keyId": "s", "usage": "Sign", "customKeyIdentifier": "x", "endDateTime": "2027-01-01"},
        {"keyId": "v", "usage": "Verify", "customKeyIdentifier": "x", "endDateTime": "2027-01-01"},
    ],
    "passwordCredentials": [
        {"keyId": "p", "customKeyIdentifier": "x", "endDateTime": "2027-01-01"}
    ],
}


def seen(principal: dict[str, Any]) -> list[str]:
    """Credentials that rules see as ways to sign in."""
    tables = loaded(service_principals=[principal]).tables
    return [*tables["secrets"]["key_id"], *tables["certificates"]["key_id"]]


def test_a_saml_signing_pair_is_no_client_credential() -> None:
    assert seen(SAML) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"preferredSingleSignOnMode": None}, ["p", "s", "v"]),
        ({"appOwnerOrganizationId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a"}, ["p", "s", "v"]),
        (
            {
                "passwordCredentials": [
                    *SAML["passwordCredentials"],
                    {"keyId": "added", "customKeyIdentifier": "x", "endDateTime": "2027-01-01"},
                ]
            },
            ["p", "added", "s", "v"],
        ),
        (
            {
                "keyCredentials": [
                    *SAML["keyCredentials"],
                    {"keyId": "added", "usage": None, "customKeyIdentifier": "x"},
                ]
            },
            ["p", "s", "v", "added"],
        ),
        (
            {
                "passwordCredentials": [
                    {"keyId": "p", "customKeyIdentifier": "x", "endDateTime": "2299-01-01"}
                ]
            },
            ["p", "s", "v"],
        ),
    ],
)
def test_a_credential_cannot_hide_behind_a_signing_pair(
    change: dict[str, Any], told: list[str]
) -> None:
    assert seen(SAML | change) == told


def test_a_permission_is_named_by_its_resource_not_by_its_id_alone() -> None:
    """Mail.ReadWrite has the same id on Graph and on Exchange."""
    id = "e2a3a72e-5f79-4c64-b1b1-878b674786c9"
    graph = PRINCIPAL | {"id": "graph", "appId": "00000003-0000-0000-c000-000000000000"}
    other = PRINCIPAL | {"id": "other", "appId": "99999999-0000-0000-0000-000000000000"}
    grants = [
        {
            "id": f"on-{resource}",
            "principalId": "sp",
            "principalType": "ServicePrincipal",
            "resourceId": resource,
            "appRoleId": id,
        }
        for resource in ("graph", "other", "gone")
    ]
    found = loaded(
        service_principals=[PRINCIPAL, graph, other], app_role_assignments=grants
    ).tables["grants"]
    assert found["tier"].isna().tolist() == [False, True, True]
    assert found["permission"].isna().tolist() == [False, True, True]


def test_roles_through_a_group_and_at_a_scope() -> None:
    assignments = [
        {"id": "direct", "principalId": "sp", "roleDefinitionId": GA, "directoryScopeId": "/"},
        {"id": "via", "principalId": "group", "roleDefinitionId": GA, "directoryScopeId": "/au"},
        {"id": "person", "principalId": "user", "roleDefinitionId": GA, "directoryScopeId": "/"},
    ]
    found = loaded(
        role_assignments=assignments, group_service_principals={"group": [{"id": "sp"}]}
    ).tables["workload_roles"]
    assert found["assignment_id"].tolist() == ["direct", "via"]
    assert found["group_id"].fillna("").tolist() == ["", "group"]
    assert found["scope"].tolist() == ["/", "/au"]
    assert found["tier"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("owner", "kind", "publisher"),
    [
        (TENANT, "Application", "own"),
        (TENANT.upper(), "Application", "own"),
        ("f8cdef31-a31e-4b4a-93e4-5f571e91255a", "Application", "microsoft"),
        ("22222222-2222-2222-2222-222222222222", "Application", "foreign"),
        (None, "ManagedIdentity", "own"),
        (None, "Application", None),
    ],
)
def test_publishers_are_told_by_owner_tenant(
    owner: str | None, kind: str, publisher: str | None
) -> None:
    row = PRINCIPAL | {"appOwnerOrganizationId": owner, "servicePrincipalType": kind}
    found = loaded(service_principals=[row]).tables["service_principals"]["publisher"]
    assert [known(each) for each in found] == [publisher]


def test_a_name_that_is_not_told_is_null_in_every_table_that_repeats_it() -> None:
    """Graph sends only the id of an object that the token may not read."""
    grant = {
        "id": "g",
        "principalId": "sp",
        "principalType": "ServicePrincipal",
        "resourceId": "sp",
        "appRoleId": "r",
    }
    tables = loaded(
        applications=[APP | {"displayName": None, "owners": [{"id": "who"}]}],
        referenced_principals=[{"id": "who", "@odata.type": "#microsoft.graph.user"}],
        app_role_assignments=[grant],
    ).tables
    assert tables["application_owners"]["owner_name"].isna().all()
    for frame in tables.values():
        assert not (frame.astype("object") == "nan").to_numpy().any()


def test_a_blank_before_the_first_scope_is_no_scope() -> None:
    grant = {"id": "g", "clientId": "sp", "resourceId": "r", "scope": " Mail.Read  User.Read "}
    found = loaded(delegated_grants=[grant]).tables["delegated_grants"]
    assert found["scope"].tolist() == ["Mail.Read", "User.Read"]


def test_consents_tell_who_publishes_the_client_and_the_api() -> None:
    api = PRINCIPAL | {"id": "r", "appId": "api", "appOwnerOrganizationId": "another"}
    grants = [
        {"id": "g", "clientId": "SP", "resourceId": "r", "scope": "Mail.Read"},
        {"id": "h", "clientId": "gone", "resourceId": "gone", "scope": "Mail.Read"},
    ]
    tables = loaded(service_principals=[PRINCIPAL, api], delegated_grants=grants).tables
    rows: list[Any] = [tables["delegated_grants"].iloc[at] for at in (0, 1)]
    here, lost = rows
    assert (here["publisher"], here["resource_publisher"]) == ("own", "foreign")
    assert known(lost["publisher"]) is None
    assert known(lost["resource_publisher"]) is None


@pytest.mark.parametrize(
    ("told", "verified"),
    [
        ({"verifiedPublisherId": "123"}, True),
        ({"verifiedPublisherId": None}, False),
        ({"displayName": "named, and no more"}, None),
        (None, None),
    ],
)
def test_a_publisher_is_verified_by_its_id(told: object, verified: bool | None) -> None:
    row = PRINCIPAL | {"verifiedPublisher": told}
    found = loaded(service_principals=[row]).tables["service_principals"]["verified"]
    assert known(found.iloc[0]) is verified
