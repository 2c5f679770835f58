"""Which rules give no verdict without a dataset."""

from __future__ import annotations

from collections.abc import Callable


def rules_without() -> Callable[[str], tuple[str, ...]]:
    """Tells, for a dataset, the rules that are not evaluated or unknown without it."""
    from auditor.packs import load_rules
    from auditor.uses import uses

    found = uses(load_rules())
    return lambda name: found[name].verdicts
