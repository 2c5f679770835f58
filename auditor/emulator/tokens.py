"""Entra's token endpoint: metadata, checking a client assertion, issuing an app-only token.

Source: the protocol as azure-identity and msal speak it, and Microsoft's list of AADSTS errors.
"""

from __future__ import annotations

import base64
import re
import time
from datetime import UTC, datetime
from hashlib import sha1, sha256
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import load_der_x509_certificate

from auditor.emulator.clouds import CloudFacts
from auditor.emulator.facts import DEFAULT_USER_ROLE
from auditor.emulator.tenant import Json, Tenant
from auditor.emulator.web import Call, Clock, Reply, json_reply, new_id

LIFETIME = 3599
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_PATH = "/oauth2/v2.0/token"  # noqa: S105 - an address, no password


class Denied(Exception):
    """An AADSTS error."""

    def __init__(self, number: int, error: str, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.number = number
        self.error = error
        self.text = text
        self.status = status


class TokenService:
    """Issues tokens signed with a key that lives as long as the server."""

    def __init__(self, tenant: Tenant, clock: Clock, cloud: CloudFacts) -> None:
        self._tenant = tenant
        self._cloud = cloud
        self._clock = clock
        self._key = rsa.generate_private_key(65537, 2048)
        self._public = self._key.public_key()
        self._kid = new_id().replace("-", "")[:27]
        self._known: dict[str, Json] = {}

    def metadata(self, call: Call, tenant: str) -> Reply:
        """The OpenID configuration of a tenant."""
        try:
            self._check_tenant(tenant)
        except Denied as denied:
            return error_reply(denied)
        base = f"{call.base}/{tenant}"
        return json_reply(
            {
                "token_endpoint": f"{base}{TOKEN_PATH}",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
                "jwks_uri": f"{base}/discovery/v2.0/keys",
                "response_types_supported": ["code", "id_token", "code id_token"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "issuer": f"{call.base}/{self._tenant.id}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                "tenant_region_scope": self._cloud.region,
                "cloud_instance_name": self._cloud.instance,
                "msgraph_host": self._cloud.graph_host,
            }
        )

    def token(self, call: Call, tenant: str) -> Reply:
        """The answer to one token request."""
        form = {key: values[-1] for key, values in parse_qs(call.body.decode("utf-8")).items()}
        try:
            self._check_tenant(tenant)
            return json_reply(self._grant(form, f"{call.base}/{tenant}{TOKEN_PATH}"))
        except Denied as denied:
            return error_reply(denied)

    def claims(self, token: str) -> Json | None:
        """The claims of a token this server issued; None if it did not, or it has expired."""
        known = self._known.get(token)
        if known is None:
            try:
                known = jwt.decode(
                    token,
                    self._public,
                    ["RS256"],
                    options={"verify_aud": False, "require": ["aud"]},
                )
            except jwt.PyJWTError:
                return None
            self._known[token] = known
        return known if known["exp"] > time.time() else None

    def _check_tenant(self, tenant: str) -> None:
        if tenant.casefold() not in (self._tenant.id, self._tenant.domain):
            raise Denied(
                90002,
                "invalid_tenant" if _is_guid(tenant) else "invalid_request",
                f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID "
                "and are signing into the correct cloud.",
            )

    def _grant(self, form: dict[str, str], endpoint: str) -> Json:
        if form.get("grant_type") != "client_credentials":
            raise Denied(70003, "unsupported_grant_type", "The grant type is not supported.")
        client_id = form.get("client_id", "")
        app = self._tenant.by_app_id(self._tenant.applications, client_id)
        if app is None:
            raise Denied(
                700016,
                "unauthorized_client",
                f"Application with identifier '{client_id}' was not found in the directory "
                f"'{self._tenant.name}'.",
            )
        self._authenticate(form, app, endpoint)
        resource = self._resource(form.get("scope", ""))
        principal = self._tenant.by_app_id(self._tenant.service_principals, client_id)
        if principal is None:
            raise Denied(
                7000229,
                "unauthorized_client",
                f"The client application {client_id} is missing service principal in the tenant "
                f"{self._tenant.id}.",
            )
        if not principal["accountEnabled"]:
            raise Denied(
                7000112, "unauthorized_client", f"Application '{client_id}' is disabled.", 401
            )
        token = self._issue(principal, resource)
        return {
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "ext_expires_in": LIFETIME,
            "access_token": token,
        }

    def _authenticate(self, form: dict[str, str], app: Json, endpoint: str) -> None:
        if "client_secret" in form:
            raise Denied(7000215, "invalid_client", "Invalid client secret provided.", 401)
        assertion = form.get("client_assertion", "")
        if form.get("client_assertion_type") != ASSERTION_TYPE or not assertion:
            raise Denied(
                7000218,
                "invalid_client",
                "The request body must contain the following parameter: 'client_assertion' or "
                "'client_secret'.",
                401,
            )
        try:
            header = jwt.get_unverified_header(assertion)
        except jwt.PyJWTError:
            raise Denied(50027, "invalid_request", "JWT token is invalid or malformed.") from None
        public = self._registered_key(app, header)
        _verify(assertion, public, endpoint, app["appId"])

    def _registered_key(self, app: Json, header: Json) -> rsa.RSAPublicKey:
        for entry in app["keyCredentials"]:
            der = base64.b64decode(self._tenant.keys[app["id"]][entry["keyId"]])
            if not _names(header, der):
                continue
            # The story's clock: in a frozen tenant its certificates do not age.
            now = self._clock().strftime("%Y-%m-%dT%H:%M:%SZ")
            if entry["endDateTime"] < now:
                raise _assertion_denied(700027, "The key used is expired.")
            key = load_der_x509_certificate(der).public_key()
            if isinstance(key, rsa.RSAPublicKey):
                return key
        raise _assertion_denied(
            700027,
            "The certificate with identifier used to sign the client assertion is not registered "
            "on application. [Reason - The key was not found.]",
        )

    def _resource(self, scope: str) -> Json:
        audience, _, suffix = scope.rpartition("/")
        if suffix != ".default":
            raise Denied(
                1002012,
                "invalid_scope",
                f"The provided value for scope {scope} is not valid. Client credential flows must "
                "have a scope value with /.default suffixed to the resource identifier.",
            )
        app_id = self._cloud.audiences.get(audience, audience)
        found = self._tenant.by_app_id(self._tenant.service_principals, app_id)
        if audience not in self._cloud.audiences or found is None:
            raise Denied(
                500011,
                "invalid_resource",
                f"The resource principal named {audience} was not found in the tenant named "
                f"{self._tenant.name}.",
            )
        return {"audience": audience, "principal": found}

    def _issue(self, principal: Json, resource: Json) -> str:
        now = int(time.time())
        target = resource["principal"]
        names = {role["id"]: role["value"] for role in target["appRoles"]}
        held = self._tenant.relations["appRoleAssignments"].get(principal["id"], [])
        roles = [names[a["appRoleId"]] for a in held if a["resourceId"] == target["id"]]
        claims: Json = {
            "aud": resource["audience"],
            "iss": f"https://sts.windows.net/{self._tenant.id}/",
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME + 1,
            "appid": principal["appId"],
            "appidacr": "2",
            "idtyp": "app",
            "oid": principal["id"],
            "sub": principal["id"],
            "tid": self._tenant.id,
            "wids": [*sorted(self._tenant.directory_roles_of(principal["id"])), DEFAULT_USER_ROLE],
            "ver": "1.0",
            "uti": new_id(),
        }
        if roles:
            claims["roles"] = roles
        return jwt.encode(claims, self._key, "RS256", headers={"kid": self._kid})


def error_reply(denied: Denied) -> Reply:
    """An AADSTS error as Entra words it."""
    trace, correlation = new_id(), new_id()
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return json_reply(
        {
            "error": denied.error,
            "error_description": f"AADSTS{denied.number}: {denied.text} Trace ID: {trace} "
            f"Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [denied.number],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={denied.number}",
        },
        denied.status,
    )


def _verify(assertion: str, public: rsa.RSAPublicKey, endpoint: str, app_id: str) -> None:
    options: Any = {"require": ["exp", "aud", "iss", "sub"], "verify_iat": False}
    try:
        claims = jwt.decode(
            assertion, public, ["RS256", "PS256"], audience=endpoint, leeway=300, options=options
        )
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError):
        raise _assertion_denied(
            700024, "Client assertion is not within its valid time range."
        ) from None
    except jwt.InvalidAudienceError:
        raise _assertion_denied(
            700023, f"Client assertion audience claim does not match Realm issuer {endpoint}."
        ) from None
    except jwt.PyJWTError:
        raise _assertion_denied(
            700027, "The client assertion's signature failed validation."
        ) from None
    if claims["iss"] != app_id or claims["sub"] != app_id:
        raise _assertion_denied(700021, "Client assertion issuer or subject is not the client.")


def _assertion_denied(number: int, text: str) -> Denied:
    return Denied(number, "invalid_client", text, 401)


def _names(header: Json, der: bytes) -> bool:
    if sent := header.get("x5t"):
        return str(sent).rstrip("=") == _b64url(sha1(der, usedforsecurity=False).digest())
    return str(header.get("x5t#S256")).rstrip("=") == _b64url(sha256(der).digest())


def _b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _is_guid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None
