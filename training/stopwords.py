"""Words that carry no topic: the grammar of English, spelled as the tokenizer spells it.

Owns: the list. It holds grammar only: articles, pronouns, prepositions, conjunctions, auxiliaries, the
halves of contractions ("don", "ll"), and words of degree and place that any text uses.
Does not know: who leaves them out.
"""

from __future__ import annotations

from collections.abc import Sequence

_ENGLISH = """
about above across after again against ago ain all almost along already also although always am among an and another any anybody
anyone anything are aren around as at away back be became because become becomes been before being below beneath beside besides
between beyond both but by came can cannot come could couldn did didn do does doesn doing don done down during each either else
enough even ever every everybody everyone everything except few for from further get gets getting go goes going gone got had hadn
has hasn have haven having he hence her here hers herself him himself his how however if in indeed inside instead into is isn it
its itself just kept later least less let like ll made make makes many may maybe me might mightn mine more moreover most much must
mustn my myself near nearly need needn neither never nevertheless next no nobody none nor not nothing now of off often on once one
ones only onto or other others otherwise our ours ourselves out outside over own per perhaps quite rather re really same say says
said shall shan she should shouldn since so some somebody someone something sometimes soon still such take taken than that the
their theirs them themselves then there therefore these they this those though through throughout thus till to together too toward
towards two under unless until up upon us ve very via was wasn we well went were weren what whatever when where whereas wherever
whether which while who whoever whole whom whose why will with within without won would wouldn yes yet you your yours yourself
yourselves
"""
ENGLISH: frozenset[str] = frozenset(_ENGLISH.split())


def stop_words(setting: str | Sequence[str]) -> frozenset[str]:
    """Return the words that a `stop_words` setting ("none", "english" or a list) stands for."""
    if isinstance(setting, str):
        return ENGLISH if setting == "english" else frozenset()
    return frozenset(setting)
