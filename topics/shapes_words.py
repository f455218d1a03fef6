"""Words of a page as numbers: where they stand, how they are cased, which kind of site word they are.

Owns: word keys, the lists of words that tell what a line is for, the hash table that finds them.
Does not know: lines' features (`shapes`), articles.

The lists are the open classes of news sites in English (months, share buttons, database fields), not phrases of one
layout. They are evidence among a hundred other columns; without them the line model loses little (docs/segment.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from topics.lines import DIGIT, LETTER, LOWER, UPPER, Bools, Ints, Lines

Keys = npt.NDArray[np.uint64]

#: Kinds of words by name; a word belongs to the first list that has it.
LISTS: dict[str, str] = {
    "function word": "the of and to in a that is was for on with as at it he she be have has had not were are been his her "
    "their they this which but "
    "who will would an or its than when there if what so no out up into over after before could should may "
    "can did do does while",
    "month": "january february march april june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec",
    "weekday": "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun",
    "time word": "ago hour hours hr hrs minute minutes min mins day days week weeks yesterday today gmt bst est edt utc et "
    "pm am just now",
    "byline word": "by posted written published updated author byline reporter correspondent editor staff reporting filed "
    "contributor writer modified created",
    "share word": "share tweet facebook twitter email print whatsapp linkedin pinterest reddit telegram follow like copy "
    "save bookmark pin send post flipboard messenger",
    "site word": "subscribe subscription newsletter newsletters sign log login register cookies cookie privacy policy terms "
    "menu search home skip account advertise sitemap contact "
    "javascript browser unsubscribe inbox app rss website site loading free join member membership download help faq "
    "connect settings accept preferences button",
    "advert word": "advertisement advertisements sponsored promoted advert ad ads promotion paid partner",
    "comment word": "comment comments reply replies responses respond spam moderated thread replied",
    "picture word": "photo photos image images caption photograph photographer getty reuters afp epa ap picture pictured "
    "credit courtesy shutterstock alamy handout gallery "
    "video screenshot illustration slide",
    "rights word": "copyright rights reserved reproduction permission redistributed reprints trademark inc ltd llc",
    "link word": "read continue more related full story stories click view see next previous back top latest trending "
    "popular viewed recommended older newer tags topics tagged filed "
    "categories hashtags also headlines contents index permalink link source article articles keep reading show expand",
    "section word": "news world uk us politics business sport sports culture opinion weather tech technology health "
    "lifestyle entertainment science travel food podcasts jobs local "
    "money arts books music europe asia africa americas",
    "field word": "length section headline title date language publication document documents load type words dateline body "
    "pages page edition subject issn url id text "
    "abstract lead paragraph accession provider record item results hd wc pd sn la se td lp ti au",
    "speech word": "said says told added according asked argued warned announced insisted claimed explained stated",
    "person word": "i we you my our me mine your yours ours im ive youre dont",
}  # fmt: skip
CLASSES = ("other", *LISTS)
#: Slots of the table of known words, as a power of two.
_SLOTS = 16


@dataclass(frozen=True, slots=True)
class Words:
    """Runs of letters and digits, in page order; one entry a word."""

    #: Line of the word.
    line: Ints
    start: Ints
    length: Ints
    #: First seven characters in lower case and the length, packed; equal words have equal keys.
    key: Keys
    upper: Bools
    shouted: Bools
    digit: Bools
    #: Index into `CLASSES`.
    kind: npt.NDArray[np.uint8]
    #: First word of each line, and one past the last: (n_lines + 1,).
    bounds: Ints


def find_words(lines: Lines) -> Words:
    """Return the words of `lines`."""
    bits, codes = lines.bits, lines.codes
    inside = (bits & np.uint8(UPPER | LOWER | DIGIT | LETTER)) != 0
    turn = np.flatnonzero(inside[1:] != inside[:-1]) + 1 if len(inside) else np.zeros(0, np.int64)
    if len(inside) and inside[0]:
        turn = np.concatenate(([0], turn))
    if len(turn) % 2:
        turn = np.concatenate((turn, [len(inside)]))
    start, end = turn[::2], turn[1::2]
    length = end - start
    bounds = np.searchsorted(start, np.concatenate((lines.start, [len(codes)])))
    line = np.repeat(np.arange(len(lines)), np.diff(bounds))
    key = _keys(lines, start, length)
    first = bits[start]
    second = bits[np.minimum(start + 1, max(len(codes) - 1, 0))]
    upper = (first & UPPER).astype(np.bool_)
    shouted = upper & (second & UPPER).astype(np.bool_) & (bits[end - 1] & UPPER).astype(np.bool_)
    digit = (first & DIGIT).astype(np.bool_)
    return Words(line, start, length, key, upper, shouted, digit, classify(key), bounds)


def _keys(lines: Lines, start: Ints, length: Ints) -> Keys:
    """Return the keys of the words at `start`: seven bytes at once, read where they stand."""
    upper = (lines.bits & np.uint8(UPPER)).astype(np.bool_) & (lines.codes < 256)
    small = np.zeros(len(lines.codes) + 8, np.uint8)
    small[:-8] = (lines.codes & 255).astype(np.uint8) + upper.astype(np.uint8) * np.uint8(32)
    eight = np.ndarray(len(lines.codes) + 1, np.dtype("<u8"), small.data, strides=(1,))
    most = np.minimum(length, 7)
    kept = (np.uint64(1) << (8 * most).astype(np.uint64)) - np.uint64(1)
    return np.asarray((eight[start] & kept) | (np.minimum(length, 255).astype(np.uint64) << np.uint64(56)), np.uint64)


def classify(key: Keys) -> npt.NDArray[np.uint8]:
    """Return the class of each word key."""
    keys, kinds, factor = word_table()
    slot = (key * factor) >> np.uint64(64 - _SLOTS)
    return np.where(keys[slot] == key, kinds[slot], np.uint8(0))


def pack(word: str) -> int:
    """Return the key of a word as `find_words` computes it."""
    key = min(len(word), 255) << 56
    for k, char in enumerate(word.lower()[:7]):
        key |= (ord(char) & 255) << (8 * k)
    return key


@cache
def word_table() -> tuple[Keys, npt.NDArray[np.uint8], np.uint64]:
    """Return a hash table without collisions: keys by slot, classes by slot, and the factor that spreads them."""
    array, classes = _known()
    factor = _FACTOR
    for _ in range(10_000):
        slot = (array * np.uint64(factor)) >> np.uint64(64 - _SLOTS)
        if len(np.unique(slot)) == len(array):
            keys = np.zeros(1 << _SLOTS, np.uint64)
            kinds = np.zeros(1 << _SLOTS, np.uint8)
            keys[slot], kinds[slot] = array, classes
            return keys, kinds, np.uint64(factor)
        factor = (factor * 6364136223846793005 + 1442695040888963407) % 2**64 | 1
    raise AssertionError("no factor without collisions; enlarge _SLOTS")


_FACTOR = 0x9E3779B97F4A7C15


def _known() -> tuple[Keys, list[int]]:
    known: dict[int, int] = {}
    for kind, name in enumerate(LISTS, 1):
        for word in LISTS[name].split():
            known.setdefault(pack(word), kind)
    return np.fromiter(known, np.uint64, len(known)), list(known.values())


@cache
def probe_table() -> tuple[Keys, npt.NDArray[np.uint8], np.uint64, np.uint64]:
    """Return a small hash table, which stays near the processor: where a slot is taken, a key is in the next free one.

    Keys by slot, classes by slot, the factor that spreads them and how far its product is shifted.
    """
    bits = 11
    keys, kinds = np.zeros(1 << bits, np.uint64), np.zeros(1 << bits, np.uint8)
    for key, kind in zip(*_known(), strict=True):
        slot = (int(key) * _FACTOR) % 2**64 >> 64 - bits
        while keys[slot]:
            slot = (slot + 1) % len(keys)
        keys[slot], kinds[slot] = key, kind
    return keys, kinds, np.uint64(_FACTOR), np.uint64(64 - bits)
