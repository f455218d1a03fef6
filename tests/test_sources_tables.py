"""Rows of article files: every article comes out with its line, every other row is one error."""

from __future__ import annotations

import csv
import gzip
import io
import json
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import Reading, put


@pytest.fixture
def write(tmp_path):
    return partial(put, tmp_path)


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
    assert found.said == ["a.csv, line 3: not CSV: a quote opened in this row is never closed; lines 3 to 5 are left out"]


def test_a_stray_quote_says_which_rows_it_took_with_it(write):
    found = Reading(write("a.csv", 'n,text\n1,"a\n2,b\n3,"c"\n4,d\n'))
    assert found.texts == ["d"]
    assert found.said == ["a.csv, line 2: not CSV: ',' expected after '\"'; lines 2 to 4 are left out"]


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
            "line 1: the column names cannot be read: a quote opened in this row is never closed; lines 1 to 2 are left out",
        ),
    ],
)
def test_column_names_that_are_none(write, text, message):
    found = Reading(write("a.csv", text), write("b.txt", "next"))
    assert found.texts == ["next"]
    assert [said.startswith(f"a.csv, {message}") for said in found.said] == [True]


def test_a_large_cell_is_no_problem_for_csv(write):
    found = Reading(write("a.csv", "text\n" + "x" * 1_000_000 + "\n"))
    assert [len(text) for text in found.texts] == [1_000_000]


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


@settings(max_examples=200, deadline=None)
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


def test_shards_of_several_kinds_in_one_folder_are_read_in_order_and_a_broken_one_costs_itself(write, tmp_path):
    write("in/a.jsonl", json.dumps(ROW | {"id": "a"}) + "\n")
    write("in/b.parquet", as_parquet(ROW | {"id": "b"}))
    write("in/c.csv", as_csv(ROW | {"id": "c"}))
    write("in/d.parquet", as_parquet(ROW)[:-9])
    write("in/e.jsonl.gz", gzip.compress(json.dumps(ROW | {"id": "e"}).encode()))
    found = Reading(str(tmp_path / "in"))
    assert [record.page.id for record in found] == ["a", "b", "c", "e"]
    assert len({record.page.text for record in found}) == 1
    assert [error.file for error in found.errors] == [str(tmp_path / "in" / "d.parquet")]
