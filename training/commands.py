"""The commands that learn: train, evaluate, init, check, annotate, schema.

Owns: turning arguments into calls and results into lines.
Does not know: parsing of the command line (`topics/cli`), how anything is learned.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from topics.artifact import CONFIG, EVALUATION, check_target, read_artifact
from topics.errors import InputError, PartialFailure, UsageError, one_line
from topics.loading import load, model_of
from topics.output import default_format, open_output
from topics.progress import Progress, wants_color
from topics.sources_files import shown
from topics.sources_remote import is_address, there
from training.config import load_config, parse_config
from training.config import schema as config_schema

#: Problems and warnings told one by one.
SHOWN = 10
#: Labels in a confusion matrix for a terminal; evaluation.json and --format jsonl hold it whatever its size.
MOST_LABELS = 30


def train(arguments: Namespace) -> None:
    """`topics train`."""
    # What can be refused is refused before scikit-learn is imported, which takes a second.
    load_config(arguments.config, arguments.overrides)
    if arguments.out is not None:
        check_target(Path(arguments.out), force=arguments.force)

    from topics.report import overview
    from training.lda_update import drift_lines
    from training.run import train as run

    progress = Progress(quiet=arguments.quiet)
    result = run(
        arguments.config,
        out=arguments.out,
        overrides=arguments.overrides,
        workers=arguments.workers,
        force=arguments.force,
        resume=arguments.resume,
        goes_on_from=arguments.goes_on_from,
        scheduler=arguments.scheduler,
        progress=progress.say,
    )
    _warn(progress, [*result.problems, *result.warnings], f"`topics check {arguments.config}` lists them all")
    _print(_painted(overview(load(result.path))))
    if arguments.goes_on_from is not None:
        _print(["", *drift_lines(json.loads(read_artifact(result.path).texts[EVALUATION])["learned"]["lda"], result.model)])


def _warn(progress: Progress, lines: Sequence[str], more: str) -> None:
    for line in lines[:SHOWN]:
        progress.warn(line)
    if len(lines) > SHOWN:
        progress.warn(f"{len(lines) - SHOWN} more problems and warnings; {more}")


def _painted(lines: Iterable[str]) -> Iterable[str]:
    """Return lines for people, painted where they go to a terminal."""
    if not wants_color(sys.stdout):
        return lines
    from topics.screen import painted  # with rich, which a pipe need not wait for

    return painted(lines)


def _print(lines: Iterable[str]) -> None:
    with open_output(None) as stream:
        for line in lines:
            stream.write(line + "\n")


def evaluate(arguments: Namespace) -> None:
    """`topics evaluate`."""
    from training.corpus import load_corpus
    from training.run import judge

    artifact = read_artifact(arguments.artifact)
    model, progress = model_of(artifact), Progress(quiet=arguments.quiet)
    config = parse_config(artifact.texts.get(CONFIG, ""), f"{arguments.artifact}/{CONFIG}", arguments.overrides)
    paths = [path if is_address(path) else str(Path(path).absolute()) for path in arguments.data]
    for path in arguments.data:
        if not there(path):
            raise InputError("no such file or folder", file=shown(path))
    labels = str(Path(arguments.labels).absolute()) if arguments.labels else None
    settings = config.corpus.model_copy(update={"train": paths, "test": None, "labels": labels})
    corpus = load_corpus(settings, Path(), segmenter=model.segmenter, progress=progress.say)
    _warn(progress, [*corpus.problems, *corpus.warnings], "give fewer files to see them")
    labeled = [e for e in corpus.train if e.topics or e.stances]
    if not labeled:
        raise InputError(
            f"no labeled article in {', '.join(arguments.data)}; the topic is looked for in field {settings.topic!r} "
            "(--set corpus.topic=NAME), the labels of pages in --labels FILE"
        )
    result = judge(model, labeled, config)
    with open_output(arguments.out, force=arguments.force) as stream:
        if (arguments.format or default_format(arguments.out)) == "jsonl":
            stream.write(json.dumps(result, ensure_ascii=False) + "\n")
        else:
            lines = _evaluation_lines(result) if arguments.out else _painted(_evaluation_lines(result))
            stream.writelines(line + "\n" for line in lines)


def _evaluation_lines(result: dict[str, Any]) -> Iterator[str]:
    yield f"{result['articles']} articles"
    for room in ("topic", "stance"):
        figures = result.get(room)
        if figures is None:
            continue
        yield ""
        yield f"{room}, {figures.get('n', 0)} labels"
        for name, value in figures.items():
            if isinstance(value, dict) and "value" in value:
                yield f"  {name:28} {value['value']:.3f}  95 % interval {value['low']:.3f} to {value['high']:.3f}"
            elif isinstance(value, float):
                yield f"  {name:28} {value:.3f}"
        for target, n in figures.get("targets_not_learned", {}).items():
            yield f"  not judged, since never learned: {one_line(target)} ({n})"
        yield from _label_lines(figures)


def _label_lines(figures: dict[str, Any]) -> Iterator[str]:
    if "labels" in figures:
        yield f"  {'label':40} {'n':>6} {'precision':>9} {'recall':>7} {'F1':>6}"
        for label, row in figures["labels"].items():
            yield f"  {one_line(label):40} {row['n']:6} {row['precision']:9.3f} {row['recall']:7.3f} {row['f1']:6.3f}"
    confusion = figures.get("confusion")
    if confusion and len(confusion["labels"]) <= MOST_LABELS:
        yield "  confusion: rows true, columns guessed"
        for i, (label, row) in enumerate(zip(confusion["labels"], confusion["matrix"], strict=True)):
            yield f"  {i:3} {one_line(label)[:36]:36} " + " ".join(f"{n:4}" for n in row)


def init(arguments: Namespace) -> None:
    """`topics init`."""
    from training.init import config_for

    text = config_for([Path(path) for path in arguments.data], Path(arguments.out).parent if arguments.out else Path())
    with open_output(arguments.out, force=arguments.force) as stream:
        stream.write(text)


def check(arguments: Namespace) -> None:
    """`topics check`."""
    from training.check import check_lines

    config = load_config(arguments.config, arguments.overrides)
    progress = Progress(quiet=arguments.quiet)
    base, told = Path(arguments.config).parent, progress.say
    workers = arguments.workers
    lines = check_lines(config, base, name=arguments.config, doubts=arguments.doubts, workers=workers, progress=told)
    _print(_painted(lines))


def annotate(arguments: Namespace) -> None:
    """`topics annotate`."""
    from training.annotate_run import write_labels, write_next

    progress = Progress(quiet=arguments.quiet)
    if arguments.read:
        if arguments.given:
            raise UsageError(f"--read takes labels out of annotated files; leave out {arguments.given[0]!r}")
        with open_output(arguments.out, force=arguments.force) as stream:
            whole = write_labels(arguments.read, stream, say=progress.say, warn=progress.warn)
        if not whole:
            raise PartialFailure("the labels are written; what could not be read is named above")
        return
    if len(arguments.given) < 2:
        raise UsageError("name an artifact and the files to choose from, or annotated files with --read")
    artifact, *data = arguments.given
    with open_output(arguments.out, force=arguments.force) as stream:
        write_next(
            artifact,
            data,
            stream,
            n=arguments.next,
            form=arguments.form,
            labels=arguments.labels,
            overrides=arguments.overrides,
            say=progress.say,
            warn=progress.warn,
        )


def schema(arguments: Namespace) -> None:  # noqa: ARG001 - every command takes its arguments
    """`topics schema`."""
    _print([config_schema()])
