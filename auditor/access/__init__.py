"""`auditor access`: what the auditor's own identity can read, before a collection is begun."""

from __future__ import annotations

import asyncio

from auditor.access.values import Access, Concern, Reach, State
from auditor.collect.clock import Clock
from auditor.settings import Settings


def check_access(settings: Settings, *, clock: Clock | None = None) -> Access:
    """Signs in, tries every dataset with one small request, and rates our own identity.

    Raises `SignInError`, `CredentialError` or `SettingsError`; what a service refuses is in the
    result.
    """
    return asyncio.run(_check(settings, clock or Clock()))


async def _check(settings: Settings, clock: Clock) -> Access:
    from auditor.access.judge import judge
    from auditor.access.own import concerns, read_own
    from auditor.access.probes import probe_exchange, probe_graph
    from auditor.access.rules import rules_without
    from auditor.collect.opening import opened

    async with opened(settings, clock) as run:
        own, modules = await asyncio.gather(read_own(run), probe_exchange(run))
        probes = await probe_graph(run, own.application_id)
        now = clock.now()
        return Access(
            tenant_id=run.tenant_id,
            app_id=run.me.app_id,
            object_id=run.me.object_id,
            kind=settings.credential.kind,
            granted=tuple(sorted({*run.me.roles, *run.me.scopes, *run.exchange_me.roles})),
            reaches=tuple(
                judge(
                    run,
                    own,
                    probes,
                    modules,
                    now,
                    rules=rules_without(),
                    accepted=settings.coverage.accept,
                )
            ),
            concerns=tuple(concerns(run, own, now)),
        )


__all__ = ["Access", "Concern", "Reach", "State", "check_access"]
