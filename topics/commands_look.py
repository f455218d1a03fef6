"""The command that makes a report for people.

Owns: reading the pages given, in what order things are written.
Does not know: what a report looks like (`report_html`), parsing of the command line (`cli`).
"""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from topics.artifact import EVALUATION, read_artifact
from topics.errors import ArtifactError, one_line
from topics.failures import Failures, failures_of, unforeseen
from topics.inputs import cut, failed, read_inputs
from topics.loading import model_of
from topics.output import open_output
from topics.predict import Model
from topics.report_html import report_html
from topics.report_seen import Seen


def report(arguments: Namespace) -> None:
    """`topics report`."""
    artifact = read_artifact(arguments.artifact)
    model = model_of(artifact)
    evaluation = _evaluation(artifact.texts.get(EVALUATION, "{}"), arguments.artifact)
    with failures_of(arguments) as failures, open_output(arguments.out, force=arguments.force) as stream:
        seen = _look(arguments, failures, model) if arguments.paths else None
        try:
            for piece in report_html(model, evaluation, seen):
                stream.write(piece)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise ArtifactError(
                f"{one_line(arguments.artifact)}: {EVALUATION} is not of the form that is written "
                f"({type(error).__name__}: {one_line(str(error))[:100]}); train the artifact again"
            ) from error
        if arguments.out is not None:
            failures.progress.say(f"wrote {arguments.out}: open it in a browser")


def _look(arguments: Namespace, failures: Failures, model: Model) -> Seen:
    """Return what the model says of the pages given; what fails goes to `failures`."""
    seen = Seen()
    for found in read_inputs(arguments, failures):
        answers, articles = cut([found], model.segmenter)
        for kind, value in answers:
            if kind == "failed":
                failures.take(value)
            elif kind == "warning":
                failures.progress.warn(value)
            else:
                failures.count(value)
        if articles:
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
