"""Which rules depend on which dataset and how, and the least permissions a set of rules needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.datasets import DATASETS
from auditor.datasets.permissions import fewest, narrowest
from auditor.engine import dependencies
from auditor.rule import Rule


@dataclass(frozen=True, slots=True)
class Uses:
    """The ids of the rules that depend on one dataset, by what it is to them."""

    population: tuple[str, ...] = ()  # its rows are what they judge
    absence: tuple[str, ...] = ()  # they prove by it that something is not there
    detail: tuple[str, ...] = ()  # it only adds to what they say

    @property
    def verdicts(self) -> tuple[str, ...]:
        """The rules that cannot give a verdict without it."""
        return tuple(sorted({*self.population, *self.absence}))


def uses(rules: Iterable[Rule]) -> dict[str, Uses]:
    """What each declared dataset is to these rules."""
    needed = {rule.id: dependencies(rule) for rule in rules}
    return {
        name: Uses(
            *(
                tuple(id for id, each in needed.items() if name in getattr(each, use))
                for use in ("population", "absence", "detail")
            )
        )
        for name in DATASETS
    }


@dataclass(frozen=True, slots=True)
class Minimum:
    """Permissions that are enough for the verdicts of some rules."""

    datasets: tuple[str, ...]  # what has to be read, with what that hangs on
    narrow: tuple[str, ...]  # they open as little else as possible
    few: tuple[str, ...]  # as few grants as possible, each wider

    @property
    def advice(self) -> tuple[str, ...]:
        """What the datasets need besides permissions."""
        told = (DATASETS[name].advice for name in self.datasets)
        return tuple(dict.fromkeys(each for each in told if each))

    @property
    def licences(self) -> Mapping[str, tuple[str, ...]]:
        """The licences the datasets need, each with the datasets that need it."""
        found: dict[str, tuple[str, ...]] = {}
        for name in self.datasets:
            if licence := DATASETS[name].licence:
                found[licence] = (*found.get(licence, ()), name)
        return found


def minimum(rules: Iterable[Rule]) -> Minimum:
    """The least permissions with which every one of `rules` can give a verdict."""
    names = _with_sources(name for name, each in uses(rules).items() if each.verdicts)
    chosen = [DATASETS[name] for name in names]
    return Minimum(names, narrowest(chosen), fewest(chosen))


def _with_sources(names: Iterable[str]) -> tuple[str, ...]:
    """The datasets and all that tell them what to ask about, in their declared order."""
    found: set[str] = set()
    open_ = list(names)
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += [*DATASETS[name].needs, *DATASETS[name].after]
    return tuple(name for name in DATASETS if name in found)
