"""Which workload identities are privileged, and by what."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from auditor.tables.declare import PAGE, Frame, Table, flag, many, number, row, text
from auditor.tables.source import Source, known, place, positions

PRIVILEGED = 1  # the highest tier number that counts as privileged
# A tier 0 that rests on one model alone is not treated as proven.
NO_PERMISSION = "00000000-0000-0000-0000-000000000000"  # assigned, without any app role
UNTESTED = "not-proven"


class _Reason(NamedTuple):
    tier: int | None
    text: str
    rated_by: str | None


def _privileged(source: Source) -> Frame:
    principals = source.table("service_principals")
    applications = source.table("applications")
    owned = positions(applications, "app_id")
    reasons: dict[int, list[_Reason]] = defaultdict(list)
    grants = source.table("grants")
    # What nobody rates may be privileged: such a holder stays in, with a tier that is not known.
    microsofts = (grants["resource_publisher"] == "microsoft") | grants["tier"].notna()
    possible = (grants["tier"] <= PRIVILEGED).fillna(True) & microsofts
    rated = grants[(grants["client"] >= 0) & possible & (grants["permission_id"] != NO_PERMISSION)]
    for client, tier, path, by, permission, id in zip(
        rated["client"],
        rated["tier"],
        rated["path"],
        rated["rated_by"],
        rated["permission"],
        rated["permission_id"],
        strict=True,
    ):
        reasons[client].append(_reason(tier, path, by, f"permission {known(permission) or id}"))
    held = source.table("workload_roles")
    rated = held[(held["tier"] <= PRIVILEGED).fillna(True)]
    for holder, tier, path, by, role, scope, group in zip(
        rated["principal"],
        rated["tier"],
        rated["path"],
        rated["rated_by"],
        rated["role"],
        rated["scope"],
        rated["group_id"],
        strict=True,
    ):
        where = "" if scope == "/" else f" at {known(scope) or 'an unknown scope'}"
        through = f" through group {group}" if known(group) else ""
        held_as = f"role {known(role) or '?'}{where}{through}"
        reasons[holder].append(_reason(tier, path, by, held_as))
    columns = ("id", "app_id", "name", "type", "publisher", "managed_identity", "enabled", "page")
    values = {name: list(principals[name]) for name in columns}
    audiences = list(applications["audience"])
    return PRIVILEGED_PRINCIPALS.frame(
        {name: known(values[name][each]) for name in columns}
        | {
            "principal": each,
            "application": at,
            "audience": known(audiences[at]) if at >= 0 else None,
            "tier": min((r.tier for r in reasons[each] if r.tier is not None), default=None),
            "reasons": sorted({reason.text for reason in reasons[each]}),
            "rated_by": "; ".join(sorted({r.rated_by for r in reasons[each] if r.rated_by}))
            or None,
        }
        for each in sorted(reasons)
        for at in (place(owned, values["app_id"][each]),)
    )


def _reason(tier: int | None, path: str | None, by: str | None, text_: str) -> _Reason:
    if known(tier) is None:
        return _Reason(None, f"{text_} (not rated)", known(by))
    return _Reason(1 if known(path) == UNTESTED else int(tier or 0), text_, known(by))


PRIVILEGED_PRINCIPALS = Table(
    name="privileged_principals",
    meaning="service principals with a tier 0 or tier 1 permission or directory role",
    key=("id",),
    columns=(
        text("id", "object id", True),
        row("principal", "its row in service_principals"),
        row("application", "the row of its registration"),
        text("app_id", "client id", True),
        text("name", "display name"),
        text("publisher", "own, foreign or microsoft; null if not told"),
        text("type", "servicePrincipalType"),
        text(
            "audience", "signInAudience of its registration; null if that is not among those read"
        ),
        flag("managed_identity", "whether it is a managed identity"),
        flag("enabled", "accountEnabled"),
        number(
            "tier", "0: a tested path to Global Administrator; 1: tenant-wide data or one service"
        ),
        many("reasons", "the permissions and roles that make it so"),
        text("rated_by", "overlay and its reasons, where one rated any of them; else null"),
        PAGE,
    ),
    source="service-principals",
    build=_privileged,
    adds=(
        "app-role-assignments",
        "role-assignments",
        "directory-roles",
        "role-definitions",
        "group-service-principals",
        "referenced-principals",
    ),
    fills=("applications",),
    subject=("'servicePrincipal'", "id", "app_id", "name"),
)
TABLES = (PRIVILEGED_PRINCIPALS,)
