"""Role groups, their members, nesting and partners, from rows as Exchange sends them."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.tables import TABLES
from auditor.tables.exchange_groups import expand
from auditor.tables.source import Source, known
from tests.tables.made_up import TENANT, snapshot_of

MANAGED = {"Capabilities": ["Partner_Managed"], "Capabilities@data.type": "#Collection(String)"}


def group(name: str, *members: str, **values: object) -> dict[str, Any]:
    told = {"Guid": f"guid-{name}", "RoleGroupType": "Standard", "Capabilities": ["None"]}
    return {"Name": name, "Members": list(members), "Roles": []} | told | values


def member(name: str, kind: str | None, external: str = "", **values: object) -> dict[str, Any]:
    told = {"DisplayName": f"{name} shown", "RecipientTypeDetails": kind}
    return (
        {"Name": name, "Guid": f"m-{name}", "ExternalDirectoryObjectId": external} | told | values
    )


def nested(name: str) -> dict[str, Any]:
    return member(name, "RoleGroup", Guid=f"guid-{name}")


def source(**datasets: Any) -> Source:
    rows = {
        "service-principals": [
            {
                "id": "sp",
                "appId": "client",
                "displayName": "Mover",
                "servicePrincipalType": "Application",
                "appOwnerOrganizationId": TENANT,
            }
        ],
        **{name.replace("_", "-"): given for name, given in datasets.items()},
    }
    return Source(snapshot_of(rows), TABLES, TENANT)


def records(source_: Source, table: str) -> list[dict[Any, Any]]:
    return source_.table(table).to_dict("records")


def one_member(item: dict[str, Any], **datasets: Any) -> dict[Any, Any]:
    made = source(
        exchange_role_groups=[group("Team")],
        exchange_role_group_members={"guid-Team": [item]},
        **datasets,
    )
    [row] = records(made, "role_group_members")
    return row


def test_partner_managed_is_read_from_capabilities_and_null_without_them() -> None:
    made = source(
        exchange_role_groups=[
            group("TenantAdmins_-123456789", **MANAGED),
            group("Small Letters", Capabilities=["partner_managed"]),
            group("One Value", Capabilities="Partner_Managed"),
            group("Own"),
            group("Not Told", Capabilities=None),
        ]
    )
    found = {row["name"]: known(row["partner_managed"]) for row in records(made, "role_groups")}
    assert found == {
        "TenantAdmins_-123456789": True,
        "Small Letters": True,
        "One Value": True,
        "Own": False,
        "Not Told": None,
    }


def test_a_central_group_is_known_by_its_name_with_any_number() -> None:
    made = source(
        exchange_role_groups=[
            group("TenantAdmins_-123456789", **MANAGED),
            group("Security Administrator", **MANAGED),
            group("TenantAdmins_mine", **MANAGED),
        ]
    )
    first, second, stranger = records(made, "role_groups")
    assert first["directory_roles"] == ("62e90394-69f5-4237-9190-012177145e10",)
    assert first["normal_roles"] == ()
    assert second["normal_roles"] == ("Security Admin",)
    assert stranger["directory_roles"] is None
    assert stranger["normal_roles"] is None


def test_a_group_listed_only_with_show_partner_linked_is_partner_only() -> None:
    both = group("Team")
    linked = group(
        "PartnerRoleGroup_1", RoleGroupType="PartnerLinked", LinkedPartnerOrganizationId="tenant-9"
    )
    made = source(
        exchange_role_groups=[both],
        exchange_partner_role_groups=[{**both, "Guid": "GUID-TEAM"}, linked],
    )
    first, second = records(made, "role_groups")
    assert (first["name"], first["partner_only"]) == ("Team", False)
    assert known(first["linked_partner"]) is None
    assert (second["partner_only"], second["linked_partner"]) == (True, "tenant-9")


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("PartnerRoleGroup_HelpdeskAgents", None, "partner"),
        ("PartnerRoleGroup_HelpdeskAgents", "Group", "partner"),
        ("Agents", "PartnerRoleGroup", "partner"),
        ("Agents", "Partner", "partner"),
        ("Agents", "LinkedRoleGroup", "partner"),
        ("Agents", "ForeignSecurityPrincipal", "partner"),
        ("Tony", "UserMailbox", "user"),
        ("Tony", "GuestMailUser", "guest"),
        ("All Staff", "MailUniversalSecurityGroup", "group"),
        ("Tony", "SomethingNew", None),
        ("Tony", None, None),
    ],
)
def test_what_kind_of_member_it_is(name: str, kind: str | None, expected: str | None) -> None:
    assert known(one_member(member(name, kind))["kind"]) == expected


@pytest.mark.parametrize(
    "item",
    [
        member("whatever", "ServicePrincipal", "SP"),
        member("sp", "ServicePrincipal"),
        member("sp", None),
        member("S-1-5-21-7", "User"),
    ],
)
def test_a_workload_is_found_by_every_name_it_may_have(item: dict[str, Any]) -> None:
    twin = [{"ObjectId": "sp", "AppId": "client", "SidAsString": "S-1-5-21-7"}]
    row = one_member(item, exchange_service_principals=twin)
    assert (row["principal"], row["kind"], row["name"]) == (0, "servicePrincipal", "Mover")


def test_a_workload_nobody_knows_keeps_its_kind() -> None:
    row = one_member(member("gone", "ServicePrincipal"))
    assert (row["principal"], row["kind"]) == (-1, "servicePrincipal")


def test_a_member_of_no_group_is_a_fault_and_no_row() -> None:
    made = source(
        exchange_role_groups=[group("Team")],
        exchange_role_group_members={"guid-Other": [member("Tony", "User")]},
    )
    assert records(made, "role_group_members") == []
    assert made.faults["exchange-role-group-members", "no role group to belong to"] == 1


def test_nested_groups_are_expanded_each_member_once_by_the_shortest_way() -> None:
    made = source(
        exchange_role_groups=[group("Top"), group("Middle"), group("Low")],
        exchange_role_group_members={
            "guid-Top": [nested("Middle"), nested("Low"), member("Ada", "User", "u-ada")],
            "guid-Middle": [nested("Low"), member("Ada", "User", "u-ada")],
            "guid-Low": [member("Tony", "User", "u-tony")],
        },
    )
    found = {
        (row["group_name"], row["member"]): row["path"]
        for row in records(made, "effective_members")
    }
    assert found == {
        ("Top", "u-ada"): ("Top",),
        ("Top", "u-tony"): ("Top", "Low"),
        ("Middle", "u-ada"): ("Middle",),
        ("Middle", "u-tony"): ("Middle", "Low"),
        ("Low", "u-tony"): ("Low",),
    }


def test_a_cycle_ends_and_everybody_in_it_is_a_member_of_all() -> None:
    made = source(
        exchange_role_groups=[group("A"), group("B"), group("Self")],
        exchange_role_group_members={
            "guid-A": [nested("B"), member("Ada", "User", "u-ada")],
            "guid-B": [nested("A"), member("Tony", "User", "u-tony")],
            "guid-Self": [nested("Self")],
        },
    )
    found = {(row["group_name"], row["member"]) for row in records(made, "effective_members")}
    assert found == {("A", "u-ada"), ("A", "u-tony"), ("B", "u-ada"), ("B", "u-tony")}


def test_a_nested_group_is_found_by_guid_or_by_name_and_its_lost_one_stays_a_member() -> None:
    made = source(
        exchange_role_groups=[group("Top"), group("Low")],
        exchange_role_group_members={
            "guid-Top": [member("LOW", "RoleGroup", Guid=None), member("Lost", "RoleGroup")],
            "guid-Low": [member("Tony", "User", "u-tony")],
        },
    )
    found = {(row["name"], row["kind"]) for row in records(made, "effective_members")}
    assert found == {("Tony shown", "user"), ("Lost shown", "roleGroup")}


def test_a_member_with_the_name_of_a_role_group_is_no_role_group() -> None:
    made = source(
        exchange_role_groups=[group("Team"), group("Help Desk")],
        exchange_role_group_members={"guid-Team": [member("Help Desk", "UserMailbox", "u-1")]},
    )
    [row] = records(made, "role_group_members")
    assert (row["kind"], row["member_group"]) == ("user", -1)


def test_expand_yields_every_member_row_with_the_groups_passed() -> None:
    members = {0: [(10, 1), (11, -1)], 1: [(12, 0), (13, -1)]}
    assert list(expand(members, 0)) == [(10, (0,)), (11, (0,)), (12, (0, 1)), (13, (0, 1))]
