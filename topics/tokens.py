"""From text to terms: what a word is, and which runs of words are counted.

Owns: the token pattern, case and accent folding, stop words, n-grams. The order of steps and the result
are those of scikit-learn's `CountVectorizer` with the same settings.
Does not know: vocabularies and counts (`terms`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

#: Two or more word characters: scikit-learn's default pattern.
TOKEN = re.compile(r"\b\w\w+\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """How a text is turned into terms."""

    #: Shortest and longest run of words that is a term.
    ngrams: tuple[int, int] = (1, 1)
    lowercase: bool = True
    #: Count "café" as "cafe".
    strip_accents: bool = False
    #: Words left out before runs are formed.
    stop_words: frozenset[str] = frozenset()


def analyzer(analysis: Analysis) -> Callable[[str], list[str]]:
    """Return the function from a text to its terms, in reading order, shorter runs first."""
    shortest, longest = analysis.ngrams
    stop = analysis.stop_words

    def terms(text: str) -> list[str]:
        if analysis.lowercase:
            text = text.lower()
        if analysis.strip_accents:
            text = without_accents(text)
        words = TOKEN.findall(text)
        if stop:
            words = [w for w in words if w not in stop]
        if longest == 1:
            return words
        found = list(words) if shortest == 1 else []
        for n in range(max(shortest, 2), longest + 1):
            found += map(" ".join, zip(*(words[i:] for i in range(n)), strict=False))
        return found

    return terms


def without_accents(text: str) -> str:
    """Return `text` with combining marks removed (NFKD), as scikit-learn's `strip_accents_unicode`."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def term_spans(text: str, analysis: Analysis) -> Iterator[tuple[str, int, int]]:
    """Yield (term, start, end) for every term of `text`, with offsets into `text` as it is.

    Case and accent folding can change the length of a text, so words are found in the text first and folded
    one by one; in the rare text where that changes the words (a final sigma, a mark that is a word of its
    own) the spans are still those of the words read.
    """
    words = []
    for match in TOKEN.finditer(text):
        word = match.group()
        if analysis.lowercase:
            word = word.lower()
        if analysis.strip_accents:
            word = without_accents(word)
        if word not in analysis.stop_words:
            words.append((word, match.start(), match.end()))
    shortest, longest = analysis.ngrams
    for n in range(shortest, longest + 1):
        for i in range(len(words) - n + 1):
            run = words[i : i + n]
            yield " ".join(w for w, _, _ in run), run[0][1], run[-1][2]
