"""Long fits: killed and taken up again, or over counts that lie on disk; the same bits."""

from __future__ import annotations

import numpy as np
import pytest
from test_lda import settings, vocabulary_of, world

from topics.errors import ArtifactError
from topics.terms import Counts
from training.lda import learn_latent


class KilledError(Exception):
    """What stands for a kill."""


@pytest.mark.parametrize("stream", [False, True])
def test_a_fit_that_was_killed_goes_on_to_the_same_bits(tmp_path, monkeypatch, stream):
    monkeypatch.setattr("training.lda_checkpoint.INTERVAL", 0.0)
    counts, _ = world()
    vocabulary, wanted = vocabulary_of(counts), settings(tolerance=0.0, iterations=57, stream=stream)
    whole, report = learn_latent(counts, vocabulary, wanted, seed=2)

    def killed_at_40(line: str) -> None:
        if line.startswith("lda: sweep 40"):
            raise KilledError

    folder = tmp_path / "checkpoint"
    with pytest.raises(KilledError):
        learn_latent(counts, vocabulary, wanted, seed=2, progress=killed_at_40, checkpoint=folder)
    lines: list[str] = []
    again, report_again = learn_latent(counts, vocabulary, wanted, seed=2, progress=lines.append, checkpoint=folder)
    assert lines[0] == "lda: goes on after sweep 35"  # not from the start
    assert again.topic_term.tobytes() == whole.topic_term.tobytes()
    assert again.alpha.tobytes() == whole.alpha.tobytes()
    assert report_again == report


def test_a_checkpoint_of_another_fit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("training.lda_checkpoint.INTERVAL", 0.0)
    counts, _ = world()
    folder = tmp_path / "checkpoint"
    learn_latent(counts, vocabulary_of(counts), settings(iterations=35), seed=2, checkpoint=folder)
    with pytest.raises(ArtifactError, match="of another corpus, config or seed"):
        learn_latent(counts, vocabulary_of(counts), settings(iterations=35), seed=3, checkpoint=folder)


def test_a_corpus_on_disk_gives_the_same_bits_block_by_block(monkeypatch, tmp_path):
    counts, _ = world()
    vocabulary = vocabulary_of(counts)
    whole, report = learn_latent(counts, vocabulary, settings(), seed=4)
    monkeypatch.setattr("training.lda_stream.BLOCK", 100)
    files = {}
    for name in ("indptr", "indices", "data"):
        values = getattr(counts, name)
        files[name] = np.memmap(tmp_path / name, dtype=values.dtype, mode="w+", shape=values.shape)
        files[name][:] = values
    mapped = Counts(n_terms=counts.n_terms, **files)
    streamed, report_streamed = learn_latent(mapped, vocabulary, settings(stream=True), seed=4)
    assert streamed.topic_term.tobytes() == whole.topic_term.tobytes()
    assert report_streamed == report
    np.testing.assert_array_equal(mapped.data, counts.data)  # what was set aside was not taken from the caller's
