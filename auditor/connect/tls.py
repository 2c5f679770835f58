"""One TLS context for every client: the operating system's trust store, plus the settings' CA."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import SettingsError

if TYPE_CHECKING:
    import requests
    from azure.core.pipeline.transport import RequestsTransport

UNTRUSTED = "untrusted"  # the code of an error that no further attempt will mend
UNTRUSTED_REMEDY = (
    "Its certificate is signed by nobody this machine trusts: if a proxy opens TLS here, "
    "name its authority in endpoints.ca_bundle."
)


Watch = Callable[[str, str, int, float, int], None]  # method, URL, status, ms, bytes of an answer


def tls_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """A verifying context. Raises `SettingsError` when `ca_bundle` cannot be read."""
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_bundle is not None:
        try:
            context.load_verify_locations(str(ca_bundle))
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(
                f"endpoints.ca_bundle {ca_bundle} cannot be read as certificates"
                f" ({error.strerror or error}).",
                "It must be a PEM file with the certificates of the authorities to trust.",
            ) from error
    return context


def requests_session(context: ssl.SSLContext) -> requests.Session:
    """A session whose https connections use `context`; proxies of the environment are honoured."""
    import requests
    from requests.adapters import HTTPAdapter

    class ContextAdapter(HTTPAdapter):
        """Hands the context to urllib3, for direct connections and through a proxy."""

        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, ssl_context=context, **kwargs)

        def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
            return super().proxy_manager_for(proxy, ssl_context=context, **kwargs)

        def cert_verify(self, conn: Any, *_: Any) -> None:
            # requests would add certifi's authorities to the context; the context knows whom to
            # trust, and it always verifies.
            conn.cert_reqs = "CERT_REQUIRED"

    session = requests.Session()
    session.mount("https://", ContextAdapter())
    return session


def sign_in_transport(
    context: ssl.SSLContext, *hooks: Callable[..., None], local: bool = False
) -> RequestsTransport:
    """The transport azure-identity asks for tokens with; the `hooks` hear every response.

    `local` is for an endpoint of this very machine: no proxy stands before it, and it answers at
    once or not at all.
    """
    from azure.core.pipeline.transport import RequestsTransport

    session = requests_session(context)
    session.hooks["response"] += hooks
    session.trust_env = not local
    return RequestsTransport(
        session=session,
        session_owner=True,
        connection_timeout=5 if local else 30,
        read_timeout=30 if local else 60,
    )


def watching(watch: Watch) -> Callable[..., None]:
    """A hook of the requests library that tells `watch` of each answer."""

    def answered(response: requests.Response, **_: Any) -> None:
        told, sent = response.headers.get("Content-Length", ""), response.request
        ms = response.elapsed.total_seconds() * 1000
        size = int(told) if told.isdecimal() else 0
        watch(sent.method or "", sent.url or "", response.status_code, ms, size)

    return answered
