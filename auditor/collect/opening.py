"""Opens the way to the services of one tenant: signs in, and gives each service its pace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from auditor.collect.clock import Clock
from auditor.collect.pace import LIMITS, Bucket
from auditor.collect.progress import Asked, SignedIn, Tell, address, silent
from auditor.collect.run import Run
from auditor.collect.service import Service
from auditor.connect.clouds import Cloud, cloud_of
from auditor.connect.credentials import Identity, Signer, signer, unreachable
from auditor.connect.exchange import ExchangeClient
from auditor.connect.graph import GraphClient
from auditor.connect.tls import Watch, tls_context
from auditor.connect.urls import GraphUrls
from auditor.datasets import DATASETS
from auditor.errors import Refused, ServiceError, SignInError, Unavailable
from auditor.settings import Settings

_EXCHANGE_AT_ONCE = 4  # no limits are published; public tools use 1 to 4 (reference, section 4.7)


@asynccontextmanager
async def opened(settings: Settings, clock: Clock, progress: Tell = silent) -> AsyncIterator[Run]:
    """A run that is signed in and has read nothing yet.

    Raises `SignInError`, `CredentialError` or `SettingsError`. Exchange that cannot be signed in to
    is told by the run: without it there is still a directory to audit.
    """
    cloud = cloud_of(settings.tenant.cloud, settings.endpoints)
    context = tls_context(settings.endpoints.ca_bundle)
    pool = settings.collect.concurrency
    async with AsyncExitStack() as stack:
        entra = signer(settings, cloud, context, now=clock.now(), watch=_signs_in(progress))
        who = await stack.enter_async_context(entra)
        me = await who.identity(cloud.graph_scope)
        progress(SignedIn(me.tenant_id or settings.tenant.id, len(DATASETS)))
        client = await stack.enter_async_context(
            GraphClient(cloud.graph, cloud.graph_scope, who, context, pool=pool)
        )
        run = Run(
            settings=settings,
            clock=clock,
            say=progress,
            me=me,
            graph=_service(client.send, settings, clock, pool),
            paced={
                kind: _service(client.send, settings, clock, 1, Bucket.full(clock, *limit))
                for kind, limit in LIMITS.items()
            },
            urls=GraphUrls(cloud.graph),
            exchange_base=cloud.exchange,
        )
        if settings.collect.exchange:
            exchange = await stack.enter_async_context(
                ExchangeClient(cloud.exchange_scope, who, context, pool=pool)
            )
            run.exchange = _service(exchange.send, settings, clock, min(pool, _EXCHANGE_AT_ONCE))
            run.exchange_me, run.exchange_error = await _exchange_identity(who, cloud)
        yield run


def _signs_in(progress: Tell) -> Watch:
    def watch(method: str, url: str, status: int, ms: float, size: int) -> None:
        progress(Asked("", method, address(url, query=False), status, ms, size))

    return watch


def _service(
    send: Any, settings: Settings, clock: Clock, at_once: int, pace: Bucket | None = None
) -> Service:
    return Service(
        send=send,
        clock=clock,
        retries=settings.collect.retries,
        longest_wait=settings.collect.longest_wait,
        slots=asyncio.Semaphore(at_once),
        pace=pace,
    )


async def _exchange_identity(who: Signer, cloud: Cloud) -> tuple[Identity, ServiceError | None]:
    try:
        return await who.identity(cloud.exchange_scope), None
    except SignInError as error:
        # Without Exchange there is still a directory to audit.
        kind: type[ServiceError] = Unavailable if unreachable(error) else Refused
        return Identity(), kind(error.what, error.remedy)
