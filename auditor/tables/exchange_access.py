"""The Exchange app-only verdict: what app-only Exchange administration really results, per app.

Exchange lets an application administer it when it holds Exchange.ManageAsApp and, besides, a
directory role that opens Exchange, membership of a role group, or a management role of its own;
the rights of all of them add up (app-only-auth-powershell-v2). Each alone is dormant: one consent
away. Data access to mailboxes (Graph, EWS, IMAP, RBAC for Applications) is a second matter.
"""

from __future__ import annotations

from typing import Any

from auditor.knowledge import LEVELS
from auditor.tables.declare import PAGE, Frame, Table, flag, many, row, text
from auditor.tables.exchange_evidence import Access, gather
from auditor.tables.source import Source, known


def _build(source: Source) -> Frame:
    found = gather(source)
    principals = source.table("service_principals")
    columns = ("id", "app_id", "name", "publisher", "managed_identity", "page")
    values = {name: [known(each) for each in principals[name]] for name in columns}
    empty = Access()
    return EXCHANGE_ACCESS.frame(
        {name: values[name][each] for name in columns}
        | {"principal": each}
        | _verdict(found.get(each, empty))
        for each in range(len(principals))
    )


def _verdict(access: Access) -> dict[str, Any]:
    best = max((level for level, _ in access.roles), key=LEVELS.index, default=None)
    if access.granted and best:
        level = best
    elif access.granted or best or access.eligible or (access.unrated and not access.granted):
        level = "dormant"
    else:
        level = "none"
    opens = max((level for level, _ in access.compliance), key=LEVELS.index, default="none")
    via = sorted({what for _, what in access.roles} | access.unrated)
    return {
        "level": level,
        "rank": LEVELS.index(level),
        "compliance_level": opens if access.granted else "none",
        "compliance_via": sorted(what for _, what in access.compliance if access.granted),
        "permission": "granted" if access.granted else "requested" if access.requested else "none",
        "permissions": sorted(access.granted or access.requested),
        "via": via,
        "eligible": sorted(access.eligible),
        "narrower": sorted(access.narrower),
        # A role nobody rated could give more than the level says; without the permission it
        # cannot be used at all.
        "unrated": sorted(
            access.doubts | access.maybe | (access.unrated if access.granted else set())
            if level != "full"
            else ()
        ),
        "mailbox": sorted(access.mailbox),
        "mailbox_reach": "tenant-wide" if access.wide else "scoped" if access.scoped else "none",
        "rated_by": "; ".join(sorted(access.rated_by)) or None,
        "proof_pages": sorted(access.pages),
    }


EXCHANGE_ACCESS = Table(
    name="exchange_access",
    meaning="the Exchange app-only verdict, one row per service principal",
    key=("id",),
    columns=(
        text("id", "object id", True),
        row("principal", "its row in service_principals"),
        text("app_id", "client id", True),
        text("name", "display name"),
        text("publisher", "own, foreign or microsoft; null if not told"),
        flag("managed_identity", "whether it is a managed identity"),
        text("level", f"one of {', '.join(LEVELS)}", True),
        row("rank", "position of the level, 0 for none"),
        text(
            "compliance_level",
            "the same for Security & Compliance PowerShell, by directory roles alone: the role "
            "groups that are kept there are not read",
            True,
        ),
        many("compliance_via", "directory roles that open Security & Compliance PowerShell"),
        text("permission", "Exchange.ManageAsApp: granted, requested or none", True),
        many("permissions", "which of the ManageAsApp permissions"),
        many("via", "roles and groups that give the level"),
        many("eligible", "directory roles it is only eligible for"),
        many("narrower", "directory roles at a narrower scope, which do not count"),
        many("unrated", "roles nobody rated that could give more than the level says"),
        many("mailbox", "permissions and roles that open mailboxes"),
        text("mailbox_reach", "none, scoped or tenant-wide", True),
        text("rated_by", "overlay and its reasons, where one rated any of them; else null"),
        many("proof_pages", "numbers of the snapshot pages that prove the row"),
        PAGE,
    ),
    source="service-principals",
    build=_build,
    joins=(
        "app-role-assignments",
        "role-assignments",
        "directory-roles",
        "role-definitions",
        "group-service-principals",
        "referenced-principals",
        "exchange-role-groups",
        "exchange-partner-role-groups",
        "exchange-role-group-members",
        "exchange-role-assignments",
        "exchange-management-roles",
    ),
    fills=(
        "applications",
        "role-eligibility",
        "exchange-access-policies",
    ),
    named=("exchange-service-principals",),
    subject=("'servicePrincipal'", "id", "app_id", "name"),
)
TABLES = (EXCHANGE_ACCESS,)
