"""A user's overlay over the ratings, and the ratings one run judges by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from auditor.knowledge.exchange import exchange_levels
from auditor.knowledge.ratings import (
    APPLICATION,
    UNKNOWN,
    Rating,
    RoleRating,
    permissions,
    rating,
    role_rating,
)

PERMISSION, ROLE, MANAGEMENT_ROLE = "permission", "role", "management_role"
UNCONFIRMED = "id unconfirmed"  # an id that is in no list of Microsoft's


@dataclass(frozen=True, slots=True)
class Entry:
    """One rating of an overlay.

    what  permission, role (of the directory) or management_role (of Exchange)
    id    permission id, template id, or name of the management role; ids in lower case
    was   the rating it takes the place of, in words
    """

    what: str
    id: str
    name: str
    reason: str
    was: str
    resource: str = ""
    kind: str = ""
    tier: int | None = None
    path: str = ""
    reach: tuple[str, ...] = ()
    level: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it rates; management roles without regard to case."""
        return self.what, self.resource, self.kind, self.id.lower()

    @property
    def now(self) -> str:
        """The rating it gives, in words."""
        return f"level {self.level}" if self.level else in_words(self.tier, self.path, "overlay")


@dataclass(frozen=True, slots=True)
class Overlay:
    """The ratings of one overlay file, by the file's name and hash."""

    file: str
    sha256: str
    entries: tuple[Entry, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON types, for audit.json."""
        entries = [asdict(each) | {"now": each.now} for each in self.entries]
        return {"file": self.file, "sha256": self.sha256, "entries": entries}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Overlay:
        """The overlay an audit.json tells of. Raises `KeyError` or `TypeError` if it tells none."""
        names = Entry.__dataclass_fields__
        entries = (
            {name: each[name] for name in names} | {"reach": tuple(each["reach"])}
            for each in value["entries"]
        )
        return cls(value["file"], value["sha256"], tuple(Entry(**each) for each in entries))


def in_words(tier: int | None, path: str, basis: str) -> str:
    """A rating in a few words, such as `tier 0, direct, tested`."""
    if tier is None:
        return UNKNOWN
    return ", ".join(filter(None, [f"tier {tier}", "" if path == "none" else path, basis]))


@cache
def _by_name(kind: str) -> Mapping[tuple[str, str], Rating]:
    """Ratings by (resource, name in lower case); an id that Microsoft lists wins."""
    found: dict[tuple[str, str], Rating] = {}
    for each in permissions(kind).values():
        key = each.resource, each.name.lower()
        if key not in found or UNCONFIRMED in found[key].disagree:
            found[key] = each
    return found


def named(resource: str, name: str, kind: str) -> Rating | None:
    """The permission of that name on that API; None if it is not known here. Any letter case."""
    return _by_name(kind).get((resource.lower(), name.lower()))


@dataclass(frozen=True)
class Ratings:
    """What one run judges by: the ratings that come with the auditor, and an overlay on top."""

    overlay: Overlay | None = None
    _entries: Mapping[tuple[str, str, str, str], Entry] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        entries = self.overlay.entries if self.overlay else ()
        object.__setattr__(self, "_entries", {each.key: each for each in entries})

    def permission(self, resource: str, id: str, kind: str = APPLICATION) -> Rating:
        """The rating of a permission, `unknown` where nobody rates it. Any letter case."""
        own = rating(resource, id, kind)
        entry = self._entries.get((PERMISSION, own.resource, kind, own.id))
        if entry is None:
            return own
        return own._replace(name=own.name or entry.name, **_changed(entry, own))

    def scope(self, resource: str, name: str, id: str | None, kind: str) -> Rating:
        """The rating of a permission told by name, with its id where the API publishes it."""
        known = named(resource, name, kind)
        wanted = id or (known.id if known else None)
        return (
            self.permission(resource, wanted, kind) if wanted else Rating(resource, "", kind, name)
        )

    def role(self, template_id: str) -> RoleRating:
        """The rating of a directory role, `unknown` where nobody rates it. Any letter case."""
        own = role_rating(template_id)
        entry = self._entries.get((ROLE, "", "", own.template_id))
        if entry is None:
            return own
        return own._replace(name=own.name or entry.name, **_changed(entry, own))

    def management_role(self, name: str) -> tuple[str | None, str]:
        """The level a management role of Exchange gives, None if nobody rates it, and the
        overlay's reason if the overlay says so.
        """
        entry = self._entries.get((MANAGEMENT_ROLE, "", "", name.lower()))
        if entry is not None:
            return entry.level, entry.reason
        return exchange_levels("management-role").get(name), ""

    def names(self) -> dict[tuple[str, str], str]:
        """Names of permissions that the overlay alone knows, by (resource app id, id)."""
        return {
            (each.resource, each.id): each.name
            for each in self._entries.values()
            if each.what == PERMISSION and each.name
        }


def _changed(entry: Entry, own: Rating | RoleRating) -> dict[str, Any]:
    return {
        "tier": entry.tier,
        "state": UNKNOWN if entry.tier is None else "rated",
        "path": entry.path,
        "reach": entry.reach or own.reach,
        "basis": "overlay",
        "confidence": "stated",
        "rated_by": entry.reason,
    }


BUILT_IN = Ratings()
