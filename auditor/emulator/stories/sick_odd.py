"""Contoso's odd corners: hostile names, lost halves, deleted objects."""

from __future__ import annotations

from auditor.emulator.shapes import application, service_principal
from auditor.emulator.stories.common import Scene

HOSTILE_NAMES = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","x")',
    "invoice\u202egpj.exe",
    "\x1b[31mred alert\x1b[0m",
    "first line\nsecond line",
    "L" + "o" * 253 + "ng",
    "Ünïcode 数据 🚀 'quoted' \"twice\" | pipe",
)


def fill_odd(scene: Scene) -> None:
    """Everything a reader or a report could stumble over."""
    build = scene.build
    for number, name in enumerate(HOSTILE_NAMES):
        build.app(
            name,
            key=f"hostile {number}",
            credentials=build.secret(f"{name[:80]}", -10, 100),
            owners=(scene.people["Lea Leaver"],),
        )
    build.app(
        "Unborn App",
        credentials=build.secret("unborn", -10, 100),
        asks=("Graph/User.Read.All",),
        with_principal=False,
    )
    build.principal("Ghost Service", holds=("Graph/Group.Read.All",))
    pipeline = build.app("Deploy Pipeline", holds=("Graph/Sites.Selected",))
    issuer = "https://token.actions.githubusercontent.com"
    build.trust(pipeline, "main", issuer, "repo:contoso/shop:ref:refs/heads/main")
    build.trust(pipeline, "pull-requests", issuer, "repo:contoso/shop:pull_request")
    _deleted(scene)


def _deleted(scene: Scene) -> None:
    build = scene.build
    app_id = build.guid("appid", "Retired Importer")
    object_id = build.guid("application", "Retired Importer")
    item = application(object_id, app_id, "Retired Importer", build.domain, build.stamp(-700))
    item["deletedDateTime"] = build.stamp(-6)
    item["passwordCredentials"] = list(build.secret("retired", -100, 60).passwords)
    build.deleted_applications.append(item)
    principal_id = build.guid("principal", "Retired Importer")
    twin = service_principal(
        principal_id, app_id, "Retired Importer", build.tenant_id, build.stamp(-700)
    )
    twin["deletedDateTime"] = build.stamp(-6)
    build.deleted_principals.append(twin)
