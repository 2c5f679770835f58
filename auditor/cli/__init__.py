"""The command line: words, progress and exit codes only.

Every command is imported when it is asked for, so that `auditor --help` does not wait for pandas
or the Graph SDK.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence

import click

from auditor import __version__
from auditor.errors import AuditorError
from auditor.text import visible

_COMMANDS = {
    "run": ("auditor.cli.run", "run", "Collect, check and report in one go."),
    "collect": ("auditor.cli.run", "collect", "Read the tenant into a snapshot."),
    "check": ("auditor.cli.run", "check", "Judge a snapshot, offline."),
    "report": ("auditor.cli.run", "report", "Write reports of an audit."),
    "settings": ("auditor.cli.settings", "settings", "Show the settings that count; schema."),
    "rules": ("auditor.cli.rules", "rules", "List, explain and write rules."),
    "demo": ("auditor.cli.demo", "demo", "Audit a made-up tenant on this machine."),
    "emulator": ("auditor.cli.emulator", "emulator", "Serve a made-up tenant on loopback."),
}
EPILOG = """\b
Exit codes
  0  judged, nothing at or above fail_on
  1  findings at or above fail_on (default high)
  2  misuse, broken settings or files, sign-in refused
  3  something could not be judged; wins over 1
"""


class Commands(click.Group):
    """A group whose commands are imported when they run."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names, in the order a newcomer needs them."""
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command itself."""
        if name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[name]
        found = getattr(importlib.import_module(module), attribute)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in --help, from the table above: nothing is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, _, told) in _COMMANDS.items()])


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="auditor")
def cli() -> None:
    """Audits what the app registrations of a Microsoft Entra tenant can do, and how they
    authenticate, with proof. It only ever reads.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """The `auditor` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A Windows console of an old code page must not crash on a display name.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(args=arguments, prog_name="auditor", standalone_mode=False)
    except AuditorError as error:
        click.echo(f"auditor: {visible(error)}", err=True)
        code = 2
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("auditor: stopped; nothing half-written was left behind.", err=True)
        code = 130
    except BrokenPipeError:
        # Whoever reads our output stopped listening; what was judged is not what they saw.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 3
    except Exception as error:  # a crash says nothing of the tenant, and must not look as if it did
        traceback.print_exc()
        told = f"this is a defect of the auditor: {type(error).__name__}: {error}"
        click.echo(f"auditor: {visible(told)} Nothing was judged; please report it.", err=True)
        code = 3
    sys.exit(code if isinstance(code, int) else 0)
