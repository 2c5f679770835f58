"""Writes the generated pages of docs/, or with --check fails if one is stale."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from auditor.datasets import DATASETS
from auditor.engine import dependencies
from auditor.knowledge import LEVELS, _read
from auditor.packs import load_rules
from auditor.tables import TABLES

HERE = Path(__file__).parent
NOTE = "<!-- Written by docs/generate.py; change what it is made from. -->"


def rules() -> Iterator[str]:
    """docs/rules.md: every rule's documentation."""
    found = sorted(load_rules(), key=lambda rule: (rule.theme, rule.id))
    yield f"# Rules\n\n{NOTE}\n\n{len(found)} rules. `auditor rules explain ID` says the same."
    yield "\n| rule | severity | what |\n|---|---|---|"
    for rule in found:
        yield f"| [{rule.id}](#{rule.id}) | {rule.severity.label} | {rule.title} |"
    for rule in found:
        yield f"\n## {rule.id}\n\n**{rule.title}.** Severity {rule.severity.label}, about `{rule.about}`."
        for name, text in (rule.sections or {}).items():
            yield f"\n### {name}\n\n{text}"
        if rule.settings:
            yield f"\n### Settings\n\n`[rules.{rule.id}]` in auditor.toml:\n"
            yield from (f"- `{each.name}`: `{each.default!r}`" for each in rule.settings)
        needed = dependencies(rule)
        yield "\n### Datasets\n"
        for use in ("population", "absence", "detail"):
            if names := getattr(needed, use):
                yield f"- {use}: {', '.join(names)}"
        if rule.controls:
            told = [f"{each.framework} {each.version}: {each.id}" for each in rule.controls]
            yield f"\n### Controls\n\n{'; '.join(told)}."


def tables() -> Iterator[str]:
    """docs/tables.md: every table a rule can read."""
    yield f"# Tables\n\n{NOTE}\n"
    yield (
        "What a rule reads: pandas DataFrames. A time is an instant in UTC, with the text as "
        "received beside it in `NAME_received`. A row column is a position in another table, -1 for none. "
        "Columns marked * are never null: a row without one is left out, and its dataset is partial."
    )
    for table in TABLES.values():
        yield f"\n## {table.name}\n\n{table.meaning[0].upper()}{table.meaning[1:]}. "
        yield f"Key: {', '.join(f'`{name}`' for name in table.key)}.\n"
        uses: Mapping[str, tuple[str, ...]] = {
            "Rows from": (table.source, *table.adds),
            "never harmless without": table.joins,
            "columns filled by": table.fills,
        }
        yield "; ".join(f"{use} {', '.join(names)}" for use, names in uses.items() if names) + "."
        yield "\n| column | type | meaning |\n|---|---|---|"
        for column in table.columns:
            star = "*" if column.required else ""
            yield f"| `{column.name}`{star} | {column.type} | {column.meaning} |"


def levels() -> Iterator[str]:
    """docs/exchange-levels.md: role to level of app-only Exchange administration."""
    yield f"# Levels of app-only Exchange administration\n\n{NOTE}\n"
    yield (
        f"From nothing to everything: {', '.join(LEVELS)}. An application reaches a level when it "
        "holds Exchange.ManageAsApp (or ManageAsAppV2, or its id in GCC High and DoD) and one of "
        "these; one without the other is dormant. Rights add up: the highest counts. A role that is "
        "in none of the tables leaves the verdict unknown.\n"
    )
    yield (
        "`app-only-auth-powershell-v2` and `permissions-exo` are pages of Microsoft's documentation: "
        "<https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2> and "
        "<https://learn.microsoft.com/exchange/permissions-exo/permissions-exo>."
    )
    titles = {
        "directory-role": "Directory roles, at the scope of the whole directory",
        "role-group": "Exchange role groups",
        "management-role": "Exchange management roles",
    }
    for kind, title in titles.items():
        yield f"\n## {title}\n\n| role | level | source |\n|---|---|---|"
        found = [row for row in _read("exchange_levels") if row["kind"] == kind]
        for row in sorted(found, key=lambda row: (-LEVELS.index(row["level"]), row["name"])):
            yield f"| {row['name']} | {row['level']} | {row['source']} |"


def permissions() -> Iterator[str]:
    """docs/permissions.md: what each dataset asks, and which permissions do."""
    yield f"# Datasets and permissions\n\n{NOTE}\n"
    yield (
        "Any one set of permissions is enough for its dataset. What cannot be read is told as "
        "such, and every rule that depends on it is not evaluated or unknown.\n"
    )
    yield "| dataset | endpoint | permissions, any one | rules that depend on it |\n|---|---|---|---|"
    found = load_rules()
    for name, dataset in DATASETS.items():
        sets = " or ".join(" + ".join(each) for each in dataset.permissions)
        users = [
            rule.id
            for rule in found
            if name in dependencies(rule).population or name in dependencies(rule).absence
        ]
        yield f"| `{name}` | {dataset.endpoint} | {sets} | {', '.join(users) or 'detail only'} |"


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "rules.md": rules,
    "tables.md": tables,
    "exchange-levels.md": levels,
    "permissions.md": permissions,
}


def main() -> int:
    """Writes or checks every page; 1 if one is stale."""
    stale = []
    for name, page in PAGES.items():
        text = "\n".join(page()) + "\n"
        path = HERE / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8", newline="\n")
    if stale and "--check" in sys.argv:
        print(f"stale: {', '.join(stale)}; run: uv run python docs/generate.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
