"""The docs build as a site without a warning, and the site asks for nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    pytest.importorskip("material", reason="needs the extra docs")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


def test_every_page_is_built(site):
    for page in (ROOT / "docs").glob("*.md"):
        assert (site / f"{page.stem}.html").exists(), f"{page.name} is not in the site"


def test_nothing_is_fetched_from_elsewhere(site):
    for page in site.glob("*.html"):
        text = page.read_text("utf-8")
        fetched = re.findall(r'<(?:script|img|iframe|link(?=[^>]*rel="?stylesheet))[^>]*(?:src|href)="?(https?://[^"\s>]*)', text)
        assert not fetched, f"{page.name}: {fetched}"


def test_every_page_has_its_place_in_the_navigation():
    listed = (ROOT / "mkdocs.yml").read_text("utf-8")
    missing = [page.name for page in (ROOT / "docs").glob("*.md") if not re.search(rf"[\s\[]{page.name}[\s,\]]", listed)]
    assert not missing, f"mkdocs.yml, nav: {missing}"


def test_pictures_are_there_and_small():
    pictures = {path.name for path in (ROOT / "docs" / "pictures").glob("*.png")}
    used = {
        Path(name).name
        for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
        for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text("utf-8"))
    }
    assert used == pictures
    assert all((ROOT / "docs" / "pictures" / name).stat().st_size < 400_000 for name in pictures)
