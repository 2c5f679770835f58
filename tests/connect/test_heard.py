"""No secret comes out of a message, whoever put it there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote_plus

import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity import CredentialUnavailableError

from auditor.connect.credentials import Signer
from auditor.connect.heard import Heard
from auditor.connect.remedies import REMEDIES, refused
from auditor.errors import CredentialError, SignInError

TOKEN = jwt.encode({"sub": "someone", "aud": "api://AzureADTokenExchange"}, "k" * 40)
SECRET = "abC8Q~x.9+/secret value"
OPAQUE = "1.AXoAq" + "Zz09_-" * 20
MESSAGES = {
    "a token": f"it failed with {TOKEN}",
    "a bearer": f"Authorization: Bearer {OPAQUE}",
    "the beginning of a token": f"sent {TOKEN[:70]}",
    "a known secret": f"the secret {SECRET} is wrong",
    "the secret in a form": f"body: client_secret={quote_plus(SECRET)}&scope=x",
    "an assertion in a form": f"client_assertion={TOKEN}&grant_type=client_credentials",
    "an unknown secret in a form": "client_secret=unknown~to~us&scope=x",
    "json": '{"refresh_token": "' + OPAQUE + '", "password": "hunter2-hunter2"}',
    "an opaque token": f"got {OPAQUE}",
}
HIDDEN = (TOKEN, TOKEN[:40], SECRET, quote_plus(SECRET), OPAQUE, "unknown~to~us", "hunter2-hunter2")


@dataclass
class Raises:
    """A credential that fails with this error."""

    error: Exception

    def get_token(self, *_: str, **__: Any) -> Any:
        raise self.error

    def close(self) -> None: ...


def told(error: Exception, heard: Heard) -> SignInError:
    with pytest.raises(SignInError) as caught:
        asyncio.run(Signer(Raises(error), heard).get_token("scope"))
    return caught.value


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize(
    "kind",
    [
        ClientAuthenticationError,
        CredentialUnavailableError,
        ServiceRequestError,
        ValueError,
        OSError,
    ],
)
def test_no_error_shows_a_secret(name: str, kind: type[Exception]) -> None:
    heard = Heard()
    heard.keep_secret(SECRET)
    for message in (MESSAGES[name], f"AADSTS7000215: {MESSAGES[name]} Trace ID: 1"):
        error = told(kind(message), heard)
        assert not [each for each in HIDDEN if each in str(error)]
        assert "[removed]" in error.what


def test_what_helps_to_find_the_cause_stays() -> None:
    text = (
        "AADSTS700027: Thumbprint of key used by client: 'AABBCCDDEEFF00112233445566778899AABBCCDD'"
        " for app '992d9ec7-811a-463b-9782-ce07954a02a6', subject"
        " 'repo:contoso/a-repository-with-quite-a-long-name-indeed-it-is/and:ref:refs/heads/main',"
        " issuer 'https://login.microsoftonline.com/37cf97cf-a7f2-4e40-bc0e-31561c2ac592/v2.0'"
    )
    assert refused(text, Heard()).what == f"Entra refused the sign-in: {text}."


def test_an_error_of_our_own_keeps_its_words() -> None:
    error = told(CredentialError("The token file x is empty.", "Renew it."), Heard())
    assert (error.what, error.remedy) == ("The token file x is empty.", "Renew it.")


@pytest.mark.parametrize("code", REMEDIES)
def test_a_code_is_told_by_its_sentence(code: str) -> None:
    error = refused(f"Microsoft Entra ID error '(x) AADSTS{code}: No. Trace ID: 1'")
    assert error.what == f"Entra refused the sign-in: AADSTS{code}: No."
    assert error.remedy == REMEDIES[code]
    assert error.remedy.endswith(".")


class Response:
    def __init__(self, date: str) -> None:
        self.headers = {"Date": date}


@pytest.mark.parametrize(
    ("ahead", "says"),
    [(0, ""), (60, ""), (600, "10 minutes behind"), (-86400, "24 hours ahead")],
)
def test_the_servers_date_tells_how_wrong_the_clock_is(ahead: int, says: str) -> None:
    heard = Heard()
    then = datetime.now(UTC) + timedelta(seconds=ahead)
    heard.listen(Response(format_datetime(then, usegmt=True)))
    assert (says in heard.clock()) if says else heard.clock() == ""


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 32 Nov 2026 12:00:00 GMT"])
def test_a_date_that_is_none_says_nothing(date: str) -> None:
    heard = Heard()
    heard.listen(Response(date))
    assert heard.clock() == ""
