"""Words that doubt, hedge, report or affirm: what a text does with a claim, whatever the claim is about.

Owns: the lists and the light stemming that matches a claim's words to a text's.
Does not know: pairs, features.
"""

from __future__ import annotations

#: Functions a word can have, in the order of the columns that count them.
KINDS = ("refute", "negate", "hedge", "report", "affirm", "ask", "mock")

_LISTS = {
    "refute": """
        fake fakes faked faking hoax hoaxes hoaxer false falsely falsehood untrue fabricated fabricate fabrication
        bogus debunk debunks debunked debunking deny denies denied denying denial denials refute refutes refuted
        dispute disputes disputed disproved disprove discredit discredited dismiss dismisses dismissed rejected
        rejects reject retract retracted retraction retracts incorrect inaccurate wrong mistake mistaken misleading
        mislead lie lies lied liar myth prank pranks pranked satire satirical spoof parody invented fiction
        fictional fictitious phony photoshopped doctored staged baseless unfounded groundless contradict contradicts
        contradicted scam fraud fraudulent misreported correction corrected nonsense rubbish impossible absurd
        exaggerated wasn't isn't didn't haven't hasn't aren't weren't doesn't don't won't couldn't shouldn't cannot
    """,
    "negate": """
        not no never none nobody nothing neither nor n't without wasn't isn't didn't haven't hasn't aren't weren't
        doesn't don't won't couldn't shouldn't cannot can't wouldn't
    """,
    "hedge": """
        alleged allegedly allege alleges apparent apparently claim claims claimed claiming purported purportedly
        reportedly rumor rumors rumored rumour rumours rumoured suspected suspects suspect possible possibly
        potential potentially probably perhaps maybe may might could would if unconfirmed unverified unclear unsure
        uncertain speculate speculated speculation speculative suggest suggests suggested seem seems seemingly
        appear appears appeared believed believe thought supposedly supposed presumably likely unlikely doubt doubts
        doubted doubtful question questions questioned questionable skeptical skeptic skeptics sceptical
        investigating investigate investigation verify yet whether anonymous unnamed sources source
    """,
    "report": """
        said says say saying told tells tell reported report reports reporting according announced announce
        announces statement spokesman spokeswoman spokesperson wrote writes write quoted tweeted posted added
        explained published newspaper interview official officials sources source media website blog outlet channel
        agency
    """,
    "affirm": """
        confirm confirms confirmed confirming confirmation verified authentic genuine real proof proves proved
        proven evidence true truth indeed fact facts actual actually definitely officially revealed reveals reveal
        discovered found announced admitted admits finally identified acknowledged
    """,
    "ask": """
        ? why how what did really
    """,
    "mock": """
        ! viral internet twitter facebook instagram youtube video photo photos picture image images meme social
        online user users tweet tweets shared
    """,
}
#: Kinds of each word, as numbers into KINDS.
WORD_KINDS: dict[str, tuple[int, ...]] = {}
for _number, _kind in enumerate(KINDS):
    for _word in _LISTS[_kind].split():
        WORD_KINDS[_word] = (*WORD_KINDS.get(_word, ()), _number)

_SMALL = """
    a about above after again against all also am an and any are as at be because been before being below between both
    but by can could did do does doing down during each few for from further had has have having he her here hers
    herself him himself his how i if in into is it its itself just me more most my myself no nor not now of off on once
    only or other our ours out over own same she should so some such than that the their theirs them themselves then
    there these they this those through to too under until up very was we were what when where which while who whom why
    will with would you your yours yourself 's 't s t n't said says say new one two
"""
#: Words that match nothing by themselves.
STOP = frozenset(_SMALL.split())


def stem(word: str) -> str:
    """Return the word without the commonest endings, so that "claims" meets "claimed"; at least three letters stay."""
    if word.endswith(("'s", "’s")):
        word = word[:-2]
    for ending, least in (
        ("ings", 4),
        ("ing", 4),
        ("edly", 4),
        ("ies", 3),
        ("ied", 3),
        ("ed", 4),
        ("es", 4),
        ("s", 3),
        ("ly", 4),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            word = word[: -len(ending)] + ("y" if ending in ("ies", "ied") else "")
            break
    # "sale" and "saling", "hopped" and "hop"
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word
