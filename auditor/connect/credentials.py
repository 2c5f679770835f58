"""Signs in the way the settings name and tells who we are; no token leaves this package."""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from auditor.connect import applications, federated, managed, users
from auditor.connect.clouds import Cloud
from auditor.connect.heard import Heard
from auditor.connect.identity import Identity, read_identity
from auditor.connect.remedies import refused, unreachable
from auditor.connect.tls import Watch
from auditor.connect.way import Maker, TokenSource, Way
from auditor.errors import CredentialError, SignInError
from auditor.settings import Settings

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken

MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        "certificate": applications.certificate,
        "workload-identity": federated.workload_identity,
        "github-actions": federated.github_actions,
        "azure-pipelines": federated.azure_pipelines,
        "managed-identity": managed.managed_identity,
        "client-secret": applications.client_secret,
        "device-code": users.device_code,
        "browser": users.browser,
        "azure-cli": users.azure_cli,
    }
)
_T = TypeVar("_T")


class Signer:
    """Gets tokens from Entra, one request at a time; azure-identity keeps and renews them."""

    def __init__(self, source: TokenSource, heard: Heard, tenant_id: str = "") -> None:
        self._source = source
        self._heard = heard
        self._tenant_id = tenant_id.lower()
        self._one = asyncio.Lock()  # eight callers at once must not become eight token requests

    async def get_token(
        self, *scopes: str, claims: str | None = None, enable_cae: bool = False, **_: Any
    ) -> AccessToken:
        """A token for `scopes`; the shape azure-core's AsyncTokenCredential asks for.

        Raises `SignInError`.
        """
        async with self._one:
            return await _aside(lambda: self._get_token(scopes, claims, enable_cae))

    def _get_token(self, scopes: tuple[str, ...], claims: str | None, cae: bool) -> AccessToken:
        from azure.core.exceptions import AzureError, ClientAuthenticationError

        try:
            return self._source.get_token(*scopes, claims=claims, enable_cae=cae)
        except CredentialError as error:
            raise SignInError(error.what, error.remedy) from error
        except ClientAuthenticationError as error:
            # A lost connection comes as a refusal too, with the real reason inside.
            told = unreachable if _lost(error) else refused
            raise told(str(error.message), self._heard) from error
        except (AzureError, ValueError, OSError) as error:
            raise unreachable(str(error), self._heard) from error

    async def identity(self, scope: str) -> Identity:
        """Signs in for `scope` and reads who we are there.

        Raises `SignInError`, also where the token is another tenant's.
        """
        found = read_identity((await self.get_token(scope, enable_cae=True)).token)
        if "." not in self._tenant_id and found.tenant_id not in ("", self._tenant_id):
            raise SignInError(
                f"The token is for the tenant {found.tenant_id}, and the settings name"
                f" {self._tenant_id}.",
                "Check tenant.id, and of which tenant this identity or user is.",
            )
        return found

    async def close(self) -> None:
        """Closes the connection to Entra."""
        await asyncio.to_thread(self._source.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def _aside(work: Callable[[], _T]) -> _T:
    """Does `work` in a thread that nobody has to wait for.

    Waiting for a person may take minutes; Ctrl-C must not wait for the end of that, as it does for
    a thread of asyncio's own.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_T] = loop.create_future()

    def settle(put: Callable[[Any], None], value: Any) -> None:
        if not done.done():
            put(value)

    def run() -> None:
        try:
            outcome: tuple[Callable[[Any], None], Any] = (done.set_result, work())
        except BaseException as error:
            outcome = (done.set_exception, error)
        with suppress(RuntimeError):  # the loop has ended: nobody waits for this any more
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=run, name="sign-in", daemon=True).start()
    return await done


def _silent(_: str) -> None:
    return None


def signer(
    settings: Settings,
    cloud: Cloud,
    context: ssl.SSLContext,
    *,
    now: datetime | None = None,
    watch: Watch | None = None,
    say: Callable[[str], None] = _silent,
) -> Signer:
    """What signs in the way the settings name.

    `watch` is told of every answer to a sign-in, from the thread that waits for it; `say` gets what
    a person has to do for it. Raises `CredentialError`.
    """
    for name in ("azure", "msal"):
        # They log every failure besides raising it; without a handler it would go to the terminal.
        logging.getLogger(name).addHandler(logging.NullHandler())
    way = Way(
        chosen=settings.credential,
        tenant_id=settings.tenant.id,
        cloud=cloud,
        context=context,
        now=now or datetime.now(UTC),
        say=say,
        watch=watch,
    )
    return Signer(MAKERS[settings.credential.kind](way), way.heard, settings.tenant.id)


def _lost(error: BaseException | None) -> bool:
    """Whether a connection that failed is what lies behind an error."""
    from azure.core.exceptions import ServiceRequestError, ServiceResponseError

    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, (ServiceRequestError, ServiceResponseError, OSError)):
            return True
        error = error.__cause__ or error.__context__
    return False


__all__ = ["MAKERS", "Identity", "Signer", "read_identity", "signer"]
