"""The commands that learn: train, evaluate, init, check, schema.

Owns: turning arguments into calls and results into lines.
Does not know: parsing of the command line (`topics/cli`), how anything is learned.
"""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from topics.artifact import CONFIG, read_artifact
from topics.errors import InputError, UsageError
from topics.output import default_format, open_output
from topics.predict import model_of
from topics.progress import Progress
from training.config import load_config, parse_config, schema as config_schema


def train(arguments: Namespace) -> None:
    """`topics train`."""
    from topics.report import overview
    from training.run import train as run

    progress = Progress(quiet=arguments.quiet)
    result = run(
        arguments.config,
        out=arguments.out,
        overrides=arguments.overrides,
        workers=arguments.workers,
        force=arguments.force,
        progress=progress.say,
    )
    for problem in result.problems[:10]:
        progress.warn(problem)
    if len(result.problems) > 10:
        progress.warn(f"{len(result.problems) - 10} more problems; `topics check {arguments.config}` lists them all")
    model = model_of(read_artifact(result.path))
    for line in overview(model):
        print(line)


def evaluate(arguments: Namespace) -> None:
    """`topics evaluate`."""
    from training.corpus import load_corpus
    from training.evaluate import evaluate as judge

    artifact = read_artifact(arguments.artifact)
    model, progress = model_of(artifact), Progress(quiet=arguments.quiet)
    config = parse_config(artifact.texts[CONFIG], f"{arguments.artifact}/{CONFIG}", arguments.overrides)
    paths = [str(Path(path).absolute()) for path in arguments.data]
    for path in arguments.data:
        if not Path(path).exists():
            raise InputError("no such file or folder", file=path)
    labels = str(Path(arguments.labels).absolute()) if arguments.labels else None
    settings = config.corpus.model_copy(update={"train": paths, "test": None, "labels": labels})
    corpus = load_corpus(settings, Path(), segmenter=model.segmenter, progress=progress.say)
    for problem in corpus.problems[:10]:
        progress.warn(problem)
    labeled = [e for e in corpus.train if e.topics or e.stances]
    if not labeled:
        raise InputError(
            f"no labeled article in {', '.join(arguments.data)}; the topic is looked for in field {settings.topic!r} "
            "(--set corpus.topic=NAME), the labels of pages in --labels FILE"
        )
    result = judge(model, labeled, n_samples=config.evaluate.bootstrap, seed=config.seed)
    with open_output(arguments.out, force=arguments.force) as stream:
        if (arguments.format or default_format(arguments.out)) == "jsonl":
            stream.write(json.dumps(result, ensure_ascii=False) + "\n")
        else:
            stream.write("\n".join(_evaluation_lines(result)) + "\n")


def _evaluation_lines(result: dict[str, Any]) -> list[str]:
    lines = [f"{result['articles']} articles"]
    for room in ("topic", "stance"):
        figures = result.get(room)
        if figures is None:
            continue
        lines += ["", f"{room}, {figures['n']} labels"]
        for name, value in figures.items():
            if isinstance(value, dict) and "value" in value:
                lines.append(f"  {name:28} {value['value']:.3f}  95 % interval {value['low']:.3f} to {value['high']:.3f}")
            elif isinstance(value, float):
                lines.append(f"  {name:28} {value:.3f}")
        lines.append(f"  {'label':40} {'n':>6} {'precision':>9} {'recall':>7} {'F1':>6}")
        for label, row in figures["labels"].items():
            lines.append(f"  {label:40} {row['n']:6} {row['precision']:9.3f} {row['recall']:7.3f} {row['f1']:6.3f}")
        confusion = figures.get("confusion")
        if confusion and len(confusion["labels"]) <= 30:
            lines += ["  confusion: rows true, columns guessed"]
            for i, (label, row) in enumerate(zip(confusion["labels"], confusion["matrix"], strict=True)):
                lines.append(f"  {i:3} {label[:36]:36} " + " ".join(f"{n:4}" for n in row))
    return lines


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
    for line in check_lines(config, Path(arguments.config).parent, Progress(quiet=arguments.quiet).say):
        print(line)


def schema(arguments: Namespace) -> None:  # noqa: ARG001 - every command takes its arguments
    """`topics schema`."""
    print(config_schema())
