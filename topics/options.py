"""What a command line may say: the parser's manners, and the options that several commands share.

Owns: how a wrong command line is answered, shared options and their help texts.
Does not know: any one command (`options_apply`, `options_learn`), what a command does (`commands`).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from topics.errors import UsageError, did_you_mean
from topics.memory import size_of

if TYPE_CHECKING:
    #: Where `add_parser` adds a command.
    Commands = argparse._SubParsersAction["Parser"]


class Parser(argparse.ArgumentParser):
    """An argument parser that answers like the rest: one line, exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the whole usage; an option that does not exist is answered with the nearest."""
        raise UsageError(f"{message}; see `{self.prog} --help`")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401 - as argparse has it
        """Refuse unknown options here, where this command's own are known."""
        found, unknown = super().parse_known_args(args, namespace)
        for word in unknown:
            if word.startswith("-") and word != "-":
                name = word.partition("=")[0]
                self.error(f"no option {name}{did_you_mean(name, self._option_string_actions)}")
        if unknown:
            self.error(f"one argument too many: {unknown[0]!r}")
        return found, unknown


def command(commands: Commands, name: str, what: str, *examples: str) -> Parser:
    """Add a command, with its one-line description and examples."""
    parser: Parser = commands.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog="examples:\n" + "\n".join(f"  {line}" for line in examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing on standard error but what went wrong")
    return parser


def reads(parser: Parser, many: str = "+") -> None:
    """Add what names the input: paths, and how rows are read."""
    parser.add_argument(
        "paths", nargs=many, metavar="PATH", help="pages (.txt .html .wet .warc), articles (.jsonl .csv .tsv .parquet), each also .gz; folders; - for standard input"
    )  # fmt: skip
    parser.add_argument(
        "--as", dest="as_", choices=["page", "article"], help="page: every row of an article file is a whole page, to be cut"
    )
    parser.add_argument(
        "--text",
        action="append",
        metavar="FIELD",
        help="field of article files with the text; repeat to join several (title, text)",
    )


def writes(parser: Parser, formats: Sequence[str] = ("jsonl", "csv", "table")) -> None:
    """Add what says where the rows go, and in which form."""
    parser.add_argument("--format", choices=formats, help="table on a terminal, else jsonl")
    out(parser, "FILE", "write here instead of standard output; appears whole or not at all")


def formulas(parser: Parser) -> None:
    """Add `--keep-formulas`."""
    parser.add_argument(
        "--keep-formulas",
        action="store_true",
        help="csv: leave texts that begin with = + - @ as they are; a spreadsheet may run them",
    )


def with_text(parser: Parser) -> None:
    """Add `--with-text`."""
    parser.add_argument(
        "--with-text", action="store_true", help="add the text of each article, title first, as it stands on the page"
    )


def out(parser: Parser, metavar: str, what: str) -> None:
    """Add `--out` and `--force`."""
    parser.add_argument("--out", metavar=metavar, help=what)
    parser.add_argument("--force", action="store_true", help="replace what is there")


def artifact(parser: Parser) -> None:
    """Add the artifact."""
    parser.add_argument("artifact", metavar="ARTIFACT", help="folder that `topics train` wrote")


def target(parser: Parser) -> None:
    """Add `--target`."""
    parser.add_argument("--target", metavar="TEXT", help="free-text target, for artifacts that judge stance toward any target")


def runs(parser: Parser) -> None:
    """Add `--workers`."""
    parser.add_argument(
        "--workers", type=positive, default=1, metavar="N", help="processes or threads; changes the time and nothing else"
    )


def scheduled(parser: Parser) -> None:
    """Add `--scheduler`."""
    parser.add_argument(
        "--scheduler", metavar="WHERE", help="run shards as tasks of Dask: local:4 for four processes here, or tcp://HOST:PORT"
    )


def trusts(parser: Parser) -> None:
    """Add what is put up with: failures and memory."""
    parser.add_argument(
        "--errors",
        metavar="FILE",
        help="write every refused file, row, page or article as JSON Lines: file, line, page, article, reason",
    )
    parser.add_argument(
        "--max-errors", type=share, default=0.0, metavar="SHARE",
        help="exit with 4 only when more than this share of the inputs failed, such as 0.05 or 5%% (0: when any did); 3 when nothing could be read at all",
    )  # fmt: skip
    parser.add_argument(
        "--max-memory",
        type=size_of,
        metavar="SIZE",
        help="take no more memory than this, such as 600MB; a document that needs more is an error",
    )


def duplicates(parser: Parser) -> None:
    """Add `--duplicates`."""
    parser.add_argument(
        "--duplicates",
        type=likeness,
        metavar="SHARE",
        help="add a field duplicate_of: the first article seen that shares this much of the word triples (0.3 to 1; 0.5 finds copies with a tenth of the words edited)",
    )  # fmt: skip


def likeness(text: str) -> float:
    """Read a similarity from 0.3 to 1, or percent."""
    if not 0.3 <= (value := share(text)) <= 1:
        raise argparse.ArgumentTypeError(
            f"expected a share from 0.3 to 1, got {text!r}; below, unrelated articles are alike, too"
        )
    return value


def share(text: str) -> float:
    """Read a share from 0 to 1, or percent."""
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a share from 0 to 1, such as 0.05 or 5%, got {text!r}")
    return value


def positive(text: str) -> int:
    """Read a whole number from 1."""
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def configured(parser: Parser) -> None:
    """Add the config and `--set`."""
    parser.add_argument("config", metavar="CONFIG", help="TOML file; `topics init DATA` writes one")
    overrides(parser, "override a setting, such as lda.n_topics=40")


def overrides(parser: Parser, what: str) -> None:
    """Add `--set`."""
    parser.add_argument("--set", dest="overrides", action="append", default=[], metavar="NAME=VALUE", help=what)
