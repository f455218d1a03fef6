"""`topics predict` and `segment` into a folder: each input file becomes a part of its own.

Owns: names of parts, what makes a part finished, the list of all of them (`_SUCCESS`).
Does not know: how a part is made (`commands`), where (`scheduler`).

    DIR/part-00000.jsonl ...     the rows of each input file, in the order of the files
    DIR/_parts/part-00000.json   of each finished part: what it was made of, rows, failures, SHA-256
    DIR/_parts/*.errors.jsonl    what could not be used, as --errors writes it
    DIR/_parts/*.sketches        with --duplicates: a sketch of each row (see `sharded_copies`)
    DIR/_SUCCESS                 all of them, written when the last is finished

A part appears whole or not at all, and a rerun makes anew only those whose input, artifact or options have changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from argparse import Namespace
from collections import Counter
from pathlib import Path
from typing import Any

from topics import __version__, commands
from topics.errors import InputError, OutputError, PartialFailure, UsageError
from topics.loading import load
from topics.output import open_output
from topics.output_parquet import to_parquet
from topics.progress import Progress
from topics.scheduler import scheduler
from topics.sharded_copies import keep_sketches, name_copies
from topics.sources_files import shown
from topics.sources_remote import files_in, is_address, is_folder, opened, there

SUCCESS, FINISHED = "_SUCCESS", "_parts"
#: What the rows of a part hang on besides its input and the artifact.
_OPTIONS = ("as_", "text", "target", "with_text", "format", "keep_formulas", "max_memory")


def predict(arguments: Namespace) -> None:
    """`topics predict`: into one stream, or into a folder."""
    _either("predict", arguments)


def segment(arguments: Namespace) -> None:
    """`topics segment`: into one stream, or into a folder."""
    _either("segment", arguments)


def _either(command: str, arguments: Namespace) -> None:
    into = arguments.out is not None and (arguments.out.endswith(("/", os.sep)) or os.path.isdir(arguments.out))
    if into:
        _run(command, arguments)
        return
    for option, given in (("--scheduler", arguments.scheduler), ("--format parquet", arguments.format == "parquet")):
        if given:
            raise UsageError(f"{option} writes a part for each input file: name a folder, such as --out rows/")
    getattr(commands, command)(arguments)


def _run(command: str, arguments: Namespace) -> None:
    for option, given in (
        ("--errors", arguments.errors), ("--resume", getattr(arguments, "resume", False)),
        ("--format table", arguments.format == "table"), ("--show", getattr(arguments, "show", False)),
        ("--html", getattr(arguments, "html", None)),
    ):  # fmt: skip
        if given:
            raise UsageError(
                f"{option} is not for a folder of parts, which is gone on with by running it again; see docs/scale.md"
            )
    if arguments.duplicates is not None and arguments.format not in (None, "jsonl"):
        raise UsageError(f"--duplicates into a folder writes JSON Lines; leave out --format {arguments.format}")
    progress = Progress(quiet=arguments.quiet)
    artifact = getattr(arguments, "artifact", None)
    digest = None if artifact is None else str(load(artifact).manifest["digest"])  # what is refused, is before a folder is made
    folder = Path(arguments.out)
    tasks = [_task(command, arguments, digest, file, folder, i) for i, file in enumerate(_files(arguments, progress))]
    _claim(folder, tasks)
    with scheduler(arguments.scheduler) as each:
        finished = []
        for part in progress.track(each(make_part, tasks), len(tasks), "parts"):
            finished.append(part)
            if part.get("problem"):
                progress.warn(part["problem"])
    if arguments.duplicates is not None:
        _name_copies(folder, [part for part in finished if "problem" not in part], arguments.duplicates)
    _conclude(command, arguments, digest, finished, folder, progress)


def _name_copies(folder: Path, parts: list[dict[str, Any]], threshold: float) -> None:
    places = [(folder / part["name"], folder / FINISHED / f"{Path(part['name']).stem}.sketches") for part in parts]
    for part, (path, _), changed in zip(parts, places, name_copies(places, threshold), strict=True):
        if changed:
            part["sha256"] = _sha256(path)
            _write(folder / FINISHED / f"{path.stem}.json", part)


def _files(arguments: Namespace, progress: Progress) -> list[str]:
    """Return the input files, those of folders in the order of their names."""
    files: list[str] = []
    for path in arguments.paths:
        if path == "-":
            raise UsageError("standard input has no files to make parts of; leave out --out DIR/")
        if not there(path):
            raise InputError("no such file or folder", file=shown(path))
        skipped: Counter[str] = Counter()
        files += files_in(path, lambda error: progress.warn(str(error)), skipped) if is_folder(path) else [path]
        if skipped:
            kinds = ", ".join(f"{n:,} {what}" for what, n in sorted(skipped.items()))
            progress.warn(f"{shown(path)}: skipped files that are not read: {kinds}")
    if not files:
        raise InputError("no file to read", file=", ".join(map(shown, arguments.paths)))
    return files


def _task(command: str, arguments: Namespace, digest: str | None, file: str, folder: Path, i: int) -> dict[str, Any]:
    """Return all that `make_part` must know, as JSON."""
    given = {
        **vars(arguments),
        "paths": [file if is_address(file) else os.path.abspath(file)],
        "scheduler": None,
        "quiet": True,
        "force": True,
        "max_errors": 1.0,
    }
    given["format"] = arguments.format or "jsonl"
    if digest is not None:
        given["artifact"] = os.path.abspath(arguments.artifact)
    options = {name: given.get(name) for name in _OPTIONS} | {"command": command, "artifact": digest, "version": __version__}
    if arguments.duplicates is not None:
        options["duplicates"] = True  # not how alike: that is asked of all parts together
    about = {"options": options, "input": shown(file)}
    return {"command": command, "given": given, "about": about, "folder": os.path.abspath(folder), "name": f"part-{i:05d}"}


def _claim(folder: Path, tasks: list[dict[str, Any]]) -> None:
    """Make the folder, or take one of ours; parts beyond those that there will be are old ones. Raises OutputError."""
    try:
        there = set(os.listdir(folder)) if folder.is_dir() else set()
        if there and not (folder / FINISHED).is_dir():
            raise OutputError(f"{folder}: holds files, and none of ours; name a folder that is new or empty")
        (folder / FINISHED).mkdir(parents=True, exist_ok=True)
        (folder / SUCCESS).unlink(missing_ok=True)
        names = {f"{task['name']}.{task['given']['format']}" for task in tasks}
        for old in there - names:
            if old.startswith("part-"):
                (folder / old).unlink()
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from None


def make_part(task: dict[str, Any]) -> dict[str, Any]:
    """Make one part, unless it is finished; return what its file in `_parts` says. Runs wherever the scheduler wants."""
    folder, name, given = Path(task["folder"]), task["name"], task["given"]
    part, note = folder / f"{name}.{given['format']}", folder / FINISHED / f"{name}.json"
    try:
        about = task["about"] | {"sha256": _sha256(given["paths"][0])}
    except OSError as error:
        why = f"{task['about']['input']}: cannot be read: {error.strerror}"
        return {"name": part.name, "made_of": task["about"], "rows": 0, "failed": 1, "problem": why}
    sketches = folder / FINISHED / f"{name}.sketches" if given["duplicates"] is not None else None
    if (
        (before := _note(note)) and before["made_of"] == about and part.is_file() and _sha256(part) == before["sha256"]
        and (sketches is None or (sketches.is_file() and _sha256(sketches) == before["sketches"]))
    ):  # fmt: skip
        return before
    note.unlink(missing_ok=True)
    errors = folder / FINISHED / f"{name}.errors.jsonl"
    staged = folder / FINISHED / f"{name}.{'csv' if given['format'] == 'csv' else 'jsonl'}"
    problem = None
    try:
        form = "csv" if given["format"] == "csv" else "jsonl"
        call = Namespace(**{**given, "format": form, "out": str(staged), "errors": str(errors), "sketches": True})
        getattr(commands, task["command"])(call)
        if sketches is not None:
            keep_sketches(staged, sketches)
        rows = to_parquet(staged, part, commands.flat) if given["format"] == "parquet" else _moved(staged, part)
    except (InputError, PartialFailure) as error:
        problem, rows = str(error), 0
        part.unlink(missing_ok=True)
    failed = sum(1 for _ in errors.open("rb")) if errors.exists() else 0
    if not failed:
        errors.unlink(missing_ok=True)
    made = {"name": part.name, "made_of": about, "rows": rows, "failed": failed}
    if problem is not None:
        return {**made, "problem": problem}
    made["sha256"] = _sha256(part)
    if sketches is not None:
        made["sketches"] = _sha256(sketches)
    _write(note, made)
    return made


def _sha256(path: str | Path) -> str:
    with opened(str(path))[0] as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _note(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_bytes())
        return told if {"name", "made_of", "rows", "failed", "sha256"} <= told.keys() else None
    except (OSError, ValueError, AttributeError):
        return None


def _write(path: Path, told: dict[str, Any]) -> None:
    with open_output(path, force=True) as stream:
        stream.write(json.dumps(told, ensure_ascii=True, sort_keys=True, indent=1) + "\n")


def _moved(staged: Path, part: Path) -> int:
    with staged.open("rb") as file:
        lines = sum(1 for _ in file) if staged.suffix == ".jsonl" else _csv_rows(staged)
    os.replace(staged, part)
    return lines


def _csv_rows(path: Path) -> int:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        csv.field_size_limit(1 << 30)
        return sum(1 for _ in csv.reader(file)) - 1


def _conclude(
    command: str, arguments: Namespace, digest: str | None, parts: list[dict[str, Any]], folder: Path, progress: Progress
) -> None:
    rows, failed = sum(part["rows"] for part in parts), sum(part["failed"] for part in parts)
    broken = [part for part in parts if "problem" in part]
    if len(broken) == len(parts):
        raise InputError(f"no input could be used: {len(parts)} files failed, see above")
    summary = f"{rows:,} articles in {len(parts) - len(broken):,} parts; {failed:,} failures, listed in {folder / FINISHED}"
    if broken:
        raise PartialFailure(f"{len(broken)} of {len(parts)} files could not be used, so {SUCCESS} is not written; {summary}")
    _write(folder / SUCCESS, {"command": command, "artifact": digest, "rows": rows, "failed": failed, "parts": parts})
    if failed > arguments.max_errors * (rows + failed):
        raise PartialFailure(summary)
    progress.say(summary)
