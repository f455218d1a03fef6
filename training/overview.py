"""Facts of a run for people: what is written about when and where, the articles that stand for a latent topic, main figures.

Owns: which articles are looked at, how an article is named, whether its words are kept, which figures and versions are main ones.
Does not know: how latent topics were learned, how anything is shown.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from topics import __version__
from topics.documents import Document
from topics.lda import LatentTopics
from topics.tally import Tally
from topics.terms import Counts
from training.corpus import Example
from training.lda_stream import rows_of
from training.shelf import facts_of

#: Articles looked at, evenly over the corpus: shares of months do not get better with more, and mixtures take time.
MOST = 20_000
#: Shares below this are left out of the sums.
LEAST = 0.01
#: Characters of an article that are kept where the config asks for words.
OPENING = 280


def corpus_facts(examples: Sequence[Example], counts: Counts, latent: LatentTopics | None, workers: int = 1) -> dict[str, Any]:
    """Return topics and stances as labeled, and latent topics as found, by period and by source."""
    chosen = np.unique(np.linspace(0, len(examples) - 1, min(MOST, len(examples))).round().astype(np.int64))
    mixtures = latent.mixtures(rows_of(counts, chosen), workers=workers) if latent is not None else np.zeros((len(chosen), 0))
    tally = Tally()
    for i, mixture in zip(chosen.tolist(), mixtures, strict=True):
        shares = [(k, float(mixture[k])) for k in np.flatnonzero(mixture >= LEAST).tolist()]
        tally.add(mixture=shares, **facts_of(examples, i)._asdict())
    return tally.to_dict(latent.n_topics if latent is not None else 0)


def named(examples: Sequence[Example], rows: Sequence[Sequence[int]], *, keep_text: bool) -> list[list[dict[str, str]]]:
    """Return, for rows of `examples`, how a person finds them again; with `keep_text` also their titles and first words."""
    return [[_named(examples[row], keep_text) for row in several] for several in rows]


def _named(example: Example, keep_text: bool) -> dict[str, str]:
    document = example.document
    found = {"id": id_of(document)}
    if keep_text:
        body = document.article.body(document.page.text)
        found |= {"title": document.article.title, "opening": " ".join(body.split())[:OPENING]}
    return found


def id_of(document: Document) -> str:
    """Return how a person finds an article again: of a path its last part alone, so that another folder gives the same bytes."""
    name = os.path.basename(document.page.id) or document.page.id
    return f"{name} #{document.name}" if document.name != document.page.id else name


def headline(evaluation: dict[str, Any]) -> dict[str, Any]:
    """Return the few figures that stand for a test side, by room."""
    return {
        room: {name: figures[name] for name in ("n", "accuracy", "macro_f1", "micro_f1", "semeval", "fnc") if name in figures}
        for room, figures in evaluation.items()
        if isinstance(figures, dict) and "n" in figures
    }


def versions() -> dict[str, str]:
    """Return the versions of what the numbers may hang on."""
    names = ("numpy", "scipy", "scikit-learn")
    return {"python": platform.python_version(), "newstopics": __version__, **{name: version(name) for name in names}}
