"""How one setting is written: in TOML, as a text (environment, --set) and in the JSON schema."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from auditor.datasets import DATASETS


class Wrong(ValueError):
    """A value that is none: what it must be, and what is nearest to what was written."""

    def __init__(self, must: str, near: str = "") -> None:
        super().__init__(must)
        self.near = near


@dataclass(frozen=True, slots=True)
class Value:
    """One way of writing a setting. Both functions raise `Wrong`."""

    read: Callable[[Any], Any]  # the value as TOML has it -> what is kept
    schema: Mapping[str, Any]  # the same, as JSON Schema 2020-12
    from_text: Callable[[str], Any] = str  # a text -> the value as TOML would have it
    variable: bool = False  # names an environment variable
    shown: bool = True  # an error may repeat it; not where a secret is written by mistake


def nearest(word: object, known: Iterable[str]) -> str:
    """` (nearest: X)` for the known word most like `word`, or nothing."""
    close = difflib.get_close_matches(str(word), list(known), 1)
    return f" (nearest: {close[0]})" if close else ""


def matching(
    must: str, pattern: str, *, shown: bool = True, keep: Callable[[str], str] = str
) -> Value:
    """A text of a pattern, written so that Python and ECMAScript read it alike."""
    expression = re.compile(pattern)

    def read(value: Any) -> str:
        if not isinstance(value, str) or not expression.fullmatch(value):
            raise Wrong(f"must be {must}")
        return keep(value)

    return Value(read, {"type": "string", "pattern": f"^(?:{pattern})$"}, shown=shown)


def one_of(*words: str) -> Value:
    """One of a few words."""

    def read(value: Any) -> str:
        if value not in words:
            raise Wrong(f"must be one of {', '.join(words)}", nearest(value, words))
        return str(value)

    return Value(read, {"enum": list(words)})


def whole(low: int, high: int) -> Value:
    """A whole number from `low` to `high`."""
    wrong = f"must be a whole number from {low} to {high}"

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Wrong(wrong)
        return value

    return Value(read, {"type": "integer", "minimum": low, "maximum": high}, whole_of)


def whole_of(text: str) -> int:
    """The whole number a text writes. Raises `Wrong`."""
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text.strip()):
        raise Wrong("must be a whole number")
    return int(text)


def flag_of(text: str) -> bool:
    """The true or false a text writes. Raises `Wrong`."""
    word = text.strip().lower()
    if word not in ("true", "false"):
        raise Wrong("must be true or false")
    return word == "true"


def list_of(text: str) -> list[str]:
    """The texts between the commas of a text; an empty text is an empty list."""
    return [each.strip() for each in text.split(",") if each.strip()]


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("must be true or false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Wrong("must be a text in quotes that is not empty")
    return value


def _dataset_names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Wrong("must be a list of dataset names")
    for name in value:
        if not isinstance(name, str) or name not in DATASETS:
            raise Wrong(f"names {name!r}, which is no dataset{nearest(name, DATASETS)}")
    return tuple(value)


_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_DOMAIN = rf"(?=.{{4,253}}$)(?:{_LABEL}\.)+[a-zA-Z]{{2,63}}"
_PORT = r"[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:.]+\])"
_NOT_EMPTY = {"type": "string", "pattern": r"\S"}

FLAG = Value(_flag, {"type": "boolean"}, flag_of)
TEXT = Value(_text, _NOT_EMPTY)
PATH = Value(lambda value: Path(_text(value)).expanduser(), _NOT_EMPTY)
TENANT_ID = matching(
    "a tenant id (GUID) or a domain of the tenant", f"{_GUID}|{_DOMAIN}", keep=str.lower
)
CLIENT_ID = matching("an application (client) id (GUID)", _GUID, shown=False, keep=str.lower)
VARIABLE = replace(
    matching(
        "the name of an environment variable, not the secret itself",
        r"[A-Za-z_][A-Za-z0-9_]*",
        shown=False,
    ),
    variable=True,
)
ADDRESS = matching(
    "https:// and a host, such as 'https://graph.microsoft.com'",
    rf"https://{_HOST}(?::(?:{_PORT}))?/?",
    keep=lambda value: value.rstrip("/"),
)
DATASET_NAMES = Value(
    _dataset_names,
    {"type": "array", "items": {"enum": list(DATASETS)}},
    list_of,
)
