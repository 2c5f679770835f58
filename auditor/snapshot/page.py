"""One stored answer of a service: where it came from, its hashes, and what was taken out of it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, fields
from typing import Any

import orjson

HINT_DROPPED = "secret-hint-dropped"
BODY_OMITTED = "body-omitted"
POWERSHELL = "powershell-json-normalised"
TRANSFORMATIONS = {
    HINT_DROPPED: "`hint` (the first three characters of a client secret) and `secretText` were "
    "taken out of the body, and the JSON was written anew.",
    POWERSHELL: "Rows of a file that was imported, in the shape the service sends: dates, collapsed "
    "lists and ids as PowerShell's ConvertTo-Json writes them were undone, and what it cut off is "
    "null. received_sha256 and size are those of the file as it was given.",
    BODY_OMITTED: "The body was not JSON and could hold part of a secret: only its hash was kept.",
}


@dataclass(frozen=True, slots=True)
class Page:
    """The record of one answer. `of` is the id of the object it is about, where it has one."""

    number: int
    dataset: str
    method: str
    url: str
    status: int
    received_sha256: str
    stored_sha256: str
    size: int  # bytes as received
    of: str | None = None
    request_id: str | None = None
    date: str | None = None  # the server's Date header as received
    request_body: dict[str, Any] | None = None
    transformations: tuple[str, ...] = ()
    reused_from: str | None = None  # SHA-256 of the snapshot this answer was first stored in

    @property
    def file(self) -> str:
        """The page's name inside the snapshot."""
        return f"pages/{self.number:06d}.json"

    def to_json(self) -> dict[str, Any]:
        """The record as JSON types."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Page:
        """The record as written by `to_json`."""
        known = {each.name for each in fields(cls)}
        kept = {name: item for name, item in value.items() if name in known}
        return cls(**{**kept, "transformations": tuple(value.get("transformations", ()))})


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def without_secrets(body: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The body as it may be stored, and the names of what was done to it.

    Graph sends `hint` beside every client secret, and `secretText` only in answers we never ask
    for; neither belongs in evidence that is passed around.
    """
    if b'"hint"' not in body and b'"secretText"' not in body:
        return body, ()
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return b"", (BODY_OMITTED,)
    if not _drop(value, False):
        return body, ()
    return orjson.dumps(value), (HINT_DROPPED,)


def _drop(value: Any, secret: bool) -> bool:
    """Takes secrets' parts out of the value in place; tells whether there were any."""
    if isinstance(value, list):
        return sum(_drop(item, secret) for item in value) > 0
    if not isinstance(value, dict):
        return False
    gone = value.pop("secretText", None) is not None
    if secret and "hint" in value:
        del value["hint"]
        gone = True
    # Every entry must be gone through: a sum does not stop at the first, as `any` would.
    return gone + sum(_drop(item, key == "passwordCredentials") for key, item in value.items()) > 0
