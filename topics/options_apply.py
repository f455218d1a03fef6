"""The options of the commands that apply: segment, predict, explain, show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from topics.options import artifact, command, reads, target, with_text, writes

if TYPE_CHECKING:
    from topics.options import Commands


def segment(commands: Commands) -> None:
    """`topics segment`."""
    parser = command(
        commands,
        "segment",
        "cut pages into articles, one a line",
        "topics segment page.txt",
        "cat page.txt | topics segment - --format table",
        "topics segment pages/ --out articles.jsonl",
        "topics segment page.txt --show",
        "topics segment page.txt --html page.html",
    )
    reads(parser)
    writes(parser)
    with_text(parser)
    painted = parser.add_mutually_exclusive_group()
    painted.add_argument(
        "--show", action="store_true", help="paint the page in the terminal, each block in the color of its role"
    )
    painted.add_argument("--html", metavar="FILE", help="the same as a self-contained page to open in a browser")


def predict(commands: Commands) -> None:
    """`topics predict`."""
    parser = command(
        commands,
        "predict",
        "label articles with topic, stances and latent topics",
        "topics predict artifacts/starter page.txt",
        "topics predict artifacts/starter pages/ --format csv --out labels.csv",
    )
    artifact(parser)
    reads(parser)
    target(parser)
    writes(parser)
    with_text(parser)


def explain(commands: Commands) -> None:
    """`topics explain`."""
    parser = command(
        commands,
        "explain",
        "show why: terms for and against, stance evidence, latent topics",
        "topics explain artifacts/starter page.txt",
        "topics explain artifacts/starter page.txt --format jsonl",
    )
    artifact(parser)
    reads(parser)
    target(parser)
    writes(parser, ("jsonl", "table"))


def show(commands: Commands) -> None:
    """`topics show`."""
    parser = command(
        commands,
        "show",
        "show what an artifact learned",
        "topics show artifacts/starter",
        "topics show artifacts/starter --topic sport",
        "topics show artifacts/starter --verify",
    )
    artifact(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--topic", metavar="LABEL", help="the terms of one topic")
    what.add_argument("--latent", type=int, metavar="K", help="the terms of one latent topic")
    what.add_argument("--verify", action="store_true", help="check all hashes and ask the stored canaries again")
    what.add_argument("--contents", action="store_true", help="list the files inside and what they hold")
