"""Ways in without any secret of one's own: another issuer's token proves who we are.

Sources: Microsoft Entra workload identity federation; GitHub Docs "OpenID Connect reference"
(ACTIONS_ID_TOKEN_REQUEST_URL and _TOKEN); Azure DevOps REST API "Oidctoken, Create" 7.1 and
azure-identity's AzurePipelinesCredential, which asks the same way.

A token is asked for anew at each sign-in: none is kept, because each lives a few minutes only.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from auditor.connect.tls import requests_session
from auditor.connect.way import TokenSource, Way
from auditor.errors import CredentialError

_ATTEMPTS = 3
_TIMEOUT = (10, 30)  # seconds to connect, and to answer
_API_VERSION = "7.1"


def workload_identity(way: Way) -> TokenSource:
    """Signs in with the token in a file that its platform keeps fresh."""
    return _asserting(way, lambda: _file_token(way))


def github_actions(way: Way) -> TokenSource:
    """Signs in with a token that GitHub issues to this very workflow run."""
    issuer = _Issuer(
        "GitHub",
        _variable(
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            "a workflow of GitHub Actions",
            "Run it in one, and give the job `permissions: id-token: write`: without it GitHub"
            " offers no tokens.",
        ),
        way.heard.keep_secret(
            _variable(
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                "a workflow of GitHub Actions",
                "Give the job `permissions: id-token: write`: without it GitHub offers no tokens.",
            )
        ),
        "Give the job `permissions: id-token: write`, and check the audience in"
        " credential.audience.",
    )
    joint = "&" if urlsplit(issuer.address).query else "?"
    url = f"{issuer.address}{joint}audience={quote(way.chosen.audience, safe='')}"
    return _asserting(way, lambda: _issued(way, issuer, "GET", url, "value"))


def azure_pipelines(way: Way) -> TokenSource:
    """Signs in with a token that Azure Pipelines issues for a service connection."""
    connection = way.chosen.service_connection or ""
    where = "a job of Azure Pipelines"
    issuer = _Issuer(
        "Azure Pipelines",
        _variable("SYSTEM_OIDCREQUESTURI", where, "Run it in one."),
        way.heard.keep_secret(
            _variable(
                "SYSTEM_ACCESSTOKEN",
                where,
                "Map it in the step: `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`.",
            )
        ),
        "Check that credential.service_connection is the id of a service connection with workload"
        " identity federation, and that this pipeline may use it.",
    )
    url = (
        f"{issuer.address.rstrip('/')}?api-version={_API_VERSION}"
        f"&serviceConnectionId={quote(connection, safe='')}"
    )
    return _asserting(way, lambda: _issued(way, issuer, "POST", url, "oidcToken"))


@dataclass(frozen=True, slots=True)
class _Issuer:
    """A pipeline's token service: its name, its address, what opens it, and what may be wrong."""

    name: str
    address: str
    token: str
    remedy: str


def _asserting(way: Way, ask: Callable[[], str]) -> TokenSource:
    from azure.identity import ClientAssertionCredential

    return ClientAssertionCredential(
        way.tenant_id,
        way.chosen.client_id,
        lambda: way.heard.keep_secret(ask()),
        **way.options(),
    )


def _variable(name: str, where: str, remedy: str) -> str:
    if not (value := os.environ.get(name)):
        raise CredentialError(
            f"The environment variable {name} is not set, which it is in {where}.", remedy
        )
    return value


def _file_token(way: Way) -> str:
    path = way.chosen.token_file
    told = f"The token file {path}, named by credential.token_file,"
    renew = "The platform that writes the file (Kubernetes, for one) has to renew it."
    try:
        token = path.read_text(encoding="utf-8-sig").strip() if path else ""
    except OSError as error:
        raise CredentialError(
            f"{told} cannot be read: {error.strerror or error}.",
            "Check the path, and that the platform puts a token there for this workload.",
        ) from error
    except UnicodeDecodeError as error:
        raise CredentialError(f"{told} holds no token.", "It must be a JWT, as text.") from error
    if not token:
        raise CredentialError(f"{told} is empty.", renew)
    claims = _claims(token)
    if claims is None:
        raise CredentialError(f"{told} holds no token.", "It must be a JWT, as text.")
    if (end := _expiry(claims)) is not None and end < datetime.now(UTC):
        raise CredentialError(
            f"The token in {path} expired on {end:%Y-%m-%d %H:%M} UTC"
            f" (now: {datetime.now(UTC):%Y-%m-%d %H:%M}).",
            renew,
        )
    return token


def _claims(token: str) -> dict[str, Any] | None:
    import jwt

    try:
        return dict(jwt.decode(token, options={"verify_signature": False}))
    except jwt.PyJWTError:
        return None


def _expiry(claims: dict[str, Any]) -> datetime | None:
    with suppress(KeyError, TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    return None


def _issued(way: Way, issuer: _Issuer, method: str, url: str, field: str) -> str:
    """Asks a pipeline's token service; a passing failure is asked again."""
    import requests

    if urlsplit(url).scheme != "https":
        raise CredentialError(
            f"The address of {issuer.name}'s token service is not https, and a token must not go"
            " there.",
            "The environment variable that names it was changed.",
        )
    headers = {
        "Authorization": f"Bearer {issuer.token}",
        "Accept": "application/json",
        "Content-Type": "application/json",
        "X-TFS-FedAuthRedirect": "Suppress",  # a 401 instead of a sign-in page
    }
    told = ""
    with requests_session(way.context) as session:
        for attempt in range(_ATTEMPTS):
            time.sleep(attempt)
            try:
                answer = session.request(
                    method, url, headers=headers, timeout=_TIMEOUT, allow_redirects=False
                )
            except requests.RequestException as error:
                told = f"it did not answer ({type(error).__name__})"
                continue
            told = f"it answered {answer.status_code}"
            if answer.status_code < 500:
                break
        else:
            answer = None
    if answer is not None and answer.status_code == 200:
        with suppress(ValueError, TypeError, KeyError, AttributeError):
            if token := str(answer.json()[field]):
                return token
        told = "its answer holds no token"
    raise CredentialError(f"{issuer.name} issued no token: {told}.", issuer.remedy)
