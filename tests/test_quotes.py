"""Voices: what is quoted, who is said to speak, and whose stance it is."""

from __future__ import annotations

import numpy as np
import pytest

from topics.quotes import find_quotes
from topics.stance import voice_of


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("“We will never give up on this,” said the mayor of Hull. It rained.", ["the mayor of Hull"]),
        ('"We will never give up on this," the mayor said on Monday.', ["the mayor"]),
        ("The head teacher argued: “It would cost every school a teacher.”", ["The head teacher"]),
        ("“It would cost us all dearly,” one resident said. “I will not pay for it.”", ["one resident", "one resident"]),
        ("A so-called “good deal” was struck.", []),
        ("It's the town's day, and it isn't over yet.", []),
        ("“Nobody is named for this quotation here”\n\nNext.", [None]),
        ("Sentencing her, the judge told her to rise. “The people who suffered were children,” he said.", ["the judge"]),
        ("She was calm. “You put your life in boxes,” she said.", ["she"]),
    ],
)
def test_quotes_and_speakers(text, speakers):
    assert [q.speaker for q in find_quotes(text)] == speakers


def test_the_voice_is_the_speakers_only_when_most_of_the_weight_is_theirs():
    text = "“We must stop sending it at once,” said the senator. The vote is due on Friday."
    spans, quotes = [(0, 52), (53, len(text))], find_quotes(text)
    assert voice_of(spans, np.array([2.0, 1.0]), quotes) == "the senator"
    assert voice_of(spans, np.array([1.0, 1.0]), quotes) == "article"
    assert voice_of(spans, np.array([-1.0, 1.0]), quotes) == "article"


def test_the_voice_is_the_speakers_where_the_rest_alone_would_not_give_the_label():
    text = "“We must stop sending it at once,” said the senator. The vote is due on Friday."
    spans, quotes = [(0, 52), (53, len(text))], find_quotes(text)
    assert voice_of(spans, np.array([1.0, 0.9]), quotes, rest=-1.0) == "the senator"
    assert voice_of(spans, np.array([1.0, 0.9]), quotes, rest=-0.8) == "article"
