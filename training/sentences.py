"""Learn where sentences end from the corpus itself: the one door to nltk's Punkt.

Owns: how much text is read, which abbreviations are known beforehand.
Does not know: how the parameters are applied (`topics/sentences`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from topics.sentences import SentenceSplitter

#: Punkt needs about 20 seconds for this many characters, and its lists have settled long before.
MAX_CHARACTERS = 4_000_000
# What every English paper abbreviates; a small corpus shows too few of them for Punkt's test of likelihood.
# The next word still decides whether a sentence ends there ("in the U.S. The ...").
_COMMON = """
mr mrs ms dr prof gen col lt maj capt sgt cpl sen rep gov rev hon st jr sr inc ltd corp co vs etc
jan feb aug sept oct nov dec u.s u.k u.n e.u d.c a.m p.m i.e e.g ph.d
"""
COMMON = frozenset(_COMMON.split())


#: What a document's words are taken to be when it is counted who has them: Punkt's types are among these, or are left out.
_WORD = re.compile(r"\w+(?:[.'’&-]\w+)*")
_EDGE = re.compile(r"^\W+|\W+$")
_NUMBER = "##number##"


def learn_sentences(texts: Iterable[str], least: float = 1) -> SentenceSplitter:
    """Return a splitter with Punkt's parameters for `texts`, each read as it is, up to MAX_CHARACTERS in all.

    Words in fewer than `least` of the texts are left out: what an artifact holds of its corpus is what many articles say.
    No text: the common abbreviations alone.
    """
    from nltk.tokenize.punkt import PunktTrainer

    trainer, read = PunktTrainer(), 0
    words_of: list[frozenset[str]] = []
    for text in texts:
        if text.strip() and read < MAX_CHARACTERS:
            trainer.train(text, finalize=False)
            read += len(text)
            if least > 1:
                lower = text.lower()
                words_of.append(frozenset(_WORD.findall(lower)) | {_EDGE.sub("", word) for word in lower.split()})
    if not read:
        return SentenceSplitter(abbreviations=COMMON, collocations=frozenset(), starters=frozenset(), contexts={})
    trainer.finalize_training()
    found = trainer.get_params()
    frequency = Counter(word for words in words_of for word in words)

    def often(*kinds: str) -> bool:
        kinds = tuple(kind for kind in kinds if kind != _NUMBER)
        if least <= 1 or not kinds:
            return True
        if len(kinds) == 1:
            return frequency[kinds[0]] >= least
        return sum(words.issuperset(kinds) for words in words_of) >= least

    return SentenceSplitter(
        abbreviations=frozenset(filter(often, found.abbrev_types)) | COMMON,
        collocations=frozenset(pair for pair in found.collocations if often(*pair)),
        starters=frozenset(filter(often, found.sent_starters)),
        contexts={kind: flags for kind, flags in found.ortho_context.items() if flags and often(kind)},
    )
