"""The examples in every command's help run as they stand there."""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from conftest import PAGES, ROOT

from topics.cli import parser, run

CRAWL = "topics predict artifacts/starter crawl.warc.gz --out labels.jsonl --resume --errors errors.jsonl --max-errors 1%"
#: Examples that are not run, and why.
NOT_RUN = {
    "cat page.txt | topics segment - --format table": "a pipe; tests/test_cli.py reads standard input",
    CRAWL: "needs a crawl",
    "topics train news.toml --set lda.n_topics=40 --out artifacts/forty --workers 2": "the same as the one before, on other data",
    "topics train news.toml --resume": "needs a run that was killed",
    "topics train march.toml --continue artifacts/news --out artifacts/march": "needs the articles of another month",
    "topics search news.toml --lda.n_topics 10,20,...,100 --plot search.html": "takes minutes",
    "topics check configs/news.toml": "names data of one's own",
    "topics check configs/news.toml --doubts": "names data of one's own",
    "topics annotate --read export.json --out labels.jsonl": "needs a file from an annotation tool",
    "topics import news-gensim --from gensim --out artifacts/theirs": "takes long; tests/test_lda_commands.py runs it",
    "topics serve artifacts/starter": "runs until it is stopped; tests/test_serve.py runs it",
    "topics serve artifacts/news --port 9000 --workers 4": "runs until it is stopped",
}
#: Commands none of whose examples can run here, and the line that is run instead.
INSTEAD = {"check": "topics check configs/starter.toml", "serve": "topics serve --help"}


def commands() -> dict[str, argparse.ArgumentParser]:
    (choices,) = [a.choices for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(choices)


def examples() -> list[tuple[str, str]]:
    """Every example with its command, in the order of the help: later ones may use what earlier ones wrote."""
    found = []
    for name, command in commands().items():
        lines = [line.strip() for line in (command.epilog or "").splitlines()[1:] if line.strip()]
        found += [(name, line) for line in lines if line not in NOT_RUN]
        found += [(name, INSTEAD[name])] if name in INSTEAD else []
    return found


@pytest.fixture(scope="module")
def desk(starter, tmp_path_factory) -> Path:
    """A folder with everything that the examples name."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("configs", "training"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "artifacts").mkdir()
    for name in ("starter", "news"):
        shutil.copytree(starter, folder / "artifacts" / name)
    (folder / "pages").mkdir()
    names = ("portal-080.txt", "aggregator-014.txt", "bare-071.txt", "portal-094.txt")
    for name in names:
        shutil.copy(PAGES / "test" / name, folder / "pages" / name)
    shutil.copy(PAGES / "test" / names[0], folder / "page.txt")
    gold = []
    for line in (ROOT / "training/starter/gold.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        row["page"] = Path(row["page"]).name
        gold += [json.dumps(row)] if row["page"] in names else []
    for name in ("gold.jsonl", "labels.jsonl"):
        (folder / name).write_text("\n".join(gold) + "\n", "utf-8")
    rows = [json.loads(line) for line in (ROOT / "training/starter/articles.jsonl").read_text("utf-8").splitlines()[:60]]
    articles = "".join(
        json.dumps(
            {
                "id": r["id"],
                "title": r["title"],
                "text": "\n\n".join(r["paragraphs"]),
                "topic": r["topic"],
                "published": f"2024-0{i % 6 + 1}-02",
            }
        )
        + "\n"
        for i, r in enumerate(rows)
    )
    (folder / "articles.jsonl").write_text(articles, "utf-8")
    (folder / "more.jsonl.gz").write_bytes(gzip.compress(articles.encode(), mtime=0))
    return folder


@pytest.mark.parametrize(("name", "line"), examples(), ids=lambda value: value)
def test_the_example_runs(name, line, desk, monkeypatch, capsys):
    if name == "export" and "gensim" in line:
        pytest.importorskip("gensim", reason="gensim has no wheel for this Python")
    monkeypatch.chdir(desk)
    words = shlex.split(re.split(r"\s+>", line)[0])[1:]
    if "--out" in words or name == "train":
        words.append("--force")
    try:
        code = run(words)
    except SystemExit as done:  # --help
        code = done.code
    told = capsys.readouterr()
    assert code == 0, told.err
    written = [words[words.index(option) + 1] for option in ("--out", "--html") if option in words]
    assert all(Path(path).exists() for path in written) if written else told.out


def test_every_command_has_an_example_that_runs():
    assert {name for name, _ in examples()} == set(commands())


def test_what_is_not_run_is_an_example():
    lines = {line.strip() for command in commands().values() for line in (command.epilog or "").splitlines()}
    assert set(NOT_RUN) <= lines
