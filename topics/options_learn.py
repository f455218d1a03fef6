"""The options of the commands that learn: train, evaluate, search, init, check, annotate, schema."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from topics.options import artifact, command, configured, out, overrides, positive, runs, scheduled, writes

if TYPE_CHECKING:
    from topics.options import Commands


def train(commands: Commands) -> None:
    """`topics train`."""
    parser = command(
        commands,
        "train",
        "learn what a config asks for, test it, write an artifact",
        "topics train configs/starter.toml",
        "topics train news.toml --set lda.n_topics=40 --out artifacts/forty --workers 2",
        "topics train news.toml --resume",
        "topics train march.toml --continue artifacts/news --out artifacts/march",
    )
    configured(parser)
    parser.add_argument(
        "--resume", action="store_true", help="go on where a killed run stood, to the same bytes as if it had not been killed"
    )
    parser.add_argument(
        "--continue", dest="goes_on_from", metavar="ARTIFACT",
        help="let the latent topics of ARTIFACT learn from the config's articles, too; its topics and stances stay",
    )  # fmt: skip
    out(parser, "DIR", "folder of the artifact; left out: artifacts/NAME, where an older one is replaced")
    runs(parser)
    scheduled(parser)


def evaluate(commands: Commands) -> None:
    """`topics evaluate`."""
    parser = command(
        commands,
        "evaluate",
        "judge an artifact on labeled articles",
        "topics evaluate artifacts/news more.jsonl.gz",
        "topics evaluate artifacts/starter pages/ --labels gold.jsonl --format table",
    )
    artifact(parser)
    parser.add_argument("data", nargs="+", metavar="DATA", help="labeled articles, or pages with --labels")
    parser.add_argument("--labels", metavar="FILE", help="labels of the articles of pages: page, article, topic, stances")
    overrides(parser, "read the data otherwise than the artifact's config says, such as corpus.topic=category")
    writes(parser, ("jsonl", "table"))


def search(commands: Commands) -> None:
    """`topics search`."""
    parser = command(
        commands,
        "search",
        "fit several numbers of latent topics, compare them, recommend one",
        "topics search news.toml --lda.n_topics 10,20,...,100 --plot search.html",
        "topics search configs/starter.toml --lda.n_topics 5,10 --seeds 1,2 --format table",
    )
    configured(parser)
    parser.add_argument(
        "--lda.n_topics", dest="n_topics", type=numbers, required=True, metavar="K,K,...",
        help="numbers of latent topics to compare, such as 10,20,...,100",
    )  # fmt: skip
    parser.add_argument("--seeds", type=numbers, metavar="N,N,...", help="seeds to fit each with (the config's and the next two)")
    parser.add_argument("--plot", metavar="FILE", help="draw the curves: .svg, or .html with the table")
    writes(parser)
    runs(parser)
    scheduled(parser)


def init(commands: Commands) -> None:
    """`topics init`."""
    parser = command(
        commands,
        "init",
        "write a commented config from the data it finds",
        "topics init articles.jsonl --out news.toml",
        "topics init pages/ labels.jsonl",
    )
    parser.add_argument(
        "data", nargs="+", metavar="DATA", help="files or folders to learn from; a JSON Lines file with 'page' holds labels"
    )
    out(parser, "FILE", "write here instead of standard output")


def check(commands: Commands) -> None:
    """`topics check`."""
    parser = command(
        commands,
        "check",
        "read a config's data and report what is there and what cannot be used",
        "topics check configs/news.toml",
        "topics check configs/news.toml --doubts",
    )
    configured(parser)
    parser.add_argument(
        "--doubts", action="store_true", help="list the rows whose topic is probably wrong; models are fitted for that"
    )
    runs(parser)


def annotate(commands: Commands) -> None:
    """`topics annotate`."""
    parser = command(
        commands,
        "annotate",
        "choose the articles whose labels would teach most; read annotated files back as labels",
        "topics annotate artifacts/news pages/ --next 20 --form label-studio --out tasks.json",
        "topics annotate --read export.json --out labels.jsonl",
    )
    parser.add_argument(
        "given", nargs="*", metavar="ARTIFACT DATA", help="folder that `topics train` wrote; articles and pages to choose from"
    )
    parser.add_argument("--next", type=positive, default=20, metavar="N", help="articles to choose")
    parser.add_argument("--form", choices=["jsonl", "label-studio", "doccano"], default="jsonl", help="what annotates them")
    parser.add_argument(
        "--labels", action="append", default=[], metavar="FILE", help="labels that are there already; repeat for several files"
    )
    parser.add_argument(
        "--read", action="append", metavar="FILE", help="write the labels of an annotated file; repeat for several files"
    )
    overrides(parser, "read the data otherwise than the artifact's config says, such as corpus.text=body")
    out(parser, "FILE", "write here instead of standard output")


def schema(commands: Commands) -> None:
    """`topics schema`."""
    command(
        commands,
        "schema",
        "print the JSON Schema of a config, for editors",
        "topics schema > topics.schema.json",
    )


def numbers(text: str) -> list[int]:
    """Read whole numbers from 1, such as "5,10" or "10,20,...,100"."""
    found: list[int] = []
    pieces = [piece.strip() for piece in text.split(",")]
    for i, piece in enumerate(pieces):
        if piece in ("...", "…") and len(found) > 1 and i == len(pieces) - 2 and pieces[-1].isdigit():
            step, last = found[-1] - found[-2], int(pieces[-1])
            found += range(found[-1] + step, last, step) if step > 0 else []
        elif piece.isdigit() and int(piece):
            found.append(int(piece))
        else:
            raise argparse.ArgumentTypeError(f"expected whole numbers such as 5,10 or 10,20,...,100, got {text!r}")
    return found
