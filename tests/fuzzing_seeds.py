"""Well-formed inputs of everything that reads, and how they are spoiled."""

from __future__ import annotations

import gzip
import io
import json
import random
from functools import cache

#: Largest input, in bytes.
LONGEST = 40_000

STORY = (
    "Storm closes the harbor\nBy Ann Example\n2 May 2024\n\n"
    "The harbor was closed on Monday, officials said. It was late.\n\n* * *\n"
)
ROWS = (
    '{"id": 1, "title": "A", "text": "b c"}\r\n\n'
    '{"text": "x", "published": NaN, "source": ["y"]}\n{"text": "\\ud83d\\ude00 \\u0000"}\n'
)
CSV = 'id,title,text\r\n1,"A ""b""\nc",=1+1\n2,;,\t\n'
HTML = (
    "<!doctype html><html><head><meta charset=utf-8><title>t</title></head><body><nav>a<br>b</nav><article><h1>H</h1>"
    "<p>x &amp; y<p>z<script>1<2</script><pre>\n q</pre><table><tr><td>1<td>2</table></article></body></html>"
)
CONFIG = (
    'name = "a"\nseed = 3\n[corpus]\ntrain = "x.jsonl"\n'
    '[terms]\nngrams = [1, 2]\n[lda]\n[stance.targets."a b"]\npatterns = ["a ... b"]\n'
)
LABELS = (
    '{"page": "a.txt", "article": 2, "topic": ["x", 1], "stances": {"t": "favor"}}\n'
    '{"page": "a.txt", "body_spans": [[1, 40]], "topic": "y", "stances": [{"target": "t", "label": null}]}\n'
    '{"page": "b/a.txt", "articles": [{"topic": "z"}, {"id": "a.txt#2"}]}\n'
)
ITEM = {"page": "a.txt", "article": 1, "title_span": None, "body_spans": [[0, 4]], "guess": "x", "probability": 0.5}
LABEL_STUDIO = json.dumps(
    [
        {
            "id": 7,
            "data": {"text": "abcd \U0001f600 e", **ITEM},
            "annotations": [
                {
                    "was_cancelled": False,
                    "result": [
                        {"type": "choices", "value": {"choices": ["x"]}},
                        {"type": "labels", "value": {"start": 0, "end": 4, "text": "abcd", "labels": ["m"]}},
                    ],
                }
            ],
        }
    ]
)
DOCCANO = (
    json.dumps({"text": "abcd", "label": ["x"], "entities": [{"start_offset": 0, "end_offset": 2, "label": "m"}], **ITEM}) + "\n"
)


def _warc(kind: str, content: str, body: bytes) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a.example/b\r\n"
    head += f"Content-Type: {content}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body + b"\r\n\r\n"


@cache
def seeds() -> dict[str, list[bytes]]:
    """Return well-formed inputs of each target."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>ab\r\n0\r\n\r\n"
    packed = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(
        HTML.encode(), mtime=0
    )
    found = {
        "segment": [STORY.encode(), (STORY * 5).encode(), " | ".join(["A b", "C d. E f."] * 9).encode(), HTML.encode()],
        "text": [STORY.encode(), STORY.encode("utf-16"), "Größe, naïve\n".encode("cp1252") * 5, b"\xef\xbb\xbfa\r\nb\rc\n"],
        "jsonl": [ROWS.encode(), ROWS.encode("utf-16"), b"\xef\xbb\xbf" + ROWS.encode()],
        "csv": [CSV.encode(), CSV.replace(",", ";").encode()],
        "tsv": [CSV.replace(",", "\t").encode()],
        "html": [HTML.encode(), HTML.replace("utf-8", "latin-1").encode("latin-1")],
        "warc": [
            _warc("warcinfo", "text/plain", b"x") + _warc("conversion", "text/plain", STORY.encode()),
            _warc("response", "application/http; msgtype=response", answer),
            _warc("response", "application/http", packed),
        ],
        "gz": [gzip.compress(ROWS.encode(), mtime=0), gzip.compress(b"", mtime=0) * 2 + gzip.compress(b"{}\n" * 999, mtime=0)],
        "stdin": [STORY.encode(), ROWS.encode(), HTML.encode(), gzip.compress(STORY.encode(), mtime=0), b'[{"text": 1}]'],
        "config": [CONFIG.encode()],
        "labels": [LABELS.encode()],
        "annotated": [
            LABEL_STUDIO.encode(),
            DOCCANO.encode(),
            json.dumps({**ITEM, "text": "abcd", "topic": ["x"], "spans": []}).encode(),
        ],
        "artifact": [b"\0{}", b"\1apple\nbanana\ncherry\n", *(bytes([n]) for n in range(20))],
    }
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        return found
    stream = io.BytesIO()
    table = pa.table({"id": [1, 2], "text": ["a", None], "published": pa.array([0, 10**18], pa.timestamp("ns")), "x": [[1], []]})
    parquet.write_table(table, stream)
    return {**found, "parquet": [stream.getvalue()]}


#: What mutations put in: where formats change their minds.
WORDS = [
    b"\r\n",
    b"\n\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    "\u2028".encode(),
    "\u202e".encode(),
    b"\xed\xa0\x80",
    b"\x1b[2J",
]
WORDS += [
    b'"',
    b"'",
    b",",
    b"{",
    b"}",
    b"[",
    b"]",
    b"[[",
    b":",
    b"=",
    b"\\ud800",
    b"\\u0000",
    b"1e999",
    b"-1",
    b"9" * 400,
    b"null",
    b"NaN",
    b"true",
]
WORDS += [
    b"<",
    b">",
    b"</p>",
    b"<!--",
    b"<![CDATA[",
    b"&#x110000;",
    b"<script>",
    b"WARC/1.0\r\n",
    b"Content-Length: 9" + b"9" * 30,
    b"PAR1",
    b"\x1f\x8b",
]
WORDS += [
    b"By A B",
    b"BREAKING:",
    b". ",
    b"  ",
    b"\t",
    "“".encode(),
    b"10:30",
    b"# ",
    b"* ",
    b"http://a.example",
    b"(Reuters) - ",
    b"A" * 300,
]


def mutated(draw: random.Random, data: bytes) -> bytes:
    """Return `data` with one to eight changes."""
    raw = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 3, 8))):
        at, n = draw.randint(0, len(raw)), draw.choice((1, 1, 2, 4, 16, 200))
        match draw.randrange(7):
            case 0 if raw:
                raw[at % len(raw)] ^= 1 << draw.randrange(8)
            case 1:
                raw[at:at] = draw.randbytes(n)
            case 2:
                del raw[at : at + n]
            case 3 if raw:
                start = draw.randrange(len(raw))
                raw[at:at] = raw[start : start + n] * draw.choice((1, 2, 9, 60))
            case 4:
                del raw[at:]
            case 5:
                raw[at:at] = draw.choice(WORDS) * draw.choice((1, 1, 1, 2, 40))
            case _:
                raw[at : at + n] = draw.choice(WORDS)
    return bytes(raw[:LONGEST])
