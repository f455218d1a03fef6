"""The options of the commands that apply: segment, predict, explain, show, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from topics.options import (
    artifact,
    command,
    duplicates,
    formulas,
    out,
    positive,
    reads,
    runs,
    scheduled,
    target,
    trusts,
    with_text,
    writes,
)

if TYPE_CHECKING:
    from topics.options import Commands

#: Measures of a latent topic's terms, as `lda_labels.MEASURES`, which would load numpy.
MEASURES = ("probability", "score", "relevance", "frex", "lift")


def segment(commands: Commands) -> None:
    """`topics segment`."""
    parser = command(
        commands,
        "segment",
        "cut pages into articles, one a line",
        "topics segment page.txt",
        "cat page.txt | topics segment - --format table",
        "topics segment pages/ --out cut.jsonl",
        "topics segment page.txt --show",
        "topics segment page.txt --html page.html",
    )
    reads(parser)
    writes(parser, ("jsonl", "csv", "table", "parquet"))
    scheduled(parser)
    formulas(parser)
    with_text(parser)
    duplicates(parser)
    trusts(parser)
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
        "topics predict artifacts/starter crawl.warc.gz --out labels.jsonl --resume --errors errors.jsonl --max-errors 1%",
    )
    artifact(parser)
    reads(parser)
    target(parser)
    writes(parser, ("jsonl", "csv", "table", "parquet"))
    scheduled(parser)
    formulas(parser)
    with_text(parser)
    duplicates(parser)
    trusts(parser)
    parser.add_argument(
        "--resume",
        action="store_true",
        help="keep what is done in FILE.resume beside --out FILE until it is complete, and go on from there after a kill",
    )


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
    trusts(parser)


def serve(commands: Commands) -> None:
    """`topics serve`."""
    parser = command(
        commands,
        "serve",
        "answer requests over HTTP: /predict, /segment, /explain, /health",
        "topics serve artifacts/starter",
        "topics serve artifacts/news --port 9000 --workers 4",
    )
    artifact(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; left out, this machine alone can ask")
    parser.add_argument("--port", type=positive, default=8000, metavar="N", help="port to listen on (8000)")
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME", help="a name that requests may call this machine by; repeat for several (on loopback its own names, else any)"
    )  # fmt: skip
    parser.add_argument("--max-mb", type=positive, default=2, metavar="N", help="megabytes that a request may have (2)")
    parser.add_argument("--seconds", type=positive, default=30, metavar="N", help="seconds that an answer may take (30)")
    runs(parser)


def show(commands: Commands) -> None:
    """`topics show`."""
    parser = command(
        commands,
        "show",
        "show what an artifact learned",
        "topics show artifacts/starter",
        "topics show artifacts/starter --topic sport",
        "topics show artifacts/starter --latent 3 --by relevance --terms 15",
        "topics show artifacts/starter --verify",
    )
    artifact(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--topic", metavar="LABEL", help="the terms of one topic")
    what.add_argument(
        "--latent", type=int, metavar="K", help="one latent topic: its terms, the articles and sentences that say most of it"
    )
    what.add_argument("--verify", action="store_true", help="check all hashes and ask the stored canaries again")
    what.add_argument("--contents", action="store_true", help="list the files inside and what they hold")
    parser.add_argument("--by", choices=MEASURES, default="probability", help="order of a latent topic's terms (probability)")
    parser.add_argument("--terms", type=positive, default=30, metavar="N", help="terms of a latent topic (30)")


def report(commands: Commands) -> None:
    """`topics report`."""
    parser = command(
        commands,
        "report",
        "make one page to open: what was learned, how right it is, and pages painted with it",
        "topics report artifacts/starter --out report.html",
        "topics report artifacts/starter pages/ --out report.html",
    )
    artifact(parser)
    reads(parser, "*")
    out(parser, "FILE", "write here instead of standard output; needs nothing from outside")
    trusts(parser)


def completion(commands: Commands) -> None:
    """`topics completion`."""
    parser = command(
        commands,
        "completion",
        "print a script that completes this command line in a shell",
        "topics completion bash > ~/.local/share/bash-completion/completions/topics",
        "topics completion zsh > ~/.zfunc/_topics",
        "topics completion fish > ~/.config/fish/completions/topics.fish",
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="whose script")
