"""Input at addresses: what is read, what is said where nothing is there, where fsspec or more is missing, and of secrets."""

from __future__ import annotations

import gzip
import json
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from reading import Reading

from topics.cli import run
from topics.errors import ConfigError, InputError
from topics.loading import load
from topics.sources_files import format_of, shown
from topics.sources_remote import is_address
from training import train
from training.config import parse_config

ROWS = "".join(json.dumps({"id": f"r{i}", "text": f"The court met on day {i}. A fine was set."}) + "\n" for i in range(5))


@pytest.fixture
def memory():
    """The file system memory://, with a folder in it."""
    fsspec = pytest.importorskip("fsspec", reason="needs the extra `remote`")
    system = fsspec.filesystem("memory")
    system.pipe("/in/b.jsonl", ROWS.encode())
    system.pipe("/in/a.jsonl.gz", gzip.compress(ROWS.replace("r", "s").encode()))
    system.pipe("/in/deep/page.txt", b"A headline\n\nA text of one paragraph.\n")
    system.pipe("/in/.hidden/x.txt", b"not meant")
    system.pipe("/in/picture.png", b"no text")
    yield system
    system.rm("/in", recursive=True)


@pytest.fixture
def server(tmp_path):
    """A web server on loopback and the folder it serves."""
    pytest.importorskip("aiohttp", reason="needs the extra `remote`")
    folder = tmp_path / "served"
    folder.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}", folder
        serving.shutdown()


@pytest.mark.parametrize(("path", "is_one"), [
    ("s3://bucket/a.jsonl", True), ("memory://a", True), ("https://host/x", True), ("git+ssh://host/x", True),
    ("C://data/a.txt", False), ("a.txt", False), ("/s3://x", False), ("-", False), ("a:/b", False),
])  # fmt: skip
def test_addresses_are_told_from_paths(path, is_one):
    assert is_address(path) is is_one


def test_a_folder_at_an_address_is_read_in_order(memory):
    found = Reading("memory://in")
    assert [record.file for record in found] == ["memory:///in/a.jsonl.gz"] * 5 + ["memory:///in/b.jsonl"] * 5 + [
        "memory:///in/deep/page.txt"
    ]
    assert found[-1].page.id == "memory:///in/deep/page.txt"
    assert [w.rpartition(": ")[2] for w in found.warnings] == ["1 .png"]


def test_files_of_this_machine_can_be_addressed_too(tmp_path):
    pytest.importorskip("fsspec", reason="needs the extra `remote`")
    (tmp_path / "a.jsonl").write_text(ROWS)
    assert Reading(f"file://{tmp_path}/a.jsonl").texts == Reading(str(tmp_path / "a.jsonl")).texts
    assert len(Reading(f"file://{tmp_path}")) == 5


def test_parquet_at_an_address(memory, tmp_path):
    pytest.importorskip("pyarrow", reason="needs the extra `parquet`")
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"text": ["One.", "Two."]}), tmp_path / "x.parquet")
    memory.pipe("/in/x.parquet", (tmp_path / "x.parquet").read_bytes())
    assert Reading("memory://in/x.parquet").texts == ["One.", "Two."]


def test_a_web_server(server):
    address, folder = server
    (folder / "rows.jsonl.gz").write_bytes(gzip.compress(ROWS.encode()))
    (folder / "rows.jsonl").write_text(ROWS)
    assert Reading(f"{address}/rows.jsonl.gz").texts == Reading(str(folder / "rows.jsonl")).texts
    (record, *_) = Reading(f"{address.replace('//', '//me:secret@')}/rows.jsonl?signature=secret")
    assert record.file == f"{address}/rows.jsonl"


def test_predict_and_segment_write_what_they_write_of_files(starter, memory, tmp_path):
    for i, name in enumerate(("a.jsonl.gz", "b.jsonl")):
        (tmp_path / name).write_bytes(memory.cat(f"/in/{name}"))
        for command in (["predict", str(starter)], ["segment"]):
            call = [*command, "-q", "--force", "--out"]
            assert run([*call, str(tmp_path / "here"), str(tmp_path / name)]) == 0
            assert run([*call, str(tmp_path / "there"), f"memory://in/{name}"]) == 0
            assert (tmp_path / "here").read_bytes() == (tmp_path / "there").read_bytes()
            assert run([*call, f"{tmp_path}/parts{i}{len(command)}/", f"memory://in/{name}"]) == 0
            part = tmp_path / f"parts{i}{len(command)}" / "part-00000.jsonl"
            assert part.read_bytes() == (tmp_path / "here").read_bytes()


CONFIG = """
name = "x"
[corpus]
train = "{train}"
labels = "{labels}"
[split]
test = 0.0
[classify]
[evaluate]
bootstrap = 0
"""


def test_training_reads_files_folders_and_patterns_at_addresses(memory, tmp_path):
    words = {"a": "court fine judge law", "b": "match team goal coach"}
    for i in range(12):
        topic = "ab"[i % 2]
        rows = [{"id": f"{i}-{k}", "text": f"The {words[topic]} of day {i * 7 + k}.", "topic": topic} for k in range(5)]
        memory.pipe(f"/in/train/{i:02d}.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode())
    memory.pipe("/in/train/notes.doc", b"not read")
    memory.pipe("/in/labels.jsonl", b'{"page": "0-0", "article": 1, "topic": "b"}\n')
    memory.get("/in/train/", f"{tmp_path}/train/", recursive=True)
    memory.get("/in/labels.jsonl", f"{tmp_path}/labels.jsonl")
    made = {}
    for train_on in ("train", "memory://in/train", "memory://in/train/*.jsonl"):
        labels = "memory://in/labels.jsonl" if "memory" in train_on else "labels.jsonl"
        config = parse_config(CONFIG.format(train=train_on, labels=labels), "x")
        result = train(config, base=tmp_path, out=tmp_path / "artifact", force=True)
        assert result.problems == []
        made[train_on] = (result.model.classifier.coef.tolist(), load(result.path).manifest["corpus"])
    assert len(set(map(str, made.values()))) == 1
    with pytest.raises(ConfigError, match=r"nothing matches 'memory://in/none/\*\.jsonl'; correct"):
        train(parse_config(CONFIG.format(train="memory://in/none/*.jsonl", labels="labels.jsonl"), "x"), base=tmp_path)


def test_an_artifact_is_judged_on_articles_at_an_address(starter, memory, tmp_path):
    rows = [{"id": str(i), "text": "The court fined a bank.", "topic": "crime, law and justice"} for i in range(6)]
    memory.pipe("/in/more.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode())
    memory.get("/in/more.jsonl", f"{tmp_path}/more.jsonl")
    told = []
    for where in (f"{tmp_path}/more.jsonl", "memory://in/more.jsonl"):
        assert run(["evaluate", str(starter), where, "-q", "--force", "--out", f"{tmp_path}/told.jsonl"]) == 0
        told.append((tmp_path / "told.jsonl").read_text())
    assert told[0] == told[1]
    assert run(["evaluate", str(starter), "memory://in/none.jsonl"]) == 3


@pytest.mark.parametrize("more", [[], ["--out", "parts/"]])
def test_nothing_there_is_one_line_and_exit_code_3(memory, tmp_path, monkeypatch, capsys, more):
    monkeypatch.chdir(tmp_path)
    assert run(["segment", "memory://in/none.jsonl", *more]) == 3
    assert capsys.readouterr().err.strip().endswith("memory://in/none.jsonl: no such file or folder")
    assert not list(tmp_path.iterdir())


def test_a_web_server_that_has_it_not_or_is_not_there(server, capsys):
    address, _ = server
    assert run(["segment", f"{address}/none.jsonl"]) == 3
    assert run(["segment", "http://127.0.0.1:9/none.jsonl"]) == 3
    assert all(line.endswith("no such file or folder") for line in capsys.readouterr().err.strip().splitlines())


def test_without_fsspec_one_line_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    assert run(["segment", "s3://bucket/a.jsonl"]) == 2
    said = capsys.readouterr().err.strip()
    assert said.count("\n") == 0
    assert said.endswith("pip install 'newstopics[remote]'")


@pytest.mark.parametrize("address", ["s3://bucket/a.jsonl", "nothing://a.jsonl"])
def test_an_address_that_needs_more_or_is_of_no_kind_is_one_line(address, capsys):
    pytest.importorskip("fsspec", reason="needs the extra `remote`")
    if address.startswith("s3"):
        with pytest.raises(ImportError):
            import s3fs  # noqa: F401
    assert run(["segment", address]) == 2
    said = capsys.readouterr().err.strip()
    assert said.count("\n") == 0
    assert address in said


def test_what_breaks_off_is_a_failure_of_its_file_alone(memory, monkeypatch):
    from topics import sources_remote

    class Broken:
        def seekable(self):
            return False

        def read(self, _):
            raise RuntimeError("the connection\nis gone")

        def close(self):
            return

    whole = memory.open
    monkeypatch.setattr(type(memory), "open", lambda self, path, *a: Broken() if path.endswith("b.jsonl") else whole(path, *a))
    found = Reading("memory://in")
    assert len(found) == 6
    (error,) = found.errors
    assert isinstance(error, InputError)
    assert str(error).startswith("memory:///in/b.jsonl: cannot be read: RuntimeError, the connection;")
    assert sources_remote.there("memory://in/a.jsonl.gz")


def test_secrets_in_an_address_are_not_shown():
    assert shown("https://me:pass@host/a.jsonl?X-Signature=abc#x") == "https://host/a.jsonl"
    assert shown("s3://bucket/what?.txt") == "s3://bucket/what?.txt"
    assert format_of("https://host/a.jsonl.gz?token=b.csv") == ("jsonl", True)
    assert shown("dir/a@b.txt") == "dir/a@b.txt"


def test_paths_of_this_machine_need_no_fsspec(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    Path(tmp_path / "a.jsonl").write_text(ROWS)
    assert len(Reading(str(tmp_path))) == 5
