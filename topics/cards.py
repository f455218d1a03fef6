"""How objects show themselves in a notebook: small pieces of HTML that need no style sheet and no script.

Owns: what of an object is shown first, and that all of it is escaped. Colors are the notebook's own, light or dark.
Does not know: how the objects were made; it reads their fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from topics.elements import Html, join, tag

if TYPE_CHECKING:
    from topics.articles import Article, Segmentation
    from topics.lda import LatentTopics
    from topics.predict import LabeledArticle, LabeledStance, Model

#: Rows that are shown of a long list, characters of a paragraph.
ROWS = 60
_ROLE = {
    "title": "font-weight:700",
    "body": "",
    "caption": "font-style:italic;opacity:.8",
    "credit": "font-style:italic;opacity:.8",
    "meta": "font-style:italic;opacity:.7",
    "furniture": "opacity:.5;font-size:.85em",
}
_BOX = "border:1px solid;border-radius:.4em;padding:.5em .8em;max-width:60em"
_TAG = "border:1px solid;border-radius:.3em;padding:0 .35em;margin-right:.4em;font-size:.85em"


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> Html:
    """Return a table; of a long one its first rows, and how many there are."""
    lines = [tag("tr", [tag("td", cell, style="text-align:left;vertical-align:top") for cell in row]) for row in rows[:ROWS]]
    more = tag("p", f"{len(rows) - ROWS} more rows") if len(rows) > ROWS else None
    return join(
        tag("table", tag("thead", tag("tr", [tag("th", h, style="text-align:left") for h in head])), tag("tbody", lines)), more
    )


def article_card(article: Article) -> Html:
    """Return an article's title, what is known of it, and where its text stands: an article alone does not hold its page."""
    told = [words for words in (article.author, article.source, article.published) if words]
    n = sum(end - start for start, end in article.body_spans)
    spans = ", ".join(f"{start}:{end}" for start, end in article.body_spans)
    return tag(
        "div",
        tag("b", article.title or "(no title)"),
        tag("div", " · ".join([article.id, *told])),
        tag("div", f"{len(article.body_spans)} paragraphs, {n:,} characters, at {spans}", style="opacity:.7"),
        tag("div", f"opened by: {article.why}", style="opacity:.7"),
        style=_BOX,
    )


def segmentation_card(segmentation: Segmentation) -> Html:
    """Return the page as it was cut: furniture pale, titles bold, a number before each article."""
    text, starts = segmentation.page.text, {}
    for n, article in enumerate(segmentation.articles, 1):
        spans = [*([article.title_span] if article.title_span else []), *article.body_spans]
        if spans:
            starts[min(spans)[0]] = tag("span", f"article {n}", style=_TAG, title=article.why)
    pieces = []
    for block in segmentation.blocks:
        start, end = block.span
        inside = [start, *sorted(at for at in starts if start < at < end), end]
        for low, high in pairwise(inside):
            pieces.append(
                join(
                    starts.pop(low, None),
                    tag("span", text[low:high], style=_ROLE[block.role], title=f"{block.role}: {block.why}"),
                )
            )
    return tag(
        "div",
        tag("b", f"{segmentation.page.id}: {len(segmentation.articles)} articles in {len(segmentation.blocks)} blocks"),
        tag("div", pieces, style="white-space:pre-wrap;overflow-wrap:anywhere"),
        style=_BOX,
    )


def labeled_card(labeled: LabeledArticle) -> Html:
    """Return an article with its topic, its stances and the sentences they rest on, its latent topics."""
    article, text = labeled.document.article, labeled.document.page.text
    parts: list[Html] = []
    if labeled.topic is not None and labeled.topic.topics:
        likely = [join(tag("span", topic, style=_TAG), f"{p:.2f} ") for topic, p in labeled.topic.topics[:3]]
        parts.append(tag("div", tag("b", labeled.topic.label), " ", likely))
    parts += [_stance(stance, text) for stance in labeled.stances]
    if labeled.mixture:
        parts.append(
            tag("div", "latent topics: ", ", ".join(f"{k} ({share:.2f})" for k, share in labeled.mixture[:6]), style="opacity:.7")
        )
    if not labeled.known_terms:
        parts.append(tag("div", "no term is known: nothing is claimed"))
    name = f"{labeled.document.page.id} #{labeled.document.name}"
    return tag("div", tag("b", article.title or "(no title)"), tag("div", name, style="opacity:.7"), parts, style=_BOX)


def _stance(stance: LabeledStance, text: str) -> Html:
    by = "" if stance.by == "article" else f", says {stance.by}"
    quotes = [
        tag("blockquote", " ".join(text[slice(*e.span)].split()), style="margin:.2em 0 .2em 1em", title=f"weight {e.weight:+.3f}")
        for e in stance.evidence
    ]
    return tag("div", tag("span", stance.target, style=_TAG), f"{stance.label} {stance.probability:.2f}{by}", quotes)


def labeled_rows(articles: Sequence[LabeledArticle]) -> list[dict[str, Any]]:
    """Return one row for each article, as `topics predict --format csv` has them."""
    return [
        {
            "page": one.document.page.id,
            "article": one.document.name,
            "title": one.document.article.title,
            "source": one.document.article.source,
            "published": one.document.article.published,
            "topic": None if one.topic is None else one.topic.label,
            "probability": None if one.topic is None else one.topic.probability,
            "stances": "; ".join(f"{s.target}: {s.label} {s.probability:.2f}" for s in one.stances),
            "latent": one.mixture[0][0] if one.mixture else None,
            "known_terms": one.known_terms,
        }
        for one in articles
    ]


def rows_card(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], words: str) -> Html:
    """Return the given columns of rows as a table under a line of words."""
    shown = [[f"{row[c]:.2f}" if isinstance(row[c], float) else row[c] for c in columns] for row in rows]
    return tag("div", tag("b", words), table(columns, shown))


def latent_card(latent: LatentTopics) -> Html:
    """Return the names and sizes of latent topics."""
    sizes = latent.topic_term.sum(axis=1, dtype="float64")
    shares = (sizes / sizes.sum()).tolist()
    rows = [[k, latent.names[k] if latent.names else "", f"{100 * share:.1f} %"] for k, share in enumerate(shares)]
    return tag("div", tag("b", repr(latent)), table(["k", "name", "share of the words"], rows))


def evaluation_card(evaluation: Mapping[str, Any]) -> Html:
    """Return the figures of each room and of each label."""
    rooms = []
    for room in ("topic", "stance"):
        figures = evaluation.get(room)
        if not figures:
            continue
        lines = [[name, *cells] for name, cells in _figures(figures)]
        labels = [
            [label, row["n"], *(f"{row[name]:.2f}" for name in ("precision", "recall", "f1"))]
            for label, row in figures.get("labels", {}).items()
        ]
        rooms.append(
            join(
                tag("h4", room),
                table(["figure", "value", "95 % interval"], lines),
                tag("details", tag("summary", "each label"), table(["label", "n", "precision", "recall", "F1"], labels)),
            )
        )
    return tag("div", tag("b", f"{evaluation.get('articles', 0)} articles"), rooms)


def _figures(figures: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for name, value in figures.items():
        if isinstance(value, dict) and "value" in value:
            yield name, [f"{value['value']:.3f}", f"{value['low']:.3f} to {value['high']:.3f}"]
        elif isinstance(value, float):
            yield name, [f"{value:.3f}", ""]


def model_card(model: Model) -> Html:
    """Return what an artifact holds: sizes, scores, topics with their terms, targets."""
    manifest = model.manifest
    rows: list[list[Any]] = [["terms", len(model.vocabulary)]]
    if corpus := manifest.get("corpus"):
        rows.append(["articles", f"learned from {corpus.get('train')}, tested on {corpus.get('test')}"])
    for room, figures in manifest.get("scores", {}).items():
        rows.append([room, ", ".join(f"{name} {cells[0]}" for name, cells in _figures(figures))])
    if model.classifier is not None:
        rows += [
            [t, ", ".join(w for w, _ in model.classifier.strongest_terms(t, model.vocabulary, 8))]
            for t in model.classifier.labels
        ]
    if model.stance is not None:
        rows.append(["stance targets", ", ".join(model.stance.targets)])
    if model.latent is not None:
        rows.append(["latent topics", model.latent.n_topics])
    return tag("div", tag("b", repr(model)), table(["", ""], rows))
