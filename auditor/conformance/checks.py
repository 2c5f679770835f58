"""The checks, each a generator of what is wrong in plain words; nothing where all is well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from auditor.conformance.case import INCOMPLETE, Case, Trial, nulled, same
from auditor.conformance.generated import generated
from auditor.rule import SECTIONS
from auditor.tables import TABLES
from auditor.testing import AS_OF, Tried, empty_table, label

Check = Callable[[Trial], Iterator[str]]
_SAMPLE = 2  # rows judged alone; what the made-up rows find is not looked for in every one


def documentation(trial: Trial) -> Iterator[str]:
    """It has its sections in their order, a theme and a short title."""
    rule = trial.rule
    if list(rule.sections or {})[: len(SECTIONS)] != list(SECTIONS):
        yield f"the sections of its docstring are not {', '.join(SECTIONS)}, in that order"
    if not rule.theme:
        yield "it lies in no folder: the folder's name is its theme"
    if len(rule.title) >= 90:
        yield f"its title has {len(rule.title)} characters; 89 are the most"


def as_named(trial: Trial) -> Iterator[str]:
    """Its rows fail, pass and stay unknown as its test names them, and there are both."""
    case, said = trial.case, trial.whole
    if said.verdict == "error":
        yield said.outcome.cause
        return
    for word, found, named in (
        ("fail", said.failed, case.fails),
        ("pass", said.passed, case.passes),
        ("are unknown", said.unknown, case.unknown),
    ):
        if found != named:
            yield f"{_rows(found)} {word}; its test names {_rows(named)}"
    if not case.fails or not case.passes:
        yield "its test names no row that fails, or none that passes"


def counts_and_messages(trial: Trial) -> Iterator[str]:
    """Failed + unknown + passed = population, and every finding has a message and evidence."""
    yield from _adds_up(trial.whole)
    for finding in trial.whole.findings:
        if not finding.message or "{" in finding.message:
            yield f"the message of {finding.part or finding.object['id']} is {finding.message!r}"
        if not finding.evidence:
            yield f"the finding on {finding.part or finding.object['id']} has no evidence"


def never_passes_incomplete(trial: Trial) -> Iterator[str]:
    """Each dataset it rests on is refused, cut and left away in turn: never a pass."""
    covered = trial.covered(trial.frames())
    for dataset, use in trial.datasets:
        for how in INCOMPLETE:
            said = covered.under({dataset: how})
            where = f"with {dataset} {how}"
            if use == "detail":
                if not same(said, trial.whole):
                    yield f"{where}, declared as detail, its verdicts change"
                if dataset not in said.outcome.detail_missing:
                    yield f"{where}, the missing detail is not told"
                continue
            if said.verdict in ("pass", "not-applicable"):
                yield f"{where} it says {said.verdict}"
            if dataset not in said.outcome.cause:
                yield f"{where} the cause does not name the dataset"
            source = dataset == TABLES[trial.rule.about].source
            if source and how != "partial" and said.verdict != "not-evaluated":
                yield f"{where} it says {said.verdict}, not not-evaluated"
            yield from (f"{where} {told}" for told in _adds_up(said))


def empty_tenant(trial: Trial) -> Iterator[str]:
    """An empty tenant is not applicable, but only where everything was read."""
    covered = trial.covered({name: empty_table(name) for name in trial.rule.tables})
    if (verdict := covered.under({}).verdict) != "not-applicable":
        yield f"of an empty tenant it says {verdict}"
    for dataset, use in trial.datasets:
        for how in INCOMPLETE if use != "detail" else ():
            verdict = covered.under({dataset: how}).verdict
            if verdict not in ("not-evaluated", "unknown"):
                yield f"of an empty tenant with {dataset} {how} it says {verdict}"


def emptied_join(trial: Trial) -> Iterator[str]:
    """A joined table whose dataset was refused is empty: never a pass."""
    rule = trial.rule
    for name in rule.tables[1:]:
        if name in rule.detail and name not in (*rule.passes_without, *rule.fails_without):
            continue
        frames = trial.frames() | {name: empty_table(name)}
        verdict = trial.run(frames, coverage={TABLES[name].source: "refused"}).verdict
        if verdict in ("pass", "not-applicable"):
            yield f"with {name} empty because it was refused, it says {verdict}"


def nulls(trial: Trial) -> Iterator[str]:
    """Each column it reads is nulled in turn: no failing row passes or vanishes, nothing crashes.

    Columns that neither its source nor its helpers' name are nulled all at once; only where that
    changes anything, one at a time.
    """
    for table in trial.rule.tables:
        named, rest = trial.reads(table)
        if rest:
            frames = trial.frames()
            frames[table] = nulled(frames[table], rest)
            if not same(trial.run(frames), trial.whole):
                named += rest
        for column in named:
            frames = trial.frames()
            frames[table] = nulled(frames[table], [column])
            said, where = trial.run(frames), f"with {table}.{column} null"
            if said.verdict == "error":
                yield f"{where}: {said.outcome.cause}"
                continue
            if moved := trial.whole.failed & said.passed:
                yield f"{where}, {_rows(moved)} passes though it failed"
            if gone := trial.whole.failed - said.failed - said.passed - said.unknown:
                yield f"{where}, {_rows(gone)} is told no more"


def missing_rows(trial: Trial) -> Iterator[str]:
    """Each row of each joined table is taken away: a verdict moves only as declared."""
    rule, whole = trial.rule, trial.whole
    for name in rule.tables[1:]:
        both = name in rule.passes_without and name in rule.fails_without
        for row in range(0 if both else len(trial.frames()[name])):
            frames = trial.frames()
            frames[name] = frames[name].drop(index=frames[name].index[row])
            said, where = trial.run(frames), f"without row {row} of {name}"
            if name not in rule.passes_without and (moved := whole.failed & said.passed):
                yield f"{where}, {_rows(moved)} passes: declare {name} in passes_without"
            if name not in rule.fails_without and (moved := whole.passed & said.failed):
                yield f"{where}, {_rows(moved)} fails: declare {name} in fails_without"


def few_rows(trial: Trial) -> Iterator[str]:
    """Passing rows alone, single rows, and empty joined tables crash nothing."""
    about = trial.rule.about
    whole = trial.frames()[about]
    rows: list[Any] = whole.to_dict("records")
    fine = [label(about, row) in trial.case.passes for row in rows]
    kept = whole[fine]
    bare = {name: empty_table(name) for name in trial.rule.tables}
    step = max(len(kept) // _SAMPLE, 1)
    parts = [kept.iloc[[row]] for row in range(0, len(kept), step)][:_SAMPLE]
    for frames in (
        trial.frames() | {about: kept},
        bare | {about: kept},
        bare | {about: kept.iloc[:1]},
        *(trial.frames() | {about: one} for one in parts),
    ):
        said = trial.run(frames)
        if said.verdict == "error":
            yield f"with {len(frames[about])} rows of {about}: {said.outcome.cause}"


def order_of_rows(trial: Trial) -> Iterator[str]:
    """The population turned round gives the same verdicts and the same findings' ids."""
    frames = trial.frames()
    # Joined tables are read by position and keep theirs; rows of the population change places.
    frames[trial.rule.about] = frames[trial.rule.about].iloc[::-1]
    said = trial.run(frames)
    if not same(said, trial.whole):
        yield "with its rows in another order its verdicts change"
    if [each.id for each in said.findings] != [each.id for each in trial.whole.findings]:
        yield "with its rows in another order its findings' ids change"


def input_unchanged(trial: Trial) -> Iterator[str]:
    """What it is given stays as it was."""
    frames = trial.frames()
    before = {name: frame.copy(deep=True) for name, frame in frames.items()}
    trial.run(frames)
    for name, frame in frames.items():
        try:
            pd.testing.assert_frame_equal(frame, before[name])
        except AssertionError:
            yield f"it changes the table {name} that it is given"


def identity(trial: Trial) -> Iterator[str]:
    """A finding's id is its own, and stays when the day changes and every date moves."""
    today = {(str(each.object["id"]), each.part): each.id for each in trial.whole.findings}
    if len({*today.values()}) != len(trial.whole.findings):
        yield "two of its findings have one id"
    later = AS_OF + timedelta(days=1)
    moved = {name: _a_day_later(name, frame) for name, frame in trial.frames().items()}
    for when, frames in (("tomorrow", trial.frames()), ("with dates moved", moved)):
        for each in trial.run(frames, as_of=later).findings:
            known = today.get((str(each.object["id"]), each.part))
            if known not in (None, each.id):
                yield f"{when}, the finding on {each.part or each.object['id']} has another id"


def _a_day_later(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    far = pd.Timestamp("2200-01-01", tz="UTC")  # 9999-12-31 has no tomorrow
    moved = {}
    for each in TABLES[name].columns:
        if each.type == "time":
            before: Any = frame[each.name]
            moved[each.name] = before.mask(before < far, before.clip(upper=far) + timedelta(days=1))
    return frame.assign(**moved)


def made_up_rows(trial: Trial) -> Iterator[str]:
    """Rows made up from its test's values, odd ones and nulls crash nothing and add up."""
    for number, frames in enumerate(generated(trial)):
        said, where = trial.run(frames), f"of made-up rows, number {number},"
        if said.verdict == "error":
            yield f"{where} {said.outcome.cause}"
            continue
        yield from (f"{where} {told}" for told in _adds_up(said))
        if any(not finding.message for finding in said.findings):
            yield f"{where} a finding has no message"
        back = frames | {trial.rule.about: frames[trial.rule.about].iloc[::-1]}
        if not number and not same(trial.run(back), said):
            yield f"{where} the verdicts hang on the order of rows"


CHECKS: Mapping[str, Check] = {
    each.__name__.replace("_", "-"): each
    for each in (
        documentation,
        as_named,
        counts_and_messages,
        never_passes_incomplete,
        empty_tenant,
        emptied_join,
        nulls,
        missing_rows,
        few_rows,
        order_of_rows,
        input_unchanged,
        identity,
        made_up_rows,
    )
}


def examine(case: Case) -> tuple[str, ...]:
    """Everything that is wrong with a rule, each as `check: what`; nothing where all is well."""
    trial = Trial(case)
    if trial.whole.verdict == "error":  # every other check would say the same
        return tuple(f"as-named: {told}" for told in as_named(trial))
    return tuple(f"{name}: {told}" for name, check in CHECKS.items() for told in check(trial))


def _adds_up(said: Tried) -> Iterator[str]:
    outcome = said.outcome
    if outcome.failed + outcome.unknown + outcome.passed != outcome.population:
        yield (
            f"failed {outcome.failed} + unknown {outcome.unknown} + passed {outcome.passed} "
            f"is not its population of {outcome.population}"
        )


def _rows(labels: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(labels)) or "none"
