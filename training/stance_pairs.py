"""Learn what texts make of claims: hashed frequencies, words that tell sides, two forests.

Owns: stories (which pairs must stay on one side of a fold), held-out scores of the lexicon, calibration.
Does not know: what the numbers of a pair are (`topics/pairs_features`), how trees grow (`stance_trees`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from topics.pairs import VIEWS, Lexicon, PairJudge, lexical_terms
from topics.pairs_features import pair_features
from topics.pairs_text import BITS, LEVELS, Floats, PairReader, Text, hashed_levels, words_of
from topics.sentences import SentenceSplitter
from topics.trees import Forest, Line, Network
from training.settings import StanceSettings
from training.stance_examples import Ints, StanceExample, grouped_folds, measure
from training.stance_linear import sharpness_of
from training.stance_trees import draw, forest_scores, grow, side_scores, weave

#: Labels that say the text is about something else.
UNRELATED = ("unrelated", "off-topic")
#: Pairs held out to calibrate and to report a score: more would move neither.
HELD_OUT = 8_000


@dataclass(frozen=True, slots=True)
class _Fitted:
    related: Forest | None
    sides: Forest
    line: Line
    networks: tuple[Network, ...]
    lexicons: tuple[Lexicon, ...]


@dataclass(frozen=True, slots=True)
class _Pairs:
    numbers: Floats
    label: Ints
    #: Rows that are related to their claim, ascending, their sides, and their terms as (n_related, n_terms) of ones.
    related: Ints
    side: Ints
    terms: tuple[str, ...]
    has: sparse.csr_matrix
    fold: Ints
    story: Ints
    n_sides: int


def learn_pairs(
    examples: Sequence[StanceExample],
    labels: tuple[str, ...],
    settings: StanceSettings,
    splitter: SentenceSplitter,
    seed: int,
    say: Callable[[str], None],
) -> tuple[PairJudge, dict[str, Any]]:
    """Return the judge and the report of `learn_stance` for the kind "pairs"."""
    off = next((label for label in labels if label.lower() in UNRELATED), "")
    stories = story_of(examples, off)
    folds = grouped_folds(
        [StanceExample("", "", e.label, s) for e, s in zip(examples, stories, strict=True)], settings.folds, seed
    )
    reader, pairs = _read(examples, labels, off, stories, folds, settings.min_df, splitter, say)
    weights = np.array([settings.label_weights.get(e.label, 1.0) for e in examples])

    held = np.zeros(len(examples), bool)
    tried: list[tuple[Floats, Floats]] = []
    for fold in range(settings.folds):
        test = np.flatnonzero(folds == fold)
        if held.sum() >= HELD_OUT or not len(test):
            continue
        tried.append(_scores(pairs, test, _fit(pairs, np.flatnonzero(folds != fold), weights, settings, seed)))
        held[test] = True
        say(f"stance: fold {fold + 1} held out, {int(held.sum())} pairs judged by models that do not know their stories")
    test = np.concatenate([np.flatnonzero(folds == f) for f in range(settings.folds)])[: int(held.sum())]
    is_related = np.concatenate([t[0] for t in tried])
    side_scores = np.concatenate([t[1] for t in tried])
    sharp_related = _sharpness_related(is_related, pairs, test) if off else 1.0
    mine = np.flatnonzero(np.isin(test, pairs.related))
    side_of = np.full(len(examples), -1)
    side_of[pairs.related] = pairs.side
    sharp_sides = sharpness_of(side_scores[mine], side_of[test[mine]])
    side_labels = np.array([i for i, label in enumerate(labels) if label != off])
    guess = side_labels[side_scores.argmax(axis=1)]
    if off:
        guess = np.where(is_related > 0, guess, labels.index(off))
    report = {
        "n": len(examples),
        "labels": list(labels),
        "stories": int(pairs.story.max()) + 1,
        "held_out": len(test),
        "metric": settings.metric,
        "score": measure(settings.metric, pairs.label[test], guess, labels),
        "macro_f1": measure("macro_f1", pairs.label[test], guess, labels),
        "chosen": {"trees": settings.trees},
        "targets": {},
    }
    say(f"stance: {settings.metric} {report['score']:.4f}, macro_f1 {report['macro_f1']:.4f} on held-out stories; fitting on all")
    fitted = _fit(pairs, np.arange(len(examples)), weights, settings, seed)
    judge = PairJudge(
        labels=labels, unrelated=off, reader=reader, lexicons=fitted.lexicons, related=fitted.related, sides=fitted.sides,
        line=fitted.line, networks=fitted.networks, sharpness=(sharp_related, sharp_sides),
    )  # fmt: skip
    return judge, report


def story_of(examples: Sequence[StanceExample], unrelated: str) -> list[str]:
    """Return a name for the story of each pair.

    Texts and claims that were ever paired as related are of one story, and so are the examples of one group.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for example in examples:
        text, claim = f"t{example.text}", f"c{example.target}"
        parent[root(f"g{example.group}")] = root(text)
        if example.label != unrelated:
            parent[root(claim)] = root(text)
    return [root(f"t{example.text}") for example in examples]


def _read(
    examples: Sequence[StanceExample],
    labels: tuple[str, ...],
    off: str,
    stories: list[str],
    folds: Ints,
    least: int,
    splitter: SentenceSplitter,
    say: Callable[[str], None],
) -> tuple[PairReader, _Pairs]:
    texts, claims = sorted({e.text for e in examples}), sorted({e.target for e in examples})
    reader = PairReader(idf=_frequencies([*texts, *claims]))
    read_claims = {claim: reader.read(claim, [(0, len(claim))]) for claim in claims}
    say(f"stance: {len(examples)} pairs of {len(claims)} claims and {len(texts)} texts in {len(set(stories))} stories")
    rows: list[tuple[int, Floats]] = []
    bags: list[tuple[int, set[str]]] = []
    by_text: dict[str, list[int]] = {}
    for i, example in enumerate(examples):
        by_text.setdefault(example.text, []).append(i)
    for text in texts:
        # A text is read once for all its claims, and let go.
        whole: Text = reader.read(text, splitter.spans(text))
        for i in by_text[text]:
            numbers, similar = pair_features(read_claims[examples[i].target], whole)
            rows.append((i, numbers))
            if examples[i].label != off:
                bags.append((i, lexical_terms(read_claims[examples[i].target], whole, similar)))
    rows.sort(key=lambda row: row[0])
    bags.sort(key=lambda bag: bag[0])
    number = {name: i for i, name in enumerate(sorted(set(stories)))}
    story = np.array([number[s] for s in stories])
    related = np.array([i for i, _ in bags])
    terms, has = _term_matrix([bag for _, bag in bags], story[related], least)
    sides = [label for label in labels if label != off]
    label = np.array([labels.index(e.label) for e in examples])
    return reader, _Pairs(
        numbers=np.array([row for _, row in rows]), label=label, related=related,
        side=np.array([sides.index(examples[i].label) for i in related]),
        terms=terms, has=has, fold=folds, story=story, n_sides=len(sides),
    )  # fmt: skip


def _frequencies(texts: Sequence[str]) -> Any:  # noqa: ANN401 - float32 array
    frequency = np.zeros((len(LEVELS), 1 << BITS))
    for text in texts:
        for level, buckets in enumerate(hashed_levels(words_of(text))):
            frequency[level, np.unique(np.array(buckets, np.int64))] += 1
    return (np.log((len(texts) + 1) / (frequency + 1)) + 1).astype(np.float32)


def _term_matrix(bags: list[set[str]], story: Ints, least: int) -> tuple[tuple[str, ...], sparse.csr_matrix]:
    """Return the terms of at least `least` stories, and which bag has which: a word of few stories tells the story."""
    seen: dict[str, set[int]] = {}
    for bag, s in zip(bags, story.tolist(), strict=True):
        for term in bag:
            seen.setdefault(term, set()).add(s)
    terms = tuple(sorted(term for term, stories in seen.items() if len(stories) >= least))
    column = {term: i for i, term in enumerate(terms)}
    indptr, indices = [0], []
    for bag in bags:
        indices += sorted(column[term] for term in bag if term in column)
        indptr.append(len(indices))
    return terms, sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(bags), len(terms)))


def _fit_lexicons(pairs: _Pairs, rows: Ints, seed: int) -> tuple[Lexicon, ...]:
    """Fit a lexicon on all terms, and one on the terms of each place in VIEWS, to `rows` of the related pairs."""
    lexicons = []
    for view in ("", *VIEWS):
        columns = np.array([i for i, term in enumerate(pairs.terms) if term.startswith(view)], np.int64)
        lexicons.append(_fit_lexicon(pairs, rows, columns, seed))
    return tuple(lexicons)


def _fit_lexicon(pairs: _Pairs, rows: Ints, columns: Ints, seed: int) -> Lexicon:
    has, side = pairs.has[rows][:, columns], pairs.side[rows]
    terms = tuple(pairs.terms[i] for i in columns)
    coef, intercept = np.zeros((len(columns), pairs.n_sides)), np.zeros(pairs.n_sides)
    if len(set(side.tolist())) < 2 or not has.nnz:  # nothing to tell apart, or nothing to tell it by
        return Lexicon(terms=terms, idf=np.ones(len(columns)), coef=coef, intercept=intercept)
    idf = np.log((len(rows) + 1) / (np.bincount(has.indices, minlength=has.shape[1]) + 1)) + 1
    count = np.bincount(side, minlength=pairs.n_sides)
    # The square root of balance: full balance lets the rarest side's accidents speak as loud as the commonest's habits.
    weights = np.sqrt(len(side) / (pairs.n_sides * np.maximum(count, 1)))[side]
    svm = LinearSVC(C=0.1, random_state=seed, dual=True, tol=1e-3, max_iter=3000)
    svm.fit(_normalized(has, idf), side, sample_weight=weights)
    if len(svm.classes_) == 2:
        coef[:, svm.classes_[0]], coef[:, svm.classes_[1]] = -svm.coef_[0], svm.coef_[0]
        intercept[svm.classes_] = -svm.intercept_[0], svm.intercept_[0]
    else:
        coef[:, svm.classes_], intercept[svm.classes_] = svm.coef_.T, svm.intercept_
    return Lexicon(terms=terms, idf=idf, coef=coef, intercept=intercept)


def _normalized(has: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    matrix = sparse.csr_matrix(has @ sparse.diags(idf))
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(length > 0, length, 1)) @ matrix)


def _lexical(pairs: _Pairs, lexicons: Sequence[Lexicon], rows: Ints) -> Floats:
    """Return (n_rows, n_lexicons * n_sides) scores."""
    column = {term: i for i, term in enumerate(pairs.terms)}
    has = pairs.has[rows]
    return np.hstack([_normalized(has[:, [column[t] for t in x.terms]], x.idf) @ x.coef + x.intercept for x in lexicons])


def _fit(pairs: _Pairs, train: Ints, weights: Floats, settings: StanceSettings, seed: int) -> _Fitted:
    """Fit both forests, the line and the lexicons on the pairs `train`."""
    inside = np.flatnonzero(np.isin(pairs.related, train))
    rows = pairs.related[inside]
    # The trees see the lexicons' scores of stories they were not fitted on, as they will when judging.
    words = np.zeros((len(rows), (1 + len(VIEWS)) * pairs.n_sides))
    of = pairs.fold[rows]
    if len(set(of.tolist())) < 2:  # one of two folds is held out: halve the stories
        of = pairs.story[rows] % 2
    for fold in sorted(set(of.tolist())):
        fitted = _fit_lexicons(pairs, inside[of != fold], seed)
        words[of == fold] = _lexical(pairs, fitted, inside[of == fold])
    least = 30 if len(rows) > 5000 else 10
    numbers, side = np.hstack([pairs.numbers[rows], words]), pairs.side[inside]
    sides = grow(numbers, side, weights[rows], n_labels=pairs.n_sides, trees=settings.trees, least=least, seed=seed)
    line = draw(numbers, side, weights[rows], n_labels=pairs.n_sides)
    networks = weave(numbers, side, weights[rows], n_labels=pairs.n_sides, seed=seed)
    related = None
    if len(rows) < len(train):
        is_related, alike = np.isin(train, pairs.related).astype(np.int64), np.ones(len(train))
        related = grow(pairs.numbers[train], is_related, alike, n_labels=2, trees=settings.trees, least=least, seed=seed)
    return _Fitted(related, sides, line, networks, _fit_lexicons(pairs, inside, seed))


def _scores(pairs: _Pairs, test: Ints, by: _Fitted) -> tuple[Floats, Floats]:
    """Return (n,) scores of being related and (n, n_sides) of the sides, words of unrelated pairs left out."""
    words = np.zeros((len(test), len(by.lexicons) * pairs.n_sides))
    mine = np.flatnonzero(np.isin(test, pairs.related))
    words[mine] = _lexical(pairs, by.lexicons, np.searchsorted(pairs.related, test[mine]))
    numbers = np.hstack([pairs.numbers[test], words])
    scores = side_scores(by.sides, by.line, by.networks, numbers)
    is_related = forest_scores(by.related, pairs.numbers[test])[:, 0] if by.related is not None else np.ones(len(test))
    return is_related, scores


def _sharpness_related(scores: Floats, pairs: _Pairs, test: Ints) -> float:
    return sharpness_of(np.column_stack([np.zeros(len(test)), scores]), np.isin(test, pairs.related).astype(np.int64))
