"""The JSON schema of auditor.toml, made from the declarations: for editors, and for checks.

It says of what stands in a file whether it is right. What is missing it does not say, because
environment variables and flags may give it; the run does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.settings.credential import KINDS_DEFAULT, PASSWORDS, kinds_with, takes
from auditor.settings.sections import KINDS, SECTIONS, SEVERITIES, Key, keys_of

if TYPE_CHECKING:
    from auditor.rule import Rule, Setting

Json = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OF_A_TYPE: Mapping[type, Json] = {
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number"},
    str: {"type": "string"},
    tuple: {"type": "array", "items": {"type": "string"}},
}
_GENERAL: Mapping[str, Json] = {
    "severity": {
        "description": "In place of the rule's own severity.",
        "enum": list(SEVERITIES),
    },
    "enabled": {
        "description": "false: the rule is shown as not evaluated, switched off in the settings.",
        "type": "boolean",
    },
    "accept_unknown": {
        "description": "true: rows it cannot judge stay told, and do not make exit code 3.",
        "type": "boolean",
    },
}
_TEXTS: Json = {"type": "array", "items": {"type": "string", "minLength": 1}}
_SCOPE: Mapping[str, Json] = {
    "except_apps": {"description": "Applications left out, by application (client) id.", **_TEXTS},
    "except_tags": {"description": "Applications left out, by a tag they carry.", **_TEXTS},
    "except_publishers": {
        "description": "Applications left out, by owner tenant id, or own, foreign, microsoft.",
        **_TEXTS,
    },
    "except_owners": {
        "description": "Applications left out, by object id or user name of an owner.",
        **_TEXTS,
    },
}


def schema(rules: Iterable[Rule] = ()) -> Json:
    """The schema as JSON types, with the settings of `rules`; those of other rules stay open."""
    return {
        "$schema": DIALECT,
        "title": "auditor.toml",
        "description": "Settings of entra-app-auditor.",
        "type": "object",
        "properties": {**{name: _section(name) for name in SECTIONS}, "rules": _rules(rules)},
        "additionalProperties": False,
    }


def _section(name: str) -> Json:
    made: Json = {
        "description": (SECTIONS[name].__doc__ or "").replace("`", ""),
        "type": "object",
        "properties": {key: _key(name, key, each) for key, each in keys_of(name).items()},
        "additionalProperties": False,
    }
    return {**made, "allOf": [*_kinds(), *_one_password()]} if name == "credential" else made


def _key(section: str, key: str, declared: Key) -> Json:
    told = f"{declared.meaning[0].upper()}{declared.meaning[1:]}."
    if section == "credential" and key != "kind":
        told += f" Of the kind{'s' * (len(kinds_with(key)) > 1)} {', '.join(kinds_with(key))}."
    made: Json = {"description": told, **declared.value.schema}
    default = declared.default
    if default not in ("", None, Path()):
        made["default"] = list(default) if isinstance(default, tuple) else default
    return made


def _kinds() -> list[Json]:
    """Of each kind: the keys it takes. Without `kind` it is the default one."""
    return [
        {
            "if": {
                "properties": {"kind": {"const": kind}},
                **({} if kind == KINDS_DEFAULT else {"required": ["kind"]}),
            },
            "then": {"propertyNames": {"enum": ["kind", *takes(kind)]}},
        }
        for kind in KINDS
    ]


def _one_password() -> list[Json]:
    def given(key: str) -> Json:
        only = {"properties": {key: {"const": True}}} if key == "password_prompt" else {}
        return {**only, "required": [key]}

    return [
        {"not": {"allOf": [given(one), given(other)]}} for one, other in combinations(PASSWORDS, 2)
    ]


def _rules(rules: Iterable[Rule]) -> Json:
    return {
        "description": "A section per rule, [rules.ID]; see: auditor rules explain ID",
        "type": "object",
        "properties": {
            "all": {
                "description": "What every rule leaves out.",
                "type": "object",
                "properties": dict(_SCOPE),
                "additionalProperties": False,
            },
            **{rule.id: _rule(rule) for rule in sorted(rules, key=lambda each: each.id)},
        },
        "additionalProperties": {"type": "object", "properties": {**_GENERAL, **_SCOPE}},
    }


def _rule(rule: Rule) -> Json:
    return {
        "description": f"{rule.title}.",
        "type": "object",
        "properties": {
            **{each.name: _setting(each) for each in rule.settings},
            **_GENERAL,
            **_SCOPE,
        },
        "additionalProperties": False,
    }


def _setting(setting: Setting) -> Json:
    default = setting.default
    return {
        **_OF_A_TYPE[setting.type],
        **({"enum": list(setting.choices)} if setting.choices else {}),
        "default": list(default) if isinstance(default, tuple) else default,
    }
