"""Puts the page together: data, template, style and script, and the policy that binds them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from auditor.audit import Audit, collected_as
from auditor.check import parse_instant
from auditor.knowledge import LEVELS
from auditor.tables.load import Loaded

from . import data, summary
from .apps import applications, gaps
from .controls import limit, sections
from .timeline import BUCKETS, Timeline, timeline
from .tree import tree
from .words import count, inline, markdown, plain, visible

_FOLDER = Path(__file__).parent
_SCRIPTS = ("base", "grid", "findings", "drawer", "apps", "main")
LEVEL_WORDS = {
    "none": "No way to administer Exchange was found.",
    "dormant": "One consent away: the permission without a role, a role without the permission, or a role it can only activate.",
    "read": "Reads the configuration.",
    "support": "Changes settings of users' mailboxes, as a help desk does.",
    "recipient": "Creates, changes and moves recipients.",
    "security": "Changes protection and quarantine.",
    "compliance": "Searches, holds, copies or deletes what mailboxes contain.",
    "full": "Administers the organization: every setting, every role.",
}
assert tuple(LEVEL_WORDS) == LEVELS


def page(audit: Audit, loaded: Loaded | None) -> str:
    """The whole page."""
    style = _read("style.css")
    script = "\n".join(
        ['"use strict";', "(() => {", *(_read(f"js/{name}.js") for name in _SCRIPTS), "})();"]
    )
    for text, tag in ((style, "</style"), (script, "</script")):
        assert tag not in text.lower()
    rules = {each.rule: number for number, each in enumerate(audit.outcomes)}
    credentials = _timeline(audit, loaded)
    coverage = {line.dataset: line for line in audit.coverage}
    incomplete = gaps(coverage)
    payload = {
        "rules": [
            {
                "id": each.rule,
                "title": each.title,
                "theme": each.theme,
                "verdict": each.verdict,
                "severity": each.severity,
            }
            for each in audit.outcomes
        ],
        "severities": summary.SEVERITIES,
        "findings": data.findings(audit, rules),
        "unknowns": data.unknowns(audit),
        "requests": data.requests(audit),
        "gaps": incomplete,
        "buckets": [label for _, label in BUCKETS],
        "levels": LEVELS,
        "apps": applications(loaded, credentials.buckets) if loaded and credentials else None,
    }
    code, meaning = summary.exit_of(audit)
    return (
        _environment()
        .get_template("page.html")
        .render(
            audit=audit,
            loaded=loaded is not None,
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704  # ours, and held by its hash
            script=Markup(script),  # noqa: S704  # ours, and held by its hash
            payload=data.pack(payload),
            coverage=summary.coverage(audit),
            short=summary.incomplete(audit),
            truth=summary.truth(audit),
            collected_as=collected_as,
            unjudged=summary.unjudged(audit),
            verdict_words=summary.WORDS,
            severities=summary.severities(audit),
            verdicts=summary.verdicts(audit),
            worst=summary.worst(audit),
            titles={each.rule: each.title for each in audit.outcomes},
            cards=summary.cards(audit),
            themes=sorted({each.theme for each in audit.outcomes if each.theme}),
            gaps=incomplete,
            timeline=credentials,
            tree=tree(loaded) if loaded else None,
            levels=LEVEL_WORDS,
            frameworks=sections(audit),
            exit_code=code,
            exit_meaning=meaning,
        )
        .lstrip()
    )


def _timeline(audit: Audit, loaded: Loaded | None) -> Timeline | None:
    if loaded is None:
        return None
    return timeline(loaded.tables["credentials"], parse_instant(audit.as_of))


def _read(name: str) -> str:
    # Universal newlines: a browser hashes \n, whatever the checkout wrote.
    return (_FOLDER / name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "visible": visible,
        "plain": plain,
        "markdown": markdown,
        "inline": inline,
        "thousands": "{:,}".format,
        "count": count,
        "listed": _listed,
        "setting": _setting,
        "limit": limit,
    }
    environment.filters.update(filters)
    return environment


def _listed(values: Sequence[Any]) -> Markup:
    return Markup(", ").join(visible(each) for each in values)


def _setting(value: Any) -> Markup:
    # A tuple now is a list when the audit was read back: both must read the same.
    if isinstance(value, tuple | list):
        return _listed(value) if value else Markup("none")
    return visible({True: "yes", False: "no"}[value] if isinstance(value, bool) else value)
