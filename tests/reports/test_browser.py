"""The HTML report in a real browser: it works, fetches nothing, and hostile names stay text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from . import sample

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.browser
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = os.environ.get("AUDITOR_CHROMIUM", "/usr/bin/chromium")
        yield (chromium := playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS)))
        chromium.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    audit, have = sample.sample()
    gaps, partly = sample.sample(refused=("role-assignments", "exchange-role-groups"))
    texts = {
        "whole": sample.html(audit, have),
        "gaps": sample.html(gaps, partly),
        "alone": sample.html(audit, None),
        "empty": sample.html(sample.empty(), None),
        "many": sample.html(sample.many(10_000), None),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8", newline="")
    return {name: folder / f"{name}.html" for name in texts}


class Opened:
    """A tab that remembers everything that went wrong in it."""

    def __init__(self, browser: Browser, path: Path, width: int = 1280, **options: Any) -> None:
        self.wrong: list[str] = []
        self.path = path
        self.tab: Tab = browser.new_page(viewport={"width": width, "height": 900}, **options)
        self.tab.on("console", lambda message: self.wrong.append(message.text))
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.tab.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        self.tab.on("request", lambda request: self._asked(request.url))
        self.go("")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.path.as_uri(), "data:")):
            self.wrong.append(f"asked for {url}")

    def go(self, anchor: str) -> None:
        self.tab.goto(self.path.as_uri() + anchor)
        self.tab.wait_for_selector("html[data-ready]")

    def told(self) -> str:
        return self.tab.inner_text("#told")

    def says(self, pattern: str) -> None:
        from playwright.sync_api import expect

        expect(self.tab.locator("#told")).to_have_text(re.compile(pattern))


@pytest.fixture
def open_(browser: Browser, files: dict[str, Path]) -> Iterator[Any]:
    opened: list[Opened] = []

    def open_one(name: str, **options: Any) -> Opened:
        opened.append(Opened(browser, files[name], **options))
        return opened[-1]

    yield open_one
    for each in opened:
        each.tab.close()
        assert not each.wrong


@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("name", ["whole", "gaps", "alone", "empty", "many"])
def test_page_never_scrolls_sideways(open_: Any, tmp_path: Path, name: str, width: int) -> None:
    page = open_(name, width=width)
    page.tab.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.tab.wait_for_timeout(50)
    # A picture of a page taller than Chromium's largest texture is refused.
    whole = page.tab.evaluate("document.documentElement.scrollHeight") < 16_000
    page.tab.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=whole)
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_names_run_nothing_and_hide_nothing(open_: Any) -> None:
    page = open_("whole")
    page.tab.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    for place in range(5):
        page.go(f"#app/app{place}")
        page.tab.wait_for_selector("#drawer[open]")
    assert page.tab.evaluate("window.ran") is None
    assert page.tab.query_selector("img") is None
    words = page.tab.inner_text("#apps")
    assert sample.SCRIPT in words
    assert "\u202e" not in words
    assert "invoiceU+202Egpj.exe" in words
    assert "ESC[31mred" in words


def test_filters_search_and_clear(open_: Any) -> None:
    page = open_("many")
    tab = page.tab
    assert page.told() == "10 rules, 10,000 findings."
    tab.click('[data-severity="critical"]')
    assert page.told() == "2,000 of 10,000 findings match."
    tab.select_option("#f-theme", "credentials")
    tab.fill("#q", "app 1234 ")
    page.says(r"^0 of")
    tab.click('[data-toggle-severity="critical"]')
    page.says(r"^1 of")
    assert tab.inner_text("#list tbody a >> nth=0") == "App 1234"
    tab.click("#clear")
    assert page.told() == "10 rules, 10,000 findings."
    tab.click('[data-verdict="pass"]')
    assert page.told() == "0 rules, 0 of 10,000 findings match."


def test_ten_thousand_findings_are_there_at_once(open_: Any) -> None:
    page = open_("many")
    assert page.tab.evaluate("Number(document.documentElement.dataset.ready)") < 1000
    page.tab.click('[data-view="list"]')
    assert page.tab.evaluate("document.querySelectorAll('#list tbody tr').length") < 100
    page.tab.evaluate("document.querySelector('#list .gridbox').scrollTop = 1e9")
    page.tab.wait_for_selector("#list :text('Secret key-9999 ')")


def test_sorting_by_a_column(open_: Any) -> None:
    page = open_("many")
    page.tab.click('[data-view="list"]')
    page.tab.click("#list thead button:has-text('Name')")
    page.tab.click("#list thead button:has-text('Name')")
    assert page.tab.inner_text("#list tbody a >> nth=0") == "App 9999"
    assert page.tab.get_attribute("#list th[aria-sort]", "aria-sort") == "descending"


def test_links_open_what_they_name(open_: Any) -> None:
    page = open_("whole")
    tab = page.tab
    finding = sample.sample()[0].findings[0]
    page.go(f"#finding/{finding.id}")
    assert finding.object["id"] in tab.inner_text("#drawer")
    assert "page 1" in tab.inner_text("#drawer")
    tab.keyboard.press("Escape")
    tab.wait_for_selector("#drawer", state="hidden")
    assert "finding" not in tab.evaluate("location.hash")
    page.go(f"#rule/{finding.rule}")
    card = f'[id="rule/{finding.rule}"]'
    assert tab.evaluate(f"document.querySelector('{card} details').open")
    assert tab.inner_text(f"{card} tbody a >> nth=0")
    page.go("#app/APP0")
    assert "Plain" in tab.inner_text("#drawer-title")
    page.go("#app/nobody")
    assert "holds no app with that id" in tab.inner_text("#drawer")


def test_expiry_buckets_list_their_credentials(open_: Any) -> None:
    tab = open_("whole").tab
    tab.click('[data-bucket="7"]')
    assert "Never ends: 1 credential" in tab.inner_text("#bucket")
    assert "9999-12-31" in tab.inner_text("#bucket")
    tab.click('[data-bucket="7"]')
    assert tab.inner_text("#bucket") == ""


def test_exchange_table_hides_level_none_until_asked(open_: Any) -> None:
    tab = open_("whole").tab
    assert tab.locator("#exchange-rows tbody tr").count() == 3
    tab.check("#exchange-rows input >> nth=1")
    assert tab.locator("#exchange-rows tbody tr").count() == 4
    assert "Levels may be too low" not in tab.inner_text("#exchange")
    gaps = open_("gaps").tab
    assert "Levels may be too low" in gaps.inner_text("#exchange")


def test_microsofts_own_are_left_out_and_counted(open_: Any) -> None:
    tab = open_("whole").tab
    assert "1 service principal of Microsoft's own left out" in tab.inner_text("#apps")
    assert "Microsoft Teams" not in tab.inner_text("#apps tbody")
    tab.check("#apps input[type=checkbox]")
    assert "Microsoft Teams" in tab.inner_text("#apps tbody")


def test_dark_and_light_have_enough_contrast(open_: Any) -> None:
    for scheme in ("light", "dark"):
        page = open_("gaps", color_scheme=scheme)
        page.tab.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        assert page.tab.evaluate(CONTRAST) == []


def test_without_scripts_the_summary_is_there(browser: Browser, files: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(files["gaps"].as_uri())
    text = tab.inner_text("main")
    assert "The lists of this page need JavaScript" in text
    assert "role-assignments refused" in text
    context.close()


def test_print_opens_what_matters_and_closes_it_again(open_: Any) -> None:
    tab = open_("whole").tab
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert (
        tab.evaluate("document.querySelectorAll('.card.c-fail > details:not([open])').length") == 0
    )
    audit, _ = sample.sample()
    listed = tab.locator(".card.c-fail tbody tr").count()
    unknown = sum(len(each.unknowns) for each in audit.outcomes if each.verdict == "fail")
    assert listed == len(audit.findings) + unknown
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.evaluate("document.querySelectorAll('.card > details[open]').length") == 0


# WCAG AA: every visible text against the first opaque background behind it.
CONTRAST = """() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (let each = node; each; each = each.parentElement) {
      const found = numbers(getComputedStyle(each).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const bad = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.disabled) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(numbers(style.color)), light(behind(node))].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24;
    if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) bad.add(`${node.tagName}.${node.className}`);
  }
  return [...bad];
}"""
