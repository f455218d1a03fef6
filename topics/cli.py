"""The command line: what may be asked, and how errors are answered.

Owns: the parser, help texts, exit codes. Data goes to standard output, messages to standard error.
Does not know: how anything is done (`commands`; `training/commands` for what learns).
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Any, NoReturn

from topics import __version__
from topics.errors import TopicsError, UsageError, did_you_mean, one_line

DESCRIPTION = """\
Cut flattened news pages into their articles, and label each by topic and stance, with the evidence.

  topics segment page.txt                        the articles of a page, one a line
  topics train configs/starter.toml              learn from a corpus, write an artifact
  topics predict artifacts/starter page.txt      topic, stances and latent topics of each article
  topics explain artifacts/starter page.txt      why: terms and sentences with their weights
"""

EPILOG = """\
Data goes to standard output (--format jsonl, csv or table; a table on a terminal), messages to standard error.
Exit codes: 0 done, 2 wrong usage or config, 3 unusable input, 4 finished but some documents failed, 5 artifact refused;
1 a fault in the program (TOPICS_TRACEBACK=1 shows where).
`topics COMMAND --help` shows a command's options and examples.
"""


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


def _command(commands: argparse._SubParsersAction[Parser], name: str, what: str, example: str) -> Parser:
    parser: Parser = commands.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog="examples:\n" + "\n".join(f"  {line}" for line in example.splitlines()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing on standard error but what went wrong")
    return parser


def _reads(parser: Parser) -> None:
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="pages (.txt .html .wet .warc), articles (.jsonl .csv .tsv .parquet), each also .gz; folders; - for standard input"
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


def _writes(parser: Parser, formats: Sequence[str] = ("jsonl", "csv", "table")) -> None:
    parser.add_argument("--format", choices=formats, help="table on a terminal, else jsonl")
    _out(parser, "FILE", "write here instead of standard output; appears whole or not at all")


def _with_text(parser: Parser) -> None:
    parser.add_argument(
        "--with-text", action="store_true", help="add the text of each article, title first, as it stands on the page"
    )


def _out(parser: Parser, metavar: str, what: str) -> None:
    parser.add_argument("--out", metavar=metavar, help=what)
    parser.add_argument("--force", action="store_true", help="replace what is there")


def _runs(parser: Parser) -> None:
    parser.add_argument(
        "--workers", type=_positive, default=1, metavar="N", help="processes or threads; changes the time and nothing else"
    )


def _positive(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def _configured(parser: Parser) -> None:
    parser.add_argument("config", metavar="CONFIG", help="TOML file; `topics init DATA` writes one")
    parser.add_argument(
        "--set",
        dest="overrides",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="override a setting, such as lda.n_topics=40",
    )


def parser() -> Parser:
    """Return the parser of the whole command line."""
    top = Parser(
        prog="topics",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"newstopics {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=Parser)

    segment = _command(commands, "segment", "cut pages into articles, one a line",
                       "topics segment page.txt\ncat page.txt | topics segment - --format table\ntopics segment pages/ --out articles.jsonl\ntopics segment page.txt --show\ntopics segment page.txt --html page.html")  # fmt: skip
    _reads(segment)
    _writes(segment)
    _with_text(segment)
    painted = segment.add_mutually_exclusive_group()
    painted.add_argument(
        "--show", action="store_true", help="paint the page in the terminal, each block in the color of its role"
    )
    painted.add_argument("--html", metavar="FILE", help="the same as a self-contained page to open in a browser")

    train = _command(commands, "train", "learn what a config asks for, test it, write an artifact",
                     "topics train configs/starter.toml\ntopics train news.toml --set lda.n_topics=40 --out artifacts/forty --workers 2")  # fmt: skip
    _configured(train)
    _out(train, "DIR", "folder of the artifact; left out: artifacts/NAME, where an older one is replaced")
    _runs(train)

    predict = _command(commands, "predict", "label articles with topic, stances and latent topics",
                       "topics predict artifacts/starter page.txt\ntopics predict artifacts/starter pages/ --format csv --out labels.csv")  # fmt: skip
    predict.add_argument("artifact", metavar="ARTIFACT", help="folder that `topics train` wrote")
    _reads(predict)
    predict.add_argument("--target", metavar="TEXT", help="free-text target, for artifacts that judge stance toward any target")
    _writes(predict)
    _with_text(predict)

    explain = _command(commands, "explain", "show why: terms for and against, stance evidence, latent topics",
                       "topics explain artifacts/starter page.txt\ntopics explain artifacts/starter page.txt --format jsonl")  # fmt: skip
    explain.add_argument("artifact", metavar="ARTIFACT", help="folder that `topics train` wrote")
    _reads(explain)
    explain.add_argument("--target", metavar="TEXT", help="free-text target, for artifacts that judge stance toward any target")
    _writes(explain, ("jsonl", "table"))

    evaluate = _command(commands, "evaluate", "judge an artifact on labeled articles",
                        "topics evaluate artifacts/news more.jsonl.gz\ntopics evaluate artifacts/starter pages/ --labels gold.jsonl --format table")  # fmt: skip
    evaluate.add_argument("artifact", metavar="ARTIFACT", help="folder that `topics train` wrote")
    evaluate.add_argument("data", nargs="+", metavar="DATA", help="labeled articles, or pages with --labels")
    evaluate.add_argument("--labels", metavar="FILE", help="labels of the articles of pages: page, article, topic, stances")
    evaluate.add_argument("--set", dest="overrides", action="append", default=[], metavar="NAME=VALUE",
                          help="read the data otherwise than the artifact's config says, such as corpus.topic=category")  # fmt: skip
    _writes(evaluate, ("jsonl", "table"))

    show = _command(commands, "show", "show what an artifact learned",
                    "topics show artifacts/starter\ntopics show artifacts/starter --topic sport\ntopics show artifacts/starter --verify")  # fmt: skip
    show.add_argument("artifact", metavar="ARTIFACT", help="folder that `topics train` wrote")
    what = show.add_mutually_exclusive_group()
    what.add_argument("--topic", metavar="LABEL", help="the terms of one topic")
    what.add_argument("--latent", type=int, metavar="K", help="the terms of one latent topic")
    what.add_argument("--verify", action="store_true", help="check all hashes and ask the stored canaries again")
    what.add_argument("--contents", action="store_true", help="list the files inside and what they hold")

    init = _command(commands, "init", "write a commented config from the data it finds",
                    "topics init articles.jsonl --out news.toml\ntopics init pages/ labels.jsonl")  # fmt: skip
    init.add_argument(
        "data", nargs="+", metavar="DATA", help="files or folders to learn from; a JSON Lines file with 'page' holds labels"
    )
    _out(init, "FILE", "write here instead of standard output")

    check = _command(
        commands,
        "check",
        "read a config's data and report what is there and what cannot be used",
        "topics check configs/news.toml\ntopics check configs/news.toml --doubts",
    )
    _configured(check)
    check.add_argument(
        "--doubts", action="store_true", help="list the rows whose topic is probably wrong; models are fitted for that"
    )
    _runs(check)

    annotate = _command(
        commands,
        "annotate",
        "choose the articles whose labels would teach most; read annotated files back as labels",
        "topics annotate artifacts/news pages/ --next 20 --form label-studio --out tasks.json\ntopics annotate --read export.json --out labels.jsonl",
    )
    annotate.add_argument(
        "given", nargs="*", metavar="ARTIFACT DATA", help="folder that `topics train` wrote; articles and pages to choose from"
    )
    annotate.add_argument("--next", type=_positive, default=20, metavar="N", help="articles to choose")
    annotate.add_argument("--form", choices=["jsonl", "label-studio", "doccano"], default="jsonl", help="what annotates them")
    annotate.add_argument(
        "--labels", action="append", default=[], metavar="FILE", help="labels that are there already; repeat for several files"
    )
    annotate.add_argument(
        "--read", action="append", metavar="FILE", help="write the labels of an annotated file; repeat for several files"
    )
    annotate.add_argument("--set", dest="overrides", action="append", default=[], metavar="NAME=VALUE",
                          help="read the data otherwise than the artifact's config says, such as corpus.text=body")  # fmt: skip
    _out(annotate, "FILE", "write here instead of standard output")

    _command(commands, "schema", "print the JSON Schema of a config, for editors", "topics schema > topics.schema.json")
    return top


LEARNING = frozenset({"train", "evaluate", "init", "check", "annotate", "schema"})


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code. Errors become one line on standard error, whatever they are."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us; print would then write to the other
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - for the rest of the process
    warnings.showwarning = _warned
    try:
        try:
            return _run(argv)
        finally:
            sys.stdout.flush()
    except TopicsError as error:
        print("topics: " + "\n".join(one_line(line) for line in str(error).split("\n")), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("topics: interrupted; nothing half-written is left", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        if os.environ.get("TOPICS_TRACEBACK"):
            raise
        print(f"topics: {_fault(error)}", file=sys.stderr)
        return 1


def _warned(message: Warning | str, *_: object, **__: object) -> None:
    """Say a library's warning in one line, without the line of its source."""
    print("topics: " + one_line(" ".join(str(message).split())), file=sys.stderr)


def _run(argv: Sequence[str]) -> int:
    arguments = parser().parse_args(_checked(argv))
    if arguments.command is None:
        parser().print_help()
        return 0
    home = importlib.import_module("training.commands" if arguments.command in LEARNING else "topics.commands")
    return int(getattr(home, arguments.command)(arguments) or 0)


def _fault(error: Exception) -> str:
    """Return one line for what nobody foresaw: the system's own words, or where the program is at fault."""
    if isinstance(error, MemoryError):
        return "out of memory; give it less at a time"
    if isinstance(error, OSError) and error.strerror:
        return one_line(f"{os.fsdecode(error.filename)}: {error.strerror}" if error.filename else error.strerror)
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f" at {os.path.basename(at.tb_frame.f_code.co_filename)}:{at.tb_lineno}" if at is not None else ""
    return one_line(
        f"a fault in the program: {type(error).__name__}: {error}{where}; please report it (TOPICS_TRACEBACK=1 shows all of it)"
    )


def _checked(argv: Sequence[str]) -> Sequence[str]:
    """Answer a misspelled command with the nearest one: argparse would list them all."""
    names = ["segment", "train", "predict", "explain", "evaluate", "show", "init", "check", "annotate", "schema"]
    if argv and not argv[0].startswith("-") and argv[0] not in names:
        raise UsageError(f"no command {argv[0]!r}{did_you_mean(argv[0], names) or '; commands: ' + ', '.join(names)}")
    return argv
