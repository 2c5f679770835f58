"""Options that several commands share, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from auditor.errors import OutputError


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


def settings(*, needed: bool) -> Decorator:
    """--settings FILE."""
    told = "The settings, auditor.toml." if needed else "Settings of rules and coverage."
    return click.option(
        "--settings",
        "settings_file",
        type=click.Path(path_type=Path),
        default=Path("auditor.toml") if needed else None,
        show_default=needed,
        help=told,
    )


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
