"""An issuer of its own: what GitHub Actions, Azure Pipelines and Kubernetes are to Entra.

Sources: GitHub Docs "OpenID Connect reference", Azure DevOps REST API "Oidctoken, Create", and the
OpenID Connect discovery document each of them serves.
"""

from __future__ import annotations

import secrets
import time
from functools import cached_property

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from auditor.emulator.tenant import Json, Tenant
from auditor.emulator.web import Call, Reply, json_reply, new_id

AUDIENCE = "api://AzureADTokenExchange"
GITHUB_SUBJECT = "repo:contoso/audit:environment:production"
SERVICE_CONNECTION = "5e6f1c2a-0d3b-4c58-9a51-7d2f6c1b8e90"
PIPELINE_SUBJECT = f"sc://contoso/audit/{SERVICE_CONNECTION}"
KUBERNETES_SUBJECT = "system:serviceaccount:audit:auditor"
_PIPELINE_MINUTES = 10


class OidcIssuer:
    """Issues tokens with a key of its own; `request_token` is what a job proves itself with."""

    def __init__(self) -> None:
        self._kid = new_id()
        self.issuer = ""
        self.request_token = secrets.token_urlsafe(48)

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(65537, 2048)  # slow: made only where it is needed

    @property
    def public(self) -> rsa.RSAPublicKey:
        """What its tokens are verified with."""
        return self._key.public_key()

    def federate(self, tenant: Tenant, url: str, subjects: tuple[str, ...]) -> None:
        """Settles the issuer's address, and lets the auditor's app trust these subjects of it."""
        self.issuer = f"{url}/oidc"
        app = tenant.by_app_id(tenant.applications, tenant.client_id)
        if app is None or not subjects:
            return
        tenant.relations["federatedIdentityCredentials"][app["id"]] = [
            {
                "id": new_id(),
                "name": f"trust-{number}",
                "issuer": self.issuer,
                "subject": subject,
                "description": None,
                "audiences": [AUDIENCE],
            }
            for number, subject in enumerate(subjects, 1)
        ]

    def token(self, subject: str, audience: str = AUDIENCE, *, seconds: int = 600) -> str:
        """A token of the issuer, as a platform would put it into a file."""
        now = int(time.time())
        claims: Json = {
            "iss": self.issuer,
            "sub": subject,
            "aud": audience,
            "iat": now + min(0, seconds),
            "nbf": now + min(0, seconds),
            "exp": now + seconds,
            "jti": new_id(),
        }
        return jwt.encode(claims, self._key, "RS256", headers={"kid": self._kid})

    def answer(self, call: Call, name: str) -> Reply:
        """The answer to a request below the issuer's address."""
        serve = {
            ".well-known/openid-configuration": self._configuration,
            ".well-known/jwks": self._keys,
            "github": self._github,
            "pipelines": self._pipelines,
        }.get(name)
        return serve(call) if serve else json_reply({"message": "Not Found"}, 404)

    def _configuration(self, _: Call) -> Reply:
        return json_reply(
            {
                "issuer": self.issuer,
                "jwks_uri": f"{self.issuer}/.well-known/jwks",
                "response_types_supported": ["id_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    def _keys(self, _: Call) -> Reply:
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self.public, as_dict=True)
        return json_reply({"keys": [{**key, "kid": self._kid, "use": "sig", "alg": "RS256"}]})

    def _github(self, call: Call) -> Reply:
        if call.method != "GET":
            return json_reply({"message": "Method Not Allowed"}, 405)
        if not self._proven(call):
            return json_reply({"message": "Unauthorized"}, 401)
        audience = call.query.get("audience") or "https://github.com/contoso"
        token = self.token(GITHUB_SUBJECT, audience)
        return json_reply({"count": len(token), "value": token})

    def _pipelines(self, call: Call) -> Reply:
        if not self._proven(call):
            return json_reply({"message": "TF400813: The user is not authorized."}, 401)
        if call.method != "POST" or call.query.get("api-version", "") < "7.1":
            return json_reply({"message": "No api-version was supplied."}, 400)
        connection = call.query.get("serviceConnectionId", "")
        if connection != SERVICE_CONNECTION:
            return json_reply({"message": f"Service endpoint {connection} not found."}, 404)
        token = self.token(PIPELINE_SUBJECT, seconds=_PIPELINE_MINUTES * 60)
        return json_reply({"oidcToken": token})

    def _proven(self, call: Call) -> bool:
        given = call.headers.get("authorization", "")
        return secrets.compare_digest(given, f"Bearer {self.request_token}")
