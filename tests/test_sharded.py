"""Parts of a folder: whole, finished once, made anew when what they hang on changes; the same wherever they are made."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from topics.cli import run


@pytest.fixture(scope="module")
def inputs(tmp_path_factory, page) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    text = page.read_text("utf-8")
    for i in range(3):
        rows = [{"id": f"r{i}-{k}", "title": f"Title {k}", "text": text[200 * k : 200 * k + 900]} for k in range(6)]
        (folder / f"rows{i}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "page.txt").write_text(text)
    return folder


def rows_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_parts_together_are_the_rows_of_one_run(starter, inputs, tmp_path):
    out = tmp_path / "rows"
    assert run(["predict", str(starter), str(inputs), "--out", f"{out}/", "-q"]) == 0
    assert run(["predict", str(starter), str(inputs), "--out", str(tmp_path / "one.jsonl"), "-q"]) == 0
    parts = sorted(out.glob("part-*"))
    assert [part.name for part in parts] == [f"part-0000{i}.jsonl" for i in range(4)]
    assert b"".join(part.read_bytes() for part in parts) == (tmp_path / "one.jsonl").read_bytes()
    told = json.loads((out / "_SUCCESS").read_bytes())
    assert told["rows"] == sum(len(rows_of(part)) for part in parts) > 18
    assert [part["name"] for part in told["parts"]] == [part.name for part in parts]
    assert told["artifact"] == json.loads((starter / "manifest.json").read_bytes())["digest"]


def test_a_rerun_makes_only_what_is_missing_or_has_changed(inputs, tmp_path):
    source, out = tmp_path / "in", tmp_path / "rows"
    source.mkdir()
    for path in inputs.glob("*"):
        (source / path.name).write_bytes(path.read_bytes())
    call = ["segment", str(source), "--out", f"{out}/", "-q"]
    assert run(call) == 0
    before = bytes_of(out)

    def made_again() -> set[str]:
        times = {p.name: p.stat().st_mtime_ns for p in out.glob("part-*")}
        time.sleep(0.01)
        assert run(call) == 0
        return {p.name for p in out.glob("part-*") if p.stat().st_mtime_ns != times.get(p.name)}

    assert made_again() == set()
    (out / "part-00001.jsonl").write_text("damaged\n")
    (out / "part-00002.jsonl").unlink()
    (out / "_SUCCESS").unlink()
    assert made_again() == {"part-00001.jsonl", "part-00002.jsonl"}
    assert bytes_of(out) == before
    (source / "rows1.jsonl").write_text('{"text": "Another article."}\n')
    assert made_again() == {"part-00002.jsonl"}
    call.append("--with-text")
    assert len(made_again()) == 4, "other options, other rows"
    (source / "rows2.jsonl").unlink()
    made_again()
    assert not (out / "part-00003.jsonl").exists()


def test_failures_stand_beside_the_parts_and_a_broken_file_leaves_no_success(inputs, tmp_path, capsys):
    source, out = tmp_path / "in", tmp_path / "rows"
    source.mkdir()
    (source / "a.jsonl").write_text('{"text": "An article."}\nnot json\n')
    call = ["segment", str(source), "--out", f"{out}/", "-q"]
    assert run(call) == 4
    assert json.loads((out / "_SUCCESS").read_bytes())["failed"] == 1
    assert rows_of(out / "_parts" / "part-00000.errors.jsonl")[0]["line"] == 2
    assert run([*call, "--max-errors", "50%"]) == 0
    (source / "b.jsonl").write_text("not json\n")
    assert run(call) == 4
    assert "_SUCCESS is not written" in capsys.readouterr().err
    assert not (out / "_SUCCESS").exists()
    (source / "a.jsonl").write_text("[]\n")
    assert run(call) == 3


def test_parquet_and_csv_hold_the_same_rows(starter, inputs, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra `parquet`")
    assert run(["predict", str(starter), str(inputs), "--out", f"{tmp_path}/j/", "-q"]) == 0
    assert run(["predict", str(starter), str(inputs), "--out", f"{tmp_path}/p/", "--format", "parquet", "-q"]) == 0
    assert run(["predict", str(starter), str(inputs), "--out", f"{tmp_path}/c/", "--format", "csv", "-q"]) == 0
    for i in range(4):
        rows = rows_of(tmp_path / "j" / f"part-0000{i}.jsonl")
        table = parquet.read_table(tmp_path / "p" / f"part-0000{i}.parquet").to_pylist()
        assert [row["topic"] for row in table] == [row["topic"]["label"] for row in rows]
        assert [json.loads(row["topics"]) for row in table] == [row["topics"] for row in rows]
        assert [row["probability"] for row in table] == [row["topic"]["probability"] for row in rows]
    counts = [[part["rows"] for part in json.loads((tmp_path / f / "_SUCCESS").read_bytes())["parts"]] for f in "jpc"]
    assert counts[0] == counts[1] == counts[2]


def test_copies_are_named_across_parts_as_in_one_run(starter, inputs, tmp_path):
    source, out = tmp_path / "in", tmp_path / "rows"
    source.mkdir()
    for path in inputs.glob("*"):
        (source / path.name).write_bytes(path.read_bytes())
    (source / "rows9.jsonl").write_bytes((source / "rows0.jsonl").read_bytes().replace(b"r0-", b"r9-"))
    (source / "x.jsonl").write_text('{"id": "\\"duplicate_of\\": null}", "text": "..."}\n')
    call = ["predict", str(starter), str(source), "-q", "--duplicates", "0.9", "--with-text"]

    def same_as_one_run(*more: str) -> None:
        assert run([*call, *more, "--out", f"{out}/"]) == 0
        assert run([*call, *more, "--out", str(tmp_path / "one.jsonl"), "--force"]) == 0
        parts = sorted(out.glob("part-*"))
        assert b"".join(part.read_bytes() for part in parts) == (tmp_path / "one.jsonl").read_bytes()
        told = json.loads((out / "_SUCCESS").read_bytes())
        assert [hashlib.sha256(part.read_bytes()).hexdigest() for part in parts] == [p["sha256"] for p in told["parts"]]

    same_as_one_run()
    assert rows_of(out / "part-00004.jsonl")[0]["duplicate_of"] == {"page": "r0-0", "article": "r0-0"}
    times = {p.name: p.stat().st_mtime_ns for p in out.glob("part-*")}
    same_as_one_run()
    assert {p.name: p.stat().st_mtime_ns for p in out.glob("part-*")} == times, "nothing had to be made or said anew"
    (source / "rows0.jsonl").write_text('{"id": "new", "text": "Another article."}\n')
    same_as_one_run()  # what was a copy of an article that is gone is now the first, in a part that was finished
    assert rows_of(out / "part-00004.jsonl")[0]["duplicate_of"]["page"] != "r0-0"
    (out / "_parts" / "part-00004.sketches").write_text("damaged\n")
    same_as_one_run()
    same_as_one_run("--duplicates", "0.3")
    assert not list(out.rglob(".*"))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--out", "rows.jsonl", "--scheduler", "local:2"], "name a folder"),
        (["--out", "rows.parquet", "--format", "parquet"], "name a folder"),
        (["--out", "rows/", "--duplicates", "0.5", "--format", "parquet"], "leave out --format parquet"),
        (["--out", "rows/", "--format", "table"], "--format table is not for a folder"),
        (["--out", "rows/", "--scheduler", "spark"], "expected local:N"),
    ],
)
def test_what_does_not_go_together_is_refused(inputs, tmp_path, monkeypatch, capsys, more, says):
    monkeypatch.chdir(tmp_path)
    assert run(["segment", str(inputs), *more]) == 2
    assert says in capsys.readouterr().err


def test_a_folder_that_is_not_ours_is_left_alone(inputs, tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine")
    assert run(["segment", str(inputs), "--out", f"{tmp_path}/"]) == 2
    assert "holds files, and none of ours" in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["thesis.txt"]
