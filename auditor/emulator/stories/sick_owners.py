"""Contoso's owners, and applications at the beginning and the end of their lives."""

from __future__ import annotations

from auditor.emulator.stories.common import Scene, deleted_application


def fill_owners(scene: Scene) -> None:
    """Owners who should not be, and applications that came or went."""
    build, people = scene.build, scene.people
    pipeline = build.app("Deployment Pipeline", owners=(people["Donald Knuth"],))
    build.app("Deployed Report", owners=(pipeline.principal_id,))
    kept = build.app("Calendar Bridge", owners=(people["Edsger Dijkstra"],))
    # Tony Hoare owns nothing of it and is its administrator all the same.
    role = "Application Administrator"
    build.role(people["Tony Hoare"], role, scope=f"/{kept.object_id}")
    build.app(
        "Hasty Importer",
        credentials=scene.good_certificate("hasty", -6, 240),
        holds=("Graph/Mail.ReadWrite",),
        created=-6,
        reference="CMDB-0518",
    )
    stopped = build.app(
        "Stopped Importer",
        holds=("Graph/Mail.ReadWrite",),
        reference="CMDB-0519",
    )
    item = next(each for each in build.principals if each["id"] == stopped.principal_id)
    item["accountEnabled"] = False
    deleted_application(
        scene,
        "Retired Mail Robot",
        build.secret("mail robot", -100, 60),
        asks=("Graph/Mail.ReadWrite",),
    )
