"""Reads a ratings overlay: a TOML file of [[permission]], [[role]] and [[management_role]].

Every entry needs a reason. What it names must exist in the ratings, or be given by id and name
both: a typo must not become a rating of nothing.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from auditor.errors import SettingsError
from auditor.knowledge.applications import application_name
from auditor.knowledge.exchange import exchange_levels
from auditor.knowledge.overlay import (
    BUILT_IN,
    MANAGEMENT_ROLE,
    PERMISSION,
    ROLE,
    Entry,
    Overlay,
    Ratings,
    in_words,
    named,
)
from auditor.knowledge.ratings import (
    APPLICATION,
    KINDS,
    UNKNOWN,
    Rating,
    RoleRating,
    permissions,
    rating,
    reach_words,
    role_rating,
    roles,
)
from auditor.knowledge.wellknown import LEVELS

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TYPO = 0.9  # how alike two GUIDs are when one is the other, mistyped; random ones stay below 0.7
_GIVES = tuple(level for level in LEVELS if level != "dormant")
_RATES = ("tier", "path", "reach", "reason")
_KEYS = {
    PERMISSION: ("resource", "id", "name", "kind", *_RATES),
    ROLE: ("template_id", "name", *_RATES),
    MANAGEMENT_ROLE: ("name", "level", "reason"),
}


def load_overlay(path: Path) -> Overlay:
    """The overlay at `path`. Raises `SettingsError` naming the entry and the nearest known name."""
    try:
        data = path.read_bytes()
        content = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise SettingsError(
            f"The ratings overlay {path} cannot be read: {error.strerror or error}.",
            "knowledge.overlay is relative to the folder of the settings file.",
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error
    for name in content:
        if name not in _KEYS:
            raise SettingsError(
                f"{path}: [[{name}]] is nothing an overlay rates{_nearest(name, _KEYS)}.",
                f"Known: {', '.join(_KEYS)}.",
            )
    found: dict[tuple[str, ...], Entry] = {}
    for what in _KEYS:
        given = content.get(what, [])
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            raise SettingsError(f"{path}: write each {what} as an entry of its own: [[{what}]].")
        for number, each in enumerate(given, 1):
            told = each.get("name") or each.get("id") or each.get("template_id") or ""
            place = f"{path}: [[{what}]] number {number}" + (f" ({told})" if told else "")
            try:
                entry = _entry(what, each)
                if entry.key in found:
                    raise ValueError("rates what an entry before it rates already")
            except (TypeError, ValueError) as error:
                raise SettingsError(f"{place} {error}.", "See docs/knowledge.md.") from error
            found[entry.key] = entry
    return Overlay(path.name, hashlib.sha256(data).hexdigest(), tuple(found.values()))


def ratings_with(path: Path | None) -> Ratings:
    """The ratings with the overlay at `path`, or without one. Raises `SettingsError`."""
    return Ratings(load_overlay(path)) if path else BUILT_IN


def _entry(what: str, given: Mapping[str, Any]) -> Entry:
    for key in given:
        if key not in _KEYS[what]:
            raise ValueError(f"has {key}, which is no part of it{_nearest(key, _KEYS[what])}")
    reason = _text(given, "reason")
    if not reason:
        raise ValueError('gives no reason: say why in reason = "..."')
    if what == MANAGEMENT_ROLE:
        return _management_role(given, reason)
    own = _permission(given) if what == PERMISSION else _role(given)
    tier = _tier(given)
    return Entry(
        what,
        own.id if isinstance(own, Rating) else own.template_id,
        own.name or _text(given, "name"),
        reason,
        in_words(own.tier, own.path, own.basis),
        own.resource if isinstance(own, Rating) else "",
        own.kind if isinstance(own, Rating) else "",
        tier,
        _path(given, tier, own),
        _reach(given),
    )


def _text(given: Mapping[str, Any], key: str) -> str:
    value = given.get(key, "")
    if not isinstance(value, str):
        raise TypeError(f"has a {key} that is no text: {value!r}")
    return value.strip()


def _tier(given: Mapping[str, Any]) -> int | None:
    value = given.get("tier")
    if value == UNKNOWN:
        return None
    if isinstance(value, bool) or value not in (0, 1, 2):
        raise ValueError(f'needs tier = 0, 1, 2 or "unknown", not {value!r}')
    return int(value)


def _path(given: Mapping[str, Any], tier: int | None, own: Rating | RoleRating) -> str:
    value = _text(given, "path")
    choices = ("direct", "indirect", "not-proven")
    if tier != 0:
        if value:
            raise ValueError("has a path, which only tier 0 has")
        return UNKNOWN if tier is None else "none"
    if not value and own.tier == 0:
        return own.path
    if value not in choices:
        raise ValueError(
            f"needs a path with tier 0: one of {', '.join(choices)}{_nearest(value, choices)}"
        )
    return value


def _reach(given: Mapping[str, Any]) -> tuple[str, ...]:
    value = given.get("reach", [])
    if not isinstance(value, list):
        raise TypeError("has a reach that is no list of words")
    for word in value:
        if word not in reach_words():
            raise ValueError(
                f"has the reach {word!r}, which is no word for it{_nearest(word, reach_words())}"
            )
    return tuple(value)


def _management_role(given: Mapping[str, Any], reason: str) -> Entry:
    name, level = _text(given, "name"), _text(given, "level")
    if not name:
        raise ValueError('names no role: name = "..."')
    if level not in _GIVES:
        raise ValueError(f"needs a level: one of {', '.join(_GIVES)}{_nearest(level, _GIVES)}")
    known = exchange_levels("management-role").get(name)
    return Entry(
        MANAGEMENT_ROLE, name, name, reason, f"level {known}" if known else UNKNOWN, level=level
    )


def _permission(given: Mapping[str, Any]) -> Rating:
    kind = _text(given, "kind") or APPLICATION
    if kind not in KINDS:
        raise ValueError(f"has the kind {kind!r}: one of {', '.join(KINDS)}")
    resource = _resource(_text(given, "resource"))
    id, name = _text(given, "id").lower(), _text(given, "name")
    names = {each.name for api, _, each in _known(kind) if api == resource}
    if not id:
        own = named(resource, name, kind) if name else None
        if own is None:
            raise ValueError(
                f"names the {kind} permission {name!r}, which is not known on {resource}"
                f"{_nearest(name, names)}; give its id and its name"
            )
        return own
    ids = {each for api, each, _ in _known(kind) if api == resource}
    _must_be_guid("id", id, ids, name)
    own = rating(resource, id, kind)
    _must_agree(own.name, name, lambda: f"{resource} {id}")
    return own


def _known(kind: str) -> Iterable[tuple[str, str, Rating]]:
    return ((resource, id, each) for (resource, id), each in permissions(kind).items())


def _resource(told: str) -> str:
    if not told:
        raise ValueError('names no API: resource = "the API\'s app id or name"')
    if _GUID.fullmatch(told):
        return told.lower()
    apis = {resource for kind in KINDS for resource, _ in permissions(kind)}
    by_name = {application_name(each).lower(): each for each in apis}
    if told.lower() not in by_name:
        names = [application_name(each) for each in apis]
        raise ValueError(
            f"names the API {told!r}, which is not known{_nearest(told, names)}; give its app id"
        )
    return by_name[told.lower()]


def _role(given: Mapping[str, Any]) -> RoleRating:
    id, name = _text(given, "template_id").lower(), _text(given, "name")
    if not id:
        names = {each.name.lower(): each for each in roles().values()}
        if name.lower() not in names:
            near = _nearest(name, [each.name for each in roles().values()])
            raise ValueError(
                f"names the directory role {name!r}, which is not known{near}; "
                "give its template_id and its name"
            )
        return names[name.lower()]
    _must_be_guid("template_id", id, roles(), name)
    own = role_rating(id)
    _must_agree(own.name, name, lambda: id)
    return own


def _must_be_guid(key: str, id: str, known: Iterable[str], name: str) -> None:
    if not _GUID.fullmatch(id):
        raise ValueError(f"has the {key} {id!r}, which is no GUID")
    every = set(known)
    if id in every:
        return
    close = get_close_matches(id, sorted(every), 1, _TYPO)
    if close:
        raise ValueError(f"has the {key} {id}, which is not known (nearest: {close[0]})")
    if not name:
        raise ValueError(f"has the {key} {id}, which is not known: give its name besides")


def _must_agree(known: str, given: str, what: Callable[[], str]) -> None:
    if known and given and known.lower() != given.lower():
        raise ValueError(f"calls {what()} {given}, but that is {known}")


def _nearest(word: object, known: Iterable[str]) -> str:
    close = get_close_matches(str(word), sorted(set(known)), 1)
    return f" (nearest: {close[0]})" if close else ""
