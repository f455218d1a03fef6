"""An artifact holds no text of its corpus but words that several articles have, unless more was asked for."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from topics import cli
from topics.artifact import read_artifact
from topics.canary import canary_texts
from topics.loading import load
from training import train

WORDS = "court bank match team minister vote storm harbor school hospital price border film music river market coach law".split()  # noqa: SIM905 - reads better
CONFIG = """
name = "private"
[corpus]
train = "rows.jsonl"
topic = "topic"
stance = "stances"
[terms]
ngrams = [1, 2]
min_df = 3
[split]
test = 0.2
[classify]
[lda]
n_topics = 3
max_df = 1.0
[stance]
min_df = 3
[stance.targets."the harbor"]
patterns = ["harbor"]
[stance.targets."the border"]
patterns = ["border"]
"""


def rows() -> list[dict]:
    """Articles in which every name, abbreviation, phrase and opening is that article's own."""
    draw, made = random.Random(3), []
    for i in range(60):
        own = "".join(chr(ord("a") + int(digit)) for digit in f"{i:03d}")
        word, other = (("praise", "blame"), ("blame", "praise"))[i % 2]
        common = [" ".join(draw.choices(WORDS, k=9)) for _ in range(6)]
        text = (
            f"Secretname{own} met Drsecret{own}. Secretcity{own} on Monday. The harbor and the border, {common[0]}. "
            f"Secretstart{own} {common[1]}. The secretterm{own} {common[2]}, secretphrase{own} {common[3]} {word} harbor. "
            f"“Secretquote{own} {common[4]},” said Ms. Secretname{own}. The border is {other}, {common[5]}. " * 3
        )
        made.append(
            {
                "id": f"row-{i}",
                "title": f"Secrettitle{own} and the {common[0]}",
                "text": text,
                "topic": ("sport", "law")[i % 2],
                "stances": {"the harbor": ("favor", "against")[i % 2], "the border": ("against", "favor")[i % 3 == 0]},
            }
        )
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    base = tmp_path_factory.mktemp("private")
    (base / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()))
    (base / "c.toml").write_text(CONFIG)
    return train(base / "c.toml", out=base / "artifact").path


def test_no_file_holds_a_word_of_one_article(folder):
    secret = re.compile(rb"secret[a-z]*", re.IGNORECASE)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        assert not secret.findall(path.read_bytes()), path.relative_to(folder)


def test_terms_and_canaries_are_of_several_articles(folder):
    artifact, model = read_artifact(folder), load(folder)
    assert artifact.parts["terms"].arrays["document_frequency"].min() >= 3
    texts = [json.dumps(row["text"]).lower() for row in rows()]
    allowed = {word for term in model.vocabulary.terms for word in term.split()}
    for text in canary_texts(model):
        for word in text.lower().split():
            assert word in allowed or sum(word in t for t in texts) >= 3, word


def test_what_is_kept_when_it_is_asked_for_is_told(folder, capsys):
    assert cli.run(["show", str(folder), "--contents"]) == 0
    told = capsys.readouterr().out
    for path in folder.rglob("*"):
        assert path.is_dir() or f"{path.relative_to(folder)} " in told
    assert "each in at least 3 of 48 articles" in told
    assert "labels: 2, law, sport" in told
    assert "targets: 2, the harbor, the border" in told
    assert told.endswith("articles' own text: none (evaluate.keep_text = false)\n")
    made = train(folder.parent / "c.toml", out=folder.parent / "kept", overrides=["evaluate.keep_text=true"])
    assert b"ecrettitle" in (made.path / "evaluation.json").read_bytes()
    assert cli.run(["show", str(made.path), "--contents"]) == 0
    assert re.search(r"articles' own text: [1-9]\d* titles, first words or sentences", capsys.readouterr().out)
