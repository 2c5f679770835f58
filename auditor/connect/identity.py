"""Who an access token says we are, and on whose behalf.

Claims: Microsoft Entra access token reference. An application's token carries `roles`; a user's
carries `scp`, the permissions the application may use in the user's name, and the user's directory
roles in `wids`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Global Administrator and Global Reader: the roles that may read every object of a directory.
_READ_EVERYTHING = frozenset(
    {"62e90394-69f5-4237-9190-012177145e10", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"}
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the token says we are. Read without verifying it: the services verify, we only note."""

    tenant_id: str = ""
    object_id: str = ""  # a service principal's, or the user's
    app_id: str = ""
    roles: tuple[str, ...] = ()  # application permissions
    wids: tuple[str, ...] = ()  # directory roles, as template ids
    scopes: tuple[str, ...] = ()  # delegated permissions
    user: str = ""  # the user's sign-in name
    delegated: bool = False  # a user signed in

    @property
    def held(self) -> tuple[str, ...]:
        """The permissions the token carries, of either sort."""
        return self.scopes if self.delegated else self.roles

    @property
    def sees_everything(self) -> bool:
        """Whether nothing is left out of a listing because the signed-in user may not see it."""
        return not self.delegated or not _READ_EVERYTHING.isdisjoint(self.wids)


def read_identity(token: str) -> Identity:
    """Who a token is for; empty where it cannot be read (its form is Entra's own affair)."""
    import jwt

    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return Identity()
    scopes = tuple(sorted(str(claims.get("scp") or "").split()))
    # idtyp is an optional claim; without it, scp is what only a user's token has.
    delegated = claims.get("idtyp") != "app" and (claims.get("idtyp") == "user" or bool(scopes))
    names = ("upn", "preferred_username", "unique_name", "email")
    return Identity(
        tenant_id=_low(claims.get("tid")),
        object_id=_low(claims.get("oid")),
        app_id=_low(claims.get("appid") or claims.get("azp")),
        roles=_sorted(claims.get("roles")),
        wids=_sorted(claims.get("wids")),
        scopes=scopes,
        user=next((str(claims[name]) for name in names if claims.get(name)), "")
        if delegated
        else "",
        delegated=delegated,
    )


def _low(value: Any) -> str:
    return str(value or "").lower()


def _sorted(value: Any) -> tuple[str, ...]:
    return tuple(sorted(str(each) for each in value)) if isinstance(value, list) else ()
