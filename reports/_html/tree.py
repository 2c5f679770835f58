"""Exchange's role groups as a tree: those managed by partners or by Microsoft's own link, the
groups they are nested in, their members and roles. Cycles are survived and marked.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from auditor.tables.load import Loaded
from auditor.tables.source import known

CENTRAL = "Organization Management"
_FIRST = ("roleGroup", "partner", "servicePrincipal", "group", "guest", "user")
_DEEPEST = 12  # deeper ones get a tree of their own: a page has no room for more
KINDS = {
    "user": "user",
    "guest": "guest",
    "group": "group",
    "servicePrincipal": "workload identity",
    "roleGroup": "role group",
    "partner": "partner",
    None: "kind not told",
}


def tree(loaded: Loaded) -> dict[str, Any]:
    """The roots, how many groups are left out, and Organization Management's members in effect."""
    groups = _Groups(loaded)
    roots = groups.roots()
    nodes = []
    while roots or groups.deep:
        nodes.append(groups.node(roots.pop(0) if roots else groups.deep.pop(0), ()))
    return {
        "roots": nodes,
        "left_out": groups.size - len(groups.drawn),
        "size": groups.size,
        "central": _central(loaded, groups),
    }


class _Groups:
    def __init__(self, loaded: Loaded) -> None:
        self.frame = loaded.tables["role_groups"]
        self.rows = _records(self.frame)
        self.size = len(self.rows)
        self.apps = list(loaded.tables["service_principals"]["app_id"])
        self.members: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for member in _records(loaded.tables["role_group_members"]):
            self.members[member["role_group"]].append(member)
        self.drawn: set[int] = set()
        self.deep: list[int] = []

    def roots(self) -> list[int]:
        """Groups nobody contains that are special or contain one; of a cycle, its first."""
        special = {n for n, row in enumerate(self.rows) if _special(row)}
        reach = {group: self._below(group) for group in range(self.size)}
        wanted = [group for group in range(self.size) if reach[group] & special]
        nested = {
            member["member_group"]
            for group in wanted
            for member in self.members[group]
            if member["member_group"] >= 0 and member["member_group"] != group
        }
        key = self._order
        roots = sorted((group for group in wanted if group not in nested), key=key)
        seen = set().union(*(reach[root] for root in roots))
        for group in sorted(wanted, key=key):
            if group not in seen:  # only a cycle leads here
                roots.append(group)
                seen |= reach[group]
        return roots

    def _order(self, group: int) -> tuple[bool, str]:
        return self.rows[group]["name"] != CENTRAL, self.rows[group]["name"].lower()

    def _below(self, group: int) -> set[int]:
        found, todo = {group}, [group]
        while todo:
            for member in self.members[todo.pop()]:
                inner = member["member_group"]
                if inner >= 0 and inner not in found:
                    found.add(inner)
                    todo.append(inner)
        return found

    def node(self, group: int, path: tuple[int, ...]) -> dict[str, Any]:
        """One group; its members are shown once, however often it is nested."""
        row = self.rows[group]
        again = "cycle" if group in path else "above" if group in self.drawn else ""
        if not again and len(path) >= _DEEPEST:
            again = "below"
            self.deep.append(group)
        else:
            self.drawn.add(group)
        members = [] if again else sorted(self.members[group], key=_rank)
        return {
            "name": row["name"],
            "display": row["display_name"] if row["display_name"] != row["name"] else None,
            "managed": row["partner_managed"],
            "partner_only": row["partner_only"],
            "linked": row["linked_partner"],
            "fed": bool(row["directory_roles"]),
            "roles": _roles(row),
            "roles_told": row["roles"] is not None,
            "again": again,
            "open": not path,
            "members": [self.member(each, (*path, group)) for each in members],
            "people": sum(each["kind"] in ("user", "guest") for each in members),
        }

    def member(self, row: dict[str, Any], path: tuple[int, ...]) -> dict[str, Any]:
        inner, principal = row["member_group"], row["principal"]
        return {
            "name": row["name"],
            "id": row["member"],
            "kind": row["kind"],
            "words": KINDS.get(row["kind"], row["kind"]),
            "type": row["recipient_type"],
            "app_id": self.apps[principal] if principal >= 0 else None,
            "group": self.node(inner, path) if inner >= 0 else None,
            "path": [],
        }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    names = list(frame.columns)
    return [
        {name: known(value) for name, value in zip(names, row, strict=True)}
        for row in zip(*(frame[name] for name in names), strict=True)
    ]


def _special(row: dict[str, Any]) -> bool:
    return bool(row["partner_managed"] or row["partner_only"] or row["linked_partner"])


def _rank(member: dict[str, Any]) -> tuple[int, str, str]:
    kind = member["kind"]
    place = _FIRST.index(kind) if kind in _FIRST else len(_FIRST)
    return place, (member["name"] or "").lower(), member["member"]


def _roles(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Each role with what it is against the group's normal set."""
    held, normal = set(row["roles"] or ()), row["normal_roles"]
    if normal is None:
        return [(role, "") for role in sorted(held)]
    return [
        (
            role,
            "normal" if role in held and role in normal else "added" if role in held else "removed",
        )
        for role in sorted({*held, *(normal if row["roles"] is not None else ())})
    ]


def _central(loaded: Loaded, groups: _Groups) -> list[dict[str, Any]] | None:
    """Organization Management's members with every nested group expanded; None if not there."""
    if CENTRAL not in {row["name"] for row in groups.rows}:
        return None
    rows = [
        row for row in _records(loaded.tables["effective_members"]) if row["group_name"] == CENTRAL
    ]
    return [
        groups.member(row | {"member_group": -1, "recipient_type": None}, ())
        | {"path": list(row["path"] or ())[1:]}
        for row in sorted(rows, key=_rank)
    ]
