"""One training run: from a config to an artifact.

Owns: the order of the steps, what is written down about a run, the canary.
Does not know: how any model is learned; each room does its own.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topics.artifact import CONFIG, EVALUATION, TERMS, check_target, write_artifact
from topics.canary import canary_texts, sayings
from topics.errors import InputError
from topics.evaluation import Evaluation
from topics.loading import load
from topics.predict import Model
from topics.scheduler import Here
from topics.scheduler import scheduler as tasks_at
from topics.segment import Segmenter
from training.classify import learn_classifier
from training.config import Config, load_config, parse_config, render_config
from training.copies import counted_once, sketcher
from training.corpus import Corpus, Example, load_corpus
from training.evaluate import evaluate
from training.lda import learn_latent
from training.lda_checkpoint import checkpoint_of, forget
from training.lda_sentences import telling_sentences
from training.lda_update import check_update, update_model
from training.overview import corpus_facts, headline, named, versions
from training.room import Room, room_for
from training.sentences import learn_sentences
from training.shelf import groups_of, topics_of
from training.split import sides
from training.spool import Spool
from training.stance_examples import StanceExample
from training.stream import Stream
from training.terms import analysis_of, least_documents
from training.tfidf import learn_tfidf
from training.weak import learn_weak, soften
from training.weak_seeds import all_for_learning, read_seeds, seeds_of

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainResult:
    """What a run made."""

    path: Path
    #: The artifact's digest: the same for the same input, config and seed.
    digest: str
    model: Model
    evaluation: Evaluation
    #: Rows, pages and labels that could not be used.
    problems: list[str]
    #: What was used all the same, or left out on purpose.
    warnings: list[str]

    def __repr__(self) -> str:
        return (
            f"<TrainResult {self.path} ({self.digest[:12]}): {self.model!r}, {self.evaluation!r}, {len(self.problems)} problems>"
        )

    def _repr_html_(self) -> str:
        return self.model._repr_html_() + self.evaluation._repr_html_()


def train(
    config: str | Path | Config,
    *,
    out: str | Path | None = None,
    base: str | Path | None = None,
    overrides: Sequence[str] = (),
    workers: int = 1,
    force: bool = False,
    resume: bool = False,
    goes_on_from: str | Path | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> TrainResult:
    """Fit what the config asks for, judge it on the test side and write the artifact.

    `config` is a file or a `Config`; file names in it are relative to its folder, or to `base`. Without `out` the
    artifact goes to artifacts/NAME, where an older one of that name is replaced; an existing `out` is replaced
    only with `force`. `workers` changes the time it takes and nothing else.

    A long fit of latent topics leaves its state in a hidden folder beside the artifact; with `resume` a killed run
    goes on from there, to the same bytes. `goes_on_from` is an artifact whose latent topics learn from the config's
    articles, too, while its topics and stances stay (see `lda_update`). `scheduler` is where shards are worked
    on (see `topics/scheduler`, docs/scale.md): the artifact is the same.
    """
    with tasks_at(scheduler) as each:
        return _train(config, out, base, overrides, workers, force, resume, goes_on_from, each, progress)


def _train(
    config: str | Path | Config,
    out: str | Path | None,
    base: str | Path | None,
    overrides: Sequence[str],
    workers: int,
    force: bool,
    resume: bool,
    goes_on_from: str | Path | None,
    each: Here,
    progress: Progress | None,
) -> TrainResult:
    say = progress or (lambda line: None)
    name = "config"
    if not isinstance(config, Config):
        base, name = Path(config).parent if base is None else base, str(config)
        config = load_config(config, overrides)
    elif overrides:
        config = parse_config(render_config(config), name, overrides)
    folder = Path(out) if out is not None else Path("artifacts") / config.name
    replace = force or out is None
    check_target(folder, force=replace)  # before the work, not after it
    checkpoint = checkpoint_of(folder)
    each.folder = checkpoint.parent
    if not resume:
        forget(checkpoint)
    elif not checkpoint.exists():
        say(f"no unfinished fit beside {folder}: it begins anew")
    before = None if goes_on_from is None else load(goes_on_from)
    if before is not None:
        check_update(config, before, str(goes_on_from))
    elif config.classify is not None:
        read_seeds(seeds_of(config.classify, name), analysis_of(config.terms), name)
    segmenter, report = _segmenter(config, Path(base or "."), say) if before is None else (before.segmenter, {})
    spool, stream = (None, None) if config.memory is None else (Spool(), Stream.of(analysis_of(config.terms)))
    corpus = load_corpus(config.corpus, Path(base or "."), name=name, segmenter=segmenter, progress=say, spool=spool,
                         stream=stream, each=each)  # fmt: skip
    sketch = sketcher(each)
    learned, test = sides(corpus, config.split, config.seed, sketch)
    if all_for_learning(config.classify, corpus.train):
        learned, test = corpus.train, corpus.test
    once = counted_once(learned, config.corpus, config.split.near_duplicates, sketch)
    learned = once.examples
    if once.copies:
        say(f"{once.copies} copies that say nothing new are left out (corpus.copies)")
    say(f"{len(learned)} articles to learn from, {len(test)} to test on, {len(corpus.problems)} problems")
    if not test:
        say(
            "nothing to test on, so the artifact will hold no scores: name corpus.test, or set split.test above 0; "
            "articles of one page or story, and near-duplicates, are never split"
        )
    if before is None:
        model, rooms = fit(config, learned, segmenter=segmenter, workers=workers, progress=say, checkpoint=checkpoint,
                           each=each)  # fmt: skip
    else:
        model, rooms = update_model(before, config, learned, workers=workers, progress=say, checkpoint=checkpoint)
        rooms["lda"] |= latent_examples(model, rooms["lda"], learned, config)
    report |= rooms
    evaluation = judge(model, test, config) if test else Evaluation()
    written = render_config(config.model_copy(update={"memory": None}))  # like workers, it changes nothing that is made
    about = {
        "name": config.name,
        "seed": config.seed,
        # No clock: the same input must give the same bytes.
        **({"created": int(stamp)} if (stamp := os.environ.get("SOURCE_DATE_EPOCH", "")).isdigit() else {}),
        "overrides": [override for override in overrides if not override.startswith("memory=")],
        "config_sha256": hashlib.sha256(written.encode()).hexdigest(),
        "corpus": {"sha256": corpus.digest, **_sizes(learned, test, once.copies, corpus)},
        **({"goes_on_from": before.manifest["digest"]} if before is not None else {}),
        "labels": list(model.classifier.labels) if model.classifier else [],
        # Articles that each topic got from its seeds: those of the classifier were learned from what nobody checked.
        **({"weak_labels": weak["topics"]} if (weak := report.get("classify", {}).get("weak")) else {}),
        "targets": list(model.stance.targets) if model.stance else [],
        "scores": headline(evaluation),
        "versions": versions(),
        "canary": sayings(model, canary_texts(model)),
    }
    texts = {
        TERMS: "".join(term + "\n" for term in model.vocabulary.terms),
        CONFIG: written,
        EVALUATION: json.dumps({"test": evaluation, "learned": report}, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
    }
    digest = write_artifact(folder, model.parts(), texts, about, force=replace)
    forget(checkpoint)
    say(f"wrote {folder} ({digest[:12]})")
    return TrainResult(
        path=folder, digest=digest, model=model, evaluation=evaluation, problems=corpus.problems, warnings=corpus.warnings
    )


def judge(model: Model, examples: Sequence[Example], config: Config) -> Evaluation:
    """Return the figures of `model` on `examples`, as the config wants them measured."""
    metric = config.stance.metric if config.stance is not None else "macro_f1"
    return evaluate(model, examples, n_samples=config.evaluate.bootstrap, seed=config.seed, metric=metric)


def _sizes(learned: Sequence[Example], test: Sequence[Example], copies: int, corpus: Corpus) -> dict[str, int]:
    return {"train": len(learned), "test": len(test), "copies": copies, "problems": len(corpus.problems)}


def _segmenter(config: Config, base: Path, say: Progress) -> tuple[Segmenter | None, dict[str, Any]]:
    if config.segment is None:
        return None, {}
    from training.segment import learn_segmenter  # with it come the layouts; most runs use the shipped segmenter

    gold = [config.segment.gold] if isinstance(config.segment.gold, str) else config.segment.gold or []
    settings = config.segment.model_copy(update={"gold": [str(base / path) for path in gold] or None})
    segmenter, report = learn_segmenter(settings, seed=config.seed, progress=say)
    return segmenter, {"segment": report}


def fit(
    config: Config,
    examples: Sequence[Example],
    *,
    segmenter: Segmenter | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    checkpoint: Path | None = None,
    each: Here | None = None,
) -> tuple[Model, dict[str, Any]]:
    """Learn every model that the config asks for from `examples`; return them and a report by room."""
    with room_for(config, each or Here()) as room:
        return _fit(config, examples, room, segmenter, workers, progress, checkpoint)


def _fit(
    config: Config,
    examples: Sequence[Example],
    room: Room,
    segmenter: Segmenter | None,
    workers: int,
    progress: Progress | None,
    checkpoint: Path | None,
) -> tuple[Model, dict[str, Any]]:
    say = progress or (lambda line: None)
    texts = room.texts(examples)
    vocabulary, counts = room.count(texts, config.terms)
    tfidf = learn_tfidf(vocabulary, config.tfidf)
    report: dict[str, Any] = {"terms": {"terms": len(vocabulary), "articles": len(texts), "entries": len(counts.data)}}
    say(f"{len(vocabulary)} terms")
    parts: dict[str, Any] = {}
    if config.classify is not None:
        topics, weak = topics_of(examples), None
        if config.classify.seeds or config.classify.taxonomy:
            weak, told = learn_weak(
                texts, counts, vocabulary, analysis_of(config.terms), topics, seeds_of(config.classify), config.seed, say
            )
            topics = weak.topics
        elif not any(topics):
            raise InputError(
                f"[classify] wants topics, and no article has one; corpus.topic is {config.corpus.topic!r}, "
                f"corpus.labels is {config.corpus.labels!r}"
            )
        parts["classifier"], report["classify"] = learn_classifier(
            room.weigh(tfidf, counts),
            topics,
            config.classify,
            list(groups_of(examples)),
            config.seed, workers=workers, progress=say, each=room.each,
        )  # fmt: skip
        if weak is not None:
            parts["classifier"] = soften(parts["classifier"], weak.sure, report["classify"]["held_out"]["reliability"])
            report["classify"]["weak"] = told
    if config.stance is not None:
        # With scikit-learn it takes a second to import, which a run without stances need not wait for.
        from training.stance import learn_stance

        parts["splitter"] = learn_sentences(texts, least_documents(config.terms.min_df, len(texts)))
        stances = [
            StanceExample(text=e.document.text, target=target, label=label, group=e.group)
            for e in examples
            for target, label in e.stances.items()
        ]
        if not stances:
            raise InputError("[stance] wants stances, and no article has one; see corpus.stance, corpus.target, corpus.labels")
        parts["stance"], report["stance"] = learn_stance(
            stances, config.stance, parts["splitter"], config.seed, workers=workers, progress=say, texts=texts
        )
    if config.lda is not None:
        parts["latent"], report["lda"] = learn_latent(
            counts, vocabulary, room.lda(config.lda), config.seed, workers, say, checkpoint, room.each
        )
    report["corpus"] = corpus_facts(examples, counts, parts.get("latent"), workers)
    model = Model(
        vocabulary=vocabulary, analysis=analysis_of(config.terms), tfidf=tfidf, segmenter=segmenter, manifest={}, **parts
    )
    if model.latent is not None:
        report["lda"] |= latent_examples(model, report["lda"], examples, config)
    return model, report


def latent_examples(model: Model, report: dict[str, Any], examples: Sequence[Example], config: Config) -> dict[str, Any]:
    """Return the articles and the sentences that say most of each latent topic; their words only where the config asks."""
    keep, rows = config.evaluate.keep_text, report["articles_of"]
    return {
        "examples": named(examples, rows, keep_text=keep),
        "sentences": telling_sentences(model, examples, rows, keep_text=keep),
    }
