"""`auditor import-exchange`: where the auditor itself may not read Exchange."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files as package_files
from pathlib import Path

import click

from auditor.cli import options, summary
from auditor.text import visible

_NAMED = re.compile(r"(.+)-(\d{8}T\d{6}Z)(?:-.+)?\.snapshot", re.ASCII)


@click.command(name="import-exchange")
@click.argument("files", nargs=-1, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    help="The snapshot to start from. Default: the newest one in the output folder.",
)
@options.output("audit")
@options.TAKEN_AT
@click.option(
    "--replace", is_flag=True, help="In place of what the snapshot has of the same datasets."
)
@click.option(
    "--script", is_flag=True, help="Print the PowerShell that writes such a file, and stop."
)
def import_exchange(
    files: Sequence[Path],
    into: Path | None,
    output: Path,
    taken_at: datetime | None,
    replace: bool,
    script: bool,
) -> int:
    """Take what was read in Exchange Online PowerShell into a snapshot.

    For an auditor that is not granted Exchange.ManageAsApp: an Exchange administrator runs the
    script that --script prints, and hands its FILE over. Writes a new snapshot, in which every
    imported row is marked with its file and hash; judge it with auditor check. Exits 3 if what was
    imported is not whole.
    """
    if script:
        click.echo((package_files("auditor.importing") / "export.ps1").read_text("utf-8"), nl=False)
        return 0
    if not files:
        raise click.UsageError("Name a FILE to import, or ask for --script.")
    from auditor.importing import import_exchange as import_
    from auditor.importing import read_export
    from auditor.snapshot import open_snapshot

    folder = options.folder(output)
    exports = [read_export(file, taken_at) for file in files]
    source = into or newest(folder)
    done = import_(open_snapshot(source), exports, folder, now=_now(), replace=replace)
    for each in done.warnings:
        click.echo(f"warning: {visible(each)}", err=True)
    click.echo(f"Imported into a copy of {source}:")
    for line in done.lines:
        click.echo(f"  {line.result.value:<12}{line.dataset}: {line.rows} rows")
        if line.cause:
            click.echo(f"              {visible(line.cause)}")
    if remedies := dict.fromkeys(line.remedy for line in done.lines if line.remedy):
        click.echo(f"  remedy: {' '.join(remedies)}")
    summary.show(summary.written([done.path]))
    click.echo(f"Judge it with: auditor check {done.path} --output {output}")
    return 0 if all(line.complete for line in done.lines) else 3


def newest(folder: Path) -> Path:
    """The newest snapshot in a folder, of the one tenant that has any there.

    Raises `SnapshotError` if there is none, or more than one tenant's.
    """
    from auditor.errors import SnapshotError

    found = [(match, path) for path in folder.glob("*.snapshot") if (match := _match(path))]
    if not found:
        raise SnapshotError(f"There is no snapshot in {folder}.", "Name one with --into.")
    if len({match[1] for match, _ in found}) > 1:
        raise SnapshotError(
            f"{folder} holds snapshots of several tenants.", "Name one of them with --into."
        )
    # Of those made from the same collection, the one written last.
    return max(found, key=lambda each: (each[0][2], each[1].stat().st_mtime_ns, each[1].name))[1]


def _match(path: Path) -> re.Match[str] | None:
    return _NAMED.fullmatch(path.name)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
