"""The controls of each framework, as the page tells them: the worst verdict first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditor.audit import Audit, ControlVerdict, Finding, FrameworkView

_ORDER = ("fail", "not-evaluated", "unknown", "pass", "not-applicable")
MOST = 20  # failing rows told per framework limit; audit.json holds all


@dataclass(frozen=True)
class Section:
    """One framework: how many controls have which verdict, and the controls."""

    view: FrameworkView
    counts: tuple[tuple[str, int], ...]
    controls: tuple[ControlVerdict, ...]
    # (rule, limit, all that fail only there, those told)
    stricter: tuple[tuple[str, str, int, tuple[Finding, ...]], ...]


def sections(audit: Audit) -> list[Section]:
    """Every framework of the audit; none for an audit of before there were controls."""
    return [_section(view) for view in audit.controls]


def _section(view: FrameworkView) -> Section:
    counts = Counter(each.verdict for each in view.controls)
    controls = sorted(view.controls, key=lambda each: _ORDER.index(each.verdict))
    stricter = {
        (each.rule, limit(each.own)): each.findings
        for control in view.controls
        for each in control.rules
        if each.findings
    }
    return Section(
        view,
        tuple((name, counts[name]) for name in _ORDER if counts[name]),
        tuple(controls),
        tuple((*key, len(found), found[:MOST]) for key, found in stricter.items()),
    )


def limit(own: Mapping[str, Any]) -> str:
    """Settings that a framework sets itself, in words; empty where it sets none."""
    told = {name: list(each) if isinstance(each, tuple) else each for name, each in own.items()}
    return ", ".join(f"{name} = {each}" for name, each in told.items())
