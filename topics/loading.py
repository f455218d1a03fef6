"""From a checked artifact to a model, or a refusal.

Owns: which part of an artifact is which field of `Model`, and what must hold between parts: each was written
beside the others, and a stranger may have put together what does not belong together.
Does not know: files and hashes (`artifact`), what a model does (`predict`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.artifact import TERMS, Artifact, Part, read_artifact
from topics.classify import LinearClassifier
from topics.errors import ArtifactError, TopicsError, one_line
from topics.lda import LatentTopics
from topics.predict import Model
from topics.segment import Segmenter
from topics.sentences import SentenceSplitter
from topics.stance import StanceModel
from topics.targets import LinearStances
from topics.terms import Vocabulary
from topics.tfidf import Tfidf
from topics.tokens import Analysis


def load(path: str | Path) -> Model:
    """Return the model in the artifact at `path`.

    Raises ArtifactError where the artifact is damaged, foreign or of a newer format; nothing of it is
    executed, and all of it is checked before any of it is used.
    """
    return model_of(read_artifact(path))


def model_of(artifact: Artifact) -> Model:
    """Return the model that a checked artifact holds. Raises ArtifactError where its parts do not fit together."""
    try:
        _check_manifest(artifact.manifest)
        with np.errstate(all="ignore"):  # weights of 0 are refused below, in words
            model = _assembled(artifact)
        _check_terms(model)
        _check_shapes(model)
        return model
    except (TopicsError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        what = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise ArtifactError(
            f"{one_line(str(artifact.path))}: artifact refused: its parts do not fit together "
            f"({one_line(what[:200])}); train it again or fetch a fresh copy"
        ) from None


def _assembled(artifact: Artifact) -> Model:
    parts = artifact.parts
    terms = parts["terms"]
    splitter = _built(SentenceSplitter, parts.get("sentences"))
    stances = {name: part for name, part in parts.items() if name.startswith("stance/")}
    return Model(
        vocabulary=Vocabulary(
            terms=tuple(artifact.texts[TERMS].split("\n")[:-1]),
            document_frequency=terms.arrays["document_frequency"],
            n_documents=int(terms.settings["n_documents"]),
        ),
        analysis=Analysis.from_settings(terms.settings),
        tfidf=Tfidf.from_arrays(parts["tfidf"].arrays, parts["tfidf"].settings),
        classifier=_built(LinearClassifier, parts.get("classify")),
        splitter=splitter,
        stance=StanceModel.from_parts(stances, splitter) if splitter is not None and stances else None,
        latent=_built(LatentTopics, parts.get("lda")),
        segmenter=_built(Segmenter, parts.get("segment")),
        manifest=artifact.manifest,
    )


def _built(kind: Any, part: Part | None) -> Any:  # noqa: ANN401 - each room's own class
    return None if part is None else kind.from_arrays(part.arrays, part.settings)


def _check_manifest(manifest: Any) -> None:  # noqa: ANN401 - any JSON value
    """Raise ValueError where what is only shown or asked again is not of the form that is written."""
    for room, figures in manifest.get("scores", {}).items():
        for name, value in figures.items():
            numbers = [value[end] for end in ("value", "low", "high")] if isinstance(value, dict) else [value]
            if not all(isinstance(n, int | float) for n in numbers):
                raise ValueError(f"scores: {room}.{name} is no number")
    if not isinstance(manifest.get("corpus", {}), dict):
        raise ValueError("corpus: not of the right form")
    for canary in manifest.get("canary", []):
        if not isinstance(canary["text"], str) or {"topic", "stances", "mixture", "known_terms"} - canary.keys():
            raise ValueError("canary: not of the right form")


#: A term is made of letters, digits, underscores and single spaces; what steers a terminal or ends a line is not.
_NO_TERM = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
#: Settings allow runs of up to 3 words and 10 characters.
_MAX_NGRAM = 10


def _check_terms(model: Model) -> None:
    terms = model.vocabulary.terms
    if list(terms) != sorted(set(terms)):
        raise ValueError(f"{TERMS} is not sorted, or holds a term twice")
    if _NO_TERM.search("".join(terms)):
        raise ValueError(f"{TERMS} holds control characters")
    for least, most in (model.analysis.ngrams, model.analysis.chars or (1, 1)):
        if not 1 <= least <= most <= _MAX_NGRAM:
            raise ValueError(f"runs of {least} to {most} words or characters")


def _check_shapes(model: Model) -> None:
    """Raise ValueError where arrays do not belong to one vocabulary, one set of labels, one number of latent topics."""
    n = len(model.vocabulary)
    expected: list[tuple[str, npt.NDArray[Any], tuple[int, ...]]] = [
        ("terms/document_frequency", model.vocabulary.document_frequency, (n,)),
        ("tfidf/idf", model.tfidf.idf, (n,)),
    ]
    if (classifier := model.classifier) is not None:
        labels = len(classifier.labels)
        if not labels or len(set(classifier.labels)) != labels:
            raise ValueError("classify: no label, or one that is there twice")
        expected.append(("classify/term_weights", classifier.coef.T, (n, labels)))
        expected += [(f"classify/{f}", getattr(classifier, f), (labels,)) for f in ("intercept", "scale", "shift", "levels")]
    if model.stance is not None and isinstance(judge := model.stance.judge_by, LinearStances):
        cues, labels = len(judge.reader.cues), len(judge.labels)
        ngrams = judge.reader.settings.ngrams
        if not 1 <= ngrams[0] <= ngrams[1] <= _MAX_NGRAM or type(judge.context) is not int or judge.labels != model.stance.labels:
            raise ValueError("stance: settings that were not written so")
        expected.append(("stance/cues/idf", judge.reader.idf, (cues,)))
        for target, head in judge.heads.items():
            expected.append((f"stance coefficients toward {target!r}", head.coef, (cues, labels)))
            expected.append((f"stance intercept toward {target!r}", head.intercept, (labels,)))
    for name, array, shape in expected:
        if array.shape != shape:
            raise ValueError(f"{name}: expected shape {shape}, got {array.shape}")
    if (latent := model.latent) is not None:
        columns = latent.columns
        if len(columns) and not (columns[0] >= 0 and columns[-1] < n and (np.diff(columns) > 0).all()):
            raise ValueError(f"lda/columns are not ascending columns of {n} terms")
        if not (latent.alpha > 0).all() or not (latent.topic_term > 0).all():
            raise ValueError("lda: priors and terms' weights must be above 0")
