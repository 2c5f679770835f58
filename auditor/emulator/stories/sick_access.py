"""Contoso's permissions, directory roles and owners."""

from __future__ import annotations

from auditor.emulator.stories.common import Scene

MANY_OWNERS = 25


def fill_access(scene: Scene) -> None:
    """Everything about what applications can do in the directory."""
    _paths(scene)
    _roles(scene)
    _consent(scene)
    _delegated(scene)


def _paths(scene: Scene) -> None:
    build, people = scene.build, scene.people
    crowd = tuple(build.user(f"Owner Number{n:02d}") for n in range(1, MANY_OWNERS + 1))
    build.app(
        "Consent Robot",
        credentials=scene.good_certificate("consent-robot"),
        holds=("Graph/AppRoleAssignment.ReadWrite.All",),
        owners=crowd,
    )
    build.app(
        "Orphan Admin",
        credentials=scene.good_certificate("orphan-admin"),
        holds=("Graph/RoleManagement.ReadWrite.Directory",),
    )
    build.app(
        "App Factory",
        credentials=scene.good_certificate("app-factory"),
        holds=("Graph/Application.ReadWrite.All",),
        principal_owners=(people["Gil Guest"], people["Lea Leaver"]),
    )
    build.app(
        "Mail Archive",
        credentials=scene.good_certificate("mail-archive"),
        holds=("Graph/Mail.ReadWrite",),
        reference="CMDB-0417",
    )


def _roles(scene: Scene) -> None:
    build, people = scene.build, scene.people
    build.app(
        "Break Glass Automation",
        credentials=scene.good_certificate("break-glass"),
        roles=("Global Administrator",),
        reference="CMDB-0002",
    )
    worker = build.app("Identity Sync Worker", credentials=scene.good_certificate("sync-worker"))
    tier0 = build.group("Tier 0 Automation", (worker.principal_id,), for_roles=True)
    build.role(tier0, "Privileged Role Administrator")
    nested = build.app("Nested Worker", credentials=scene.good_certificate("nested-worker"))
    inner = build.group("Automation Accounts", (nested.principal_id, people["Tony Hoare"]))
    build.group("All Staff", (inner, people["Ada Lovelace"], people["Frances Allen"]))
    build.app(
        "Report Collector",
        credentials=scene.good_certificate("report-collector"),
        holds=("Graph/Reports.Read.All",),
        roles=("Reports Reader",),
        owners=(people["Donald Knuth"], people["Edsger Dijkstra"]),
    )
    # A principal that was deleted keeps its assignment.
    build.role(build.guid("principal", "deleted long ago"), "User Administrator")
    eligible = build.app("On Call Bot", credentials=scene.good_certificate("on-call"))
    build.eligibility(eligible.principal_id, "Application Administrator")
    build.eligibility(tier0, "Security Administrator")


def _consent(scene: Scene) -> None:
    build = scene.build
    owner = (scene.people["Barbara Liskov"],)
    build.app(
        "Unfinished Onboarding",
        credentials=scene.good_certificate("onboarding"),
        asks=("Graph/User.Read.All", "Graph/Group.Read.All", "SharePoint/Sites.Selected"),
        holds=("Graph/User.Read.All",),
        owners=owner,
    )
    build.app(
        "Silent Reader",
        credentials=scene.good_certificate("silent-reader"),
        asks=("Graph/User.Read.All",),
        holds=("Graph/User.Read.All", "Graph/Contacts.Read", "AadGraph/Directory.Read.All"),
        owners=owner,
    )
    build.principal(
        "Mail Insights",
        owner_tenant=build.guid("tenant", "Mail Insights Inc"),
        holds=("Graph/Mail.Read",),
        signInAudience="AzureADMultipleOrgs",
    )


def _delegated(scene: Scene) -> None:
    build, people = scene.build, scene.people
    insights = build.principal_id("Mail Insights")
    # Leading blanks are what the service keeps when scopes are added one by one.
    build.delegated(insights, "  Mail.Read offline_access User.Read")
    build.delegated(insights, " Files.Read.All", user=people["Tony Hoare"])
    payroll = build.principal_id("Payroll Sync")
    build.delegated(payroll, "User.Read", user=people["Frances Allen"])
    build.delegated(payroll, "EWS.AccessAsUser.All", resource="Exchange")
    factory = build.principal_id("App Factory")
    build.delegated(factory, "Directory.AccessAsUser.All Directory.Read.All")
