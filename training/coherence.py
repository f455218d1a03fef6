"""How well the top terms of latent topics go together in texts.

Owns: counting words and pairs of words in sliding windows or whole articles; NPMI, UCI, UMass and C_v, equal to
gensim's `CoherenceModel` where both are defined; diversity.
Does not know: how latent topics were learned, which terms are their top terms.

References: Newman et al. 2010 (UCI); Mimno et al. 2011 (UMass); Bouma 2009 (NPMI); Röder, Both and Hinneburg
2015, Exploring the space of topic coherence measures (C_v); Dieng, Ruiz and Blei 2020 (diversity).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from topics.errors import UsageError
from topics.terms import Counts, Vocabulary

Floats = npt.NDArray[np.float64]
#: gensim's, added to the share of windows with both words.
EPSILON = 1e-12
#: Window lengths in words that the measures are defined with.
WINDOWS = {"c_v": 110, "npmi": 10, "uci": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """In how many windows each word, and each pair of words, occurs."""

    #: Row of each word.
    row: dict[str, int]
    #: (n_words, n_words) int64; the diagonal counts the words themselves.
    windows: npt.NDArray[np.int64]
    n_windows: int

    def of(self, terms: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the counts among `terms` (n, n). Raises UsageError for a word that was not counted."""
        for term in terms:
            if term not in self.row:
                raise UsageError(f"{term!r} was not counted; count the top terms of all topics at once")
        rows = [self.row[term] for term in terms]
        return self.windows[np.ix_(rows, rows)]


def count_windows(texts: Iterable[Sequence[str]], words: Iterable[str], window: int) -> Together:
    """Count `words` in the windows of `window` successive words of each text; a shorter text is one window.

    As gensim counts: where a word occurs twice in a window and the first leaves it, the word counts as gone until
    it comes again. (Its results on published topics rest on that.)
    """
    row = {word: i for i, word in enumerate(dict.fromkeys(words))}
    together = np.zeros((len(row), len(row)), np.int64)
    total = 0
    for text in texts:
        n_windows = max(1, len(text) - window + 1)
        total += n_windows
        places: dict[int, list[int]] = {}
        for place, word in enumerate(text):
            at = row.get(word)
            if at is not None:
                places.setdefault(at, []).append(place)
        if not places:
            continue
        present = np.zeros((len(places), n_windows))
        for i, here in enumerate(places.values()):
            for begin, end in _spans(here, window):
                present[i, begin:end] = 1.0
        ids = np.array(list(places))
        # Counts of windows are whole numbers far below 2**53: the order of the sums does not matter.
        together[np.ix_(ids, ids)] += np.rint(present @ present.T).astype(np.int64)
    return Together(row=row, windows=together, n_windows=total)


def _spans(places: Sequence[int], window: int) -> Iterable[tuple[int, int]]:
    """Yield the spans of windows that a word at `places` counts for."""
    earliest = 0
    for place in places:
        begin = max(0, place - window + 1)
        while places[earliest] < begin:
            earliest += 1
        yield begin, places[earliest] + 1


def count_articles(counts: Counts, vocabulary: Vocabulary, words: Iterable[str]) -> Together:
    """Count `words` of the vocabulary in whole articles."""
    terms = sorted(set(words))
    columns = np.array([vocabulary.column[t] for t in terms], np.int32)
    known = counts.columns(columns)
    together = np.zeros((len(terms), len(terms)), np.int64)
    for i in range(len(known)):
        here, _ = known.row(i)
        together[np.ix_(here, here)] += 1
    return Together(row={t: i for i, t in enumerate(terms)}, windows=together, n_windows=len(counts))


def coherence(measure: str, topics: Sequence[Sequence[str]], together: Together) -> Floats:
    """Return the coherence of each topic's terms (most probable first): "c_v" (0 to 1), "npmi" (-1 to 1), "uci", "umass".

    A topic with a word that occurs in no window gets NaN from c_v, npmi and uci.
    """
    if measure not in _MEASURES:
        raise UsageError(f"no coherence measure {measure!r}; there are: {', '.join(_MEASURES)}")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.array([_MEASURES[measure](together.of(terms), together.n_windows) for terms in topics])


def _pmi(windows: npt.NDArray[np.int64], n: int) -> Floats:
    share = np.diag(windows) / n
    out: Floats = np.log((windows / n + EPSILON) / np.outer(share, share))
    return out


def _npmi_table(windows: npt.NDArray[np.int64], n: int) -> Floats:
    out: Floats = _pmi(windows, n) / -np.log(windows / n + EPSILON)
    return out


def _pairs_mean(table: Floats) -> float:
    if len(table) < 2:
        return float("nan")
    return float(table[~np.eye(len(table), dtype=bool)].mean())


def _uci(windows: npt.NDArray[np.int64], n: int) -> float:
    return _pairs_mean(_pmi(windows, n))


def _npmi(windows: npt.NDArray[np.int64], n: int) -> float:
    return _pairs_mean(_npmi_table(windows, n))


def _c_v(windows: npt.NDArray[np.int64], n: int) -> float:
    """Mean cosine between each word's NPMI with all words of the topic and their sum."""
    vectors = _npmi_table(windows, n)
    whole = vectors.sum(axis=0)
    lengths = np.sqrt((vectors**2).sum(axis=1)) * np.sqrt((whole**2).sum())
    return float((vectors @ whole / lengths).mean())


def _umass(windows: npt.NDArray[np.int64], n: int) -> float:
    """Mean log probability of a word given one above it."""
    above, below = np.triu_indices(len(windows), 1)
    if not len(above):
        return float("nan")
    return float(np.log((windows[above, below] / n + EPSILON) / (np.diag(windows)[above] / n)).mean())


_MEASURES = {"c_v": _c_v, "npmi": _npmi, "uci": _uci, "umass": _umass}


def diversity(topics: Sequence[Sequence[str]]) -> float:
    """Return the share of different words among all topics' terms, above 0 to 1; 1 where there are no terms."""
    words = [word for terms in topics for word in terms]
    return len(set(words)) / len(words) if words else 1.0
