"""What was given, and where: the file, environment variables, --set. Each later one wins.

Names are checked as they are met, so that an error says where it stands and how it is written there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.errors import SettingsError
from auditor.settings.sections import SECTIONS, keys_of, variable_of
from auditor.settings.values import nearest

RULES = "rules"
PREFIX = "AUDITOR_"
# Variables of this project's own test suite; they set nothing.
RESERVED = frozenset({"AUDITOR_CHROMIUM", "AUDITOR_INSTALLED"})
# Words of keys that would hold a secret, and what to write in their place.
_SECRETS: Mapping[str, str] = {
    "secret": 'kind = "client-secret" and secret_env = "NAME"',
    "password": 'password_env = "NAME" (or password_file, or password_prompt = true)',
    "passphrase": 'password_env = "NAME" (or password_file, or password_prompt = true)',
    "private_key": "certificate, the path of a file that holds it",
    "token": "token_file, the path of a file that holds it",
    "assertion": "token_file, the path of a file that holds it",
}


@dataclass(frozen=True, slots=True)
class Given:
    """One value as it was written."""

    section: str  # "rules" for settings of rules
    rule: str  # the rule's id there
    key: str
    value: Any
    rank: int  # 0 the file, 1 the environment, 2 a flag
    origin: str  # the file, the variable or --set
    place: str  # what an error begins with
    folder: Path  # what paths are relative to

    @property
    def name(self) -> str:
        """`section.key`, or `rules.id.key`."""
        return ".".join(filter(None, (self.section, self.rule, self.key)))


def from_file(path: Path) -> Iterator[Given]:
    """What auditor.toml gives. Raises `SettingsError`."""
    parsed = _parse(path)
    for section in parsed:
        if section != RULES and section not in SECTIONS:
            raise _no_section(f"{path}: ", section, parsed[section])
    for section, content in parsed.items():
        if not isinstance(content, dict):
            shape = "sections such as [rules.secret-lifetime]"
            told = shape if section == RULES else f"a section: [{section}]"
            raise SettingsError(f"{path}: {section} must be {told}.")
        for key, value in content.items():
            if section != RULES:
                name = _checked(section, key, f"{path}: ", _dotted)
                yield Given(section, "", key, value, 0, str(path), f"{path}: {name}", path.parent)
                continue
            if not isinstance(value, dict):
                raise SettingsError(f"{path}: rules.{key} must be a section: [rules.{key}].")
            # An empty section still names a rule, which may not exist.
            for setting, each in (value or {"": None}).items():
                place = f"{path}: rules.{key}.{setting}"
                yield Given(RULES, key, setting, each, 0, str(path), place, path.parent)


def from_environment(
    environment: Mapping[str, str], *, but: Callable[[list[Given]], Collection[str]]
) -> list[Given]:
    """What variables AUDITOR_SECTION__KEY give. Raises `SettingsError` for one that is unknown.

    `but` tells, of what was found, which further variables the settings themselves name.
    """
    known = {variable_of(section, key): (section, "", key) for section, key in _every()}
    found: list[Given] = []
    unknown: list[str] = []
    for name in sorted(environment):
        if not name.startswith(PREFIX) or name in RESERVED:
            continue
        at = known.get(name) or _of_rule(name)
        if at is None:
            unknown.append(name)
            continue
        found.append(Given(*at, environment[name], 1, name, name, Path()))
    # Windows has one spelling of a variable's name, whatever the settings call it.
    named = {name.casefold() for name in but(found)} if unknown else set()
    for name in unknown:
        if name.casefold() not in named:
            raise _no_variable(name, known)
    return found


def _of_rule(variable: str) -> tuple[str, str, str] | None:
    parts = variable.removeprefix(PREFIX).split("__")
    if len(parts) != 3 or parts[0] != "RULES" or not all(parts):
        return None
    return RULES, parts[1].lower().replace("_", "-"), parts[2].lower()


def from_flags(sets: Sequence[str]) -> Iterator[Given]:
    """What --set SECTION.KEY=VALUE gives. Raises `SettingsError`."""
    for text in sets:
        name, equals, value = text.partition("=")
        section, _, key = name.strip().partition(".")
        rule = ""
        if section == RULES:
            rule, _, key = key.partition(".")
        if not equals or not key or (section == RULES and not rule):
            raise SettingsError(
                "--set takes SECTION.KEY=VALUE, such as tenant.id=contoso.onmicrosoft.com, "
                "or rules.RULE.SETTING=VALUE."
            )
        if section != RULES:
            if section not in SECTIONS:
                raise _no_section("--set ", section, {})
            _checked(section, key, "--set ", _dotted)
        yield Given(section, rule, key, value, 2, "--set", f"--set {name.strip()}", Path())


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise SettingsError(
            f"There is no settings file at {path}.", "Name one with --settings, or write it."
        ) from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error


def _every() -> Iterator[tuple[str, str]]:
    return ((section, key) for section in SECTIONS for key in keys_of(section))


def _dotted(section: str, key: str) -> str:
    return f"{section}.{key}"


def _homes(key: str) -> list[str]:
    return [section for section, each in _every() if each == key]


def _checked(section: str, key: str, at: str, spell: Callable[[str, str], str]) -> str:
    """The name of a key that is declared; raises `SettingsError` for any other."""
    name = spell(section, key)
    declared = keys_of(section)
    if key in declared:
        return name
    if homes := _homes(key):
        told = f": {key} belongs to the section [{homes[0]}]"
    else:
        _refuse_secret(f"{at}{name}", key)
        told = nearest(key, declared) or nearest(name, (spell(*each) for each in _every()))
    raise SettingsError(
        f"{at}{name} is no setting{told}.", f"Known in [{section}]: {', '.join(declared)}."
    )


def _refuse_secret(name: str, key: str) -> None:
    key = key.lower().replace("-", "_")
    words = [word for word in _SECRETS if key.removesuffix("_value").endswith(word)]
    if words:
        raise SettingsError(
            f"{name} would be a secret, and secrets are never settings.",
            f"In [credential] write {_SECRETS[words[0]]}. What was written here is known now to "
            "whoever can read it: renew it.",
        )


def _no_section(at: str, name: str, content: object) -> SettingsError:
    known = (*SECTIONS, RULES)
    if homes := _homes(name):
        return SettingsError(
            f"{at}[{name}] is no section of the settings: {name} belongs to the section "
            f"[{homes[0]}]."
        )
    if not isinstance(content, dict):
        _refuse_secret(f"{at}{name}", name)
    return SettingsError(
        f"{at}[{name}] is no section of the settings{nearest(name, known)}.",
        f"Known sections: {', '.join(known)}; settings of a rule stand in [rules.ID].",
    )


def _no_variable(name: str, known: Mapping[str, tuple[str, str, str]]) -> SettingsError:
    section, _, key = name.removeprefix(PREFIX).lower().partition("__")
    homes = _homes(key or section)
    if homes:
        near = f" (nearest: {variable_of(homes[0], key or section)})"
    elif section == RULES:
        near = " (a rule's setting: AUDITOR_RULES__RULE_ID__SETTING)"
    else:
        near = nearest(name, known)
    if any(word in (key or section) for word in _SECRETS):
        near = ""  # the nearest name would be the wrong place for a secret
    return SettingsError(
        f"The environment variable {name} is no setting{near}.",
        "Correct or unset it. A variable that holds a secret is named by credential.password_env "
        "or credential.secret_env.",
    )
