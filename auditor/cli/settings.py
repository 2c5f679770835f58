"""`auditor settings`: what counts, where it was written, and the schema of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.text import visible

if TYPE_CHECKING:
    from auditor.settings import Settings


@click.group()
def settings() -> None:
    """Show the settings that count, and the schema of auditor.toml."""


@settings.command()
@options.settings(needed=True)
@options.RULES
def show(settings_file: Path | None, packs: Sequence[Path]) -> int:
    """Show each setting that counts, and where it was written.

    Nothing is asked of a tenant. Secrets are never settings, so none is shown. Exits 2 if a run
    with these settings would not start, and says why.
    """
    from auditor.packs import configure, load_rules
    from auditor.profiles import profile

    found = options.load(options.default_file(settings_file), connect=False)
    rules = load_rules(packs)
    configure(rules, found.rules, profile(found.audit.profile, rules))
    for line in lines(found):
        click.echo(visible(line))
    options.load(settings_file)
    return 0


@settings.command()
@options.RULES
def schema(packs: Sequence[Path]) -> int:
    """Print the JSON schema of auditor.toml, with the settings of every rule."""
    import orjson

    from auditor.packs import load_rules
    from auditor.settings.schema import schema as schema_

    click.echo(orjson.dumps(schema_(load_rules(packs)), option=orjson.OPT_INDENT_2).decode())
    return 0


def lines(found: Settings) -> Iterator[str]:
    """One line per setting: its name, its value as in TOML, and its origin."""
    from auditor.settings.credential import takes
    from auditor.settings.sections import SECTIONS, keys_of

    for section in SECTIONS:
        for key in keys_of(section):
            name = f"{section}.{key}"
            if section == "credential" and key not in ("kind", *takes(found.credential.kind)):
                continue
            value = getattr(getattr(found, section), key)
            yield f"{name} = {_told(value)}  # {found.origins.get(name, 'default')}"
    for rule, given in found.rules.items():
        for key, value in given.items():
            name = f"rules.{rule}.{key}"
            yield f"{name} = {_told(value)}  # {found.origins[name]}"


def _told(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_told(each) for each in value) + "]"
    if value in (None, "", Path()):
        return "(not set)"
    return str(value) if isinstance(value, int | float) else f'"{value}"'
