"""Choose the vocabulary of a corpus and count it, in one pass over the text.

Owns: document-frequency bounds and the cap on size, as scikit-learn's `CountVectorizer` defines them.
Does not know: what a term is (`topics/tokens`), where texts come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from topics import kernels
from topics.errors import InputError
from topics.terms import Counts, Ints, Longs, Vocabulary
from topics.tokens import Analysis, analyzer, without_accents
from training.settings import TermsSettings
from training.stopwords import stop_words


def analysis_of(settings: TermsSettings) -> Analysis:
    """Return how the texts are read under these settings."""
    return Analysis(
        ngrams=(settings.ngrams[0], settings.ngrams[1]),
        chars=None if settings.chars is None else (settings.chars[0], settings.chars[1]),
        lowercase=settings.lowercase,
        strip_accents=settings.accents == "strip",
        stop_words=stop_words(settings.stop_words),
    )


def learn_terms(texts: Iterable[str], settings: TermsSettings) -> tuple[Vocabulary, Counts]:
    """Return the vocabulary of `texts` and their counts (n_texts, n_terms).

    Large corpora are counted by the compiled kernels, to the same result. Raises InputError where no term is left.
    """
    texts = texts if isinstance(texts, list | tuple) else list(texts)
    analysis = analysis_of(settings)
    if analysis.chars is None and kernels.worth_it(texts):
        return _learn_compiled(texts, analysis, settings)
    return learn_plainly(texts, settings)


def _learn_compiled(texts: Sequence[str], analysis: Analysis, settings: TermsSettings) -> tuple[Vocabulary, Counts]:
    from topics import kernels_count

    found = kernels_count.learn(
        texts,
        analysis.ngrams,
        lowercase=analysis.lowercase,
        fold=without_accents if analysis.strip_accents else None,
        word_map=analysis.word_map(),
    )
    frequency = found.document_frequency()
    kept = _kept(frequency, found.totals(), len(texts), settings)
    vocabulary = Vocabulary(terms=tuple(found.terms(kept)), document_frequency=frequency[kept], n_documents=len(texts))
    indptr, indices, data = found.rows(kept)
    return vocabulary, Counts(indptr=indptr, indices=indices, data=data, n_terms=len(kept))


def learn_plainly(texts: Iterable[str], settings: TermsSettings) -> tuple[Vocabulary, Counts]:
    """Learn as `learn_terms` does, in plain Python: the specification of the kernels, and the way for small corpora."""
    analyze = analyzer(analysis_of(settings))
    number: dict[str, int] = {}
    indptr, indices, data = [0], list[int](), list[int]()
    for text in texts:
        row: dict[int, int] = {}
        for term in analyze(text):
            at = number.setdefault(term, len(number))
            row[at] = row.get(at, 0) + 1
        indices.extend(row.keys())
        data.extend(row.values())
        indptr.append(len(indices))
    # Terms were numbered as they came; columns go by code point.
    terms = sorted(number)
    column = np.empty(len(terms), np.int32)
    column[[number[t] for t in terms]] = np.arange(len(terms), dtype=np.int32)
    counts = _sorted_rows(np.array(indptr, np.int64), column[np.array(indices, np.int64)], np.array(data, np.int32), len(terms))
    totals = np.bincount(counts.indices, weights=counts.data, minlength=counts.n_terms).astype(np.int64)
    frequency = counts.document_frequency()
    kept = _kept(frequency, totals, len(counts), settings)
    vocabulary = Vocabulary(terms=tuple(terms[i] for i in kept), document_frequency=frequency[kept], n_documents=len(counts))
    return vocabulary, counts.columns(kept)


def _sorted_rows(indptr: Longs, indices: Ints, data: Ints, n_terms: int) -> Counts:
    rows = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    order = np.lexsort((indices, rows))
    return Counts(indptr=indptr, indices=indices[order], data=data[order], n_terms=n_terms)


def kept_columns(frequency: Longs, totals: Longs, n_documents: int, low: float, high: float, most: int | None) -> Ints:
    """Return the ascending columns within document-frequency bounds, at most `most` of them by total count.

    A bound below 1, or a float of at most 1.0 as the upper one, is a share of the articles; others are counts.
    Ties in total count go to the earlier term.
    """
    least = low if low >= 1 or low == 0 else low * n_documents
    upper = high * n_documents if isinstance(high, float) and high <= 1.0 else high
    kept = np.flatnonzero((frequency >= least) & (frequency <= upper))
    if most is not None and len(kept) > most:
        kept = np.sort(kept[np.argsort(-totals[kept], kind="stable")[:most]])
    return kept.astype(np.int32)


def _kept(frequency: Longs, totals: Longs, n_documents: int, settings: TermsSettings) -> Ints:
    if not len(frequency):
        raise InputError("no text holds a word of two letters; is [corpus] text naming the right fields?")
    kept = kept_columns(frequency, totals, n_documents, settings.min_df, settings.max_df, settings.max_terms)
    if not len(kept):
        raise InputError(
            f"no term is in at least {settings.min_df} and at most {settings.max_df} of {n_documents} articles; "
            "lower terms.min_df or raise terms.max_df"
        )
    return kept
