"""`auditor datasets`: what is asked of the tenant, who may ask it, and which rules hang on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import options
from auditor.datasets import DATASETS, Dataset
from auditor.datasets.permissions import narrowest, unread

if TYPE_CHECKING:
    from auditor.rule import Rule
    from auditor.uses import Minimum, Uses

_FORM = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
_SERVICES = {"graph": "Microsoft Graph", "exchange": "Exchange Online"}
# What a rule says without a dataset, by what the dataset is to it.
_WITHOUT = {
    "population": "not evaluated: its rows are what the rule judges",
    "absence": "unknown, where the verdict hangs on something not being there",
    "detail": "as ever, but the finding says less",
}


@click.group()
def datasets() -> None:
    """Show what is asked of the tenant, and which permissions that takes."""


@datasets.command(name="list")
@_FORM
def list_(form: str) -> int:
    """List every dataset: service, name, title and the narrowest permissions."""
    if form == "json":
        _json([describe(each) for each in DATASETS.values()])
        return 0
    for each in DATASETS.values():
        least = " + ".join(narrowest([each]))
        click.echo(f"{each.service:<9} {each.name:<29} {each.title}  [{least}]")
    return 0


@datasets.command()
@click.argument("name")
@options.RULES
@_FORM
def explain(name: str, packs: Sequence[Path], form: str) -> int:
    """Say what the dataset NAME asks, who may, and what is lost without it."""
    from auditor.errors import AuditorError
    from auditor.packs import load_rules, nearest
    from auditor.uses import uses

    if name not in DATASETS:
        near = nearest(name, DATASETS)
        raise AuditorError(f"There is no dataset {name}.{near}", "See: auditor datasets list")
    used = uses(load_rules(packs))[name]
    if form == "json":
        _json(describe(DATASETS[name]) | {"rules": _by_use(used), "tables": feeds(name)})
    else:
        click.echo("\n".join(explanation(DATASETS[name], used)))
    return 0


@datasets.command()
@click.option("--rule", "ids", multiple=True, metavar="ID", help="Only this rule. Repeatable.")
@click.option(
    "--rules-from",
    type=click.Path(path_type=Path),
    metavar="SETTINGS",
    help="Only the rules that these settings leave switched on.",
)
@options.RULES
@_FORM
def permissions(
    ids: Sequence[str], rules_from: Path | None, packs: Sequence[Path], form: str
) -> int:
    """Say the least permissions with which rules can give a verdict. Default: all rules."""
    from auditor.packs import load_rules
    from auditor.uses import minimum

    found = _chosen(load_rules(packs), ids, rules_from)
    least = minimum(found)
    if form == "json":
        _json(
            {
                "rules": [rule.id for rule in found],
                "narrow": {"permissions": least.narrow, "unread": unread(least.narrow)},
                "few": {"permissions": least.few, "unread": unread(least.few)},
                "datasets": least.datasets,
                "licences": dict(least.licences),
                "advice": least.advice,
            }
        )
    else:
        click.echo("\n".join(_least(least, found)))
    return 0


def _chosen(rules: Sequence[Rule], ids: Sequence[str], settings_file: Path | None) -> list[Rule]:
    from auditor.errors import AuditorError
    from auditor.packs import configure, nearest
    from auditor.settings import load_settings

    named = {name: rule for rule in rules for name in (rule.id, *rule.aliases)}
    for id in ids:
        if id not in named:
            near = nearest(id, named)
            raise AuditorError(f"There is no rule {id}.{near}", "See: auditor rules list")
    settings = load_settings(settings_file, connect=False).rules if settings_file else {}
    wanted = {named[id].id for id in ids} or {rule.id for rule in rules}
    on = [each.rule for each in configure(rules, settings) if each.enabled]
    return [rule for rule in on if rule.id in wanted]


def _least(least: Minimum, rules: Sequence[Rule]) -> Iterator[str]:
    from auditor.uses import uses

    used = uses(rules)
    told = ", ".join(rule.id for rule in rules) if len(rules) <= 5 else f"{len(rules)} rules"
    yield f"For a verdict of: {told or 'no rule'}"
    ways: dict[str, tuple[str, ...]] = {"Narrowest": least.narrow}
    if set(least.few) != set(least.narrow):
        ways["Fewest"] = least.few
    for way, held in ways.items():
        yield f"\n{way} application permissions:"
        yield from (f"  {name}" for name in held)
        lost = unread(held)
        if less := [name for name in lost if used[name].detail]:
            yield "  Not read with them, so findings say less:"
            yield from (f"    {name}: {DATASETS[name].title}" for name in less)
        if unused := [name for name in lost if not used[name].detail]:
            yield f"  Not read with them, and used by none of these rules: {', '.join(unused)}"
    if least.licences or least.advice:
        yield "\nBesides permissions:"
    for licence, names in least.licences.items():
        yield f"  {', '.join(names)} needs {licence}; [coverage] accept accepts the gap."
    yield from (f"  {each}" for each in least.advice)


def describe(dataset: Dataset) -> dict[str, Any]:
    """A dataset's declaration as JSON types."""
    return {
        "name": dataset.name,
        "title": dataset.title,
        "service": dataset.service,
        "version": _version(dataset),
        "endpoint": dataset.endpoint,
        "permissions": [list(each) for each in dataset.permissions],
        "licence": dataset.licence,
        "advice": dataset.advice,
        "may_be_empty": dataset.may_be_empty,
        "counted": dataset.counted,
        "select": list(dataset.select),
        "expand": dataset.expand,
        "needs": list(dataset.needs),
        "after": list(dataset.after),
    } | _further(dataset)


def _version(dataset: Dataset) -> str:
    return "beta" if dataset.service == "exchange" else dataset.version


def _further(dataset: Dataset) -> dict[str, Any]:
    """What newer declarations tell besides: tier of need, throttling, clouds."""
    told = {name: getattr(dataset, name, None) for name in ("tier", "throttle", "clouds")}
    return {
        name: list(each) if isinstance(each, tuple | frozenset) else each
        for name, each in told.items()
        if each
    }


def feeds(name: str) -> list[str]:
    """The tables a dataset's rows come into."""
    from auditor.tables import TABLES

    return [table.name for table in TABLES.values() if name in table.datasets()]


def explanation(dataset: Dataset, used: Uses) -> Iterator[str]:
    """A dataset in plain text: what is asked, who may, and what is lost without it."""
    yield dataset.title
    yield f"{dataset.name} · {_SERVICES[dataset.service]} · {_version(dataset)}"
    yield f"\nAsks\n  {dataset.endpoint}"
    if dataset.select:
        yield f"  $select={','.join(dataset.select)}"
    if dataset.expand:
        yield f"  $expand={dataset.expand}"
    yield f"  {_paging(dataset)}"
    yield "\nPermissions, any one line is enough"
    yield from (f"  {' + '.join(each)}" for each in dataset.permissions)
    if dataset.licence:
        yield f"  Licence: {dataset.licence}"
    if dataset.advice:
        yield f"  {dataset.advice}"
    if further := _further(dataset):
        yield ""
        yield from (f"{name[0].upper()}{name[1:]}: {_told(each)}" for name, each in further.items())
    if dataset.needs or dataset.after:
        yield "\nOrder"
    if dataset.needs:
        yield f"  Cannot be asked without: {', '.join(dataset.needs)}"
    if dataset.after:
        yield f"  Asked after, since they tell more to ask about: {', '.join(dataset.after)}"
    yield "\nWithout it"
    for use, ids in _by_use(used).items():
        if ids:
            yield f"  {_WITHOUT[use]}:"
            yield from (f"    {id}" for id in ids)
    if not (used.verdicts or used.detail):
        yield "  no rule depends on it"
    if tables := feeds(dataset.name):
        yield f"  Tables: {', '.join(tables)}"
    yield "\nTo accept that it cannot be read, in auditor.toml"
    yield f'  [coverage]\n  accept = ["{dataset.name}"]'


def _told(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _paging(dataset: Dataset) -> str:
    empty = (
        "may honestly be empty"
        if dataset.may_be_empty
        else "never empty in truth: an empty answer counts as refused"
    )
    count = "; its rows are checked against the service's own count" if dataset.counted else ""
    return f"Read page by page; {empty}{count}."


def _by_use(used: Uses) -> Mapping[str, tuple[str, ...]]:
    return {"population": used.population, "absence": used.absence, "detail": used.detail}


def _json(value: Any) -> None:
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
