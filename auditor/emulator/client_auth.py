"""How an application proves to the token endpoint who it is: secret, certificate, federation.

Source: "Microsoft identity platform certificate credentials" and "Workload identity federation".
"""

from __future__ import annotations

import base64
import secrets
from hashlib import sha1, sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import load_der_x509_certificate

from auditor.emulator.aadsts import Denied
from auditor.emulator.credentials import secret_value
from auditor.emulator.oidc import OidcIssuer
from auditor.emulator.tenant import Json, Tenant
from auditor.emulator.web import Clock

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SEE = (
    "Check your federated identity credential Subject, Audience and Issuer against the presented "
    "assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
)


class ClientAuthentication:
    """Checks an application's proof against what the tenant has registered."""

    def __init__(self, tenant: Tenant, clock: Clock, issuer: OidcIssuer) -> None:
        self._tenant = tenant
        self._clock = clock
        self._issuer = issuer

    def check(self, form: dict[str, str], app: Json, endpoint: str) -> str:
        """Raises Denied unless the form proves `app`; returns appidacr: 1 secret, 2 assertion."""
        if "client_secret" in form:
            self._check_secret(form["client_secret"], app)
            return "1"
        assertion = form.get("client_assertion", "")
        if form.get("client_assertion_type") != ASSERTION_TYPE or not assertion:
            raise no_proof()
        try:
            header = jwt.get_unverified_header(assertion)
        except jwt.PyJWTError:
            raise Denied(50027, "invalid_request", "JWT token is invalid or malformed.") from None
        if "x5t" in header or "x5t#S256" in header:
            _verify(assertion, self._registered_key(app, header), endpoint, app["appId"])
        else:
            self._check_federated(assertion, app)
        return "2"

    def _now(self) -> str:
        # The story's clock: in a frozen tenant its credentials do not age.
        return self._clock().strftime("%Y-%m-%dT%H:%M:%SZ")

    def _check_secret(self, secret: str, app: Json) -> None:
        principal = self._tenant.by_app_id(self._tenant.service_principals, app["appId"]) or {}
        known = [*app["passwordCredentials"], *principal.get("passwordCredentials", ())]
        found = [
            each for each in known if secrets.compare_digest(secret_value(each["keyId"]), secret)
        ]
        if not found:
            raise Denied(
                7000215,
                "invalid_client",
                "Invalid client secret provided. Ensure the secret being sent in the request is "
                "the client secret value, not the client secret ID, for a secret added to app "
                f"'{app['appId']}'.",
                401,
            )
        if found[0]["endDateTime"] < self._now() or found[0]["startDateTime"] > self._now():
            raise Denied(
                7000222,
                "invalid_client",
                f"The provided client secret keys for app '{app['appId']}' are expired. Visit the "
                "Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or "
                "consider using certificate credentials for added security: "
                "https://aka.ms/certCreds.",
                401,
            )

    def _registered_key(self, app: Json, header: Json) -> rsa.RSAPublicKey:
        for entry in app["keyCredentials"]:
            der = base64.b64decode(self._tenant.keys[app["id"]][entry["keyId"]])
            if not _names(header, der):
                continue
            if entry["endDateTime"] < self._now():
                raise _assertion_denied(700027, "The key used is expired.")
            key = load_der_x509_certificate(der).public_key()
            if isinstance(key, rsa.RSAPublicKey):
                return key
        raise _assertion_denied(
            700027,
            "The certificate with identifier used to sign the client assertion is not registered "
            "on application. [Reason - The key was not found.]",
        )

    def _check_federated(self, assertion: str, app: Json) -> None:
        try:
            claims = jwt.decode(assertion, options={"verify_signature": False})
        except jwt.PyJWTError:
            raise Denied(50027, "invalid_request", "JWT token is invalid or malformed.") from None
        trusted = self._tenant.relations["federatedIdentityCredentials"].get(app["id"], [])
        if not trusted:
            raise _assertion_denied(
                70025,
                f"The client '{app['appId']}'({app['displayName']}) has no configured federated "
                "identity credentials.",
            )
        _must_match(trusted, claims)
        if claims["iss"] != self._issuer.issuer:
            raise _assertion_denied(50166, "Request to External OIDC endpoint failed.")
        try:
            jwt.decode(
                assertion,
                self._issuer.public,
                ["RS256"],
                leeway=300,
                options={"verify_aud": False, "require": ["exp", "iss", "sub"]},
            )
        except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError):
            raise _out_of_time() from None
        except jwt.PyJWTError:
            raise Denied(50013, "invalid_grant", "Assertion failed signature validation.") from None


def no_proof() -> Denied:
    """What a client that must prove itself is told when it does not try."""
    return Denied(
        7000218,
        "invalid_client",
        "The request body must contain the following parameter: 'client_assertion' or "
        "'client_secret'.",
        401,
    )


def _must_match(trusted: list[Json], claims: Json) -> None:
    """Each part must be one the application trusts; Entra names the first that is not."""
    subject, audience = str(claims.get("sub")), claims.get("aud")
    left = trusted
    for number, part, shown, matches in (
        (700211, "issuer", claims.get("iss"), lambda each: each["issuer"] == claims.get("iss")),
        (700213, "subject", subject, lambda each: each["subject"] == subject),
        (700212, "audience", audience, lambda each: audience in each["audiences"]),
    ):
        left = [each for each in left if matches(each)]
        if not left:
            raise _assertion_denied(
                number,
                "No matching federated identity record found for presented assertion "
                f"{part} '{shown}'. {_SEE}",
            )


def _verify(assertion: str, public: rsa.RSAPublicKey, endpoint: str, app_id: str) -> None:
    options: Any = {"require": ["exp", "aud", "iss", "sub"], "verify_iat": False}
    try:
        claims = jwt.decode(
            assertion, public, ["RS256", "PS256"], audience=endpoint, leeway=300, options=options
        )
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError):
        raise _out_of_time() from None
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


def _out_of_time() -> Denied:
    return _assertion_denied(700024, "Client assertion is not within its valid time range.")


def _assertion_denied(number: int, text: str) -> Denied:
    return Denied(number, "invalid_client", text, 401)


def _names(header: Json, der: bytes) -> bool:
    if sent := header.get("x5t"):
        return str(sent).rstrip("=") == _b64url(sha1(der, usedforsecurity=False).digest())
    return str(header.get("x5t#S256")).rstrip("=") == _b64url(sha256(der).digest())


def _b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
