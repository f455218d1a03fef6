"""Annotation: what is chosen, files of three tools there and back, labels that training takes."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.cli import run
from topics.documents import document_of
from topics.pages import Page
from topics.segment import Article
from topics.tfidf import Weights
from training import train
from training.annotate import Item, choose_next, item_of
from training.annotate_forms import FORMS, read_items, write_items


def weights(rows: list[dict[int, float]], n_terms: int = 8) -> Weights:
    """Build weights of Euclidean length 1."""
    indptr = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    data = [np.array([row[c] for c in sorted(row)]) / np.sqrt(sum(v * v for v in row.values())) for row in rows if row]
    columns = [c for row in rows for c in sorted(row)]
    return Weights(indptr=indptr, indices=np.array(columns, np.int32), data=np.concatenate(data), n_terms=n_terms)


def test_the_most_doubtful_is_chosen_first():
    chosen = choose_next(np.array([0.1, 0.9, 0.5]), weights([{0: 1.0}, {1: 1.0}, {2: 1.0}]), np.zeros(3, bool), 2)
    assert chosen == [1, 2]


def test_of_equals_only_one_is_asked_about():
    rows = [{0: 1.0}, {0: 1.0}, {1: 1.0}]
    assert choose_next(np.array([0.9, 0.89, 0.3]), weights(rows), np.zeros(3, bool), 2) == [0, 2]


def test_what_is_like_a_labeled_article_waits():
    rows = [{0: 1.0}, {0: 1.0}, {1: 1.0}]
    labeled = np.array([True, False, False])
    assert choose_next(np.array([0.9, 0.9, 0.3]), weights(rows), labeled, 2) == [2, 1]


def test_never_a_labeled_one_never_twice_and_the_empty_last():
    rows = [{0: 1.0}, {}, {1: 1.0}, {2: 1.0}]
    chosen = choose_next(np.array([0.2, 1.0, 0.3, 0.1]), weights(rows), np.array([False, False, False, True]), 9)
    assert sorted(chosen) == [0, 1, 2]
    assert chosen[-1] == 1


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
labels = names.map(str.strip).filter(bool)


@st.composite
def items(draw):
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
    spans = []
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text) - 1))
        spans.append((start, draw(st.integers(start + 1, len(text))), draw(labels)))
    return Item(
        page=draw(names),
        article=draw(st.integers(1, 99)),
        text=text,
        title_span=draw(st.none() | st.just((0, 3))),
        body_spans=((5, 9), (11, 80)),
        guess=draw(st.just("") | labels),
        probability=draw(st.floats(0, 1).map(lambda p: round(p, 6))),
        topics=tuple(dict.fromkeys(draw(st.lists(labels, max_size=3)))),
        spans=tuple(spans),
    )


@pytest.mark.parametrize("form", FORMS)
@given(given_items=st.lists(items(), max_size=4))
def test_a_file_read_again_gives_the_same_items(form, given_items):
    stream = io.StringIO()
    write_items(given_items, form, stream)
    problems: list[str] = []
    assert read_items(stream.getvalue(), "f", problems) == given_items
    assert problems == []


BOAT = "Tide\n\nThe 🚢 boat sails"
ITEM = Item(page="a.txt", article=2, text=BOAT, title_span=(10, 14), body_spans=((20, 36),), guess="farm", probability=0.4)


def written(form: str) -> str:
    stream = io.StringIO()
    write_items([ITEM], form, stream)
    return stream.getvalue()


def test_a_guess_is_never_an_answer():
    for form in FORMS:
        (item,) = read_items(written(form), "f", [])
        assert item.topics == ()
        assert item.guess == "farm"


def test_label_studio_answers_and_its_counting_of_characters():
    (task,) = json.loads(written("label-studio"))
    assert task["predictions"][0]["result"][0]["value"] == {"choices": ["farm"]}
    at = ITEM.text.index("boat")
    mark = {"start": at + 1, "end": at + 5, "text": "boat", "labels": ["thing"]}  # the ship is two places in UTF-16
    skipped = {"was_cancelled": True, "result": [{"value": {"choices": ["farm"]}}]}
    task["annotations"] = [{"result": [{"value": {"choices": ["sea"]}}, {"value": mark}]}, skipped]
    (item,) = read_items(json.dumps([task]), "f", [])
    assert item.topics == ("sea",)
    assert item.spans == ((at, at + 4, "thing"),)
    short = {**task["data"], "id": 7, "topic": {"choices": ["sea", "farm"]}, "annotator": 1}
    assert read_items(json.dumps([short]), "f", [])[0].topics == ("sea", "farm")


def test_doccano_of_several_kinds_of_project():
    row = json.loads(written("doccano"))
    assert row["label"] == []
    at = ITEM.text.index("boat")
    for change in (
        {"label": ["sea"]},
        {"label": ["sea", [at, at + 4, "thing"]]},
        {"cats": ["sea"], "entities": [{"start_offset": at, "end_offset": at + 4, "label": "thing"}]},
    ):
        (item,) = read_items(json.dumps({**row, **change}), "f", [])
        assert item.topics == ("sea",)
        assert item.spans in ((), ((at, at + 4, "thing"),))


def test_marks_become_offsets_of_the_page():
    page = "..........Tide.,,,..The 🚢 boat sails."
    article = Article(id="a.txt#2", title="Tide", title_span=(10, 14), body_spans=((20, 36),), why="")
    document = document_of(Page(id="a.txt", text=page), article, 2)
    assert item_of(document).text == ITEM.text
    marked = Item(page="a.txt", article=2, text=ITEM.text, title_span=(10, 14), body_spans=((20, 36),),
                  topics=("sea",), spans=((0, 4, "a"), (12, 16, "b"), (1, 9, "c")))  # fmt: skip
    row = marked.row()
    assert [page[s["start"] : s["end"]] for s in row["spans"]] == ["Tide", "boat", "ide.,,,..The"]
    for span, (start, end, _) in zip(row["spans"][:2], marked.spans, strict=False):
        assert document.to_page(start, end) == (span["start"], span["end"])


@pytest.mark.parametrize(
    "text", ['{"page": "a"}', '{"text": "x", "page": 3, "article": 1, "body_spans": []}', "[[1]]", "nothing",
             '{"text": "x", "page": "a", "article": 1, "body_spans": [[0, 1]], "label": [[0, 9, "b"]]}']
)  # fmt: skip
def test_what_cannot_be_used_is_told(text):
    problems: list[str] = []
    assert read_items(text, "f", problems) == []
    assert len(problems) == 1
    assert problems[0].startswith("f, ")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with 60 articles, six of them labeled, and an artifact learned from them."""
    folder = tmp_path_factory.mktemp("annotate")
    words = {"sea": "boat tide harbor sail anchor gull", "farm": "plough cow barn wheat fence hen"}
    random = np.random.default_rng(2)
    with (folder / "a.jsonl").open("w", encoding="utf-8") as file:
        for i in range(60):
            topic = ("sea", "farm")[i % 2]
            row = {"id": f"row{i}", "title": "", "text": " ".join(random.choice(words[topic].split(), 8))}
            file.write(json.dumps(row | ({"topic": topic} if i < 6 else {})) + "\n")
    config = 'name = "a"\n[corpus]\ntrain = "a.jsonl"\n[split]\ntest = 0.0\n[classify]\nfolds = 2\n'
    (folder / "c.toml").write_text(config, "utf-8")
    train(folder / "c.toml", out=folder / "art")
    return folder


@pytest.mark.parametrize("form", FORMS)
def test_from_an_artifact_to_labels_and_back_into_training(trained, form, tmp_path):
    out, back = tmp_path / "tasks", tmp_path / "labels.jsonl"
    ask = ["annotate", str(trained / "art"), str(trained / "a.jsonl"), "-q"]
    assert run([*ask, "--next", "5", "--form", form, "--out", str(out)]) == 0
    found = read_items(out.read_text("utf-8"), "f", [])
    assert len(found) == len({item.page for item in found}) == 5
    assert not {item.page for item in found} & {f"row{i}" for i in range(6)}
    answered = [Item(**{**{n: getattr(i, n) for n in i.__dataclass_fields__}, "topics": ("works",)}) for i in found[:3]]
    stream = io.StringIO()
    write_items(answered + found[3:], form, stream)
    (tmp_path / "done").write_text(stream.getvalue(), "utf-8")
    assert run(["annotate", "--read", str(tmp_path / "done"), "--out", str(back), "-q"]) == 0
    assert [json.loads(line)["topic"] for line in back.read_text("utf-8").splitlines()] == ["works"] * 3
    config = (trained / "c.toml").read_text("utf-8").replace('"a.jsonl"', f'"{trained / "a.jsonl"}"\nlabels = "labels.jsonl"')
    (tmp_path / "c.toml").write_text(config, "utf-8")
    again = train(tmp_path / "c.toml", out=tmp_path / "art")
    assert again.model.classifier.labels == ("farm", "sea", "works")
    assert again.problems == []
    # Asked again with the labels at hand, the three are not asked about.
    more = tmp_path / "more"
    assert run([*ask, "--labels", str(back), "--next", "60", "--out", str(more)]) == 0
    left = read_items(more.read_text("utf-8"), "f", [])
    assert len(left) == 60 - 6 - 3


def test_pages_are_cut_and_their_labels_find_them_again(starter, page, tmp_path):
    out, back = tmp_path / "tasks.jsonl", tmp_path / "labels.jsonl"
    assert run(["annotate", str(starter), str(page), "--next", "3", "--out", str(out), "-q"]) == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    text = page.read_text("utf-8")
    for row in rows:
        spans = ([row["title_span"]] if row["title_span"] else []) + row["body_spans"]
        assert row["text"] == "\n\n".join(text[start:end] for start, end in spans)
    out.write_text("".join(json.dumps({**row, "topic": "found"}) + "\n" for row in rows), "utf-8")
    assert run(["annotate", "--read", str(out), "--out", str(back), "-q"]) == 0
    (tmp_path / "c.toml").write_text(
        f'name = "p"\n[corpus]\ntrain = "{page}"\nlabels = "labels.jsonl"\n[split]\ntest = 0.0\n', "utf-8"
    )
    from training.config import load_config
    from training.corpus import load_corpus

    corpus = load_corpus(load_config(tmp_path / "c.toml").corpus, tmp_path)
    assert sorted(e.document.name for e in corpus.train if e.topics == ("found",)) == sorted(row["article"] for row in rows)


def test_weak_artifacts_ask_where_seeds_disagree(trained, tmp_path, capsys):
    config = (trained / "c.toml").read_text("utf-8").replace('"a.jsonl"', f'"{trained / "a.jsonl"}"\ntopic = "none"')
    (tmp_path / "c.toml").write_text(config + 'seeds = { sea = ["boat", "wheat"], farm = ["cow", "tide"] }\n', "utf-8")
    train(tmp_path / "c.toml", out=tmp_path / "art")
    assert run(["annotate", str(tmp_path / "art"), str(trained / "a.jsonl"), "--next", "4", "-q"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        (["annotate"], 2, "name an artifact"),
        (["annotate", "--read", "{folder}/c.toml"], 3, "no label"),
        (["annotate", "{folder}/art", "--read", "x"], 2, "leave out"),
        (["annotate", "{folder}/art", "{folder}/none.jsonl"], 3, "no such file"),
        (["annotate", "{folder}/art", "{folder}/a.jsonl", "--next", "0"], 2, "from 1"),
    ],
)
def test_wrong_calls(trained, capsys, call, code, said):
    assert run([word.format(folder=trained) for word in call]) == code
    assert said in capsys.readouterr().err
