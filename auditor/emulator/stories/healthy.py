"""Fabrikam: every rule finds something to judge and nothing to complain about."""

from __future__ import annotations

from auditor.emulator.stories.common import Scene, deleted_application
from auditor.emulator.stories.healthy_activity import fill_activity
from auditor.emulator.stories.healthy_configuration import fill_configuration
from auditor.emulator.stories.healthy_policies import fill_policies


def fill(scene: Scene) -> None:
    """States the healthy tenant."""
    _applications(scene)
    _others(scene)
    _exchange(scene)
    fill_configuration(scene)
    fill_activity(scene)
    fill_policies(scene)
    _lives(scene)


def _lives(scene: Scene) -> None:
    """Every registration says what it is for; the one deleted took its last credential with it."""
    deleted_application(scene, "Old Importer", scene.build.secret("old importer", -200, -20))
    for number, item in enumerate(scene.build.applications, start=1):
        item["serviceManagementReference"] = (
            item["serviceManagementReference"] or f"CMDB-{number:04}"
        )


def _applications(scene: Scene) -> None:
    build, people = scene.build, scene.people
    two = (people["Donald Knuth"], people["Edsger Dijkstra"])
    build.app(
        "Warehouse API",
        credentials=scene.good_certificate("warehouse-api"),
        holds=("Graph/User.ReadBasic.All",),
        owners=two,
    )
    build.app(
        "Intranet Portal",
        credentials=scene.good_certificate("intranet-portal", -20, 200),
        asks=("Graph/GroupMember.Read.All", "delegated:Graph/User.Read"),
        holds=("Graph/GroupMember.Read.All",),
        owners=two,
    )
    # The one client secret: not valid yet, so nothing is open, and short-lived.
    build.app(
        "Partner Feed",
        credentials=build.secret("partner-feed 2", 10, 160),
        holds=("Graph/Organization.Read.All",),
        owners=two,
    )
    build.app(
        "Mail Archive",
        credentials=scene.good_certificate("mail-archive"),
        holds=("Graph/Mail.ReadWrite",),
        reference="CMDB-0417",
    )
    build.app(
        "Report Collector",
        credentials=scene.good_certificate("report-collector", -100, 150),
        holds=("Graph/Reports.Read.All",),
        owners=two,
        roles=("Reports Reader",),
    )
    pipeline = build.app(
        "Release Pipeline", holds=("Graph/User.ReadBasic.All",), owners=two, reference="CMDB-0099"
    )
    build.trust(
        pipeline,
        "main-branch",
        "https://token.actions.githubusercontent.com",
        "repo:fabrikam/warehouse:environment:production",
    )


def _others(scene: Scene) -> None:
    build = scene.build
    foreign = build.principal(
        "Woodgrove Scheduling",
        owner_tenant=build.guid("tenant", "Woodgrove"),
        roles=("Directory Readers",),
        signInAudience="AzureADMultipleOrgs",
    )
    build.delegated(foreign, "openid profile User.Read")
    build.role(build.principal_id("func-orders"), "Directory Readers")
    portal = build.principal_id("Intranet Portal")
    build.delegated(portal, "User.Read")
    build.delegated(portal, "User.Read", user=scene.people["Tony Hoare"])
    build.group("Warehouse Staff", (scene.people["Tony Hoare"], scene.people["Frances Allen"]))


def _exchange(scene: Scene) -> None:
    build, exchange = scene.build, scene.exchange
    exchange.add_workload("View-Only Organization Management", scene.client.principal_id)
    archive = build.application_named("Mail Archive")
    exchange.policy(archive["appId"], "Archived Mailboxes")
    exchange.workload("Mail Archive", archive["appId"], build.principal_id("Mail Archive"))
    exchange.scope("Archived Mailboxes", "CustomAttribute1 -eq 'archive'")
    planner = build.app(
        "Room Planner", credentials=scene.good_certificate("room-planner"), reference="CMDB-0423"
    )
    exchange.workload("Room Planner", planner.app_id, planner.principal_id)
    exchange.scope("Rooms", "CustomAttribute1 -eq 'room'")
    role = "Application Calendars.Read"
    exchange.assign_workload(planner.principal_id, role, scope="Rooms")
    exchange.add_user("Recipient Management", "Tony Hoare", scene.people["Tony Hoare"])
