"""`auditor run` and its three steps: collect, check, report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options, summary
from auditor.cli.console import Console, chosen
from auditor.text import visible

if TYPE_CHECKING:
    from auditor.audit import Audit
    from auditor.settings import Settings
    from auditor.tables.load import Loaded


@click.command()
@options.settings(needed=True)
@options.output("audit")
@options.AS_OF
@options.RULES
@options.PROFILE
@options.FORMATS
@options.progress
def run(
    settings_file: Path | None,
    output: Path,
    as_of: datetime | None,
    packs: Sequence[Path],
    formats: str,
    console: Console,
) -> int:
    """Collect, check and report in one go.

    Writes the snapshot, audit.json and report.html into the output folder.
    """
    settings = options.load(settings_file)
    return pipeline(settings, options.folder(output), as_of, packs, formats, console)


def pipeline(
    settings: Settings,
    output: Path,
    as_of: datetime | None = None,
    packs: Sequence[Path] = (),
    formats: str = "html,json",
    console: Console = Console(),  # noqa: B008  # frozen
) -> int:
    """Collects, checks and reports; returns the exit code."""
    from auditor.check import exit_code
    from auditor.knowledge.overlay_file import ratings_with
    from auditor.packs import configure, load_reports, load_rules
    from auditor.profiles import profile

    # A broken rule or setting should be told before a tenant is read for an hour.
    rules = load_rules(packs)
    configure(rules, settings.rules, profile(settings.audit.profile, rules))
    load_reports(formats.split(","))
    ratings_with(settings.knowledge.overlay)
    from auditor.collect import collect as collect_

    with console.progress() as progress:
        collected = collect_(settings, output, progress=progress)
    console.say("judging", f"judging {collected.path.name}")
    audit, loaded = judge(collected.path, settings, output, as_of, packs)
    paths = [collected.path, *write(audit, loaded, output, ["json", *formats.split(",")])]
    tell(audit, quiet=console.quiet)
    summary.show(summary.written(paths))
    console.judged(exit_code(audit), audit, paths)
    return exit_code(audit)


def judge(
    snapshot: Path,
    settings: Settings,
    output: Path,
    as_of: datetime | None,
    packs: Sequence[Path],
) -> tuple[Audit, Loaded]:
    """The audit of a snapshot, and its tables."""
    from auditor.check import check as check_
    from auditor.knowledge.overlay_file import ratings_with
    from auditor.packs import load_rules
    from auditor.profiles import profile
    from auditor.snapshot import open_snapshot
    from auditor.tables.load import load

    ratings = ratings_with(settings.knowledge.overlay)
    rules = load_rules(packs)
    chosen = profile(settings.audit.profile, rules)
    loaded = load(open_snapshot(snapshot), ratings)
    audit = check_(
        loaded,
        rules,
        settings=settings.rules,
        as_of=as_of,
        accepted=settings.coverage.accept,
        fail_on=settings.audit.fail_on,
        relative_to=output,
        profile=chosen,
    )
    return audit, loaded


def write(audit: Audit, loaded: Loaded | None, output: Path, formats: Sequence[str]) -> list[Path]:
    """Writes the reports, each whole or not at all."""
    from auditor.audit import write_file
    from auditor.packs import load_reports

    return [
        write_file(output / report.file, report.render(audit, loaded))
        for report in load_reports(dict.fromkeys(formats))
    ]


def tell(audit: Audit, *, quiet: bool = False) -> None:
    """The summary on standard output; `quiet` leaves the worst findings to the report."""
    from auditor.audit import collected_as

    tenant = audit.tenant
    name = visible(tenant.get("name") or "unnamed", width=80)
    click.echo(f"\nTenant {name} ({visible(tenant.get('id'))}), judged at {audit.as_of}.")
    if who := collected_as(tenant):
        click.echo(f"Collected as {visible(who, width=300)}.")
    for part in (
        summary.coverage(audit.coverage),
        summary.ratings(audit),
        summary.scope(audit),
        summary.verdicts(audit),
    ):
        summary.show(part)
    if not quiet:
        summary.show(summary.worst(audit))


@click.command()
@options.settings(needed=True)
@options.output("audit")
@options.progress
def collect(settings_file: Path | None, output: Path, console: Console) -> int:
    """Read the tenant into a snapshot.

    The snapshot is the evidence: check and report start from it, offline.
    """
    from auditor.collect import collect as collect_

    settings = options.load(settings_file)
    folder = options.folder(output)
    with console.progress() as progress:
        collected = collect_(settings, folder, progress=progress)
    summary.show(summary.coverage(collected.ledger))
    summary.show(summary.written([collected.path]))
    gaps = [
        line
        for line in collected.ledger
        if line.gap and line.dataset not in settings.coverage.accept
    ]
    code = 3 if gaps else 0
    console.done(code, collected.ledger, [collected.path])
    return code


@click.command()
@click.argument("snapshot", type=click.Path(path_type=Path))
@options.settings(needed=False)
@options.output("audit")
@options.AS_OF
@options.RULES
@options.PROFILE
@options.quiet
def check(
    snapshot: Path,
    settings_file: Path | None,
    output: Path,
    as_of: datetime | None,
    packs: Sequence[Path],
    console: Console,
) -> int:
    """Judge SNAPSHOT, offline, and write audit.json.

    The same snapshot, rules, settings and instant give the same bytes.
    """
    from auditor.check import exit_code

    settings = options.load(settings_file, connect=False)
    folder = options.folder(output)
    audit, loaded = judge(snapshot, settings, folder, as_of, packs)
    paths = write(audit, loaded, folder, ["json"])
    tell(audit, quiet=console.quiet)
    summary.show(summary.written(paths))
    return exit_code(audit)


@click.command()
@click.argument("audit_json", type=click.Path(path_type=Path))
@options.output("audit")
@options.FORMATS
def report(audit_json: Path, output: Path, formats: str) -> int:
    """Write reports of AUDIT_JSON.

    Its snapshot is found beside it, as audit.json says. Without it, the parts of a report that need
    it say so.
    """
    from auditor.audit import read_audit
    from auditor.check import relative_path
    from auditor.packs import load_reports

    chosen = formats.split(",")
    load_reports(chosen)
    audit = read_audit(audit_json)
    loaded = _evidence(audit, audit_json.parent)
    folder = options.folder(output)
    # An audit.json written elsewhere must still lead to its snapshot.
    path = relative_path(audit_json.parent / audit.snapshot["path"], folder).as_posix()
    audit = replace(audit, snapshot={**audit.snapshot, "path": path})
    summary.show(summary.written(write(audit, loaded, folder, chosen)))
    return 0


def _evidence(audit: Audit, folder: Path) -> Loaded | None:
    from auditor.errors import AuditFileError
    from auditor.knowledge import Overlay, Ratings
    from auditor.snapshot import open_snapshot
    from auditor.tables.load import load

    path = folder / audit.snapshot["path"]
    if not path.is_file():
        told = f"The snapshot {path} is not there: parts of the report that need it will say so."
        chosen().say("notice", told)
        return None
    snapshot = open_snapshot(path)
    if snapshot.sha256 != audit.snapshot["sha256"]:
        raise AuditFileError(
            f"{path} is not the snapshot this audit was made from: its SHA-256 differs.",
            "Put the right one there, or check this one anew with: auditor check",
        )
    # The tables of the report are rated as the audit was.
    return load(snapshot, Ratings(Overlay.from_json(audit.overlay) if audit.overlay else None))
