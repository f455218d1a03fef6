"""The commands that carry latent topics to other tools and back: export, import.

Owns: turning arguments into files, what an artifact of somebody else's latent topics holds.
Does not know: the other tools' forms (`lda_bridges`, `lda_foreign`).
"""

from __future__ import annotations

import json
import re
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np

from topics.artifact import EVALUATION, TERMS, check_target, write_artifact
from topics.canary import canary_texts, sayings
from topics.errors import OutputError, UsageError, one_line
from topics.failures import failures_of
from topics.inputs import read_articles
from topics.loading import load
from topics.output import open_output
from topics.predict import Model
from topics.progress import Progress


def export(arguments: Namespace) -> None:
    """`topics export`."""
    model = load(arguments.artifact)
    if model.latent is None:
        raise UsageError(f"{arguments.artifact} has no latent topics: its config had no [lda]")
    if arguments.to == "gensim":
        if arguments.paths:
            raise UsageError(f"gensim's model holds no articles: leave out {one_line(arguments.paths[0])!r}")
        _to_gensim(arguments, model)
        return
    if not arguments.paths:
        raise UsageError(f"--to {arguments.to} tells of articles, and an artifact holds none: name files after it")
    from training.lda_bridges import mallet_state, pyldavis

    with failures_of(arguments) as failures:
        documents = [document for articles in read_articles(arguments, failures, model.segmenter) for _, document in articles]
        failures.check()
        counts, _ = model.count(documents)
        failures.written = len(documents)
        with open_output(arguments.out, force=arguments.force) as stream:
            if arguments.to == "mallet":
                # A source in MALLET's form holds no white space.
                sources = ["_".join(f"{document.page.id}#{document.name}".split()) for document in documents]
                stream.writelines(line + "\n" for line in mallet_state(model.latent, counts, model.vocabulary, sources))
            else:
                stream.write(json.dumps(pyldavis(model.latent, counts, model.vocabulary), ensure_ascii=False) + "\n")


def _to_gensim(arguments: Namespace, model: Model) -> None:
    """Write gensim's own files, and the dictionary as text, which can be read without unpickling."""
    from training.lda_bridges import to_gensim

    if arguments.out is None:
        raise UsageError("gensim's model is several files: name a folder with --out")
    folder = Path(arguments.out)
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not arguments.force)):
        raise OutputError(f"{one_line(str(folder))}: exists already; name another folder, or pass --force to write into it")
    assert model.latent is not None
    made = to_gensim(model.latent, model.vocabulary)
    folder.mkdir(parents=True, exist_ok=True)
    made.save(str(folder / "lda.model"))
    # What gensim keeps in its pickle alone, so that `topics import` needs no pickle.
    made.id2word.save_as_text(str(folder / "dictionary.txt"))
    np.save(folder / "lda.model.alpha.npy", np.asarray(made.alpha, np.float64))
    Progress(quiet=arguments.quiet).say(f"wrote {folder}: gensim.models.LdaModel.load({str(folder / 'lda.model')!r})")


def import_(arguments: Namespace) -> None:
    """`topics import`."""
    from training.lda_foreign import read_gensim, read_mallet
    from training.overview import versions

    if not re.fullmatch(r"\w[\w.-]*", arguments.name):
        raise UsageError(f"--name {arguments.name!r}: only letters, digits, '.', '_' and '-', beginning with a letter or digit")
    folder = Path(arguments.out) if arguments.out is not None else Path("artifacts") / arguments.name
    replace = arguments.force or arguments.out is None
    check_target(folder, force=replace)
    path = Path(arguments.given)
    foreign = read_mallet(path) if arguments.kind == "mallet" else read_gensim(path)
    model = foreign.model()
    about: dict[str, Any] = {
        "name": arguments.name,
        "imported": {"from": arguments.kind, "sha256": foreign.sha256},
        "labels": [],
        "targets": [],
        "scores": {},
        "versions": versions(),
        "canary": sayings(model, canary_texts(model)),
    }
    report = {"latent_topics": foreign.latent.n_topics, "terms": len(foreign.vocabulary), "left_out": foreign.left_out}
    texts = {
        TERMS: "".join(term + "\n" for term in model.vocabulary.terms),
        EVALUATION: json.dumps({"test": {}, "learned": {"imported": report}}, indent=1, sort_keys=True) + "\n",
    }
    digest = write_artifact(folder, model.parts(), texts, about, force=replace)
    progress = Progress(quiet=arguments.quiet)
    if foreign.left_out:
        progress.warn(f"{foreign.left_out} words are left out: texts are not read into such terms (single letters, signs)")
    progress.say(f"wrote {folder} ({digest[:12]}): {foreign.latent.n_topics} latent topics, {len(foreign.vocabulary)} terms")
