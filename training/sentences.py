"""Learn where sentences end from the corpus itself: the one door to nltk's Punkt.

Owns: how much text is read, which abbreviations are known beforehand.
Does not know: how the parameters are applied (`topics/sentences`).
"""

from __future__ import annotations

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


def learn_sentences(texts: Iterable[str]) -> SentenceSplitter:
    """Return a splitter with Punkt's parameters for `texts`, each read as it is, up to MAX_CHARACTERS in all.

    No text: the common abbreviations alone.
    """
    from nltk.tokenize.punkt import PunktTrainer

    trainer, read = PunktTrainer(), 0
    for text in texts:
        if text.strip() and read < MAX_CHARACTERS:
            trainer.train(text, finalize=False)
            read += len(text)
    if read:
        trainer.finalize_training()
        found = trainer.get_params()
        return SentenceSplitter(
            abbreviations=frozenset(found.abbrev_types) | COMMON,
            collocations=frozenset(found.collocations),
            starters=frozenset(found.sent_starters),
            contexts={kind: flags for kind, flags in found.ortho_context.items() if flags},
        )
    return SentenceSplitter(abbreviations=COMMON, collocations=frozenset(), starters=frozenset(), contexts={})
