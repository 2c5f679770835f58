"""`auditor rules`: list, explain, examine, and write a new one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options

if TYPE_CHECKING:
    from auditor.rule import Rule


@click.group()
def rules() -> None:
    """List, explain, write and examine rules."""


@rules.command(name="list")
@options.RULES
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def list_(packs: Sequence[Path], form: str) -> int:
    """List every rule: theme, severity, id and title."""
    from auditor.packs import load_rules

    found = sorted(load_rules(packs), key=lambda rule: (rule.theme, rule.id))
    if form == "json":
        import orjson

        from auditor.check import describe_rule

        value = [describe_rule(rule) for rule in found]
        click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
        return 0
    for rule in found:
        click.echo(f"{rule.theme:<12} {rule.severity.label:<9} {rule.id:<42} {rule.title}")
    return 0


@rules.command()
@click.argument("id")
@options.RULES
def explain(id: str, packs: Sequence[Path]) -> int:
    """Say what the rule ID does, why it matters, how to fix it and when it is fine."""
    from auditor.errors import AuditorError
    from auditor.packs import load_rules, nearest

    found = {name: rule for rule in load_rules(packs) for name in (rule.id, *rule.aliases)}
    if id not in found:
        raise AuditorError(f"There is no rule {id}.{nearest(id, found)}", "See: auditor rules list")
    click.echo(explanation(found[id]))
    return 0


def explanation(rule: Rule) -> str:
    """A rule's documentation as plain text, from its docstring and declaration."""
    from auditor.engine import dependencies

    lines = [rule.title, f"{rule.id} · {rule.severity.label} · {rule.theme} · {rule.status}"]
    for name, text in (rule.sections or {}).items():
        lines += ["", name, *(f"  {line}".rstrip() for line in text.splitlines())]
    if rule.settings:
        lines += ["", f"Settings, in auditor.toml under [rules.{rule.id}]"]
        lines += [f"  {each.name} = {_toml(each.default)}" for each in rule.settings]
    needed = dependencies(rule)
    lines += ["", "Datasets"]
    for use in ("population", "absence", "detail"):
        names = getattr(needed, use)
        if names:
            lines.append(f"  {use}: {', '.join(names)}")
    if rule.controls:
        lines += ["", "Controls"]
        lines += [f"  {each.told}" for each in rule.controls]
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{each}"' for each in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


NEW_RULE = '''"""Client secrets whose name says that they are for testing.

## What it does
Looks for secrets with the word "test" in their display name.

## Why it matters
What was made for a test is forgotten, and still opens the tenant.

## How to fix
Remove the secret: Entra admin center > App registrations > the application > Certificates & secrets.

## When it is fine
In a tenant that is itself for tests.

## References
- https://learn.microsoft.com/graph/api/resources/passwordcredential
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import rule


@rule(
    id="{id}",
    severity="low",
    about="secrets",  # the table whose rows are judged; see docs/tables.md
    needs=("label",),  # rows without it are unknown, never passed
    message="Secret {{key_id}} of {{name}} is called {{label}}.",
)
def {stem}(secrets: DataFrame, *, word: str = "test") -> DataFrame:
    return secrets[secrets["label"].str.contains(word, case=False, regex=False)]
'''
NEW_TEST = """{imports}from auditor.testing import rule_named, try_rule

RULE = rule_named("{id}"{pack})
TABLES = {{
    "secrets": [
        {{"key_id": "for-a-test", "label": "Test of Monday"}},
        {{"key_id": "in-use", "label": "Backup job"}},
        {{"key_id": "nameless", "label": None}},
    ]
}}
FAILS = {{"for-a-test"}}
PASSES = {{"in-use"}}
UNKNOWN = {{"nameless"}}


def test_fails_passes_and_unknown() -> None:
    result = try_rule(RULE, TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)
"""


@rules.command()
@click.argument("pack", metavar="DIR", type=click.Path(path_type=Path))
def test(pack: Path) -> int:
    """Examine every rule of the pack in DIR: that it judges as its test says, and never passes in the dark.

    The rows come from test_<rule>.py in the pack. Exit code 1 if anything is wrong.
    """
    from auditor.conformance import CHECKS, examine_pack

    examined = broken = 0
    for each in examine_pack(pack):
        examined += 1
        broken += bool(each.problems)
        click.echo(f"{'broken' if each.problems else 'ok':<7} {each.rule.id}")
        for told in each.problems:
            click.echo(f"        {told}")
    noun = "rule" if examined == 1 else "rules"
    click.echo(f"{examined} {noun}, {broken} broken, {len(CHECKS)} checks on each.")
    return 1 if broken else 0


@rules.command()
@click.argument("id")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("my-rules"),
    show_default=True,
    help="The folder of your rules.",
)
def new(id: str, into: Path) -> int:
    """Write a working rule ID and its test, to be changed into yours.

    ID is kebab-case and names the bad thing, such as secret-for-testing.
    """
    from auditor.audit import write_file
    from auditor.errors import AuditorError
    from auditor.packs import built_in, load_rules

    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", id):
        raise AuditorError(
            f"{id!r} is no id for a rule.", "Use words in lower case joined by hyphens."
        )
    if any(id in (rule.id, *rule.aliases) for rule in load_rules()):
        raise AuditorError(f"The id {id} is taken by a built-in rule.", "Choose another.")
    stem = id.replace("-", "_")
    ours = into.resolve() == built_in("rules").resolve()
    rule = into / "own" / f"{stem}.py"
    test = (into.parent / "tests" / "rules" if ours else into / "_tests") / f"test_{stem}.py"
    told = {"imports": "", "pack": ""}
    if not ours:
        told = {"imports": "from pathlib import Path\n\n", "pack": ", Path(__file__).parents[1]"}
    for path in (rule, test):
        if path.exists():
            raise AuditorError(f"{path} exists already.", "Choose another id, or remove it.")
    write_file(rule, NEW_RULE.format(id=id, stem=stem).encode())
    write_file(test, NEW_TEST.format(id=id, **told).encode())
    click.echo(f"Wrote {rule} and {test}.")
    click.echo(
        f"Try it:  {'uv run pytest tests/test_every_rule.py' if ours else f'auditor rules test {into}'}"
    )
    if not ours:
        click.echo(f"Use it:  auditor check SNAPSHOT --rules {into}")
    return 0
