"""The Graph client: the SDK's adapter and middleware, but our own retry, and no redirects.

The SDK's retry gives up on a Retry-After of 180 s or more and cannot read a fractional one, and its
redirect handler would follow a Location with our token (reference, section 5.2). Answers are taken
as bytes: turning them into the SDK's models costs 10 ms per object (measurements.md).
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import urlsplit

import orjson

from auditor.connect.credentials import Signer
from auditor.connect.tls import UNTRUSTED, UNTRUSTED_REMEDY
from auditor.connect.wire import Answer, Ask
from auditor.errors import Refused, SignInError, Unavailable

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS, ANSWER_SECONDS = 30, 100  # the SDK's own defaults
_NO_WAY = "Check the network, and HTTPS_PROXY and NO_PROXY if a proxy stands in between."
HEADERS: Mapping[str, str] = {
    "Accept": "application/json",
    "x-ms-throttle-priority": "Low",  # a background reader gives way to the tenant's own apps
}


class GraphClient:
    """Sends one request to Graph, once."""

    def __init__(
        self, base: str, scope: str, signer: Signer, context: ssl.SSLContext, *, pool: int
    ) -> None:
        import httpx
        from kiota_abstractions.authentication import BaseBearerTokenAuthenticationProvider
        from kiota_authentication_azure.azure_identity_access_token_provider import (
            AzureIdentityAccessTokenProvider,
        )
        from kiota_http.middleware import (
            HeadersInspectionHandler,
            ParametersNameDecodingHandler,
        )
        from kiota_http.middleware.user_agent_handler import UserAgentHandler
        from msgraph.graph_request_adapter import GraphRequestAdapter
        from msgraph_core import GraphClientFactory  # type: ignore[import-untyped]
        from msgraph_core.middleware import (  # type: ignore[import-untyped]
            GraphTelemetryHandler,
        )

        provider = AzureIdentityAccessTokenProvider(
            cast(Any, signer), None, [scope], [str(urlsplit(base).hostname)]
        )
        self._client: httpx.AsyncClient = GraphClientFactory.create_with_custom_middleware(
            middleware=[
                ParametersNameDecodingHandler(),
                UserAgentHandler(),
                HeadersInspectionHandler(),
                GraphTelemetryHandler(),
            ],
            client=httpx.AsyncClient(
                verify=context,
                timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
                limits=limits(pool),
                follow_redirects=False,
            ),
        )
        self._adapter = GraphRequestAdapter(
            BaseBearerTokenAuthenticationProvider(provider), client=self._client
        )
        self._adapter.base_url = f"{base.rstrip('/')}/v1.0"  # requests carry whole URLs

    async def send(self, ask: Ask) -> Answer:
        """Sends `ask` and hands back the answer, whatever its status.

        Raises `Unavailable` if no answer came, `Refused` if the token could not be renewed.
        """
        import httpx
        from kiota_abstractions.method import Method
        from kiota_abstractions.native_response_handler import NativeResponseHandler
        from kiota_abstractions.request_information import RequestInformation
        from kiota_http.middleware.options import ResponseHandlerOption

        info = RequestInformation(Method[ask.method])
        info.url = ask.url
        for name, value in {**HEADERS, **ask.headers}.items():
            info.headers.add(name, value)
        if ask.body is not None:
            info.set_stream_content(orjson.dumps(ask.body), "application/json")
        # With a handler of its own the adapter neither raises on errors nor decodes.
        info.add_request_options([ResponseHandlerOption(NativeResponseHandler())])
        try:
            response = cast(
                httpx.Response, await self._adapter.send_primitive_async(info, "bytes", {})
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


def limits(pool: int) -> httpx.Limits:
    """Connections to keep. How many there are at once is the collector's to hold.

    A limit here would make every further request wait: httpcore does not give back the connection
    of a proxy whose TLS failed (seen with 1.0.9).
    """
    import httpx

    return httpx.Limits(max_connections=None, max_keepalive_connections=pool)


def lost(error: Exception) -> Unavailable:
    """Why nothing came back, in one line, without the request's headers, and what to do."""
    import httpx

    told = " ".join(str(error).split()) or "no details"
    what = f"no answer came ({type(error).__name__}: {told})"
    if "CERTIFICATE_VERIFY_FAILED" in told:
        return Unavailable(what, UNTRUSTED_REMEDY, code=UNTRUSTED)
    if isinstance(error, (httpx.ConnectError, httpx.ProxyError)):
        return Unavailable(what, _NO_WAY)
    return Unavailable(what)
