"""`auditor access`: what the auditor's own identity can read, and how it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options, summary
from auditor.text import visible

if TYPE_CHECKING:
    from auditor.access import Access, Reach

_MARKS = {"readable": "ok", "granted": "ok"}
_COLOURS = {"bad": "red", "unknown": "yellow", "note": "blue"}
_RULES_TOLD = 4


@click.command()
@options.settings(needed=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def access(settings_file: Path | None, form: str) -> int:
    """Sign in and tell what can be read, what is missing and how to mend it.

    Asks for one object of each dataset; writes nothing. Exits 0 when everything can be read or is
    accepted in the settings, 3 when something cannot.
    """
    from auditor.access import check_access

    found = check_access(options.load(settings_file))
    if form == "json":
        import orjson

        click.echo(orjson.dumps(found.to_json(), option=orjson.OPT_INDENT_2).decode())
    else:
        summary.show(_told(found))
    return 3 if found.short else 0


def _told(found: Access) -> Iterator[str]:
    yield f"Signed in to tenant {visible(found.tenant_id)} as {visible(found.app_id)}, by {found.kind}."
    yield f"Permissions in the tokens: {visible(', '.join(found.granted) or 'none')}."
    width = max(len(each.dataset) for each in found.reaches)
    for tier in dict.fromkeys(each.tier for each in found.reaches):
        yield f"\n{tier}"
        before = ""
        for each in found.reaches:
            if each.tier == tier:
                yield from _line(each, width, before)
                before = f"{each.probe} {each.remedy}"
    yield "\nThe auditor's own identity"
    for concern in found.concerns:
        level = click.style(f"{concern.level:<8}", fg=_COLOURS[concern.level])
        yield f"  {level}{visible(concern.what)}"
        yield f"          remedy: {visible(concern.remedy)}"
    if not found.concerns:
        yield "  ok      nothing to complain of: it only reads, without secrets or standing roles"
    yield ""
    if found.short:
        rules = {rule for each in found.short for rule in each.rules}
        yield (
            f"{len(found.short)} of {len(found.reaches)} datasets cannot be read; without them "
            f"{len(rules)} rules give no verdict or leave rows unknown."
        )
    else:
        yield "Everything can be read that is not accepted as a gap. Next: auditor run"


def _line(each: Reach, width: int, before: str) -> Iterator[str]:
    word = _MARKS.get(each.state, each.state.value)
    colour = "green" if each.state.good else "red"
    told = click.style(f"{word:<12}", fg=colour)
    yield f"  {told}{each.dataset:<{width}}  {_permissions(each)}"
    if each.state.good:
        return
    if before == f"{each.probe} {each.remedy}":
        yield "              for the same reason"
    else:
        yield f"              {visible(each.probe)}"
        yield f"              remedy: {visible(each.remedy)}"
    if each.rules:
        more = len(each.rules) - _RULES_TOLD
        shown = ", ".join(each.rules[:_RULES_TOLD]) + (f" and {more} more" if more > 0 else "")
        yield f"              without it: {shown}"
    if each.accepted:
        yield "              accepted in the settings"


def _permissions(each: Reach) -> str:
    """The set in use, or every set that would do."""
    for names in each.permissions:
        if set(names) <= set(each.held):
            return " + ".join(names)
    return "needs " + " or ".join(" + ".join(names) for names in each.permissions)
