"""`auditor demo`: the main job from end to end, on a made-up tenant on this machine."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.console import Console


@click.command()
@options.output("auditor-demo")
@click.option(
    "--without",
    multiple=True,
    metavar="PERMISSION",
    help="Takes a permission from the demo's own app, such as Directory.Read.All or "
    "Exchange.ManageAsApp, to show what 'not evaluated' looks like. Repeatable.",
)
@click.option(
    "--story",
    type=click.Choice(["sick", "healthy"]),
    default="sick",
    show_default=True,
    help="Which of the two made-up tenants.",
)
@options.FORMATS
@options.progress
def demo(output: Path, without: Sequence[str], story: str, formats: str, console: Console) -> int:
    """Audit a made-up tenant on this machine.

    Starts the tenant emulator on loopback over TLS, signs in with a certificate, collects, checks
    and reports. Exits 0 when it worked, whatever it found.
    """
    from auditor.cli.emulator import options_told
    from auditor.cli.run import pipeline
    from auditor.emulator import Emulator, EmulatorOptions
    from auditor.settings import load_settings

    folder = options.folder(output)
    with tempfile.TemporaryDirectory(prefix="auditor-demo-") as state:
        with options_told():
            chosen = EmulatorOptions(story=story, without=tuple(without))
            emulator = Emulator(Path(state), options=chosen)
        with emulator:
            pipeline(
                load_settings(emulator.settings_path), folder, formats=formats, console=console
            )
    click.echo(f"\nOpen {folder / 'report.html'} in a browser.")
    return 0
