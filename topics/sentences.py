"""Cut paragraphs into sentences with Punkt's rules and parameters learned from a corpus.

Owns: `SentenceSplitter`: what the parameters decide at each full stop, question and exclamation mark.
Does not know: how the parameters were learned (`training/sentences`).

Kiss and Strunk 2006, Unsupervised multilingual sentence boundary detection; the sections named below are
the paper's. The decisions are those of nltk's `PunktSentenceTokenizer` with the same parameters (a test
compares them), without its import and about ten times as fast: the common case is one look into a set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.pages import Span

#: How a word was seen, as bits: with a capital or not, first in a sentence, inside one, or unclear which.
BEGINS_UPPER, INSIDE_UPPER, UNCLEAR_UPPER, BEGINS_LOWER, INSIDE_LOWER, UNCLEAR_LOWER = 2, 4, 8, 16, 32, 64
_UPPER = BEGINS_UPPER | INSIDE_UPPER | UNCLEAR_UPPER
_LOWER = BEGINS_LOWER | INSIDE_LOWER | UNCLEAR_LOWER

# Punkt's own character classes: what cannot be inside a word, and what cannot begin one.
_NON_WORD = r"[)\";}\]*:@'({\[‘’“”«»?!]"
_DASHES_DOTS = r"(?:-{2,}|\.{2,}|(?:\.\s){2,}\.)"
_CANDIDATE = re.compile(rf"[.?!](?=({_NON_WORD}|\s+(\S+)))")
_TOKEN = re.compile(
    rf"{_DASHES_DOTS}|(?=[^(\"`{{\[:;&#*@)}}\]\-,])\S+?(?=\s|$|{_NON_WORD}|{_DASHES_DOTS}|,(?=$|\s|{_NON_WORD}|{_DASHES_DOTS}))|\S"
)
_CLOSING = re.compile(r"[\"')\]}‘’“”«»]+?(?:\s+|(?=--)|$)", re.MULTILINE)
_NUMBER = re.compile(r"^-?[.,]?\d[\d,.-]*\.?$")
_INITIAL = re.compile(r"[^\W\d]\.$")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
# Spaces are looked for as Punkt looks: a no-break space does not part words here.
_SPACES = frozenset(" \t\n\r\x0b\x0c")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceSplitter:
    """Punkt's parameters, and the sentences they give."""

    #: Abbreviations in lower case without their last full stop: "u.s", "dr".
    abbreviations: frozenset[str]
    #: Pairs of types that stay together across a full stop.
    collocations: frozenset[tuple[str, str]]
    #: Types that often begin a sentence.
    starters: frozenset[str]
    #: How each type was seen: the bits above, joined.
    contexts: Mapping[str, int]
    _firsts: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_firsts", frozenset(first for first, _ in self.collocations))

    def spans(self, text: str) -> list[Span]:
        """Return the sentences of `text` in order, white space at their ends left out.

        A sentence never crosses an empty line. A text without a visible character has none.
        """
        found: list[Span] = []
        begin = 0
        for gap in _PARAGRAPH.finditer(text):
            found += self._paragraph(text, begin, gap.start())
            begin = gap.end()
        return found + self._paragraph(text, begin, len(text))

    def _paragraph(self, text: str, begin: int, end: int) -> list[Span]:
        whole = text[begin:end]
        paragraph = whole.strip()
        if not paragraph:
            return []
        begin += len(whole) - len(whole.lstrip())
        return [(begin + start, begin + stop) for start, stop in _realigned(paragraph, self._slices(paragraph))]

    def _slices(self, paragraph: str) -> Iterator[Span]:
        last = 0
        for mark, word in _candidates(paragraph):
            if self._breaks(word, mark):
                yield last, mark.end()
                last = mark.start(2) if mark.group(2) else mark.end()
        yield last, len(paragraph)

    def _breaks(self, word: str, mark: re.Match[str]) -> bool:
        lower = word.lower()
        # The common case: a plain word, a full stop and a space. Same answer as the long way, without tokens.
        plain = mark.group(2) and mark.group() == "." and len(word) > 1 and word.isalpha()
        if plain and lower not in self._firsts and lower not in self.abbreviations:
            return True
        tokens = _TOKEN.findall(word + mark.group() + mark.group(1))
        # First by type alone (section 3), then by the neighbor (section 4); a mark that ends the context ends nothing.
        marks = [self._by_type(token) for token in tokens]
        return any(self._by_neighbor(tokens[i], marks[i], tokens[i + 1], marks[i + 1]) for i in range(len(tokens) - 1))

    def _by_type(self, token: str) -> str:
        """Return "break", "abbreviation", "ellipsis" or "" for a token alone."""
        if token in (".", "?", "!"):
            return "break"
        if not token.endswith("."):
            return ""
        if token.endswith(".."):
            return "ellipsis" if not token.strip(".") else ""
        stem = token[:-1].lower()
        known = stem in self.abbreviations or stem.rpartition("-")[2] in self.abbreviations
        return "abbreviation" if known else "break"

    def _by_neighbor(self, token: str, mark: str, following: str, following_mark: str) -> bool:
        """Return whether a sentence ends with `token`, given its own mark and what follows."""
        breaks = mark == "break"
        if not token.endswith("."):
            return breaks
        kind, next_kind = _without_stop(_kind(token)), _kind(following)
        if following_mark == "break":
            next_kind = _without_stop(next_kind)
        if (kind, next_kind) in self.collocations:  # 4.1.2
            return False
        initial = bool(_INITIAL.match(token))
        begins = self._begins_sentence(following, next_kind)
        starts = begins is True or (following[0].isupper() and next_kind in self.starters)
        if mark in ("abbreviation", "ellipsis") and not initial and starts:  # 4.2
            return True
        if initial or kind == "##number##":  # 4.3
            if begins is False:
                return False
            if begins is None and initial and following[0].isupper() and not self.contexts.get(next_kind, 0) & _LOWER:
                return False
        return breaks

    def _begins_sentence(self, token: str, kind: str) -> bool | None:
        """The orthographic heuristic (4.1.1): True, False, or None for cannot tell."""
        if token in (";", ":", ",", ".", "!", "?"):
            return False
        seen = self.contexts.get(kind, 0)
        if token[0].isupper() and seen & _LOWER and not seen & INSIDE_UPPER:
            return True
        if token[0].islower() and (seen & _UPPER or not seen & BEGINS_LOWER):
            return False
        return None

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is stored, by file name: lists of words as UTF-8, one a line; contexts as one byte a word."""
        words = sorted(self.contexts)
        return {
            "abbreviations": pack(sorted(self.abbreviations)),
            "collocations": pack(part for pair in sorted(self.collocations) for part in pair),
            "starters": pack(sorted(self.starters)),
            "words": pack(words),
            "contexts": np.array([self.contexts[w] for w in words], np.int8),
        }

    def settings(self) -> dict[str, Any]:
        """Return the settings that belong to the arrays: none."""
        return {}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], settings: Mapping[str, Any]) -> SentenceSplitter:  # noqa: ARG003 - every model reads both
        """Rebuild from what `arrays` and `settings` returned."""
        pairs = iter(unpack(arrays["collocations"]))
        return cls(
            abbreviations=frozenset(unpack(arrays["abbreviations"])),
            collocations=frozenset(zip(pairs, pairs, strict=True)),
            starters=frozenset(unpack(arrays["starters"])),
            contexts=dict(zip(unpack(arrays["words"]), arrays["contexts"].tolist(), strict=True)),
        )


def pack(words: Iterable[str]) -> npt.NDArray[np.uint8]:
    """Return strings without line ends as one array of UTF-8 bytes, each string closed by a line end."""
    return np.frombuffer("".join(w + "\n" for w in words).encode(), np.uint8)


def unpack(array: npt.NDArray[np.uint8]) -> list[str]:
    """Return the strings that `pack` stored."""
    return array.tobytes().decode().split("\n")[:-1]


def _kind(token: str) -> str:
    return _NUMBER.sub("##number##", token.lower())


def _without_stop(kind: str) -> str:
    return kind[:-1] if len(kind) > 1 and kind.endswith(".") else kind


def _candidates(paragraph: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield each possible end with the word before it; of marks in a row ("acting!!!") only the last."""
    held: tuple[re.Match[str], int, int] | None = None
    start = stop = 0  # the word before the last mark seen
    for mark in _CANDIDATE.finditer(paragraph):
        space = next((i for i in range(mark.start() - 1, stop, -1) if paragraph[i] in _SPACES), None)
        start = start if space is None else space + 1
        if held is not None and held[2] <= start:
            yield held[0], paragraph[held[1] : held[2]]
        stop = mark.start()
        held = (mark, start, stop)
    if held is not None:
        yield held[0], paragraph[held[1] : held[2]]


def _realigned(paragraph: str, slices: Iterator[Span]) -> Iterator[Span]:
    """Give closing quotes and brackets to the sentence they close."""
    moved, spans = 0, list(slices)
    for i, (start, stop) in enumerate(spans):
        start += moved
        if i + 1 < len(spans):
            closing = _CLOSING.match(paragraph[slice(*spans[i + 1])])
            moved = closing.end() if closing else 0
            if closing:
                yield start, spans[i + 1][0] + len(closing.group().rstrip())
                continue
        if start < stop:
            yield start, stop
