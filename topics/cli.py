"""The command line: what may be asked, and how errors are answered.

Owns: the commands by name, exit codes. Data goes to standard output, messages to standard error.
Does not know: the options of a command (`options*`), how anything is done (`commands`; `training/commands` for what learns).
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from keyword import iskeyword
from types import ModuleType
from typing import Any

from topics import __version__, options_apply, options_latent, options_learn
from topics.errors import ConfigError, TopicsError, UsageError, did_you_mean, one_line
from topics.options import Parser

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


#: The commands in the order of their help, and the module that does each.
COMMANDS = {
    "segment": "topics.sharded",
    "train": "training.commands",
    "predict": "topics.sharded",
    "explain": "topics.commands",
    "evaluate": "training.commands",
    "show": "topics.commands_look",
    "serve": "topics.serve",
    "report": "topics.commands_look",
    "shares": "topics.commands_latent",
    "search": "training.commands_lda",
    "export": "training.commands_bridges",
    "import": "training.commands_bridges",
    "init": "training.commands",
    "check": "training.commands",
    "annotate": "training.commands",
    "schema": "training.commands",
    "completion": "topics.completion",
}
#: Where the options of commands stand.
OPTIONS = (options_apply, options_latent, options_learn)


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

    for name in COMMANDS:
        _function(name, *OPTIONS)(commands)
    return top


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
        # A config's problems are a line each; in all other messages a line end comes from a name that somebody chose.
        lines = str(error).split("\n") if isinstance(error, ConfigError) else [str(error)]
        print("topics: " + "\n".join(map(one_line, lines)), file=sys.stderr)
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
    home = importlib.import_module(COMMANDS[arguments.command])
    return int(_function(arguments.command, home)(arguments) or 0)


def _function(command: str, *rooms: ModuleType) -> Callable[[Any], Any]:
    """Return the function of a command in the first room that has it; `import` is no name in Python, `import_` is."""
    name = f"{command}_" if iskeyword(command) else command
    found: Callable[[Any], Any] = next(getattr(room, name) for room in rooms if hasattr(room, name))
    return found


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
    if argv and not argv[0].startswith("-") and argv[0] not in COMMANDS:
        raise UsageError(f"no command {argv[0]!r}{did_you_mean(argv[0], COMMANDS) or '; commands: ' + ', '.join(COMMANDS)}")
    return argv
