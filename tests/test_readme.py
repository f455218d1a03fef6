"""The session in the README gives what stands there; probabilities and weights may move with the model."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def steps(text: str) -> list[tuple[str, str]]:
    """Return each line that is typed, with what is shown for it."""
    (session,) = re.findall(r"```python\n(>>> .*?)```", text, flags=re.S)
    found: list[tuple[str, str]] = []
    for line in session.splitlines():
        if line.startswith(">>> "):
            found.append((line[4:], ""))
        else:
            found[-1] = (found[-1][0], found[-1][1] + line + "\n")
    return found


def masked(text: str) -> str:
    return re.sub(r"\d+\.\d+", "N", text)


def test_the_session_gives_what_stands_there(starter, tmp_path, monkeypatch):
    pytest.importorskip("polars", reason="needs the extra polars")
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "starter").symlink_to(starter)
    (tmp_path / "training").symlink_to(ROOT / "training")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    typed = steps((ROOT / "README.md").read_text("utf-8"))
    assert len(typed) == 10
    for line, expected in typed:
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            exec(compile(line, "README.md", "single"), names)
        assert masked(shown.getvalue()) == masked(expected), line
