"""Fabrikam's Conditional Access, sign-ins, audit records and agents: all in order."""

from __future__ import annotations

from auditor.emulator import activity_shapes as shapes
from auditor.emulator.stories import activity
from auditor.emulator.stories.common import Scene


def fill_activity(scene: Scene) -> None:
    """States what applications do, and that it is watched."""
    build = scene.build
    sponsors = (scene.people["Barbara Liskov"], scene.people["Donald Knuth"])
    activity.add_agent(scene, "Timetable Agent", "Timetable Blueprint", sponsors=sponsors)
    activity.add_policy_for_users(scene)
    office = activity.add_location(scene, "Data centres", "203.0.113.0/24", "2001:db8:70::/48")
    everybody = shapes.workloads("ServicePrincipalsInMyTenant")
    activity.add_policy(
        scene,
        "Workloads only from the data centres",
        {
            "clientApplications": everybody,
            "locations": {"includeLocations": ["All"], "excludeLocations": [office]},
        },
    )
    activity.add_policy(
        scene,
        "Block risky workloads",
        {
            "clientApplications": everybody,
            "servicePrincipalRiskLevels": ["low", "medium", "high"],
        },
    )
    collector = next(item for item in build.principals if item["displayName"] == "Report Collector")
    over = activity.exact(scene, -30)
    scene.further.add("risky", shapes.risky(collector, "low", "dismissed", over))
    activity.add_sign_ins(scene, {})
    activity.add_credential_uses(scene, {})
    ada = shapes.by_user(
        next(item for item in build.users if item["displayName"] == "Ada Lovelace"),
        activity.OFFICE,
    )
    activity.record_secret(scene, -6, ada, build.application_named("Partner Feed"))
    activity.add_partner(scene, "Woodgrove", provider=False)
