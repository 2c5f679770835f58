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
from auditor.cli.console import Console, choose, chosen, colours
from auditor.cli.stopping import Stopped, stopping
from auditor.errors import AuditorError

_COMMANDS = {
    "setup": ("auditor.cli.setup", "setup", "Print what creates the auditor's own identity."),
    "access": (
        "auditor.cli.access",
        "access",
        "Tell what the auditor can read, and what is missing.",
    ),
    "run": ("auditor.cli.run", "run", "Collect, check and report in one go."),
    "collect": ("auditor.cli.run", "collect", "Read the tenant into a snapshot."),
    "import-exchange": (
        "auditor.cli.import_exchange",
        "import_exchange",
        "Take what was read in PowerShell into a snapshot.",
    ),
    "check": ("auditor.cli.run", "check", "Judge a snapshot, offline."),
    "report": ("auditor.cli.run", "report", "Write reports of an audit."),
    "controls": ("auditor.cli.controls", "controls", "Tell what an audit says of controls."),
    "datasets": ("auditor.cli.datasets", "datasets", "What is asked, and the permissions for it."),
    "rules": ("auditor.cli.rules", "rules", "List, explain and write rules."),
    "knowledge": ("auditor.cli.knowledge", "knowledge", "Explain ratings; find what has none."),
    "settings": ("auditor.cli.settings", "settings", "Show the settings that count; schema."),
    "demo": ("auditor.cli.demo", "demo", "Audit a made-up tenant on this machine."),
    "emulator": ("auditor.cli.emulator", "emulator", "Serve a made-up tenant on loopback."),
}
EPILOG = """\b
Exit codes
  0  judged, nothing at or above fail_on
  1  findings at or above fail_on (default high)
  2  misuse, broken settings or files, sign-in refused
  3  something could not be judged; wins over 1
  130, 143  stopped by Ctrl-C, SIGTERM
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
    choose(Console())
    with stopping() as stopped:
        code = _run(arguments, stopped)
    sys.exit(code if isinstance(code, int) else 0)


def _run(arguments: Sequence[str] | None, stopped: Stopped) -> object:
    """What the command returns, or the exit code of what ended it."""
    try:
        return cli.main(args=arguments, prog_name="auditor", standalone_mode=False, color=colours())
    except AuditorError as error:
        chosen().error(str(error), 2)
        return 2
    except click.ClickException as error:
        _misuse(error)
        return 2
    except (click.Abort, KeyboardInterrupt):
        chosen().error("stopped; nothing half-written was left behind.", stopped.exit_code)
        return stopped.exit_code
    except BrokenPipeError:
        # Whoever reads our output stopped listening; what was judged is not what they saw.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 3
    except Exception as error:  # a crash says nothing of the tenant, and must not look as if it did
        told = f"this is a defect of the auditor: {type(error).__name__}: {error}"
        chosen().crash(f"{told} Nothing was judged; please report it.", traceback.format_exc(), 3)
        return 3


def _misuse(error: click.ClickException) -> None:
    if chosen().json:
        chosen().error(error.format_message(), 2)
    else:
        error.show()
