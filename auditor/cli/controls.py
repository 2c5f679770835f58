"""`auditor controls`: what an audit says of each framework's controls."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import summary
from auditor.text import visible

if TYPE_CHECKING:
    from auditor.audit import ControlVerdict, Evidence, FrameworkView

_COLOURS = {
    "fail": "red",
    "not-evaluated": "yellow",
    "unknown": "yellow",
    "pass": "green",
    "not-applicable": "white",
}
_SCOPE = (
    "A verdict speaks of app registrations only: it is evidence for a control, not its "
    "certification."
)


@click.command()
@click.argument("audit_json", type=click.Path(path_type=Path), default=Path("audit/audit.json"))
@click.option("--framework", metavar="NAME", help="One framework only, such as cis-m365-7.0.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text")
def controls(audit_json: Path, framework: str | None, form: str) -> int:
    """Tell what AUDIT_JSON says of each framework's controls.

    AUDIT_JSON is audit/audit.json by default. Each control is judged at its own framework's
    thresholds, whatever the settings of the run. A control does not pass while any of its rules
    was not evaluated. Frameworks: cis-m365-7.0, cis-m365-6.0, scuba, nist-800-53, iso-27001, soc2,
    pci-dss, mitre.

    Exits 0: it is a view; the audit's own exit code is that of auditor check.
    """
    from auditor.audit import read_audit

    if framework is not None:
        _known(framework)
    views = _chosen(read_audit(audit_json).controls, audit_json, framework)
    if form == "json":
        import orjson

        click.echo(orjson.dumps(views, option=orjson.OPT_INDENT_2).decode())
    elif form == "csv":
        click.echo(_csv(views), nl=False)
    else:
        summary.show(_text(views, alone=framework is not None))
    return 0


def _known(framework: str) -> None:
    from auditor.errors import AuditorError
    from auditor.knowledge.frameworks import frameworks
    from auditor.packs import nearest

    if framework not in frameworks():
        begun = [each for each in frameworks() if each.startswith(framework.lower())]
        close = f" Did you mean {begun[0]}?" if begun else nearest(framework.lower(), frameworks())
        raise AuditorError(
            f"There is no framework {framework!r}.{close}",
            f"Known: {', '.join(frameworks())}.",
        )


def _chosen(
    views: Sequence[FrameworkView], path: Path, framework: str | None
) -> list[FrameworkView]:
    from auditor.errors import AuditFileError

    found = [each for each in views if framework in (None, each.key)]
    if not found:
        raise AuditFileError(
            f"{path} says nothing of {framework or 'controls'}: an older auditor wrote it.",
            "Write it again with: auditor check SNAPSHOT --output DIR",
        )
    return found


def _text(views: Sequence[FrameworkView], *, alone: bool) -> Iterator[str]:
    if not alone:
        yield from _overview(views)
    for view in views:
        yield f"\n{view.name} {view.version} ({view.date}), {view.key}"
        for control in view.controls:
            yield from _control(control)
        if view.uncovered:
            yield f"  No rule gives evidence yet for: {', '.join(view.uncovered)}"
    yield f"\n{_SCOPE}"


def _overview(views: Sequence[FrameworkView]) -> Iterator[str]:
    words = (*_COLOURS, "no rule")
    width = max(len(each.key) for each in views)
    yield f"{'framework':<{width}}  " + "  ".join(words)
    for view in views:
        counts = Counter(each.verdict for each in view.controls)
        counts["no rule"] = len(view.uncovered)
        yield f"{view.key:<{width}}  " + "  ".join(f"{counts[word]:>{len(word)}}" for word in words)


def _control(control: ControlVerdict) -> Iterator[str]:
    word = click.style(f"{control.verdict:<15}", fg=_COLOURS[control.verdict], bold=True)
    yield f"  {word}{control.id}: {_rows(control)}"
    for each in control.rules:
        limits = ", ".join(f"{name} = {value}" for name, value in each.own.items())
        at = f" at {limits}" if limits else ""
        sign = "" if each.answering else " (can only show that it does not hold)"
        yield f"    {each.verdict:<15}{each.rule}{at}: {_rows(each)}{sign}"
        if each.cause:
            yield f"                   cause: {visible(each.cause, width=300)}"
    if control.verdict == "not-evaluated" and not any(each.cause for each in control.rules):
        yield f"    cause: {control.cause}"
    if control.remedy:
        yield f"    remedy: {visible(control.remedy, width=600)}"


def _rows(counted: ControlVerdict | Evidence) -> str:
    if not counted.population:
        return "no rows"
    return f"{counted.failed} failed, {counted.unknown} unknown, {counted.passed} passed"


_COLUMNS = (
    *("framework", "version", "control", "verdict", "population", "failed", "unknown", "passed"),
    *("rule", "rule_verdict", "rule_population", "rule_failed", "rule_unknown", "rule_passed"),
    *("can_pass", "settings", "cause", "remedy"),
)


def _csv(views: Sequence[FrameworkView]) -> str:
    """One line for each rule of each control, and one for each control without a rule."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in _lines(views):
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return stream.getvalue()


def _lines(views: Sequence[FrameworkView]) -> Iterator[Mapping[str, Any]]:
    for view in views:
        framework = {"framework": view.name, "version": view.version}
        for control in view.controls:
            whole = framework | {"control": control.id}
            whole |= {name: getattr(control, name) for name in _COLUMNS[3:8]}
            for each in control.rules:
                settings = "; ".join(f"{name} = {value}" for name, value in each.settings.items())
                yield whole | {
                    "rule": each.rule,
                    "rule_verdict": each.verdict,
                    "rule_population": each.population,
                    "rule_failed": each.failed,
                    "rule_unknown": each.unknown,
                    "rule_passed": each.passed,
                    "can_pass": "yes" if each.answering else "no",
                    "settings": settings,
                    "cause": each.cause or control.cause,
                    "remedy": each.remedy or control.remedy,
                }
        for id in view.uncovered:
            cause = "no rule gives evidence for it yet"
            yield framework | {"control": id, "verdict": "not-evaluated", "cause": cause}


def _cell(value: object) -> object:
    """A value that a spreadsheet takes for text, whatever it begins with."""
    if not isinstance(value, str):
        return value
    text = visible(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
