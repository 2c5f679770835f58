"""The tenants the emulator can play: Contoso (sick) and Fabrikam (healthy)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from auditor.emulator.builder import TenantBuilder
from auditor.emulator.directory import finish
from auditor.emulator.exchange_org import ExchangeBuilder
from auditor.emulator.options import EmulatorOptions
from auditor.emulator.stories import healthy, sick
from auditor.emulator.stories.common import Scene, make_client, make_everyday
from auditor.emulator.stories.generated import add_generated
from auditor.emulator.stories.ways_in import add_ways_in
from auditor.emulator.tenant import Tenant


@dataclass(frozen=True)
class Story:
    """A tenant's name and the statements that fill it."""

    name: str
    domain: str
    fill: Callable[[Scene], None]
    client_self_signed: bool


STORIES: dict[str, Story] = {
    "sick": Story("Contoso", "contoso.onmicrosoft.com", sick.fill, client_self_signed=True),
    "healthy": Story("Fabrikam", "fabrikam.onmicrosoft.com", healthy.fill, False),
}


def make_tenant(options: EmulatorOptions, now: datetime) -> Tenant:
    """The tenant of these options; the same options and day give the same tenant."""
    story = STORIES[options.story]
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    build = TenantBuilder(
        name=story.name,
        seed=options.seed,
        now=day,
        domain=story.domain,
        exchange_resource=options.cloud_facts.exchange_resource,
    )
    scene = Scene(build, ExchangeBuilder(story.domain, options.seed, build.stamp(-900)))
    make_everyday(scene)
    client = make_client(scene, options, own_signature=story.client_self_signed)
    scene.client = client.handle
    story.fill(scene)
    add_generated(scene, options.size, options.seed)
    add_ways_in(build, options)
    for kind, items in (
        ("application", build.applications),
        ("servicePrincipal", build.principals),
    ):
        for item in items:
            for name in options.cloud_facts.lacks.get(kind, ()):
                item.pop(name, None)
    tenant = finish(build, scene.exchange.finish(), client, scene.further, options.unlicensed)
    return replace(
        tenant,
        more={**tenant.more, **scene.pim.collections(), **scene.policies.collections()},
        relations={**tenant.relations, **scene.policies.relations(tenant.objects)},
    )
