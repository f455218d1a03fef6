"""Look at a config's data before anything is learned from it.

Owns: what is worth knowing of a corpus, in lines.
Does not know: how the data is read (`corpus`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from topics.duplicates import near_duplicates
from topics.errors import one_line
from training.config import Config
from training.copies import contradictions, counted_once
from training.corpus import Example, load_corpus
from training.split import sides
from training.weak_seeds import all_for_learning

#: A label with fewer examples cannot be learned, nor tested.
FEW = 5
#: Lines of one kind.
SHOWN = 20


def check_lines(
    config: Config,
    base: Path,
    *,
    name: str = "config",
    doubts: bool = False,
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Iterator[str]:
    """Yield the report of `topics check`: counts by label, few, empty and repeated articles, rows that cannot be used.

    With `doubts` also the rows to learn from whose topic is probably wrong, for which models have to be fitted.
    """
    corpus = load_corpus(config.corpus, base, name=name, progress=progress)
    train, test = sides(corpus, config.split, config.seed)
    if all_for_learning(config.classify, corpus.train):
        train, test = corpus.train, corpus.test
    made = "the config's own" if corpus.test else "set aside by [split]"
    yield f"{len(train)} articles to learn from, {len(test)} to test on ({made}); {len(corpus.problems)} problems"
    yield from _labels("topic", _topics(train), _topics(test))
    for target in sorted({t for e in (*train, *test) for t in e.stances}, key=lambda t: (-_n(train, t), t))[:50]:
        yield from _labels(f"stance toward {one_line(target)}", _stances(train, target), _stances(test, target))
    unlabeled = sum(not e.topics and not e.stances for e in (*train, *test))
    if unlabeled:
        seeded = config.classify is not None and (config.classify.seeds or config.classify.taxonomy)
        use = "the seeds of [classify] give them topics" if seeded else "they serve terms and latent topics only"
        yield f"without a label: {unlabeled} articles; {use}"
    for side, examples in (("train", train), ("test", test)):
        short = [e for e in examples if len(e.document.text.split()) < FEW]
        yield from _some(f"nearly empty, {side}: {_where(e)}: {one_line(e.document.text[:60])!r}" for e in short)
    yield from _repeats(train, test, config.split.near_duplicates)
    yield from _copies(train, test, config)
    if doubts:
        from training.doubts import doubt_lines  # with it come the solvers

        yield from doubt_lines(config, train, workers, progress)
    yield f"{len(corpus.problems)} problems" + (":" if corpus.problems else "")
    for problem in corpus.problems:
        yield f"  {one_line(problem)}"
    if corpus.warnings:
        yield f"{len(corpus.warnings)} warnings:"
    for warning in corpus.warnings:
        yield f"  {one_line(warning)}"


def _where(example: Example) -> str:
    return f"{one_line(example.document.page.id)} #{example.document.name}"


def _topics(examples: Sequence[Example]) -> Counter[str]:
    return Counter(topic for e in examples for topic in e.topics)


def _stances(examples: Sequence[Example], target: str) -> Counter[str]:
    return Counter(e.stances[target] for e in examples if target in e.stances)


def _n(examples: Sequence[Example], target: str) -> int:
    return sum(target in e.stances for e in examples)


def _labels(what: str, train: Counter[str], test: Counter[str]) -> Iterator[str]:
    if not train and not test:
        yield f"{what}: no label"
        return
    yield f"{what}: {len(train | test)} labels"
    for label in sorted(train | test, key=lambda name: (-train[name] - test[name], name)):
        few = f"   fewer than {FEW} to learn from" if train[label] < FEW else ""
        yield f"  {train[label]:6} + {test[label]:5}  {one_line(label)}{few}"


def _repeats(train: Sequence[Example], test: Sequence[Example], threshold: float) -> Iterator[str]:
    both = [*train, *test]
    pairs = near_duplicates([e.document.text for e in both], threshold)
    across = [(i, j) for i, j in pairs if (i < len(train)) != (j < len(train))]
    share = f"at least {threshold:.0%} of their word triples"
    yield f"near-duplicates ({share}): {len(pairs)} pairs, {len(across)} of them across the split"
    yield from _some(f"  {_where(both[i])} and {_where(both[j])}" for i, j in across)


def _copies(train: Sequence[Example], test: Sequence[Example], config: Config) -> Iterator[str]:
    once = counted_once(train, config.corpus, config.split.near_duplicates)
    if once.copies:
        yield f"copies that say nothing new, not learned from (corpus.copies): {once.copies}"
    for one, other, what in (differing := list(contradictions([*train, *test])))[:SHOWN]:
        yield f"equal texts, different labels: {_where(one)} and {_where(other)}: {one_line(what)}"
    if len(differing) > SHOWN:
        yield f"  and {len(differing) - SHOWN} more"


def _some(lines: Iterable[str]) -> Iterator[str]:
    """Yield the first of many lines, and how many more there are."""
    n = -1
    for n, line in enumerate(lines):
        if n < SHOWN:
            yield line
    if n >= SHOWN:
        yield f"  and {n + 1 - SHOWN} more"
