"""What is inside an artifact, file by file, and what of it came from the corpus.

Owns: the words for each file, the account of what text an artifact holds.
Does not know: what a model does with its arrays, how an artifact is checked (`artifact`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from topics.artifact import CONFIG, EVALUATION, MANIFEST, TERMS, Artifact
from topics.errors import one_line
from topics.sources_bytes import size

#: What a file holds, by the start of its name; the longest that fits.
_HOLDS = {
    MANIFEST: "list of files with hashes; settings, labels, targets, scores, canaries (made of terms)",
    CONFIG: "the config that ran, with the paths, labels, targets and patterns it names",
    EVALUATION: "figures; names of the articles that stand for a latent topic",
    TERMS: "words of the corpus: the vocabulary",
    "terms/": "in how many articles each term is",
    "tfidf/": "weights of terms",
    "classify/": "weights of terms for topics",
    "sentences/": "numbers: how words of the corpus begin sentences",
    "sentences/words": "words of the corpus: how they begin sentences",
    "sentences/abbreviations": "words of the corpus: abbreviations",
    "sentences/collocations": "words of the corpus: pairs across a full stop",
    "sentences/starters": "words of the corpus: first words of sentences",
    "stance/": "weights of cues for stances",
    "stance/cues/cues": "words of the corpus: cues",
    "lda/": "weights of terms in latent topics",
    "segment/": "weights of what a line looks like",
}


def contents(artifact: Artifact) -> Iterator[str]:
    """Yield a line for each file of a checked artifact, and then what of the corpus it holds."""
    files = {MANIFEST: {}, **artifact.manifest["files"]}
    width = max(len(name) for name in files)
    for name, facts in files.items():
        taken = size((artifact.path / name).stat().st_size)
        form = f"{facts['dtype']} {'x'.join(map(str, facts['shape'])) or '1'}" if "shape" in facts else "text"
        holds = max((known for known in _HOLDS if name.startswith(known)), key=len, default="")
        yield f"{name:{width}}  {taken:>10}  {form:16}  {_HOLDS.get(holds, '')}".rstrip()
    yield ""
    yield from _of_the_corpus(artifact)


def _of_the_corpus(artifact: Artifact) -> Iterator[str]:
    manifest = artifact.manifest
    frequency = artifact.parts["terms"].arrays["document_frequency"]
    least = int(frequency.min()) if math.prod(frequency.shape) else 0
    count = manifest.get("corpus", {}).get("train", "?")
    yield f"words of the corpus: {len(frequency)} terms, each in at least {least} of {count} articles"
    for what, names in (("labels", manifest.get("labels", [])), ("targets", manifest.get("targets", []))):
        if names:
            yield f"{what}: {len(names)}, " + ", ".join(one_line(str(name)) for name in names[:20]) + ", ..." * (len(names) > 20)
    try:
        evaluation = json.loads(artifact.texts.get(EVALUATION, "{}"))
    except (ValueError, RecursionError):
        evaluation = {}
    named, told = set(), 0
    for entry in _entries(evaluation):
        named.add(str(entry["id"]))
        told += "title" in entry or "text" in entry
    yield f"articles named: {len(named)}, by the names that the corpus gives them"
    yield (
        f"articles' own text: {told} titles, first words or sentences (evaluate.keep_text = true)"
        if told
        else "articles' own text: none (evaluate.keep_text = false)"
    )


def _entries(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON value
    """Yield the objects with an id, wherever they are."""
    waiting = [value]
    while waiting:
        at = waiting.pop()
        if isinstance(at, dict):
            if isinstance(at.get("id"), str):
                yield at
            waiting += at.values()
        elif isinstance(at, list):
            waiting += at
