"""Holds the ratings against one tenant: what an overlay rated there, and what nobody rates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.knowledge import (
    APPLICATION,
    APPLICATION_ROLES,
    DELEGATED,
    application_name,
)
from auditor.knowledge.overlay import MANAGEMENT_ROLE, PERMISSION, ROLE
from auditor.tables.load import Loaded
from auditor.tables.source import known

_NO_PERMISSION = "00000000-0000-0000-0000-000000000000"  # assigned, without any app role
_OF_USERS = "My"  # roles users have over their own mailbox, by Exchange's naming
_DATASETS = (
    *("service-principals", "app-role-assignments", "delegated-grants", "role-definitions"),
    *("role-assignments", "role-eligibility", "exchange-role-groups", "exchange-role-assignments"),
)
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Unrated:
    """One thing of the tenant's that nobody rates.

    held  who holds it, each once; empty for a permission that an API only offers
    """

    what: str  # permission, role, management_role
    id: str
    name: str
    held: tuple[str, ...]
    resource: str = ""
    kind: str = ""
    api: str = ""
    publisher: str = ""

    def entry(self) -> str:
        """An entry of an overlay to be filled in."""
        head = {
            PERMISSION: [("resource", self.resource), ("id", self.id), ("name", self.name)],
            ROLE: [("template_id", self.id), ("name", self.name)],
            MANAGEMENT_ROLE: [("name", self.name)],
        }[self.what]
        if self.kind == DELEGATED:
            head.append(("kind", self.kind))
        return "\n".join(
            [
                f"[[{self.what}]]",
                *(f"{key} = {quoted(text)}" for key, text in head),
                _LEVEL if self.what == MANAGEMENT_ROLE else _TIER,
                'reason = ""',
            ]
        )


_LEVEL = 'level = ""  # none, read, support, recipient, security, compliance or full'
_TIER = 'tier =   # 0, 1 or 2; with 0 besides: path = "direct", "indirect" or "not-proven"'


def quoted(text: str) -> str:
    """The text as a TOML string; what a terminal would not show plainly is escaped."""

    def shown(mark: str) -> str:
        if mark in '"\\':
            return "\\" + mark
        return mark if mark.isprintable() else f"\\U{ord(mark):08x}"

    return '"' + "".join(map(shown, text)) + '"'


def overlay_used(loaded: Loaded) -> dict[str, Any] | None:
    """The overlay as audit.json tells it, with how many rows of the tenant each entry rates."""
    overlay = loaded.ratings.overlay
    if overlay is None:
        return None
    rows = Counter(key for key, _ in _rated(loaded))
    value = overlay.to_json()
    entries = zip(value["entries"], overlay.entries, strict=True)
    return value | {"entries": [told | {"rows": rows[each.key]} for told, each in entries]}


def _rated(loaded: Loaded) -> Iterator[tuple[Key, str]]:
    """What can be rated and who holds it, by rows of the tables."""
    for table, kind in (("grants", APPLICATION), ("delegated_grants", DELEGATED)):
        frame = loaded.tables[table]
        for resource, id, app_id, name in zip(
            frame["resource_app_id"],
            frame["permission_id"],
            frame["app_id"],
            frame["name"],
            strict=True,
        ):
            if known(resource) and known(id):
                key = (PERMISSION, resource.lower(), kind, id.lower())
                yield key, known(name) or known(app_id) or "an unknown principal"
    for table in ("role_assignments", "role_eligibility"):
        frame = loaded.tables[table]
        principals = loaded.tables["service_principals"]["name"]
        for template, role, row, name, id in zip(
            frame["template_id"],
            frame["role_id"],
            frame["principal"],
            frame["principal_name"],
            frame["principal_id"],
            strict=True,
        ):
            holder = known(principals.iloc[row]) if row >= 0 else known(name)
            yield (ROLE, "", "", (known(template) or role).lower()), holder or id
    frame = loaded.tables["management_role_assignments"]
    for role, assignee in zip(frame["role"], frame["assignee"], strict=True):
        yield (MANAGEMENT_ROLE, "", "", role.lower()), known(assignee) or "an unknown assignee"


def unrated(loaded: Loaded) -> list[Unrated]:
    """Everything of the tenant's that nobody rates: what is held first, then what is offered."""
    held: dict[Key, set[str]] = defaultdict(set)
    for key, holder in _rated(loaded):
        held[key].add(holder)
    found = [*_permissions(loaded, held), *_roles(loaded, held), *_management_roles(loaded, held)]
    order = (PERMISSION, ROLE, MANAGEMENT_ROLE)
    return sorted(
        found,
        key=lambda each: (
            not each.held,
            order.index(each.what),
            each.api.lower(),
            each.name.lower(),
            each.kind,
            each.id,
        ),
    )


def gaps(loaded: Loaded) -> list[tuple[str, str]]:
    """(dataset, result) of what was not read in full: more may be there that nobody rates."""
    lines = ((name, loaded.coverage.get(name)) for name in _DATASETS)
    return [
        (name, line.result.value if line else "not-asked")
        for name, line in lines
        if line is None or not line.complete
    ]


def _permissions(loaded: Loaded, held: Mapping[Key, set[str]]) -> Iterator[Unrated]:
    principals = loaded.tables["service_principals"]
    apis = {
        app_id.lower(): (known(name) or "", known(publisher) or "not told")
        for app_id, name, publisher in zip(
            principals["app_id"], principals["name"], principals["publisher"], strict=True
        )
    }
    names = _offered(loaded)
    keys = {*names, *(key for key in held if key[0] == PERMISSION)}
    for key in keys:
        _, resource, kind, id = key
        if id == _NO_PERMISSION or loaded.ratings.permission(resource, id, kind).tier is not None:
            continue
        api, publisher = apis.get(resource, ("", "not told"))
        # Only who wrote an API knows what its permissions do: those of others count once held.
        if key in held or publisher == "microsoft":
            name = names.get(key) or loaded.ratings.permission(resource, id, kind).name or id
            yield Unrated(
                PERMISSION,
                id,
                name,
                tuple(sorted(held.get(key, ()))),
                resource,
                kind,
                api or application_name(resource),
                publisher,
            )
    # A scope that neither its API nor the ratings know has no id to be rated by.
    frame = loaded.tables["delegated_grants"]
    nameless = frame[frame["permission_id"].isna()]
    by_scope: dict[tuple[str, str], set[str]] = defaultdict(set)
    for resource, scope, name, app_id in zip(
        nameless["resource_app_id"],
        nameless["scope"],
        nameless["name"],
        nameless["app_id"],
        strict=True,
    ):
        holder = known(name) or known(app_id) or "an unknown principal"
        by_scope[(known(resource) or "").lower(), scope].add(holder)
    for (resource, scope), holders in by_scope.items():
        api, publisher = apis.get(resource, ("", "not told"))
        yield Unrated(
            PERMISSION, "", scope, tuple(sorted(holders)), resource, DELEGATED, api, publisher
        )


def _offered(loaded: Loaded) -> dict[Key, str]:
    """Names of the permissions that APIs of the tenant publish."""
    found: dict[Key, str] = {}
    for each in loaded.snapshot.rows("service-principals"):
        app_id = each.item.get("appId")
        if not isinstance(app_id, str):
            continue
        for kind, field in ((APPLICATION, "appRoles"), (DELEGATED, "oauth2PermissionScopes")):
            for entry in _objects(each.item.get(field)):
                id, name = entry.get("id"), entry.get("value")
                kinds = entry.get("allowedMemberTypes")
                # App roles for people alone are no permissions of applications.
                people = isinstance(kinds, list) and "Application" not in kinds
                if isinstance(id, str) and not (kind == APPLICATION and people):
                    told = name if isinstance(name, str) else ""
                    found[PERMISSION, app_id.lower(), kind, id.lower()] = told
    return found


def _objects(value: Any) -> Iterable[dict[str, Any]]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _roles(loaded: Loaded, held: Mapping[Key, set[str]]) -> Iterator[Unrated]:
    frame = loaded.tables["role_definitions"]
    names = {
        (known(template) or id).lower(): known(name) or ""
        for template, id, name in zip(frame["template_id"], frame["id"], frame["name"], strict=True)
    }
    for id in {*names, *(key[3] for key in held if key[0] == ROLE)}:
        rating = loaded.ratings.role(id)
        if rating.tier is None:
            holders = tuple(sorted(held.get((ROLE, "", "", id), ())))
            yield Unrated(ROLE, id, names.get(id) or rating.name or id, holders)


def _management_roles(loaded: Loaded, held: Mapping[Key, set[str]]) -> Iterator[Unrated]:
    frame = loaded.tables["management_role_assignments"]
    listed = {role for roles in loaded.tables["role_groups"]["roles"] for role in roles or ()}
    for role in {*frame["role"], *listed}:
        rated = loaded.ratings.management_role(role)[0] is not None
        if not rated and role not in APPLICATION_ROLES and not role.startswith(_OF_USERS):
            holders = tuple(sorted(held.get((MANAGEMENT_ROLE, "", "", role.lower()), ())))
            yield Unrated(MANAGEMENT_ROLE, role, role, holders)
