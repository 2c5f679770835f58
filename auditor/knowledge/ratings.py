"""Ratings of permissions and directory roles, by id. The columns are told in README.md."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from auditor.knowledge.data import lines, read, texts

APPLICATION, DELEGATED = "application", "delegated"
KINDS = (APPLICATION, DELEGATED)
TIERS = ("0", "1", "2", "unknown")
STATES = ("rated", "candidate", "unknown")
PATHS = ("direct", "indirect", "not-proven", "none", "unknown")
BASES = ("tested", "documented", "several-models", "one-model", "none", "overlay")
CONFIDENCES = ("high", "medium", "low", "none", "stated")
UNKNOWN = "unknown"


class Rating(NamedTuple):
    """How far a permission reaches.

    tier 0 reaches Global Administrator or the whole tenant, 1 tenant-wide data or one service,
    2 little; None: nobody rates it, which says nothing of how dangerous it is. `candidate` is a
    rating that rests on one model, or a tier 0 that nobody tested.
    """

    resource: str
    id: str
    kind: str
    name: str
    tier: int | None = None
    state: str = UNKNOWN
    reach: tuple[str, ...] = ()
    path: str = UNKNOWN
    conditional: bool = False
    basis: str = "none"
    confidence: str = "none"
    agree: tuple[str, ...] = ()
    disagree: tuple[str, ...] = ()
    date: str = ""
    rated_by: str = ""  # the overlay's reason, if an overlay changed the rating


class RoleRating(NamedTuple):
    """How far a directory role reaches; as for permissions. `is_privileged` is Microsoft's label."""

    template_id: str
    name: str
    tier: int | None = None
    state: str = UNKNOWN
    reach: tuple[str, ...] = ()
    path: str = UNKNOWN
    is_privileged: bool = False
    basis: str = "none"
    confidence: str = "none"
    agree: tuple[str, ...] = ()
    disagree: tuple[str, ...] = ()
    date: str = ""
    rated_by: str = ""


Key = tuple[str, str]
_TIER: Mapping[str, int | None] = {"0": 0, "1": 1, "2": 2, UNKNOWN: None}


@cache
def _permissions() -> Mapping[str, Mapping[Key, Rating]]:
    found: dict[str, dict[Key, Rating]] = {kind: {} for kind in KINDS}
    for row in lines("permissions")[1:]:
        resource, id, kind, name, tier, state, reach, path, conditional, basis, *rest = row
        confidence, agree, disagree, date = rest
        found[kind][resource, id] = Rating(
            resource,
            id,
            kind,
            name,
            _TIER[tier],
            state,
            texts(reach),
            path,
            conditional == "yes",
            basis,
            confidence,
            texts(agree),
            texts(disagree),
            date,
        )
    return found


def permissions(kind: str = APPLICATION) -> Mapping[Key, Rating]:
    """Ratings of application or delegated permissions by (resource app id, permission id)."""
    return _permissions()[kind]


@cache
def roles() -> Mapping[str, RoleRating]:
    """Ratings of directory roles by template id."""
    return {
        row["template_id"]: RoleRating(
            row["template_id"],
            row["name"],
            _TIER[row["tier"]],
            row["state"],
            texts(row["reach"]),
            row["path"],
            row["is_privileged"] == "true",
            row["basis"],
            row["confidence"],
            texts(row["agree"]),
            texts(row["disagree"]),
            row["date"],
        )
        for row in read("roles")
    }


@cache
def rated_apis() -> frozenset[str]:
    """App ids of the APIs with an application permission that is known here."""
    return frozenset(resource for resource, _ in permissions())


@cache
def reach_words() -> Mapping[str, str]:
    """What each word of `reach` means, one sentence each."""
    return {row["word"]: row["sentence"] for row in read("reach")}


def rating(resource: str, id: str, kind: str = APPLICATION) -> Rating:
    """The rating of a permission; one with state `unknown` where nobody rates it. Any letter case."""
    key = (resource.lower(), id.lower())
    return permissions(kind).get(key) or Rating(*key, kind, "")


def role_rating(template_id: str) -> RoleRating:
    """The rating of a directory role; one with state `unknown` for custom roles and the unrated."""
    id = template_id.lower()
    return roles().get(id) or RoleRating(id, "")
