"""Rows of grants, consents and principals that the tests of rules/permissions share."""

from __future__ import annotations

from typing import Any

from auditor.knowledge import EXCHANGE, GRAPH

Row = dict[str, object]


def grant(id: Any, tier: Any = None, **columns: Any) -> Row:
    """An application permission on Graph, held by the own application of row 0."""
    values: Row = {"permission_id": id, "tier": tier, "resource_app_id": GRAPH, "id": f"a-{id}"}
    values |= {"resource_publisher": "microsoft", "resource_name": "Microsoft Graph"}
    values |= {"publisher": "own", "name": "Payroll", "client_id": "p-0", "client": 0}
    path = {0: "not-proven", None: None}.get(tier, "none")
    return values | {"path": path, "permission": f"{id}.All", "reach": ("service-read",)} | columns


def consent(scope: Any, tier: Any = None, **columns: Any) -> Row:
    """A delegated permission on Graph, for everybody, held by the own application of row 0."""
    values: Row = {"scope": scope, "tier": tier, "resource_app_id": GRAPH, "id": f"c-{scope}"}
    values |= {"resource_publisher": "microsoft", "resource_name": "Microsoft Graph"}
    values |= {"publisher": "own", "name": "Payroll", "client_id": "p-0", "client": 0}
    return values | {"consent_type": "AllPrincipals", "reach": ("service-read",)} | columns


def by_user(scope: Any, user: Any, tier: Any = None, **columns: Any) -> Row:
    """The same, consented to by one user."""
    one = {"consent_type": "Principal", "principal_id": user, "id": f"c-{scope}-{user}"}
    return consent(scope, tier, **(one | columns))


def principal(id: Any, **columns: Any) -> Row:
    """An own application's service principal."""
    values: Row = {"id": id, "name": id.title(), "publisher": "own", "managed_identity": False}
    return values | {"enabled": True} | columns


SIGN_IN = {"reach": ("sign-in",)}
OWN_API = {"resource_app_id": "own-api", "resource_publisher": "own"}
LOST_API = {"resource_app_id": None, "resource_publisher": None}
ON_EXCHANGE = {"resource_app_id": EXCHANGE.upper(), "resource_name": "Exchange"}
