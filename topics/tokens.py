"""From text to terms: what a word is, and which runs of words are counted.

Owns: the token pattern, case and accent folding, stop words, n-grams. The order of steps and the result
are those of scikit-learn's `CountVectorizer` with the same settings.
Does not know: vocabularies and counts (`terms`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from topics.stems import english_stem

#: Two or more word characters: scikit-learn's default pattern.
TOKEN = re.compile(r"\b\w\w+\b")


#: Begins a run of characters within a word, such as "# goa". No word begins so, and it sorts before all that do.
CHARS = "#"
#: Begins a term of the title, such as "*oil prices"; sorts behind runs of characters and before words.
TITLE = "*"
#: No word begins with one of these.
MARKS = (CHARS, TITLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """How a text is turned into terms."""

    #: Shortest and longest run of words that is a term.
    ngrams: tuple[int, int] = (1, 1)
    #: Shortest and longest run of characters within a word that is a term as well; None for none of them.
    chars: tuple[int, int] | None = None
    lowercase: bool = True
    #: Count "café" as "cafe".
    strip_accents: bool = False
    #: Count the words of the title once more, as terms of their own.
    title: bool = False
    #: Words left out before runs are formed.
    stop_words: frozenset[str] = frozenset()
    #: Count word stems: "english", or None for words as they are. Runs of characters are those of the words.
    stem: str | None = None

    def word_map(self) -> Callable[[str], str | None] | None:
        """Return the function from a word to what it is counted as, None for left out; no function: as it is."""
        if self.stem is not None:
            return lambda word: None if word in self.stop_words else english_stem(word)
        if not self.stop_words:
            return None
        return lambda word: None if word in self.stop_words else word

    def settings(self) -> dict[str, Any]:
        """Return this as JSON can hold it; `from_settings` takes it back."""
        return {
            "ngrams": list(self.ngrams),
            "chars": None if self.chars is None else list(self.chars),
            "lowercase": self.lowercase,
            "strip_accents": self.strip_accents,
            "title": self.title,
            "stop_words": sorted(self.stop_words),
            "stem": self.stem,
        }

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Analysis:
        """Rebuild from what `settings` returned. Raises KeyError, TypeError or ValueError where it is of another form."""
        shortest, longest = settings["ngrams"]
        chars = settings.get("chars")
        return cls(
            ngrams=(int(shortest), int(longest)),
            chars=None if chars is None else (int(chars[0]), int(chars[1])),
            lowercase=bool(settings["lowercase"]),
            strip_accents=bool(settings["strip_accents"]),
            title=bool(settings.get("title", False)),
            stop_words=frozenset(map(str, settings["stop_words"])),
            stem=None if settings.get("stem") is None else str(settings["stem"]),
        )


def analyzer(analysis: Analysis) -> Callable[[str], list[str]]:
    """Return the function from a text to its terms: runs of words in reading order, shorter first, runs of characters, title."""
    word_map = analysis.word_map()

    def runs(text: str) -> list[str]:
        words = TOKEN.findall(text)
        if word_map is not None:
            words = [w for w in map(word_map, words) if w is not None]
        return list(_runs(words, analysis.ngrams))

    def terms(text: str) -> list[str]:
        if analysis.lowercase:
            text = text.lower()
        if analysis.strip_accents:
            text = without_accents(text)
        found = runs(text)
        if analysis.chars is not None:
            for word in text.split():
                found += char_runs(word, analysis.chars)
        if analysis.title:
            found += [TITLE + run for run in runs(title_of(text))]
        return found

    return terms


def _runs(words: Sequence[str], lengths: tuple[int, int]) -> Iterator[str]:
    shortest, longest = lengths
    if shortest == 1:
        yield from words
    for n in range(max(shortest, 2), longest + 1):
        yield from map(" ".join, zip(*(words[i:] for i in range(n)), strict=False))


def title_of(text: str) -> str:
    """Return what stands before the first empty line: the title, or the first paragraph; "" where there is no such line."""
    title, line, _ = text.partition("\n\n")
    return title if line else ""


def char_runs(word: str, lengths: tuple[int, int]) -> list[str]:
    """Return the runs of characters of `word` with a space on either side, as scikit-learn's `char_wb`.

    A word shorter than a length is one run of all of it, once.
    """
    padded = f" {word} "
    found = []
    for n in range(lengths[0], lengths[1] + 1):
        found += [CHARS + padded[i : i + n] for i in range(max(1, len(padded) - n + 1))]
        if len(padded) <= n:
            break
    return found


def without_accents(text: str) -> str:
    """Return `text` with combining marks removed (NFKD), as scikit-learn's `strip_accents_unicode`."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def term_spans(text: str, analysis: Analysis) -> Iterator[tuple[str, int, int]]:
    """Yield (term, start, end) for every term of `text`, those of `analyzer`, with offsets into `text` as it is."""
    folded, origin = _folded(text, analysis)
    word_map = analysis.word_map()
    words = []
    for match in TOKEN.finditer(folded):
        word = match.group() if word_map is None else word_map(match.group())
        if word is not None:
            words.append((word, origin[match.start()], origin[match.end() - 1] + 1))
    yield from _run_spans(words, analysis.ngrams)
    if analysis.title and (length := len(title_of(folded))):
        end = origin[length - 1] + 1
        for term, begin, stop in _run_spans([word for word in words if word[2] <= end], analysis.ngrams):
            yield TITLE + term, begin, stop
    if analysis.chars is None:
        return
    for match in re.finditer(r"\S+", folded):
        begin, end = match.span()
        place = begin - 1
        for term in char_runs(match.group(), analysis.chars):
            # The runs of one length follow each other; only the first begins with the space before the word.
            if term.startswith(CHARS + " "):
                place = begin - 1
            last = min(end, place + len(term) - len(CHARS)) - 1
            yield term, origin[max(begin, place)], origin[last] + 1
            place += 1


def _run_spans(words: Sequence[tuple[str, int, int]], lengths: tuple[int, int]) -> Iterator[tuple[str, int, int]]:
    for n in range(lengths[0], lengths[1] + 1):
        for i in range(len(words) - n + 1):
            run = words[i : i + n]
            yield " ".join(w for w, _, _ in run), run[0][1], run[-1][2]


def _folded(text: str, analysis: Analysis) -> tuple[str, Sequence[int]]:
    """Return `text` with case and accents folded, and for each of its characters the place it had in `text`."""
    folded = text.lower() if analysis.lowercase else text
    if analysis.strip_accents:
        folded = without_accents(folded)
    if text.isascii():
        return folded, range(len(text))
    # A character folds to the same number of characters wherever it stands; a final sigma only looks different.
    origin: list[int] = []
    for i, character in enumerate(text):
        alone = character.lower() if analysis.lowercase else character
        origin += [i] * len(without_accents(alone) if analysis.strip_accents else alone)
    return folded, origin
