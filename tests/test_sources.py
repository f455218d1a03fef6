"""Files, folders, standard input: what is read as what, and what is said of the rest."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reading import Reading, put

from topics.errors import InputError, MissingExtra
from topics.sources import Record, read
from topics.sources_files import FORMATS

ROOT = Path(__file__).parents[1]


@pytest.fixture
def write(tmp_path):
    return partial(put, tmp_path)


def test_a_text_file_is_a_page(write):
    path = write("a.txt", "\ufeffOne\r\ntwo\n")
    (record,) = found = Reading(path)
    assert record == Record(page=record.page, kind="page", file=path)
    assert (record.page.id, record.page.text, found.warnings) == (path, "One\r\ntwo\n", [])


def test_folders_are_read_in_order_and_what_is_skipped_is_counted(write, tmp_path):
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c.jpg", "b/d.JPG", "Makefile", ".hidden.txt", ".git/x.txt"):
        write(f"in/{name}", name)
    (tmp_path / "in" / "round").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "in" / "a.txt")
    os.mkfifo(tmp_path / "in" / "pipe.txt")
    found = Reading(str(tmp_path / "in"))
    assert found.texts == ["a.txt", "b/1.txt", "b/2.txt", "a.txt"]
    assert [w.rpartition("/")[2] for w in found.warnings] == [
        "in: skipped files that are not read: 1 .JPG, 1 .jpg, 1 .txt, 1 linked folders, 1 without suffix"
    ]


def test_paths_that_do_not_exist_are_refused_before_anything_is_read(write):
    with pytest.raises(InputError, match=r"nowhere.txt: no such file or folder \(and 1 more that do not exist\)") as caught:
        read([write("a.txt", "a"), "nowhere.txt", "a\0b"], on_error=pytest.fail)
    assert caught.value.exit_code == 3
    assert list(read([], on_error=pytest.fail)) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(write):
    path = write("a.txt", "a")
    os.chmod(path, 0)
    assert Reading(path).said == ["a.txt: cannot be read: Permission denied"]


def test_standard_input():
    def given_in(data: bytes) -> Reading:
        return Reading("-", stdin=io.BytesIO(data))

    assert [(r.kind, r.page.id, r.page.text) for r in given_in(b"A page\n")] == [("page", "stdin", "A page\n")]
    assert [(r.kind, r.page.id, r.page.text) for r in given_in(b'\n {"text":"x"}\n')] == [("article", "stdin:2", "x")]
    assert given_in(gzip.compress(b'{"text":"x"}')).texts == ["x"]
    assert given_in(b"").texts == [""]
    assert given_in(b'[{"text": 1}]').said == [
        "standard input: one JSON array, which is not read; write one object a line (jq -c '.[]' does), as .jsonl"
    ]


def test_standard_input_stays_open_and_a_closed_one_is_an_error():
    code = "import sys; from topics.sources import read; found = list(read(['-'], on_error=print)); "
    code += "print([r.page.text for r in found], sys.stdin.closed)"
    done = subprocess.run([sys.executable, "-c", code], input="hello", capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "['hello'] False\n"
    done = subprocess.run(f'{sys.executable} -c "{code}" <&-', shell=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.startswith("standard input: is closed\n")


def test_a_file_with_another_suffix_is_a_page_when_it_is_text(write):
    found = Reading(write("README.md", "# Title"), write("b.bin", bytes(range(256)) * 4), write("c.json", '{"text":"x"}'))
    assert found.texts == ["# Title", "x"]
    assert found.said[0].startswith("b.bin: is not text, and its name tells no format; what is read: .txt .html")


def test_ids_that_come_again_are_kept_with_a_warning(write):
    found = Reading(write("a.jsonl", '{"id":"x","text":"t"}\n' * 6))
    assert len(found) == 6
    assert [w.rpartition("/")[2] for w in found.warnings] == [
        *(f"a.jsonl, line {n}: the id 'x' was there before; both are kept" for n in (2, 3, 4)),
        "5 ids in all were there before; all are kept",
    ]


def test_a_name_that_is_not_utf8_can_be_written(tmp_path):
    path = os.path.join(os.fsencode(tmp_path), b"caf\xe9.txt")
    Path(os.fsdecode(path)).write_text("x")
    (record,) = Reading(str(tmp_path))
    assert record.page.id.endswith("/caf\\udce9.txt")
    assert record.page.id.encode("utf-8")


@pytest.mark.parametrize(("suffix", "module"), [("parquet", "pyarrow"), ("html", "lxml"), ("parquet.gz", "pyarrow")])
def test_a_missing_extra_names_what_to_install(write, monkeypatch, suffix, module):
    monkeypatch.setitem(sys.modules, module, None)
    data = gzip.compress(b"<p>x") if suffix.endswith("gz") else b"<p>x"
    with pytest.raises(MissingExtra, match=r"pip install 'newstopics\[(html|parquet)\]'"):
        Reading(write(f"a.{suffix}", data))


def test_reading_loads_only_what_it_needs(write):
    code = "import sys\nbefore = set(sys.modules)\nimport topics.sources\nprint(*sorted(set(sys.modules) - before))"
    stub = (
        f"import sys, types; p = types.ModuleType('topics'); p.__path__ = [{str(ROOT / 'topics')!r}]; sys.modules['topics'] = p\n"
    )
    done = subprocess.run([sys.executable, "-c", stub + code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"csv", "gzip", "lxml", "pyarrow", "numpy", "subprocess", "tempfile", "html", "asyncio"}


WORDS = [
    b'{"text":"',
    b'"}',
    b"\n",
    b",",
    b'"',
    b"text,id\n",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x1f\x8b\x08\0",
    b"WARC/1.0\r\n",
    b"PAR1",
]


WORDS += [
    b"Content-Length: 5\r\n",
    b"\r\n\r\n",
    b"WARC-Type: response\r\n",
    b"Content-Type: text/html\r\n",
    b"HTTP/1.1 200 OK\r\n",
    b"<p>",
    b"<!--",
]


DATA = st.binary(max_size=300) | st.lists(st.sampled_from(WORDS) | st.binary(max_size=8), max_size=30).map(b"".join)


@pytest.mark.parametrize("gz", ["", ".gz"])
@pytest.mark.parametrize("suffix", [*sorted(FORMATS), "", ".other"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(DATA, st.booleans())
@example(b"", True)
@example(b"\n" * 1000, True)
@example(b"WARC/1.0\r\nContent-Length: 99999999999999999999\r\n\r\n", True)
def test_any_bytes_are_records_or_errors(write, suffix, gz, data, packed):
    path = write(f"fuzz{suffix}{gz}", gzip.compress(data) if packed and gz else data)
    found = Reading(path, max_bytes=10_000)
    for record in found:
        assert record.page.text.encode("utf-8").decode("utf-8") == record.page.text
        assert record.title_span is None or record.page.text[slice(*record.title_span)]
        assert all(0 <= h.span[0] < h.span[1] <= len(record.page.text) for h in record.page.hints)
    assert all(str(error).startswith(path) for error in found.errors)
    assert found or found.errors or found.warnings or not data.strip() or suffix not in (".txt", ".html")


def test_every_suffix_is_documented():
    table = (ROOT / "docs" / "files.md").read_text("utf-8").partition("## Articles in rows")[0]
    assert sorted(FORMATS) == sorted(
        {word.strip("`") for word in table.split() if word.startswith("`.") and word.strip("`") != ".gz" and word.endswith("`")}
        - {".name"}
    )
