"""Seed terms: latent topics that are named before the fit and keep to their terms.

Owns: how names and terms of `[lda.seeds]` become prior counts.
Does not know: how priors enter the fit (`lda_cvb0`).
"""

from __future__ import annotations

import numpy as np

from topics.errors import InputError, did_you_mean
from topics.terms import Counts, Ints, Vocabulary
from training.lda_state import Given
from training.lda_stream import column_sums
from training.settings import LdaSettings


def seed_terms(
    counts: Counts, columns: Ints, vocabulary: Vocabulary, settings: LdaSettings
) -> tuple[Given, tuple[str, ...], dict[str, list[str]]]:
    """Return what seeds say over `counts` (whose columns are `columns` of the vocabulary), topic names, seeds not found.

    The first latent topics get the names, in the order of the config; a term's prior count is `seed_weight`
    times its own occurrences. Raises InputError where a term stands under two names, where there are more
    names than latent topics, or where no term of a name is left to learn from.
    """
    names = list(settings.seeds)
    owner = np.full(len(columns), -1, np.int32)
    base = np.zeros((len(columns), settings.n_topics), np.float32) if names and settings.seed_weight else None
    if len(names) > settings.n_topics:
        raise InputError(f"lda.seeds names {len(names)} latent topics, and lda.n_topics is {settings.n_topics}")
    totals = column_sums(counts, np.zeros((0, 3), np.int32))[1]
    column = {vocabulary.terms[int(c)]: i for i, c in enumerate(columns)}
    missing: dict[str, list[str]] = {}
    for k, name in enumerate(names):
        for term in settings.seeds[name]:
            i = column.get(term)
            if i is None:
                missing.setdefault(name, []).append(term)
            elif owner[i] >= 0 and owner[i] != k:
                raise InputError(f"lda.seeds: {term!r} stands under {names[owner[i]]!r} and {name!r}; leave it to one")
            else:
                owner[i] = k
                if base is not None:
                    base[i, k] = settings.seed_weight * totals[i]
        if not (owner == k).any():
            absent = missing.get(name, [])
            hint = did_you_mean(absent[0], column) if absent else "; it lists none"
            raise InputError(f"lda.seeds: no term of {name!r} is left to learn from ({', '.join(absent)}){hint}")
    padded = tuple(names) + ("",) * (settings.n_topics - len(names)) if names else ()
    return Given(owner=owner, base=base), padded, missing
