"""Contoso's directory roles where none should be: strangers, machines, passwords, corners."""

from __future__ import annotations

from auditor.emulator.stories.common import Scene


def fill_roles(scene: Scene) -> None:
    """States roles beyond those of sick_access."""
    build = scene.build
    build.principal(
        "Cloud Backup",
        owner_tenant=build.guid("tenant", "Cloud Backup Ltd"),
        roles=("Helpdesk Administrator",),
        signInAudience="AzureADMultipleOrgs",
    )
    build.role(build.principal_id("vm-backup-01"), "Groups Administrator")
    build.app(
        "Nightly Provisioning",
        credentials=build.secret("nightly", -20, 100),
        roles=("User Administrator",),
        reference="CMDB-0733",
    )
    bot = build.app(
        "Branch Helpdesk Bot",
        credentials=scene.good_certificate("branch-helpdesk"),
        reference="CMDB-0734",
    )
    unit = f"/administrativeUnits/{build.guid('unit', 'Executives')}"
    build.role(bot.principal_id, "Helpdesk Administrator", scope=unit)
