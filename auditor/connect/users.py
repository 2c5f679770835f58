"""Ways in for a person: a device code, a browser, or who is signed in to the Azure CLI.

For a quick look only: what is read depends on what the person may see. The client is always the
user's own registration; azure-identity's default one is never used.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from auditor.connect.remedies import refused
from auditor.connect.way import TokenSource, Way
from auditor.errors import SignInError

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken

_BROWSER_SECONDS = 300
_CLI_SECONDS = 60
_EARLY = 300  # seconds before its end at which a token is asked for anew
_AGAIN = "Run it again and finish the sign-in in time."
# What azure-identity says, and what we say instead.
_BROWSER: Mapping[str, tuple[str, str]] = {
    "Failed to open a browser": (
        "No browser could be opened.",
        'Use credential.kind = "device-code" on a machine without one.',
    ),
    "Timed out": ("Nobody finished the sign-in in the browser in time.", _AGAIN),
    "HTTP server": (
        "No port on localhost is free for the browser to come back to.",
        'Use credential.kind = "device-code".',
    ),
}
_DEVICE: Mapping[str, tuple[str, str]] = {
    "expired_token": ("Nobody entered the device code before it expired.", _AGAIN),
    "AADSTS70020": ("Nobody entered the device code before it expired.", _AGAIN),
    "Timed out": ("Nobody entered the device code in time.", _AGAIN),
    "authorization_declined": ("The sign-in was declined on the other device.", _AGAIN),
}
_CLI: Mapping[str, tuple[str, str]] = {
    "Azure CLI not found": (
        "There is no Azure CLI (az) on the path.",
        "Install it and run az login, or use another credential.kind.",
    ),
    "az login": (
        "Nobody is signed in to the Azure CLI for this tenant.",
        "Run: az login --tenant {tenant} --allow-no-subscriptions",
    ),
    "Failed to": (
        "The Azure CLI (az) could not be run, or did not answer.",
        "Run it by hand to see why: az account get-access-token --tenant {tenant}",
    ),
    "Unexpected output": (
        "The Azure CLI (az) printed no token.",
        "Run it by hand to see why: az account get-access-token --tenant {tenant}",
    ),
}


def device_code(way: Way) -> TokenSource:
    """Signs in a user who enters a code on any device."""
    from azure.identity import DeviceCodeCredential

    def prompt(address: str, code: str, until: datetime) -> None:
        way.say(
            f"To sign in, open {address} and enter the code {code} (valid until {until:%H:%M} UTC)."
        )

    credential = DeviceCodeCredential(
        client_id=way.chosen.client_id,
        tenant_id=way.tenant_id,
        prompt_callback=prompt,
        **way.options(),
    )
    return _Explained(credential, way, _DEVICE)


def browser(way: Way) -> TokenSource:
    """Signs in a user in a browser on this machine, which comes back to http://localhost."""
    from azure.identity import InteractiveBrowserCredential

    way.say("A browser opens for the sign-in.")
    credential = InteractiveBrowserCredential(
        client_id=way.chosen.client_id,
        tenant_id=way.tenant_id,
        timeout=_BROWSER_SECONDS,
        **way.options(),
    )
    return _Explained(credential, way, _BROWSER)


def azure_cli(way: Way) -> TokenSource:
    """Takes the tokens of whoever is signed in to the Azure CLI, for the settings' tenant."""
    from azure.identity import AzureCliCredential

    credential = AzureCliCredential(tenant_id=way.tenant_id, process_timeout=_CLI_SECONDS)
    return _Kept(_Explained(credential, way, _CLI))


class _Explained:
    """A credential whose own failures become sentences; what Entra says is left as it is."""

    def __init__(self, credential: Any, way: Way, sentences: Mapping[str, tuple[str, str]]) -> None:
        self._credential = credential
        self._way = way
        self._sentences = sentences

    def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        from azure.core.exceptions import ClientAuthenticationError

        try:
            found: AccessToken = self._credential.get_token(*scopes, **kwargs)
        except ClientAuthenticationError as error:
            message = str(error.message)
            for words, (what, remedy) in self._sentences.items():
                if words in message and ("AADSTS" in words or "AADSTS" not in message):
                    raise SignInError(what, remedy.format(tenant=self._way.tenant_id)) from error
            if "AADSTS" in message:
                raise refused(message, self._way.heard) from error
            raise
        return found

    def close(self) -> None:
        self._credential.close()


class _Kept:
    """Keeps tokens: the Azure CLI takes a second for each, and azure-identity keeps none of it."""

    def __init__(self, source: TokenSource) -> None:
        self._source = source
        self._tokens: dict[tuple[str, ...], AccessToken] = {}

    def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        found = self._tokens.get(scopes)
        if found is None or found.expires_on < time.time() + _EARLY or kwargs.get("claims"):
            found = self._tokens[scopes] = self._source.get_token(*scopes, **kwargs)
        return found

    def close(self) -> None:
        self._source.close()
