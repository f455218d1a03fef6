"""Sentences: Punkt's decisions from stored parameters."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.sentences import SentenceSplitter
from training.sentences import COMMON, learn_sentences

STARTER = Path(__file__).parents[1] / "training" / "starter" / "articles.jsonl"


@pytest.fixture(scope="module")
def paragraphs():
    rows = [json.loads(line) for line in STARTER.read_text(encoding="utf-8").splitlines()]
    return [p for row in rows for p in row["paragraphs"]]


@pytest.fixture(scope="module")
def splitter(paragraphs):
    return learn_sentences(paragraphs)


@pytest.fixture(scope="module")
def reference(splitter):
    punkt = pytest.importorskip("nltk.tokenize.punkt")

    class Marks(punkt.PunktLanguageVars):
        """The newest nltk's quotation marks, so that older ones are held to the same answers."""

        re_boundary_realignment = re.compile(r'["\')\]}‘’“”«»]+?(?:\s+|(?=--)|$)', re.MULTILINE)
        _re_non_word_chars = r"(?:[)\";}\]\*:@\'\({\[‘’“”«»?!])"

    parameters = punkt.PunktParameters()
    parameters.abbrev_types = set(splitter.abbreviations)
    parameters.collocations = set(splitter.collocations)
    parameters.sent_starters = set(splitter.starters)
    for word, flags in splitter.contexts.items():
        parameters.add_ortho_context(word, flags)
    return punkt.PunktSentenceTokenizer(parameters, lang_vars=Marks())


def test_decisions_are_those_of_nltk_on_the_starter_corpus(splitter, reference, paragraphs):
    ends = 0
    for paragraph in paragraphs:
        expected = list(reference.span_tokenize(paragraph))
        assert splitter.spans(paragraph) == expected
        ends += len(expected)
    assert ends > len(paragraphs) * 1.5


WORDS = "Mr. Smith said the U.S. The J. S. Bach 12. No. 3.5 ... ! ? !! . , ; “Go.” (Wait.) 'Stop!' ’ -- e.g. p.m. He left. left"
PIECES = st.sampled_from([*WORDS.split(), "well-known.", "end.)", "a.", "é.", "«Non.»", ". . .", "\n", "\u00a0"])


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(st.tuples(PIECES, st.sampled_from(["", " ", "  "])), max_size=14))
def test_decisions_are_those_of_nltk_on_odd_texts(splitter, reference, pieces):
    text = "".join(piece + gap for piece, gap in pieces)
    text = re.sub(r"\n[ \t\r]*\n", "\n", text).strip()
    while "\n\n" in text:
        text = text.replace("\n\n", "\n")
    if re.search(r"\n\s*\n", text):
        return
    assert splitter.spans(text) == list(reference.span_tokenize(text))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n\n \n", []),
        ("No mark at all", ["No mark at all"]),
        ("Mr. Smith left. He was late.", ["Mr. Smith left.", "He was late."]),
        ("It rose 3.5 per cent. Analysts cheered.", ["It rose 3.5 per cent.", "Analysts cheered."]),
        ("“We won’t go.” That was all.", ["“We won’t go.”", "That was all."]),
        ("A headline without a stop\n\nThe text begins", ["A headline without a stop", "The text begins"]),
        ("(It was over.) Nobody spoke.", ["(It was over.)", "Nobody spoke."]),
    ],
)
def test_sentences(splitter, text, sentences):
    assert [text[a:b] for a, b in splitter.spans(text)] == sentences


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet=" \n\t.?!aA“”'\"()1é-,", max_size=60))
def test_sentences_hold_every_visible_character_once(text):
    spans = learn_sentences([]).spans(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(spans))
    outside = text
    for a, b in reversed(spans):
        assert "\n\n" not in text[a:b]
        outside = outside[:a] + outside[b:]
    assert not outside.strip()


def test_arrays_hold_all_of_it(splitter, paragraphs):
    again = SentenceSplitter.from_arrays(splitter.arrays(), splitter.settings())
    assert again == splitter
    assert again.spans(paragraphs[0]) == splitter.spans(paragraphs[0])


def test_nothing_to_learn_from_leaves_the_common_abbreviations():
    assert learn_sentences(["", "  "]).abbreviations == COMMON
