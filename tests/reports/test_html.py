"""The HTML report as a file: what it holds, what it must never hold."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from auditor.audit import Audit, read_audit, to_json
from auditor.packs import load_reports

from . import sample


class Page(HTMLParser):
    """Elements, attributes, scripts, styles and text as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, dict[str, str | None], str]] = []
        self.text = ""
        self._open: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._open = tag
            self.inside.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = None if tag == self._open else self._open

    def handle_data(self, data: str) -> None:
        if self._open:
            tag, attributes, before = self.inside[-1]
            self.inside[-1] = (tag, attributes, before + data)
        else:
            self.text += data

    @property
    def data(self) -> dict[str, Any]:
        block = next(text for _, attributes, text in self.inside if attributes.get("id") == "data")
        found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(block)))
        return found


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    audit, have = sample.sample()
    gaps, partly = sample.sample(refused=("applications", "exchange-role-groups"))
    return {
        "whole": sample.html(audit, have),
        "gaps": sample.html(gaps, partly),
        "alone": sample.html(audit, None),
        "empty": sample.html(sample.empty(), None),
    }


def test_the_same_audit_gives_the_same_bytes(pages: dict[str, str]) -> None:
    audit, have = sample.sample()
    assert sample.html(audit, have) == pages["whole"]


def test_an_audit_read_back_gives_the_same_page(pages: dict[str, str], tmp_path: Any) -> None:
    audit, _ = sample.sample()
    path = tmp_path / "audit.json"
    path.write_bytes(to_json(audit))
    assert sample.html(read_audit(path), None) == pages["alone"]


def test_json_report_is_the_audit() -> None:
    audit, have = sample.sample()
    report = load_reports(["json"])[0]
    assert (report.file, report.render(audit, have)) == ("audit.json", to_json(audit))


@pytest.mark.parametrize("which", ["whole", "gaps", "alone", "empty"])
def test_policy_hashes_are_those_of_the_one_script_and_the_one_style(
    pages: dict[str, str], which: str
) -> None:
    page = Page(pages[which])
    policy = next(a["content"] for _, a in page.elements if a.get("http-equiv")) or ""
    run = [(tag, text) for tag, a, text in page.inside if a.get("type") != "application/json"]
    assert sorted(tag for tag, _ in run) == ["script", "style"]
    for tag, text in run:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("img-src data:; base-uri 'none'; form-action 'none'")


@pytest.mark.parametrize("which", ["whole", "gaps", "alone", "empty"])
def test_nothing_is_fetched_and_no_attribute_acts(pages: dict[str, str], which: str) -> None:
    for tag, attributes in Page(pages[which]).elements:
        for name, value in attributes.items():
            assert name != "style", tag
            assert not name.startswith("on"), tag
            assert name not in ("src", "srcset", "action", "formaction", "poster"), tag
            if name == "href" and tag == "a" and not (value or "").startswith("#"):
                assert (value or "").startswith("https://")
                assert attributes["rel"] == "noreferrer"
            elif name == "href" and tag == "link":
                assert value == "data:,"


def test_hostile_names_are_text_and_nothing_in_them_is_hidden(pages: dict[str, str]) -> None:
    text = pages["whole"]
    assert "<script>window" not in text
    assert 'onerror="window' not in text
    assert "49}}" not in text
    page = Page(text)
    assert not any(tag == "img" for tag, _ in page.elements)
    assert sample.SCRIPT in page.text
    hidden = [each for each in text if each in "\u202e\x1b"]
    assert not hidden
    assert re.search(r'invoice<span class="ctl">U\+202E</span>gpj', text)


def test_scripts_never_take_markup_from_data() -> None:
    page = Page(sample.html(sample.empty(), None))
    script = next(t for tag, a, t in page.inside if tag == "script" and "type" not in a)
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
    ):
        assert word not in script


def test_data_holds_every_finding_as_columns(pages: dict[str, str]) -> None:
    audit, _ = sample.sample()
    found = Page(pages["whole"]).data["findings"]
    assert found["id"] == [each.id for each in audit.findings]
    lengths = {len(column) for name, column in found.items() if name != "shapes"}
    assert lengths == {len(audit.findings)}
    first = dict(zip(found["shapes"][found["shape"][0]], found["values"][0], strict=True))
    assert first == dict(audit.findings[0].evidence)


def test_without_the_snapshot_the_parts_that_need_it_say_so(pages: dict[str, str]) -> None:
    assert pages["alone"].count("Open it beside its snapshot") == 4
    assert "Open it beside its snapshot" not in pages["whole"]
    assert Page(pages["alone"]).data["apps"] is None


def test_whole_coverage_is_one_calm_line(pages: dict[str, str]) -> None:
    audit, have = sample.sample()
    judged = replace(audit, outcomes=tuple(o for o in audit.outcomes if not o.unknown))
    text = Page(sample.html(judged, have)).text
    assert f"All {len(audit.coverage)} datasets were read in full" in text
    assert "Datasets that are not complete" not in text


def test_what_is_missing_comes_first_and_by_name(pages: dict[str, str]) -> None:
    text = Page(pages["gaps"]).text
    assert text.index("Datasets that are not complete") < text.index("Findings by severity", 2000)
    assert f"2 of {len(sample.sample()[0].coverage)} datasets could not be read" in text
    assert "Nothing below says that these are fine." in text
    assert "Credentials may be missing here:" in text
    assert "Levels may be too low:" in text


def test_no_gap_reads_as_nothing_there(pages: dict[str, str]) -> None:
    audit, have = sample.sample(refused=("exchange-role-groups",))
    text = Page(sample.html(audit, replace(have, tables=have.tables))).text
    assert "Groups or members may be missing here:" in text


def test_an_empty_audit_claims_nothing(pages: dict[str, str]) -> None:
    text = Page(pages["empty"]).text
    assert "It says nothing about the tenant." in text
    assert 'class="box alarm"' in pages["empty"]
    assert "was judged" not in text.replace("nothing asked for stayed unjudged", "")
    assert "No rule ran." in text


def test_the_tree_survives_a_cycle_and_marks_what_is_not_normal(pages: dict[str, str]) -> None:
    text = Page(pages["whole"]).text
    tree = text[text.index("Partner_Managed role groups") : text.index("Search findings")]
    for words in (
        "cycle: it contains itself",
        "seen only with -ShowPartnerLinked",
        "not normal here",
        "normal, but removed",
        "Organization Management in effect: 1 member",
        "through TenantAdmins_123456789",
    ):
        assert words in tree


def test_timeline_counts_every_own_credential_once(pages: dict[str, str]) -> None:
    credentials = Page(pages["whole"]).data["apps"]["credentials"]
    buckets = dict(zip(credentials["key_id"], credentials["bucket"], strict=True))
    assert buckets == {"key0": 0, "key1": 1, "key2": 2, "key3": 7, "key4": 6, "key5": 8, "saml": -1}


def test_without_scripts_verdicts_and_coverage_can_be_read(pages: dict[str, str]) -> None:
    noscript = re.search(r"<noscript>(.*?)</noscript>", pages["gaps"], re.DOTALL)
    assert noscript
    assert "applications refused" in noscript[1]
    assert "Rules by verdict" in noscript[1]


def test_every_rule_has_a_card_with_its_documentation(pages: dict[str, str]) -> None:
    audit, _ = sample.sample()
    for each in audit.outcomes:
        assert f'id="rule/{each.rule}"' in pages["whole"]
    assert "Why it matters" in pages["whole"]


def test_ten_thousand_findings_stay_small() -> None:
    audit: Audit = sample.many(10_000)
    assert len(sample.html(audit, None)) < 1_500_000


def test_controls_tell_verdict_rules_and_limits(pages: dict[str, str]) -> None:
    text = " ".join(Page(pages["whole"]).text.split())
    section = text[text.index("A verdict speaks of app registrations only") :]
    assert "MS.AAD.5.6v1" in section
    assert "at max_days = 180" in section
    assert "No rule gives evidence yet for: " in section
    assert "This audit says nothing of controls" in Page(pages["empty"]).text
    assert "This audit says nothing of controls" not in text


def test_rows_that_fail_only_at_a_frameworks_limit_are_told(pages: dict[str, str]) -> None:
    audit, have = sample.sample()
    (view, *rest) = audit.controls
    control = view.controls[0]
    rule = replace(control.rules[0], own={"max_days": 9}, findings=(audit.findings[0],) * 21)
    control = replace(control, rules=(rule,))
    audit = replace(audit, controls=(replace(view, controls=(control,)), *rest))
    text = Page(sample.html(audit, have)).text
    assert f"21 rows of {rule.rule} fail only at max_days = 9" in text
    assert "and 1 more in audit.json" in text
