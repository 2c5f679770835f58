"""Recorded changes of applications: who did what to which, and which credentials came or went.

The form of a record's `modifiedProperties` is not documented; what is read here was seen in public
tools: texts of JSON that hold texts in brackets, `[KeyIdentifier=GUID,KeyType=...,DisplayName=...]`,
where a display name is whatever its maker wrote, commas and brackets included. Activity names come
with an en dash and a trailing blank (reference, section 1.6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from auditor.tables.conditional_access import part
from auditor.tables.declare import PAGE, Frame, Table, many, text, time
from auditor.tables.source import Source, words

_DATASET = "directory-audits"
# The first that an activity begins with tells its kind; what begins with none is left out.
_KINDS: tuple[tuple[str, str], ...] = (
    ("add service principal credentials", "credential"),
    ("remove service principal credentials", "credential"),
    ("update application - certificates and secrets management", "credential"),
    ("create application - certificates and secrets management", "credential"),
    ("add app role assignment", "permission"),
    ("remove app role assignment", "permission"),
    ("add delegated permission grant", "consent"),
    ("remove delegated permission grant", "consent"),
    ("consent to application", "consent"),
    ("revoke consent", "consent"),
    ("add owner to", "owner"),
    ("remove owner from", "owner"),
    ("add member to role", "role"),
    ("add eligible member to role", "role"),
    ("add scoped member to role", "role"),
    ("remove member from role", "role"),
    ("remove eligible member from role", "role"),
    ("remove scoped member from role", "role"),
    ("add policy", "policy"),
    ("update policy", "policy"),
    ("delete policy", "policy"),
    ("add conditional access policy", "policy"),
    ("update conditional access policy", "policy"),
    ("delete conditional access policy", "policy"),
    ("update authorization policy", "policy"),
    *(
        (f"{verb} {what}", "application")
        for verb in ("add", "update", "delete", "hard delete", "remove", "restore", "disable")
        for what in ("application", "service principal")
    ),
)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
# Only at the beginning of a text: further on it may be part of a name.
_KEY_ID = re.compile(r"\[KeyIdentifier=([^,\]]+)[,\]]", re.IGNORECASE)
_OBJECT_ID = ".objectid"


def plain(activity: str) -> str:
    """An activity's name with plain dashes and single blanks."""
    return " ".join(_DASHES.sub("-", activity).split())


def kind_of(activity: str) -> str | None:
    """What an activity is about; None if it is about nothing that this table is for."""
    name = plain(activity).lower()
    return next((kind for start, kind in _KINDS if name.startswith(start)), None)


def decoded(value: object) -> Any:
    """What a property's text of JSON says; the text itself where it is none."""
    if not isinstance(value, str):
        return None
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def key_ids(value: object) -> frozenset[str] | None:
    """Ids of the credentials that a KeyDescription lists; None if it cannot be read."""
    if value is None:
        return frozenset()
    found = decoded(value)
    if not isinstance(found, list):
        return None
    matches = [_KEY_ID.match(each) for each in found if isinstance(each, str)]
    if len(matches) < len(found) or not all(matches):
        return None
    return frozenset(match[1].lower() for match in matches if match)


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _properties(item: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for target in _objects(item.get("targetResources")):
        for each in _objects(target.get("modifiedProperties")):
            yield (words(each.get("displayName")) or "").lower(), each


def _keys(item: Mapping[str, Any]) -> tuple[list[str] | None, list[str] | None]:
    """Credentials that came and that went; None where it cannot be told."""
    added: set[str] = set()
    removed: set[str] = set()
    for name, each in _properties(item):
        if name == "keydescription":
            old, new = key_ids(each.get("oldValue")), key_ids(each.get("newValue"))
            if old is None or new is None:
                return None, None
            added |= new - old
            removed |= old - new
    return sorted(added), sorted(removed)


def _actor(item: Mapping[str, Any]) -> dict[str, str | None]:
    who = part(item, "initiatedBy")
    user, app = part(who, "user"), part(who, "app")
    if user.get("id") or user.get("userPrincipalName"):
        return {
            "actor_kind": "user",
            "actor_id": words(user.get("id")),
            "actor_name": words(user.get("userPrincipalName")) or words(user.get("displayName")),
            "address": words(user.get("ipAddress")) or None,
        }
    if app.get("servicePrincipalId") or app.get("appId") or app.get("displayName"):
        return {
            "actor_kind": "app",
            "actor_id": words(app.get("servicePrincipalId")) or words(app.get("appId")),
            "actor_name": words(app.get("displayName")),
            "address": None,
        }
    return {}


def _related(item: Mapping[str, Any]) -> list[str]:
    """Ids of objects that a record names beside its targets."""
    values = (
        value
        for name, each in _properties(item)
        if name.endswith(_OBJECT_ID)
        for value in (decoded(each.get("newValue")), decoded(each.get("oldValue")))
    )
    return list(dict.fromkeys(each for each in values if isinstance(each, str) and each))


def _recorded(source: Source) -> Iterator[dict[str, Any]]:
    for found in source.rows(_DATASET):
        item = found.item
        if not source.whole(_DATASET, item, "id", "activityDisplayName"):
            continue
        if (kind := kind_of(item["activityDisplayName"])) is None:
            continue
        targets = _objects(item.get("targetResources"))
        added, removed = _keys(item)
        yield {
            "id": item["id"],
            "kind": kind,
            "activity": plain(item["activityDisplayName"]),
            "category": words(item.get("category")),
            "happened": item.get("activityDateTime"),
            "result": words(item.get("result")),
            **_actor(item),
            "target_ids": [id for each in targets if (id := words(each.get("id")))],
            "target_types": [words(each.get("type")) or "" for each in targets],
            "target_names": [words(each.get("displayName")) or "" for each in targets],
            "related_ids": _related(item),
            "keys_added": added,
            "keys_removed": removed,
            "correlation_id": words(item.get("correlationId")),
            "page": found.page,
        }


def _audits(source: Source) -> Frame:
    return DIRECTORY_AUDITS.frame(_recorded(source))


DIRECTORY_AUDITS = Table(
    name="directory_audits",
    meaning=(
        "recorded changes of applications, credentials, permissions, consents, owners, roles and "
        "policies, within collect.audit_days and what the tenant keeps"
    ),
    key=("id",),
    columns=(
        text("id", "id of the record", True),
        text("kind", "application, credential, permission, consent, owner, role or policy", True),
        text("activity", "its name, with plain dashes and without a trailing blank", True),
        text("category", "category as recorded"),
        time("happened", "when"),
        text("result", "success, failure or timeout"),
        text("actor_kind", "user or app; null if nobody is named"),
        text("actor_id", "object id of who did it; a client id where that alone is told"),
        text("actor_name", "user name, or the application's display name"),
        text("address", "the user's address"),
        many("target_ids", "object ids of what it was done to"),
        many("target_types", "their types, in the same order"),
        many("target_names", "their display names, in the same order"),
        many("related_ids", "object ids that its changed properties name"),
        many("keys_added", "keyIds that came; null if the record cannot be read"),
        many("keys_removed", "keyIds that went; null if the record cannot be read"),
        text("correlation_id", "records of one action share it"),
        PAGE,
    ),
    source=_DATASET,
    build=_audits,
    subject=("'auditRecord'", "id", "", "activity"),
)
TABLES = (DIRECTORY_AUDITS,)
