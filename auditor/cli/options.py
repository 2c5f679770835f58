"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.console import Console, choose
from auditor.errors import OutputError

if TYPE_CHECKING:
    from auditor.settings import Settings


def _instant(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> datetime | None:
    """An ISO 8601 instant, UTC if it names no offset; a usage error if it is none."""
    from auditor.check import parse_instant

    try:
        return parse_instant(value) if value is not None else None
    except ValueError:
        told = f"{value!r} is no instant such as 2026-05-19T00:00:00Z"
        raise click.BadParameter(told, context, parameter) from None


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


_SETS = "auditor.sets"  # where --set waits in the context until the settings are loaded
_PROFILE = "auditor.profile"  # the same of --profile
DEFAULT_FILE = "auditor.toml"


def _remember_sets(
    context: click.Context, parameter: click.Parameter, value: tuple[str, ...]
) -> None:
    context.meta[_SETS] = value


def _remember_profile(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> None:
    context.meta[_PROFILE] = (f"audit.profile={value}",) if value is not None else ()


PROFILE = click.option(
    "--profile",
    metavar="NAME",
    expose_value=False,
    callback=_remember_profile,
    help="Settings of rules by name: default, strict, cis-m365-7.0, scuba. Your own win over them.",
)


def settings(*, needed: bool) -> Decorator:
    """--settings FILE and --set SECTION.KEY=VALUE; `load` reads both.

    The command gets `settings_file`, None where it was not named.
    """
    told = "The settings." if needed else "Settings of rules and coverage."
    file = click.option(
        "--settings",
        "settings_file",
        type=click.Path(path_type=Path),
        show_default=f"{DEFAULT_FILE}, if it is there" if needed else False,
        help=told,
    )
    one = click.option(
        "--set",
        "sets",
        multiple=True,
        metavar="SECTION.KEY=VALUE",
        expose_value=False,
        callback=_remember_sets,
        help="One setting, such as tenant.id=contoso.onmicrosoft.com. Wins over the environment "
        "(AUDITOR_SECTION__KEY), which wins over the file. Repeatable.",
    )
    return lambda command: file(one(command))


def default_file(settings_file: Path | None) -> Path | None:
    """The file named, else auditor.toml if it is there."""
    if settings_file is None and Path(DEFAULT_FILE).exists():
        return Path(DEFAULT_FILE)
    return settings_file


def load(settings_file: Path | None, *, connect: bool = True) -> Settings:
    """The settings of this command: its file, the environment, its --set. Raises `SettingsError`.

    Without a file of that name auditor.toml is read if it is there; work on a snapshot
    (`connect=False`) reads no file that was not named.
    """
    from auditor.settings import load_settings

    if connect:
        settings_file = default_file(settings_file)
    meta = click.get_current_context().meta
    sets = (*meta.get(_SETS, ()), *meta.get(_PROFILE, ()))
    return load_settings(settings_file, connect=connect, environment=os.environ, sets=sets)


def output(default: str) -> Decorator:
    """--output DIR."""
    return click.option(
        "--output",
        type=click.Path(path_type=Path),
        default=Path(default),
        show_default=True,
        help="The folder results are written to.",
    )


AS_OF = click.option(
    "--as-of",
    callback=_instant,
    metavar="INSTANT",
    help="The instant to judge at, such as 2026-05-19T00:00:00Z. "
    "Default: the last server date in the snapshot.",
)
TAKEN_AT = click.option(
    "--taken-at",
    callback=_instant,
    metavar="INSTANT",
    help="When the files were written, such as 2026-05-19T08:00:00Z, if they do not tell.",
)
RULES = click.option(
    "--rules",
    "packs",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A folder of rules of your own, besides the built-in ones. Repeatable.",
)
FORMATS = click.option(
    "--format",
    "formats",
    default="html,json",
    show_default=True,
    help="Reports to write, separated by commas.",
)


_QUIET = click.option(
    "--quiet", "-q", is_flag=True, help="Only what is wrong and the result; see docs/operation.md."
)
_VERBOSE = click.option(
    "--verbose",
    "-v",
    is_flag=True,
    help="Shows every request: address, status, time. Never a secret, header sent or body.",
)
_LOG_FORMAT = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of what goes to standard error: for people, or one JSON object a line.",
)


def progress(command: Callable[..., Any]) -> Callable[..., Any]:
    """--quiet, --verbose and --log-format, handed to the command as its `console`."""

    @wraps(command)
    def run(*arguments: Any, quiet: bool, verbose: bool, log_format: str, **more: Any) -> Any:
        if quiet and verbose:
            raise click.UsageError("--quiet and --verbose exclude each other.")
        console = Console(quiet=quiet, verbose=verbose, json=log_format == "json")
        choose(console)
        return command(*arguments, console=console, **more)

    return _QUIET(_VERBOSE(_LOG_FORMAT(run)))


def quiet(command: Callable[..., Any]) -> Callable[..., Any]:
    """--quiet alone, for what asks no service, handed on as the command's `console`."""

    @wraps(command)
    def run(*arguments: Any, quiet: bool, **more: Any) -> Any:
        console = Console(quiet=quiet)
        choose(console)
        return command(*arguments, console=console, **more)

    return _QUIET(run)


def folder(path: Path) -> Path:
    """The output folder, made if needed. Raises `OutputError` before any work is done."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be used as output folder: {error.strerror or error}.",
            "Name another with --output.",
        ) from error
    return path
