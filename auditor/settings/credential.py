"""Holds `[credential]` to the keys that its kind takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.errors import SettingsError
from auditor.settings.sections import KINDS, keys_of
from auditor.settings.sources import Given

SECTION = "credential"
PASSWORDS = ("password_env", "password_file", "password_prompt")


def kinds_with(key: str) -> list[str]:
    """The kinds of credential that take a key."""
    return [kind for kind, (needed, may) in KINDS.items() if key in (*needed, *may)]


def takes(kind: str) -> tuple[str, ...]:
    """The keys a kind takes, besides `kind` itself."""
    return (*KINDS[kind][0], *KINDS[kind][1])


def of_kind(chosen: Mapping[str, tuple[Given, Any]]) -> dict[str, tuple[Given, Any]]:
    """What counts of the given keys, by key. Raises `SettingsError` for a key of another kind.

    Where a variable or flag names another kind than the file, the file's keys of its own kind are
    left aside: what signs in here is then another thing altogether.
    """
    kind, rank = KINDS_DEFAULT, 0
    if "kind" in chosen:
        given, kind = chosen["kind"]
        rank = given.rank
    kept = {}
    for key, (given, value) in chosen.items():
        if key == "kind" or key in takes(kind):
            kept[key] = given, value
        elif given.rank >= rank:
            raise SettingsError(
                f"{given.place}: the kind {kind} does not take {key}; "
                f"{' and '.join(kinds_with(key))} does.",
                f"Take it out, or set credential.kind. {kind} takes: "
                f"{', '.join(takes(kind)) or 'nothing besides'}.",
            )
    passwords = [kept[key][0] for key in PASSWORDS if key in kept and kept[key][1] is not False]
    if len(passwords) > 1:
        raise SettingsError(
            f"{passwords[1].place} is one way to give the password too many, besides "
            f"{passwords[0].key} ({passwords[0].origin}).",
            f"Give at most one of {', '.join(PASSWORDS)}.",
        )
    return kept


KINDS_DEFAULT: str = keys_of(SECTION)["kind"].default


def needed(kept: Mapping[str, tuple[Given, Any]]) -> list[str]:
    """The keys that the kind cannot do without and that were not given."""
    kind = kept["kind"][1] if "kind" in kept else KINDS_DEFAULT
    return [key for key in KINDS[kind][0] if key not in kept]
