"""Opens a snapshot's tables, and decides how far each dataset can be trusted after all.

The collector's ledger tells what the services said. Here the rows themselves are held against one
another: a row without a field it cannot lack, a role assignment of a role nobody defined, a role
group whose listed members did not all arrive. What does not fit makes its dataset partial, so that
no rule passes on it. This is done at every load, from the evidence alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from auditor.knowledge import roles
from auditor.ledger import LedgerLine, Result
from auditor.snapshot import Snapshot
from auditor.tables import TABLES
from auditor.tables.source import Source, words

_AGAIN = "Collect again; if it stays, the service's answer has a form this version does not know."


@dataclass(frozen=True)
class Loaded:
    """The tables of one snapshot and the coverage they rest on."""

    tables: Mapping[str, pd.DataFrame]
    coverage: Mapping[str, LedgerLine]
    snapshot: Snapshot


def load(snapshot: Snapshot) -> Loaded:
    """Builds every table and holds them against one another."""
    source = Source(snapshot, TABLES, str(snapshot.tenant.get("id", "")))
    tables = {name: source.table(name) for name in TABLES}
    doubts: dict[str, list[str]] = {}
    for (dataset, what), count in sorted(source.faults.items()):
        doubts.setdefault(dataset, []).append(
            f"{count} {'row' if count == 1 else 'rows'} with {what}"
        )
    for dataset, what in _contradictions(source):
        doubts.setdefault(dataset, []).append(what)
    coverage = {
        line.dataset: _doubted(line, doubts.get(line.dataset, [])) for line in snapshot.ledger
    }
    return Loaded(tables, coverage, snapshot)


def _doubted(line: LedgerLine, doubts: list[str]) -> LedgerLine:
    if not doubts or line.result not in (Result.COMPLETE, Result.PARTIAL):
        return line
    return replace(
        line,
        result=Result.PARTIAL,
        cause="; ".join(filter(None, [line.cause, *doubts])),
        remedy=line.remedy or _AGAIN,
    )


def _contradictions(source: Source) -> Iterator[tuple[str, str]]:
    for check in (
        _no_applications,
        _role_definitions,
        _role_assignments,
        _exchange_groups,
        _exchange_roles,
    ):
        yield from check(source)


def _no_applications(source: Source) -> Iterator[tuple[str, str]]:
    principals = source.table("service_principals")
    own = principals[(principals["publisher"] == "own") & (principals["type"] == "Application")]
    if len(own) and source.table("applications").empty:
        yield (
            "applications",
            f"no application came back, yet {len(own)} service principals belong to this tenant's own",
        )


def _role_definitions(source: Source) -> Iterator[tuple[str, str]]:
    assigned = source.table("role_assignments")
    defined = {id.lower() for id in source.table("role_definitions")["id"]}
    unknown = {id.lower() for id in assigned["role_id"]} - defined
    if unknown:
        names = ", ".join(sorted(roles()[id].name if id in roles() else id for id in unknown)[:3])
        yield "role-definitions", f"{len(unknown)} assigned roles are not among them: {names}"


def _role_assignments(source: Source) -> Iterator[tuple[str, str]]:
    """Holds them against /directoryRoles, which lists the same members another way."""
    assigned = source.table("role_assignments")
    held = {
        (str(template).lower(), id.lower())
        for template, id, scope in zip(
            assigned["template_id"], assigned["principal_id"], assigned["scope"], strict=True
        )
        if scope == "/"
    }
    missing = 0
    for found in source.rows("directory-roles"):
        template = words(found.item.get("roleTemplateId"))
        members = found.item.get("members")
        for member in members if isinstance(members, list) else []:
            id = words(member.get("id")) if isinstance(member, dict) else None
            missing += bool(template and id and (template.lower(), id.lower()) not in held)
    if missing:
        yield "role-assignments", f"{missing} members of directory roles have no assignment here"


def _exchange_groups(source: Source) -> Iterator[tuple[str, str]]:
    groups, members = source.table("role_groups"), source.table("role_group_members")
    lost = members[(members["kind"] == "roleGroup") & (members["member_group"] < 0)]
    if len(lost):
        yield "exchange-role-groups", f"nested group {lost['name'].iloc[0]} is not among them"
    assigned = source.table("management_role_assignments")
    kinds = assigned["assignee_type"].str.lower()
    orphans = assigned[kinds.isin(["rolegroup"]) & (assigned["role_group"] < 0)]
    if len(orphans) and len(groups):
        yield (
            "exchange-role-groups",
            f"role group {orphans['assignee'].iloc[0]} holds a role and is not among them",
        )
    yield from _two_lists(source)
    kinds = members["recipient_type"].str.lower()
    nameless = _nameless(source, members[kinds == "serviceprincipal"], "member")
    if nameless:
        yield "exchange-role-group-members", nameless
    arrived = members.groupby("role_group").size()
    short = [
        name
        for place, (name, listed) in enumerate(
            zip(groups["name"], groups["listed_members"], strict=True)
        )
        if listed is not None and len(set(listed)) > arrived.get(place, 0)
    ]
    if short:
        yield (
            "exchange-role-group-members",
            f"{len(short)} role groups list more members than arrived: {', '.join(short[:3])}",
        )


def _two_lists(source: Source) -> Iterator[tuple[str, str]]:
    """The listing with -ShowPartnerLinked holds every group, the one without all but partners'."""

    def named(dataset: str) -> dict[str, str]:
        return {
            str(found.item.get("Name")): str(found.item.get("RoleGroupType")).lower()
            for found in source.rows(dataset)
        }

    plain, every = named("exchange-role-groups"), named("exchange-partner-role-groups")
    if not plain or not every:
        return  # the ledger says why
    lost = sorted(
        name for name, kind in every.items() if name not in plain and "partner" not in kind
    )
    if lost:
        yield (
            "exchange-role-groups",
            f"{len(lost)} are listed only with -ShowPartnerLinked: {lost[0]}",
        )
    lost = sorted(set(plain) - set(every))
    if lost:
        yield (
            "exchange-partner-role-groups",
            f"{len(lost)} of the other listing are missing: {lost[0]}",
        )


def _exchange_roles(source: Source) -> Iterator[tuple[str, str]]:
    groups, assigned = source.table("role_groups"), source.table("management_role_assignments")
    held = set(zip(assigned["role_group"], assigned["role"].str.lower(), strict=True))
    missing = [
        f"{role} of {name}"
        for place, (name, listed) in enumerate(zip(groups["name"], groups["roles"], strict=True))
        for role in listed or ()
        if (place, role.lower()) not in held
    ]
    if missing:
        yield (
            "exchange-role-assignments",
            f"{len(missing)} roles that role groups list have no assignment here: {missing[0]}",
        )
    # An assignee that Exchange calls a service principal and nobody can name could be any app.
    kinds = assigned["assignee_type"].str.lower()
    nameless = _nameless(source, assigned[kinds == "serviceprincipal"], "assignee")
    if nameless:
        yield "exchange-role-assignments", nameless


def _nameless(source: Source, rows: pd.DataFrame, column: str) -> str:
    """Service principals that neither Graph nor Exchange's own list knows."""
    listed = source.table("exchange_service_principals")["object_id"]
    known = {id.lower() for id in listed}
    lost = rows[(rows["principal"] < 0) & ~rows[column].str.lower().isin(known)]
    if lost.empty:
        return ""
    return f"{len(lost)} service principals cannot be told which: {lost[column].iloc[0]}"
