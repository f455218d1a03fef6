"""What the artifact says of itself: figures, topics with their terms, confusions, reliability, coverage.

Owns: which figures of `evaluation.json` are shown and how; what is not there is left out, and said.
Does not know: pages given to the report (`report_seen`), latent topics (`report_map`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from topics.elements import Html, join, row_head, table, tag
from topics.predict import Model
from topics.report_charts import coverage_chart, interval_bar, percent, reliability_chart

#: Terms of a topic, terms of all topics together, topics that are shown at all: about 0.5 MB.
TERMS, ALL_TERMS, MOST_TOPICS = 14, 1600, 400
#: Labels up to which the whole matrix is shown, and confusions that are listed.
MOST_LABELS, CONFUSIONS = 40, 12
_WORDS = {"accuracy": "accuracy", "macro_f1": "macro-F1", "micro_f1": "micro-F1", "semeval": "mean F1 of both sides"}


def headline(model: Model, test: Mapping[str, Any]) -> Html:
    """Return sizes and the figures that stand for the test side."""
    manifest = model.manifest
    corpus = manifest.get("corpus", {})
    facts = [
        ("articles learned from", corpus.get("train")),
        ("articles tested on", corpus.get("test")),
        ("terms", len(model.vocabulary)),
        ("topics", len(model.classifier.labels) if model.classifier else None),
        ("stance targets", len(model.stance.targets) if model.stance else None),
        ("latent topics", model.latent.n_topics if model.latent else None),
        ("seed", manifest.get("seed")),
        ("digest", str(manifest.get("digest", ""))[:12]),
    ]
    figures = []
    for room, name in (("topic", "Topic"), ("stance", "Stance")):
        for key, words in _WORDS.items():
            value = test.get(room, {}).get(key)
            if isinstance(value, dict):
                low, high = value["low"], value["high"]
                span = f"{low:.3f} to {high:.3f}"
                figures.append(
                    [row_head(f"{name}: {words}"), f"{value['value']:.3f}", interval_bar(value["value"], low, high), span]
                )
            elif value is not None:
                figures.append([row_head(f"{name}: {words}"), f"{value:.3f}", interval_bar(value, value, value), "–"])
    return join(
        tag(
            "dl",
            [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts if value not in (None, "")],
            class_="facts",
        ),
        table(["figure", "value", "0 to 1", "95 % interval"], figures, caption="On the test side", class_="figures")
        if figures
        else None,
    )


def topics_section(model: Model, test: Mapping[str, Any], learned: Mapping[str, Any]) -> Html | None:
    """Return each topic with the terms that speak most for it and how well it is recognized."""
    classifier = model.classifier
    if classifier is None:
        return None
    figures, sizes = test.get("topic", {}).get("labels", {}), learned.get("classify", {}).get("labels", {})
    n_terms = max(2, min(TERMS, ALL_TERMS // len(classifier.labels)))
    cards = []
    for label in classifier.labels[:MOST_TOPICS]:
        terms = classifier.strongest_terms(label, model.vocabulary, n_terms)
        most = max((weight for _, weight in terms), default=1.0) or 1.0
        known = figures.get(label)
        cards.append(
            tag(
                "article",
                tag("h3", label),
                tag("p", _words(label, known, sizes), class_="quiet"),
                tag("ol", [_bar(term, weight, most) for term, weight in terms if weight > 0], class_="bars"),
                class_="card",
            )
        )
    return join(
        tag("p", "A topic is what its words say: the terms with the largest weights, and what each adds."),
        tag("div", cards, class_="cards"),
        _more(len(classifier.labels) - MOST_TOPICS, "topics"),
    )


def _more(left: int, what: str) -> Html | None:
    return tag("p", f"{left} more {what} are left out, so that the report stays small.", class_="absent") if left > 0 else None


def _words(label: str, figures: Mapping[str, Any] | None, sizes: Mapping[str, Any]) -> str:
    words = [f"{sizes[label]} articles learned from"] if label in sizes else []
    if figures:
        words.append(
            f"{figures['n']} tested: precision {percent(figures['precision'])}, recall {percent(figures['recall'])}, "
            f"F1 {figures['f1']:.2f}"
        )
    return "; ".join(words)


def _bar(term: str, weight: float, most: float) -> Html:
    bar = tag(
        "svg",
        tag("rect", x=0, y=0, width=max(1.0, 100 * weight / most), height=8),
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
    return tag("li", tag("span", term, class_="term"), bar, tag("span", f"{weight:+.2f}", class_="number"))


def quality(figures: Mapping[str, Any], what: str) -> Html:
    """Return confusion, reliability and coverage of one room; what the artifact does not hold is named."""
    confusion, missing, charts = figures.get("confusion"), [], []
    if bins := figures.get("reliability"):
        charts.append(reliability_chart(bins, figures.get("expected_calibration_error"), what))
    else:
        missing.append("reliability")
    if points := figures.get("coverage"):
        charts.append(coverage_chart(points, what))
    elif "confusion" in figures:
        missing.append("coverage against error")
    several = "confusion" not in figures and "labels" in figures
    if not confusion and not several:
        missing.append("a confusion matrix")
    return join(
        _confusion(confusion["labels"], confusion["matrix"]) if confusion else None,
        _labels(figures["labels"]) if several else None,
        tag("div", charts, class_="charts") if charts else None,
        absent(missing),
    )


def _labels(figures: Mapping[str, Mapping[str, float]]) -> Html:
    """Return the figures of each label where articles may have several: nothing is taken for one other thing then."""
    rows = [
        [
            row_head(label),
            f"{row['n']:g}",
            *(percent(row[name]) for name in ("precision", "recall")),
            f"{row['f1']:.2f}",
            _f1_bar(row["f1"]),
        ]
        for label, row in sorted(figures.items(), key=lambda item: (-item[1]["n"], item[0]))
    ]
    return table(["topic", "n", "precision", "recall", "F1", "0 to 1"], rows, caption="Each topic, the most frequent first")


def _f1_bar(value: float) -> Html:
    return interval_bar(value, 0.0, value)


def absent(missing: Sequence[str]) -> Html | None:
    """Return the sentence that says what is not in this artifact."""
    return tag("p", f"Not in this artifact: {', '.join(missing)}.", class_="absent") if missing else None


def _confusion(labels: Sequence[str], matrix: Sequence[Sequence[int]]) -> Html:
    wrong = sorted(
        ((n, labels[i], labels[j]) for i, row in enumerate(matrix) for j, n in enumerate(row) if n and i != j),
        key=lambda cell: (-cell[0], cell[1], cell[2]),
    )
    told = [tag("li", tag("b", str(n)), f" × {truth} taken for {guess}") for n, truth, guess in wrong[:CONFUSIONS]]
    more = len(wrong) - CONFUSIONS
    listed = tag(
        "details", tag("summary", "Most frequent confusions"), tag("ol", told), f"and {more} more pairs" if more > 0 else None
    )
    if len(labels) > MOST_LABELS:
        return join(tag("p", f"{len(labels)} labels are too many for a matrix on a page; evaluation.json holds it."), listed)
    head = [tag("span", label, class_="turned") if len(labels) > 4 else label for label in labels]
    rows = []
    for i, row in enumerate(matrix):
        whole = sum(row) or 1
        cells = [
            tag(
                "td",
                str(n) if n else "·",
                class_=f"heat h{-(-9 * n // whole)}" + (" right" if i == j else ""),
                title=f"true {labels[i]}, guessed {labels[j]}: {n} of {whole}",
            )
            for j, n in enumerate(row)
        ]
        rows.append([row_head(labels[i]), *cells])
    caption = "Confusion: rows the true label, columns the guess; shade is the share of the row"
    return join(table([tag("span", "true ╲ guessed", class_="quiet"), *head], rows, caption=caption, class_="confusion"), listed)
