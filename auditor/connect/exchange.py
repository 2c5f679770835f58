"""The Exchange client: InvokeCommand of the admin API that the PowerShell module uses.

The API is not documented; request and answer are as public tools and the module send and read
them (reference, section 4.7).
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from uuid import uuid4

import orjson

from auditor.connect.credentials import Signer
from auditor.connect.graph import ANSWER_SECONDS, CONNECT_SECONDS, limits, lost
from auditor.connect.wire import Answer, Ask
from auditor.errors import Malformed, Refused, SignInError

_SYSTEM_MAILBOX = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}"


class ExchangeClient:
    """Runs one cmdlet, once."""

    def __init__(self, scope: str, signer: Signer, context: ssl.SSLContext, *, pool: int) -> None:
        import httpx

        self._scope = scope
        self._signer = signer
        self._client = httpx.AsyncClient(
            verify=context,
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            limits=limits(pool),
            follow_redirects=False,
        )

    async def send(self, ask: Ask) -> Answer:
        """Sends `ask` and hands back the answer, whatever its status.

        Raises `Unavailable` if no answer came, `Refused` if the token could not be renewed.
        """
        import httpx

        try:
            token = (await self._signer.get_token(self._scope)).token
            response = await self._client.request(
                ask.method,
                ask.url,
                headers={
                    **ask.headers,
                    "Authorization": f"Bearer {token}",
                    "client-request-id": str(uuid4()),
                },
                content=None if ask.body is None else orjson.dumps(ask.body),
            )
        except httpx.HTTPError as error:
            raise lost(error) from error
        except SignInError as error:
            raise Refused(error.what, error.remedy) from error
        return Answer(ask, response.status_code, response.headers, response.content)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()


def command(base: str, tenant_id: str, cmdlet: str, parameters: Mapping[str, object]) -> Ask:
    """The request that runs one cmdlet in a tenant.

    Raises `Malformed` on an Identity without a value: Exchange then answers with every role group
    there is (Get-RoleGroup, documented caution), which would be taken for the members of one.
    """
    if "Identity" in parameters and not str(parameters["Identity"] or "").strip():
        raise Malformed(f"{cmdlet} was to be asked without an Identity")
    return Ask(
        url=f"{base}/adminapi/beta/{tenant_id}/InvokeCommand",
        method="POST",
        headers={
            "Accept": "application/json",
            "Content-Type": "application/json; charset=utf-8",
            "Prefer": "odata.maxpagesize=1000",
            "X-AnchorMailbox": f"APP:{_SYSTEM_MAILBOX}@{tenant_id}",
            "X-CmdletName": cmdlet,
            "X-ResponseFormat": "json",
            "X-SerializationLevel": "Partial",
        },
        body={"CmdletInput": {"CmdletName": cmdlet, "Parameters": dict(parameters)}},
    )
