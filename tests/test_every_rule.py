"""What holds for every rule of the built-in pack; the checks are auditor/conformance.

A rule's own test module gives the rows: TABLES (rows by table) and FAILS, PASSES, UNKNOWN (the
labels of the rows of the table it is about), and optionally SETTINGS.
"""

from __future__ import annotations

import importlib

import pytest

from auditor.conformance import Case, examine
from auditor.packs import load_rules
from auditor.rule import Rule

RULES = {rule.id: rule for rule in load_rules()}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule(rule: Rule) -> None:
    """One test a rule: what its checks need more than once is run once."""
    own = importlib.import_module(f"tests.rules.test_{rule.id.replace('-', '_')}")
    problems = examine(Case.of(rule, own))
    assert not problems, "\n".join(problems)
