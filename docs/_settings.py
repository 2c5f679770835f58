"""The page and the schema of the settings, made from their declarations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from auditor.packs import load_rules
from auditor.settings import KINDS, SECTIONS
from auditor.settings.schema import schema
from auditor.settings.sections import keys_of, variable_of

_TEXT = Path(__file__).with_name("_settings.md")


def page(note: str) -> Iterator[str]:
    """docs/settings.md: the text of _settings.md with the tables in their places."""
    tables = {"<!-- keys -->": _keys(), "<!-- kinds -->": _kinds()}
    yield f"# Settings\n\n{note}\n"
    for line in _TEXT.read_text(encoding="utf-8").splitlines():
        yield from tables.get(line, [line])


def _keys() -> Iterator[str]:
    for section, declared in SECTIONS.items():
        yield f"### {(declared.__doc__ or '').rstrip('.')}\n"
        yield "| key | environment variable | default | meaning |\n|---|---|---|---|"
        for key, each in keys_of(section).items():
            default = f"`{_toml(each.default)}`" if each.default not in ("", None, Path()) else ""
            variable = variable_of(section, key)
            yield f"| `{section}.{key}` | `{variable}` | {default} | {each.meaning} |"
        yield ""


def _kinds() -> Iterator[str]:
    yield "| kind | needs | may have |\n|---|---|---|"
    for kind, (needed, may) in KINDS.items():
        told = (", ".join(f"`{key}`" for key in keys) for keys in (needed, may))
        yield f"| `{kind}` | {' | '.join(told)} |"


def _toml(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def json_schema() -> Iterator[str]:
    """docs/settings.schema.json."""
    yield json.dumps(schema(load_rules()), indent=2, ensure_ascii=False)
