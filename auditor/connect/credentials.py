"""Signs in with a certificate and tells who we are; no token leaves this package."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from auditor.connect.certificate import checked_certificate
from auditor.connect.clouds import Cloud
from auditor.connect.tls import Watch, sign_in_transport
from auditor.errors import CredentialError, SignInError
from auditor.settings import Settings

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken
    from azure.identity import CertificateCredential

# Microsoft Entra authentication and authorization error codes (AADSTS reference).
_REMEDIES: Mapping[str, str] = {
    "700016": "There is no such application in this tenant: check credential.client_id and "
    "tenant.id, and that the application was consented to in this tenant.",
    "700027": "The certificate is not registered on the application: upload its public part to "
    "the app registration's certificates.",
    "7000215": "Entra did not accept the credential: register this certificate on the application.",
    "7000222": "The credential has expired: register a new certificate on the application.",
    "90002": "There is no such tenant in this cloud: check tenant.id and tenant.cloud.",
    "53003": "A Conditional Access policy for workload identities blocks this sign-in: allow the "
    "auditor from this network.",
    "700024": "The signature's time is not accepted: set this machine's clock right.",
    "500011": "The service is not known in this tenant: it has no such product, or its service "
    "principal was removed.",
}
_CODE = re.compile(r"AADSTS(\d+)")
_NO_TENANT = "Unable to get authority configuration"  # msal's words for an unknown tenant
_UNREACHABLE = "Entra could not be reached to sign in"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the token says we are. Read without verifying it: the services verify, we only note."""

    tenant_id: str = ""
    object_id: str = ""
    app_id: str = ""
    roles: tuple[str, ...] = ()  # application permissions
    wids: tuple[str, ...] = ()  # directory roles, as template ids
    scopes: tuple[str, ...] = ()  # delegated permissions
    delegated: bool = False  # signed in as a user


class Signer:
    """Gets tokens from Entra, one request at a time; azure-identity keeps and renews them."""

    def __init__(self, credential: CertificateCredential) -> None:
        self._credential = credential
        self._one = asyncio.Lock()  # eight callers at once must not become eight token requests

    async def get_token(
        self, *scopes: str, claims: str | None = None, enable_cae: bool = False, **_: Any
    ) -> AccessToken:
        """A token for `scopes`; the shape azure-core's AsyncTokenCredential asks for.

        Raises `SignInError`.
        """
        async with self._one:
            return await asyncio.to_thread(self._get_token, scopes, claims, enable_cae)

    def _get_token(self, scopes: tuple[str, ...], claims: str | None, cae: bool) -> AccessToken:
        from azure.core.exceptions import AzureError, ClientAuthenticationError

        try:
            return self._credential.get_token(*scopes, claims=claims, enable_cae=cae)
        except ClientAuthenticationError as error:
            # A lost connection comes as a refusal too, with the real reason inside.
            raise (_unreachable if _lost(error) else _refused)(str(error.message)) from error
        except (AzureError, ValueError, OSError) as error:
            raise _unreachable(str(error)) from error

    async def identity(self, scope: str) -> Identity:
        """Signs in for `scope` and reads who we are there. Raises `SignInError`."""
        return read_identity((await self.get_token(scope, enable_cae=True)).token)

    async def close(self) -> None:
        """Closes the connection to Entra."""
        await asyncio.to_thread(self._credential.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def signer(
    settings: Settings,
    cloud: Cloud,
    context: ssl.SSLContext,
    *,
    now: datetime | None = None,
    watch: Watch | None = None,
) -> Signer:
    """What signs in with the settings' certificate. Raises `CredentialError`.

    `watch` is told of every answer of Entra, from the thread that waits for it.
    """
    from azure.identity import CertificateCredential

    # It logs every failure besides raising it; without a handler that would go to the terminal.
    logging.getLogger("azure").addHandler(logging.NullHandler())
    password = _password(settings.credential.password_env)
    data = checked_certificate(settings.credential.certificate, password, now or datetime.now(UTC))
    try:
        credential = CertificateCredential(
            settings.tenant.id,
            settings.credential.client_id,
            certificate_data=data,
            password=password,
            authority=cloud.login,
            # Discovery asks the public cloud whether the host is known; a host of one's own is not.
            disable_instance_discovery=cloud.own_login,
            transport=sign_in_transport(context, watch),
        )
    except ValueError as error:
        raise CredentialError(
            f"The certificate {settings.credential.certificate} cannot be used to sign in.",
            _first_line(str(error)),
        ) from error
    return Signer(credential)


def read_identity(token: str) -> Identity:
    """Who a token is for; empty where it cannot be read (its form is Entra's own affair)."""
    import jwt

    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return Identity()
    return Identity(
        tenant_id=str(claims.get("tid", "")).lower(),
        object_id=str(claims.get("oid", "")).lower(),
        app_id=str(claims.get("appid") or claims.get("azp") or "").lower(),
        roles=tuple(sorted(str(role) for role in claims.get("roles") or ())),
        wids=tuple(sorted(str(role) for role in claims.get("wids") or ())),
    )


def _password(variable: str | None) -> bytes | None:
    if variable is None:
        return None
    if (value := os.environ.get(variable)) is None:
        raise CredentialError(
            f"The environment variable {variable}, named by credential.password_env, is not set.",
            "Set it to the password of the certificate file.",
        )
    return value.encode()


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


def unreachable(error: SignInError) -> bool:
    """Whether Entra did not answer, rather than refuse."""
    return error.what.startswith(_UNREACHABLE)


def _unreachable(message: str) -> SignInError:
    remedy = "Check the network, the proxy, and [endpoints] in the settings."
    if "CERTIFICATE_VERIFY_FAILED" in message:
        remedy = (
            "Its certificate is signed by nobody this machine trusts: if a proxy opens TLS here, "
            "name its authority in endpoints.ca_bundle."
        )
    return SignInError(f"{_UNREACHABLE}: {_first_line(message)}.", remedy)


def _refused(message: str) -> SignInError:
    match = _CODE.search(message)
    code = match[1] if match else "90002" if _NO_TENANT in message else ""
    return SignInError(
        f"Entra refused the sign-in: {_first_line(message)}.", _REMEDIES.get(code, "")
    )


def _first_line(text: str) -> str:
    """The reason without what azure-identity puts before it and Entra's trace ids behind it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    line = lines[0] if lines else "no reason was given"
    line = line.removeprefix("Authentication failed: ").split(" Trace ID: ")[0]
    if _NO_TENANT in line:
        line = "there is no such tenant"  # what follows is advice on how to write an authority
    return line.rstrip(".")
