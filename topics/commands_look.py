"""The commands for looking at an artifact: show, report.

Owns: turning arguments into calls, reading the pages given to a report.
Does not know: what a report looks like (`report_html`), words for people (`report`), parsing of the command line (`cli`).
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from topics.artifact import EVALUATION, read_artifact
from topics.errors import ArtifactError, one_line
from topics.failures import Failures, failures_of, unforeseen
from topics.inputs import failed, read_articles
from topics.loading import load, model_of
from topics.output import open_output
from topics.predict import Model
from topics.progress import wants_color

if TYPE_CHECKING:
    from topics.report_seen import Seen


def report(arguments: Namespace) -> None:
    """`topics report`."""
    from topics.report_html import report_html, room_for_pages

    artifact = read_artifact(arguments.artifact)
    model = model_of(artifact)
    evaluation = _evaluation(artifact.texts.get(EVALUATION, "{}"), arguments.artifact)
    try:  # all that the artifact holds is drawn once, before pages are read
        room = room_for_pages(model, evaluation)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ArtifactError(
            f"{one_line(arguments.artifact)}: {EVALUATION} is not of the form that is written "
            f"({type(error).__name__}: {one_line(str(error))[:100]}); train the artifact again"
        ) from error
    with failures_of(arguments) as failures, open_output(arguments.out, force=arguments.force) as stream:
        seen = _look(arguments, failures, model, room) if arguments.paths else None
        for piece in report_html(model, evaluation, seen):
            stream.write(piece)
        if arguments.out is not None:
            failures.progress.say(f"wrote {arguments.out}: open it in a browser")


def _look(arguments: Namespace, failures: Failures, model: Model, room: int) -> Seen:
    """Return what the model says of the pages given; what fails goes to `failures`."""
    from topics.report_seen import Seen

    seen = Seen(room=room)
    for articles in read_articles(arguments, failures, model.segmenter):
        record = articles[0][0]
        try:
            seen.add(record, model.label([document for _, document in articles]), model)
        except Exception as error:  # whatever it is: the others must go on
            failures.take(failed(record, unforeseen(error)))
    failures.check()
    return seen


def _evaluation(text: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ArtifactError(f"{one_line(name)}: {EVALUATION} is not a JSON object; train the artifact again")
    return found


def show(arguments: Namespace) -> None:
    """`topics show`."""
    model = load(arguments.artifact)
    lines = _shown(arguments, model)
    if wants_color(sys.stdout):
        from topics.screen import painted  # with rich, which a pipe need not wait for

        lines = painted(lines)
    with open_output(None) as stream:
        for line in lines:
            stream.write(line + "\n")


def _shown(arguments: Namespace, model: Model) -> Iterable[str]:
    from topics import report, report_latent

    if arguments.verify:
        return [_verified(arguments.artifact, model)]
    if arguments.contents:
        from topics.contents import contents

        return contents(read_artifact(arguments.artifact))
    if arguments.topic is not None:
        return report.one_topic(model, arguments.topic)
    if arguments.latent is not None:
        learned = report_latent.learned_of(read_artifact(arguments.artifact).texts.get(EVALUATION, ""))
        return report_latent.one_latent(model, arguments.latent, learned, by=arguments.by, n_terms=arguments.terms)
    return report.overview(model)


def _verified(path: str, model: Model) -> str:
    from topics.canary import differences

    wrong: Sequence[str] = differences(model)
    if wrong:
        more = f"; {len(wrong) - 1} more differ" if wrong[1:] else ""
        raise ArtifactError(f"{one_line(path)}: {wrong[0]}{more}")
    files, canaries = len(model.manifest["files"]), len(model.manifest.get("canary", []))
    return (
        f"verified: {files} files match their hashes, {canaries} canaries answer as when they were stored; "
        f"digest {model.manifest['digest']}"
    )
