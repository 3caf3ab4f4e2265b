"""The report as a stranger gets it: one file, opened in a real browser."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from kit import SMALL, few_draws, planner, write_small  # noqa: F401

from planner.scenario import shipped_scenarios

SHIPPED = sorted(shipped_scenarios())
AXE = Path(os.environ.get("AXE_CORE") or "node_modules/axe-core/axe.min.js")
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """What a page holds: its elements, addresses, anchors and links."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.addresses, self.open = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        self.addresses += [
            found[key] for key in ("src", "srcset", "data", "action") if key in found
        ]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    for name in SHIPPED:
        assert planner("report", name, "--out", str(folder / f"{name}.html")).code == 0
    return folder


@pytest.mark.parametrize("name", SHIPPED)
def test_a_report_is_one_well_formed_file_that_needs_nothing_else(reports, name):
    page = Page((reports / f"{name}.html").read_text(encoding="utf-8"))
    assert page.open == []
    assert not {"script", "iframe", "link", "object", "embed", "form"} & set(page.tags)
    assert all(address.startswith("data:image/svg+xml;base64,") for address in page.addresses)
    assert len(page.addresses) >= 3
    assert len(set(page.ids)) == len(page.ids)
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_of_the_comparison_leads_to_its_derivation(reports, name):
    text = (reports / f"{name}.html").read_text(encoding="utf-8")
    comparison = text[text.index('<h2 id="comparison">') : text.index('<h2 id="findings">')]
    glance = text[text.index("<h3>At a glance</h3>") : text.index('<h2 id="requirements">')]
    for part, least in ((comparison, 30), (glance, 5)):
        cells = re.findall(r"<td>(.*?)</td>", part)
        assert len(cells) >= least
        assert all(cell.startswith('<a href="#') or cell == "-" for cell in cells)
    assert "model: planner.models." in text


def test_every_outcome_of_a_requirement_leads_to_the_number_that_decides_it(reports):
    text = (reports / "vrt-2013.html").read_text(encoding="utf-8")
    part = text[text.index('<h2 id="requirements">') : text.index('<h2 id="claims">')]
    link = r'<a href="#mini-itx-cluster\.spare_ports_1g"[^>]*>not met</a>'
    assert re.search(link, part)
    outcomes = re.findall(r'<td class="left (?:yes|no|open)">(.*?)</td>', part)
    assert len(outcomes) == 9 * 7
    assert all(outcome.startswith('<a href="#') for outcome in outcomes)


def test_the_design_that_is_advised_comes_first_and_is_marked(reports):
    text = (reports / "vrt-2013.html").read_text(encoding="utf-8")
    chosen = re.findall(r'<tr class="chosen"><th scope="row" class="left">([^<]+)</th>', text)
    assert set(chosen) == {"rack-1u"}
    opened = re.findall(r"<details open><summary>([^:]+):", text)
    assert opened == ["rack-1u"] * 2  # findings and bill
    assert text.index("At a glance") < text.index('<h2 id="requirements">')


def test_a_bill_names_its_sources(reports):
    text = (reports / "vrt-2013.html").read_text(encoding="utf-8")
    bills = text[text.index('<h2 id="parts">') : text.index('<h2 id="assumed">')]
    for bill in bills.split("<details")[1:]:
        numbers = set(re.findall(r"<td[^>]*>(\[\d+\])</td>", bill))
        assert numbers
        assert numbers == set(re.findall(r"<p[^>]*>(\[\d+\]) ", bill))
        assert "To buy: " in bill


def test_the_failures_of_the_design_that_is_advised_are_drawn(reports):
    for name in SHIPPED:
        text = (reports / f"{name}.html").read_text(encoding="utf-8")
        assert re.search(r'alt="What survives: ', text), name


@pytest.mark.usefixtures("anew")
def test_the_same_inputs_give_the_same_bytes(reports, tmp_path):
    again = tmp_path / "again.html"
    assert planner("report", "today", "--out", str(again)).code == 0
    assert again.read_bytes() == (reports / "today.html").read_bytes()


def test_the_markdown_report_holds_the_same_sections(tmp_path):
    out = tmp_path / "report.md"
    assert planner("report", "today", "--out", str(out)).code == 0
    text = out.read_text(encoding="utf-8")
    for heading in ("Recommendation", "Verdicts", "Bill of materials", "Assumptions", "Made from"):
        assert re.search(rf"(?m)^#+ {heading}", text), heading


@pytest.mark.usefixtures("few_draws")
def test_hostile_texts_come_out_inert(tmp_path):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;"
    text = SMALL.replace("title: Small cloud", f'title: "{hostile}"')
    text = text.replace("title: Box with disks", f'title: "{hostile}"')
    out = tmp_path / "report.html"
    assert planner("report", write_small(tmp_path, text), "--out", str(out)).code == 0
    page = out.read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert Page(page).open == []


def test_another_ending_is_told_and_nothing_is_written(tmp_path):
    out = tmp_path / "report.docx"
    result = planner("report", "today", "--out", str(out))
    assert result.code == 2
    assert "end the name in .html or .md" in result.err
    assert not out.exists()


# In a browser


@pytest.fixture(scope="module")
def browser():
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.skip("no Chromium: install Debian's chromium and chromium-driver to run this")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(driver)
    found = webdriver.Chrome(options=options, service=service)
    yield found
    found.quit()


def _open(browser, page, width=1200):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get_log("browser"), browser.get_log("performance")
    browser.get(page.as_uri())


def _requests(browser):
    events = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    sent = (event for event in events if event["method"] == "Network.requestWillBeSent")
    urls = (event["params"]["request"]["url"] for event in sent)
    return [url for url in urls if not url.startswith("data:")]


@pytest.mark.parametrize("name", SHIPPED)
def test_it_opens_without_an_error_or_a_request(browser, reports, name):
    page = reports / f"{name}.html"
    _open(browser, page)
    assert browser.get_log("browser") == []
    assert set(_requests(browser)) == {page.as_uri()}
    widths = browser.execute_script(
        "return [...document.images].map(image => image.complete && image.naturalWidth)"
    )
    assert widths
    assert all(widths)


@pytest.mark.parametrize("name", SHIPPED)
def test_it_fits_a_phone(browser, reports, name):
    _open(browser, reports / f"{name}.html", width=360)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 360


def test_a_click_on_a_number_shows_where_it_comes_from(browser, reports):
    _open(browser, reports / "today.html")
    link = browser.find_element("css selector", 'a[href="#small-boxes.total_cost"]')
    why = browser.find_element("id", "small-boxes.total_cost")
    assert not why.is_displayed()
    browser.execute_script("arguments[0].scrollIntoView({block: 'start'})", link)
    link.click()
    assert why.is_displayed()
    assert "planner.models.cost.total_cost" in why.text


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_checker_finds_nothing_serious(browser, reports, name, scheme):
    if not AXE.is_file():
        pytest.skip("no axe-core: `npm install axe-core`, or set AXE_CORE to its axe.min.js")
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    _open(browser, reports / f"{name}.html")
    # The page's own policy forbids scripts; the checker is brought in by the debugger.
    browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    browser.set_script_timeout(60)
    found = browser.execute_async_script("axe.run().then(arguments[0])")
    serious = [
        (item["id"], [node["html"][:90] for node in item["nodes"][:3]])
        for item in found["violations"]
        if item["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_it_prints_on_pages(browser, reports):
    _open(browser, reports / "today.html")
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pages = len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed["data"])))
    assert 2 <= pages <= 25
