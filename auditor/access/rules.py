"""Which rules give no verdict without a dataset."""

from __future__ import annotations

from collections.abc import Callable


def rules_without() -> Callable[[str], tuple[str, ...]]:
    """Tells, for a dataset, the rules that are not evaluated or unknown without it."""
    from auditor.engine import dependencies
    from auditor.packs import load_rules

    users: dict[str, list[str]] = {}
    for rule in load_rules():
        needed = dependencies(rule)
        for name in (*needed.population, *needed.absence):
            users.setdefault(name, []).append(rule.id)
    return lambda name: tuple(users.get(name, ()))
