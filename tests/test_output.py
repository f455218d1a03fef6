"""Output: whole or not at all, safe to open, and quiet where the reader has gone."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.errors import OutputError, UsageError
from topics.output import default_format, make_writer, open_output

ROOT = Path(__file__).parents[1]


def run(code: str, **options) -> subprocess.Popen:
    command = [sys.executable, "-c", f"from topics.output import make_writer, open_output\n{code}"]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, **options)


def test_a_file_appears_when_the_block_ends_and_not_before(tmp_path):
    path = tmp_path / "out.jsonl"
    with open_output(path) as stream:
        stream.write("é\n")
        stream.flush()
        assert not path.exists()
    assert path.read_bytes() == "é\n".encode()
    assert os.listdir(tmp_path) == ["out.jsonl"]


@pytest.mark.parametrize("named", [True, False], ids=["named sibling", "file without a name"])
@pytest.mark.parametrize("force", [True, False])
def test_failure_leaves_what_was_there(tmp_path, monkeypatch, named, force):
    if named:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    path = tmp_path / "out.txt"
    if force:
        path.write_text("old")

    def interrupted():
        with open_output(path, force=force) as stream:
            stream.write("half" * 100_000)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert os.listdir(tmp_path) == (["out.txt"] if force else [])
    assert not force or path.read_text() == "old"


@pytest.mark.parametrize("named", [True, False], ids=["named sibling", "file without a name"])
def test_force_replaces_and_keeps_the_mode(tmp_path, monkeypatch, named):
    if named:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    path, link = tmp_path / "out.txt", tmp_path / "link.txt"
    path.write_text("old")
    path.chmod(0o600)
    link.symlink_to(path)
    with pytest.raises(OutputError, match="exists already; pass --force"), open_output(path):
        pytest.fail("must not begin")
    with open_output(link, force=True) as stream:
        stream.write("new")
    assert path.read_text() == "new"
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_appears_meanwhile_is_not_lost(tmp_path):
    path = tmp_path / "out.txt"
    with pytest.raises(OutputError, match="since this run began"), open_output(path):
        path.write_text("theirs")
    assert path.read_text() == "theirs"
    assert os.listdir(tmp_path) == ["out.txt"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none/out.txt", "there is no folder .*none; make it first"),
        (".", "is a folder"),
        ("a" * 300, "File name too long"),
        ("a\0b", "null"),
    ],
)
def test_places_where_nothing_can_be_written(tmp_path, name, message):
    with pytest.raises(OutputError, match=message), open_output(f"{tmp_path}/{name}"):
        pytest.fail("must not begin")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_is_read_only(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"), open_output(tmp_path / "out.txt"):
        pytest.fail("must not begin")


def test_gz_is_compressed_and_equal_rows_are_equal_bytes(tmp_path):
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        with open_output(tmp_path / name) as stream:
            stream.write("row\n" * 10_000)
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == b"row\n" * 10_000
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@full
@pytest.mark.parametrize("rows", [1, 100_000], ids=["at the end", "in the middle"])
def test_a_full_disk_is_one_error(rows):
    with (
        pytest.raises(OutputError, match=r"^/dev/full: cannot be written: No space left on device$"),
        open_output("/dev/full") as stream,
    ):
        stream.write("row\n" * rows)
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_a_disk_that_fills_up_leaves_nothing(tmp_path):
    resource = pytest.importorskip("resource")
    code = "with open_output(PATH) as stream:\n    for _ in range(1000): stream.write('row' * 1000)".replace(
        "PATH", repr(f"{tmp_path}/out")
    )

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    process = run(code, preexec_fn=limit)
    error = process.communicate()[1]
    assert error.splitlines()[-1].endswith("out: cannot be written: File too large")
    assert "Exception ignored" not in error
    assert os.listdir(tmp_path) == []


@full
def test_standard_output_on_a_full_disk():
    with open("/dev/full", "w") as target:
        process = run("with open_output(None) as stream: stream.write('row\\n')", stdout=target)
        error = process.communicate()[1]
    assert error.splitlines()[-1] == "topics.errors.OutputError: standard output: cannot be written: No space left on device"
    assert "Exception ignored" not in error


def test_a_reader_that_goes_away_ends_the_program_quietly():
    process = run("with open_output(None) as stream:\n    while True: stream.write('row\\n')", stdout=subprocess.PIPE)
    assert process.stdout.readline() == "row\n"
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 141


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["kill -9", "kill"])
@pytest.mark.parametrize("moment", range(4))
def test_a_killed_run_leaves_the_old_file_or_the_new_one(tmp_path, how, moment):
    path = tmp_path / "out.txt"
    path.write_text("old\n")
    code = (
        f"for n in range(10**6):\n    with open_output({str(path)!r}, force=True) as stream:\n"
        "        stream.write(f'{n}\\n' * 50_000)\n    print(n, flush=True)"
    )
    process = run(code, stdout=subprocess.PIPE)
    process.stdout.readline()
    time.sleep(0.013 * (moment + 1))
    process.send_signal(how)
    process.communicate()
    lines = path.read_text().splitlines()
    assert len(set(lines)) == 1
    assert len(lines) in (1, 50_000)
    if hasattr(os, "O_TMPFILE"):
        # Between a name and its place lies one system call; in all others nothing is left behind.
        assert len(os.listdir(tmp_path)) <= 2


def written(kind: str, columns, rows) -> str:
    stream = io.StringIO()
    with make_writer(kind, stream, columns) as writer:
        for row in rows:
            writer.write(row)
    return stream.getvalue()


def test_jsonl_is_compact_ordered_and_has_no_nan():
    rows = [{"b": 1, "a": "é", "more": 2}, {"a": [0.5, {"k": None}]}]
    assert written("jsonl", ("a", "b"), rows) == '{"a":"é","b":1}\n{"a":[0.5,{"k":null}],"b":null}\n'
    for kind in ("jsonl", "csv"):
        with pytest.raises(ValueError, match=r"nan|Out of range"):
            written(kind, ("a",), [{"a": float("nan")}])


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(), st.lists))
def test_jsonl_comes_back_and_steers_no_terminal(value):
    line = written("jsonl", ("v",), [{"v": value}])
    assert json.loads(line)["v"] == value
    assert line.count("\n") == 1
    assert len(line.splitlines()) == 1
    assert not set(line) & {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), "\u202e"} - {"\n"}


def test_half_characters_and_numpy_values_are_written(tmp_path):
    import numpy as np

    assert written("csv", ("a", "b"), [{"a": np.float64(-0.5), "b": np.float32(-2)}]) == "a,b\n-0.5,-2.0\n"

    with open_output(tmp_path / "o") as stream, make_writer("jsonl", stream, ("a", "b", "c")) as writer:
        writer.write({"a": "\ud800", "b": np.float32(0.5), "c": np.arange(2)})
    assert json.loads((tmp_path / "o").read_bytes()) == {"a": "\ud800", "b": 0.5, "c": [0, 1]}


@settings(deadline=None)
@given(st.text())
def test_no_csv_cell_is_a_formula_and_nothing_else_changes(text):
    (_, [cell]) = csv.reader(io.StringIO(written("csv", ("v",), [{"v": text or "x"}]), newline=""))
    assert cell == (text or "x") or cell == "'" + text
    assert cell[:1] not in {*"=+-@\t\r\n＝＋－＠"}


def test_formulas_are_kept_when_that_is_asked_for(tmp_path, capfd):
    from topics import cli

    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "=1+1", "title": "@SUM(A1)", "text": "-x"}) + "\n")
    for options, cells in ([], ["'=1+1", "'=1+1", "'@SUM(A1)"]), (["--keep-formulas"], ["=1+1", "=1+1", "@SUM(A1)"]):
        assert cli.run(["segment", str(tmp_path / "a.jsonl"), "--format", "csv", *options]) == 0
        (_, row) = csv.reader(io.StringIO(capfd.readouterr().out))
        assert row[:3] == cells


def test_csv_numbers_stay_numbers_and_nested_values_are_json():
    rows = [{"n": -0.5, "s": "-0.5", "x": [{"a": 1}], "none": None, "yes": True}]
    assert written("csv", ("n", "s", "x", "none", "yes"), rows) == 'n,s,x,none,yes\n-0.5,\'-0.5,"[{""a"":1}]",,true\n'


@settings(deadline=None)
@given(
    st.lists(st.lists(st.text() | st.floats() | st.integers() | st.none(), min_size=3, max_size=3), max_size=5),
    st.integers(20, 200),
)
def test_a_table_keeps_its_width_and_steers_no_terminal(rows, width):
    from topics.output_forms import _width

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        text = written("table", ("a", "b", "c"), [dict(zip("abc", row, strict=True)) for row in rows])
    lines = text.split("\n")[:-1]
    assert len(lines) == len(rows) + 2
    assert all(line.isprintable() for line in lines)
    assert max(map(_width, lines)) <= max(width, 3 * 6 + 2 * 2)


def test_a_table_for_a_person(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    rows = [
        {"page": "a.txt", "p": 0.12345, "title": "Flood\nin  the\u00a0valley, again and again"},
        {"page": "日本", "p": 12345.6},
    ]
    assert written("table", ("page", "p", "title"), rows).splitlines() == [
        "page   p       title",
        "-----  ------  ---------------",
        "a.txt   0.123  Flood in the v…",
        "日本   12,346",
    ]


def test_a_long_table_shows_its_rows_as_they_come():
    stream = io.StringIO()
    with make_writer("table", stream, ("n",)) as writer:
        for n in range(100):
            writer.write({"n": n})
        assert stream.getvalue().count("\n") == 102
        writer.write({"n": "longer than the others"})
    assert stream.getvalue().splitlines()[-1] == " long…" or "…" in stream.getvalue().splitlines()[-1]


def test_the_format_when_none_is_asked_for():
    assert [default_format(p) for p in (None, "a.csv", "A.CSV.gz", "a.jsonl", "a.txt")] == [
        "jsonl",
        "csv",
        "csv",
        "jsonl",
        "jsonl",
    ]
    with pytest.raises(UsageError, match="no such format: 'jsonll'; formats are jsonl, csv, table; did you mean 'jsonl'"):
        make_writer("jsonll", io.StringIO(), ("a",))
