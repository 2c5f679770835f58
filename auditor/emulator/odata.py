"""The part of OData that Graph's directory understands, and its refusals.

Source: Graph's documentation of query parameters, paging and advanced queries.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from auditor.emulator.facts import property_names
from auditor.emulator.tenant import Json
from auditor.emulator.web import Call, Refusal

DEFAULT_TOP = 100
MAX_TOP = 999
EXPANDED_AT_MOST = 20
_KNOWN = frozenset({"$select", "$expand", "$top", "$count", "$filter", "$skiptoken", "$format"})
_WINDOW = re.compile(r"(\w+DateTime)\s+(ge|le)\s+(\S+)")
_TYPED = frozenset({"application", "servicePrincipal"})
# Kept out of answers unless named, as the service does.
_ON_REQUEST: dict[str, Any] = {"managerApplications": [], "authenticationBehaviors": None}


@dataclass(frozen=True)
class Expand:
    """One expanded relation and the properties wanted of it."""

    relation: str
    select: tuple[str, ...]


@dataclass(frozen=True)
class SkipToken:
    """Where a listing goes on; `slipped` marks a listing whose empty page was served."""

    path: str
    offset: int
    size: int
    advanced: bool
    slipped: bool

    def encode(self) -> str:
        """The opaque text of a nextLink."""
        fields = [self.path, self.offset, self.size, self.advanced, self.slipped]
        return base64.urlsafe_b64encode(orjson.dumps(fields)).decode().rstrip("=")


@dataclass(frozen=True)
class Query:
    """What a request asks for beyond its path."""

    select: tuple[str, ...]
    expand: Expand | None
    top: int | None
    count: bool
    filter: str
    token: SkipToken | None
    eventual: bool

    @property
    def advanced(self) -> bool:
        """Whether the answer comes from the eventually consistent index."""
        return self.eventual and self.count


def parse_query(
    call: Call, *, kind: str, paged: bool = True, lacks: frozenset[str] = frozenset()
) -> Query:
    """Reads the query of a request for objects of a kind that lacks these names, or refuses it."""
    given = call.query
    for name in given:
        if name.startswith("$") and name not in _KNOWN:
            raise unsupported(f"The query parameter '{name}' is not supported here.")
    select = _names(given.get("$select", ""))
    check_names(select, kind, lacks)
    query = Query(
        select=select,
        expand=_expand(given.get("$expand", "")),
        top=_top(given.get("$top"), paged=paged),
        count=_flag(given.get("$count", "false")),
        filter=given.get("$filter", ""),
        token=_token(given.get("$skiptoken"), call.path),
        eventual=call.eventual,
    )
    if query.token and query.token.advanced and not query.eventual:
        raise unsupported(
            "The nextLink continues an advanced query: send the ConsistencyLevel header again."
        )
    return query


def check_names(select: tuple[str, ...], kind: str, lacks: frozenset[str] = frozenset()) -> None:
    """Refuses a $select of a name that applications and service principals do not have."""
    if kind not in _TYPED:
        return
    known = property_names(kind) - lacks
    for name in select:
        if name not in known:
            raise bad_request(
                f"Could not find a property named '{name}' on type 'microsoft.graph.{kind}'."
            )


def project(item: Json, select: tuple[str, ...]) -> Json:
    """The selected properties only; all that are returned by default without a selection."""
    if not select:
        return item
    made = {name: item[name] for name in select if name in item}
    for name in select:
        if name in _ON_REQUEST:
            made[name] = item.get(name, _ON_REQUEST[name])
    if "@odata.type" in item:
        made["@odata.type"] = item["@odata.type"]
    return made


def keep(items: list[Json], text: str, allowed: frozenset[str]) -> list[Json]:
    """The items a $filter keeps: `name eq value`, `name in (...)`, `time ge time`, joined by and."""
    for part in re.split(r"\s+and\s+", text.strip()) if text else ():
        if window := _WINDOW.fullmatch(part.strip()):
            items = _within(items, *window.groups(), allowed=allowed)
            continue
        name, values = _condition(part, allowed)
        items = [item for item in items if _value(item, name) in values]
    return items


def next_link(call: Call, token: SkipToken) -> str:
    """The absolute address of the next page: the same query with a $skiptoken."""
    parts = [
        part
        for part in call.raw_query.split("&")
        if part and not re.match(r"(\$|%24)skiptoken=", part, re.IGNORECASE)
    ]
    parts.append(f"$skiptoken={token.encode()}")
    return f"{call.base}/{call.version}{call.path}?{'&'.join(parts)}"


def self_link(call: Call) -> str:
    """The absolute address of this very request."""
    query = f"?{call.raw_query}" if call.raw_query else "?$skiptoken=again"
    return f"{call.base}/{call.version}{call.path}{query}"


def bad_request(message: str) -> Refusal:
    """400 for a request that makes no sense."""
    return Refusal(400, "Request_BadRequest", message)


def unsupported(message: str) -> Refusal:
    """400 for a query the directory cannot answer."""
    return Refusal(400, "Request_UnsupportedQuery", message)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _flag(text: str) -> bool:
    if text.casefold() not in ("true", "false"):
        raise bad_request(f"Invalid value '{text}' for $count query option found.")
    return text.casefold() == "true"


def _top(text: str | None, *, paged: bool) -> int | None:
    if text is None:
        return None
    if not paged:
        raise bad_request("The query parameter '$top' is not supported here.")
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MAX_TOP:
        raise bad_request(
            f"Invalid page size specified: '{text}'. Must be between 1 and {MAX_TOP} inclusive."
        )
    return int(text)


def _expand(text: str) -> Expand | None:
    if not text:
        return None
    match = re.fullmatch(r"(\w+)(?:\((.*)\))?", text.strip())
    if match is None or "$expand" in (match[2] or ""):
        raise bad_request("Only one relationship and one level can be expanded.")
    options = match[2] or ""
    if options and not options.startswith("$select="):
        raise bad_request(f"The option '{options}' of $expand is not supported.")
    return Expand(match[1], _names(options.removeprefix("$select=")))


def _token(text: str | None, path: str) -> SkipToken | None:
    if text is None:
        return None
    try:
        fields = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        token = SkipToken(*fields)
    except (ValueError, TypeError):
        raise bad_request("The skip token is not valid.") from None
    if token.path != path:
        raise bad_request("The skip token belongs to another request.")
    return token


def _within(
    items: list[Json], name: str, how: str, text: str, *, allowed: frozenset[str]
) -> list[Json]:
    if name not in allowed:
        raise unsupported(f"Filtering on '{name}' is not supported for this resource.")
    try:
        limit = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f"Invalid filter clause: '{text}' is no date.") from None
    if limit.tzinfo is None:
        raise bad_request(f"Invalid filter clause: '{text}' has no offset.")
    times = [(datetime.fromisoformat(item[name]), item) for item in items]
    return [item for when, item in times if (when >= limit if how == "ge" else when <= limit)]


def _condition(part: str, allowed: frozenset[str]) -> tuple[str, frozenset[str]]:
    match = re.fullmatch(r"(\w+)\s+(?:eq\s+(.+)|in\s*\((.+)\))", part.strip())
    if match is None:
        raise unsupported(f"The filter '{part}' is not supported.")
    name, one, several = match.groups()
    if name not in allowed:
        raise unsupported(f"Filtering on '{name}' is not supported for this resource.")
    texts = [one] if one else several.split(",")
    return name, frozenset(text.strip().strip("'").casefold() for text in texts)


def _value(item: Json, name: str) -> str:
    value = item.get(name)
    return "null" if value is None else str(value).casefold()
