"""Puts together what was given: flags win over the environment, the environment over the file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.errors import SettingsError
from auditor.settings import credential
from auditor.settings.rules import Rules, Text
from auditor.settings.sections import SECTIONS, Settings, keys_of, variable_of
from auditor.settings.sources import RULES, Given, from_environment, from_file, from_flags
from auditor.settings.values import Value, Wrong

Chosen = dict[str, tuple[Given, Any]]
_NOTHING: Mapping[str, str] = MappingProxyType({})
_LONGEST = 60


def load_settings(
    path: Path | None,
    *,
    connect: bool = True,
    environment: Mapping[str, str] = _NOTHING,
    sets: Sequence[str] = (),
) -> Settings:
    """Reads and checks auditor.toml, if there is a path, `environment` and the `sets` of --set.

    With `connect=False`, for work on a snapshot, the tenant, the credential and the files they
    name may be missing. Raises `SettingsError`.
    """
    file = list(from_file(path)) if path is not None else []
    flags = list(from_flags(sets))

    def named(found: list[Given]) -> Collection[str]:
        return _variables([*file, *found, *flags])

    every = [*file, *from_environment(environment, but=named), *flags]
    chosen: dict[str, Chosen] = {name: {} for name in SECTIONS}
    for given in every:
        if given.section != RULES:
            chosen[given.section][given.key] = given, _read(given)
    chosen[credential.SECTION] = credential.of_kind(chosen[credential.SECTION])
    if connect:
        _complete(path, chosen)
        _exist(chosen)
    sections: dict[str, Any] = {
        name: section(**{key: value for key, (_, value) in chosen[name].items()})
        for name, section in SECTIONS.items()
    }
    given_here = [given for each in chosen.values() for given, _ in each.values()]
    of_rules = [given for given in every if given.section == RULES]
    return Settings(
        **sections,
        rules=_rules(of_rules),
        path=path,
        origins={given.name: given.origin for given in (*given_here, *of_rules) if given.key},
    )


def _value(given: Given) -> Value:
    return keys_of(given.section)[given.key].value


def _variables(found: Sequence[Given]) -> list[str]:
    """The environment variables that settings name."""
    return [
        str(given.value) for given in found if given.section != RULES and _value(given).variable
    ]


def _read(given: Given) -> Any:
    declared = _value(given)
    try:
        if given.rank and not str(given.value).strip() and declared.schema.get("type") != "array":
            raise Wrong("is empty: give it a value, or leave it out")
        written = declared.from_text(given.value) if given.rank else given.value
        kept = declared.read(written)
    except Wrong as error:
        repeat = declared.shown and str(error).startswith("must")
        told = f", not {_short(given.value)}" if repeat else ""
        raise SettingsError(f"{given.place} {error}{told}{error.near}.") from error
    return given.folder / kept if isinstance(kept, Path) else kept


def _short(value: object) -> str:
    told = repr(value)
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}..."


def _complete(path: Path | None, chosen: Mapping[str, Chosen]) -> None:
    missing = [
        (section, key)
        for section in SECTIONS
        for key, declared in keys_of(section).items()
        if declared.needed and key not in chosen[section]
    ]
    missing += [(credential.SECTION, key) for key in credential.needed(chosen[credential.SECTION])]
    if not missing:
        return
    names = [f"{section}.{key}" for section, key in missing]
    variables = [variable_of(section, key) for section, key in missing]
    if path is None:
        raise SettingsError(
            f"There is no settings file, and without it {names[0]} is missing.",
            f"Write auditor.toml, name one with --settings, or set {' and '.join(variables)}.",
        )
    raise SettingsError(
        f"{path}: {names[0]} is missing.",
        f"Add it to the section [{missing[0][0]}], or set {variables[0]}.",
    )


def _exist(chosen: Mapping[str, Chosen]) -> None:
    for section in chosen.values():
        for given, value in section.values():
            if isinstance(value, Path) and not value.is_file():
                raise SettingsError(
                    f"{given.place} names {value}, and there is no such file.",
                    "Paths are relative to the folder of the settings file; those of variables "
                    "and --set to the folder you are in.",
                )


def _rules(found: Sequence[Given]) -> Rules:
    values: dict[str, dict[str, object]] = {}
    origins: dict[tuple[str, str], str] = {}
    for given in found:
        own = values.setdefault(given.rule, {})
        origins[given.rule, given.key] = given.place if given.rank else given.origin
        if given.key:
            own.pop(given.key, None)  # the last one given stands last
            own[given.key] = Text(given.value) if given.rank else given.value
    return Rules(values, origins)
