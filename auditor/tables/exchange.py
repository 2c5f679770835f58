"""What Exchange knows of service principals, and what is assigned to them there."""

from __future__ import annotations

from typing import Any

from auditor.tables.declare import PAGE, Frame, Table, flag, row, text
from auditor.tables.source import Source, place, positions, words

# Fields that limit an assignment, and what they name.
_SCOPES = {
    "CustomResourceScope": "management scope",
    "CustomRecipientWriteScope": "management scope",
    "RecipientAdministrativeUnitScope": "administrative unit",
    "RecipientGroupScope": "group",
}


def exchange_ids(source: Source) -> dict[str, int]:
    """Rows of service principals by every name Exchange may call them."""
    principals = positions(source.table("service_principals"), "id")
    found: dict[str, int] = {}
    for each in source.rows("exchange-service-principals"):
        row_ = place(principals, each.item.get("ObjectId") or each.item.get("ServiceId"))
        for name in ("ObjectId", "ServiceId", "Guid", "Identity", "Name", "Id", "SidAsString"):
            value = words(each.item.get(name))
            if value and row_ >= 0:
                found[value.lower()] = row_
    return found


def one_of(source: Source, dataset: str, *found: int) -> int:
    """The row that an identity leads to, the surest first; a fault if they lead to several."""
    rows = [each for each in found if each >= 0]
    if len(set(rows)) > 1:
        source.fault(dataset, "an identity that fits several service principals")
    return rows[0] if rows else -1


def _service_principals(source: Source) -> Frame:
    principals = positions(source.table("service_principals"), "id")
    return EXCHANGE_SERVICE_PRINCIPALS.frame(
        {
            "object_id": id,
            "app_id": words(found.item.get("AppId")),
            "name": words(found.item.get("DisplayName")),
            "principal": place(principals, id),
            "page": found.page,
        }
        for found in source.rows("exchange-service-principals")
        if (id := _object_id(source, found.item)) is not None
    )


def _object_id(source: Source, item: dict[str, Any]) -> str | None:
    # Older modules call the same value ServiceId.
    if not item.get("ObjectId") and words(item.get("ServiceId")):
        return words(item["ServiceId"])
    whole = source.whole("exchange-service-principals", item, "ObjectId")
    return words(item.get("ObjectId")) if whole else None


def _assignments(source: Source) -> Frame:
    principals = positions(source.table("service_principals"), "id")
    groups = positions(source.table("role_groups"), "name")
    twins = exchange_ids(source)
    records = []
    for found in source.rows("exchange-role-assignments"):
        item = found.item
        if not source.whole("exchange-role-assignments", item, "Name", "Role"):
            continue
        assignee = words(item.get("RoleAssigneeName")) or words(item.get("RoleAssignee"))
        kind = words(item.get("RoleAssigneeType"))
        delegation = (words(item.get("RoleAssignmentDelegationType")) or "").lower() or None
        scope, scope_kind = next(
            ((value, limit) for name, limit in _SCOPES.items() if (value := words(item.get(name)))),
            (None, None),
        )
        records.append(
            {
                "id": words(item.get("Guid")) or item["Name"],
                "name": item["Name"],
                "role": item["Role"],
                "assignee": assignee,
                "assignee_type": kind,
                "principal": one_of(
                    source,
                    "exchange-role-assignments",
                    place(principals, assignee),
                    twins.get((assignee or "").lower(), -1),
                ),
                "role_group": place(groups, assignee)
                if (kind or "").lower().endswith("rolegroup")
                else -1,
                "scope": scope,
                "scope_kind": scope_kind,
                "write_scope": words(item.get("RecipientWriteScope")),
                "delegating": None if delegation is None else delegation.startswith("delegating"),
                "enabled": item.get("Enabled"),
                "page": found.page,
            }
        )
    return MANAGEMENT_ROLE_ASSIGNMENTS.frame(records)


def _policies(source: Source) -> Frame:
    return ACCESS_POLICIES.frame(
        {
            "identity": item["Identity"],
            "app_id": app_id,
            "access_right": words(item.get("AccessRight")),
            "scope": words(item.get("ScopeName")),
            "valid": item.get("IsValid"),
            "page": found.page,
        }
        for found in source.rows("exchange-access-policies")
        if source.whole("exchange-access-policies", item := found.item, "Identity", "AppId")
        # One policy may name several applications, or * for all of them.
        for app_id in item["AppId"].replace(",", " ").split()
    )


EXCHANGE_SERVICE_PRINCIPALS = Table(
    name="exchange_service_principals",
    meaning="service principals as Exchange knows them",
    key=("object_id",),
    columns=(
        text("object_id", "ObjectId: the service principal's object id in Entra", True),
        text("app_id", "AppId"),
        text("name", "DisplayName"),
        row("principal", "its row in service_principals"),
        PAGE,
    ),
    source="exchange-service-principals",
    build=_service_principals,
    fills=("service-principals",),
    subject=("'servicePrincipal'", "object_id", "app_id", "name"),
)
MANAGEMENT_ROLE_ASSIGNMENTS = Table(
    name="management_role_assignments",
    meaning="assignments of Exchange management roles",
    key=("id",),
    columns=(
        text("id", "Guid, or Name", True),
        text("name", "Name", True),
        text("role", "Role", True),
        text("assignee", "RoleAssigneeName"),
        text("assignee_type", "RoleAssigneeType"),
        row("principal", "the assignee's row in service_principals"),
        row("role_group", "the assignee's row in role_groups"),
        text("scope", "custom scope, unit or group it is limited to; null for none"),
        text("scope_kind", "management scope, administrative unit or group; null for no scope"),
        text("write_scope", "RecipientWriteScope: Organization for no scope"),
        flag("delegating", "only lets the role be handed on; null if not told"),
        flag("enabled", "Enabled"),
        PAGE,
    ),
    source="exchange-role-assignments",
    build=_assignments,
    fills=("exchange-role-groups", "service-principals"),
    named=("exchange-service-principals",),
    subject=("'roleAssignment'", "id", "assignee", "name"),
)
ACCESS_POLICIES = Table(
    name="access_policies",
    meaning="application access policies, one row per application",
    key=("identity", "app_id"),
    columns=(
        text("identity", "Identity", True),
        text("app_id", "client id, or * for every application", True),
        text("access_right", "RestrictAccess or DenyAccess"),
        text("scope", "ScopeName"),
        flag("valid", "IsValid"),
        PAGE,
    ),
    source="exchange-access-policies",
    build=_policies,
    subject=("'accessPolicy'", "identity", "app_id", "scope"),
)
TABLES = (EXCHANGE_SERVICE_PRINCIPALS, MANAGEMENT_ROLE_ASSIGNMENTS, ACCESS_POLICIES)
