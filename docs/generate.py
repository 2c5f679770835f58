"""Writes the generated pages of docs/, or with --check fails if one is stale."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import _settings

from auditor.datasets import DATASETS
from auditor.emulator import FAULT_HELP
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


def emulator() -> Iterator[str]:
    """docs/emulator.md: the tenant emulator and the grammar of its faults."""
    yield f"# The tenant emulator\n\n{NOTE}\n"
    yield (
        "A real server on loopback over TLS that plays Entra's token endpoint, Microsoft Graph v1.0 "
        "and the Exchange admin API. Real azure-identity and msgraph-sdk talk to it. It was written "
        "from Microsoft's documentation and imports nothing of the collector, and it is as "
        "unforgiving as the service: permissions come from the token, nextLinks of advanced queries "
        "need their header on every page, $expand shows twenty objects without a word, certificates' "
        "bytes come one object at a time.\n"
    )
    yield "```sh\nauditor emulator serve --port 8443 --state auditor-state\n```\n"
    yield (
        "It writes `ca.pem`, `client.pem` and an `auditor.toml` that works as it is into the state "
        "folder, prints one line when it is ready, and stops on SIGTERM or Ctrl-C. In another window:\n"
    )
    yield "```sh\nauditor run --settings auditor-state/auditor.toml --output audit\n```\n"
    yield "| option | meaning |\n|---|---|"
    yield "| `--story sick`, `healthy` | one of two hand-written tenants: in the sick one every rule finds something, in the healthy one none does |"
    yield "| `--cloud global`, `gcc-high`, `dod`, `china` | the audiences, missing properties and endpoints of a national cloud |"
    yield "| `--size N`, `--seed S` | N made-up applications besides, the same for the same seed |"
    yield "| `--without PERMISSION` | taken from the auditor's own app; repeatable |"
    yield "| `--fault SPEC` | a fault to play; repeatable |"
    yield "| `--quota documented` | Graph's published limits, with 429 and Retry-After; `off` by default |"
    yield "| `--latency MS` | added to every answer |"
    yield f"\n## Faults\n\n```text\n{FAULT_HELP.strip()}\n```\n"
    yield "For example:\n"
    yield "```text"
    yield "--fault foreignlink@/oauth2PermissionGrants            a nextLink to another host"
    yield "--fault truncate@/servicePrincipals                    a page that is cut without a word"
    yield "--fault throttle=2.128@/oauth2PermissionGrants         429 with a fraction of a second"
    yield "--fault empty@Get-RoleGroup+ShowPartnerLinked          nothing where something must be"
    yield "--fault null=keyCredentials@/applications              a null that is not an empty list"
    yield "```"
    yield "\nThe keys of the stories' certificates are published with the package: use them for nothing else."


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "rules.md": rules,
    "tables.md": tables,
    "exchange-levels.md": levels,
    "permissions.md": permissions,
    "emulator.md": emulator,
    "settings.md": lambda: _settings.page(NOTE),
    "settings.schema.json": _settings.json_schema,
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
