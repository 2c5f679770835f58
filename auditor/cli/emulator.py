"""`auditor emulator serve`: a tenant to test against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def options_told() -> Iterator[None]:
    """Turns what the emulator says of its options into a usage error."""
    from auditor.emulator import EmulatorError

    try:
        yield
    except EmulatorError as error:
        raise click.UsageError(str(error)) from error


@click.group()
def emulator() -> None:
    """Serve a made-up tenant on loopback."""


class _Serve(click.Command):
    """Shows the grammar of faults below its help, read from the emulator itself."""

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        from auditor.emulator import FAULT_HELP

        with formatter.section("Faults (SPEC)"):
            for line in FAULT_HELP.splitlines():
                formatter.write(f"  {line}\n")


@emulator.command(cls=_Serve)
@click.option("--port", type=click.IntRange(0, 65535), default=8443, show_default=True)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    default=Path("auditor-state"),
    show_default=True,
    help="Folder for the CA, the client certificate and an auditor.toml that works as it is.",
)
@click.option("--story", type=click.Choice(["sick", "healthy"]), default="sick", show_default=True)
@click.option(
    "--cloud",
    type=click.Choice(["global", "gcc-high", "dod", "china"]),
    default="global",
    show_default=True,
    help="The national cloud whose audiences and gaps it has.",
)
@click.option("--size", type=click.IntRange(0), default=0, help="Applications to make up besides.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the made-up ones.")
@click.option(
    "--without", multiple=True, metavar="PERMISSION", help="Taken from the auditor's app."
)
@click.option(
    "--unlicensed",
    multiple=True,
    metavar="P1|P2|workload",
    help="A licence the tenant has not bought: Entra ID P1 or P2, or Workload ID Premium.",
)
@click.option(
    "--fault", "faults", multiple=True, metavar="SPEC", help="A fault to play; see below."
)
@click.option("--quota", type=click.Choice(["documented", "off"]), default="off", show_default=True)
@click.option(
    "--latency", type=click.IntRange(0), default=0, metavar="MS", help="Added to answers."
)
def serve(
    port: int,
    state: Path,
    story: str,
    cloud: str,
    size: int,
    seed: int,
    without: Sequence[str],
    unlicensed: Sequence[str],
    faults: Sequence[str],
    quota: str,
    latency: int,
) -> int:
    """Serve the tenant over TLS on localhost until SIGTERM or Ctrl-C.

    Writes ca.pem, client.pem and auditor.toml into the state folder, and prints one line when it is
    ready. Then, in another window: auditor run --settings STATE/auditor.toml --output audit
    """
    from auditor.emulator import EmulatorOptions, serve_forever

    with options_told():
        chosen = EmulatorOptions(
            story=story,
            cloud=cloud,
            size=size,
            seed=seed,
            without=tuple(without),
            unlicensed=tuple(unlicensed),
            faults=tuple(faults),
            quota=quota,
            latency_ms=latency,
        )
        serve_forever(state, port, chosen, click.echo)
    return 0
