"""Runs rules over tables: pure, offline, and never a pass on data that did not arrive.

What incomplete data does to a verdict is decided here, from the ledger and from what each rule
declared about its tables; a rule's author cannot get it wrong by forgetting it.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from auditor.audit import Datasets, Finding, Outcome, Unknown
from auditor.findings import Describer, page_numbers, rows_of
from auditor.ledger import LedgerLine, Result
from auditor.packs import Configured
from auditor.rule import AS_OF, Rule
from auditor.scope import Scoper
from auditor.tables import TABLES, Table

Frames = Mapping[str, pd.DataFrame]
Coverage = Mapping[str, LedgerLine]

# For rows that cannot be judged although everything was read.
_BY_HAND = "Look at these rows by hand; accept_unknown accepts them."
_UNREADABLE = (Result.REFUSED, Result.UNAVAILABLE, Result.NOT_ASKED)


def dependencies(rule: Rule) -> Datasets:
    """The datasets a rule's verdict rests on, from the tables it declares."""
    about = TABLES[rule.about]
    population = dict.fromkeys((about.source, *about.adds))
    absence = dict.fromkeys(about.joins)
    for name in (*rule.passes_without, *rule.fails_without):
        absence |= dict.fromkeys(TABLES[name].datasets())
    detail = dict.fromkeys(about.fills)
    for name in rule.detail:
        detail |= dict.fromkeys(TABLES[name].datasets())
    for name in rule.tables:
        detail |= dict.fromkeys(TABLES[name].named)
    return Datasets(
        tuple(population),
        tuple(name for name in absence if name not in population),
        tuple(name for name in detail if name not in population and name not in absence),
    )


def judge(
    configured: Configured,
    frames: Frames,
    coverage: Coverage,
    as_of: datetime,
    accepted: Sequence[str] = (),
    describe: Describer | None = None,
) -> tuple[Outcome, tuple[Finding, ...]]:
    """One rule over one set of tables. Raises nothing: a crash is the outcome `error`."""
    rule, about = configured.rule, TABLES[configured.rule.about]
    needed = dependencies(rule)
    describe = describe or Describer(frames, coverage)
    blank = _blank(configured, needed)
    if not configured.enabled:
        cause = "switched off in the settings"
        return replace(blank, verdict="not-evaluated", cause=cause, accepted=True), ()
    source = _line(coverage, about.source)
    if source.result in _UNREADABLE:
        return _not_evaluated(blank, [source], accepted), ()
    try:
        parts = _split(configured, frames, as_of, describe.scoper)
        return _conclude(configured, blank, parts, needed, coverage, accepted, describe)
    except Exception as error:  # a crashed rule must be told as such, whatever it raised
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}, line {last.lineno}"
        cause = f"the rule crashed: {type(error).__name__}: {error} ({place})"
        remedy = f"Report it with the rule's id, {rule.id}; every other rule was judged."
        return replace(blank, verdict="error", cause=cause, remedy=remedy), ()


def _blank(configured: Configured, needed: Datasets) -> Outcome:
    rule = configured.rule
    return Outcome(
        rule=rule.id,
        title=rule.title,
        theme=rule.theme,
        severity=(configured.severity or rule.severity).label,
        verdict="",
        population=0,
        failed=0,
        unknown=0,
        passed=0,
        waived=0,
        missing=0,
        left_out=0,
        cause="",
        remedy="",
        accepted=False,
        datasets=needed,
        detail_missing=(),
        settings=dict(configured.settings),
        pages=(),
    )


def _not_evaluated(blank: Outcome, lines: Sequence[LedgerLine], accepted: Sequence[str]) -> Outcome:
    return replace(
        blank,
        verdict="not-evaluated",
        cause=_causes(lines),
        remedy=" ".join(dict.fromkeys(line.remedy for line in lines if line.remedy)),
        accepted=all(line.dataset in accepted for line in lines),
    )


def _line(coverage: Coverage, dataset: str) -> LedgerLine:
    # A dataset without a line is one this snapshot's version did not know.
    return coverage.get(dataset) or LedgerLine(
        dataset, Result.NOT_ASKED, cause="this snapshot does not hold it", remedy="Collect again."
    )


def _causes(lines: Sequence[LedgerLine]) -> str:
    return "; ".join(
        f"{line.dataset} {line.result.value}" + (f" ({line.cause})" if line.cause else "")
        for line in lines
    )


@dataclass(frozen=True)
class _Parts:
    """The population split by what the rule said, before what is missing is weighed."""

    population: pd.DataFrame
    left_out: int
    failing: pd.DataFrame  # index: a part of the population's
    causes: pd.Series  # of rows that cannot be judged, by index
    scoped: pd.DataFrame  # rows that the settings leave out
    reasons: pd.Series  # why, by index


def _split(configured: Configured, frames: Frames, as_of: datetime, scoper: Scoper) -> _Parts:
    rule = configured.rule
    about = frames[rule.about]
    inside = pd.Series(True, index=about.index)
    causes: dict[int, str] = {}
    if rule.where is not None:
        mask = rule.where(about.copy(deep=False))
        mask = mask.astype("boolean")
        inside = mask.fillna(True).astype(bool)
        for index in about.index[mask.isna()]:
            causes[index] = "whether the rule is about it could not be told"
    population = about[inside]
    reasons = scoper.outside(configured.scope, TABLES[rule.about], population)
    scoped = population.loc[reasons.index]
    population = population.drop(index=reasons.index)
    causes = {index: cause for index, cause in causes.items() if index not in reasons.index}
    for column in rule.needs:
        for index in population.index[population[column].isna()]:
            causes.setdefault(index, f"{column} is not known")
    judged = population.drop(index=list(causes))
    given = {
        name: judged.copy(deep=False) if name == rule.about else frames[name].copy(deep=False)
        for name in rule.tables
    }
    arguments = [pd.Timestamp(as_of) if name == AS_OF else given[name] for name in rule.arguments]
    failing = rule.judge(*arguments, **configured.settings)
    _check(failing, judged, TABLES[rule.about].key)
    if "unknown" in failing:
        for index, cause in failing["unknown"].dropna().items():
            causes[index] = str(cause)
        failing = failing[failing["unknown"].isna()]
    told, left_out = pd.Series(causes, dtype="object"), int((~inside).sum())
    return _Parts(population, left_out, failing, told, scoped, reasons)


def _check(failing: object, judged: pd.DataFrame, key: Sequence[str]) -> None:
    if not isinstance(failing, pd.DataFrame):
        raise TypeError(f"it returned {type(failing).__name__}, not rows of its table")
    if not failing.index.is_unique or not failing.index.isin(judged.index).all():
        raise ValueError("it returned rows that are not in its table, or some of them twice")
    names = list(key)
    if failing[names].to_numpy().tolist() != judged.loc[failing.index, names].to_numpy().tolist():
        raise ValueError("it changed the key of rows that it returned")


def _conclude(
    configured: Configured,
    blank: Outcome,
    parts: _Parts,
    needed: Datasets,
    coverage: Coverage,
    accepted: Sequence[str],
    describe: Describer,
) -> tuple[Outcome, tuple[Finding, ...]]:
    rule, about = configured.rule, TABLES[configured.rule.about]
    gaps = _Gaps.of(rule, about, coverage)
    causes, failing = dict(parts.causes.items()), parts.failing
    if gaps.fails:
        why = f"it fails only if nothing more exists in: {_causes(gaps.fails)}"
        causes |= dict.fromkeys(failing.index, why)
        failing = failing.iloc[0:0]
    if gaps.passes:
        why = f"it passes only if nothing more exists in: {_causes(gaps.passes)}"
        rest = parts.population.index.difference(failing.index)
        causes = dict.fromkeys(rest, why) | causes
    missing = gaps.missing
    incomplete = [*gaps.rows, *gaps.passes, *gaps.fails]
    if incomplete and not missing and not causes and failing.empty and len(parts.population):
        missing = 1  # whatever the reason: nothing passes on a dataset that is not complete
    population = len(parts.population) + missing
    unknown = len(causes) + missing
    left_out = describe.scoped_out(about, parts.scoped, parts.reasons)
    blank = replace(blank, left_out=parts.left_out, scoped_out=left_out)
    # Not applicable must not be read as: there is nothing of the kind.
    emptied = f"all {len(parts.scoped)} rows are left out by your settings"
    scoped = [emptied] if len(parts.scoped) and not population else []
    if not population and incomplete:
        return _not_evaluated(blank, list(dict.fromkeys(incomplete)), accepted), ()
    lines = list(dict.fromkeys(incomplete))
    rows = sorted(str(cause) for cause in set(parts.causes))
    outcome = replace(
        blank,
        verdict=_verdict(population, len(failing), unknown),
        population=population,
        failed=len(failing),
        unknown=unknown,
        passed=population - len(failing) - unknown,
        missing=missing,
        cause="; ".join(filter(None, [_causes(lines), *rows[:5], *scoped])),
        remedy=" ".join(
            dict.fromkeys(
                [*(line.remedy for line in lines if line.remedy), *([_BY_HAND] if rows else [])]
            )
        ),
        # What the settings accept of rows that cannot be judged says nothing of datasets, and the
        # other way round.
        accepted=bool(lines or rows)
        and all(line.dataset in accepted for line in lines)
        and (configured.accept_unknown or not rows),
        detail_missing=tuple(name for name in needed.detail if not _line(coverage, name).complete),
        pages=page_numbers(rows_of(parts.population[_paged(parts.population)])),
        unknowns=_unknowns(describe, about, parts.population, causes),
    )
    return outcome, describe.findings(configured, failing)


def _paged(population: pd.DataFrame) -> list[str]:
    return [name for name in ("page", "bytes_page", "proof_pages") if name in population]


def _unknowns(
    describe: Describer, about: Table, population: pd.DataFrame, causes: Mapping[Any, str]
) -> tuple[Unknown, ...]:
    rows = population[population.index.isin(list(causes))]
    return tuple(
        Unknown(*describe.subject(about, row), str(causes[index]))
        for index, row in zip(rows.index, rows_of(rows), strict=True)
    )


def _verdict(population: int, failed: int, unknown: int) -> str:
    if failed:
        return "fail"
    if unknown:
        return "unknown"
    return "pass" if population else "not-applicable"


@dataclass(frozen=True)
class _Gaps:
    """Incomplete datasets by what they do, and how many rows are missing because of them."""

    rows: tuple[LedgerLine, ...]
    passes: tuple[LedgerLine, ...]
    fails: tuple[LedgerLine, ...]
    missing: int

    @classmethod
    def of(cls, rule: Rule, about: Table, coverage: Coverage) -> _Gaps:
        def open_(datasets: Sequence[str]) -> tuple[LedgerLine, ...]:
            lines = (_line(coverage, name) for name in dict.fromkeys(datasets))
            return tuple(line for line in lines if not line.complete)

        rows = open_((about.source, *about.adds))
        of_passes = [about.joins, *(TABLES[name].datasets() for name in rule.passes_without)]
        of_fails = [TABLES[name].datasets() for name in rule.fails_without]
        # What the population itself lacks is told as missing rows, not once more as absence.
        own = {about.source}
        passes = open_([name for group in of_passes for name in group if name not in own])
        fails = open_([name for group in of_fails for name in group if name not in own])
        # A partial listing of its own objects tells how many are missing; otherwise: at least one.
        missing = max((_missing(line) for line in rows), default=0)
        return cls(rows, passes, fails, missing)


def _missing(line: LedgerLine) -> int:
    return max((line.expected or 0) - line.rows, 1)
