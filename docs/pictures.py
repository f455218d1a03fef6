"""Make the pictures of the README and the docs anew: python docs/pictures.py ARTIFACT (that of configs/starter.toml).

Needs playwright (extra dev) and a Chromium, named in NEWSTOPICS_BROWSER where it is not found. Pages are the starter
corpus's own; pictures are written to docs/pictures/.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from topics.cli import run

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "training/starter/pages/test" / name for name in ("portal-080.txt", "aggregator-014.txt", "bare-071.txt")]
OUT = ROOT / "docs/pictures"


def shoot(tab: Page, name: str, selector: str, height: int) -> None:
    """Save what stands at `selector`, at most `height` pixels of it."""
    element = tab.locator(selector).first
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    assert box is not None, selector
    # Where it stands on the whole page: a picture may be taller than the window.
    top = box["y"] + tab.evaluate("scrollY")
    clip = {"x": max(0, box["x"] - 12), "y": top - 8, "width": box["width"] + 24, "height": min(height, box["height"] + 16)}
    tab.screenshot(path=OUT / name, clip=clip, full_page=True)


def main(artifact: str) -> None:
    """Write report.png (the map of latent topics), quality.png and page.png (a painted page)."""
    browser_path = os.environ.get("NEWSTOPICS_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        report = Path(folder) / "report.html"
        os.chdir(ROOT)
        given = [str(path.relative_to(ROOT)) for path in PAGES]
        if run(["report", artifact, *given, "--out", str(report), "-q"]):
            sys.exit("the report could not be made")
        browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1120, "height": 900}, color_scheme="light")
        tab.goto(report.as_uri())
        tab.select_option("#latent-choice", "0")
        shoot(tab, "report.png", "#map .latent", 660)
        shoot(tab, "quality.png", "section:has(#quality) .charts", 420)
        shoot(tab, "page.png", ".page .paper", 760)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
