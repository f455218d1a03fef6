"""Readers: every page and article comes out, everything else is reported with file and line."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from topics.errors import InputError, MissingExtra
from topics.sources import Record, read
from topics.sources_bytes import MAX_RATIO, gunzip
from topics.sources_files import FORMATS

ROOT = Path(__file__).parents[1]


class Reading(list):
    """What `read` gave: the records, the errors, the warnings."""

    def __init__(self, *paths, **options) -> None:
        self.errors: list[InputError] = []
        self.warnings: list[str] = []
        super().__init__(read(paths, on_error=self.errors.append, warn=self.warnings.append, **options))

    @property
    def said(self) -> list[str]:
        return [str(error).replace(os.path.dirname(error.file) + "/", "") for error in self.errors]

    @property
    def texts(self) -> list[str]:
        return [record.page.text for record in self]


@pytest.fixture
def write(tmp_path):
    def write(name: str, data: bytes | str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    return write


def test_a_text_file_is_a_page(write):
    path = write("a.txt", "\ufeffOne\r\ntwo\n")
    (record,) = found = Reading(path)
    assert record == Record(page=record.page, kind="page", file=path)
    assert (record.page.id, record.page.text, found.warnings) == (path, "One\r\ntwo\n", [])


ROW = {"id": 7, "title": "Flood", "text": "The river rose.", "source": "The Post", "published": "2024-02-20", "more": [1]}


def as_csv(row: dict, delimiter: str = ",") -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(row), delimiter=delimiter)
    writer.writeheader()
    writer.writerow(row)
    return stream.getvalue()


def as_parquet(row: dict) -> bytes:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    stream = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist([row]), stream)
    return stream.getvalue()


@pytest.mark.parametrize("gz", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize(
    ("suffix", "make", "line"),
    [
        ("jsonl", json.dumps, 1),
        ("NDJSON", json.dumps, 1),
        ("csv", as_csv, 2),
        ("tsv", lambda row: as_csv(row, "\t"), 2),
        ("csv", lambda row: as_csv(row, ";"), 2),
        ("csv", lambda row: ("\ufeff" + as_csv(row)).encode("utf-16-le"), 2),
        ("jsonl", lambda row: ("\ufeff" + json.dumps(row)).encode("utf-32-be"), 1),
        ("parquet", as_parquet, 1),
    ],
    ids=["jsonl", "ndjson", "csv", "tsv", "semicolons", "utf-16", "utf-32", "parquet"],
)
def test_a_row_is_an_article_in_every_format(write, suffix, make, line, gz):
    data = make(ROW)
    data = data.encode() if isinstance(data, str) else data
    path = write(f"a.{suffix}{'.gz' * gz}", gzip.compress(data) if gz else data)
    (record,) = found = Reading(path)
    assert not found.errors
    assert (record.kind, record.file, record.line) == ("article", path, line)
    assert record.page.text == "Flood\n\nThe river rose."
    assert record.title_span == (0, 5)
    assert (record.page.id, record.page.source, record.page.published) == ("7", "The Post", "2024-02-20")
    assert {k: str(v) for k, v in record.fields.items()} == {k: str(v) for k, v in ROW.items()}


def test_rows_as_pages_and_other_fields(write):
    path = write("a.jsonl", '{"body":"B","headline":"H","url":"u","when":null}\n')
    (record,) = Reading(path, as_pages=True, text_fields=["body", "headline"], id_field="url", published_field="when")
    assert (record.kind, record.page.text, record.title_span, record.page.id) == ("page", "B\n\nH", (3, 4), "u")
    (record,) = Reading(path, text_fields="body")
    assert (record.page.text, record.title_span, record.page.id) == ("B", None, f"{path}:1")
    (record,) = Reading(path, text_fields=())  # for files that hold labels only
    assert (record.page.text, record.fields["url"]) == ("", "u")


def test_an_empty_text_is_a_text_and_a_missing_one_is_not(write):
    path = write("a.jsonl", '{"text":""}\n\n{"title":"T","text":null}\n{"title":"T"}\n{"title":null,"text":"x"}\n')
    found = Reading(path)
    assert [(r.line, r.page.text, r.title_span) for r in found] == [(1, "", None), (5, "x", None)]
    assert found.said == [
        "a.jsonl, line 3: no text in field 'text'; its fields are: text, title",
        "a.jsonl, line 4: no text in field 'text'; its fields are: title",
    ]


BAD_LINES = {
    "{bad": "not JSON: expecting property name enclosed in double quotes at character 2; a line must be one object",
    "[1]": 'must be a JSON object such as {"text": "..."}. Got a list',
    "null": 'must be a JSON object such as {"text": "..."}. Got null',
    "17": 'must be a JSON object such as {"text": "..."}. Got a number',
    '{"text": 1}': "field 'text' must be a string. Got int",
    '{"text": NaN}': "no text in field 'text'; its fields are: text",
    '{"title": ["x"], "text": "x"}': "field 'title' must be a string. Got list",
    '{"text": "a\\u0000b"}': "a NUL character in the text, id, source or date",
    '{"text": "a\\ud800b"}': "half a character (a lone surrogate) or bytes that are not UTF-8 in its text or id",
    '{"text": "a", "id": "\\udfff"}': "half a character (a lone surrogate) or bytes that are not UTF-8 in its text or id",
    '{"text": "a"} {"text": "b"}': "not JSON: extra data at character 15; a line must be one object",
    '{"text": "a": ' * 3: "not JSON: expecting ',' delimiter at character 13; a line must be one object",
    "[" * 100_000: "not JSON that can be read: nested too deep",
    '{"n": ' + "1" * 5000 + "}": "not JSON that can be read: a number of thousands of digits",
    '{"text": "tab\there"}': "not JSON: invalid control character at at character 14; a line must be one object",
}


@pytest.mark.parametrize("bad", BAD_LINES, ids=lambda bad: bad[:20])
def test_a_bad_line_is_one_error_and_the_others_are_read(write, bad):
    found = Reading(write("a.jsonl", f'{{"text":"one"}}\n\n{bad}\r\n{{"text":"two"}}'))
    assert [(r.line, r.page.text) for r in found] == [(1, "one"), (4, "two")]
    assert found.said == [f"a.jsonl, line 3: {BAD_LINES[bad]}"]
    assert found.errors[0].line == 3


def test_a_line_of_another_encoding_is_read_with_one_warning_or_refused(write):
    rows = [
        b'{"text":"caf\xe9"}',
        b'{"text":"\xcf\xf0\xe8\xe2\xe5\xf2 \xec\xe8\xf0"}',
        '{"text":"é"}'.encode(),
        b'{"text":"\xfcber"}',
    ]
    found = Reading(write("a.jsonl", b"\n".join(rows)))
    assert found.texts == ["café", "é", "über"]
    assert found.said == ["a.jsonl, line 2: not UTF-8, and no other encoding we can tell"]
    assert [w.rpartition("/")[2] for w in found.warnings] == [
        "a.jsonl, line 1: not UTF-8 (byte 12); read as Windows-1252",
        "a.jsonl: 2 lines in all are not UTF-8",
    ]


def test_csv_rows_keep_the_line_they_begin_on(write):
    text = 'id,text\r\n\r\n1,"a\nb"\r2,c\n3\n4,"d ""quoted"""\n5,e,f\n6,"x"y\n7,g\n'
    found = Reading(write("a.csv", text))
    assert [(r.page.id, r.line, r.page.text) for r in found] == [
        ("1", 3, "a\nb"),
        ("2", 5, "c"),
        ("4", 7, 'd "quoted"'),
        ("7", 10, "g"),
    ]
    assert found.said == [
        "a.csv, line 6: expected 2 columns, as in the first row. Got 1",
        "a.csv, line 8: expected 2 columns, as in the first row. Got 3",
        "a.csv, line 9: not CSV: ',' expected after '\"'",
    ]


def test_a_quote_that_is_never_closed_says_what_it_swallowed(write):
    found = Reading(write("a.csv", 'text\na\n"b\nc\nd\n'))
    assert found.texts == ["a"]
    assert found.said == [
        "a.csv, line 3: not CSV: a quote opened in this row is never closed; nothing up to line 5 could be read"
    ]


def test_csv_bytes_that_are_not_text_cost_their_row_only(write):
    found = Reading(write("a.csv", b'text,n\n"one\n\xcf\xf0\xe8\xe2\xe5\xf2 \xec\xe8\xf0",1\ntwo,2\n'))
    assert found.texts == ["two"]
    assert found.said == ["a.csv, line 2: half a character (a lone surrogate) or bytes that are not UTF-8 in its text or id"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("text,text\na,b\n", "line 1: each column must have a name of its own, but 'text' is the name of several"),
        (",\na,b\n", "line 1: each column must have a name of its own, but there are none"),
        (
            '"text\na\n',
            "line 1: the column names cannot be read: a quote opened in this row is never closed; nothing up to line 2",
        ),
    ],
)
def test_column_names_that_are_none(write, text, message):
    found = Reading(write("a.csv", text), write("b.txt", "next"))
    assert found.texts == ["next"]
    assert [said.startswith(f"a.csv, {message}") for said in found.said] == [True]


def test_what_is_too_large_is_reported_and_passed_over(write):
    rows = ['{"text":"one"}', json.dumps({"text": "x" * 5000}), '{"text":"two"}']
    paths = [
        write("a.jsonl", "\n".join(rows)),
        write("b.csv", f"text\none\n{'x' * 5000}\ntwo\n"),
        write("c.csv", "text\none\n" + '"' + "x\n" * 2000 + '"\ntwo\n'),
        write("d.txt", "x" * 5000),
        write("e.jsonl.gz", gzip.compress("\n".join(rows).encode())),
    ]
    found = Reading(*paths, max_bytes=1000)
    assert found.texts[:4] == ["one", "two", "one", "two"]
    assert found.texts[-2:] == ["one", "two"]
    assert found.said[:2] == [
        "a.jsonl, line 2: longer than 1000 bytes, the most that one row may have",
        "b.csv, line 3: not CSV: longer than 1000 bytes, the most that one row may have",
    ]
    assert found.said[2] == "c.csv, line 3: not CSV: a row of more than 1000 bytes; is a quote left open?"
    assert found.said[-2] == "d.txt: larger than 1000 bytes, the most that one document may have"


def test_a_large_cell_is_no_problem_for_csv(write):
    found = Reading(write("a.csv", "text\n" + "x" * 1_000_000 + "\n"))
    assert [len(text) for text in found.texts] == [1_000_000]


def member(text: str) -> bytes:
    return gzip.compress(text.encode())


def test_gzip_of_several_members_with_padding(write):
    data = member('{"text":"one"}\n{"te') + member('xt":"two"}\n') + b"\0" * 512
    assert Reading(write("a.jsonl.gz", data)).texts == ["one", "two"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: data[:-4], "truncated gzip data; the rest is missing"),
        (lambda data: data[:-8] + b"\0\0\0\0" + data[-4:], "corrupt gzip data (incorrect data check); the rest is not read"),
        (lambda data: data + b"garbage", "corrupt gzip data (incorrect header check); the rest is not read"),
        (lambda data: b"{}\n", "is not gzip data, though its name ends in .gz"),
        (lambda data: b"", "is not gzip data, though its name ends in .gz"),
    ],
    ids=["truncated", "checksum", "garbage", "not gzip", "empty"],
)
def test_damaged_gzip_is_one_error_and_what_was_good_is_kept(write, damage, message):
    rows = [json.dumps({"text": os.urandom(200).hex()}) for _ in range(200)]
    found = Reading(write("a.jsonl.gz", damage(member("\n".join(rows) + "\n"))), write("b.txt", "next"))
    assert found.said == [f"a.jsonl.gz: {message}"]
    assert found.texts[-1] == "next"
    assert len(found) in (1, 201) or found.texts[0] == json.loads(rows[0])["text"]


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_a_gzip_bomb_is_refused_in_every_format(write, suffix):
    bomb = gzip.compress(b"\0" * 30_000_000)
    found = Reading(write(f"a{suffix}.gz", bomb), max_bytes=1 << 20)
    assert not list(found)
    assert found.errors
    assert all(
        "larger than" in s or "longer than" in s or f"more than {MAX_RATIO} times" in s or "is not a W" in s for s in found.said
    )


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(1, 50))
def test_gunzip_gives_back_what_was_packed_however_it_arrives(parts, step):
    class Slow(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, step))

    assert b"".join(gunzip(Slow(b"".join(map(gzip.compress, parts))), "x")) == b"".join(parts)


def test_gunzip_yields_bounded_pieces():
    packed = zlib.compress(b"x" * 10_000_000, wbits=31)
    pieces = [len(piece) for piece in gunzip(io.BytesIO(packed), "x", free=20_000_000)]
    assert sum(pieces) == 10_000_000
    assert max(pieces) <= 1 << 18


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


def test_parquet_rows_are_refused_one_by_one(write):
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    texts = pa.array([b"one", b"\xff\xfe", b"x" * 5000, None, b"two"]).cast(pa.string(), safe=False)
    times = pa.array([1_700_000_000_123_456_789, None, 0, 0, 0], pa.timestamp("ns", tz="UTC"))
    stream = io.BytesIO()
    parquet.write_table(pa.table({"text": texts, "published": times}), stream)
    found = Reading(write("a.parquet", stream.getvalue()), write("b.parquet", stream.getvalue()[:-20]), max_bytes=4000)
    assert [(r.line, r.page.text, r.page.published) for r in found] == [
        (1, "one", "2023-11-14 22:13:20Z"),
        (5, "two", "1970-01-01 00:00:00Z"),
    ]
    assert [said.split(":")[0] for said in found.said] == [*(f"a.parquet, line {n}" for n in (2, 3, 4)), "b.parquet, line 1"]


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


@settings(max_examples=200)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "title": st.text(st.characters(exclude_characters="\0", codec="utf-8")),
                "text": st.text(st.characters(exclude_characters="\0", codec="utf-8")),
            }
        ),
        max_size=5,
    ),
    st.sampled_from(["jsonl", "csv", "tsv"]),
)
def test_what_was_written_is_read(rows, kind):
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=f".{kind}", newline="", encoding="utf-8") as file:
        if kind == "jsonl":
            file.writelines(json.dumps(row) + "\n" for row in rows)
        else:
            writer = csv.DictWriter(file, ["title", "text"], delimiter="\t" if kind == "tsv" else ",", quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)
        file.flush()
        found = Reading(file.name)
    assert not found.errors
    assert [dict(r.fields) for r in found] == rows
    assert found.texts == ["\n\n".join(filter(None, (r["title"], r["text"]))) for r in rows]
    assert all(r.page.text[slice(*r.title_span)] == r.fields["title"] for r in found if r.title_span)
