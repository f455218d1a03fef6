"""Put one latent topic into words: its terms by several measures, the articles and sentences that say most of it.

Owns: the lines of `topics show --latent`.
Does not know: how examples were chosen (`training/lda_sentences`), what an artifact is on disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from topics.errors import UsageError, one_line
from topics.lda_labels import describing_terms
from topics.predict import Model

N_TERMS = 30
_BY = {
    "probability": "most probable terms",
    "score": "terms that stand out most (term score)",
    "relevance": "most relevant terms (0.6 ln p + 0.4 ln lift)",
    "frex": "most frequent and exclusive terms (FREX)",
    "lift": "terms with the highest lift",
}


def learned_of(evaluation: str) -> Mapping[str, Any]:
    """Return what an artifact's evaluation.json says was learned of latent topics; {} where it says nothing readable."""
    try:
        found = json.loads(evaluation)["learned"]["lda"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def one_latent(
    model: Model, k: int, learned: Mapping[str, Any], *, by: str = "probability", n_terms: int = N_TERMS
) -> Iterator[str]:
    """Yield the terms of one latent topic, best first by measure `by`, and its examples as `learned` has them.

    Raises UsageError for a latent topic that is not there.
    """
    n = model.latent.n_topics if model.latent else 0
    if model.latent is None or not 0 <= k < n:
        raise UsageError(f"no latent topic {k}; this artifact has " + (f"0 to {n - 1}" if n else "none"))
    name = f", {one_line(model.latent.names[k])}" if model.latent.names else ""
    share = _at(learned.get("share"), k)
    said = f"; {100 * share:.1f} % of the words learned from" if isinstance(share, float) else ""
    yield f"latent topic {k}{name}: {100 * float(model.latent.prior[k]):.1f} % of the prior{said}"
    yield f"its {n_terms} {_BY[by]}"
    for term, weight in describing_terms(model.latent, model.vocabulary, n_terms, measure=by)[k]:
        yield f"  {weight:.4f}  {term}"
    yield from _some("articles that say most of it", _at(learned.get("examples"), k))
    yield from _some("sentences that say most of it, as characters of their articles' pages", _at(learned.get("sentences"), k))
    drift = _at(learned.get("drift"), k)
    if isinstance(drift, float):
        yield f"drift when it learned from more articles: {drift:.3f} (0: none, 1: another topic)"


def _at(several: Any, k: int) -> Any:  # noqa: ANN401 - whatever a file holds
    return several[k] if isinstance(several, list) and k < len(several) else None


def _some(title: str, rows: Any) -> Iterator[str]:  # noqa: ANN401 - whatever a file holds
    """Yield examples, one a line; their words only where they were kept."""
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    if not rows:
        return
    yield title
    for row in rows:
        place = f" [{row['start']}:{row['end']}]" if "start" in row and "end" in row else ""
        words = [one_line(str(row[key])) for key in ("title", "opening", "text") if row.get(key)]
        yield "  " + one_line(str(row.get("id", "?"))) + one_line(place) + (f"  {' | '.join(words)}" if words else "")
