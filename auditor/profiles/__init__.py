"""Profiles: sets of rules' settings by name, as data. A user's own settings win over them.

A profile is a TOML file beside this one: `title`, optionally `framework`, and sections [rules.ID].
With a framework the rules are set as that framework's controls demand, which each rule declares
itself; the sections come on top.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.errors import SettingsError
from auditor.rule import Rule
from auditor.settings.values import nearest

_FOLDER = Path(__file__).parent
DEFAULT = "default"


@dataclass(frozen=True)
class Profile:
    """A profile, and the settings it gives to the rules of this run."""

    name: str
    title: str
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def names() -> tuple[str, ...]:
    """The profiles there are."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def profile(name: str, rules: Iterable[Rule]) -> Profile:
    """A profile over these rules. Raises `SettingsError` where there is none of that name."""
    if name not in names():
        raise SettingsError(
            f"There is no profile {name!r}{nearest(name, names())}.",
            f"Known: {', '.join(names())}.",
        )
    content = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    declared = list(rules)
    settings = _of_framework(content["framework"], declared) if "framework" in content else {}
    here = {rule.id for rule in declared}
    for id, section in content.get("rules", {}).items():
        if id in here:  # a test holds the built-in pack to having every one
            settings[id] = {**settings.get(id, {}), **section}
    return Profile(name, content["title"], settings)


def _of_framework(key: str, rules: Iterable[Rule]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for rule in rules:
        for control in rule.controls:
            if control.key == key and control.settings:
                found.setdefault(rule.id, {}).update(control.settings)
    return found
