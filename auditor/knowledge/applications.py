"""Microsoft's own applications: names by app id, and the tenants that own them.

Whether a service principal is Microsoft's is told by the tenant that owns it, never by this list:
anybody can give an application a name. The list names what an id is known as.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from auditor.knowledge.data import read


@dataclass(frozen=True, slots=True)
class KnownApplication:
    """An application of Microsoft's."""

    app_id: str
    name: str
    owner_tenant: str  # empty where the source does not tell it
    source: str  # directory: read from tenants; community: reported; ratings: named by a rating


@cache
def owner_tenants() -> Mapping[str, str]:
    """Names of the tenants that own Microsoft's applications, by tenant id."""
    return {row["tenant_id"]: row["name"] for row in read("owner_tenants")}


@cache
def applications() -> Mapping[str, KnownApplication]:
    """Microsoft's applications by app id."""
    return {row["app_id"]: KnownApplication(**row) for row in read("applications")}


def application_name(app_id: str) -> str:
    """The name an app id is known by; nothing if it is not in the list."""
    known = applications().get(app_id.lower())
    return known.name if known else ""


MICROSOFT_TENANTS = frozenset(owner_tenants())
