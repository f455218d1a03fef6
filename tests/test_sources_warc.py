"""Web archives: every page comes out under its address; damage costs the record it lies in."""

from __future__ import annotations

import gzip
import io
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.errors import InputError
from topics.sources import read
from topics.sources_warc import read_warc

WIKI = "https://example.org/wiki"


def record(kind: str, data: bytes, content: str = "", uri: str = WIKI, **headers: object) -> bytes:
    fields = {"WARC-Type": kind, "WARC-Target-URI": uri, "Content-Type": content, "Content-Length": len(data), **headers}
    return ("WARC/1.0\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n").encode() + data + b"\r\n\r\n"


def response(body: bytes, *headers: str, status: str = "200 OK", content: str = "text/plain") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {content}", *headers])
    return record("response", head.encode() + b"\r\n\r\n" + body, "application/http; msgtype=response")


def reading(data: bytes, **options):
    warnings: list[str] = []
    found = list(read_warc(io.BufferedReader(io.BytesIO(data)), "x", warnings.append, **options))
    return (
        [f.data for f in found if not isinstance(f, InputError)],
        [str(f) for f in found if isinstance(f, InputError)],
        warnings,
    )


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    "data",
    [
        record("conversion", b"wiki", "text/plain"),
        record("conversion", b"wiki"),
        record("resource", b"wiki", "text/html; charset=utf-8"),
        response(b"wiki"),
        response(b"wiki", content="TEXT/HTML"),
        response(b"2\r\nwi\r\n2;x=y\r\nki\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
        response(b"wiki", "Transfer-Encoding: chunked"),  # joined already, header kept
        response(gzip.compress(b"wiki"), "Content-Encoding: gzip"),
        response(b"wiki", "Content-Encoding: gzip"),  # unpacked already, header kept
        response(zlib.compress(b"wiki"), "Content-Encoding: deflate"),
        response(raw_deflate(b"wiki"), "content-encoding: Deflate"),
        record("conversion", b"wiki", "text/plain").replace(b"\r\n", b"\n"),
        record("conversion", b"wiki", "text/plain\r\n  ; folded=yes"),
    ],
)
def test_a_page(data):
    assert reading(b"\r\n" + data) == ([b"wiki"], [], [])


@pytest.mark.parametrize(
    "data",
    [
        record("warcinfo", b"software: x", "application/warc-fields"),
        record("request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        record("metadata", b"x" * 100_000),
        record("revisit", b"HTTP/1.1 200 OK\r\n\r\n", "application/http; msgtype=response"),
        response(b"gone", status="404 Not Found"),
        response(b"moved", status="301"),
    ],
)
def test_what_is_no_page_is_passed_over(data):
    assert reading(data + record("conversion", b"next")) == ([b"next"], [], [])


def test_other_content_is_counted():
    data = record("resource", b"x", "image/png") * 3 + response(b"x", content="application/pdf")
    assert reading(data)[2] == ["x: skipped 4 records that are neither HTML nor plain text (3 image/png, 1 application/pdf)"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            record("conversion", b"wiki", **{"Content-Length": "4x"}),
            "Content-Length must be a number. Got '4x'; resumed at the next record",
        ),
        (
            record("conversion", b"wiki", **{"Content-Length": -4}),
            "Content-Length must be a number. Got '-4'; resumed at the next record",
        ),
        (record("conversion", b"x" * 200), "larger than 100 bytes, the most that one document may have"),
        (response(gzip.compress(b"x" * 200), "Content-Encoding: gzip"), "larger than 100 bytes"),
        (response(gzip.compress(b"wiki")[:-3], "Content-Encoding: gzip"), "corrupt or truncated gzip data"),
        (response(b"wiki", "Content-Encoding: br"), "packed as 'br', which is not read"),
    ],
)
def test_a_bad_record_is_one_error_and_the_next_is_read(data, message):
    texts, errors, _ = reading(
        record("conversion", b"one") + data + record("conversion", b"next"), max_bytes=190 if b"HTTP" in data else 100
    )
    assert texts == [b"one", b"next"]
    (error,) = errors
    assert error.startswith(f"x: record 2 ({WIKI}): ")
    assert message.replace("100", "190" if b"HTTP" in data else "100") in error


def test_an_archive_that_is_cut_off():
    assert reading(record("conversion", b"one") + record("conversion", b"two")[:-6])[:2] == (
        [b"one"],
        [f"x: record 2 ({WIKI}): cut off; the archive is truncated"],
    )


def test_what_is_no_archive():
    with pytest.raises(InputError, match="x: is not a WARC or WET archive"):
        reading(b"hello\n" * 10)


def test_pages_from_archives_in_gzip_members(tmp_path):
    pytest.importorskip("lxml")
    polish = "<title>t</title><h1>Łódź</h1>".encode("iso-8859-2")
    records = [
        record("warcinfo", b"x"),
        record("conversion", "Zażółć".encode(), "text/plain", "https://example.org/a"),
        response(polish, content="text/html; charset=iso-8859-2"),
        record("conversion", b"\x81\x8d" * 9, "text/plain", "https://example.org/b"),
        record("conversion", b"no address", "text/plain", ""),
    ]
    for name, data in [("a.warc.wet.gz", b"".join(map(gzip.compress, records))), ("b.warc", b"".join(records))]:
        path = tmp_path / name
        path.write_bytes(data)
        errors: list[InputError] = []
        found = list(read([path], on_error=errors.append))
        assert [(r.kind, r.page.id, r.page.source, r.page.text) for r in found] == [
            ("page", "https://example.org/a", "example.org", "Zażółć"),
            ("page", WIKI, "example.org", "Łódź"),
            ("page", f"{path}:5", None, "no address"),
        ]
        assert [str(e).split(":")[1:3] for e in errors] == [[" https", "//example.org/b"]]
        assert {r.file for r in found} == {str(path)}


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 400))
def test_damage_anywhere_is_an_error_or_nothing(noise, start, length):
    data = (
        record("conversion", b"one") + response(gzip.compress(b"two"), "Content-Encoding: gzip") + record("conversion", b"three")
    )
    try:
        texts, errors, _ = reading(data[:start] + noise + data[start + length :])
    except InputError as error:
        texts, errors = [], [str(error)]
    assert all(e.startswith("x: ") for e in errors)
    assert all(isinstance(text, bytes) for text in texts)


def members(tmp_path, *pages: bytes) -> tuple[list[bytes], str]:
    """A gzip member for each page, and where an archive of them is to be written."""
    return [gzip.compress(record("conversion", page, uri=f"https://x/{i}")) for i, page in enumerate(pages)], str(
        tmp_path / "a.wet.gz"
    )


def read_all(path: str) -> tuple[list[str], list[str]]:
    errors: list[InputError] = []
    return [r.page.text for r in read([path], on_error=errors.append)], [e.reason for e in errors]


@pytest.mark.parametrize("size", [20, 200_000])
@pytest.mark.parametrize("broken", [0, 1, 2])
def test_a_corrupt_member_costs_its_record_alone(tmp_path, size, broken):
    random = np.random.default_rng(size)
    pages = [bytes(random.integers(97, 123, size, dtype=np.uint8)) for _ in range(4)]
    packed, path = members(tmp_path, *pages)
    for at in (len(packed[broken]) // 2, len(packed[broken]) - 6):  # the data, the checksum
        bad = bytearray(packed[broken])
        bad[at : at + 3] = bytes(255 - byte for byte in bad[at : at + 3])
        (tmp_path / "a.wet.gz").write_bytes(b"".join([*packed[:broken], bad, *packed[broken + 1 :]]))
        texts, errors = read_all(path)
        assert texts == [page.decode() for i, page in enumerate(pages) if i != broken]
        assert len(errors) == 1
        assert "resumed at the next record" in errors[0]


def test_an_archive_in_one_corrupt_member_is_read_as_far_as_it_goes(tmp_path):
    whole = bytearray(gzip.compress(b"".join(record("conversion", bytes([97 + i]) * 50_000) for i in range(20)), 0))
    whole[500_000] ^= 255
    whole[-5] ^= 255
    (tmp_path / "a.warc.gz").write_bytes(whole)
    errors: list[InputError] = []
    found = read([str(tmp_path / "a.warc.gz")], on_error=errors.append, warn=lambda line: None, max_bytes=100_000)
    texts = [r.page.text for r in found]
    assert len(texts) >= 9
    assert errors[-1].reason.endswith("the rest is not read")


def test_a_length_that_reaches_into_the_next_record_costs_its_record_alone():
    first, second, third = (record("conversion", text) for text in (b"one", b"two", b"three"))
    for long in (b"9", b"60", b"500", b"9999"):
        texts, errors, _ = reading(first.replace(b"Length: 3", b"Length: " + long) + second + third)
        assert texts == [b"two", b"three"]
        assert len(errors) == 1
    said = record("conversion", b"how a record begins:\nWARC/1.0\nand so on")
    assert reading(said + third)[:2] == ([b"how a record begins:\nWARC/1.0\nand so on", b"three"], [])
