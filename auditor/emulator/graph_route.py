"""What an endpoint of Graph is: its path, who may ask, what it answers and what that costs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.emulator.graph_handlers import Handler
from auditor.emulator.web import Call

V1 = frozenset({"v1.0"})
BETA = frozenset({"beta"})
BOTH = V1 | BETA
ID = r"(?P<id>[0-9a-fA-F-]{36})"
COUNT = r"(?:/\$count)?"
KEY = r"(?:/(?P<id>[0-9a-fA-F-]{36})|\(appId='(?P<appid>[0-9a-fA-F-]{36})'\))"
ROLES = "/roleManagement/directory"


@dataclass(frozen=True)
class Route:
    """An endpoint: its path, the permissions that open it, what it answers, its base cost.

    also      permissions of which one is needed besides one of `permissions`
    licence   what the tenant must have bought
    """

    pattern: re.Pattern[str]
    permissions: frozenset[str]
    handler: Handler
    cost: int = 1
    method: str = "GET"
    versions: frozenset[str] = V1
    also: frozenset[str] = frozenset()  # one of these is needed besides
    limit: str = ""  # a quota of its own, see `quota.LIMITS`
    licence: str = ""  # without it the endpoint is refused

    def parts(self, call: Call) -> dict[str, str] | None:
        """What the path names, if it is this endpoint's."""
        found = self.pattern.fullmatch(call.path) if call.version in self.versions else None
        if found is None:
            return None
        return {name: text for name, text in found.groupdict().items() if text is not None}


@dataclass(frozen=True)
class Match:
    """A route and the parts of the path it took out."""

    route: Route
    parts: dict[str, str]


def route(
    path: str,
    any_of: frozenset[str],
    handler: Handler,
    cost: int = 1,
    versions: frozenset[str] = V1,
    *,
    also: frozenset[str] = frozenset(),
    limit: str = "",
    licence: str = "",
) -> Route:
    """An endpoint that is read with GET."""
    return Route(
        re.compile(path),
        any_of,
        handler,
        cost,
        versions=versions,
        also=also,
        limit=limit,
        licence=licence,
    )
