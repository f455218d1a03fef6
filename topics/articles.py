"""Articles: what one is, and how they are read off the lines of a page.

Owns: the types `Article` and `Segmentation`; headline, paragraphs, source, author, date and parts of each article.
Does not know: how the role of a line was found (`segment`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from topics.blocks import Block, tile
from topics.datelines import is_credit, read_head
from topics.glued import unglue
from topics.habits import starts
from topics.headlines import trim
from topics.lines import Lines
from topics.oneline import LONG, SHARE, cut_line
from topics.pages import Page, Span
from topics.parts import find_parts
from topics.sequence import NEXT, STATES

_ROLES = tuple(role for _, role, _ in STATES)
#: Lines above a headline, and after the text, in which source, author and date are looked for.
ABOVE, AFTER = 6, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as spans on its page; nothing is copied or rewritten but the title."""

    #: "page#n", counted from 1 in reading order.
    id: str
    #: The headline with white space folded; empty where the page shows none.
    title: str
    title_span: Span | None
    #: Paragraphs in reading order; half-open, in code points of the page's text, disjoint.
    body_spans: tuple[Span, ...]
    source: str | None = None
    source_span: Span | None = None
    author: str | None = None
    #: ISO date where the page allows it ("2024-02-20"); a relative date stays text ("34 minutes ago").
    published: str | None = None
    published_span: Span | None = None
    #: Letters of a letters page, posts of a live blog: one span each; empty for an ordinary article.
    parts: tuple[Span, ...] = ()
    #: What opened this article, for a person.
    why: str

    def body(self, page_text: str) -> str:
        """Return the paragraphs as the page has them, blank lines between."""
        return "\n\n".join(page_text[start:end] for start, end in self.body_spans)

    def text(self, page_text: str) -> str:
        """Return title and paragraphs, blank lines between: what the models count terms in."""
        body = self.body(page_text)
        return f"{self.title}\n\n{body}" if self.title else body

    def __repr__(self) -> str:
        return f"<Article {self.id} {self.title!r}, {len(self.body_spans)} paragraphs>"

    def _repr_html_(self) -> str:
        from topics.cards import article_card  # in a notebook alone

        return article_card(self)


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A page, the blocks that tile it, and its articles in reading order; iterating yields the articles."""

    page: Page
    blocks: tuple[Block, ...]
    articles: tuple[Article, ...]

    def __iter__(self) -> Iterator[Article]:
        return iter(self.articles)

    def __len__(self) -> int:
        return len(self.articles)

    def __repr__(self) -> str:
        return f"<Segmentation of {self.page.id}: {len(self.articles)} articles, {len(self.blocks)} blocks>"

    def _repr_html_(self) -> str:
        from topics.cards import segmentation_card  # in a notebook alone

        return segmentation_card(self)

    def table(self, kind: str = "pandas") -> Any:  # noqa: ANN401 - of a library that may be missing
        """Return one row for each article as a pandas or polars table."""
        from topics.tables import frame

        names = ("id", "title", "source", "author", "published", "why")
        return frame([{name: getattr(a, name) for name in names} | {"paragraphs": len(a.body_spans)} for a in self], kind)


def read_articles(page: Page, lines: Lines, path: Sequence[int], whys: Sequence[str]) -> Segmentation:
    """Return the segmentation of a page whose lines have the states `path`, decided for the reasons `whys`."""
    text = page.text
    begin, end = lines.start.tolist(), lines.end.tolist()
    heads = starts(path)
    bodies = [[first] for _, first, _ in heads]
    for n, body_lines in enumerate(bodies):
        until = heads[n + 1][1] if n + 1 < len(heads) else len(path)
        body_lines += [k for k in range(body_lines[0] + 1, until) if path[k] == NEXT]
    spans: list[list[Span]] = [[(begin[k], end[k]) for k in body] for body in bodies]
    titles: list[Span | None] = [None if title is None else (begin[title], end[title]) for title, _, _ in heads]
    cuts = _one_line(text, titles, spans)
    if cuts:
        titles, spans = [title for title, _ in cuts], [[body] for _, body in cuts]
    parted = {} if cuts else _trim(text, titles, spans)
    articles = []
    for n, (title, body) in enumerate(zip(titles, spans, strict=True)):
        above: list[Span] = []
        below: list[Span] = []
        after: list[Span] = []
        between: list[Span] = []
        why = "the wording changes here" if cuts else ""
        if not cuts:
            line, first, top = heads[n]
            low = first if line is None else line
            above = [(begin[k], end[k]) for k in range(max(top, low - ABOVE), low)]
            below = [(begin[k], end[k]) for k in range(low + 1, first)]
            if n in parted:
                below.append((parted[n][0][1], parted[n][1][0]))
            last = bodies[n][-1]
            after = [
                (begin[k], end[k])
                for k in range(
                    last + 1, min(last + 1 + AFTER, len(begin), heads[n + 1][2] + AFTER if n + 1 < len(heads) else len(begin))
                )
            ]
            between = [(begin[k], end[k]) for k in range(first, last) if path[k] != NEXT and k != first]
            why = f"{whys[low]}; {whys[first]}" if line is not None else whys[first]
        who = read_head(text, above, below, after)
        articles.append(
            Article(
                id=f"{page.id}#{n + 1}",
                title="" if title is None else " ".join(text[title[0] : title[1]].split()),
                title_span=title,
                body_spans=tuple(body),
                source=who.source,
                source_span=who.source_span,
                author=who.author,
                published=who.published,
                published_span=who.published_span,
                parts=find_parts(text, body, [*below[-3:], *between]),
                why=why,
            )
        )
    return Segmentation(page, _blocks(text, lines, path, whys, cuts, parted), tuple(articles))


def _blocks(
    text: str,
    lines: Lines,
    path: Sequence[int],
    whys: Sequence[str],
    cuts: Sequence[tuple[Span | None, Span]],
    parted: Mapping[int, tuple[Span, Span]],
) -> tuple[Block, ...]:
    """Return the blocks: one a line, but for lines that hold headline and text, and the articles of a page on one line."""
    begin, end = lines.start.tolist(), lines.end.tolist()
    roles, told = [_ROLES[state] for state in path], list(whys)
    for k, role in enumerate(roles):
        if role == "caption" and not cuts and is_credit(text[begin[k] : end[k]]):
            roles[k], told[k] = "credit", "a caption that says who made the picture"
    if not cuts and not parted:
        return tile(len(text), begin, roles, told)
    pieces = {s: (role, why) for s, role, why in zip(begin, roles, told, strict=True)}
    for title, body in parted.values():
        line = begin[bisect_right(begin, title[0]) - 1]
        if line < title[0]:
            said = any(char.isalnum() for char in text[line : title[0]])
            pieces[line] = "meta" if said else "furniture", "before the headline on its line"
        pieces[title[0]] = "title", "the page's first lines hold headline and text, parted in one way"
        if any(char.isalnum() for char in text[title[1] : body[0]]):
            pieces[title[1]] = "meta", "between headline and text on one line"
        pieces[body[0]] = "body", "the rest of a line that begins with a headline"
    for head, body in cuts:
        if head:
            pieces[head[0]] = "title", "a sentence begins within a sentence: a headline ran into its text"
        pieces[body[0]] = "body", "the wording changes here"
    order = sorted(pieces)
    return tile(len(text), order, [pieces[k][0] for k in order], [pieces[k][1] for k in order])


def _one_line(text: str, titles: Sequence[Span | None], spans: Sequence[Sequence[Span]]) -> list[tuple[Span | None, Span]]:
    """Return the articles of a page that is one long line of text, or nothing for any other page."""
    if len(spans) != 1 or titles[0] or len(spans[0]) != 1:
        return []
    low, high = spans[0][0]
    if high - low < LONG or high - low < SHARE * len(text.strip()):
        return []
    return [(head and (low + head[0], low + head[1]), (low + a, low + b)) for head, (a, b) in cut_line(text[low:high])]


def _trim(text: str, titles: list[Span | None], spans: list[list[Span]]) -> dict[int, tuple[Span, Span]]:
    """Take marks and tags off headlines and first paragraphs; part lines that hold both, and return (headline, text) of those."""
    firsts = [text[slice(*body[0])] for body in spans]
    known = [k for k, title in enumerate(titles) if title]
    glued = unglue(firsts) if len(firsts) >= 2 and 2 * len(known) <= len(firsts) else None
    if glued:
        parted: dict[int, tuple[Span, Span]] = {}
        for k, (head, rest) in enumerate(glued):
            at = spans[k][0][0]
            title, body = (at + head[0], at + head[1]), (at + rest[0], at + rest[1])
            if title[1] > title[0]:
                titles[k], parted[k] = title, (title, body)
            spans[k][0] = body
        return parted
    for k, (a, b) in enumerate(trim(firsts, suffixes=False)):
        if b > a:
            spans[k][0] = spans[k][0][0] + a, spans[k][0][0] + b
    found = [title for title in titles if title]
    for k, title, (a, b) in zip(known, found, trim([text[slice(*title)] for title in found], suffixes=True), strict=True):
        if b > a:
            titles[k] = title[0] + a, title[0] + b
    return {}
