"""What is known of permissions, roles, Exchange's role groups and Microsoft's applications.

Data files and their readers; see README.md in this folder for the columns, the sources and how a
rating was chosen. Ratings are keyed by ids, never by names: the same GUID means different
permissions on different resources. `Ratings` is what one run judges by: these, and a user's
overlay on top.
"""

from __future__ import annotations

from auditor.knowledge.applications import (
    MICROSOFT_TENANTS,
    KnownApplication,
    application_name,
    applications,
    owner_tenants,
)
from auditor.knowledge.exchange import (
    CentralGroup,
    ExchangeRole,
    MailboxPermission,
    central_group,
    central_groups,
    exchange_levels,
    exchange_roles,
    is_central,
    mailbox_permissions,
    role_group_contents,
)
from auditor.knowledge.overlay import BUILT_IN, Entry, Overlay, Ratings
from auditor.knowledge.ratings import (
    APPLICATION,
    DELEGATED,
    Rating,
    RoleRating,
    permissions,
    rated_apis,
    rating,
    reach_words,
    role_rating,
    roles,
)
from auditor.knowledge.wellknown import (
    APPLICATION_ROLES,
    COMPLIANCE_ROLES,
    EXCHANGE,
    EXCHANGE_PROTECTION,
    GRAPH,
    LEVELS,
    MANAGE_AS_APP,
)

__all__ = [
    "APPLICATION",
    "APPLICATION_ROLES",
    "BUILT_IN",
    "COMPLIANCE_ROLES",
    "DELEGATED",
    "EXCHANGE",
    "EXCHANGE_PROTECTION",
    "GRAPH",
    "LEVELS",
    "MANAGE_AS_APP",
    "MICROSOFT_TENANTS",
    "CentralGroup",
    "Entry",
    "ExchangeRole",
    "KnownApplication",
    "MailboxPermission",
    "Overlay",
    "Rating",
    "Ratings",
    "RoleRating",
    "application_name",
    "applications",
    "central_group",
    "central_groups",
    "exchange_levels",
    "exchange_roles",
    "is_central",
    "mailbox_permissions",
    "owner_tenants",
    "permissions",
    "rated_apis",
    "rating",
    "reach_words",
    "role_group_contents",
    "role_rating",
    "roles",
]
