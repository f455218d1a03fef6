"""The sentences that say most of each latent topic, as places in the pages they stand on.

Owns: which articles are looked through, how a sentence is judged, what is kept of it.
Does not know: how latent topics were learned, how sentences end (`topics/sentences`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from topics.predict import Model
from topics.terms import count_terms
from training.corpus import Example
from training.overview import id_of
from training.sentences import learn_sentences

#: Sentences kept for each latent topic, and at most so many of one article.
KEPT, OF_ONE = 3, 1
#: A sentence with fewer known words says little, however much of it is one topic's; a longer one is cut from a list or a table.
FEWEST, LONGEST = 5, 600


def telling_sentences(
    model: Model, examples: Sequence[Example], rows: Sequence[Sequence[int]], *, keep_text: bool
) -> list[list[dict[str, Any]]]:
    """Return for each latent topic k the sentences of the articles rows[k] that say most of it, the first the most.

    Each is {id, start, end}, offsets in its page, with `keep_text` also {text}. A sentence is judged by its share of
    the topic times ln(1 + known words). Where the model has no splitter, sentences end where common abbreviations do not stand.
    Without latent topics: no rows.
    """
    latent = model.latent
    if latent is None:
        return []
    splitter = model.splitter or learn_sentences([])
    found: list[list[dict[str, Any]]] = []
    for k, several in enumerate(rows):
        places = [(row, span) for row in several for span in splitter.spans(examples[row].document.text)]
        places = [(row, (start, end)) for row, (start, end) in places if end - start <= LONGEST]
        texts = [examples[row].document.text[start:end] for row, (start, end) in places]
        counts = count_terms(texts, model.vocabulary, model.analysis)
        known = latent.known(counts)
        words = np.array([int(known.row(i)[1].sum()) for i in range(len(known))], np.int64)
        worth = latent.mixtures(counts)[:, k] * np.log1p(words) * (words >= FEWEST)
        taken: dict[int, int] = {}
        best: list[dict[str, Any]] = []
        for i in np.argsort(-worth, kind="stable").tolist():
            row, (start, end) = places[i]
            if len(best) == KEPT or not worth[i] > 0:
                break
            if taken.get(row, 0) < OF_ONE:
                taken[row] = taken.get(row, 0) + 1
                document = examples[row].document
                first, last = document.to_page(start, end)
                best.append({"id": id_of(document), "start": first, "end": last, **({"text": texts[i]} if keep_text else {})})
        found.append(best)
    return found
