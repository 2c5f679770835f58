"""Entra's token endpoint: metadata, the grants it knows, and the tokens it issues.

Source: the protocol as azure-identity and msal speak it, and Microsoft's list of AADSTS errors.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from auditor.emulator.aadsts import Denied, error_reply
from auditor.emulator.client_auth import ASSERTION_TYPE, ClientAuthentication
from auditor.emulator.clouds import CloudFacts
from auditor.emulator.facts import DEFAULT_USER_ROLE, MEMBER_ROLE
from auditor.emulator.oidc import OidcIssuer
from auditor.emulator.tenant import Json, Tenant
from auditor.emulator.user_auth import DEVICE_GRANT, UserGrant, UserSignIn, client_info
from auditor.emulator.web import Call, Clock, Reply, json_reply, new_id

LIFETIME = 3599
TOKEN_PATH = "/oauth2/v2.0/token"  # noqa: S105 - an address, no password


class TokenService:
    """Issues tokens signed with a key that lives as long as the server."""

    def __init__(
        self,
        tenant: Tenant,
        clock: Clock,
        cloud: CloudFacts,
        issuer: OidcIssuer | None = None,
        user_id: str = "",
    ) -> None:
        self._tenant = tenant
        self._cloud = cloud
        self._key = rsa.generate_private_key(65537, 2048)
        self._public = self._key.public_key()
        self._kid = new_id().replace("-", "")[:27]
        self._known: dict[str, Json] = {}
        self._authentication = ClientAuthentication(tenant, clock, issuer or OidcIssuer())
        self._users = UserSignIn(tenant, user_id, self._resource)
        self._grants: dict[str, Callable[[dict[str, str], str], Json]] = {
            "client_credentials": self._as_application,
            DEVICE_GRANT: self._as_user,
            "authorization_code": self._as_user,
            "refresh_token": self._as_user,
        }

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
        return self._answered(
            tenant,
            lambda: json_reply(self._grant(_form(call), f"{call.base}/{tenant}{TOKEN_PATH}")),
        )

    def device(self, call: Call, tenant: str) -> Reply:
        """The answer to a request for a device code."""
        return self._answered(tenant, lambda: self._users.device(_form(call)))

    def authorize(self, call: Call, tenant: str) -> Reply:
        """The page a browser opens to sign in."""
        return self._answered(tenant, lambda: self._users.authorize(call))

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

    def issue_to(self, principal: Json, scope: str) -> Json:
        """A token for a service principal that its platform vouches for: a managed identity."""
        now = int(time.time())
        token = self._app_token(principal, self._resource(scope), "2")
        return {"access_token": token, "not_before": now, "expires_on": now + LIFETIME + 1}

    def _answered(self, tenant: str, serve: Callable[[], Reply]) -> Reply:
        try:
            self._check_tenant(tenant)
            return serve()
        except Denied as denied:
            return error_reply(denied)

    def _check_tenant(self, tenant: str) -> None:
        if tenant.casefold() not in (self._tenant.id, self._tenant.domain):
            raise Denied(
                90002,
                "invalid_tenant" if _is_guid(tenant) else "invalid_request",
                f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID "
                "and are signing into the correct cloud.",
            )

    def _grant(self, form: dict[str, str], endpoint: str) -> Json:
        grant = self._grants.get(form.get("grant_type", ""))
        if grant is None:
            raise Denied(70003, "unsupported_grant_type", "The grant type is not supported.")
        return grant(form, endpoint)

    def _as_application(self, form: dict[str, str], endpoint: str) -> Json:
        client_id = form.get("client_id", "")
        app = self._tenant.by_app_id(self._tenant.applications, client_id)
        if app is None:
            raise Denied(
                700016,
                "unauthorized_client",
                f"Application with identifier '{client_id}' was not found in the directory "
                f"'{self._tenant.name}'.",
            )
        proof = self._authentication.check(form, app, endpoint)
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
        return _answer(self._app_token(principal, resource, proof))

    def _as_user(self, form: dict[str, str], _: str) -> Json:
        granted = self._users.redeem(form)
        told = _answer(self._user_token(granted))
        told["scope"] = " ".join(granted.scopes)
        if granted.refresh:
            told["refresh_token"] = granted.refresh
        if "openid" in form.get("scope", "openid").split():
            told["id_token"] = self._id_token(granted)
        if form.get("client_info") == "1":
            told["client_info"] = client_info(granted.user, self._tenant.id)
        return told

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

    def _app_token(self, principal: Json, resource: Json, proof: str) -> str:
        target = resource["principal"]
        names = {role["id"]: role["value"] for role in target["appRoles"]}
        held = self._tenant.relations["appRoleAssignments"].get(principal["id"], [])
        roles = [names[a["appRoleId"]] for a in held if a["resourceId"] == target["id"]]
        claims: Json = {
            "aud": resource["audience"],
            "appid": principal["appId"],
            "appidacr": proof,
            "idtyp": "app",
            "oid": principal["id"],
            "sub": principal["id"],
            "wids": [*sorted(self._tenant.directory_roles_of(principal["id"])), DEFAULT_USER_ROLE],
        }
        return self._signed({**claims, "roles": roles} if roles else claims)

    def _user_token(self, granted: UserGrant) -> str:
        user = granted.user
        return self._signed(
            {
                "aud": self._resource(granted.audience_scope)["audience"],
                "appid": granted.client["appId"],
                "appidacr": "0",  # a public client proves nothing
                "idtyp": "user",
                "name": user["displayName"],
                "oid": user["id"],
                "scp": " ".join(granted.scopes),
                "sub": new_id(),
                "unique_name": user["userPrincipalName"],
                "upn": user["userPrincipalName"],
                "wids": [*sorted(self._tenant.directory_roles_of(user["id"])), MEMBER_ROLE],
            }
        )

    def _id_token(self, granted: UserGrant) -> str:
        claims = {
            "aud": granted.client["appId"],
            "oid": granted.user["id"],
            "sub": granted.user["id"],
            "preferred_username": granted.user["userPrincipalName"],
        }
        return self._signed({**claims, "nonce": granted.nonce} if granted.nonce else claims)

    def _signed(self, claims: Json) -> str:
        now = int(time.time())
        common = {
            "iss": f"https://sts.windows.net/{self._tenant.id}/",
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME + 1,
            "tid": self._tenant.id,
            "ver": "1.0",
            "uti": new_id(),
        }
        return jwt.encode({**common, **claims}, self._key, "RS256", headers={"kid": self._kid})


def _form(call: Call) -> dict[str, str]:
    return {key: values[-1] for key, values in parse_qs(call.body.decode("utf-8")).items()}


def _answer(token: str) -> Json:
    return {
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "ext_expires_in": LIFETIME,
        "access_token": token,
    }


def _is_guid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None


__all__ = ["ASSERTION_TYPE", "LIFETIME", "TOKEN_PATH", "TokenService"]
