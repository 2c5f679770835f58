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


def test_every_id_is_answered_or_says_why_not() -> None:
    silent = {each.id for each in ENTRIES.values() if not each.absent} - set(ANSWERS)
    assert not silent


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
