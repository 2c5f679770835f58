"""The coverage ledger: one line per dataset and run, saying what was asked and what came back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    """How far a dataset can be trusted."""

    COMPLETE = "complete"
    PARTIAL = "partial"  # some rows arrived, some are known or suspected to be missing
    REFUSED = "refused"  # a permission, role or licence is missing, or an impossible emptiness
    UNAVAILABLE = "unavailable"  # the service did not answer
    NOT_ASKED = "not-asked"  # what it hangs on was not there, or it was left out by settings


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One dataset in one run. Times are the server's, ISO 8601 in UTC."""

    dataset: str
    result: Result
    rows: int = 0
    expected: int | None = None  # what the API's own count, or what we asked by id, promised
    requests: int = 0
    pages: int = 0
    first: str | None = None
    last: str | None = None
    cause: str = ""
    remedy: str = ""
    permissions: tuple[tuple[str, ...], ...] = ()  # any one set is enough
    held: tuple[str, ...] = ()  # those of them the token carried
    licence: str = ""
    notes: tuple[str, ...] = ()
    off: bool = False  # not asked because it is off by default and nobody turned it on

    @property
    def complete(self) -> bool:
        """Whether nothing is known to be missing."""
        return self.result is Result.COMPLETE

    @property
    def gap(self) -> bool:
        """Whether something is missing that was to be read."""
        return not self.complete and not self.off

    def to_json(self) -> dict[str, Any]:
        """The line as JSON types, field by field."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> LedgerLine:
        """The line as written by `to_json`; unknown fields of later versions are left out."""
        known = {field.name for field in fields(cls)}
        kept = {name: item for name, item in value.items() if name in known}
        kept["result"] = Result(kept["result"])
        kept["permissions"] = tuple(tuple(each) for each in kept.get("permissions", ()))
        kept["held"] = tuple(kept.get("held", ()))
        kept["notes"] = tuple(kept.get("notes", ()))
        return cls(**kept)
