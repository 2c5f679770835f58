"""What a rule is, and the decorator that declares one.

A rule is a function over tables that returns the failing rows of the table it is about:

    @rule(id="secret-lifetime", severity="medium", about="secrets", needs=("start", "end"),
          message="Secret {key_id} is valid for {days} days; the limit is {max_days}.")
    def secret_lifetime(secrets: DataFrame, *, max_days: int = 180) -> DataFrame:
        days = (secrets["end"] - secrets["start"]).dt.days
        return secrets.assign(days=days)[days > max_days]

Positional parameters are the tables it reads (or `as_of`, the instant judged); keyword-only
parameters with defaults are its settings. The returned rows may carry columns of meaning:
`severity` (of that row), `unknown` (why that row cannot be judged; null where it can), `fix` (a
template in place of the rule's) and any other column the message names.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from math import isfinite
from typing import Any

from auditor.controls import (
    Control,
    answers,
    cis_m365,
    iso_27001,
    mitre,
    nist_800_53,
    pci_dss,
    scuba,
    soc2,
)
from auditor.errors import PackError
from auditor.settings.values import flag_of, list_of, whole_of

__all__ = [
    "Control",
    "Rule",
    "Setting",
    "Severity",
    "answers",
    "cis_m365",
    "iso_27001",
    "mitre",
    "nist_800_53",
    "pci_dss",
    "rule",
    "scuba",
    "soc2",
]

AS_OF = "as_of"
SECTIONS = ("What it does", "Why it matters", "How to fix", "When it is fine", "References")


class Severity(IntEnum):
    """How much a finding matters; a higher number is worse."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @classmethod
    def named(cls, name: str) -> Severity:
        """The severity of that name; raises `ValueError` for any other word."""
        try:
            return cls[name.upper()]
        except KeyError:
            words = ", ".join(each.label for each in reversed(cls))
            raise ValueError(f"{name!r} is no severity; known are {words}") from None

    @property
    def label(self) -> str:
        """The name as written in settings and outputs."""
        return self.name.lower()


@dataclass(frozen=True)
class Setting:
    """A rule's setting: its name, type, default and, where given, the words it may be."""

    name: str
    type: type
    default: Any
    choices: tuple[str, ...] = ()

    def from_text(self, text: str) -> Any:
        """The value a text writes, as from an environment variable; `ValueError` if it is none."""
        try:
            return _FROM_TEXT[self.type](text)
        except ValueError:
            raise ValueError(f"{self.name} takes {_TYPES[self.type]}, not {text!r}") from None

    def check(self, value: Any) -> Any:
        """The value, if it has the default's type; raises `ValueError` otherwise."""
        if self.type is tuple:
            if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
                return tuple(value)
            raise ValueError(f"{self.name} takes a list of texts, not {value!r}")
        if isinstance(value, bool) is not (self.type is bool) or not isinstance(value, self.type):
            raise ValueError(f"{self.name} takes {_TYPES[self.type]}, not {value!r}")
        if self.choices and value not in self.choices:
            raise ValueError(f"{self.name} takes one of {', '.join(self.choices)}, not {value!r}")
        if isinstance(value, float) and not isfinite(value):
            raise ValueError(f"{self.name} takes a number, not {value}")  # nothing exceeds it
        if isinstance(value, int) and value < 0:
            raise ValueError(f"{self.name} takes a number of 0 or more, not {value}")
        return value


_TYPES = {int: "a whole number", str: "a text", bool: "true or false", float: "a number"}
_FROM_TEXT: Mapping[type, Callable[[str], Any]] = {
    int: whole_of,
    str: str,
    bool: flag_of,
    float: float,
    tuple: list_of,
}


@dataclass(frozen=True)
class Rule:
    """A declared rule. See the module's text for what its function takes and returns."""

    id: str
    severity: Severity
    about: str
    message: str
    judge: Callable[..., Any]
    tables: tuple[str, ...]  # every table it reads, `about` first, without `as_of`
    arguments: tuple[str, ...]  # the positional parameters in their order
    settings: tuple[Setting, ...]
    needs: tuple[str, ...] = ()
    where: Callable[[Any], Any] | None = None
    passes_without: tuple[str, ...] = ()
    fails_without: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    evidence: tuple[str, ...] = ()
    fix: str = ""
    status: str = "stable"
    aliases: tuple[str, ...] = ()
    title: str = ""
    sections: Mapping[str, str] | None = None
    theme: str = ""
    file: str = ""
    pack: str = ""  # the distribution or folder it came from; empty: built in


def rule(
    *,
    id: str,
    severity: str,
    about: str,
    message: str,
    needs: tuple[str, ...] = (),
    where: Callable[[Any], Any] | None = None,
    passes_without: tuple[str, ...] = (),
    fails_without: tuple[str, ...] = (),
    detail: tuple[str, ...] = (),
    controls: tuple[Control, ...] = (),
    evidence: tuple[str, ...] = (),
    fix: str = "",
    choices: Mapping[str, tuple[str, ...]] | None = None,
    status: str = "stable",
    aliases: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declares the decorated function a rule; the function itself is returned unchanged.

    id              kebab-case, names the bad thing, is the file's stem
    about           the table whose rows are the population
    where           narrows the population: a boolean mask over `about`; a null in it is unknown
    needs           columns of `about` that must be known for a row to be judged
    passes_without  tables whose missing rows could make a row pass (no bad thing was found)
    fails_without   tables whose missing rows could make a row fail (no good thing was found)
    detail          tables that only add to the message or the evidence
    evidence        columns that prove a finding, besides `needs` and those the message names
    fix             Graph or Exchange PowerShell that ends the finding, a template over its columns;
                    values are quoted when it is filled
    choices         the words that a setting may be, by its name
    controls        what it gives evidence for; see auditor/controls.py

    Every table but `about` stands in one of the three lists at least: what incomplete data does
    to the verdict follows from them, and the conformance suite holds a rule to them.
    """

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        parameters = list(inspect.signature(function).parameters.values())
        arguments = tuple(p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD)
        options = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
        tables = tuple(name for name in arguments if name != AS_OF)
        declared = {*passes_without, *fails_without, *detail}
        if about not in tables:
            raise PackError(f"Rule {id}: `about` names {about}, which is no parameter.")
        if declared != {*tables} - {about}:
            raise PackError(
                f"Rule {id}: say for each table but {about} what its missing rows do "
                "(passes_without, fails_without or detail)."
            )
        lacking = [p.name for p in options if p.default is p.empty]
        if lacking:
            raise PackError(f"Rule {id}: the setting {lacking[0]} has no default.")
        try:
            level = Severity.named(severity)
        except ValueError as error:
            raise PackError(f"Rule {id}: {error}.") from None
        title, sections = read_docstring(inspect.getmodule(function).__doc__ or "", id)
        settings = tuple(
            Setting(p.name, type(p.default), p.default, (choices or {}).get(p.name, ()))
            for p in options
        )
        _check_controls(id, controls, settings)
        declared_as = Rule(
            id=id,
            severity=level,
            about=about,
            message=message,
            judge=function,
            tables=(about, *(name for name in tables if name != about)),
            arguments=arguments,
            settings=settings,
            needs=needs,
            where=where,
            passes_without=passes_without,
            fails_without=fails_without,
            detail=detail,
            controls=controls,
            evidence=evidence,
            fix=fix,
            status=status,
            aliases=aliases,
            title=title,
            sections=sections,
        )
        function.__auditor_rule__ = declared_as  # type: ignore[attr-defined]  # read by packs.py
        return function

    return declare


def _check_controls(id: str, controls: tuple[Control, ...], settings: tuple[Setting, ...]) -> None:
    declared = {each.name: each for each in settings}
    for control in controls:
        where = f"Rule {id}, {control.framework} {control.version} {control.id}"
        for name, value in control.settings.items():
            if name not in declared:
                raise PackError(
                    f"{where}: the rule has no setting {name}.",
                    f"Its settings: {', '.join(declared) or 'none'}.",
                )
            try:
                declared[name].check(value)
            except ValueError as error:
                raise PackError(f"{where}: {error}.") from error
    if len({(each.key, each.id) for each in controls}) < len(controls):
        raise PackError(f"Rule {id} names a control twice.", "Name each control once.")


def read_docstring(text: str, id: str) -> tuple[str, dict[str, str]]:
    """A rule module's title line and its `## ` sections. Raises `PackError` if one is missing."""
    title, _, rest = inspect.cleandoc(text).partition("\n")
    sections: dict[str, str] = {}
    for block in ("\n" + rest).split("\n## ")[1:]:
        name, _, body = block.partition("\n")
        sections[name.strip()] = body.strip()
    missing = [name for name in SECTIONS if not sections.get(name)]
    if not title.strip() or missing:
        what = f"the section '## {missing[0]}'" if missing else "a title line"
        raise PackError(f"Rule {id}: its docstring lacks {what}.")
    return title.strip().rstrip("."), sections
