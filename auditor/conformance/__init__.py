"""What must hold for every rule, built-in or a user's: it never passes in the dark.

    problems = examine(Case.of(rule, the_rules_test_module))

A rule's own test module gives the rows: TABLES (rows by table) and FAILS, PASSES, UNKNOWN (the
labels of the rows of the table it is about), and optionally SETTINGS. From them every check is made:
datasets are refused and cut, columns nulled, rows taken away, turned round and made up. Needs no
test runner; `auditor rules test DIR` and tests/test_every_rule.py call the same.
"""

from __future__ import annotations

from auditor.conformance.case import Case, Trial
from auditor.conformance.checks import CHECKS, examine
from auditor.conformance.pack import Examined, examine_pack

__all__ = ["CHECKS", "Case", "Examined", "Trial", "examine", "examine_pack"]
