"""The Exchange app-only verdict, from rows as the services send them."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.knowledge import EXCHANGE, EXCHANGE_PROTECTION, GRAPH, LEVELS
from auditor.tables import TABLES
from auditor.tables.source import Source
from tests.tables.made_up import TENANT, snapshot_of

MANAGE = "dc50a0fb-09a3-484d-be87-e023b12c6440"
MANAGE_V2 = "ea3d980d-ebc7-4be4-8298-a167e5b8797c"
MANAGE_GOVERNMENT = "455e5cd2-84e8-4751-8344-5672145dfa17"
MAIL_READ = "810c84a8-4a9e-49e6-bf7d-12d183f40d01"
FULL_ACCESS = "dc890d15-9560-4a4c-9b7f-a736ec74ec40"
IMAP = "5e5addcd-3e8d-4e90-baf5-964efab2b20a"
ADMINISTRATOR = "29232cdf-9323-42fd-ade2-1d097af3e4de"
ROLES = {
    "62e90394-69f5-4237-9190-012177145e10": ("Global Administrator", "full"),
    ADMINISTRATOR: ("Exchange Administrator", "full"),
    "31392ffb-586c-42d1-9346-e59415a2cc4e": ("Exchange Recipient Administrator", "recipient"),
    "17315797-102d-40b4-93e0-432062caca18": ("Compliance Administrator", "compliance"),
    "194ae4cb-b126-40b2-bd5b-6091b380977d": ("Security Administrator", "security"),
    "729827e3-9c14-49f7-bb1b-9608f156bbb8": ("Helpdesk Administrator", "support"),
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451": ("Global Reader", "read"),
    "5d6b6bb7-de71-4623-b4af-96380a352509": ("Security Reader", "read"),
}
UNRELATED = "cf1c38e5-3621-4004-a7cb-879624dced7c"  # Application Developer


def principal(id: str, app_id: str) -> dict[str, Any]:
    return {
        "id": id,
        "appId": app_id,
        "displayName": id,
        "servicePrincipalType": "Application",
        "appOwnerOrganizationId": TENANT,
    }


def grant(permission: str, resource: str = "exo", client: str = "sp") -> dict[str, Any]:
    values = {"principalId": client, "principalType": "ServicePrincipal", "resourceId": resource}
    return {"id": f"{client}-{permission}", "appRoleId": permission} | values


def role(template: str, holder: str = "sp", scope: str = "/") -> dict[str, Any]:
    values = {"principalId": holder, "roleDefinitionId": template, "directoryScopeId": scope}
    return {"id": f"{holder}-{template}-{scope}"} | values


def role_group(name: str, *roles: str) -> dict[str, Any]:
    return {"Name": name, "Guid": f"guid-{name}", "Roles": list(roles), "Capabilities": []}


def nested(name: str) -> dict[str, Any]:
    return {"Name": name, "Guid": f"guid-{name}", "RecipientTypeDetails": "RoleGroup"}


def workload(id: str = "sp") -> dict[str, Any]:
    values = {"Guid": f"exo-{id}", "RecipientTypeDetails": "ServicePrincipal"}
    return {"Name": id, "ExternalDirectoryObjectId": id} | values


def assignment(role_: str, **values: object) -> dict[str, Any]:
    told = {"Name": f"{role_}-sp", "RoleAssigneeName": "sp", "RoleAssigneeType": "ServicePrincipal"}
    told |= {"RoleAssignmentDelegationType": "Regular"}
    return {"Role": role_, "Enabled": True} | told | values


def policy(right: str | None, valid: object = True, app_id: str = "client") -> dict[str, Any]:
    values = {"AccessRight": right, "ScopeName": "Archive", "IsValid": valid}
    return {"Identity": f"p-{right}", "AppId": app_id} | values


def verdict(of: str = "sp", **datasets: Any) -> dict[str, Any]:
    """The row of one service principal; datasets are named with _ for -."""
    rows = {
        "service-principals": [
            principal("sp", "client"),
            principal("bystander", "client2"),
            principal("exo", EXCHANGE),
            principal("eop", EXCHANGE_PROTECTION),
            principal("graph", GRAPH),
        ],
        "role-definitions": [
            {"id": id, "templateId": id, "displayName": name, "isBuiltIn": True}
            for id, (name, _) in {**ROLES, UNRELATED: ("Application Developer", "")}.items()
        ],
        **{name.replace("_", "-"): given for name, given in datasets.items()},
    }
    source = Source(snapshot_of(rows), TABLES, TENANT)
    frame = source.table("exchange_access")
    assert len(frame) == 5
    assert not source.faults
    return dict(frame[frame["id"] == of].iloc[0])


@pytest.mark.parametrize("template", ROLES)
def test_each_directory_role_gives_its_level(template: str) -> None:
    name, level = ROLES[template]
    row = verdict(app_role_assignments=[grant(MANAGE)], role_assignments=[role(template)])
    assert (row["level"], row["permission"]) == (level, "granted")
    assert row["rank"] == LEVELS.index(level)
    assert row["via"] == (f"directory role {name}",)
    assert row["permissions"] == ("Exchange.ManageAsApp",)


def test_nothing_is_none() -> None:
    row = verdict(role_assignments=[role(UNRELATED)])
    assert (row["level"], row["permission"], row["mailbox_reach"]) == ("none", "none", "none")
    assert row["via"] == row["mailbox"] == row["unrated"] == ()


def test_the_strongest_of_several_counts_and_all_are_told() -> None:
    reader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        role_assignments=[role(reader), role(ADMINISTRATOR), role(UNRELATED)],
    )
    assert row["level"] == "full"
    assert row["via"] == ("directory role Exchange Administrator", "directory role Global Reader")


def test_a_role_that_does_not_open_exchange_leaves_the_permission_dormant() -> None:
    row = verdict(app_role_assignments=[grant(MANAGE)], role_assignments=[role(UNRELATED)])
    assert (row["level"], row["permission"], row["via"]) == ("dormant", "granted", ())


def test_a_role_without_the_permission_is_dormant() -> None:
    row = verdict(role_assignments=[role(ADMINISTRATOR)])
    assert (row["level"], row["permission"]) == ("dormant", "none")
    assert row["via"] == ("directory role Exchange Administrator",)


def test_a_role_through_a_group_counts_and_names_the_group() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        role_assignments=[role(ADMINISTRATOR, "group")],
        referenced_principals=[
            {"id": "group", "@odata.type": "#microsoft.graph.group", "displayName": "Robots"}
        ],
        group_service_principals={"group": [{"id": "sp"}]},
    )
    assert row["level"] == "full"
    assert row["via"] == ("directory role Exchange Administrator through group Robots",)


def test_a_narrower_scope_is_told_and_does_not_count() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        role_assignments=[role(ADMINISTRATOR, scope="/administrativeUnits/7")],
    )
    assert (row["level"], row["via"]) == ("dormant", ())
    assert row["narrower"] == ("directory role Exchange Administrator at /administrativeUnits/7",)


def test_a_scope_that_was_not_told_does_not_count() -> None:
    untold = {**role(ADMINISTRATOR), "directoryScopeId": None}
    row = verdict(app_role_assignments=[grant(MANAGE)], role_assignments=[untold])
    assert row["level"] == "dormant"
    assert row["narrower"] == ()
    assert row["unrated"] == ("directory role Exchange Administrator at a scope not told",)


@pytest.mark.parametrize(
    ("permission", "resource", "name"),
    [
        (MANAGE_V2, "exo", "Exchange.ManageAsAppV2"),
        (MANAGE_GOVERNMENT, "eop", "Exchange.ManageAsApp"),
        (MANAGE.upper(), "exo", "Exchange.ManageAsApp"),
    ],
)
def test_every_version_of_the_permission_counts(permission: str, resource: str, name: str) -> None:
    row = verdict(
        app_role_assignments=[grant(permission, resource)], role_assignments=[role(ADMINISTRATOR)]
    )
    assert (row["level"], row["permissions"]) == ("full", (name,))


def test_the_same_id_on_another_api_is_another_permission() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE, "graph"), grant(MANAGE_GOVERNMENT, "exo")],
        role_assignments=[role(ADMINISTRATOR)],
    )
    assert (row["level"], row["permission"]) == ("dormant", "none")


def test_another_holder_is_not_this_one() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE, client="bystander")],
        role_assignments=[role(ADMINISTRATOR, "bystander")],
    )
    assert (row["level"], row["permission"]) == ("none", "none")


@pytest.mark.parametrize(
    ("kind", "permission", "roles", "level"),
    [
        ("Role", "requested", [], "none"),
        ("Role", "requested", [role(ADMINISTRATOR)], "dormant"),
        ("Scope", "none", [], "none"),
    ],
)
def test_what_is_only_requested(kind: str, permission: str, roles: Any, level: str) -> None:
    access = {"resourceAppId": EXCHANGE, "resourceAccess": [{"id": MANAGE, "type": kind}]}
    row = verdict(
        applications=[{"id": "app", "appId": "client", "requiredResourceAccess": [access]}],
        role_assignments=roles,
    )
    assert (row["permission"], row["level"]) == (permission, level)


def test_eligible_only_is_dormant_and_told_apart() -> None:
    for permission in ([], [grant(MANAGE)]):
        row = verdict(app_role_assignments=permission, role_eligibility=[role(ADMINISTRATOR)])
        assert (row["level"], row["via"]) == ("dormant", ())
        assert row["eligible"] == ("directory role Exchange Administrator",)


def test_a_member_of_a_role_group_has_its_level() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_groups=[role_group("Hygiene Management", "Transport Hygiene")],
        exchange_role_group_members={"guid-Hygiene Management": [workload()]},
    )
    assert (row["level"], row["via"]) == ("security", ("role group Hygiene Management",))


def test_a_member_known_to_exchange_by_another_name_is_found() -> None:
    member = {"Name": "S-1-5-21-7", "Guid": "x", "RecipientTypeDetails": "ServicePrincipal"}
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_groups=[role_group("Organization Management")],
        exchange_role_group_members={"guid-Organization Management": [member]},
        exchange_service_principals=[{"ObjectId": "sp", "SidAsString": "S-1-5-21-7"}],
    )
    assert row["level"] == "full"


def test_membership_reaches_through_nested_groups_and_a_cycle() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_groups=[
            role_group("Organization Management", "Role Management"),
            role_group("Team", "Mail Recipients"),
            role_group("Leads"),
        ],
        exchange_role_group_members={
            "guid-Organization Management": [nested("Team")],
            "guid-Team": [nested("Leads")],
            "guid-Leads": [nested("Team"), workload()],
        },
    )
    assert row["level"] == "full"
    assert row["via"] == (
        "role group Organization Management",
        "role group Team, role Mail Recipients",
    )


def test_a_centrally_managed_group_has_the_level_of_its_directory_role() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_groups=[
            role_group("HelpdeskAdmins_-123456789") | {"Capabilities": ["Partner_Managed"]}
        ],
        exchange_role_group_members={"guid-HelpdeskAdmins_-123456789": [workload()]},
    )
    assert row["level"] == "support"


def test_a_name_alone_makes_no_centrally_managed_group() -> None:
    """Anybody who may make a role group may call it GlobalReaders_123456."""
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_groups=[role_group("GlobalReaders_123456", "Role Management")],
        exchange_role_group_members={"guid-GlobalReaders_123456": [workload()]},
    )
    assert row["level"] == "full"


def test_a_role_added_to_a_group_of_a_known_name_counts() -> None:
    name = "View-Only Organization Management"
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_groups=[role_group(name, "View-Only Configuration")],
        exchange_role_group_members={f"guid-{name}": [workload()]},
        exchange_role_assignments=[
            assignment("Role Management", RoleAssigneeName=name, RoleAssigneeType="RoleGroup")
        ],
    )
    assert row["level"] == "full"


def test_a_role_that_only_sounds_like_rbac_for_applications_is_not_rated() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_assignments=[assignment("Application Helper")],
    )
    assert row["unrated"] == ("management role assignment, role Application Helper (not rated)",)


def test_a_directory_group_inside_a_role_group_leaves_a_doubt() -> None:
    group = {"Name": "All Staff", "RecipientTypeDetails": "MailUniversalSecurityGroup"}
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_groups=[role_group("Movers", "Move Mailboxes")],
        exchange_role_group_members={"guid-Movers": [group]},
    )
    assert row["level"] == "dormant"
    assert row["unrated"] == ("role group Movers, if it is in the group All Staff",)


def test_a_group_of_ones_own_has_the_level_of_its_roles() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_groups=[role_group("Movers", "Move Mailboxes", "View-Only Recipients")],
        exchange_role_group_members={"guid-Movers": [workload()]},
    )
    assert row["level"] == "recipient"
    assert "role group Movers, role Move Mailboxes" in row["via"]


def test_a_management_role_of_its_own_counts() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_assignments=[assignment("Mail Recipients", CustomResourceScope="Branch")],
    )
    assert row["level"] == "recipient"
    assert row["via"] == ("management role assignment limited to Branch, role Mail Recipients",)


@pytest.mark.parametrize(
    "values", [{"Enabled": False}, {"RoleAssignmentDelegationType": "DelegatingOrgWide"}]
)
def test_an_assignment_that_is_off_or_only_delegates_does_not_count(values: Any) -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_assignments=[assignment("Mail Recipients", **values)],
    )
    assert (row["level"], row["via"]) == ("dormant", ())


def test_a_role_nobody_rates_is_told_as_a_doubt() -> None:
    own: dict[str, Any] = {"exchange_role_assignments": [assignment("Our Own Role")]}
    with_permission = verdict(app_role_assignments=[grant(MANAGE)], **own)
    assert with_permission["level"] == "dormant"
    assert with_permission["unrated"] == (
        "management role assignment, role Our Own Role (not rated)",
    )
    without = verdict(**own)
    assert (without["level"], without["unrated"]) == ("dormant", ())


def test_a_role_nobody_rates_adds_nothing_to_full() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        role_assignments=[role(ADMINISTRATOR)],
        exchange_role_assignments=[assignment("Our Own Role")],
    )
    assert (row["level"], row["unrated"]) == ("full", ())


def test_a_role_group_whose_roles_were_not_told_is_a_doubt() -> None:
    group: dict[str, Any] = {
        "Name": "Movers",
        "Guid": "guid-Movers",
        "Roles": None,
        "Capabilities": [],
    }
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_groups=[group],
        exchange_role_group_members={"guid-Movers": [workload()]},
    )
    assert row["unrated"] == ("role group Movers (its roles were not told)",)


@pytest.mark.parametrize(
    ("scope", "reach", "told"),
    [
        ({"CustomResourceScope": "Finance"}, "scoped", "only Finance"),
        ({"RecipientAdministrativeUnitScope": "unit-7"}, "scoped", "only unit-7"),
        ({}, "tenant-wide", "every mailbox"),
    ],
)
def test_rbac_for_applications_opens_mailboxes_and_is_no_level(
    scope: Any, reach: str, told: str
) -> None:
    row = verdict(exchange_role_assignments=[assignment("Application Mail.Read", **scope)])
    assert (row["level"], row["mailbox_reach"]) == ("none", reach)
    assert row["mailbox"] == (f"Application Mail.Read ({told}, RBAC for Applications)",)


@pytest.mark.parametrize(
    ("permission", "resource", "policies", "reach"),
    [
        (MAIL_READ, "graph", [], "tenant-wide"),
        (MAIL_READ, "graph", [policy("RestrictAccess")], "scoped"),
        (MAIL_READ, "graph", [policy("RestrictAccess", app_id="other, CLIENT")], "scoped"),
        (MAIL_READ, "graph", [policy("RestrictAccess", app_id="*")], "scoped"),
        (MAIL_READ, "graph", [policy("DenyAccess")], "tenant-wide"),
        (MAIL_READ, "graph", [policy("RestrictAccess", valid=False)], "tenant-wide"),
        (MAIL_READ, "graph", [policy("RestrictAccess", valid=None)], "tenant-wide"),
        (MAIL_READ, "graph", [policy(None)], "tenant-wide"),
        (MAIL_READ, "graph", [policy("RestrictAccess", app_id="other")], "tenant-wide"),
        (FULL_ACCESS, "exo", [policy("RestrictAccess")], "scoped"),
        (IMAP, "exo", [policy("RestrictAccess")], "tenant-wide"),
        (MAIL_READ, "eop", [], "none"),
    ],
)
def test_how_far_a_mailbox_permission_reaches(
    permission: str, resource: str, policies: Any, reach: str
) -> None:
    row = verdict(
        app_role_assignments=[grant(permission, resource)], exchange_access_policies=policies
    )
    assert (row["level"], row["mailbox_reach"]) == ("none", reach)


def test_the_same_permission_on_two_apis_is_told_twice() -> None:
    row = verdict(
        app_role_assignments=[
            grant(MAIL_READ, "graph"),
            {**grant(MAIL_READ, "exo"), "id": "second"},
        ]
    )
    assert row["mailbox"] == ("Exchange Mail.Read", "Graph Mail.Read")


def test_a_scoped_role_does_not_narrow_a_tenant_wide_permission() -> None:
    row = verdict(
        app_role_assignments=[grant(MAIL_READ, "graph")],
        exchange_role_assignments=[
            assignment("Application Mail.Read", CustomResourceScope="Finance")
        ],
    )
    assert row["mailbox_reach"] == "tenant-wide"
    assert len(row["mailbox"]) == 2


def test_the_pages_that_prove_a_row_are_named() -> None:
    row = verdict(app_role_assignments=[grant(MANAGE)], role_assignments=[role(ADMINISTRATOR)])
    assert len(row["proof_pages"]) == 2


def listed(name: str, parent: str = "", root: object = True) -> dict[str, Any]:
    return {"Name": name, "Guid": f"role-{name}", "Parent": parent, "IsRootRole": root}


@pytest.mark.parametrize(
    ("roles", "level"),
    [
        ([listed("Journaling")], "compliance"),
        ([listed("journaling")], "compliance"),
        ([listed("Journaling", "Mail Recipients", False)], None),
        ([listed("Journaling", "Mail Recipients", None)], None),
        ([listed("Journaling", root=False)], None),
        ([listed("Journaling", root=None)], None),
    ],
)
def test_a_custom_role_is_not_rated_by_a_name_it_bears(roles: Any, level: str | None) -> None:
    in_group: dict[str, Any] = {
        "exchange_role_groups": [role_group("Robots", "Journaling")],
        "exchange_role_group_members": {"guid-Robots": [workload()]},
    }
    for held in ({"exchange_role_assignments": [assignment("Journaling")]}, in_group):
        row = verdict(app_role_assignments=[grant(MANAGE)], exchange_management_roles=roles, **held)
        assert row["level"] == (level or "dormant")
        assert bool(row["unrated"]) == (level is None)


def test_a_custom_role_named_as_one_for_applications_is_told() -> None:
    row = verdict(
        app_role_assignments=[grant(MANAGE)],
        exchange_role_assignments=[assignment("Application Mail.Read")],
        exchange_management_roles=[listed("Application Mail.Read", "Role Management", False)],
    )
    (told,) = row["unrated"]
    assert told.endswith("role Application Mail.Read (made from Role Management, not rated)")
    assert row["mailbox"] == ()


@pytest.mark.parametrize("template", ROLES)
def test_security_and_compliance_powershell_by_directory_role(template: str) -> None:
    name, level = ROLES[template]
    opens = not name.startswith(("Exchange", "Helpdesk"))
    row = verdict(app_role_assignments=[grant(MANAGE)], role_assignments=[role(template)])
    assert row["compliance_level"] == (level if opens else "none")
    assert row["compliance_via"] == ((f"directory role {name}",) if opens else ())
    alone = verdict(role_assignments=[role(template)])
    assert (alone["compliance_level"], alone["compliance_via"]) == ("none", ())
