"""Choose the vocabulary of a corpus and count it, in one pass over the text.

Owns: document-frequency bounds and the cap on size, as scikit-learn's `CountVectorizer` defines them.
Does not know: what a term is (`topics/tokens`), where texts come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from topics import kernels
from topics.errors import InputError
from topics.terms import Counts, Ints, Longs, Vocabulary, beside
from topics.tokens import Analysis, analyzer, char_runs, without_accents
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
        stem=settings.stem,
    )


def learn_terms(texts: Iterable[str], settings: TermsSettings) -> tuple[Vocabulary, Counts]:
    """Return the vocabulary of `texts` and their counts (n_texts, n_terms).

    Large corpora are counted by the compiled kernels, to the same result. Raises InputError where no term is left.
    """
    texts = texts if isinstance(texts, list | tuple) else list(texts)
    analysis = analysis_of(settings)
    learned = _learn_compiled(texts, analysis, settings) if kernels.worth_it(texts) else None
    return learned if learned is not None else learn_plainly(texts, settings)


def _learn_compiled(texts: Sequence[str], analysis: Analysis, settings: TermsSettings) -> tuple[Vocabulary, Counts] | None:
    """Learn with the kernels; None for texts that they cannot read."""
    from topics import kernels_chars, kernels_learn

    fold = without_accents if analysis.strip_accents else None
    words = None
    if analysis.chars is not None:
        words = kernels_chars.read_words(texts, lowercase=analysis.lowercase, fold=fold)
        if words is None:
            return None
    found = kernels_learn.learn(texts, analysis.ngrams, lowercase=analysis.lowercase, fold=fold, word_map=analysis.word_map())
    frequency, totals = found.document_frequency(), found.totals()
    if words is None or analysis.chars is None:
        kept = _kept(frequency, totals, len(texts), settings)
        indptr, indices, data = found.rows(kept)
        vocabulary = Vocabulary(terms=tuple(found.terms(kept)), document_frequency=frequency[kept], n_documents=len(texts))
        return vocabulary, Counts(indptr=indptr, indices=indices, data=data, n_terms=len(kept))
    lengths, number = analysis.chars, dict[str, int]()
    runs = kernels_chars.cut(words.words, lambda word: char_runs(word, lengths), number, grow=True)
    of_runs, totals_of_runs = kernels_chars.frequency_of(words.stream, words.ends, runs.starts, runs.columns, len(number))
    # Runs were numbered as they came; columns go by code point, runs before words.
    names = sorted(number)
    order = np.array([number[name] for name in names], np.int64)
    frequency = np.concatenate([of_runs[order], frequency])
    kept = _kept(frequency, np.concatenate([totals_of_runs[order], totals]), len(texts), settings)
    left, right = kept[kept < len(names)], (kept[kept >= len(names)] - len(names)).astype(np.int32)
    column = np.full(len(names), -1, np.int32)
    column[order[left]] = np.arange(len(left), dtype=np.int32)
    runs = kernels_chars.Runs(starts=runs.starts, columns=column[runs.columns])
    indptr, indices, data = kernels_chars.rows_of(words, runs, len(left))
    counts = Counts(indptr=indptr, indices=indices, data=data, n_terms=len(left))
    indptr, indices, data = found.rows(right)
    counts = beside(counts, Counts(indptr=indptr, indices=indices, data=data, n_terms=len(right)))
    terms = tuple(names[i] for i in left) + tuple(found.terms(right))
    return Vocabulary(terms=terms, document_frequency=frequency[kept], n_documents=len(texts)), counts


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
