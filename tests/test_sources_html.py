"""HTML: no word is lost or moved, the markup's hints index the text, and a hostile page costs itself only."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("lxml")

from topics import sources_web
from topics.errors import InputError
from topics.pages import HINTS
from topics.sources_html import html_to_text
from topics.sources_web import decode_html, parse, read_html

ROOT = Path(__file__).parents[1]
CASES = {
    "blocks are paragraphs": ("<h1> A\n <b>b</b></h1><p>c<p>d<div><div>e</div></div>f", "A b\n\nc\n\nd\n\ne\n\nf"),
    "inline elements part no words": ("<p>a<b>b</b> <i> c</i><a href=x>d</a></p>", "ab cd"),
    "a break is a line, two are a paragraph": ("a<br>b<br/><br>c", "a\nb\n\nc"),
    "lists": ("<ul><li>a<li>b</ul>c", "a\nb\n\nc"),
    "tables": ("<table><tr><td>a<td>b<tr><th>c<td>d</table>", "a\tb\nc\td"),
    "pre keeps its lines": ("x<pre>a\n  b\r\nc</pre>y", "x\n\na\n  b\nc\n\ny"),
    "what is no text": (
        "a<script>b()</script><style>c</style><template>d</template><noscript>e</noscript><svg><text>f</text></svg>g",
        "ag",
    ),
    "head and comments": ("<head><title>t</title></head><body>a<!-- b -->c<?php d ?>e", "ace"),
    "entities": ("a&amp;b&nbsp;c&#x201c;d&bogus;", "a&b\u00a0c“d&bogus;"),
    "a NUL and half a character": ("a\0b\ud800", "a\ufffdb?"),
    "hidden text is text": ("<p hidden>a<p style='display:none'>b", "a\n\nb"),
    "nothing": ("", ""),
    "white space": (" \n ", ""),
    "a comment that never ends": ("<p>a<!-- b", "a"),
    "end tags of nothing": ("</p></div>a</b>", "a"),
}


@pytest.mark.parametrize("case", CASES)
def test_html_to_text(case):
    html, text = CASES[case]
    assert html_to_text(html)[0] == text


PAGE = """<!doctype html><html lang=en><head><meta charset=utf-8><title>Site</title>
<meta property="og:site_name" content=" The  Post "><meta property="article:published_time" content="2024-02-20T10:00Z">
<meta name=date content=later></head><body><header><nav><a>Home</a> <a>World</a></nav></header>
<main><article><h2>Flood</h2><p>The river rose.</p><figure><img alt=x><figcaption>A boat.</figcaption></figure></article>
<div role=article><div role=heading>Fire</div><p>It burned.</p></div></main>
<aside>More</aside><footer>Imprint</footer></body></html>"""


def test_hints_index_the_text():
    text, hints = html_to_text(PAGE)
    assert text == "Home World\n\nFlood\n\nThe river rose.\n\nA boat.\n\nFire\n\nIt burned.\n\nMore\n\nImprint"
    assert [(h.kind, text[slice(*h.span)]) for h in hints] == [
        ("header", "Home World"),
        ("nav", "Home World"),
        ("article", "Flood\n\nThe river rose.\n\nA boat."),
        ("heading", "Flood"),
        ("paragraph", "The river rose."),
        ("caption", "A boat."),
        ("article", "Fire\n\nIt burned."),
        ("heading", "Fire"),
        ("paragraph", "It burned."),
        ("aside", "More"),
        ("footer", "Imprint"),
    ]
    page = parse(PAGE, "x", page_id="x")
    assert (page.text, page.hints, page.source, page.published) == (text, hints, "The Post", "2024-02-20T10:00Z")


TAGS = [
    "p",
    "div",
    "b",
    "a",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "h1",
    "article",
    "section",
    "br",
    "pre",
    "nav",
    "form",
    "select",
    "font",
]
PIECES = st.lists(
    st.sampled_from([*(f"<{t}>" for t in TAGS), *(f"</{t}>" for t in TAGS), " ", "\n", "<!-- x -->", "<img>"]), max_size=8
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12))
def test_every_word_comes_out_once_and_in_order(gaps):
    html = "".join(f"w{n}," + "".join(gap) for n, gap in enumerate(gaps)) + "end"
    text, hints = html_to_text(html)
    assert re.sub(r"\s", "", text) == "".join(f"w{n}," for n in range(len(gaps))) + "end"
    assert text == text.strip()
    spans = [h.span for h in hints]
    assert spans == sorted(spans, key=lambda s: (s[0], -s[1]))
    assert all(0 <= start < end <= len(text) and text[start:end].strip() for start, end in spans)
    assert {h.kind for h in hints} <= set(HINTS)
    for start, end in spans:  # spans nest: no two of them cross
        assert not any(start < s < end < e for s, e in spans)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("<>!-/&;#x=\"' \nabp\0é]["), max_size=60))
def test_any_text_is_a_page(html):
    text, hints = html_to_text(html)
    assert all(0 <= h.span[0] < h.span[1] <= len(text) for h in hints)


@pytest.mark.parametrize(
    ("data", "said", "text", "warning"),
    [
        ("<p>é".encode(), None, "<p>é", None),
        ("<p>é".encode(), "iso-8859-1", "<p>é", None),  # what it is goes before what it says
        ("<p>Łódź".encode("iso-8859-2"), "ISO-8859-2", "<p>Łódź", None),
        ("<meta charset='windows-1251'>мир".encode("cp1251"), None, "<meta charset='windows-1251'>мир", None),
        (
            "<meta content='text/html; charset=gb2312'>部长".encode("gb18030"),
            None,
            "<meta content='text/html; charset=gb2312'>部长",
            None,
        ),
        ("<p>“a”".encode("cp1252"), "latin1", "<p>“a”", None),
        ("<p>日本".encode("iso-2022-jp"), "iso-2022-jp", "<p>日本", None),
        ("\ufeff<p>é".encode("utf-16-le"), "utf-8", "<p>é", "x: read as utf-16-le"),
        ("<p>déjà".encode("cp1252"), "utf-7", "<p>déjà", "x: not UTF-8 (byte 4); read as Windows-1252"),
        ("<p>déjà".encode("cp1252"), "bogus-charset", "<p>déjà", "x: not UTF-8 (byte 4); read as Windows-1252"),
        ("<p>déjà".encode("cp1252"), "cp99999", "<p>déjà", "x: not UTF-8 (byte 4); read as Windows-1252"),
    ],
)
def test_charsets(data, said, text, warning):
    assert decode_html(data, "x", said) == (text, warning)


@settings(deadline=None)
@given(
    st.binary(max_size=100),
    st.sampled_from(["utf-8", "gb18030", "cp037", "iso-2022-jp", "euc-jp", "idna", "zlib", "unicode_escape", "cp"]),
)
def test_no_charset_gives_what_cannot_be_written(data, said):
    try:
        text, _ = decode_html(data, "x", said)
    except InputError:
        text = ""
    assert text.encode("utf-8").decode("utf-8") == text


def test_a_page_that_takes_too_long_is_one_error_and_the_next_is_read():
    hostile = "<b>" * 300_000 + "</i>" * 300_000
    with pytest.raises(InputError, match=r"x: the HTML parser died or took more than 0.1 seconds on this page"):
        parse(hostile, "x", page_id="x", seconds=0.1)
    assert parse("<p>next", "y", page_id="y").text == "next"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded where the system can")
def test_a_page_that_needs_too_much_memory_is_one_error_and_the_next_is_read():
    sources_web._parser(os.getpid()).stop()
    with pytest.raises(
        InputError, match=r"x: (HTML that cannot be parsed: it needs more than 16 MB of memory|the HTML parser died)"
    ):
        parse("<p>word" * 1_000_000, "x", page_id="x", memory=16 << 20)
    sources_web._parser(os.getpid()).stop()
    assert parse("<p>next", "y", page_id="y").text == "next"


def test_a_parser_that_is_killed_is_one_error_and_the_next_page_is_read():
    parser = sources_web._parser(os.getpid())
    assert parse("<p>first", "y", page_id="y").text == "first"
    os.kill(parser._process.pid, signal.SIGKILL)
    texts = []
    for name in ("x", "y"):
        try:
            texts.append(parse(f"<p>{name}", name, page_id=name).text)
        except InputError:
            texts.append("error")
    assert texts in (["error", "y"], ["x", "y"])


def test_deep_pages_lose_nothing():
    assert parse("<div>" * 100_000 + "deep", "x", page_id="x").text == "deep"


def test_the_parser_ends_with_the_program_and_a_hostile_folder_offers_no_modules(tmp_path):
    (tmp_path / "lxml.py").write_text("raise SystemExit('hostile')")
    (tmp_path / "json.py").write_text("raise SystemExit('hostile')")
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport os, topics.sources_web as web\n"
        "print(web.parse('<p>x', 'x', page_id='x').text, web._parser(os.getpid())._process.pid)"
    )
    done = subprocess.run([sys.executable, "-P", "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stderr == ""
    text, pid = done.stdout.split()
    assert text == "x"
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


def test_a_forked_process_has_a_parser_of_its_own():
    assert parse("<p>a", "x", page_id="x").text == "a"
    mine = sources_web._parser(os.getpid())._process.pid
    code = os.fork()
    if code == 0:
        own = parse("<p>b", "x", page_id="x").text == "b" and sources_web._parser(os.getpid())._process.pid != mine
        sources_web._parser(os.getpid()).stop()
        os._exit(0 if own else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(code, 0)[1]) == 0
    assert parse("<p>c", "x", page_id="x").text == "c"
    assert sources_web._parser(os.getpid())._process.pid == mine


def test_read_html_warns_of_its_charset():
    warnings = []
    page = read_html("<p>café".encode("cp1252"), "x", warnings.append, page_id="id")
    assert (page.id, page.text, warnings) == ("id", "café", ["x: not UTF-8 (byte 6); read as Windows-1252"])
