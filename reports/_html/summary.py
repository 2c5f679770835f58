"""What the page says before any detail: what cannot be trusted, the counts, the worst findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.audit import VERDICTS, Audit, Finding, Outcome
from auditor.audit import worst as worst_findings
from auditor.check import exit_code
from auditor.datasets import DATASETS
from auditor.ledger import LedgerLine, Result
from auditor.rule import Severity
from auditor.tables import TABLES

from .words import count

SEVERITIES = tuple(each.label for each in sorted(Severity, reverse=True))
WORDS = {
    "fail": ("failed", "At least one row failed."),
    "error": ("error", "The rule crashed. Nothing is known of its rows."),
    "not-evaluated": ("not evaluated", "What it needs was not read. Nothing is known of its rows."),
    "unknown": ("unknown", "Nothing failed, but some rows could not be judged."),
    "pass": ("passed", "Rows were judged and none failed."),
    "not-applicable": ("not applicable", "Everything was read and there is nothing to judge."),
}
RESULTS = {
    Result.COMPLETE: "complete",
    Result.PARTIAL: "partial",
    Result.REFUSED: "refused",
    Result.UNAVAILABLE: "unavailable",
    Result.NOT_ASKED: "not asked",
}
EXITS = {
    0: "Nothing at or above the limit was found, and nothing asked for stayed unjudged.",
    1: "Findings at or above the limit were found.",
    3: "Something could not be judged. This wins over findings: read it first.",
}
_ORDER = (Result.REFUSED, Result.UNAVAILABLE, Result.PARTIAL, Result.NOT_ASKED, Result.COMPLETE)


def coverage(audit: Audit) -> list[dict[str, Any]]:
    """The ledger, what is incomplete on top, one entry per dataset."""
    lines = sorted(audit.coverage, key=lambda line: (_ORDER.index(line.result), line.dataset))
    return [_entry([line], audit.accepted) for line in lines]


def incomplete(audit: Audit) -> list[dict[str, Any]]:
    """What is incomplete, datasets of one cause and remedy in one entry."""
    groups: dict[tuple[object, ...], list[LedgerLine]] = {}
    for entry in coverage(audit):
        line = entry["line"]
        if line.gap:
            # Numbers are told per dataset: only what brought nothing shares an entry.
            alone = line.dataset if line.rows or line.expected is not None or line.notes else ""
            key = (line.result, line.cause, line.remedy, line.dataset in audit.accepted, alone)
            groups.setdefault(key, []).append(line)
    return [_entry(lines, audit.accepted) for lines in groups.values()]


def _entry(lines: Sequence[LedgerLine], accepted: Sequence[str]) -> dict[str, Any]:
    return {
        "line": lines[0],
        "names": [
            (line.dataset, DATASETS[line.dataset].title if line.dataset in DATASETS else "")
            for line in lines
        ],
        "result": RESULTS[lines[0].result],
        "accepted": lines[0].dataset in accepted,
    }


def gap(coverage_of: Mapping[str, LedgerLine], *tables: str) -> list[str]:
    """One text for each cause that makes datasets of these tables incomplete."""
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for table in tables for name in TABLES[table].datasets()):
        line = coverage_of.get(name)
        if line is None:
            found.setdefault("not asked (this snapshot does not hold it)", []).append(name)
        elif not line.complete:
            cause = f" ({line.cause})" if line.cause else ""
            found.setdefault(RESULTS[line.result] + cause, []).append(name)
    return [f"{', '.join(names)}: {cause}" for cause, names in found.items()]


def truth(audit: Audit) -> str:
    """One sentence on how far the whole can be trusted."""
    asked = [line for line in audit.coverage if not line.off]
    results = Counter(line.result for line in asked)
    verdicts = Counter(each.verdict for each in audit.outcomes)
    partial = results[Result.PARTIAL]
    lost = len(asked) - results[Result.COMPLETE] - partial
    rows = sum(each.unknown for each in audit.outcomes)
    of_rules = sum(1 for each in audit.outcomes if each.unknown)
    datasets = f"of {count(len(asked), 'dataset')}"
    parts = [
        f"{lost} {datasets} could not be read" if lost else "",
        f"{partial} {'' if lost else datasets + ' '}{'was' if partial == 1 else 'were'} read in part"
        if partial
        else "",
        f"{count(n, 'rule was', 'rules were')} not evaluated"
        if (n := verdicts["not-evaluated"])
        else "",
        f"{count(n, 'rule')} crashed" if (n := verdicts["error"]) else "",
        f"{count(rows, 'row')} of {count(of_rules, 'rule')} could not be judged" if rows else "",
    ]
    told = [part for part in parts if part]
    if not audit.coverage and not audit.outcomes:
        return "This audit holds no dataset and no rule. It says nothing about the tenant."
    if not told:
        return (
            f"All {count(len(asked), 'dataset')} were read in full and "
            f"{count(len(audit.outcomes), 'rule was', 'rules were')} judged on every row."
        )
    text = told[0] if len(told) == 1 else f"{', '.join(told[:-1])}, and {told[-1]}"
    return f"{text}. Nothing below says that these are fine."


def unjudged(audit: Audit) -> list[dict[str, Any]]:
    """The outcomes nobody should take for passed, the emptiest first."""
    short = {line.dataset: line for line in audit.coverage if not line.complete}
    return [_open(each, short) for each in _unjudged(audit)]


def _open(outcome: Outcome, short: Mapping[str, LedgerLine]) -> dict[str, Any]:
    """An outcome with the datasets to blame, and the part of its cause they do not explain."""
    needed = (*outcome.datasets.population, *outcome.datasets.absence)
    blamed, rest = [], f"; {outcome.cause}"
    for name in needed:
        line = short.get(name)
        if line is None:
            continue
        told = f"; {name} {line.result.value}" + (f" ({line.cause})" if line.cause else "")
        if told in rest:
            blamed.append(name)
            rest = rest.replace(told, "", 1)
    return {"outcome": outcome, "blamed": blamed, "rest": rest.removeprefix("; ")}


def _unjudged(audit: Audit) -> list[Outcome]:
    order = ("error", "not-evaluated", "unknown", "fail")
    return sorted(
        (
            each
            for each in audit.outcomes
            if each.verdict in ("error", "not-evaluated", "unknown") or each.unknown
        ),
        key=lambda each: (
            order.index(each.verdict) if each.verdict in order else len(order),
            -Severity.named(each.severity),
            each.rule,
        ),
    )


def severities(audit: Audit) -> list[tuple[str, int]]:
    """Findings by severity, the worst first."""
    counts = Counter(each.severity for each in audit.findings)
    return [(name, counts[name]) for name in SEVERITIES]


def verdicts(audit: Audit) -> list[tuple[str, str, int]]:
    """Rules by verdict: its id, its words, how many."""
    counts = Counter(each.verdict for each in audit.outcomes)
    return [(name, WORDS[name][0], counts[name]) for name in VERDICTS]


def worst(audit: Audit, most: int = 5) -> list[tuple[Finding, int]]:
    """The worst findings, one per rule first, each with how many more its rule has."""
    counts = Counter(each.rule for each in audit.findings)
    return [(each, counts[each.rule] - 1) for each in worst_findings(audit, most)]


def sorted_findings(audit: Audit) -> list[Finding]:
    """The findings, the worst first."""
    return sorted(audit.findings, key=lambda each: -Severity.named(each.severity))


def cards(audit: Audit) -> list[dict[str, Any]]:
    """Everything the rule cards say, what failed first, what passed last."""
    documents = {rule["id"]: rule for rule in audit.rules}
    worst_of = {each.rule: each.severity for each in reversed(sorted_findings(audit))}
    found = [
        {
            "number": number,
            "outcome": each,
            "document": documents.get(each.rule, {}),
            "words": WORDS.get(each.verdict, (each.verdict, ""))[0],
            "bar": _bar(each),
            # A rule may rate single rows higher than itself: the card tells the worst.
            "worst": worst_of.get(each.rule, each.severity),
        }
        for number, each in enumerate(audit.outcomes)
    ]
    return sorted(
        found,
        key=lambda card: (
            VERDICTS.index(card["outcome"].verdict) if card["outcome"].verdict in VERDICTS else 9,
            -Severity.named(card["worst"]),
            -card["outcome"].failed,
            card["outcome"].rule,
        ),
    )


def _bar(outcome: Outcome) -> list[tuple[str, float, float]]:
    """Start and width, in hundredths, of what failed, is unknown and passed."""
    whole, start, parts = outcome.population, 0.0, []
    for name in ("failed", "unknown", "passed"):
        width = round(100 * getattr(outcome, name) / whole, 2) if whole else 0.0
        if width:
            parts.append((name, round(start, 2), width))
        start += width
    return parts


def exit_of(audit: Audit) -> tuple[int, str]:
    """The exit code of this audit and what it means."""
    code = exit_code(audit)
    return code, EXITS[code]
