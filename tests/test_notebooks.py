"""The notebooks run from top to bottom, call the library and define nothing, and lie there without outputs."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def code(path: Path) -> list[str]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_there_are_four():
    assert [path.name[0] for path in NOTEBOOKS] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_nothing_is_defined_and_no_output_is_kept(path):
    for source in code(path):
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.AsyncFunctionDef), source
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_runs_from_top_to_bottom(path, request, tmp_path, monkeypatch):
    nbclient = pytest.importorskip("nbclient", reason="needs the extra notebooks")
    nbformat = pytest.importorskip("nbformat", reason="needs the extra notebooks")
    for library in ("ipykernel", "altair", "pandas", "vl_convert"):
        pytest.importorskip(library, reason="needs the extra notebooks")
    # A folder laid out as the checkout is, so that notebooks write nothing into that.
    for name in ("configs", "training"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "artifacts").mkdir()
    if path.name[0] in "34":  # the second one writes it
        (tmp_path / "artifacts" / "starter").symlink_to(request.getfixturevalue("starter"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    where = {"metadata": {"path": str(tmp_path / "notebooks")}}
    notebook = nbformat.read(path, as_version=4)
    done = nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()
    shown = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    assert all(output.output_type != "error" for output in shown)
    kinds = {kind for output in shown for kind in output.get("data", {})}
    assert "text/html" in kinds
    assert not [html for output in shown if "://" in (html := output.get("data", {}).get("text/html", ""))]
    assert path.name[0] == "1" or any(kind.startswith("image/svg") for kind in kinds)
