"""Stems are those of nltk's Snowball stemmer on real words.

On made-up ones such as "asization" they part: nltk forgets where R2 begins once an ending was replaced.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.snowball import EnglishStemmer

from topics.stems import english_stem
from topics.terms import count_terms
from topics.tokens import Analysis, term_spans
from training.settings import TermsSettings
from training.terms import learn_terms

ENDINGS = [
    "s",
    "es",
    "ies",
    "ied",
    "ed",
    "edly",
    "ing",
    "ingly",
    "eed",
    "eedly",
    "ational",
    "ization",
    "fulness",
    "ousli",
    "li",
    "lli",
    "ogi",
    "logi",
    "ion",
    "sion",
    "ative",
    "ement",
    "ate",
    "ical",
    "y",
    "e",
    "l",
    "ll",
]
theirs = EnglishStemmer()


def test_every_word_of_the_starter_corpus():
    path = Path(__file__).parent.parent / "training" / "starter" / "articles.jsonl"
    words = set(re.findall(r"\b\w\w+\b", path.read_text("utf-8").lower()))
    assert len(words) > 5000
    assert {w: english_stem(w) for w in words} == {w: theirs.stem(w) for w in words}


@settings(max_examples=500, deadline=None)
@given(st.text("aeiouybcdlnrstwxgm", min_size=1, max_size=7), st.sampled_from(ENDINGS), st.sampled_from(["", *ENDINGS]))
def test_a_stem_is_the_beginning_of_its_word_or_nearly(stem, first, second):
    word = stem + first + second
    found = english_stem(word)
    assert 0 < len(found) <= len(word)
    # What is put in place of an ending is one letter of "i" or "e", or an ending's own beginning.
    assert word.startswith(found[:-3])


def test_terms_are_stems_and_spans_are_words():
    texts = ["Elections: the elected minister was electing.", "The ministers' election"]
    vocabulary, counts = learn_terms(texts, TermsSettings(ngrams=[1, 1], stem="english", stop_words=["the"], min_df=1))
    assert vocabulary.terms == ("elect", "minist", "was")
    assert counts.data.tolist() == [3, 1, 1, 1, 1]
    analysis = Analysis(stem="english", stop_words=frozenset({"the"}))
    assert count_terms(texts, vocabulary, analysis).data.tolist() == counts.data.tolist()
    assert [(t, texts[0][a:b]) for t, a, b in term_spans(texts[0], analysis)][:2] == [
        ("elect", "Elections"),
        ("elect", "elected"),
    ]
    assert Analysis.from_settings(json.loads(json.dumps(analysis.settings()))) == analysis
