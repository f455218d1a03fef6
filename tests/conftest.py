"""What several tests need: the starter artifact, trained once, and where public data may lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "training" / "starter" / "pages"


@pytest.fixture(scope="session")
def starter(tmp_path_factory) -> Path:
    """The artifact of configs/starter.toml."""
    from training import train

    return train(ROOT / "configs" / "starter.toml", out=tmp_path_factory.mktemp("artifacts") / "starter").path


@pytest.fixture(scope="session")
def page() -> Path:
    """A test page of the starter corpus."""
    return sorted((PAGES / "test").glob("portal-*.txt"))[0]


@pytest.fixture(scope="session")
def real_pages() -> Path:
    """The folder with two real pages and their gold spans; they are not part of the project."""
    return _beside("pages")


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The folder with public labeled data; it is not part of the project."""
    return _beside("datasets")


def _beside(name: str) -> Path:
    folder = Path(os.environ.get("NEWSTOPICS_DATA", ROOT.parent / "shared")) / name
    if not folder.is_dir():
        pytest.skip(f"needs {name} in the folder that NEWSTOPICS_DATA names")
    return folder
