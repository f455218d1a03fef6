"""What the model says of the pages given to a report, gathered page by page.

Owns: what is kept of each article, what is painted, when there is no more room.
Does not know: how files are read, what the report looks like around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from topics.blocks import Block
from topics.documents import Document
from topics.elements import Html, join, tag
from topics.explain import explain
from topics.pages import Page
from topics.predict import LabeledArticle, LabeledStance, Model
from topics.report_charts import percent
from topics.report_groups import side_of
from topics.report_pages import anchor, painted
from topics.segment import segment
from topics.sources import Record
from topics.tally import Tally

#: Bytes for painted pages, articles with evidence for each target and label, articles that stand for a latent topic.
ROOM, EVIDENCE, STANDING = 1_500_000, 8, 3
#: Bytes for all evidence: free-text targets may be as many as articles.
EVIDENCE_ROOM = 400_000


@dataclass(slots=True)
class Seen:
    """What was found, in the order of the pages."""

    tally: Tally = field(default_factory=Tally)
    pages: int = 0
    painted: list[Html] = field(default_factory=list)
    #: (number, name, articles) of the painted pages.
    index: list[tuple[int, str, int]] = field(default_factory=list)
    room: int = ROOM
    #: Target, label, the surest first: (-probability, order, what is shown).
    evidence: dict[tuple[str, str], list[tuple[float, int, Html]]] = field(default_factory=dict)
    evidence_room: int = EVIDENCE_ROOM
    #: Latent topic: (-share, order, what is shown).
    standing: dict[int, list[tuple[float, int, dict[str, str]]]] = field(default_factory=dict)

    def add(self, record: Record, labeled: Sequence[LabeledArticle], model: Model) -> None:
        """Keep what a record's articles say."""
        self.pages += 1
        drawn = self._paint(record, labeled, model) if self.room > 0 else None
        for n, one in enumerate(labeled, 1):
            article = one.document.article
            self.tally.add(
                published=article.published,
                source=article.source,
                topics=one.topic.assigned if one.topic is not None else (),
                mixture=one.mixture,
                stances={stance.target: stance.label for stance in one.stances},
            )
            link = anchor(self.pages, n) if drawn else None
            for stance in one.stances:
                self._keep(one.document, stance, link)
            for k, share in one.mixture[:1]:
                entry = {"id": _name(one.document), "title": article.title, "share": percent(share)} | (
                    {"href": link} if link else {}
                )
                self.standing[k] = sorted([*self.standing.get(k, []), (-share, self.tally.articles, entry)], key=lambda e: e[:2])[
                    :STANDING
                ]

    def _paint(self, record: Record, labeled: Sequence[LabeledArticle], model: Model) -> bool:
        """Paint the page if there is room for it."""
        if len(record.page.text) > self.room:
            self.room = 0
            return False
        blocks = (
            segment(record.page, segmenter=model.segmenter).blocks if record.kind == "page" else _row_blocks(record.page, labeled)
        )
        whys = [explain(model, one.document) for one in labeled]
        drawn = painted(self.pages, record.page, blocks, whys)
        size = len(drawn.encode())
        if size > self.room:
            self.room = 0
            return False
        self.room -= size
        self.painted.append(drawn)
        self.index.append((self.pages, record.page.id, len(labeled)))
        return True

    def _keep(self, document: Document, stance: LabeledStance, link: str | None) -> None:
        if not stance.evidence or self.evidence_room <= 0:
            return
        kept = self.evidence.setdefault((stance.target, stance.label), [])
        if len(kept) == EVIDENCE and kept[-1][0] <= -stance.probability:
            return
        shown = _quoted(document, stance, link)
        self.evidence_room -= len(shown)
        kept.append((-stance.probability, self.tally.articles, shown))
        kept.sort(key=lambda entry: entry[:2])
        del kept[EVIDENCE:]


def _name(document: Document) -> str:
    return document.page.id if document.name == document.page.id else f"{document.page.id} #{document.name}"


def _quoted(document: Document, stance: LabeledStance, link: str | None) -> Html:
    """Return an article's title and the sentences its stance rests on."""
    title = document.article.title or "(no title)"
    text = document.page.text
    by = "the article" if stance.by == "article" else stance.by
    return tag(
        "li",
        tag("a", title, href=f"#{link}") if link else tag("b", title),
        tag("span", f" {stance.label} {percent(stance.probability)}, by {by} ", class_="quiet"),
        [
            tag(
                "blockquote",
                " ".join(text[slice(*e.span)].split()),
                class_=side_of(stance.label),
                title=f"weight {e.weight:+.3f}",
            )
            for e in stance.evidence
        ],
        tag("span", _name(document), class_="quiet"),
    )


def _row_blocks(page: Page, labeled: Sequence[LabeledArticle]) -> list[Block]:
    """Return blocks for a row of an article file, which was never cut: its title, its text, what stands around them."""
    pieces: list[tuple[int, int, str]] = []
    for one in labeled:
        article = one.document.article
        pieces += [(*article.title_span, "title")] if article.title_span else []
        pieces += [(start, end, "body") for start, end in article.body_spans]
    blocks, at = [], 0
    for start, end, role in sorted(pieces):
        if start > at:
            blocks.append(Block((at, start), "meta", "a field of the row"))
        blocks.append(Block((start, end), role, "a field of the row"))
        at = end
    if at < len(page.text):
        blocks.append(Block((at, len(page.text)), "meta", "a field of the row"))
    return blocks


def pages_section(seen: Seen) -> Html:
    """Return the painted pages with their index."""
    left = seen.pages - len(seen.painted)
    links = [tag("li", tag("a", name, href=f"#{anchor(n)}"), f" {articles}") for n, name, articles in seen.index]
    return join(
        tag("p", f"{seen.pages} pages or rows, {seen.tally.articles} articles."),
        tag("p", f"{left} are not painted, so that the report stays small; their articles are counted above.", class_="absent")
        if left
        else None,
        tag(
            "details",
            tag("summary", "All painted pages, with their number of articles"),
            tag("ol", links, class_="index"),
            open=len(links) < 30,
        ),
        seen.painted,
    )
