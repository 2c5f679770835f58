"""Exchange's management scopes and roles, and the cmdlets that applications ran."""

from __future__ import annotations

import re
from typing import Any

import orjson

from auditor.tables.declare import PAGE, Frame, Table, flag, many, row, text, time
from auditor.tables.source import Source, place, positions, words

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SCOPES = "exchange-management-scopes"
_ROLES = "exchange-management-roles"
_CMDLETS = "exchange-app-cmdlets"


def _scopes(source: Source) -> Frame:
    return EXCHANGE_SCOPES.frame(
        {
            "id": words(item.get("Guid")) or item["Name"],
            "name": item["Name"],
            "filter": words(item.get("RecipientFilter")),
            "root": words(item.get("RecipientRoot")),
            "type": words(item.get("ScopeRestrictionType")),
            "exclusive": item.get("Exclusive"),
            "page": found.page,
        }
        for found in source.rows(_SCOPES)
        if source.whole(_SCOPES, item := found.item, "Name")
    )


def _roles(source: Source) -> Frame:
    return EXCHANGE_ROLES.frame(
        {
            "id": words(item.get("Guid")) or item["Name"],
            "name": item["Name"],
            "type": words(item.get("RoleType")),
            "parent": words(item.get("Parent")),
            "root": item.get("IsRootRole"),
            "end_user": item.get("IsEndUserRole"),
            "page": found.page,
        }
        for found in source.rows(_ROLES)
        if source.whole(_ROLES, item := found.item, "Name")
    )


def _cmdlets(source: Source) -> Frame:
    principals = positions(source.table("service_principals"), "app_id")
    records: dict[str, dict[str, Any]] = {}
    for found in source.rows(_CMDLETS):
        item = found.item
        if not source.whole(_CMDLETS, item, "Operations"):
            continue
        data = _data(item.get("AuditData"))
        if data is None:
            source.fault(_CMDLETS, "no readable AuditData")
            data = {}
        id = words(data.get("Id")) or words(item.get("Identity"))
        if not id:
            source.fault(_CMDLETS, "no Id")
            continue
        app_id = _app_id(item, data)
        # The log is known to hand the same record out twice.
        records.setdefault(
            id.lower(),
            {
                "id": id,
                "app_id": app_id,
                "principal": place(principals, app_id),
                "cmdlet": item["Operations"],
                "when": words(item.get("CreationDate")) or words(data.get("CreationTime")),
                "target": words(data.get("ObjectId")),
                "result": _result(data.get("ResultStatus")),
                "parameters": _parameters(data.get("Parameters")),
                "page": found.page,
            },
        )
    return APP_CMDLETS.frame(records.values())


def _data(value: object) -> dict[str, Any] | None:
    try:
        told = orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError:
        return None
    return told if isinstance(told, dict) else None


def _app_id(item: dict[str, Any], data: dict[str, Any]) -> str | None:
    """The app's client id: from the identity `domain/appId`, or where the record names it."""
    for told in (data.get("UserId"), item.get("UserIds"), data.get("AppId")):
        last = (words(told) or "").rpartition("/")[2].strip()
        if _GUID.fullmatch(last):
            return last.lower()
    return None


def _result(value: object) -> str | None:
    return str(value) if isinstance(value, str | bool) else None


def _parameters(value: object) -> list[str] | None:
    """Their names: what was given for them may be anybody's business but a report's."""
    if not isinstance(value, list):
        return None
    return [
        each["Name"]
        for each in value
        if isinstance(each, dict) and isinstance(each.get("Name"), str)
    ]


EXCHANGE_SCOPES = Table(
    name="exchange_scopes",
    meaning="Exchange management scopes, which limit what an assigned role reaches",
    key=("id",),
    columns=(
        text("id", "Guid, or Name", True),
        text("name", "Name", True),
        text("filter", "RecipientFilter"),
        text("root", "RecipientRoot"),
        text("type", "ScopeRestrictionType"),
        flag("exclusive", "Exclusive"),
        PAGE,
    ),
    source=_SCOPES,
    build=_scopes,
    subject=("'managementScope'", "id", "", "name"),
)
EXCHANGE_ROLES = Table(
    name="exchange_roles",
    meaning="Exchange management roles, built-in and custom",
    key=("id",),
    columns=(
        text("id", "Guid, or Name", True),
        text("name", "Name", True),
        text("type", "RoleType: a custom role has that of the built-in one it was made from"),
        text("parent", "Parent: the role it was made from; empty for a built-in one"),
        flag("root", "IsRootRole: built-in"),
        flag("end_user", "IsEndUserRole"),
        PAGE,
    ),
    source=_ROLES,
    build=_roles,
    subject=("'managementRole'", "id", "", "name"),
)
APP_CMDLETS = Table(
    name="app_cmdlets",
    meaning="cmdlets that applications ran in Exchange, as the audit log tells them",
    key=("id",),
    columns=(
        text("id", "the record's Id", True),
        text("app_id", "client id of the application; null if the record does not tell"),
        row("principal", "its row in service_principals"),
        text("cmdlet", "Operations", True),
        time("when", "CreationDate"),
        text("target", "ObjectId: what it was run on"),
        text("result", "ResultStatus: True if it worked"),
        many("parameters", "names of the parameters given"),
        PAGE,
    ),
    source=_CMDLETS,
    build=_cmdlets,
    fills=("service-principals",),
    subject=("'auditRecord'", "id", "app_id", "cmdlet"),
)
TABLES = (EXCHANGE_SCOPES, EXCHANGE_ROLES, APP_CMDLETS)
