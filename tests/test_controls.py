"""Controls: declared ids, each framework's own limit, and no pass on what was not evaluated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from pandas import DataFrame

from auditor.audit import Audit, ControlVerdict, FrameworkView, read_audit, to_json
from auditor.check import check
from auditor.compliance import NO_ANSWER
from auditor.controls import Control
from auditor.errors import AuditorError, PackError
from auditor.knowledge.frameworks import entries, frameworks
from auditor.packs import load_rules
from auditor.rule import Rule, answers, cis_m365, nist_800_53, pci_dss, rule, scuba
from auditor.snapshot import Snapshot
from auditor.tables.load import Loaded
from auditor.testing import AS_OF, make_coverage, make_frames, rule_named

__doc__ = """Rules for tests.

## What it does
x
## Why it matters
x
## How to fix
x
## When it is fine
x
## References
x
"""

HANDFUL = 3
DAY = "2026-01-01T00:00:00Z"


def certificate(key: str, end: str | None) -> dict[str, Any]:
    own = {"publisher": "own", "managed_identity": False, "saml": False, "kind": "certificate"}
    return own | {"key_id": key, "name": key, "start": DAY, "end": end}


DAYS_200 = certificate("days-200", "2026-07-20T00:00:00Z")
DAYS_90 = certificate("days-90", "2026-04-01T00:00:00Z")


def audit_of(
    rules: Sequence[Rule],
    tables: Mapping[str, list[dict[str, Any]]],
    *,
    missing: Mapping[str, str] | None = None,
    settings: Mapping[str, Mapping[str, object]] | None = None,
) -> Audit:
    lines = make_coverage(missing)
    snapshot = Snapshot(Path("t.snapshot"), "b" * 64, {}, (), tuple(lines.values()), {})
    have = Loaded(make_frames(tables), lines, snapshot)
    return check(have, rules, settings=settings, as_of=AS_OF)


def lifetime(
    *certificates: dict[str, Any],
    missing: Mapping[str, str] | None = None,
    settings: Mapping[str, object] | None = None,
) -> Audit:
    own = {"certificate-lifetime": settings or {}}
    rules = [rule_named("certificate-lifetime")]
    return audit_of(rules, {"certificates": [*certificates]}, missing=missing, settings=own)


def view(audit: Audit, key: str) -> FrameworkView:
    return next(each for each in audit.controls if each.key == key)


def control(audit: Audit, key: str, id: str) -> ControlVerdict:
    return next(each for each in view(audit, key).controls if each.id == id)


def test_each_framework_has_version_date_and_page() -> None:
    for each in frameworks().values():
        assert each.version
        assert each.date[:2] == "20"
        assert each.page.startswith("https://")
        assert entries(each.key)


@pytest.mark.parametrize("key", frameworks())
def test_a_data_file_holds_each_control_once_with_a_reason_of_our_own(key: str) -> None:
    for id, entry in entries(key).items():
        assert id == entry.id.strip()
        assert entry.asks in ("setting", "practice")
        assert entry.rationale.endswith(".")
        assert "\n" not in entry.rationale
        # A framework's own sentences command; ours say what is so.
        assert not any(word in entry.rationale for word in ("Ensure", "SHALL", "SHOULD"))
    folder = Path(__file__).parents[1] / "auditor" / "knowledge" / "frameworks"
    if folder.is_dir():
        lines = (folder / f"{key}.csv").read_text(encoding="utf-8").splitlines()
        assert len(lines) == 1 + len(entries(key))


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_a_rule_is_mapped_to_no_more_than_a_handful_of_one_framework(rule: Rule) -> None:
    assert rule.controls
    counts = Counter(each.key for each in rule.controls)
    assert max(counts.values()) <= HANDFUL


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: cis_m365("7.1", "5.1.5.4"), "no framework cis-m365-7.1. Did you mean cis-m365-7"),
        (lambda: cis_m365("6.0", "5.1.5.6"), "no control '5.1.5.6' here. Did you mean 5.1.5."),
        (lambda: scuba("MS.AAD.5.6"), "no control 'MS.AAD.5.6' here. Did you mean MS.AAD.5.6v1?"),
        (lambda: nist_800_53("IA5"), "no control 'IA5' here. Did you mean IA-5?"),
        (lambda: pci_dss("8.6.33"), "no control '8.6.33' here. Did you mean 8.6.3?"),
    ],
)
def test_a_typo_is_an_error_that_names_the_nearest(wrong: Any, told: str) -> None:
    with pytest.raises(PackError) as error:
        wrong()
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("controls", "told"),
    [
        ((scuba("MS.AAD.5.6v1", max_day=1),), "the rule has no setting max_day. Its settings: max"),
        ((scuba("MS.AAD.5.6v1", max_days="1"),), "max_days takes a whole number, not '1'"),
        ((nist_800_53("IA-5"), nist_800_53("IA-5")), "names a control twice"),
    ],
)
def test_a_limit_that_the_rule_cannot_take_is_an_error_at_load(
    controls: tuple[Control, ...], told: str
) -> None:
    with pytest.raises(PackError) as error:
        mapped(*controls)
    assert told in str(error.value)


def mapped(*controls: Control) -> Rule:
    @rule(id="long-name", severity="low", about="applications", message="{name}", controls=controls)
    def long_name(applications: DataFrame, *, max_days: int = 9) -> DataFrame:
        return applications[applications["name"].str.len() > max_days]

    found = long_name.__auditor_rule__  # type: ignore[attr-defined]
    assert isinstance(found, Rule)
    return found


def test_one_run_judges_a_certificate_of_200_days_at_each_frameworks_own_limit() -> None:
    audit = lifetime(DAYS_200, DAYS_90)
    assert not audit.findings  # the run's own limit is 365 days
    cis = control(audit, "cis-m365-7.0", "5.1.5.6")
    assert (cis.verdict, cis.failed, cis.passed, cis.population) == ("fail", 1, 1, 2)
    assert dict(cis.rules[0].settings) == {"max_days": 180}
    (only_here,) = cis.rules[0].findings
    assert only_here.part == "days-200"
    assert "the limit is 180" in only_here.message
    assert "max_days = 180" in cis.remedy
    (in_scuba,) = control(audit, "scuba", "MS.AAD.5.7v1").rules
    assert (in_scuba.verdict, in_scuba.passed) == ("pass", 2)
    assert dict(in_scuba.settings) == {"max_days": 365}


def test_a_secret_of_200_days_fails_both_frameworks_that_allow_180() -> None:
    secret = DAYS_200 | {"kind": "secret"}
    del secret["saml"]
    audit = audit_of([rule_named("secret-lifetime")], {"secrets": [secret]})
    assert control(audit, "cis-m365-7.0", "5.1.5.4").verdict == "fail"
    assert control(audit, "scuba", "MS.AAD.5.6v1").verdict == "fail"


def test_the_settings_of_a_run_do_not_soften_a_frameworks_limit() -> None:
    audit = lifetime(DAYS_200, settings={"max_days": 1000})
    assert not audit.findings
    assert control(audit, "cis-m365-7.0", "5.1.5.6").verdict == "fail"
    assert control(audit, "nist-800-53", "SC-12").verdict == "pass"  # NIST names no number
    strict = lifetime(DAYS_200, settings={"max_days": 30})
    assert len(strict.findings) == 1
    cis = control(strict, "cis-m365-7.0", "5.1.5.6")
    assert (cis.verdict, cis.rules[0].findings) == ("fail", ())  # it is a finding of the run


def test_what_is_found_on_applications_alone_cannot_make_a_setting_pass() -> None:
    cis = control(lifetime(DAYS_90), "cis-m365-7.0", "5.1.5.6")
    assert (cis.rules[0].verdict, cis.rules[0].answering) == ("pass", False)
    assert (cis.verdict, cis.cause) == ("not-evaluated", NO_ANSWER)
    assert cis.remedy


def test_a_rule_that_reads_the_setting_itself_can_make_it_pass() -> None:
    both = [rule_named("certificate-lifetime"), mapped(answers(cis_m365("7.0", "5.1.5.6")))]
    tables = {"certificates": [DAYS_90], "applications": [{"name": "short"}]}
    assert control(audit_of(both, tables), "cis-m365-7.0", "5.1.5.6").verdict == "pass"
    tables["certificates"] = [DAYS_200]
    assert control(audit_of(both, tables), "cis-m365-7.0", "5.1.5.6").verdict == "fail"


@pytest.mark.parametrize("how", ["refused", "unavailable", "not-asked"])
def test_a_control_never_passes_while_one_of_its_rules_was_not_evaluated(how: str) -> None:
    id = rule_named("certificate-lifetime").about
    both = [rule_named("certificate-lifetime"), mapped(nist_800_53("SC-12"))]
    tables = {id: [DAYS_90], "applications": [{"name": "short"}]}
    assert control(audit_of(both, tables), "nist-800-53", "SC-12").verdict == "pass"
    gap = {"applications": how}
    told = control(audit_of(both, tables, missing=gap), "nist-800-53", "SC-12")
    assert told.verdict == "not-evaluated"
    assert "long-name: applications" in told.cause
    assert "as the test says" in told.cause
    assert told.remedy == "none"


def test_a_rule_switched_off_keeps_its_controls_from_passing() -> None:
    off = lifetime(DAYS_90, settings={"enabled": False})
    for key, id in (("nist-800-53", "SC-12"), ("cis-m365-7.0", "5.1.5.6")):
        told = control(off, key, id)
        assert (told.verdict, told.population) == ("not-evaluated", 0)
        assert "switched off in the settings" in told.cause


def test_a_crash_keeps_a_control_from_passing() -> None:
    crash = replace(mapped(nist_800_53("SC-12")), judge=lambda *_, **__: 1 / 0)
    told = control(audit_of([crash], {"applications": [{"name": "x"}]}), "nist-800-53", "SC-12")
    assert told.verdict == "not-evaluated"
    assert told.cause.startswith("Crashed: long-name: ")


def test_unknown_rows_make_a_control_unknown_and_failing_rows_win() -> None:
    doubtful = certificate("no-end", None)
    unknown = control(lifetime(DAYS_90, doubtful), "nist-800-53", "SC-12")
    assert (unknown.verdict, unknown.unknown, unknown.passed) == ("unknown", 1, 1)
    failing = control(lifetime(DAYS_200, doubtful), "cis-m365-7.0", "5.1.5.6")
    assert failing.verdict == "fail"
    assert failing.cause == (
        "Failed: certificate-lifetime (1 of 2). "
        "Unknown: certificate-lifetime (1 of 2): end is not known"
    )


def test_nothing_to_judge_is_not_applicable() -> None:
    assert control(lifetime(), "nist-800-53", "SC-12").verdict == "not-applicable"


@cache
def whole() -> Audit:
    from tests.reports.sample import sample

    return sample(refused=("role-assignments",))[0]


def test_the_counts_of_every_control_add_up_and_no_gap_is_told_as_pass() -> None:
    for each in (control for view in whole().controls for control in view.controls):
        assert each.failed + each.unknown + each.passed == each.population
        if each.verdict == "pass":
            assert {rule.verdict for rule in each.rules} <= {"pass", "not-applicable"}
        if each.verdict in ("fail", "unknown", "not-evaluated"):
            assert each.cause
            assert each.remedy
    for found in whole().controls:
        ids = [*(each.id for each in found.controls), *found.uncovered]
        assert sorted(ids) == sorted(entries(found.key))


def test_audit_json_keeps_the_controls_and_is_deterministic(tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    path.write_bytes(to_json(whole()))
    assert to_json(read_audit(path)) == to_json(whole())
    assert to_json(lifetime(DAYS_200)) == to_json(lifetime(DAYS_200))


def test_an_audit_of_before_there_were_controls_is_read_and_said_to_be_old(tmp_path: Path) -> None:
    from auditor.cli.controls import controls

    value = orjson.loads(to_json(whole()))
    del value["controls"]
    path = tmp_path / "audit.json"
    path.write_bytes(orjson.dumps(value))
    assert read_audit(path).controls == ()
    with pytest.raises(AuditorError, match="an older auditor wrote it"):
        controls.main([str(path)], standalone_mode=False)


def told(tmp_path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    from auditor.cli.controls import controls

    path = tmp_path / "audit.json"
    path.write_bytes(to_json(whole()))
    assert controls.main([str(path), *options], standalone_mode=False) == 0
    return capsys.readouterr().out


def test_the_command_tells_one_framework(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = told(tmp_path, capsys, "--framework", "scuba")
    assert "fail           MS.AAD.5.6v1: 5 failed, 1 unknown, 0 passed" in text
    assert "secret-lifetime at max_days = 180" in text
    assert "remedy: Mend the findings of secret-lifetime." in text
    assert "No rule gives evidence yet for: MS.AAD.7.4v1" in text
    assert "NIST" not in text


def test_the_command_tells_all_frameworks_and_a_table_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = told(tmp_path, capsys)
    assert text.startswith("framework")
    for key in frameworks():
        assert text.count(key) >= 2
    assert "\x1b[31mred" not in text  # a tenant's name does not colour the terminal


def test_the_command_writes_json_and_csv(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    value = orjson.loads(told(tmp_path, capsys, "--format", "json"))
    assert value == orjson.loads(to_json(whole()))["controls"]
    lines = told(tmp_path, capsys, "--format", "csv").splitlines()
    assert lines[0].startswith("framework,version,control,verdict,")
    assert any(line.startswith("SOC 2 Trust Services Criteria,2017,A1.2,fail,") for line in lines)
    assert not any(line.startswith(("=", "+", "-", "@")) for line in lines)


def test_the_command_names_the_nearest_framework(tmp_path: Path) -> None:
    from auditor.cli.controls import controls

    for word, near in (("nist", "nist-800-53"), ("iso27001", "iso-27001"), ("PCI-DSS", "pci-dss")):
        with pytest.raises(AuditorError, match=f"Did you mean {near}?"):
            controls.main(["--framework", word], standalone_mode=False)
