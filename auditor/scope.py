"""Rows that the user's own settings leave out of a rule: by application, tag, publisher or owner.

They are counted apart and listed with the reason, and are never passed. Only what is known to match
is left out: where owners or tags could not be read, the row stays and is judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from auditor.settings.rules import Text
from auditor.settings.values import list_of

if TYPE_CHECKING:
    import pandas as pd

    from auditor.tables.declare import Table

PUBLISHERS = ("own", "foreign", "microsoft")
EVERY_RULE = "all"  # the section [rules.all]
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HOLDERS = ("applications", "service_principals")


def _texts(value: Any) -> tuple[str, ...]:
    found = list_of(value) if isinstance(value, Text) else value
    if not isinstance(found, list | tuple) or not all(
        isinstance(each, str) and each.strip() for each in found
    ):
        raise ValueError(f"takes a list of texts, not {value!r}")
    return tuple(dict.fromkeys(found))


def _apps(value: Any) -> tuple[str, ...]:
    found = _texts(value)
    for each in found:
        if not _GUID.fullmatch(each):
            raise ValueError(f"takes application (client) ids (GUIDs), not {each!r}")
    return tuple(each.lower() for each in found)


def _publishers(value: Any) -> tuple[str, ...]:
    found = _texts(value)
    for each in found:
        if each not in PUBLISHERS and not _GUID.fullmatch(each):
            near = get_close_matches(each, PUBLISHERS, 1)
            raise ValueError(
                f"takes tenant ids (GUIDs) or one of {', '.join(PUBLISHERS)}, not {each!r}"
                + (f" (nearest: {near[0]})" if near else "")
            )
    return tuple(each.lower() for each in found)


# How each key of [rules.ID] and [rules.all] is read; raises ValueError.
KEYS: Mapping[str, Callable[[Any], tuple[str, ...]]] = {
    "except_apps": _apps,
    "except_tags": _texts,
    "except_publishers": _publishers,
    "except_owners": _texts,
}


@dataclass(frozen=True)
class Scope:
    """What one rule leaves out by the user's settings; empty: nothing."""

    except_apps: tuple[str, ...] = ()
    except_tags: tuple[str, ...] = ()
    except_publishers: tuple[str, ...] = ()
    except_owners: tuple[str, ...] = ()

    def entries(self) -> Iterator[tuple[str, str]]:
        """Each (key, value)."""
        for key in KEYS:
            for value in getattr(self, key):
                yield key, value

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return any(self.entries())


NOTHING = Scope()


@dataclass(frozen=True, slots=True)
class ScopedOut:
    """One row that the user's settings leave out of a rule, and by which setting."""

    object: Mapping[str, str | None]
    part: str
    reason: str


@dataclass
class Scoper:
    """Finds the applications and service principals that scopes name, in one set of tables."""

    frames: Mapping[str, pd.DataFrame]
    _found: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    _tags: dict[str, set[str]] | None = None

    def reasons(self, scope: Scope) -> dict[str, str]:
        """Why each object is left out, by its object id and by its app id, in lower case."""
        found: dict[str, str] = {}
        for key, value in scope.entries():
            for id in self.matches(key, value):
                found.setdefault(id, f"left out by {key} = {value!r}")
        return found

    def outside(self, scope: Scope, table: Table, rows: pd.DataFrame) -> pd.Series:
        """The reasons, by index, of the rows of `table` that the scope leaves out."""
        import pandas as pd  # late: settings are read without it

        reasons = self.reasons(scope)
        told = pd.Series(None, index=rows.index, dtype="object")
        # Its own id and its application's both tell which object a row is about.
        for column in dict.fromkeys((table.subject[1], table.subject[2])):
            if column and reasons:
                told = told.fillna(rows[column].str.lower().map(reasons))
        return told.dropna()

    def matches(self, key: str, value: str) -> frozenset[str]:
        """The ids of the objects that one entry names."""
        if (key, value) not in self._found:
            find: Callable[[str], Iterable[str]] = {
                "except_apps": self._apps,
                "except_tags": self._tagged,
                "except_publishers": self._published,
                "except_owners": self._owned,
            }[key]
            self._found[key, value] = frozenset(find(value))
        return self._found[key, value]

    def known(self, key: str) -> set[str]:
        """The values that an entry of this key could have named."""
        if key == "except_tags":
            return set(self._by_tag())
        owners = self.frames["directory_objects"]["user_name"]
        return set(owners.dropna()) if key == "except_owners" else set()

    def _apps(self, value: str) -> Iterator[str]:
        for name in _HOLDERS:
            frame = self.frames[name]
            yield from _ids(frame[frame["app_id"].str.lower() == value])

    def _by_tag(self) -> dict[str, set[str]]:
        if self._tags is None:
            self._tags = {}
            for name in _HOLDERS:
                frame = self.frames[name]
                tagged = frame[frame["tags"].map(bool).fillna(False).astype(bool)]
                for tags, id, app_id in zip(
                    tagged["tags"], tagged["id"], tagged["app_id"], strict=True
                ):
                    for tag in tags:
                        self._tags.setdefault(tag, set()).update((id.lower(), app_id.lower()))
        return self._tags

    def _tagged(self, value: str) -> Iterable[str]:
        return self._by_tag().get(value, set())

    def _published(self, value: str) -> Iterator[str]:
        frame = self.frames["service_principals"]
        said = frame["publisher"] == value
        yield from _ids(frame[(said | (frame["owner_tenant"].str.lower() == value)).fillna(False)])

    def _owned(self, value: str) -> Iterator[str]:
        wanted, people = value.lower(), self.frames["directory_objects"]
        # Never by display name: whoever owns an application could take another's.
        named = people[(people["user_name"].str.lower() == wanted).fillna(False)]
        ids = {wanted, *named["id"].str.lower()}
        for name, holder in zip(
            ("application_owners", "service_principal_owners"), _HOLDERS, strict=True
        ):
            owners, objects = self.frames[name], self.frames[holder]
            rows = owners["object_row"][owners["owner_id"].str.lower().isin(ids)]
            yield from _ids(objects[objects.index.isin(rows)])


def _ids(frame: pd.DataFrame) -> Iterator[str]:
    for name in ("id", "app_id"):
        yield from frame[name].str.lower()


def used(scoper: Scoper, scopes: Mapping[str, Scope]) -> tuple[dict[str, Any], ...]:
    """Each entry of the settings: which rules it is of, whether it names anything, what is near it."""
    entries: dict[tuple[str, str], list[str]] = {}
    for rule, scope in scopes.items():
        for entry in scope.entries():
            entries.setdefault(entry, []).append(rule)
    told = []
    for (key, value), rules in entries.items():
        found = scoper.matches(key, value)
        near = [] if found else get_close_matches(value, sorted(scoper.known(key)), 1)
        told.append(
            {
                "key": key,
                "value": value,
                "rules": [EVERY_RULE] if len(rules) == len(scopes) > 1 else rules,
                "names_something": bool(found),
                "nearest": near[0] if near else None,
            }
        )
    return tuple(told)
