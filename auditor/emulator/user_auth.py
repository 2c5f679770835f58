"""Signing in a user: device code, authorization code with PKCE, refresh token.

Source: Microsoft identity platform, "OAuth 2.0 device authorization grant" and "authorization code
flow". The user never types anything: who asks for a code is the test user.
"""

from __future__ import annotations

import base64
import html
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson

from auditor.emulator.aadsts import Denied
from auditor.emulator.client_auth import no_proof
from auditor.emulator.facts import AZURE_CLI, AZURE_CLI_SCOPES, GRAPH
from auditor.emulator.tenant import Json, Tenant
from auditor.emulator.web import Call, Reply, json_reply

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_LIFETIME, _INTERVAL = 900, 1
_OPENID = frozenset({"openid", "profile", "offline_access", "email"})


@dataclass
class _Asked:
    """What a code or refresh token stands for."""

    client_id: str
    scope: str
    pending: int = 0  # polls that are still answered with "not yet"
    redirect: str = ""
    challenge: str = ""
    nonce: str = ""


@dataclass(frozen=True)
class UserGrant:
    """A sign-in that worked: the client, the user, the resource and the scopes consented to."""

    client: Json
    user: Json
    audience_scope: str
    scopes: tuple[str, ...]
    nonce: str
    refresh: str


class UserSignIn:
    """Keeps the codes that were given out; each is good for one token."""

    def __init__(self, tenant: Tenant, user_id: str, resource: Callable[[str], Json]) -> None:
        self._tenant = tenant
        self._user_id = user_id
        self._resource = resource
        self._codes: dict[str, _Asked] = {}

    def device(self, form: dict[str, str]) -> Reply:
        """Begins a device code flow."""
        client = self._client(form.get("client_id", ""))
        if not client["isFallbackPublicClient"]:
            raise no_proof()
        code = self._keep(_Asked(client["appId"], form.get("scope", ""), pending=1))
        user_code = secrets.token_hex(5)[:9].upper()
        address = "https://microsoft.com/devicelogin"
        return json_reply(
            {
                "user_code": user_code,
                "device_code": code,
                "verification_uri": address,
                "expires_in": _LIFETIME,
                "interval": _INTERVAL,
                "message": f"To sign in, open {address} and enter the code {user_code}.",
            }
        )

    def authorize(self, call: Call) -> Reply:
        """The page a browser opens: it sends the test user straight back with a code."""
        query = {name: values[-1] for name, values in parse_qs(call.raw_query).items()}
        client = self._client(query.get("client_id", ""))
        redirect = query.get("redirect_uri", "")
        if not _registered(redirect, client["publicClient"]["redirectUris"]):
            raise Denied(
                50011,
                "invalid_request",
                f"The redirect URI '{redirect}' specified in the request does not match the "
                f"redirect URIs configured for the application '{client['appId']}'.",
            )
        if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256":
            raise Denied(
                9002325, "invalid_request", "Proof Key for Code Exchange is required here."
            )
        code = self._keep(
            _Asked(
                client["appId"],
                query.get("scope", ""),
                redirect=redirect,
                challenge=query.get("code_challenge", ""),
                nonce=query.get("nonce", ""),
            )
        )
        back = {"code": code, "state": query.get("state", "")}
        if query.get("response_mode") != "form_post":
            return Reply(302, b"", {"Location": f"{redirect}?{urlencode(back)}"})
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in back.items()
        )
        page = f'<form method="POST" action="{html.escape(redirect)}">{fields}</form>'
        return Reply(200, page.encode(), content_type="text/html; charset=utf-8")

    def redeem(self, form: dict[str, str]) -> UserGrant:
        """What a code or refresh token is good for; raises Denied."""
        name = {DEVICE_GRANT: "device_code", "authorization_code": "code"}.get(
            form["grant_type"], "refresh_token"
        )
        code = form.get(name, "")
        asked = self._codes.get(code)
        client = self._client(form.get("client_id", ""))
        if asked is None or asked.client_id != client["appId"]:
            raise Denied(54005, "invalid_grant", "The code was redeemed already or never issued.")
        if asked.pending:
            asked.pending -= 1
            raise Denied(
                70016,
                "authorization_pending",
                "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
            )
        if name == "code":
            _check_pkce(asked, form)
        if name != "refresh_token":
            del self._codes[code]
        return self._granted(client, asked, form.get("scope") or asked.scope)

    def _granted(self, client: Json, asked: _Asked, scope: str) -> UserGrant:
        wanted = [each for each in scope.split() if each not in _OPENID]
        target = self._resource(wanted[0] if wanted else "")
        user = self._user()
        consented = self._consented(client, target["principal"], user)
        if not consented:
            raise Denied(
                65001,
                "invalid_grant",
                "The user or administrator has not consented to use the application with ID "
                f"'{client['appId']}' named '{client['displayName']}'. Send an interactive "
                "authorization request for this user and resource.",
            )
        offline = "offline_access" in scope.split()
        refresh = self._keep(_Asked(client["appId"], asked.scope)) if offline else ""
        return UserGrant(client, user, wanted[0], consented, asked.nonce, refresh)

    def _consented(self, client: Json, resource: Json, user: Json) -> tuple[str, ...]:
        if client["appId"] == AZURE_CLI:
            return AZURE_CLI_SCOPES if resource["appId"] == GRAPH else ()
        principal = self._tenant.by_app_id(self._tenant.service_principals, client["appId"])
        found: set[str] = set()
        for grant in self._tenant.grants:
            if principal is None or grant["clientId"] != principal["id"]:
                continue
            if grant["resourceId"] == resource["id"] and grant["principalId"] in (None, user["id"]):
                found |= set(grant["scope"].split())
        return tuple(sorted(found))

    def _client(self, client_id: str) -> Json:
        app = self._tenant.by_app_id(self._tenant.applications, client_id)
        if app is not None:
            return app
        if client_id == AZURE_CLI:
            public = {"redirectUris": ["http://localhost"]}
            return {
                "appId": AZURE_CLI,
                "displayName": "Microsoft Azure CLI",
                "isFallbackPublicClient": True,
                "publicClient": public,
            }
        raise Denied(
            700016,
            "unauthorized_client",
            f"Application with identifier '{client_id}' was not found in the directory "
            f"'{self._tenant.name}'.",
        )

    def _user(self) -> Json:
        kind, user = self._tenant.objects.get(self._user_id, ("", {}))
        if kind != "user":
            raise Denied(50034, "invalid_grant", "The user account does not exist here.")
        if not user["accountEnabled"]:
            raise Denied(50057, "invalid_grant", "The user account is disabled.")
        return user

    def _keep(self, asked: _Asked) -> str:
        code = f"1.A{secrets.token_urlsafe(60)}"
        self._codes[code] = asked
        return code


def client_info(user: Json, tenant_id: str) -> str:
    """Who signed in, as msal reads it beside the token."""
    told: Any = orjson.dumps({"uid": user["id"], "utid": tenant_id})
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def _registered(redirect: str, known: list[str]) -> bool:
    """For localhost the port is not compared."""
    parts = urlsplit(redirect)
    plain = f"{parts.scheme}://{parts.hostname}{parts.path.rstrip('/')}"
    return redirect in known or (parts.hostname == "localhost" and plain in known)


def _check_pkce(asked: _Asked, form: dict[str, str]) -> None:
    digest = sha256(form.get("code_verifier", "").encode()).digest()
    if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked.challenge:
        raise Denied(
            501481,
            "invalid_grant",
            "The Code_Verifier does not match the code_challenge supplied in the authorization "
            "request.",
        )
    if form.get("redirect_uri") != asked.redirect:
        raise Denied(50011, "invalid_grant", "The redirect URI is not that of the request.")
