"""Pages painted for the report: each stretch in the color of its role, with topic, its terms, and the evidence of stances.

Owns: how blocks, terms and evidence, which may overlap, become one line of elements that holds every character once.
Does not know: how a page was cut or labeled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from topics.blocks import Block
from topics.elements import Html, join, tag
from topics.explain import Explanation
from topics.pages import Page, Span
from topics.predict import LabeledArticle
from topics.report_charts import percent
from topics.report_groups import side_of

#: Terms for the topic that are underlined in each article.
TERMS = 8


@dataclass(frozen=True, slots=True)
class _Layer:
    """A stretch that lies over others: evidence, or a term."""

    span: Span
    classes: str
    why: str


def anchor(page: int, article: int | None = None) -> str:
    """Return the name that links to a page, or to an article on it, are made of; both counted from 1."""
    return f"page-{page}" if article is None else f"page-{page}-article-{article}"


def painted(number: int, page: Page, blocks: Sequence[Block], explanations: Sequence[Explanation]) -> Html:
    """Return a page, the articles in the order of `explanations`."""
    layers = [layer for why in explanations for layer in (*_terms(why), *_evidence(why.labeled))]
    starts: dict[int, Html] = {}
    owners: list[tuple[int, int, int]] = []
    for n, why in enumerate(explanations, 1):
        article = why.labeled.document.article
        spans = sorted([*([article.title_span] if article.title_span else []), *article.body_spans])
        owners += [(start, end, n) for start, end in spans]
        if spans:
            starts[spans[0][0]] = _badge(number, n, why)
    text = _pieces(page.text, blocks, sorted(layers, key=lambda layer: layer.span), sorted(owners), starts)
    return tag(
        "article",
        tag("h3", page.id, id=anchor(number), tabindex="-1"),
        tag("p", _summary(page, explanations), class_="quiet"),
        tag("div", text, class_="paper"),
        class_="page",
    )


def _summary(page: Page, explanations: Sequence[Explanation]) -> str:
    told = [words for words in (page.source, page.published) if words]
    n = len(explanations)
    return " · ".join([f"{n} article" + ("s" if n != 1 else ""), f"{len(page.text):,} characters", *told])


def _badge(number: int, n: int, why: Explanation) -> Html:
    """Return what stands before an article: its number, its topic, its stances."""
    labeled = why.labeled
    parts: list[Html] = []
    if labeled.topic is not None and labeled.topic.topics:
        parts.append(tag("span", f"{labeled.topic.label} {percent(labeled.topic.probability)}", class_="topic"))
    for stance in labeled.stances:
        whose = "" if stance.by == "article" else f", says {stance.by}"
        words = f"{stance.target}: {stance.label} {percent(stance.probability)}{whose}"
        parts.append(tag("span", words, class_=f"stance {side_of(stance.label)}"))
    if labeled.mixture:
        shares = ", ".join(f"{k} ({percent(share)})" for k, share in labeled.mixture[:3])
        parts.append(tag("span", f"latent {shares}", class_="mixture"))
    if not labeled.known_terms:
        parts.append(tag("span", "no term is known: nothing is claimed", class_="mixture"))
    head = tag("span", f"article {n}", class_="count", title=labeled.document.article.why)
    return tag("span", head, parts, class_="badge", id=anchor(number, n), tabindex="-1", role="note")


def _terms(why: Explanation) -> Iterable[_Layer]:
    for contribution in [c for c in why.contributions if c.weight > 0][:TERMS]:
        for span in contribution.spans:
            yield _Layer(span, "t", f"{contribution.term}: {contribution.weight:+.2f} for {why.topic}")


def _evidence(labeled: LabeledArticle) -> Iterable[_Layer]:
    for stance in labeled.stances:
        for evidence in stance.evidence:
            words = f"{stance.label} toward {stance.target}: {evidence.weight:+.2f}"
            yield _Layer(evidence.span, f"e {side_of(stance.label)}", words)


def _pieces(
    text: str, blocks: Sequence[Block], layers: Sequence[_Layer], owners: Sequence[tuple[int, int, int]], starts: dict[int, Html]
) -> Html:
    """Return the text cut wherever anything begins or ends; every character stands in exactly one element."""
    edges = {0, len(text), *starts}
    for block in blocks:
        edges |= set(block.span)
    for layer in layers:
        edges |= set(layer.span)
    for start, end, _ in owners:
        edges |= {start, end}
    order = sorted(edge for edge in edges if 0 <= edge <= len(text))
    out: list[Html] = []
    at_block = at_layer = at_owner = 0
    over: list[_Layer] = []
    last: tuple[int, int] | None = None
    run: list[Html] = []
    for start, end in pairwise(order):
        while at_block < len(blocks) and blocks[at_block].span[1] <= start:
            at_block += 1
        while at_owner < len(owners) and owners[at_owner][1] <= start:
            at_owner += 1
        while at_layer < len(layers) and layers[at_layer].span[0] <= start:
            over.append(layers[at_layer])
            at_layer += 1
        over = [one for one in over if one.span[1] > start]
        whose = owners[at_owner][2] if at_owner < len(owners) and owners[at_owner][0] <= start else 0
        if (at_block, whose) != last:
            out.append(_stretch(blocks, last, run))
            last, run = (at_block, whose), []
        if start in starts:
            run.append(starts[start])
        run.append(_piece(text[start:end], over))
    out.append(_stretch(blocks, last, run))
    return join(out)


def _piece(text: str, over: Sequence[_Layer]) -> Html:
    if not over:
        return join(text)
    classes = " ".join(dict.fromkeys(name for one in over for name in one.classes.split()))
    # A mark is announced; terms are for the eye.
    name = "mark" if any(one.classes.startswith("e ") for one in over) else "span"
    return tag(name, text, class_=classes, title="; ".join(dict.fromkeys(one.why for one in over)))


def _stretch(blocks: Sequence[Block], at: tuple[int, int] | None, run: Sequence[Html]) -> Html:
    if at is None or not run:
        return Html("")
    block, _ = at
    role, why = (blocks[block].role, blocks[block].why) if block < len(blocks) else ("furniture", "")
    return tag("span", run, class_=f"b {role}", title=why or None)
