"""A corpus as its files give it: patterns, labels of pages and rows, and every row that cannot be used."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from topics.errors import ConfigError, InputError
from training.corpus import Corpus, load_corpus
from training.settings import CorpusSettings

PAGE = """Rates rise again as the central bank fights inflation

By Ann Berg

The central bank raised its main interest rate by half a point on Thursday, the ninth rise in a row, and said that
prices were still climbing too fast for comfort. Economists had expected a smaller step after a weak summer.

Shares fell in the afternoon, and the currency gained against the dollar. The governor told reporters that the
board would look at new figures before it decided on another move in the autumn.

Storm floods the harbor district after a night of rain

By Tom Lee

Streets in the harbor district stood under water on Friday after a night of heavy rain, and firefighters pumped out
dozens of cellars. Schools stayed closed, and the ferry to the islands did not leave until noon.

The weather service had warned of the storm two days before. Officials said that nobody was hurt, and that the
repairs of the sea wall would now begin earlier than planned.
"""


def write(folder: Path, files: dict[str, object]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, list):
            path.write_text("".join(json.dumps(row) + "\n" for row in content))
        else:
            path.write_text(str(content))
    return folder


def corpus(folder: Path, **settings: object) -> Corpus:
    return load_corpus(CorpusSettings(**({"train": "*.jsonl"} | settings)), folder, name="c.toml")


def row(i: int, **fields: object) -> dict[str, object]:
    return {"id": f"r{i}", "title": f"Title {i}", "text": f"Text number {i} of this file.", "topic": "sport"} | fields


def texts(examples) -> list[str]:
    return [e.document.text for e in examples]


def test_one_article_a_line(tmp_path):
    write(tmp_path, {"a.jsonl": [row(1), row(2, topic=["health", "sport", "health"]), row(3, topic=None), row(4, topic=7)]})
    found = corpus(tmp_path)
    assert [e.topics for e in found.train] == [("sport",), ("health", "sport"), (), ("7",)]
    assert texts(found.train)[0] == "Title 1\n\nText number 1 of this file."
    assert [e.group for e in found.train] == ["r1", "r2", "r3", "r4"]
    assert found.problems == found.warnings == found.test == []


def test_fields_of_other_names(tmp_path):
    rows = [{"key": "k", "head": "H", "body": "B b", "cat": "x", "who": "Paper", "when": "2024-01-02", "story": "s1"}]
    write(tmp_path, {"a.jsonl": rows})
    (example,) = corpus(
        tmp_path, text=["head", "body"], topic="cat", id="key", source="who", published="when", group="story"
    ).train
    assert (example.document.text, example.topics, example.group) == ("H\n\nB b", ("x",), "s1")
    article = example.document.article
    assert (article.id, article.source, article.published) == ("k", "Paper", "2024-01-02")


def test_a_title_that_does_not_come_first_leaves_the_text_in_place(tmp_path):
    write(tmp_path, {"a.jsonl": [row(1)]})
    (example,) = corpus(tmp_path, text=["text", "title"]).train
    assert example.document.article.title == "Title 1"
    assert sorted(example.document.text.split("\n\n")) == ["Text number 1 of this file.", "Title 1"]


def test_patterns_folders_and_compressed_files(tmp_path):
    write(
        tmp_path,
        {
            "in [brackets]/a.jsonl": [row(1)],
            "in [brackets]/deep/er/b.jsonl": [row(2)],
            "in [brackets]/c.jsonl.gz": gzip.compress(json.dumps(row(3)).encode()),
            "in [brackets]/.hidden.jsonl": [row(4)],
            "in [brackets]/README.md": "nothing to read",
        },
    )
    base = tmp_path / "in [brackets]"

    def ids(**settings):
        return [e.document.article.id for e in corpus(base, **settings).train]

    assert ids(train=".") == ["r1", "r3", "r2"]
    assert ids(train="*.jsonl") == ["r1"]
    assert ids(train=["a.jsonl", "*", "a.*"]) == ["r1", "r3", "r2"]
    assert ids(train="**/*.jsonl") == ["r1", "r2"]
    assert ids(train=str(base / "deep")) == ["r2"]
    assert corpus(base, train=".").warnings == [f"{base}/.: skipped files that are not read: 1 .md"]


def test_patterns_that_match_nothing_are_all_told(tmp_path):
    write(tmp_path, {"a.jsonl": [row(1)]})
    with pytest.raises(ConfigError) as caught:
        corpus(tmp_path, train=["a.jsonl", "b*.jsonl"], test="c", labels="d.jsonl", bodies="e.jsonl")
    assert caught.value.problems == [
        f"corpus.labels: nothing matches 'd.jsonl' in {tmp_path}; correct the path or the pattern",
        f"corpus.bodies: nothing matches 'e.jsonl' in {tmp_path}; correct the path or the pattern",
        f"corpus.test: nothing matches 'c' in {tmp_path}; correct the path or the pattern",
        f"corpus.train: nothing matches 'b*.jsonl' in {tmp_path}; correct the path or the pattern",
    ]
    assert str(caught.value).startswith("c.toml cannot be run")


def test_what_is_for_testing_is_not_learned_from(tmp_path):
    write(tmp_path, {"a.jsonl": [row(1)], "test.jsonl": [row(2)]})
    found = corpus(tmp_path, train="*.jsonl", test="test.jsonl")
    assert ([e.group for e in found.train], [e.group for e in found.test]) == (["r1"], ["r2"])
    assert found.warnings == ["corpus.train: 1 files that other settings name are left out"]


def test_where_keeps_the_rows_that_agree(tmp_path):
    write(tmp_path, {"a.jsonl": [row(1, r8=True), row(2, r8=False), row(3), row(4, r8=1), row(5, r8="true")]})
    assert [e.group for e in corpus(tmp_path, where={"r8": True}).train] == ["r1", "r5"]
    write(tmp_path, {"b.csv": "id,title,text,topic,year\nx,T,Some text,sport,2024\ny,T,Some text,sport,2023\n"})
    assert [e.group for e in corpus(tmp_path, train="b.csv", where={"year": 2024, "topic": "sport"}).train] == ["x"]
    with pytest.raises(InputError, match=r"no article to learn from in .*; corpus\.where leaves out all 5 rows"):
        corpus(tmp_path, train="a.jsonl", where={"r9": True})


def test_stances_of_rows(tmp_path):
    rows = [
        row(1, stance="favor", target="net zero"),
        row(2, stance=0, target="net zero"),
        row(3, stance="favor"),
        row(4, target="net zero"),
        row(5, stance={"net zero": "against", "Trump": None}),
        row(6, stance="favor", target=""),
    ]
    write(tmp_path, {"a.jsonl": rows})
    found = corpus(tmp_path)
    assert [e.stances for e in found.train] == [{"net zero": "favor"}, {"net zero": "0"}, {}, {}, {"net zero": "against"}]
    assert found.problems == [f"{tmp_path}/a.jsonl, line 6: a stance without a target: field 'target' is empty"]


def test_pairs_of_a_headline_and_a_body(tmp_path):
    write(
        tmp_path,
        {
            "bodies.jsonl": [{"id": "0", "text": "The body of the story."}, {"body_id": 1, "text": "Another body."}],
            "pairs.jsonl": [
                {"id": "p0", "headline": "A claim", "body_id": "0", "stance": "agree"},
                {"id": "p1", "headline": "A claim", "body_id": 1, "stance": "unrelated"},
                {"id": "p2", "headline": "A claim", "body_id": "9", "stance": "agree"},
            ],
        },
    )
    found = corpus(tmp_path, train="*.jsonl", bodies="bodies.jsonl", target="headline", text="text")
    assert [(e.document.text, e.stances, e.group) for e in found.train] == [
        ("The body of the story.", {"A claim": "agree"}, "0"),
        ("Another body.", {"A claim": "unrelated"}, "1"),
    ]
    assert found.problems == [f"{tmp_path}/pairs.jsonl, line 3: no body '9' in corpus.bodies"]


def test_every_bad_row_is_told_by_file_and_line(tmp_path):
    lines = [
        json.dumps(row(1)),
        "{not json",
        "[1, 2]",
        json.dumps({"id": "x", "topic": "sport"}),
        json.dumps(row(5, text=7)),
        json.dumps(row(6, topic={"a": 1})),
        json.dumps(row(7, topic=["a", ["b"]])),
        json.dumps(row(8)),
    ]
    write(tmp_path, {"a.jsonl": "\n".join(lines), "b.csv": "id,title,text,topic\nx,T,Some text,sport\ny,T\n"})
    found = corpus(tmp_path, train=["a.jsonl", "b.csv"])
    assert [e.group for e in found.train] == ["r1", "r8", "x"]
    assert [problem.partition(":")[0] for problem in found.problems] == [
        *(f"{tmp_path}/a.jsonl, line {n}" for n in (2, 3, 4, 5, 6, 7)),
        f"{tmp_path}/b.csv, line 3",
    ]
    assert found.problems[4].endswith("a label must be a string or a number, got dict")


def test_a_file_that_cannot_be_used_leaves_the_others(tmp_path):
    write(tmp_path, {"a.jsonl": [row(1)], "b.jsonl": bytes(range(256)) * 9, "c.jsonl": "", "d.jsonl.gz": b"\x1f\x8bnot gzip"})
    found = corpus(tmp_path, train=".")
    assert [e.group for e in found.train] == ["r1"]
    assert any("d.jsonl.gz" in problem for problem in found.problems)


def test_nothing_to_learn_from_says_why(tmp_path):
    write(tmp_path, {"a.jsonl": "{"})
    with pytest.raises(InputError, match=r"no article to learn from in \*\.jsonl; first problem: .*a\.jsonl, line 1"):
        corpus(tmp_path)


def test_repeated_ids_and_other_encodings_are_warnings(tmp_path):
    write(tmp_path, {"a.jsonl": [row(1), row(1)], "p.txt": PAGE.replace("Ann Berg", "Anné Berg").encode("cp1252")})
    found = corpus(tmp_path, train=["a.jsonl", "p.txt"])
    assert [e.group for e in found.train[:2]] == ["r1", "r1"]
    assert len(found.warnings) == 2
    assert "was there before" in found.warnings[0]
    assert "Windows-1252" in found.warnings[1]


# Pages and their labels


def spans_of(page: str, start: str, end: str) -> list[list[int]]:
    return [[page.index(start), page.index(end) + len(end)]]


RATES = spans_of(PAGE, "The central bank raised", "autumn.")
STORM = spans_of(PAGE, "Streets in", "planned.")


@pytest.mark.parametrize(
    "labels",
    [
        [{"page": "p.txt", "article": 1, "topic": "economy"}, {"page": "p.txt", "article": 2, "topic": "weather"}],
        [{"page": "p.txt", "article": "2", "topic": "weather"}, {"page": "p.txt", "id": "any/p.txt#1", "topic": "economy"}],
        [
            {"page": "in/p.txt", "body_spans": STORM, "topic": "weather"},
            {"page": "./in/p.txt", "body_spans": RATES, "topic": "economy"},
        ],
        [{"page": "p.txt", "articles": [{"topic": "economy"}, {"topic": "weather"}]}],
        [
            {
                "page": "p.txt",
                "articles": [{"id": "a9", "body_spans": STORM, "topic": "weather"}, {"body_spans": RATES, "topic": "economy"}],
            }
        ],
    ],
    ids=["number", "number in words and id", "spans", "one page a line", "one page a line with spans"],
)
def test_labels_find_their_articles(tmp_path, labels):
    write(tmp_path, {"in/p.txt": PAGE, "in/labels.jsonl": labels})
    found = corpus(tmp_path, train="in", labels="in/labels.jsonl")
    assert [e.topics for e in found.train] == [("economy",), ("weather",)]
    assert {e.group for e in found.train} == {str(tmp_path / "in" / "p.txt")}
    assert found.problems == []


def test_stances_of_labels(tmp_path):
    stances = [{"target": "rates", "label": "against"}, {"target": "", "label": "x"}]
    labels = [
        {"page": "p.txt", "article": 1, "stances": {"rates": "favor", "x": None}},
        {"page": "p.txt", "article": 2, "stances": stances},
    ]
    write(tmp_path, {"p.txt": PAGE, "labels.jsonl": labels})
    found = corpus(tmp_path, train="p.txt", labels="labels.jsonl")
    assert [e.stances for e in found.train] == [{"rates": "favor"}, {"rates": "against"}]


def test_pages_of_one_name_in_two_folders_keep_their_own_labels(tmp_path):
    labels = [{"page": f"{side}/p.txt", "article": 1, "topic": side} for side in ("one", "two")]
    write(tmp_path, {"one/p.txt": PAGE, "two/p.txt": PAGE, "labels.jsonl": labels})
    found = corpus(tmp_path, train=["one", "two"], labels="labels.jsonl")
    assert [e.topics for e in found.train] == [("one",), (), ("two",), ()]


def test_labels_that_go_nowhere_are_told(tmp_path):
    labels = [
        {"page": "p.txt", "article": 9, "topic": "sport"},
        {"page": "q.txt", "article": 1, "topic": "sport"},
        {"article": 1, "topic": "sport"},
        {"page": "p.txt", "articles": "two"},
        {"page": "p.txt", "body_spans": [[0, 5], "x"], "topic": "sport"},
        {"page": "p.txt", "body_spans": [[99_000, 99_100]], "topic": "sport"},
        {"page": "p.txt", "article": 1, "topic": {"a": 1}},
        {"page": "p.txt", "article": 1, "stances": "favor"},
        {"page": "p.txt", "article": 2, "topic": "weather"},
        {"page": "p.txt", "article": 2, "topic": "sport"},
        {"page": "p.txt", "topic": "sport"},
    ]
    write(tmp_path, {"p.txt": PAGE, "labels.jsonl": labels})
    found = corpus(tmp_path, train="p.txt", labels="labels.jsonl")
    assert [e.topics for e in found.train] == [(), ("weather",)]
    lines = sorted(int(problem.partition(":")[0].removeprefix("labels.jsonl, line ")) for problem in found.problems)
    assert lines == [1, 2, 3, 4, 5, 6, 7, 8, 10, 11]
    assert "labels.jsonl, line 1: article 9 was not found on p.txt, which was cut into 2" in found.problems
    assert "labels.jsonl, line 2: labels for q.txt, which is not in the corpus" in found.problems
    assert "labels.jsonl, line 10: article 2 of p.txt has two labels; the other is kept (labels.jsonl, line 9)" in found.problems


def test_of_two_articles_cut_as_one_the_longer_names_it(tmp_path):
    short, long = [RATES[0][0], RATES[0][0] + 60], [RATES[0][0] + 60, RATES[0][1]]
    labels = [
        {"page": "p.txt", "body_spans": [short], "topic": "short"},
        {"page": "p.txt", "body_spans": [long], "topic": "long"},
    ]
    write(tmp_path, {"p.txt": PAGE, "labels.jsonl": labels})
    found = corpus(tmp_path, train="p.txt", labels="labels.jsonl")
    assert found.train[0].topics == ("long",)
    assert len(found.problems) == 1


def test_the_digest_tells_contents_names_and_uses_apart(tmp_path):
    digests = set()
    for files, settings in [
        ({"a.jsonl": [row(1)], "b.jsonl": [row(2)]}, {}),
        ({"a.jsonl": [row(2)], "b.jsonl": [row(1)]}, {}),
        ({"a.jsonl": [row(1)], "c.jsonl": [row(2)]}, {}),
        ({"a.jsonl": [row(1)], "b.jsonl": [row(2)]}, {"test": "b.jsonl"}),
    ]:
        folder = tmp_path / str(len(digests))
        digests.add(corpus(write(folder, files), **settings).digest)
        again = write(tmp_path / f"again{len(digests)}", files)
        assert corpus(again, **settings).digest in digests, "where the files lie does not matter"
    assert len(digests) == 4
