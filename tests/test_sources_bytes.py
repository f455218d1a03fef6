"""Compressed, damaged and oversized files: what is good is kept, what is not is one error."""

from __future__ import annotations

import gzip
import io
import json
import os
import zlib
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import Reading, put

from topics.sources_bytes import MAX_RATIO, gunzip
from topics.sources_files import FORMATS


@pytest.fixture
def write(tmp_path):
    return partial(put, tmp_path)


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
    assert found.said[2].startswith("c.csv, line 3: not CSV: a row of more than 1000 bytes, as if a quote were left open;")
    assert found.said[2].endswith("; lines 3 to 502 are left out; the rest is not read")
    assert found.said[-2] == "d.txt: larger than 1000 bytes, the most that one document may have"


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


@settings(deadline=None)
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
