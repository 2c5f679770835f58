"""Exchange's role groups and their members, direct and with nested groups expanded.

The admin API's rows carry type annotations beside each list (`Capabilities@data.type`): keys with
an @ are ignored. Letter case of values differs between answers, so names compare without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.knowledge import central_group, is_central
from auditor.tables.declare import PAGE, Frame, Table, flag, many, row, text
from auditor.tables.exchange import exchange_ids, one_of
from auditor.tables.source import Source, known, place, positions, words

# Names Exchange gives members that belong to a partner or another organisation.
_PARTNER = ("partnerrolegroup", "partnerlinked", "foreignsecurityprincipal", "linkedrolegroup")
_KINDS = {
    "rolegroup": "roleGroup",
    "serviceprincipal": "servicePrincipal",
    "partnerrolegroup": "partner",
    "linkedrolegroup": "partner",
    "foreignsecurityprincipal": "partner",
    "partner": "partner",
    "mailuniversalsecuritygroup": "group",
    "universalsecuritygroup": "group",
    "group": "group",
    "mailuser": "user",
    "user": "user",
    "usermailbox": "user",
    "disableduser": "user",
    "linkeduser": "user",
    "remoteusermailbox": "user",
    "sharedmailbox": "user",
    "linkedmailbox": "user",
    "roommailbox": "user",
    "equipmentmailbox": "user",
    "mailnonuniversalgroup": "group",
    "mailuniversaldistributiongroup": "group",
    "guestmailuser": "guest",
}


def _texts(value: object) -> list[str] | None:
    """A list of texts; the API collapses a list of one into the value itself."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    return None


def _managed(name: str, capabilities: list[str] | None) -> bool | None:
    """Whether the directory manages the group; None if that cannot be told.

    A name that only such groups have, without the capability, is one or an imitation of one.
    """
    if capabilities is None or (capabilities and not any(capabilities)):
        return None  # an empty text is no list of nothing
    told = {each.strip().lower() for text_ in capabilities for each in text_.split(",")}
    if "partner_managed" in told:
        return True
    return None if is_central(name) else False


def _groups(source: Source) -> Frame:
    seen: dict[str, dict[str, Any]] = {}
    for dataset in ("exchange-role-groups", "exchange-partner-role-groups"):
        for found in source.rows(dataset):
            item = found.item
            if not source.whole(dataset, item, "Name", "Guid"):
                continue
            twin = seen.get(item["Guid"].lower())
            if twin or not item["Guid"].strip("0-"):
                if not twin or twin["name"] != item["Name"]:
                    source.fault(dataset, "a Guid that is not its own")
                continue
            capabilities = _texts(item.get("Capabilities"))
            managed = _managed(item["Name"], capabilities)
            # Anybody may give a group such a name; only the capability is the directory's.
            central = central_group(item["Name"]) if managed else None
            partner = item.get("LinkedPartnerOrganizationId") or None
            if partner is not None and not isinstance(partner, str):
                source.fault(dataset, "an odd LinkedPartnerOrganizationId")
            seen[item["Guid"].lower()] = {
                "guid": item["Guid"],
                "name": item["Name"],
                "display_name": words(item.get("DisplayName")),
                "type": words(item.get("RoleGroupType")),
                "capabilities": capabilities,
                "partner_managed": managed,
                "partner_only": dataset == "exchange-partner-role-groups",
                "linked_partner": words(partner),
                "roles": None if (roles := _texts(item.get("Roles"))) is None else sorted(roles),
                "listed_members": _texts(item.get("Members")),
                "normal_roles": sorted(central.normal_roles) if central else None,
                "directory_roles": sorted(central.directory_roles) if central else None,
                "page": found.page,
            }
    return ROLE_GROUPS.frame(seen.values())


def _members(source: Source) -> Frame:
    groups = source.table("role_groups")
    rows, names = positions(groups, "guid"), positions(groups, "name")
    principals = positions(source.table("service_principals"), "id")
    twins = exchange_ids(source)
    titles = source.table("service_principals")["name"]
    records = {}
    for found in source.rows("exchange-role-group-members"):
        item, group = found.item, place(rows, found.of)
        if not source.whole("exchange-role-group-members", item, "Name"):
            continue
        if group < 0:
            source.fault("exchange-role-group-members", "no role group to belong to")
            continue
        kind = words(item.get("RecipientTypeDetails"))
        external = words(item.get("ExternalDirectoryObjectId")) or None
        principal = one_of(
            source,
            "exchange-role-group-members",
            place(principals, external),
            place(principals, item["Name"]),
            twins.get(item["Name"].lower(), -1),
        )
        inner = place(rows, item.get("Guid"))
        partner = any(mark in f"{item['Name']} {kind or ''}".lower() for mark in _PARTNER)
        member_kind = (
            "servicePrincipal"
            if principal >= 0
            else "roleGroup"
            if inner >= 0
            else "partner"
            if partner
            else _KINDS.get((kind or "").lower())
        )
        if inner < 0 and member_kind in ("roleGroup", None):
            inner = place(names, item["Name"])
        key = external or words(item.get("Guid")) or item["Name"]
        records[group, key.lower()] = {
            "group_guid": groups["guid"].iloc[group],
            "member": key,
            "role_group": group,
            "group_name": groups["name"].iloc[group],
            "name": known(titles.iloc[principal])
            if principal >= 0
            else words(item.get("DisplayName")) or item["Name"],
            "kind": member_kind,
            "recipient_type": kind,
            "external_id": external,
            "principal": principal,
            "member_group": inner,
            "page": found.page,
        }
    return ROLE_GROUP_MEMBERS.frame(records.values())


def expand(
    members: Mapping[int, list[tuple[int, int]]], group: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Member rows of a role group and of every group nested in it, each once, cycles survived.

    `members` holds (member row, nested group or -1) by group. Yields the member's row and the
    groups passed through, the outermost first.
    """
    todo: list[tuple[int, tuple[int, ...]]] = [(group, (group,))]
    visited = {group}
    while todo:
        current, path = todo.pop(0)
        for member, inner in members.get(current, ()):
            yield member, path
            if inner >= 0 and inner not in visited:
                visited.add(inner)
                todo.append((inner, (*path, inner)))


def _effective(source: Source) -> Frame:
    groups, members = source.table("role_groups"), source.table("role_group_members")
    by_group: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place_, (group, inner) in enumerate(
        zip(members["role_group"], members["member_group"], strict=True)
    ):
        by_group[group].append((place_, inner))
    names = list(groups["name"])
    records: dict[tuple[int, str], dict[str, Any]] = {}
    columns = ("member", "name", "kind", "external_id", "principal", "member_group", "page")
    values = {name: list(members[name]) for name in columns}
    for group in range(len(groups)):
        for place_, path in expand(by_group, group):
            key = (group, values["member"][place_].lower())
            if values["member_group"][place_] >= 0 or key in records:
                continue  # a nested group stands for its members
            records[key] = {
                "group_guid": groups["guid"].iloc[group],
                "role_group": group,
                "group_name": names[group],
                "path": [names[each] for each in path],
                **{name: known(values[name][place_]) for name in columns if name != "member_group"},
            }
    return EFFECTIVE_MEMBERS.frame(records.values())


_SEEN = "exchange-role-groups"
ROLE_GROUPS = Table(
    name="role_groups",
    meaning="Exchange role groups, those listed with -ShowPartnerLinked included",
    key=("guid",),
    columns=(
        text("guid", "Guid", True),
        text("name", "Name", True),
        text("display_name", "DisplayName"),
        text("type", "RoleGroupType"),
        many("capabilities", "Capabilities"),
        flag("partner_managed", "Capabilities holds Partner_Managed; null if not told"),
        flag("partner_only", "listed only with -ShowPartnerLinked", True),
        text("linked_partner", "LinkedPartnerOrganizationId"),
        many("roles", "management roles assigned to it"),
        many("listed_members", "names in Members"),
        many("normal_roles", "roles it has by default; null for groups not fed by the directory"),
        many("directory_roles", "template ids of the directory roles that feed it"),
        PAGE,
    ),
    source=_SEEN,
    build=_groups,
    adds=("exchange-partner-role-groups",),
    subject=("'roleGroup'", "guid", "", "name"),
)
_MEMBER = (
    text("group_guid", "Guid of the role group", True),
    text("member", "ExternalDirectoryObjectId, or Guid, or name of the member", True),
    row("role_group", "row of the role group"),
    text("group_name", "name of the role group", True),
    text("name", "name of the member"),
    text("kind", "user, guest, group, servicePrincipal, roleGroup, partner; null if not told"),
    text("external_id", "object id in the directory"),
    row("principal", "the member's row in service_principals"),
)
ROLE_GROUP_MEMBERS = Table(
    name="role_group_members",
    meaning="direct members of Exchange role groups",
    key=("group_guid", "member"),
    columns=(
        *_MEMBER,
        text("recipient_type", "RecipientTypeDetails"),
        row("member_group", "the row of the role group that the member is"),
        PAGE,
    ),
    source="exchange-role-group-members",
    build=_members,
    adds=(_SEEN,),
    fills=("service-principals",),
    named=("exchange-service-principals",),
    subject=("'roleGroup'", "group_guid", "", "name"),
)
EFFECTIVE_MEMBERS = Table(
    name="effective_members",
    meaning="members of Exchange role groups with nested groups expanded, each once per group",
    key=("group_guid", "member"),
    columns=(*_MEMBER, many("path", "role groups passed through, the outermost first"), PAGE),
    source="exchange-role-group-members",
    build=_effective,
    adds=(_SEEN,),
    fills=("service-principals",),
    named=("exchange-service-principals",),
    subject=("'roleGroup'", "group_guid", "", "name"),
)
TABLES = (ROLE_GROUPS, ROLE_GROUP_MEMBERS, EFFECTIVE_MEMBERS)
