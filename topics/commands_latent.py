"""The command that applies latent topics to whole collections: shares.

Owns: what articles are grouped by, what is left out and said so.
Does not know: how shares and their intervals are computed (`lda_shares`), how files are read (`sources`).
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from topics.documents import Document
from topics.errors import InputError, UsageError
from topics.failures import Failures, failures_of
from topics.inputs import read_articles
from topics.lda_shares import Floats, Shares, period
from topics.lda_shares import shares as shares_of
from topics.loading import load
from topics.output import default_format, make_writer, open_output
from topics.predict import Model
from topics.sources import Record

COLUMNS = ("group", "articles", "latent", "name", "share", "low", "high")
PERIODS = ("year", "month", "day")
#: Articles whose mixtures are found in one call.
BATCH = 256


def shares(arguments: Namespace) -> None:
    """`topics shares`."""
    model, by = load(arguments.artifact), arguments.by
    if model.latent is None:
        raise UsageError(f"{arguments.artifact} has no latent topics: its config had no [lda]")
    if by == "topic" and model.classifier is None:
        raise UsageError(
            f"{arguments.artifact} has no topics to compare with; --by FIELD takes a field of the rows, such as a label"
        )
    with failures_of(arguments) as failures:
        mixtures: list[Floats] = []
        groups: list[str | None] = []
        silent = 0
        for batch in _batches(arguments, failures, model):
            found, known, named = _read(model, batch, by)
            silent += int((~known).sum())
            mixtures.append(found[known])
            groups += [group for group, says in zip(named, known.tolist(), strict=True) if says]
        failures.check()
        if silent:
            failures.progress.warn(f"{silent} articles hold no term of a latent topic and are left out")
        missing = sum(group is None for group in groups)
        if missing == len(groups):
            what = f"a {by}" if by in ("source", "topic") else f"a field {by!r}"
            what = "an ISO date such as 2024-05-17" if by in PERIODS else what
            raise InputError(f"no article to group by {by}: none of {len(groups)} has {what}")
        if missing:
            failures.progress.warn(f"{missing} of {len(groups)} articles have no {by} and are left out")
        grouped = shares_of(np.concatenate(mixtures), groups, samples=arguments.samples)
        kind = arguments.format or default_format(arguments.out)
        with open_output(arguments.out, force=arguments.force) as stream, make_writer(kind, stream, COLUMNS) as writer:
            for row in _rows(grouped, model.latent.names, arguments.top if kind == "table" else None):
                writer.write(row)
        failures.written = len(groups) - missing


def _rows(grouped: Shares, names: Sequence[str], top: int | None) -> Iterator[dict[str, Any]]:
    """Yield a row for each group and latent topic; with `top` the largest of each group alone, the largest first."""
    rows = grouped.rows(names)
    if top is None:
        yield from rows
        return
    K = grouped.mean.shape[1]
    for g in range(len(grouped.groups)):
        yield from sorted(rows[g * K : (g + 1) * K], key=lambda row: (-row["share"], row["latent"]))[:top]


def _batches(arguments: Namespace, failures: Failures, model: Model) -> Iterator[list[tuple[Record, Document]]]:
    batch: list[tuple[Record, Document]] = []
    for articles in read_articles(arguments, failures, model.segmenter):
        batch += articles
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _read(model: Model, batch: Sequence[tuple[Record, Document]], by: str) -> tuple[Floats, Any, list[str | None]]:
    """Return the mixtures of a batch, which of them say anything, and the group of each."""
    assert model.latent is not None
    counts, weights = model.count([document for _, document in batch])
    known = np.diff(model.latent.known(counts).indptr) > 0
    groups: list[str | None]
    if by in PERIODS:
        groups = [period(document.article.published, by) for _, document in batch]
    elif by == "source":
        groups = [" ".join((document.article.source or "").split()) or None for _, document in batch]
    elif by == "topic" and model.classifier is not None:
        groups = [ranking.label for ranking in model.classifier.rank_rows(weights)]
    else:
        groups = [_field(record.fields.get(by)) for record, _ in batch]
    return model.latent.mixtures(counts), known, groups


def _field(value: object) -> str | None:
    """Return a field of a row as a group; lists and objects are none."""
    if isinstance(value, bool):
        return str(value).lower()
    return (" ".join(str(value).split()) or None) if isinstance(value, str | int) else None
