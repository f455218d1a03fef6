"""The gensim engine: gensim's own numbers, from a compiled loop."""

from __future__ import annotations

import numpy as np
import pytest
from test_lda import world

pytest.importorskip("gensim")

from training.lda_gensim import lda_model, rows_of


@pytest.mark.parametrize("eta", [0.5, 0.01, 0.001])
def test_the_compiled_e_step_has_gensims_numbers(eta):
    from gensim.models import LdaModel

    counts, _ = world(n_articles=150, n_topics=6, words=20, seed=4)
    rows = rows_of(counts)
    arguments = {
        "corpus": rows, "num_topics": 7, "id2word": {i: str(i) for i in range(counts.n_terms)}, "passes": 4, "eta": eta,
        "alpha": "auto", "random_state": 3, "chunksize": 40, "eval_every": None,
    }  # fmt: skip
    theirs = LdaModel(dtype=np.float64, **arguments)
    ours = lda_model(**arguments)
    np.testing.assert_allclose(ours.state.get_lambda(), theirs.state.get_lambda(), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(ours.alpha, theirs.alpha, rtol=1e-6)
    np.testing.assert_allclose(ours.inference(rows)[0], theirs.inference(rows)[0], rtol=1e-6)


def test_an_empty_article_gets_the_prior():
    counts, _ = world()
    model = lda_model(corpus=rows_of(counts), num_topics=3, id2word={i: str(i) for i in range(32)}, random_state=0, alpha=0.7)
    gamma, _ = model.inference([[]])
    np.testing.assert_allclose(gamma, 0.7)
