"""What the rules' verdicts say of each framework's controls, at that framework's own thresholds.

A rule that is mapped with settings of the framework is judged again where the run's own differ;
findings stay those of the run. A verdict speaks of app registrations only: it is evidence for a
control, never its certification.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from auditor.audit import ControlVerdict, Evidence, Finding, FrameworkView, Outcome
from auditor.controls import Control
from auditor.knowledge.frameworks import Entry, Framework, entries, frameworks
from auditor.packs import Configured
from auditor.scope import NOTHING

Judge = Callable[[Configured], tuple[Outcome, tuple[Finding, ...]]]

_WORDS = {"not-evaluated": "Not evaluated", "error": "Crashed"}
_OPEN = tuple(_WORDS)
NO_ANSWER = (
    "None of its rules reads the setting that this control asks for; they can only show that it "
    "does not hold"
)
_BY_HAND = "Look at the setting itself."


def weigh(
    chosen: Sequence[Configured],
    outcomes: Sequence[Outcome],
    findings: Iterable[Finding],
    judge: Judge,
) -> tuple[FrameworkView, ...]:
    """Every framework's controls. `outcomes` are those of `chosen`, in the same order.

    `judge` gives outcome and findings of a rule at other settings.
    """
    told = {each.id for each in findings}
    found: dict[str, dict[str, list[Evidence]]] = {}
    for configured, outcome in zip(chosen, outcomes, strict=True):
        again: list[tuple[Mapping[str, Any], Outcome, tuple[Finding, ...]]] = []
        for control in configured.rule.controls:
            settings = {**configured.settings, **control.settings}
            own: Outcome = outcome
            extra: tuple[Finding, ...] = ()
            if settings != configured.settings or configured.scope:
                # What the user leaves out of a rule is not left out of a framework's question.
                whole = replace(configured, settings=settings, scope=NOTHING)
                own, every = _again(whole, again, judge)
                extra = tuple(each for each in every if each.id not in told)
            of_framework = found.setdefault(control.key, {})
            of_framework.setdefault(control.id, []).append(_evidence(control, own, extra))
    return tuple(_view(each, found.get(each.key, {})) for each in frameworks().values())


def _again(
    configured: Configured,
    known: list[tuple[Mapping[str, Any], Outcome, tuple[Finding, ...]]],
    judge: Judge,
) -> tuple[Outcome, tuple[Finding, ...]]:
    """Judges at settings that no other control of this rule has asked for yet."""
    for settings, outcome, findings in known:
        if settings == configured.settings:
            return outcome, findings
    outcome, findings = judge(configured)
    known.append((configured.settings, outcome, findings))
    return outcome, findings


def _evidence(control: Control, outcome: Outcome, extra: tuple[Finding, ...]) -> Evidence:
    return Evidence(
        rule=outcome.rule,
        verdict=outcome.verdict,
        answering=control.answering,
        population=outcome.population,
        failed=outcome.failed,
        unknown=outcome.unknown,
        passed=outcome.passed,
        settings=outcome.settings,
        own=control.settings,
        cause=outcome.cause,
        remedy=outcome.remedy,
        findings=extra,
    )


def _view(framework: Framework, found: Mapping[str, Sequence[Evidence]]) -> FrameworkView:
    known = entries(framework.key)
    return FrameworkView(
        key=framework.key,
        name=framework.name,
        version=framework.version,
        date=framework.date,
        page=framework.page,
        controls=tuple(_control(known[id], found[id]) for id in known if id in found),
        uncovered=tuple(id for id in known if id not in found),
    )


def _control(entry: Entry, rules: Sequence[Evidence]) -> ControlVerdict:
    told = verdict(rules)
    gaps = [each for each in rules if each.verdict in _OPEN or each.unknown]
    failed = [each.rule for each in rules if each.failed]
    extra = [each for each in rules if each.findings]
    unanswered = told == "not-evaluated" and not gaps
    causes = [*_failures(rules), *_gaps(gaps), *([NO_ANSWER] if unanswered else [])]
    remedies = [
        *([f"Mend the findings of {', '.join(failed)}."] if failed else []),
        *(_stricter(each) for each in extra),
        *(each.remedy for each in gaps if each.remedy),
        *([_BY_HAND] if unanswered else []),
    ]
    return ControlVerdict(
        id=entry.id,
        asks=entry.asks,
        rationale=entry.rationale,
        verdict=told,
        population=sum(each.population for each in rules),
        failed=sum(each.failed for each in rules),
        unknown=sum(each.unknown for each in rules),
        passed=sum(each.passed for each in rules),
        cause=". ".join(causes),
        remedy=" ".join(dict.fromkeys(remedies)),
        rules=tuple(rules),
    )


def _failures(rules: Sequence[Evidence]) -> list[str]:
    told = [f"{each.rule} ({each.failed} of {each.population})" for each in rules if each.failed]
    return [f"Failed: {', '.join(told)}"] if told else []


def _gaps(gaps: Sequence[Evidence]) -> list[str]:
    """What could not be judged, rules of one cause in one sentence."""
    by_cause: dict[tuple[str, str], list[str]] = {}
    for each in gaps:
        word = _WORDS.get(each.verdict, "Unknown")
        rows = f" ({each.unknown} of {each.population})" if each.unknown else ""
        by_cause.setdefault((word, each.cause), []).append(each.rule + rows)
    return [f"{word}: {', '.join(names)}: {cause}" for (word, cause), names in by_cause.items()]


def _stricter(each: Evidence) -> str:
    told = ", ".join(f"{name} = {value}" for name, value in each.own.items())
    rows = "row" if len(each.findings) == 1 else "rows"
    if not told:
        return (
            f"{len(each.findings)} {rows} of {each.rule} failed that your settings leave out of "
            "the rule; a control is judged without that."
        )
    return (
        f"{len(each.findings)} {rows} of {each.rule} failed only at {told}; "
        f"set that under [rules.{each.rule}] to have them as findings."
    )


def verdict(rules: Sequence[Evidence]) -> str:
    """The verdict of a control: fail before every gap, every gap before pass."""
    words = {each.verdict for each in rules}
    if "fail" in words:
        return "fail"
    if words & set(_OPEN):
        return "not-evaluated"
    if "unknown" in words:
        return "unknown"
    answers = {each.verdict for each in rules if each.answering}
    if not answers:
        return "not-evaluated"
    return "pass" if "pass" in answers else "not-applicable"
