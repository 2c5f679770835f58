"""`auditor run` and its three steps: collect, check, report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options, summary
from auditor.text import visible

if TYPE_CHECKING:
    from auditor.audit import Audit
    from auditor.settings import Settings
    from auditor.tables.load import Loaded


def say(text: str) -> None:
    """Progress goes to standard error, one plain line each."""
    click.echo(visible(text), err=True)


@click.command()
@options.settings(needed=True)
@options.output("audit")
@options.AS_OF
@options.RULES
@options.FORMATS
def run(
    settings_file: Path | None,
    output: Path,
    as_of: datetime | None,
    packs: Sequence[Path],
    formats: str,
) -> int:
    """Collect, check and report in one go.

    Writes the snapshot, audit.json and report.html into the output folder.
    """
    return pipeline(options.load(settings_file), options.folder(output), as_of, packs, formats)


def pipeline(
    settings: Settings,
    output: Path,
    as_of: datetime | None = None,
    packs: Sequence[Path] = (),
    formats: str = "html,json",
) -> int:
    """Collects, checks and reports; returns the exit code."""
    from auditor.check import exit_code
    from auditor.packs import configure, load_reports, load_rules

    # A broken rule or setting should be told before a tenant is read for an hour.
    configure(load_rules(packs), settings.rules)
    load_reports(formats.split(","))
    from auditor.collect import collect as collect_

    collected = collect_(settings, output, progress=say)
    audit, loaded = judge(collected.path, settings, output, as_of, packs)
    paths = [collected.path, *write(audit, loaded, output, ["json", *formats.split(",")])]
    tell(audit)
    summary.show(summary.written(paths))
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
    from auditor.packs import load_rules
    from auditor.snapshot import open_snapshot
    from auditor.tables.load import load

    loaded = load(open_snapshot(snapshot))
    audit = check_(
        loaded,
        load_rules(packs),
        settings=settings.rules,
        as_of=as_of,
        accepted=settings.coverage.accept,
        fail_on=settings.audit.fail_on,
        relative_to=output,
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


def tell(audit: Audit) -> None:
    """The summary on standard output."""
    tenant = audit.tenant
    name = visible(tenant.get("name") or "unnamed", width=80)
    click.echo(f"\nTenant {name} ({visible(tenant.get('id'))}), judged at {audit.as_of}.")
    for part in (summary.coverage(audit.coverage), summary.verdicts(audit), summary.worst(audit)):
        summary.show(part)


@click.command()
@options.settings(needed=True)
@options.output("audit")
def collect(settings_file: Path | None, output: Path) -> int:
    """Read the tenant into a snapshot.

    The snapshot is the evidence: check and report start from it, offline.
    """
    from auditor.collect import collect as collect_

    settings = options.load(settings_file)
    collected = collect_(settings, options.folder(output), progress=say)
    summary.show(summary.coverage(collected.ledger))
    summary.show(summary.written([collected.path]))
    gaps = [
        line
        for line in collected.ledger
        if not line.complete and line.dataset not in settings.coverage.accept
    ]
    return 3 if gaps else 0


@click.command()
@click.argument("snapshot", type=click.Path(path_type=Path))
@options.settings(needed=False)
@options.output("audit")
@options.AS_OF
@options.RULES
def check(
    snapshot: Path,
    settings_file: Path | None,
    output: Path,
    as_of: datetime | None,
    packs: Sequence[Path],
) -> int:
    """Judge SNAPSHOT, offline, and write audit.json.

    The same snapshot, rules, settings and instant give the same bytes.
    """
    from auditor.check import exit_code

    settings = options.load(settings_file, connect=False)
    folder = options.folder(output)
    audit, loaded = judge(snapshot, settings, folder, as_of, packs)
    paths = write(audit, loaded, folder, ["json"])
    tell(audit)
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
    from auditor.snapshot import open_snapshot
    from auditor.tables.load import load

    path = folder / audit.snapshot["path"]
    if not path.is_file():
        say(f"The snapshot {path} is not there: parts of the report that need it will say so.")
        return None
    snapshot = open_snapshot(path)
    if snapshot.sha256 != audit.snapshot["sha256"]:
        raise AuditFileError(
            f"{path} is not the snapshot this audit was made from: its SHA-256 differs.",
            "Put the right one there, or check this one anew with: auditor check",
        )
    return load(snapshot)
