"""What a run says on the terminal: what could not be judged first, then the worst findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from auditor.audit import VERDICTS, Audit, Outcome
from auditor.audit import worst as worst_findings
from auditor.ledger import LedgerLine, Result
from auditor.rule import Severity
from auditor.text import visible

_COLOURS = {"critical": "red", "high": "red", "medium": "yellow", "low": "blue", "info": "white"}


def coverage(lines: Iterable[LedgerLine]) -> Iterator[str]:
    """One line of truth about what was read, and one per dataset that was not whole."""
    every = [line for line in lines if not line.off]
    short = [line for line in every if line.gap]
    if not short:
        needless = sum(line.result is Result.NOT_APPLICABLE for line in every)
        told = f", {needless} of them with nothing to ask for" if needless else ""
        yield f"Coverage: all {len(every)} datasets complete{told}."
        return
    yield f"Coverage: {len(short)} of {len(every)} datasets are not complete:"
    for line in short:
        yield f"  {line.result.value:<12}{line.dataset}: {visible(line.cause or 'no cause told')}"
        if line.remedy:
            yield f"              remedy: {visible(line.remedy)}"


def ratings(audit: Audit) -> Iterator[str]:
    """That ratings were changed, where they were, and entries that rate nothing in this tenant."""
    if audit.overlay is None:
        return
    entries = audit.overlay["entries"]
    used = sum(1 for each in entries if each["rows"])
    yield (
        f"Ratings: {used} of {len(entries)} entries of the overlay "
        f"{visible(audit.overlay['file'])} rate something in this tenant."
    )
    for each in entries:
        if not each["rows"]:
            yield f"  rates nothing here: {each['what']} {visible(each['name'] or each['id'])}"


def scope(audit: Audit) -> Iterator[str]:
    """The profile, what the settings leave out, and entries of theirs that name nothing."""
    if audit.profile and audit.profile["name"] != "default":
        count = len(audit.profile["rules"])
        yield f"Profile: {audit.profile['name']}, which sets {count} rules."
    if not audit.scope:
        return
    rows = sum(len(each.scoped_out) for each in audit.outcomes)
    rules = sum(bool(each.scoped_out) for each in audit.outcomes)
    yield f"Scope: your settings leave {rows} rows out of {rules} rules; the report lists them."
    for each in audit.scope:
        if not each["names_something"]:
            near = f" Did you mean {visible(each['nearest'])}?" if each["nearest"] else ""
            yield f"  names nothing here: {each['key']} {visible(each['value'])!r}.{near}"


def verdicts(audit: Audit) -> Iterator[str]:
    """Counts of verdicts and findings, and the rules nobody should take for passed."""
    counts = Counter(each.verdict for each in audit.outcomes)
    told = ", ".join(f"{counts[word]} {word}" for word in VERDICTS if counts[word])
    yield f"Rules: {len(audit.outcomes)} ({told})."
    for each in audit.outcomes:
        if each.verdict in ("error", "not-evaluated"):
            yield f"  {each.verdict:<14}{each.rule}{_accepted(each)}: {visible(each.cause)}"
    for each in audit.outcomes:
        if each.unknown:
            rows = f"{each.unknown} of {each.population} rows unknown{_accepted(each)}"
            yield f"  {'unknown':<14}{each.rule}: {rows}: {visible(each.cause, width=200)}"
    severities = Counter(each.severity for each in audit.findings)
    found = ", ".join(
        f"{severities[each.label]} {each.label}"
        for each in sorted(Severity, reverse=True)
        if severities[each.label]
    )
    yield f"Findings: {found or 'none'}."


def _accepted(outcome: Outcome) -> str:
    return " (accepted in the settings)" if outcome.accepted else ""


def worst(audit: Audit, most: int = 5) -> Iterator[str]:
    """The worst findings: one per rule first, so that one rule does not crowd out the rest."""
    chosen = worst_findings(audit, most)
    if not chosen:
        return
    yield f"The {len(chosen)} worst:"
    for each in chosen:
        severity = click.style(f"{each.severity:<9}", fg=_COLOURS[each.severity], bold=True)
        name = visible(each.object.get("name") or each.object.get("id"), width=60)
        yield f"  {severity} {each.rule}: {name}"
        yield f"            {visible(each.message, width=220)}"


def written(paths: Sequence[Path]) -> Iterator[str]:
    """Where the results are."""
    yield "Wrote:"
    for path in paths:
        yield f"  {path}"


def show(lines: Iterable[str]) -> None:
    """Prints the lines."""
    for line in lines:
        click.echo(line)
