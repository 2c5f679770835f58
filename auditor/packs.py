"""Loads packs: plain folders of rules or reports, ours and a user's by the same way.

The folder becomes a private package, so that relative imports of helpers, sub-folders, tracebacks
and coverage work as anywhere. Files and folders that begin with _ are helpers.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from auditor.errors import PackError, SettingsError
from auditor.rule import Rule, Severity
from auditor.scope import EVERY_RULE, KEYS, NOTHING, Scope
from auditor.settings.rules import Text, origin_of
from auditor.settings.values import flag_of

if TYPE_CHECKING:
    from auditor.audit import Audit
    from auditor.profiles import Profile
    from auditor.tables.load import Loaded

GROUP = "auditor.rules"
_PACKAGE = Path(__file__).parent
_REPAIR = "Uninstall it, or install a version that works; nothing was checked."


def built_in(name: str) -> Path:
    """The folder of a built-in pack: inside an installed package, else beside its source."""
    installed = _PACKAGE / "_packs" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def modules(folder: Path, package: str) -> Iterator[tuple[Path, ModuleType]]:
    """Imports every module of a pack, in the order of their paths.

    Raises `PackError` naming the file that cannot be imported.
    """
    if not folder.is_dir():
        raise PackError(f"There is no pack at {folder}.", "Name a folder of rule files.")
    if package not in sys.modules:
        spec = ModuleSpec(package, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[package] = module_from_spec(spec)
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        if any(part.startswith("_") for part in parts):
            continue
        try:
            yield path, importlib.import_module(".".join((package, *parts)))
        except PackError as error:
            raise PackError(f"{path}: {error.what}", error.remedy) from error
        except Exception as error:  # whatever a pack raises on import, its file is to blame
            raise PackError(
                f"{path} cannot be loaded: {type(error).__name__}: {error}.",
                "Correct it or take it out of the pack; nothing was checked.",
            ) from error


def installed() -> Iterator[tuple[str, Path]]:
    """The packs of other distributions: `NAME VERSION` and the folder of the package they name.

    A distribution offers one with an entry point of the group auditor.rules whose value is an
    importable package. Raises `PackError` where there is none.
    """
    for each in sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value)):
        told = f"{each.dist.name} {each.dist.version}" if each.dist else each.name
        try:
            spec = find_spec(each.value)
        except (ImportError, ValueError) as error:
            raise PackError(f"The pack of {told} cannot be found: {error}.", _REPAIR) from error
        folders = spec.submodule_search_locations if spec else None
        if not folders:
            raise PackError(f"The pack of {told}: {each.value} is no package.", _REPAIR)
        yield told, Path(next(iter(folders)))


def load_rules(folders: Iterable[Path] = ()) -> tuple[Rule, ...]:
    """The built-in rules, those of installed packs and those of the folders, by id.

    Raises `PackError` for a broken file, an id that is not the file's stem, or one that is taken.
    """
    found: dict[str, Rule] = {}
    packs = [("", built_in("rules"), "_auditor_rules")]
    others = {folder.resolve(): told for told, folder in installed()}
    others |= {each: each.name for folder in folders if (each := folder.resolve()) not in others}
    for folder, told in others.items():
        mark = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
        packs.append((told, folder, f"_auditor_rules_{mark}"))
    for told, folder, package in packs:
        for path, module in modules(folder, package):
            for rule in _declared(module):
                _take(found, replace(rule, pack=told), path, folder)
    return tuple(found[id] for id in sorted(found))


def _declared(module: ModuleType) -> Iterator[Rule]:
    for value in vars(module).values():
        rule = getattr(value, "__auditor_rule__", None)
        # Only what the module itself defines: an imported rule belongs to its own file.
        if isinstance(rule, Rule) and getattr(value, "__module__", "") == module.__name__:
            yield rule


def _take(found: dict[str, Rule], rule: Rule, path: Path, folder: Path) -> None:
    stem = path.stem.replace("_", "-")
    if rule.id != stem:
        raise PackError(
            f"{path}: the rule's id is {rule.id}, the file's name says {stem}.",
            "Give both the same name.",
        )
    from auditor.tables import TABLES  # late: `rules list` of a broken pack need not load pandas

    unknown = [name for name in rule.tables if name not in TABLES]
    if unknown:
        raise PackError(
            f"{path}: there is no table {unknown[0]}.{nearest(unknown[0], TABLES)}",
            "Name its parameters after tables.",
        )
    columns = TABLES[rule.about].names()
    lost = [name for name in (*rule.needs, *rule.evidence) if name not in columns]
    if any(name not in columns for name in rule.needs):
        raise PackError(
            f"{path}: table {rule.about} has no column {lost[0]}.{nearest(lost[0], columns)}",
            "Name columns of the table in `needs`.",
        )
    for name in (rule.id, *rule.aliases):
        if name in found:
            raise PackError(
                f"{path}: the id {name} is taken by {found[name].file}.", "Choose another id."
            )
    theme = path.relative_to(folder).parent.as_posix()
    found[rule.id] = replace(rule, file=str(path), theme="" if theme == "." else theme)


@dataclass(frozen=True)
class Report:
    """A report format: its word, the file it writes, and a pure function of (audit, tables)."""

    format: str
    file: str
    render: Callable[[Audit, Loaded | None], bytes]


def load_reports(formats: Iterable[str]) -> list[Report]:
    """The built-in reports of these formats, in that order. Raises `PackError` for an unknown one."""
    found = {
        module.FORMAT: Report(module.FORMAT, module.FILE, module.render)
        for _, module in modules(built_in("reports"), "_auditor_reports")
    }
    for name in formats:
        if name not in found:
            raise PackError(
                f"There is no report format {name!r}.{nearest(name, found)}",
                f"Known: {', '.join(sorted(found))}.",
            )
    return [found[name] for name in formats]


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean X?` for the known word most like `word`, or nothing."""
    close = get_close_matches(word, list(known), n=1)
    return f" Did you mean {close[0]}?" if close else ""


@dataclass(frozen=True)
class Configured:
    """A rule with the settings of this run."""

    rule: Rule
    settings: Mapping[str, Any]
    severity: Severity | None = None  # in place of the rule's own
    enabled: bool = True
    accept_unknown: bool = False  # rows it cannot judge do not make the run incomplete
    scope: Scope = NOTHING  # rows the settings leave out


def configure(
    rules: Iterable[Rule],
    settings: Mapping[str, Mapping[str, object]],
    profile: Profile | None = None,
) -> list[Configured]:
    """Each rule with its settings: its own defaults, over them the profile, over it `settings`.

    Raises `SettingsError` for a rule or setting that does not exist, or a value of a wrong type.
    """
    by_id = {name: rule for rule in rules for name in (rule.id, *rule.aliases)}
    given: dict[str, dict[str, tuple[str, object]]] = {}
    for id, section in (profile.rules if profile else {}).items():
        told = f"profile {profile.name}: " if profile else ""
        given[id] = {key: (told, value) for key, value in section.items()}
    for name, section in settings.items():
        if name == EVERY_RULE:
            continue
        if name not in by_id:
            raise SettingsError(
                f"{origin_of(settings, name)}[rules.{name}]: there is no such rule."
                f"{nearest(name, by_id)}",
                "auditor rules list shows them all.",
            )
        of_rule = given.setdefault(by_id[name].id, {})
        for key, value in section.items():
            own = _spelled(by_id[name], key, value)
            # Under its old name a rule may be set in the file, under its new one by a variable.
            earlier = of_rule[own][1] if own in of_rule else None
            if isinstance(value, Text) or not isinstance(earlier, Text):
                of_rule[own] = origin_of(settings, name, key), value
    everywhere = _everywhere(settings)
    return [
        _configured(by_id[id], given.get(id, {}), everywhere)
        for id in dict.fromkeys(by_id[name].id for name in by_id)
    ]


def _everywhere(settings: Mapping[str, Mapping[str, object]]) -> Scope:
    """What [rules.all] leaves out of every rule; it takes nothing but that."""
    found: dict[str, Any] = {}
    for key, value in settings.get(EVERY_RULE, {}).items():
        name = _folded(key) if isinstance(value, Text) else key
        where = f"{origin_of(settings, EVERY_RULE, key)}[rules.{EVERY_RULE}]"
        if name not in KEYS:
            raise SettingsError(
                f"{where}: there is no setting {key}.{nearest(name, KEYS)}",
                f"It takes {', '.join(KEYS)}.",
            )
        try:
            found[name] = KEYS[name](value)
        except ValueError as error:
            raise SettingsError(f"{where} {key}: {error}.") from error
    return Scope(**found)


def _spelled(rule: Rule, key: str, value: object) -> str:
    """The declared name of a setting; variables are in capitals, and flags may have hyphens."""
    names = [setting.name for setting in rule.settings]
    if not isinstance(value, Text) or key in names:
        return key
    alike = [name for name in (*names, *_CHECKS) if _folded(name) == _folded(key)]
    if len(alike) > 1:
        raise SettingsError(f"[rules.{rule.id}]: {key} may mean {' or '.join(alike)}.")
    return alike[0] if alike else key


def _folded(name: str) -> str:
    return name.replace("-", "_").casefold()


def _configured(
    rule: Rule, given: Mapping[str, tuple[str, object]], everywhere: Scope
) -> Configured:
    declared = {setting.name: setting for setting in rule.settings}
    values = {name: setting.default for name, setting in declared.items()}
    general: dict[str, Any] = {}
    for name, (origin, value) in given.items():
        if name not in declared and name not in _CHECKS:
            raise SettingsError(
                f"{origin}[rules.{rule.id}]: there is no setting {name}."
                f"{nearest(name, [*declared, *_CHECKS])}",
                f"auditor rules explain {rule.id} shows them.",
            )
        try:
            if name in _CHECKS:
                general[name] = _CHECKS[name](value)
            else:
                one = declared[name]
                values[name] = one.check(one.from_text(value) if isinstance(value, Text) else value)
        except ValueError as error:
            raise SettingsError(f"{origin}[rules.{rule.id}] {name}: {error}.") from error
    own = {key: general.pop(key, ()) for key in KEYS}
    scope = Scope(
        **{key: tuple(dict.fromkeys((*getattr(everywhere, key), *own[key]))) for key in KEYS}
    )
    return Configured(rule, values, scope=scope, **general)


def _true_or_false(value: object) -> bool:
    if isinstance(value, Text) and value.strip().lower() in ("true", "false"):
        return flag_of(value)
    if not isinstance(value, bool):
        raise ValueError(f"takes true or false, not {value!r}")  # noqa: TRY004  # told as a setting
    return value


# What every rule can be told, whatever its own settings are.
_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "severity": lambda value: Severity.named(str(value)),
    "enabled": _true_or_false,
    "accept_unknown": _true_or_false,
    **KEYS,
}
