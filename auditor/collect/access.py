"""Reads what is asked only where the tenant has it: partners, customers, agents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from auditor.collect.listing import walk
from auditor.collect.objects import Digest
from auditor.collect.reading import Reading
from auditor.collect.run import Reader, Run, read_listing

AGENT = "#microsoft.graph.agentidentity"


async def read_partners(run: Run, reading: Reading) -> None:
    """Partner organizations: the key is the tenant's id, they have no `id` of their own."""
    ask = run.ask(reading.dataset)
    reading.take(await walk(run.service(reading.dataset), ask, reading.tried, needs_id=False))


async def read_relationships(run: Run, reading: Reading) -> None:
    """Relationships with customers, which only a partner can have.

    A tenant that says it is no partner is not asked. One that does not say is.
    """
    told: list[dict[str, Any]] = run.kept("organization")
    null = all(each.get("partnerTenantType", "") is None for each in told)  # not absent
    if told and null and run.lines["organization"].complete:
        reading.spare("this tenant is no partner: its partnerTenantType is null")
        return
    await read_listing(run, reading)


async def read_agents(run: Run, reading: Reading) -> None:
    """Agent identities, if the listing of service principals shows any or may hide one."""
    principals: list[Digest] = run.kept("service-principals")
    none = all(each.type != AGENT for each in principals)
    if none and run.lines["service-principals"].complete:
        reading.spare("no service principal of this tenant is an agent identity")
        return
    await read_listing(run, reading)
    if not reading.rows and any(error.status == 400 for error in reading.errors):
        # Whether this listing expands sponsors is not documented; the rest is worth having.
        reading.errors.clear()
        reading.dataset = replace(reading.dataset, expand="")
        reading.notes.append("the service refused it with sponsors: read without them")
        await read_listing(run, reading)


READERS: Mapping[str, Reader] = {
    "cross-tenant-partners": read_partners,
    "delegated-admin-relationships": read_relationships,
    "agent-identities": read_agents,
}
