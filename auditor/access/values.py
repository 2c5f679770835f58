"""What a look at the auditor's own access found, as values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Whether a dataset can be read, in the order of how much is known."""

    READABLE = "readable"  # the service answered
    GRANTED = "granted"  # the token carries a permission; nothing there to try it on
    WAITING = "waiting"  # granted, but it has not arrived everywhere yet
    MISSING = "missing"  # a permission or a role is not granted
    UNLICENSED = "unlicensed"
    REFUSED = "refused"  # the token carries a permission, and the service refuses all the same
    UNAVAILABLE = "unavailable"  # no usable answer
    NOT_ASKED = "not-asked"  # left out by settings, cloud or way of signing in

    @property
    def good(self) -> bool:
        """Whether a collection can be expected to read the dataset."""
        return self in (State.READABLE, State.GRANTED)


@dataclass(frozen=True, slots=True)
class Reach:
    """One dataset: what it needs, what the token has, what the service said, what to do.

    `rules` are those whose verdict would be missing without it, `detail` those that would lack
    some evidence only.
    """

    dataset: str
    title: str
    tier: str
    state: State
    permissions: tuple[tuple[str, ...], ...]  # sets; any one is enough
    held: tuple[str, ...]  # those of them the token carries
    probe: str  # what was asked, and what came
    remedy: str = ""
    rules: tuple[str, ...] = ()
    accepted: bool = False
    off: bool = False  # by default; its absence is no gap


@dataclass(frozen=True, slots=True)
class Concern:
    """Something about the auditor's own identity. `level` is bad, note or unknown."""

    level: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Access:
    """The whole of it."""

    tenant_id: str
    app_id: str
    object_id: str
    kind: str  # of credential
    granted: tuple[str, ...]  # permissions in the tokens
    reaches: tuple[Reach, ...]
    concerns: tuple[Concern, ...]

    @property
    def short(self) -> tuple[Reach, ...]:
        """The datasets that cannot be read and whose absence nobody accepted."""
        return tuple(
            each for each in self.reaches if not (each.state.good or each.accepted or each.off)
        )

    def to_json(self) -> dict[str, Any]:
        """The same as JSON types."""
        return asdict(self)
