"""Put into words what a model learned and why an article is labeled as it is: plain text for a terminal or a pipe.

Owns: the lines of `topics show` and of `topics explain --format table`.
Does not know: the numbers' meaning beyond their names; nothing is computed here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from topics.classify import UNKNOWN
from topics.errors import UsageError, did_you_mean, one_line
from topics.explain import Explanation
from topics.predict import Model

N_TERMS = 8


def overview(model: Model, n_terms: int = N_TERMS) -> Iterator[str]:
    """Yield what was learned: sizes, scores, topics and latent topics with their terms, targets with their cues."""
    manifest = model.manifest
    corpus = manifest.get("corpus", {})
    yield (
        f"{manifest.get('name', 'model')}: learned from {corpus.get('train', '?')} articles, "
        f"tested on {corpus.get('test', '?')}; {len(model.vocabulary)} terms; digest {str(manifest.get('digest', ''))[:12]}"
    )
    yield from _sizes(manifest.get("files", {}))
    if weak := manifest.get("weak_labels"):
        yield "topics learned from weak labels, of seeds: " + "; ".join(f"{one_line(str(t))} {n}" for t, n in weak.items())
    for room, figures in sorted(manifest.get("scores", {}).items(), reverse=True):  # topic before stance
        yield f"{room}: " + ", ".join(f"{_words(name)} {_figure(value)}" for name, value in figures.items() if name != "n")
    if model.classifier is not None:
        yield ""
        yield "Topics, with the terms that speak most for them"
        width = max(map(len, model.classifier.labels))
        for label in model.classifier.labels:
            terms = model.classifier.strongest_terms(label, model.vocabulary, n_terms)
            yield f"  {one_line(label):{width}}  {', '.join(term for term, _ in terms)}"
    if model.stance is not None:
        yield ""
        yield "Stance targets, with what mentions them and the strongest words of each label"
        yield from (f"  {one_line(line)}" for line in model.stance.overview(n_terms))
    if model.latent is not None:
        yield ""
        yield "Latent topics, with their most probable terms"
        for k in range(model.latent.n_topics):
            terms = model.latent.top_terms(k, n_terms, model.vocabulary)
            yield f"  {k:3d}  {100 * float(model.latent.prior[k]):4.1f} %  {', '.join(term for term, _ in terms)}"


def _sizes(files: Mapping[str, Any]) -> Iterator[str]:
    """Yield how large the arrays of each model are; nothing for a model that was never saved."""
    sizes: dict[str, int] = {}
    for name, facts in files.items():
        if "shape" in facts:
            room = name.split("/")[0]
            sizes[room] = sizes.get(room, 0) + math.prod(facts["shape"]) * int(facts["dtype"][-1])
    if sizes:
        yield f"{sum(sizes.values()) / 1e6:.1f} MB of arrays: " + ", ".join(
            f"{n} {s / 1e6:.1f}" for n, s in sorted(sizes.items())
        )


def _words(name: str) -> str:
    return {"macro_f1": "macro-F1", "micro_f1": "micro-F1"}.get(name, name)


def _figure(value: Any) -> str:  # noqa: ANN401 - a number or an interval
    if isinstance(value, dict):
        return f"{value['value']:.3f} ({value['low']:.3f} to {value['high']:.3f})"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def one_topic(model: Model, label: str, n_terms: int = 30) -> Iterator[str]:
    """Yield the terms that speak for one topic, with their weights. Raises UsageError for a topic that is not there."""
    labels = model.classifier.labels if model.classifier else ()
    if model.classifier is None or label not in labels:
        raise UsageError(f"no topic {label!r}{did_you_mean(label, labels)}; this artifact has: {', '.join(labels) or 'none'}")
    yield f"{one_line(label)}: the {n_terms} terms that speak most for it, with their weights"
    for term, weight in model.classifier.strongest_terms(label, model.vocabulary, n_terms):
        yield f"  {weight:+.3f}  {term}"


def explained(explanation: Explanation, n_terms: int = 10) -> Iterator[str]:
    """Yield an explanation in lines: topic with the terms for and against, stances with their sentences, latent topics."""
    labeled, text = explanation.labeled, explanation.labeled.document.page.text
    article = labeled.document.article
    yield f"{one_line(labeled.document.page.id)} #{labeled.document.name}  {one_line(article.title or '(no title)')}"
    if not labeled.known_terms:
        yield "  no term of this article is known to the model: nothing is claimed"
        return
    if explanation.topic is not None and labeled.topic is not None:
        given = "" if labeled.topic.label != UNKNOWN else " (answer given: unknown)"
        yield (
            f"  topic {one_line(explanation.topic)}, probability {labeled.topic.probability:.2f}{given}; "
            f"score {explanation.score:+.3f} = intercept {explanation.intercept:+.3f} + {len(explanation.contributions)} terms"
        )
        yield from _sides([(c.term, c.weight) for c in explanation.contributions], n_terms)
    for stance in labeled.stances:
        whose = "" if stance.by == "article" else f", by {one_line(stance.by)}"
        yield f"  stance toward {one_line(stance.target)}: {one_line(stance.label)}, probability {stance.probability:.2f}{whose}"
        for evidence in stance.evidence:
            start, end = evidence.span
            yield f"    {evidence.weight:+.3f}  [{start}:{end}] {one_line(' '.join(text[start:end].split()))}"
    if labeled.mixture:
        yield "  latent topics: " + ", ".join(f"{k} ({share:.2f})" for k, share in labeled.mixture[:5])


def _sides(terms: Sequence[tuple[str, float]], n_terms: int) -> Iterator[str]:
    for name, chosen in (("for", [t for t in terms if t[1] > 0]), ("against", [t for t in terms if t[1] < 0])):
        shown = ", ".join(f"{one_line(term)} {weight:+.3f}" for term, weight in chosen[:n_terms])
        rest = sum(weight for _, weight in chosen[n_terms:])
        more = f", and {len(chosen) - n_terms} more {rest:+.3f}" if len(chosen) > n_terms else ""
        yield f"    {name + ':':8} {shown or 'none'}{more}"
