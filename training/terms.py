"""Choose the vocabulary of a corpus and count it, in one pass over the text.

Owns: document-frequency bounds and the cap on size, as scikit-learn's `CountVectorizer` defines them.
Does not know: what a term is (`topics/tokens`), where texts come from.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from topics import kernels
from topics.errors import InputError
from topics.terms import Counts, Ints, Longs, Vocabulary, beside
from topics.tokens import CHARS, TITLE, Analysis, analyzer, title_of, without_accents
from training.settings import TermsSettings
from training.stopwords import stop_words


def analysis_of(settings: TermsSettings) -> Analysis:
    """Return how the texts are read under these settings."""
    return Analysis(
        ngrams=(settings.ngrams[0], settings.ngrams[1]),
        chars=None if settings.chars is None else (settings.chars[0], settings.chars[1]),
        lowercase=settings.lowercase,
        strip_accents=settings.accents == "strip",
        title=settings.title,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Everything of one kind that was counted, before terms are left out: columns in the order of their terms."""

    frequency: Longs
    totals: Longs
    #: indptr, indices and data of the ascending columns asked for, and their terms.
    rows: Callable[[Ints], tuple[Longs, Ints, Ints]]
    terms: Callable[[Ints], list[str]]


def _learn_compiled(texts: Sequence[str], analysis: Analysis, settings: TermsSettings) -> tuple[Vocabulary, Counts] | None:
    """Learn with the kernels; None for texts that they cannot read."""
    fold = without_accents if analysis.strip_accents else None
    blocks: list[_Block] = []
    if analysis.chars is not None:
        runs = _runs_of_characters(texts, analysis, analysis.chars, fold)
        if runs is None:
            return None
        blocks.append(runs)
    if analysis.title:
        blocks.append(_runs_of_words(list(map(title_of, texts)), analysis, fold, TITLE))
    blocks.append(_runs_of_words(texts, analysis, fold, ""))
    frequency = np.concatenate([block.frequency for block in blocks])
    kept = kept_terms(frequency, np.concatenate([block.totals for block in blocks]), len(texts), settings)
    begin, terms, found = 0, list[str](), list[Counts]()
    for block in blocks:
        end = begin + len(block.frequency)
        mine = (kept[np.searchsorted(kept, begin) : np.searchsorted(kept, end)] - begin).astype(np.int32)
        indptr, indices, data = block.rows(mine)
        found.append(Counts(indptr=indptr, indices=indices, data=data, n_terms=len(mine)))
        terms += block.terms(mine)
        begin = end
    vocabulary = Vocabulary(terms=tuple(terms), document_frequency=frequency[kept], n_documents=len(texts))
    return vocabulary, functools.reduce(beside, found)


def _runs_of_words(texts: Sequence[str], analysis: Analysis, fold: Callable[[str], str] | None, prefix: str) -> _Block:
    from topics import kernels_learn

    found = kernels_learn.learn(texts, analysis.ngrams, lowercase=analysis.lowercase, fold=fold, word_map=analysis.word_map())

    def terms(kept: Ints) -> list[str]:
        return [prefix + term for term in found.terms(kept)] if prefix else found.terms(kept)

    return _Block(frequency=found.document_frequency(), totals=found.totals(), rows=found.rows, terms=terms)


def _runs_of_characters(
    texts: Sequence[str], analysis: Analysis, lengths: tuple[int, int], fold: Callable[[str], str] | None
) -> _Block | None:
    from topics import kernels_chars
    from topics.kernels_table import WordTable

    words = kernels_chars.read_words(texts, lowercase=analysis.lowercase, fold=fold)
    if words is None:
        return None
    table = WordTable.of_size(1 << 15)
    cut = kernels_chars.cut(words.table, lengths, table, grow=True)
    frequency, totals = kernels_chars.frequency_of(words.stream, words.ends, cut.starts, cut.columns, table.n)
    # Runs were numbered as they came; columns go by code point.
    order = table.order()

    def rows(kept: Ints) -> tuple[Longs, Ints, Ints]:
        column = np.full(table.n, -1, np.int32)
        column[order[kept]] = np.arange(len(kept), dtype=np.int32)
        runs = kernels_chars.Runs(starts=cut.starts, columns=column[cut.columns])
        return kernels_chars.rows_of(words, runs, len(kept))

    def terms(kept: Ints) -> list[str]:
        return [CHARS + run for run in kernels_chars.names(table, order[kept])]

    return _Block(frequency=frequency[order], totals=totals[order], rows=rows, terms=terms)


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
    kept = kept_terms(frequency, totals, len(counts), settings)
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
    least = least_documents(low, n_documents)
    upper = high * n_documents if isinstance(high, float) and high <= 1.0 else high
    kept = np.flatnonzero((frequency >= least) & (frequency <= upper))
    if most is not None and len(kept) > most:
        kept = np.sort(kept[np.argsort(-totals[kept], kind="stable")[:most]])
    return kept.astype(np.int32)


def least_documents(low: float, n_documents: int) -> float:
    """Return the least number of articles that a lower bound means: a count, or a share where it is below 1."""
    return low if low >= 1 or low == 0 else low * n_documents


def kept_terms(frequency: Longs, totals: Longs, n_documents: int, settings: TermsSettings) -> Ints:
    """Return the ascending columns that the settings keep. Raises InputError where there is none."""
    if not len(frequency):
        raise InputError("no text holds a word of two letters; is [corpus] text naming the right fields?")
    kept = kept_columns(frequency, totals, n_documents, settings.min_df, settings.max_df, settings.max_terms)
    if not len(kept):
        raise InputError(
            f"no term is in at least {settings.min_df} and at most {settings.max_df} of {n_documents} articles; "
            "lower terms.min_df or raise terms.max_df"
        )
    return kept
