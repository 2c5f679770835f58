"""`auditor knowledge`: explain a rating, and list what of a tenant's has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import options
from auditor.text import visible

if TYPE_CHECKING:
    from auditor.knowledge import Ratings
    from auditor.knowledge.lookup import Known
    from auditor.rated import Unrated

_FORM = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
_HELD = 5  # holders a line names; the rest are counted


@click.group()
def knowledge() -> None:
    """Explain ratings, and find what of a tenant's has none."""


def _ratings(settings_file: Path | None) -> Ratings:
    from auditor.knowledge.overlay_file import ratings_with

    return ratings_with(options.load(settings_file, connect=False).knowledge.overlay)


def _json(value: Any) -> None:
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


@knowledge.command()
@click.argument("x", metavar="X")
@click.option("--api", help="App id or name of the API, where several have such a permission.")
@click.option("--kind", type=click.Choice(["application", "delegated"]), help="Of a permission.")
@options.settings(needed=False)
@_FORM
def show(x: str, api: str | None, kind: str | None, settings_file: Path | None, form: str) -> int:
    """Say what is known of X, and why it is rated so.

    X is the name or id of a permission, directory role or application of Microsoft's, or the name
    of a role group or management role of Exchange. With --settings, as your overlay rates it.
    """
    from auditor.errors import AuditorError
    from auditor.knowledge import lookup
    from auditor.packs import nearest

    every = lookup.find(x, _ratings(settings_file))
    found = [each for each in every if _is(each, api, kind)]
    if not found:
        if every:
            kinds = ", ".join(dict.fromkeys(each.summary.partition(":")[0] for each in every))
            raise AuditorError(f"{x} is known, but not so. It is: {kinds}.")
        raise AuditorError(
            f"Nothing is known of {x}.{nearest(x, lookup.names())}",
            "It is unknown, which is not harmless; rate it in an overlay (docs/knowledge.md).",
        )
    if form == "json":
        _json([_as_json(each) for each in found])
    elif len(found) == 1:
        _show(_explained(found[0]))
    else:
        _show(_candidates(x, found))
    return 0


def _is(each: Known, api: str | None, kind: str | None) -> bool:
    wanted = (api or "").lower()
    names = (each.api, str(each.facts.get("api", "")).lower())
    return (not wanted or wanted in names) and (not kind or kind == each.kind)


def _as_json(each: Known) -> dict[str, Any]:
    head = {"what": each.what, "id": each.id, "name": each.name}
    return {**head, **each.facts, "explanation": list(each.sentences)}


def _show(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(visible(line))


def _explained(each: Known) -> Iterator[str]:
    yield each.name or each.id
    api = f" of {each.facts['api']} ({each.api})" if each.api else ""
    yield f"{each.what}{api}" + (f", {each.id}" if each.id != each.name else "")
    for sentence in each.sentences:
        yield f"  {sentence}"
    if each.facts.get("confidence"):
        date = f"; sources read {each.facts['date']}" if each.facts.get("date") else ""
        yield f"  Confidence {each.facts['confidence']}{date}."


def _candidates(x: str, found: Sequence[Known]) -> Iterator[str]:
    yield f"{len(found)} things go by {x}. Choose with --api and --kind, or by id:"
    for each in found:
        told = f" ({each.name})" if each.name.lower() != x.lower() else ""
        yield f"  {each.id}  {each.summary}{told}"


@knowledge.command()
@click.argument("snapshot", type=click.Path(path_type=Path))
@options.settings(needed=False)
@_FORM
def check(snapshot: Path, settings_file: Path | None, form: str) -> int:
    """List what the tenant of SNAPSHOT has that nobody rates, and who holds it.

    Permissions, directory roles and management roles of Exchange. Each comes with an entry for a
    ratings overlay. Exits 0 whatever it lists.
    """
    from auditor.rated import gaps, unrated
    from auditor.snapshot import open_snapshot
    from auditor.tables.load import load

    loaded = load(open_snapshot(snapshot), _ratings(settings_file))
    found, incomplete = unrated(loaded), gaps(loaded)
    if form == "json":
        _json(
            {
                "incomplete": [{"dataset": name, "result": result} for name, result in incomplete],
                "unrated": [_unrated_json(each) for each in found],
            }
        )
    else:
        _show(_listed(found, incomplete))
    return 0


def _unrated_json(each: Unrated) -> dict[str, Any]:
    return {
        "what": each.what,
        "id": each.id,
        "name": each.name,
        "resource": each.resource or None,
        "api": each.api or None,
        "publisher": each.publisher or None,
        "kind": each.kind or None,
        "held_by": list(each.held),
        "entry": each.entry(),
    }


def _listed(found: Sequence[Unrated], incomplete: Sequence[tuple[str, str]]) -> Iterator[str]:
    if incomplete:
        told = ", ".join(f"{name} {result}" for name, result in incomplete)
        yield f"Not all was read, so more may be there: {told}."
    held = [each for each in found if each.held]
    offered = [each for each in found if not each.held]
    if not found:
        yield "Everything that was read is rated."
        return
    yield f"Held and not rated: {len(held)}."
    for each in held:
        more = f" and {len(each.held) - _HELD} more" if len(each.held) > _HELD else ""
        yield f"  {_told(each)}: {', '.join(each.held[:_HELD])}{more}"
    yield f"Offered or defined, held by nobody, not rated: {len(offered)}."
    yield from (f"  {_told(each)}" for each in offered)
    if held:
        yield ""
        yield "Rate them in the file that knowledge.overlay of auditor.toml names (docs/knowledge.md):"
        for each in held:
            yield from ("", *each.entry().splitlines())


def _told(each: Unrated) -> str:
    if not each.resource and not each.kind:
        return f"{each.what.replace('_', ' ')} {each.name}"
    publisher = f", publisher {each.publisher}" if each.publisher != "microsoft" else ""
    return f"{each.kind} permission {each.name} of {each.api or each.resource}{publisher}"
