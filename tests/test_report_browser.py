"""The report in a real browser: it opens from the disk, answers clicks and keys, asks for nothing; the console stays empty."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from conftest import PAGES
from test_report_html import HOSTILE

from topics.cli import run

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra dev")

#: Where a Chromium may be; NEWSTOPICS_BROWSER names another.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser_path() -> str | None:
    return os.environ.get("NEWSTOPICS_BROWSER") or next((found for name in BROWSERS if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser():
    path = browser_path()
    if path is None:
        pytest.skip("needs a Chromium: install one, or name it in NEWSTOPICS_BROWSER")
    with playwright.sync_playwright() as driver:
        # Without its sandbox, since that does not run for root, which builds in containers often are.
        opened = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(starter, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    (folder / "hostile.txt").write_text(HOSTILE, "utf-8")
    pages = [str(PAGES / "test" / name) for name in ("portal-080.txt", "aggregator-014.txt", "bare-071.txt")]
    assert run(["report", str(starter), *pages, str(folder / "hostile.txt"), "--out", str(folder / "report.html"), "-q"]) == 0
    return folder / "report.html"


class Opened:
    """The report in a tab of its own, with all that it asks for and says."""

    def __init__(self, browser, report: Path, **how) -> None:
        self.requests: list[str] = []
        self.said: list[str] = []
        self.tab = browser.new_page(**({"viewport": {"width": 1200, "height": 900}} | how))
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.goto(report.as_uri())

    def heading(self) -> str:
        return self.tab.inner_text(".latent h3")

    def terms(self) -> list[str]:
        return self.tab.locator("#latent-terms button").all_inner_texts()


@pytest.fixture(scope="module")
def opened(browser, report):
    one = Opened(browser, report)
    yield one
    # After all the clicks below.
    assert one.said == []
    assert one.requests == [report.as_uri()]
    one.tab.close()


def test_a_click_on_the_map_chooses_a_topic(opened):
    first = opened.terms()
    assert opened.heading().startswith("Latent topic 0")
    opened.tab.locator('[data-k="5"]').click(force=True)
    chosen = opened.tab.locator('[role="radio"][aria-checked="true"]')
    k = chosen.get_attribute("data-k")
    assert k != "0"  # where circles overlap, the one on top
    assert opened.heading().startswith(f"Latent topic {k} ")
    assert chosen.count() == 1
    assert opened.terms() != first
    assert opened.tab.input_value("#latent-choice") == k


def test_the_slider_reorders_terms(opened):
    opened.tab.select_option("#latent-choice", "3")
    orders = []
    for value in ("0", "0.6", "1"):
        opened.tab.locator("#latent-lambda").fill(value)
        orders.append(opened.terms())
    assert len({tuple(order) for order in orders}) == 3
    assert all(len(order) == 30 for order in orders)


def test_the_slider_at_its_end_gives_the_most_probable_terms(opened, starter):
    from topics import load

    model = load(starter)
    opened.tab.select_option("#latent-choice", "3")
    opened.tab.locator("#latent-lambda").fill("1")
    assert opened.terms()[:10] == [term for term, _ in model.latent.top_terms(3, 10, model.vocabulary)]


def test_arrow_keys_walk_through_the_topics(opened):
    opened.tab.select_option("#latent-choice", "0")
    opened.tab.locator('[data-k="0"]').focus()
    opened.tab.keyboard.press("ArrowRight")
    assert opened.heading().startswith("Latent topic 1 ")
    assert opened.tab.evaluate("document.activeElement.dataset.k") == "1"
    opened.tab.keyboard.press("End")
    assert opened.heading().startswith("Latent topic 19 ")


def test_a_term_shows_where_it_is_used(opened):
    sizes = "[...document.querySelectorAll('.field circle')].map(c => c.getAttribute('r')).join()"
    before = opened.tab.evaluate(sizes)
    button = opened.tab.locator("#latent-terms button").first
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert opened.tab.evaluate(sizes) != before
    button.click()
    assert opened.tab.evaluate(sizes) == before


def test_articles_of_a_topic_lead_to_where_they_are_painted(opened):
    links = opened.tab.locator("#latent-examples a")
    for k in range(20):
        opened.tab.select_option("#latent-choice", str(k))
        if links.count():
            break
    target = links.first.get_attribute("href")
    links.first.click()
    assert opened.tab.evaluate("location.hash") == target
    assert opened.tab.locator(target).is_visible()


def test_switches_hide_furniture(opened):
    hidden = opened.tab.locator(".page .b.furniture").first
    assert hidden.is_visible()
    opened.tab.locator('.switch[value="furniture"]').uncheck()
    assert not hidden.is_visible()
    opened.tab.locator('.switch[value="furniture"]').check()


def test_a_hostile_page_is_text(opened):
    assert opened.tab.title() != "owned"
    assert "<script>document.title = 'owned'</script>" in opened.tab.locator(".paper").last.inner_text()
    assert opened.tab.locator("main img").count() == 0


def test_everything_that_can_be_used_has_a_name_and_can_be_reached(opened):
    nameless = """[...document.querySelectorAll('button, select, input, a, [role]')].filter(e => {
        const labels = e.labels ? [...e.labels].map(l => l.innerText).join('') : '';
        return !(e.getAttribute('aria-label') || e.innerText || e.textContent || labels).trim();
    }).map(e => e.outerHTML.slice(0, 100))"""
    assert opened.tab.evaluate(nameless) == []
    # One circle takes the place of all of them in the order of the Tab key.
    assert opened.tab.locator('.field [tabindex="0"]').count() == 1
    opened.tab.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    assert opened.tab.locator("h1").count() == 1


def contrast(tab, selector: str) -> float:
    """Return the contrast of an element's text with what it stands on (WCAG 2)."""
    return tab.evaluate(
        """selector => {
        const numbers = color => color.match(/[\\d.]+/g).map(Number);
        const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        let element = document.querySelector(selector), back = null;
        const ink = light(numbers(getComputedStyle(element).color));
        for (; element && !back; element = element.parentElement) {
            const found = numbers(getComputedStyle(element).backgroundColor);
            if (found.length < 4 || found[3] === 1) back = light(found);
        }
        const [high, low] = [ink, back].sort((a, b) => b - a);
        return (high + 0.05) / (low + 0.05);
    }""",
        selector,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_can_both_be_read(browser, report, scheme):
    one = Opened(browser, report, color_scheme=scheme)
    for selector in (
        "body",
        ".quiet",
        ".b.furniture",
        ".b.title",
        ".b.meta",
        "mark.s-favor",
        ".badge .topic",
        "nav a",
        ".number",
    ):
        assert contrast(one.tab, selector) >= 4.5, selector
    before = one.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    one.tab.click("#theme")
    assert one.tab.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert contrast(one.tab, "body") >= 7
    assert one.said == []
    one.tab.close()


def test_four_hundred_pixels_are_wide_enough(browser, report, tmp_path):
    one = Opened(browser, report, viewport={"width": 400, "height": 800})
    assert one.tab.evaluate("document.documentElement.scrollWidth") <= 400
    one.tab.screenshot(path=tmp_path / "narrow.png")
    assert (tmp_path / "narrow.png").read_bytes().startswith(b"\x89PNG")
    one.tab.close()


def test_without_a_script_all_but_the_map_is_there(browser, report):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(report.as_uri())
    assert tab.locator(".confusion td").count() > 100
    tab.locator("#latent ~ details summary").click()
    assert tab.locator("#latent ~ details table").is_visible()
    context.close()
