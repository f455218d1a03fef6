"""Topics by period and by source: known counts, months that become years, what is left out is counted."""

from __future__ import annotations

import json

import numpy as np
import pytest

from topics.documents import documents_of
from topics.pages import Page
from topics.sources import Record
from topics.tally import MOST, Tally
from training.corpus import Example
from training.overview import OPENING, corpus_facts, named
from training.settings import TermsSettings
from training.terms import learn_terms


def test_counts_and_mean_shares_by_month_and_source():
    tally = Tally()
    tally.add(published="2024-03-09", source="Wire", topics=["sport"], mixture=[(0, 0.8), (1, 0.2)], stances={"tax": "favor"})
    tally.add(published="2024-03-10T08:00", source="Post", topics=["sport"], mixture=[(1, 1.0)])
    tally.add(published="2024-04", source="Wire", topics=["health"])
    tally.add(published="34 minutes ago", source=None, topics=["health"], stances={"tax": "against"})
    found = tally.to_dict(2)
    assert found["articles"] == 4
    time, source = found["over_time"], found["by_source"]
    assert (time["unit"], time["groups"], time["articles"], time["not_shown"]) == ("month", ["2024-03", "2024-04"], [2, 1], 1)
    assert time["topics"] == {"health": [0, 1], "sport": [2, 0]}
    assert time["latent"] == [[0.4, 0.0], [0.6, 0.0]]
    assert time["stances"] == {"tax": {"favor": [1, 0]}}
    assert (source["groups"], source["topics"]["sport"]) == (["Wire", "Post"], [1, 1])


def test_many_months_become_years_and_the_newest_stay():
    tally = Tally()
    for year in range(1990, 2024):
        for month in ("01", "07"):
            tally.add(published=f"{year}-{month}", source=None)
    found = tally.to_dict(0)["over_time"]
    assert (found["unit"], len(found["groups"]), found["groups"][-1]) == ("year", MOST, "2023")
    assert sum(found["articles"]) + found["not_shown"] == 68


def test_no_date_and_no_source_leave_no_grouping():
    tally = Tally()
    tally.add(published=None, source=None, topics=["sport"])
    assert tally.to_dict(3) == {"articles": 1}


@pytest.fixture
def examples() -> list[Example]:
    found = []
    for n, text in enumerate(["The court heard the case. " * 30, "A goal won the match.", "Rain fell on the coast."]):
        page = Page(id=f"/some/where/a{n}.txt", text=text, source="Wire", published=f"2024-0{n + 1}-02")
        record = Record(page=page, kind="article", file="a", line=n, fields={}, title_span=None)
        (document,) = documents_of(record)
        found.append(Example(document=document, topics=("news",), stances={}, group=str(n)))
    return found


def test_facts_of_a_corpus_are_its_labels_by_period(examples):
    _, counts = learn_terms([e.document.text for e in examples], TermsSettings(min_df=1))
    facts = corpus_facts(examples, counts, None)
    assert facts["over_time"]["topics"] == {"news": [1, 1, 1]}
    assert json.loads(json.dumps(facts)) == facts


def test_articles_are_named_without_their_folder_and_without_words_unless_asked_for(examples):
    assert named(examples, [[1], [0, 2]], keep_text=False) == [[{"id": "a1.txt"}], [{"id": "a0.txt"}, {"id": "a2.txt"}]]
    kept = named(examples, [[0]], keep_text=True)[0][0]
    assert kept["opening"] == examples[0].document.text[:OPENING]


def test_the_artifact_holds_facts_and_no_text(starter):
    learned = json.loads((starter / "evaluation.json").read_text("utf-8"))["learned"]
    assert np.array(learned["corpus"]["over_time"]["latent"]).shape[0] == len(learned["lda"]["examples"])
    assert all(set(article) == {"id"} for several in learned["lda"]["examples"] for article in several)
