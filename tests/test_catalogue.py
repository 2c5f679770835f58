"""Every id of the catalogue is answered by a rule, or says why by none."""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import replace
from pathlib import Path

from auditor.packs import load_rules

_PATH = Path(__file__).parents[1] / "docs" / "_catalogue.py"
_SPEC = importlib.util.spec_from_file_location("_catalogue_of_docs", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
catalogue = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = catalogue
_SPEC.loader.exec_module(catalogue)

RULES = load_rules()
ANSWERS = catalogue.answers(RULES)
ENTRIES = {each.id: each for each in catalogue.entries()}
# What is still to be written. An id that a rule answers by now must go from here.
_OPEN = """
CRED-001 CRED-002 CRED-003 CRED-004 CRED-005 CRED-006 CRED-007 CRED-008 CRED-010 CRED-011
CRED-012 CRED-013 CRED-014 CRED-015 CRED-016 CRED-017 CRED-018 CRED-020 CRED-021 CRED-022
CRED-023 CRED-024 CRED-025 CRED-030 CRED-031 CRED-032 CRED-033 CRED-034 CRED-035 CRED-040
CRED-041 CRED-042 POL-001 POL-002 POL-003 POL-004 POL-005 POL-006 POL-007 POL-008 OWN-001
OWN-002 OWN-003 OWN-004 OWN-005 OWN-007 OWN-008 OWN-009 OWN-010 PERM-001 PERM-002 PERM-003
PERM-004 PERM-005 PERM-007 PERM-008 PERM-010 PERM-011 PERM-012 PERM-013 PERM-014 PERM-020
PERM-021 PERM-022 PERM-023 PERM-024 PERM-025 PERM-026 ROLE-001 ROLE-002 ROLE-003 ROLE-004
ROLE-005 ROLE-006 ROLE-007 ROLE-008 ROLE-009 ROLE-012 EXO-001 EXO-002 EXO-003 EXO-004 EXO-005
EXO-006 EXO-007 EXO-008 EXO-009 EXO-010 EXO-011 EXO-012 EXO-013 EXO-014 SET-001 SET-002 SET-003
SET-008 SET-009 SET-010 SET-011 CFG-016 ACT-001 ACT-002 ACT-003 ACT-004 ACT-005 ACT-006 ACT-007
ACT-008
"""
OPEN = frozenset(_OPEN.split())


def test_every_id_is_answered_or_says_why_not() -> None:
    silent = {each.id for each in ENTRIES.values() if not each.absent} - set(ANSWERS)
    assert not silent - OPEN
    assert not OPEN - set(ENTRIES)


def test_nothing_is_open_that_is_answered() -> None:
    assert not OPEN & set(ANSWERS)


def test_no_rule_answers_what_is_absent_on_purpose_or_unknown() -> None:
    assert not set(ANSWERS) - set(ENTRIES)
    assert not {id for id in ANSWERS if ENTRIES[id].absent}


def test_what_stands_in_brackets_is_a_setting_where_it_looks_like_one() -> None:
    settings = {rule.id: {each.name for each in rule.settings} for rule in RULES}
    for id, answers in ANSWERS.items():
        for each in answers:
            if re.fullmatch(r"[a-z]+_[a-z_]+(, [a-z_]+)*", each.by):
                assert set(each.by.split(", ")) <= settings[each.rule], f"{id}: {each}"


def test_lines_are_read_with_their_settings() -> None:
    text = "- https://a\n- Catalogue: CRED-001, CRED-006 (low_after_days, grace_days),\n  CRED-010\n- x"
    rule = replace(RULES[0], id="a-rule", sections={"References": text})
    found = catalogue.answers([rule])
    assert sorted(found) == ["CRED-001", "CRED-006", "CRED-010"]
    assert found["CRED-006"] == (catalogue.Answer("a-rule", "low_after_days, grace_days"),)
