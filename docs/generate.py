"""Writes the generated pages of docs/, or with --check fails if one is stale."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import _catalogue
import _settings

from auditor.datasets import DATASETS
from auditor.datasets.permissions import breadth, unread, writes
from auditor.emulator import FAULT_HELP
from auditor.engine import dependencies
from auditor.knowledge import LEVELS, exchange_roles
from auditor.knowledge.frameworks import entries, frameworks
from auditor.packs import load_rules
from auditor.rule import Rule
from auditor.tables import TABLES
from auditor.uses import Uses, minimum, uses

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
            yield f"\n### Controls\n\n{'; '.join(each.told for each in rule.controls)}."


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
        found = [each for each in exchange_roles() if each.kind == kind]
        for each in sorted(found, key=lambda each: (-LEVELS.index(each.level), each.name)):
            told = f"{each.name}: {each.allows}" if each.allows else each.name
            yield f"| {told} | {each.level} | {each.source} |"


def permissions() -> Iterator[str]:
    """docs/permissions.md: the least to grant, and permission x datasets x rules."""
    yield f"# Datasets and permissions\n\n{NOTE}\n"
    yield (
        "Application permissions of the auditor's own app. What cannot be read is told as such, and "
        "every rule that depends on it is not evaluated or unknown. `auditor datasets permissions "
        "--rule ID` or `--rules-from auditor.toml` says the least for other sets of rules, "
        "`auditor datasets explain NAME` all about one dataset.\n"
    )
    found = load_rules()
    yield from _least_to_grant(found)
    used = uses(found)
    yield from _by_permission(used)
    yield "\n## By dataset\n"
    yield "Any one set of permissions is enough. A rule in *italics* only gets detail from it.\n"
    yield "| dataset | endpoint | permissions, any one | licence | rules |\n|---|---|---|---|---|"
    for name, dataset in DATASETS.items():
        sets = " or ".join(" + ".join(each) for each in dataset.permissions)
        users = [*used[name].verdicts, *(f"*{id}*" for id in used[name].detail)]
        told = ", ".join(users) or "none"
        beta = " (beta)" * (dataset.version == "beta")
        yield f"| `{name}` | {dataset.endpoint}{beta} | {sets} | {dataset.licence} | {told} |"


def _least_to_grant(found: Sequence[Rule]) -> Iterator[str]:
    yield "## The least to grant\n"
    yield (
        "Narrow: as little as possible besides what the rules need. Few: as few grants as "
        "possible, each wider. Either is enough for a verdict of every rule.\n"
    )
    yield "| rules | narrow | few | detail missing with narrow |\n|---|---|---|---|"
    groups = {"all": list(found)}
    for rule in sorted(found, key=lambda each: each.theme):
        groups.setdefault(f"`{rule.theme}`", []).append(rule)
    for name, rules_ in groups.items():
        least = minimum(rules_)
        narrow, few = ", ".join(least.narrow), ", ".join(least.few)
        same = "the same" if few == narrow else few
        detail = {name for name, each in uses(rules_).items() if each.detail}
        missing = [name for name in unread(least.narrow) if name in detail]
        yield f"| {name} | {narrow} | {same} | {', '.join(missing) or 'none'} |"
    for licence, names in minimum(found).licences.items():
        yield f"\n{', '.join(f'`{name}`' for name in names)} needs {licence}."
    yield from (f"\n{each}" for each in minimum(found).advice)


def _by_permission(used: Mapping[str, Uses]) -> Iterator[str]:
    yield "\n## By permission\n"
    yield (
        "Narrow ones first; what can write is never needed. With others: it opens the dataset "
        "only together with them.\n"
    )
    yield "| permission | opens | with others | rules that depend on these |\n|---|---|---|---|"
    names = {one for each in DATASETS.values() for way in each.permissions for one in way}
    for permission in sorted(names, key=lambda one: (writes(one), breadth(one), one)):
        alone = [name for name, each in DATASETS.items() if (permission,) in each.permissions]
        others = [
            name
            for name, each in DATASETS.items()
            if name not in alone and any(permission in way for way in each.permissions)
        ]
        rules_ = sorted({id for name in (*alone, *others) for id in used[name].verdicts})
        told = ", ".join(rules_) or "detail only"
        yield f"| {permission} | {', '.join(alone)} | {', '.join(others)} | {told} |"


CONTROLS = """\
One run answers each framework at that framework's own limits: a certificate of 200 days fails CIS
(180 days) and keeps within SCuBA's 365, whatever `max_days` is in auditor.toml. Findings stay those of
your own settings.

```sh
auditor controls                                        # all frameworks, of audit/audit.json
auditor controls audit/audit.json --framework cis-m365-7.0
auditor controls --framework soc2 --format csv
```

A verdict speaks of app registrations only: it is evidence for a control, not its certification.

| verdict | when |
|---|---|
| `fail` | a rule failed; what could not be judged besides is told |
| `not-evaluated` | none failed, and a rule was not evaluated, crashed, or is switched off; or no rule reads the setting that the control asks for |
| `unknown` | none failed, and rows could not be judged |
| `pass` | every rule was judged and a rule that can answer the control passed |
| `not-applicable` | everything was read, and there is nothing the control could be about |

Controls marked *setting* ask for one definite setting of the tenant. Credentials found on applications
can show that it does not hold; only a rule that reads the setting itself can make the control pass.

The files hold ids and our own reasons, never the frameworks' sentences. A control without a rule is
listed, and told as such in every output.
"""


def controls() -> Iterator[str]:
    """docs/controls.md: every framework's controls, why, by which rules, at which limit."""
    yield f"# Controls\n\n{NOTE}\n\n{CONTROLS}"
    mapped: dict[tuple[str, str], list[str]] = {}
    for rule in load_rules():
        for each in rule.controls:
            limits = ", ".join(f"`{name} = {value}`" for name, value in each.settings.items())
            told = f"[{rule.id}](rules.md#{rule.id})" + (f" at {limits}" if limits else "")
            mapped.setdefault((each.key, each.id), []).append(told)
    for key, framework in frameworks().items():
        yield f"\n## {framework.name} {framework.version}\n"
        yield f"`{key}`, dated {framework.date}: <{framework.page}>\n"
        yield "| control | asks for | why app registrations bear on it | rules |\n|---|---|---|---|"
        for id, entry in entries(key).items():
            rules_ = ", ".join(mapped.get((key, id), ["none yet"]))
            yield f"| {id} | {entry.asks} | {entry.rationale} | {rules_} |"


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
    yield "| `--unlicensed P1`, `P2`, `workload` | a licence the tenant has not bought: what needs it is refused with the service's licence error; repeatable |"
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
    "controls.md": controls,
    "catalogue.md": lambda: _catalogue.page(NOTE),
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
