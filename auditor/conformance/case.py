"""One rule with the rows it is tried on, and trials of it that run no more than they must."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from types import ModuleType
from typing import Any

import pandas as pd

from auditor.errors import PackError
from auditor.rule import Rule
from auditor.tables import TABLES
from auditor.testing import AS_OF, Rows, Tried, datasets_of, make_table, try_rule

Frames = dict[str, pd.DataFrame]
# The engine takes unavailable and not-asked as it takes refused; tests/test_engine.py holds it to it.
INCOMPLETE = ("refused", "partial")


@dataclass(frozen=True)
class Case:
    """A rule, the rows of its test, and what the test says of them."""

    rule: Rule
    tables: Mapping[str, Rows]
    fails: frozenset[str]
    passes: frozenset[str]
    unknown: frozenset[str]
    settings: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, rule: Rule, module: ModuleType) -> Case:
        """The case that a rule's test module describes. Raises `PackError` where it lacks a part."""
        for name in ("TABLES", "FAILS", "PASSES", "UNKNOWN"):
            if not hasattr(module, name):
                raise PackError(
                    f"{module.__file__}: it lacks {name}.",
                    "Give TABLES, and the labels of rows that fail, pass and are unknown.",
                )
        return cls(
            rule=rule,
            tables=module.TABLES,
            fails=frozenset(module.FAILS),
            passes=frozenset(module.PASSES),
            unknown=frozenset(module.UNKNOWN),
            settings=getattr(module, "SETTINGS", {}),
        )


@dataclass
class Trial:
    """Runs one case; what its checks need more than once is run once."""

    case: Case

    @property
    def rule(self) -> Rule:
        """The rule on trial."""
        return self.case.rule

    @cached_property
    def _made(self) -> Frames:
        # Only what the rule reads: the other tables are empty, and shared.
        return {name: make_table(name, rows) for name, rows in self.case.tables.items()}

    @cached_property
    def whole(self) -> Tried:
        """The case as written, everything read."""
        return self.run(self.frames())

    @cached_property
    def datasets(self) -> tuple[tuple[str, str], ...]:
        """(dataset, use) for every dataset the rule rests on."""
        return tuple(datasets_of(self.rule))

    def frames(self) -> Frames:
        """The tables of the case, each a copy of its own."""
        frames = {name: frame.copy(deep=False) for name, frame in self._made.items()}
        for name in self.rule.tables:
            frames.setdefault(name, make_table(name, ()))
        return frames

    def run(
        self,
        frames: Frames,
        *,
        coverage: Mapping[str, str] | None = None,
        as_of: datetime = AS_OF,
        rule: Rule | None = None,
    ) -> Tried:
        """The rule over these tables."""
        return try_rule(
            rule or self.rule,
            frames,
            settings=self.case.settings,
            coverage=coverage,
            as_of=as_of,
        )

    def covered(self, frames: Frames) -> Covered:
        """The rule over these tables under one coverage after the other."""
        return Covered(self, frames)

    def reads(self, table: str) -> tuple[list[str], list[str]]:
        """The columns of a table that can be null: those the rule's source names, and the rest."""
        columns = [each.name for each in TABLES[table].columns if not each.required]
        named = [name for name in columns if name in self._words]
        return named, [name for name in columns if name not in named]

    @cached_property
    def _words(self) -> frozenset[str]:
        """Every word in the source of the rule and of its pack's helpers that it imports."""
        found = {*self.rule.needs, *self.rule.evidence}
        open_, seen = [inspect.getmodule(self.rule.judge)], set[str]()
        while open_:
            module = open_.pop()
            if module is None or module.__name__ in seen:
                continue
            seen.add(module.__name__)
            found |= set(re.findall(r"\w+", inspect.getsource(module)))
            open_ += [each for each in _imported(module) if _same_pack(each, module)]
        return frozenset(found)


def _imported(module: ModuleType) -> list[ModuleType]:
    names = {
        value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
        for value in vars(module).values()
    }
    return [found for name in names if name and (found := sys.modules.get(name)) is not None]


def _same_pack(one: ModuleType, other: ModuleType) -> bool:
    return one.__name__.partition(".")[0] == other.__name__.partition(".")[0]


class Covered:
    """One run of a rule, told under different coverages.

    What a rule returns cannot depend on coverage, which it is not given: it is judged once.
    """

    def __init__(self, trial: Trial, frames: Frames) -> None:
        self._trial, self._frames = trial, frames
        self._said: list[Any] = []
        self._rule = replace(trial.rule, judge=self._once)

    def _once(self, *tables: Any, **settings: Any) -> Any:
        if not self._said:
            self._said.append(self._trial.rule.judge(*tables, **settings))
        return self._said[0]

    def under(self, coverage: Mapping[str, str]) -> Tried:
        """The same rows under this coverage."""
        return self._trial.run(self._frames, coverage=coverage, rule=self._rule)


def nulled(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The frame with these columns null in every row, of the type they had."""
    return frame.assign(**{name: frame[name].iloc[0:0].reindex(frame.index) for name in columns})


def same(one: Tried, other: Tried) -> bool:
    """Whether two runs said the same of the same rows."""
    return (one.failed, one.passed, one.unknown) == (other.failed, other.passed, other.unknown)
