"""Contoso's permissions and consents that reach too far."""

from __future__ import annotations

from auditor.emulator.stories.common import Scene

FOLLOWERS = ("Ada Lovelace", "Grace Hopper", "Tony Hoare", "Donald Knuth", "Frances Allen")
EVERYTHING = (
    *("Graph/Files.ReadWrite.All", "Graph/Files.Read.All", "Graph/Sites.FullControl.All"),
    *("Graph/Sites.ReadWrite.All", "Graph/Sites.Read.All", "Graph/Calendars.ReadWrite"),
    *("Graph/Contacts.ReadWrite", "SharePoint/Sites.FullControl.All"),
    *("SharePoint/Sites.Manage.All", "SharePoint/Sites.ReadWrite.All"),
    "SharePoint/TermStore.ReadWrite.All",
)


def fill_permissions(scene: Scene) -> None:
    """Everything about permissions beyond a path to Global Administrator."""
    _application(scene)
    _delegated(scene)


def _application(scene: Scene) -> None:
    build = scene.build
    build.app(
        "Everything Connector",
        credentials=scene.good_certificate("everything"),
        holds=EVERYTHING,
        reference="CMDB-everything",
    )
    build.delegated(build.principal_id("Everything Connector"), "Files.Read.All")
    build.app(
        "Site Indexer",
        credentials=build.secret("site-indexer", -20, 130),
        holds=("Graph/Sites.Read.All",),
        reference="CMDB-indexer",
    )
    build.grant(build.principal_id("vm-backup-01"), "Graph/Files.Read.All")
    # A permission that came after this version: its API does not publish it here either.
    reader = build.app(
        "Early Adopter",
        credentials=scene.good_certificate("early-adopter"),
        reference="CMDB-early",
        holds=("Graph/User.ReadBasic.All",),
    )
    made = dict(build.assignments[-1])
    made["id"] = build.guid("assignment", reader.app_id).replace("-", "")
    made["appRoleId"] = build.guid("approle", "Brand.New.All")
    build.assignments.append(made)


def _delegated(scene: Scene) -> None:
    build = scene.build
    poll = build.principal(
        "Party Poll",
        owner_tenant=build.guid("tenant", "Party Poll"),
        signInAudience="AzureADMultipleOrgs",
    )
    for name in FOLLOWERS:
        build.delegated(poll, "offline_access Mail.Read User.Read", user=scene.people[name])
    build.delegated(poll, "User.Read", user=scene.people["Lea Leaver"])
    build.delegated(
        build.principal_id("Site Indexer"), "User.Read", user=build.guid("user", "gone")
    )
    suite = build.principal(
        "Overreach Suite",
        owner_tenant=build.guid("tenant", "Overreach"),
        signInAudience="AzureADMultipleOrgs",
    )
    wanted = "Directory.AccessAsUser.All Directory.Read.All Files.Read.All Mail.Read"
    build.delegated(suite, f"{wanted} Mail.ReadWrite Mail.Send User.Read")
