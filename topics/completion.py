"""Completion of the command line in bash, zsh and fish: a script for the shell, made from the parser.

Owns: how commands, options, choices and files are told to each shell.
Does not know: what any command does. The script runs nothing of this program: completing is a look-up in it.
"""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from topics.output import open_output

SHELLS = ("bash", "zsh", "fish")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option of a command, or of the program where `command` is empty."""

    command: str
    names: tuple[str, ...]
    what: str
    #: The values it takes, where they are known; it takes some value where `takes` is true.
    choices: tuple[str, ...]
    takes: bool


def completion(arguments: Namespace) -> None:
    """`topics completion`."""
    from topics.cli import parser

    with open_output(None) as stream:
        stream.write(script(arguments.shell, parser()))


def script(shell: str, parser: argparse.ArgumentParser) -> str:
    """Return the script for one of `SHELLS`."""
    commands = {action.dest: action.help or "" for action in _commands(parser)._choices_actions}
    options = list(_options(parser))
    if shell == "fish":
        return "\n".join(_fish(commands, options)) + "\n"
    lines = list(_bash(list(commands), options))
    return (
        "\n".join(["#compdef topics", "autoload -U +X bashcompinit && bashcompinit", *lines] if shell == "zsh" else lines) + "\n"
    )


def _commands(parser: argparse.ArgumentParser) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    return next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))


def _options(parser: argparse.ArgumentParser) -> Iterator[Option]:
    for command, one in [("", parser), *_commands(parser).choices.items()]:
        for action in one._actions:
            if isinstance(action, argparse._SubParsersAction):
                continue
            choices = tuple(str(choice) for choice in action.choices or ())
            what = " ".join((action.help or "").replace("%%", "%").split())
            if action.option_strings or choices:
                yield Option(
                    command=command, names=tuple(action.option_strings), what=what, choices=choices, takes=action.nargs != 0
                )


def _bash(commands: Sequence[str], options: Sequence[Option]) -> Iterator[str]:
    """Yield a function for bash, which zsh can use as well: files wherever nothing else is known."""
    yield "_topics() {"
    yield '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" command="" i'
    yield "  for ((i = 1; i < COMP_CWORD; i++)); do"
    yield '    case "${COMP_WORDS[i]}" in -*) ;; *) command="${COMP_WORDS[i]}"; break ;; esac'
    yield "  done"
    yield '  case "$command $before" in'
    for option in options:
        for name in option.names:
            words = f'-W "{" ".join(option.choices)}"' if option.choices else "-f"
            if option.takes:
                yield f'    "{option.command} {name}") COMPREPLY=($(compgen {words} -- "$word")); return ;;'
    yield "  esac"
    yield '  case "$command" in'
    for command in ["", *commands]:
        own = [option for option in options if option.command == command]
        names = [name for option in own for name in option.names]
        given = [choice for option in own if not option.names for choice in option.choices]
        words = " ".join(given or ([] if command else commands))
        yield f'    "{command}")'
        yield f'      if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "{" ".join(names)}" -- "$word"))'
        yield f'      else COMPREPLY=($(compgen {f"-W {chr(34)}{words}{chr(34)}" if words else "-f"} -- "$word")); fi ;;'
    yield '    *) COMPREPLY=($(compgen -f -- "$word")) ;;'
    yield "  esac"
    yield "}"
    yield "complete -o filenames -F _topics topics"


def _fish(commands: dict[str, str], options: Sequence[Option]) -> Iterator[str]:
    yield "complete -c topics -n __fish_use_subcommand -f"
    for command, what in commands.items():
        yield f"complete -c topics -n __fish_use_subcommand -a {command} -d {_quoted(what)}"
    for option in options:
        where = f"__fish_seen_subcommand_from {option.command}" if option.command else "__fish_use_subcommand"
        names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
        values = (
            f" -x -a {_quoted(' '.join(option.choices))}" if option.choices else " -r" if option.takes and option.names else ""
        )
        yield f"complete -c topics -n {_quoted(where)} {names}{values} -d {_quoted(option.what)}".replace("  ", " ")


def _quoted(text: str) -> str:
    """Return `text` in single quotes, as fish reads them."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
