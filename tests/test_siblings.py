"""What a killed run leaves is removed by the next one; what a living run writes, and what is somebody's, is not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from test_artifact import ABOUT, PARTS, TEXTS

from topics import artifact, siblings
from topics.artifact import read_artifact, write_artifact
from topics.output import open_output
from topics.siblings import lock, new_folder, remove_stale, sibling

pytest.importorskip("fcntl")


def left(folder) -> list[str]:
    return sorted(os.listdir(folder))


def test_files_and_folders_of_killed_runs_go(tmp_path):
    for suffix in ("new", "old"):
        (tmp_path / f".x.0123abcd.{suffix}" / "inner").mkdir(parents=True)
        (tmp_path / f".x.4567abcd.{suffix}").write_text("half")
    (tmp_path / "x").write_text("whole")
    remove_stale(str(tmp_path / "x"))
    assert left(tmp_path) == ["x"]


def test_what_is_not_of_this_result_stays(tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "file").write_text("precious")
    os.symlink(tmp_path / "theirs", tmp_path / ".x.00000000.new")
    names = [
        ".y.0123abcd.new",
        ".x.0123abcd.newer",
        ".x.0123ABCD.new",
        ".x.123abcd.new",
        "x.0123abcd.new",
        ".x.new",
        ".x.y.0123abcd.new",
    ]
    for name in names:
        (tmp_path / name).write_text("mine")
    os.mkfifo(tmp_path / ".x.11111111.new")
    before = left(tmp_path)
    remove_stale(str(tmp_path / "x"))
    assert left(tmp_path) == before
    assert (tmp_path / "theirs" / "file").exists()


def test_what_is_being_written_stays(tmp_path):
    path, held = new_folder(str(tmp_path / "x"))
    remove_stale(str(tmp_path / "x"))
    assert os.path.isdir(path)
    os.close(held)
    remove_stale(str(tmp_path / "x"))
    assert left(tmp_path) == []
    with open(sibling(str(tmp_path / "x")), "wb") as file:
        assert lock(file.fileno())
        remove_stale(str(tmp_path / "x"))
        assert len(left(tmp_path)) == 1


def test_two_runs_write_one_file_and_one_artifact(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    with open_output(tmp_path / "o", force=True) as first:
        first.write("first\n" * 10_000)
        first.flush()
        with open_output(tmp_path / "o", force=True) as second:
            second.write("second\n")
    assert (tmp_path / "o").read_text() == "first\n" * 10_000
    fill = artifact._fill

    def while_another_writes(new, *rest):
        monkeypatch.setattr(artifact, "_fill", fill)
        write_artifact(tmp_path / "a", PARTS, TEXTS, ABOUT)
        return fill(new, *rest)

    monkeypatch.setattr(artifact, "_fill", while_another_writes)
    write_artifact(tmp_path / "a", PARTS, TEXTS, ABOUT | {"name": "second"}, force=True)
    assert read_artifact(tmp_path / "a").manifest["name"] == "second"
    assert left(tmp_path) == ["a", "o"]


@pytest.mark.parametrize("what", ["file", "artifact"])
def test_writing_again_cleans_up_after_a_kill(tmp_path, what):
    """Killed in the instant before the result takes its place."""
    if what == "file":
        code = (
            "import topics.output as o\no._publish = lambda *a: os.kill(os.getpid(), 9)\n"
            "with o.open_output(sys.argv[1], force=True) as s: s.write('new')"
        )
    else:
        code = (
            "import topics.artifact as a\nfrom test_artifact import ABOUT, PARTS, TEXTS\n"
            "from pathlib import Path\na._canonical = lambda m: os.kill(os.getpid(), 9)\n"
            "a.write_artifact(Path(sys.argv[1]), PARTS, TEXTS, ABOUT, force=True)"
        )
    command = [
        sys.executable,
        "-c",
        f"import os, sys\nsys.path[:0] = {[p for p in sys.path if p]!r}\n{code}",
        str(tmp_path / "x"),
    ]
    for _ in range(2):
        assert subprocess.run(command).returncode == -9
        assert len(left(tmp_path)) == 1, "the second run has removed what the first one left"
        assert left(tmp_path)[0].startswith(".x.")
    if what == "file":
        with open_output(tmp_path / "x") as stream:
            stream.write("whole")
    else:
        write_artifact(tmp_path / "x", PARTS, TEXTS, ABOUT)
    assert left(tmp_path) == ["x"]


def test_killed_between_two_renames_the_old_one_comes_back(tmp_path, monkeypatch):
    write_artifact(tmp_path / "x", PARTS, TEXTS, ABOUT)
    (tmp_path / "x").rename(tmp_path / ".x.0123abcd.old")
    monkeypatch.setattr(siblings, "_exchange", lambda left, right: False)
    remove_stale(str(tmp_path / "x"))
    assert read_artifact(tmp_path / "x").manifest["name"] == "tiny"
    write_artifact(tmp_path / "x", PARTS, TEXTS, ABOUT | {"name": "new"}, force=True)
    assert read_artifact(tmp_path / "x").manifest["name"] == "new"
    assert left(tmp_path) == ["x"]
