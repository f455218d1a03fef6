"""Pages without lines: articles that follow each other on one line, their headlines run into the text.

Owns: what a sentence shows of being the first of an article; the cut of such a line.
Does not know: the likelihood of a stretch of sentences (`wording`), pages with lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from topics.pages import Span
from topics.wording import BACK, Wording, cut_by_wording, sentence_spans

#: A line this long, holding this share of the page, is read as a page on one line.
LONG, SHARE = 2000, 0.8
#: Words by sentence are compared as everywhere, but a segment is an article: it costs six times the logarithm of the
#: page's words, ten times what a passage costs. Between 4 and 8 the score on such pages changes by two points.
ARTICLES = Wording(penalty=6.0, short=(), back=(0.0, 0.0, 0.0), longest=300)

_OPENERS = "The|A|An|In|On|At|It|He|She|They|We|I|For|As|After|When|With|If|This|That|There|But|By|From|One|Two|More|Some|"
"President|Former|House|While|Since|Despite|Last|During"
#: A sentence that begins in the middle of a sentence: here a headline ran into its text.
_GLUE = re.compile(rf"(?<=[\w’'”\")?!]) (?=(?:{_OPENERS}) [a-z])")
#: What wire stories and web captions begin with.
_DATELINE = re.compile(
    r"\((?:CNN|Reuters|AP|AFP|UPI|PA|dpa|Bloomberg)[^)]{0,20}\)|^.{0,160}\b[A-Z]{4,}(?:, [A-Z][a-z]+\.?)? (?:\([A-Z]|[—–-])|"
    r"Story highlights|Image copyright|Enlarge this image|\bBy [A-Z][a-z]+ [A-Z][a-z]+"
)
#: What they end with.
_CLOSING = re.compile(
    r"contributed to this|[Aa]ll rights reserved|@\w+|Follow |Editing by|Copyright|reported from|Click here|http|\.com"
)
# Gains, in nats, of opening an article at a sentence; measured on 12,000 sentences of web articles joined to one line.
_CAPITALS, _MIDDLE, _DATED, _CLOSED, _LENGTH, _BACK, _QUOTE, _AFTER_SHORT = 8.0, 0.5, 7.7, 9.8, 12.7, -3.8, -4.5, 1.9


def gains(sentences: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return what each sentence gains as the first of an article, from its form alone."""
    out = np.zeros(len(sentences))
    before = ""
    for k, sentence in enumerate(sentences):
        head = sentence[:300]
        words = head.split()
        gain = _CAPITALS * min(_capitals(words[:25]), 12) / 12
        gain += (
            _MIDDLE * bool(_GLUE.search(head, 12, 170))
            + _DATED * bool(_DATELINE.search(head[:260]))
            + _CLOSED * bool(k and _CLOSING.search(before))
        )
        gain += _LENGTH * min(sentence.count(" ", 0, 600) + 1, 60) / 60 + _AFTER_SHORT * (0 < len(before) < 40)
        gain += _BACK * bool(words and words[0].lower().strip("“\"'‘") in BACK) + _QUOTE * (sentence[:1] in "“\"'")
        out[k] = gain
        before = sentence[-400:]
    return out


def _capitals(words: Sequence[str]) -> int:
    """Return the length of the run of capitalized words at the beginning, small words inside it included."""
    run = small = 0
    for word in words:
        if word[0].isupper() or word[0].isdigit() or word[0] in "‘“'\"(":
            run, small = run + 1 + small, 0
        elif len(word) <= 4 and small < 2 and word.isalpha():
            small += 1
        else:
            break
    return run


def cut_line(text: str) -> list[tuple[Span | None, Span]]:
    """Return (headline or None, body) of each article on the line `text`."""
    spans = sentence_spans(text)
    if not spans:
        return []
    sentences = [text[a:b] for a, b in spans]
    starts = cut_by_wording(sentences, ARTICLES, -gains(sentences))
    out: list[tuple[Span | None, Span]] = []
    for first, after in zip(starts, [*starts[1:], len(spans)], strict=True):
        low, high = spans[first][0], spans[after - 1][1]
        glue = _GLUE.search(text, low + 12, min(low + 170, spans[first][1]))
        if glue and 3 <= len(text[low : glue.start()].split()) <= 22 and len(starts) > 1:
            out.append(((low, glue.start()), (glue.end(), high)))
        else:
            out.append((None, (low, high)))
    return out
