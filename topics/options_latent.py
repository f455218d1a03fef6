"""The options of the commands for latent topics alone: shares, export, import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from topics.options import artifact, command, out, positive, reads, trusts, writes

if TYPE_CHECKING:
    from topics.options import Commands


def shares(commands: Commands) -> None:
    """`topics shares`."""
    parser = command(
        commands,
        "shares",
        "how much of what was written is about each latent topic, by period, source, topic or label",
        "topics shares artifacts/news articles.jsonl --by month --out shares.csv",
        "topics shares artifacts/news pages/ --by topic --format table",
    )
    artifact(parser)
    reads(parser)
    parser.add_argument(
        "--by", default="month", metavar="WHAT",
        help="year, month, day, source, topic (as the artifact labels it), or a field of article files (month)",
    )  # fmt: skip
    parser.add_argument(
        "--samples", type=int, default=1000, metavar="N", help="bootstrap samples behind each 95 %% interval; 0: none (1000)"
    )
    parser.add_argument("--top", type=positive, default=5, metavar="N", help="latent topics of each group in a table (5)")
    writes(parser)
    trusts(parser)


def export(commands: Commands) -> None:
    """`topics export`."""
    parser = command(
        commands,
        "export",
        "write latent topics for gensim, MALLET or pyLDAvis",
        "topics export artifacts/news --to gensim --out news-gensim",
        "topics export artifacts/news articles.jsonl --to mallet --out state.gz",
        "topics export artifacts/news articles.jsonl --to pyldavis --out news-ldavis.json",
    )
    artifact(parser)
    reads(parser, "*")
    parser.add_argument(
        "--to",
        choices=("gensim", "mallet", "pyldavis"),
        required=True,
        help="whose form; the last two tell of articles: name them",
    )
    out(parser, "PATH", "folder for gensim's files, else a file (standard output)")
    trusts(parser)


def import_(commands: Commands) -> None:
    """`topics import`."""
    parser = command(
        commands,
        "import",
        "make an artifact of latent topics that gensim or MALLET learned; nothing is unpickled",
        "topics import state.gz --from mallet --out artifacts/theirs",
        "topics import news-gensim --from gensim --out artifacts/theirs",
    )
    parser.add_argument(
        "given", metavar="PATH",
        help="MALLET's --output-state; or the folder of a gensim model with its .npy files and Dictionary.save_as_text's text",
    )  # fmt: skip
    parser.add_argument("--from", dest="kind", choices=("gensim", "mallet"), required=True, help="who learned it")
    parser.add_argument("--name", default="imported", metavar="NAME", help="name of the artifact (imported)")
    out(parser, "DIR", "folder of the artifact; left out: artifacts/NAME")
