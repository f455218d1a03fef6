"""Show a page as it was cut: every block in the color of its role, in a terminal or as a page to open.

Owns: colors, escaping, the legend. A page's own control characters and markup never reach the terminal or the browser.
Does not know: why a block has its role beyond the words the segmenter gives.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from topics.blocks import ROLES, Block
from topics.elements import shown
from topics.errors import one_line
from topics.segment import Segmentation

#: Terminal colors (SGR codes) and page colors (light, dark) for each role.
_SGR = {"title": "1;33", "body": "0", "caption": "36", "credit": "36", "meta": "35", "furniture": "2"}
_CSS = {
    "title": ("#7a4b00", "#ffcf70"),
    "body": ("#111111", "#eeeeee"),
    "caption": ("#00666e", "#6fd3dc"),
    "credit": ("#00666e", "#6fd3dc"),
    "meta": ("#7a2a8c", "#dc9bea"),
    "furniture": ("#767676", "#8c8c8c"),
}


def numbered(segmentation: Segmentation) -> Iterator[tuple[Block, int]]:
    """Yield each block with the number of the article it belongs to, from 1; 0 for none."""
    owners = [
        (start, end, n)
        for n, article in enumerate(segmentation.articles, 1)
        for start, end in ([article.title_span] if article.title_span else []) + list(article.body_spans)
    ]
    owners.sort()
    at = 0
    for block in segmentation.blocks:
        start, end = block.span
        while at < len(owners) and owners[at][1] <= start:
            at += 1
        yield block, owners[at][2] if at < len(owners) and owners[at][0] < end else 0


def terminal_lines(segmentation: Segmentation, *, color: bool) -> Iterator[str]:
    """Yield the page line by line: article number and role in the margin, the text in the role's color."""
    text = segmentation.page.text
    yield _paint(f"== {one_line(segmentation.page.id)}: {len(segmentation.articles)} articles", "1", color)
    for block, article in numbered(segmentation):
        margin = f"{article or '':>3} {block.role:9} "
        for line in text[slice(*block.span)].splitlines() or [""]:
            if line.strip():
                yield margin + _paint(one_line(line.strip()), _SGR[block.role], color)
                margin = " " * len(margin)


def _paint(text: str, code: str, color: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if color and code != "0" else text


def html_page(segmentations: Iterable[Segmentation]) -> Iterator[str]:
    """Yield, in pieces, one self-contained page that shows all of them; pointing at a block tells why it is what it is."""
    style = "".join(f".{role}{{color:{_CSS[role][0]}}}" for role in ROLES)
    dark = "".join(f".{role}{{color:{_CSS[role][1]}}}" for role in ROLES)
    yield (
        "<!doctype html>\n<html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        "<title>Pages as they were cut</title><style>"
        "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;background:#fff;color:#111}"
        "pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}"
        ".title{font-weight:700}.furniture{font-size:.85em}.caption,.credit{font-style:italic}"
        "mark{background:none;border:1px solid;border-radius:.3em;padding:0 .3em;font-size:.75em;color:inherit}"
        f"{style}@media(prefers-color-scheme:dark){{body{{background:#161616;color:#eee}}{dark}}}</style>\n"
    )
    yield "<p>" + " · ".join(f"<span class={role}>{role}</span>" for role in ROLES) + "</p>\n"
    for segmentation in segmentations:
        page, last = segmentation.page, 0
        yield f"<h1>{html.escape(one_line(page.id))}</h1><p>{len(segmentation.articles)} articles</p>\n<pre>"
        for block, article in numbered(segmentation):
            if article and article != last:
                yield f"<mark>{article}</mark> "
                last = article
            text = html.escape(shown(page.text[slice(*block.span)]))
            yield f'<span class={block.role} title="{html.escape(one_line(block.why))}">{text}</span>'
        yield "</pre>\n"
