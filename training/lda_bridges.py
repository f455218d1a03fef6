"""Latent topics for other tools, and from them: gensim, MALLET, pyLDAvis.

Owns: the forms those tools read and write. Nothing is unpickled: gensim models come as objects that the caller
loaded, or as the .npy files and the dictionary text that gensim can write beside its pickle.
Does not know: where files lie; text in, text out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from topics.errors import InputError, MissingExtra
from topics.lda import Floats, LatentTopics
from topics.lda_labels import term_weights
from topics.terms import Counts, Vocabulary

if TYPE_CHECKING:
    from gensim.models import LdaModel

#: What a model from elsewhere gets where it says nothing of its term prior.
ETA = 0.01


def to_gensim(latent: LatentTopics, vocabulary: Vocabulary) -> LdaModel:
    """Return a gensim LdaModel with these latent topics; its word ids are positions in `latent.columns`.

    Raises MissingExtra where gensim is not installed.
    """
    try:
        from gensim.corpora import Dictionary
        from gensim.models import LdaModel
    except ImportError:
        raise MissingExtra("to_gensim()", "gensim") from None
    words = [vocabulary.terms[int(c)] for c in latent.columns]
    dictionary = Dictionary()
    dictionary.token2id = {word: i for i, word in enumerate(words)}
    dictionary.id2token = dict(enumerate(words))
    dictionary.dfs = {i: int(vocabulary.document_frequency[int(c)]) for i, c in enumerate(latent.columns)}
    dictionary.num_docs = vocabulary.n_documents
    expected = np.asarray(latent.topic_term, np.float64)
    eta = float(expected.min())
    model = LdaModel(
        num_topics=latent.n_topics, id2word=dictionary, alpha=latent.alpha.copy(), eta=eta, dtype=np.float64, random_state=0
    )
    # lambda = eta + sstats: what is above the prior is what was seen.
    model.state.sstats = expected - eta
    model.state.numdocs = vocabulary.n_documents
    model.sync_state()
    return model


def from_gensim(model: LdaModel, vocabulary: Vocabulary) -> LatentTopics:
    """Return the latent topics of a gensim LdaModel over those of its words that the vocabulary has."""
    weights = np.asarray(model.state.get_lambda(), np.float64)
    words = [model.id2word[i] for i in range(weights.shape[1])]
    return _from_words(weights, words, np.asarray(model.alpha, np.float64), vocabulary)


def _from_words(weights: Floats, words: list[str], alpha: Floats, vocabulary: Vocabulary) -> LatentTopics:
    """Keep the words that the vocabulary has, in its order."""
    known = sorted((vocabulary.column[word], i) for i, word in enumerate(words) if word in vocabulary.column)
    if not known:
        raise InputError("the model and the vocabulary have no term in common; were texts counted the same way?")
    take = np.array([i for _, i in known])
    columns = np.array([c for c, _ in known], np.int32)
    return LatentTopics(topic_term=weights[:, take], alpha=alpha, columns=columns)


def mallet_state(latent: LatentTopics, counts: Counts, vocabulary: Vocabulary, sources: Iterable[str] = ()) -> Iterator[str]:
    """Yield the lines of a MALLET topic state (what `--output-state` writes, not compressed): one token a line.

    Tokens come term by term, since counts keep no order; each term's tokens in an article are shared out among latent
    topics by p(k | article, term), the largest remainders rounded up, so totals are the article's.
    """
    yield "#doc source pos typeindex type topic"
    yield "#alpha : " + " ".join(f"{a!r}" for a in latent.alpha.tolist()) + " "
    probability = term_weights(latent, "probability")
    eta = float(np.asarray(latent.topic_term).min())
    yield f"#beta : {eta!r}"
    known = latent.known(counts)
    names = list(sources) or ["NA"] * len(known)
    mixtures = latent.mixtures(counts)
    for d in range(len(known)):
        columns, data = known.row(d)
        place = 0
        for column, n in zip(columns.tolist(), data.tolist(), strict=True):
            share = mixtures[d] * probability[:, column]
            whole = share / share.sum() * n
            tokens = np.floor(whole).astype(np.int64)
            tokens[np.argsort(tokens - whole, kind="stable")[: n - int(tokens.sum())]] += 1
            term = vocabulary.terms[int(latent.columns[column])]
            for k in np.repeat(np.arange(latent.n_topics), tokens).tolist():
                yield f"{d} {names[d]} {place} {column} {term} {k}"
                place += 1


def from_mallet_state(lines: Iterable[str], vocabulary: Vocabulary) -> LatentTopics:
    """Return the latent topics of a MALLET topic state, over those of its words that the vocabulary has.

    Raises InputError, with the line, for what is not a state.
    """
    alpha: list[float] = []
    beta = ETA
    tokens: dict[tuple[str, int], int] = {}
    for number, line in enumerate(lines, 1):
        if number == 1 and not line.startswith("#doc"):
            raise InputError("not a MALLET topic state: it begins with '#doc source pos typeindex type topic'", line=1)
        try:
            if line.startswith("#alpha"):
                alpha = [float(x) for x in line.partition(":")[2].split()]
            elif line.startswith("#beta"):
                beta = float(line.partition(":")[2])
            elif line.strip() and not line.startswith("#"):
                # A source may hold spaces; the last two fields are always type and topic.
                _, word, k = re.split(r"\s+(?=\S+\s+\S+\s*$)|\s+(?=\S+\s*$)", line.rstrip(), maxsplit=2)
                tokens[word, int(k)] = tokens.get((word, int(k)), 0) + 1
        except ValueError:
            raise InputError(f"not a line of a MALLET topic state: {line.strip()[:80]!r}", line=number) from None
    if not alpha or not tokens or max(k for _, k in tokens) >= len(alpha) or min(k for _, k in tokens) < 0:
        raise InputError("the MALLET topic state has no '#alpha' line, no tokens, or topics beyond its alpha")
    words = sorted({word for word, _ in tokens})
    at = {word: i for i, word in enumerate(words)}
    weights = np.full((len(alpha), len(words)), beta)
    for (word, k), n in tokens.items():
        weights[k, at[word]] += n
    return _from_words(weights, words, np.array(alpha), vocabulary)


def pyldavis(
    latent: LatentTopics, counts: Counts, vocabulary: Vocabulary, *, terms: int = 30, steps: float = 0.01
) -> dict[str, Any]:
    """Return what `pyLDAvis.prepare(...).to_dict()` would, for its JavaScript: topic positions, terms by relevance.

    Topics are ordered by size. Reference: Sievert and Shirley 2014, LDAvis.
    """
    phi = term_weights(latent, "probability")
    known = latent.known(counts)
    lengths = np.array([known.row(d)[1].sum() for d in range(len(known))], np.float64)
    frequency = np.bincount(known.indices, weights=known.data, minlength=known.n_terms)
    topic_tokens = latent.mixtures(counts).T @ lengths
    order = np.argsort(-topic_tokens, kind="stable")
    phi, topic_tokens = phi[order], topic_tokens[order]
    words = [vocabulary.terms[int(c)] for c in latent.columns]
    expected = phi * topic_tokens[:, None]
    # Bars are drawn of expected counts; they are scaled so that a term's bars add up to its frequency.
    expected *= (frequency / np.maximum(expected.sum(axis=0), 1e-300))[None, :]
    total = frequency / frequency.sum()
    log_phi, log_lift = np.log(phi), np.log(phi / np.maximum(total, 1e-300))
    saliency = frequency * _distinct(phi, topic_tokens)
    rows: dict[str, list[Any]] = {"Term": [], "Category": [], "Freq": [], "Total": [], "logprob": [], "loglift": []}

    def add(i: int, category: str, freq: float, logprob: float, loglift: float) -> None:
        values = (words[i], category, freq, float(frequency[i]), logprob, loglift)
        for column, value in zip(rows.values(), values, strict=True):
            column.append(value)

    shown: set[int] = set()
    for rank, i in enumerate(np.argsort(-saliency, kind="stable")[:terms].tolist()):
        add(i, "Default", float(frequency[i]), float(terms - rank), float(terms - rank))
        shown.add(i)
    for k in range(len(phi)):
        best: set[int] = set()
        for balance in np.arange(0, 1 + steps / 2, max(steps, 0.01)):
            best.update(np.argsort(-(balance * log_phi[k] + (1 - balance) * log_lift[k]), kind="stable")[:terms].tolist())
        for i in sorted(best):
            add(i, f"Topic{k + 1}", float(expected[k, i]), round(float(log_phi[k, i]), 4), round(float(log_lift[k, i]), 4))
        shown |= best
    tokens: dict[str, list[Any]] = {"Topic": [], "Freq": [], "Term": []}
    for i in sorted(shown, key=words.__getitem__):
        for k in np.flatnonzero(expected[:, i] >= 0.5).tolist():
            tokens["Topic"].append(k + 1)
            tokens["Freq"].append(float(expected[k, i] / max(frequency[i], 1.0)))
            tokens["Term"].append(words[i])
    places = _places(phi)
    share = topic_tokens / topic_tokens.sum()
    return {
        "mdsDat": {
            "x": places[:, 0].tolist(),
            "y": places[:, 1].tolist(),
            "topics": list(range(1, len(phi) + 1)),
            "cluster": [1] * len(phi),
            "Freq": (100 * share).tolist(),
        },
        "tinfo": rows,
        "token.table": tokens,
        "R": min(terms, len(words)),
        "lambda.step": steps,
        "plot.opts": {"xlab": "PC1", "ylab": "PC2"},
        "topic.order": (order + 1).tolist(),
    }


def _distinct(phi: Floats, topic_tokens: Floats) -> npt.NDArray[np.float64]:
    """Return (n_columns,) distinctiveness: how far p(k | w) is from p(k), as a Kullback-Leibler divergence."""
    prior = topic_tokens / topic_tokens.sum()
    joint = phi * prior[:, None]
    given = joint / joint.sum(axis=0, keepdims=True)
    out: Floats = (given * np.log(np.maximum(given, 1e-300) / np.maximum(prior[:, None], 1e-300))).sum(axis=0)
    return out


def _places(phi: Floats) -> Floats:
    """Return (K, 2) positions by classical scaling of Jensen-Shannon distances; one topic lies at the origin."""
    K = len(phi)
    distance = np.zeros((K, K))
    for i in range(K):
        middle = (phi + phi[i]) / 2
        distance[i] = (phi * np.log(phi / middle)).sum(axis=1) / 2 + (phi[i] * np.log(phi[i] / middle)).sum(axis=1) / 2
    center = np.eye(K) - 1 / K
    values, vectors = np.linalg.eigh(-0.5 * center @ np.maximum(distance, 0) @ center)
    out = np.zeros((K, 2))
    for axis, i in enumerate(np.argsort(-values)[:2].tolist()):
        vector = vectors[:, i] * np.sqrt(max(float(values[i]), 0.0))
        # Eigenvectors have no sign of their own: the largest entry is made positive.
        out[:, axis] = vector * (np.sign(vector[np.argmax(np.abs(vector))]) or 1.0)
    return out


def arrays_from_gensim_files(arrays: Mapping[str, npt.NDArray[Any]], words: list[str], vocabulary: Vocabulary) -> LatentTopics:
    """Return latent topics from gensim's own .npy files: "expElogbeta" (K, V) or "sstats" (K, V), and optionally "alpha" (K,).

    `words`: the word of each column, such as the second field of `Dictionary.save_as_text`'s lines in order of id.
    """
    table = arrays.get("expElogbeta", arrays.get("sstats"))
    if table is None or table.ndim != 2 or table.shape[1] != len(words) or not table.size or (table < 0).any():
        raise InputError(f"gensim's arrays must hold 'expElogbeta' or 'sstats' of shape (K, {len(words)}), at least 0")
    table = np.asarray(table, np.float64)
    weights = expected_counts(table) if "expElogbeta" in arrays else table + ETA
    alpha = np.asarray(arrays.get("alpha", np.full(len(weights), 1 / len(weights))), np.float64)
    if alpha.shape != (len(weights),) or not (alpha > 0).all():
        raise InputError(f"gensim's alpha must be {len(weights)} numbers above 0; its shape is {alpha.shape}")
    return _from_words(weights, words, alpha, vocabulary)


def expected_counts(table: Floats) -> Floats:
    """Return lambda (K, V) from gensim's exp(E[log beta]) = exp(psi(lambda) - psi(sum of lambda)).

    The sum of each row is the one unknown: the number S for which the inverse digammas of E[log beta] + psi(S) add
    up to S. They add up to less than S where S is too large, so it is found by halving.
    """
    from scipy.special import digamma, polygamma

    def inverse(y: Floats) -> Floats:
        x = np.where(y >= -2.22, np.exp(y) + 0.5, -1.0 / (y - digamma(1.0)))
        for _ in range(6):
            x = np.maximum(x - (digamma(x) - y) / polygamma(1, x), 1e-12)
        out: Floats = x
        return out

    log = np.log(np.maximum(table, 1e-300))
    low, high = np.zeros(len(table)), np.full(len(table), 40.0)  # logarithms of S
    for _ in range(60):
        middle = (low + high) / 2
        total = inverse(log + digamma(np.exp(middle))[:, None]).sum(axis=1)
        less = total < np.exp(middle)
        low, high = np.where(less, low, middle), np.where(less, middle, high)
    return inverse(log + digamma(np.exp(high))[:, None])
