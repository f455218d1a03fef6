"""Signs in the lines of a page: which telling characters each holds, colons early in it, times of day, sentence ends.

Owns: the list of telling characters, where a sentence ends inside a line.
Does not know: the features made of them (`shapes`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from topics.lines import DIGIT, LOWER, SPACE, TERMINAL, Bools, Ints, Lines

#: Characters whose presence in a line is a feature of its own.
SIGNS = {
    "|": "a bar", "•": "a bullet", "·": "a bullet", "›": "an arrow", "»": "an arrow", ">": "an arrow", "→": "an arrow",
    "/": "a slash", "@": "an @", "©": "a ©", ":": "a colon", "–": "a dash",
    "—": "a dash", "“": "a quote", "\"": "a quote", "#": "a #", "\t": "a tab", "(": "a bracket", "[": "a square bracket",
    "{": "a brace", "=": "an equals sign", "_": "an underscore", ";": "a semicolon",
    ",": "a comma", "$": "a currency sign", "£": "a currency sign", "*": "an asterisk", "…": "an ellipsis", "%": "a percent sign",
}  # fmt: skip
GROUPS = tuple(sorted(set(SIGNS.values())))
COLON = GROUPS.index("a colon") + 1
#: A colon among the first characters of a line ends the name of a field or of a speaker.
EARLY = 22


@dataclass(frozen=True, slots=True)
class Signs:
    """What stands in each line."""

    #: (n_lines, 1 + groups) how often each group occurs; column 0 is empty.
    counts: Ints
    #: Whether a colon stands near the beginning, and between digits.
    early_colon: Bools
    time_of_day: Bools
    #: Ends of sentences that the line goes on after.
    stops: Ints


@cache
def sign_table() -> npt.NDArray[np.uint8]:
    """Return the group of each code point below U+2200, counted from 1; at the end 0 for all others."""
    table = np.zeros(0x2200, np.uint8)
    for char, name in SIGNS.items():
        table[ord(char)] = GROUPS.index(name) + 1
    return table


def find_signs(lines: Lines) -> Signs:
    """Return the signs of `lines`; what stands before the first line counts as its."""
    n, width, bits = len(lines), len(GROUPS) + 1, lines.bits

    def line_of(at: Ints) -> Ints:
        return np.asarray((np.searchsorted(lines.start, at, side="right") - 1).clip(0), np.int64)

    def flagged(at: Ints) -> Bools:
        flag = np.zeros(n, np.bool_)
        flag[line_of(at)] = True
        return flag

    if not n:
        none = np.zeros(0, np.bool_)
        return Signs(np.zeros((0, width), np.int64), none, none, np.zeros(0, np.int64))
    kind = sign_table()[np.minimum(lines.codes, 0x21FF)]
    at = np.flatnonzero(kind)
    counts = np.bincount(line_of(at) * width + kind[at], minlength=n * width).reshape(n, width)
    colon = at[kind[at] == COLON]
    early = colon[colon - lines.start[line_of(colon)] < EARLY]
    clock = colon[(colon > 0) & (colon + 1 < len(bits))]
    clock = clock[((bits[clock - 1] & DIGIT) != 0) & ((bits[clock + 1] & DIGIT) != 0)]
    stop = np.flatnonzero(bits[:-2] & TERMINAL) if len(bits) > 2 else np.zeros(0, np.int64)
    stop = stop[((bits[stop + 1] & SPACE) != 0) & ((bits[stop + 2] & (LOWER | DIGIT)) == 0)]
    return Signs(counts, flagged(early), flagged(clock), np.bincount(line_of(stop), minlength=n))
