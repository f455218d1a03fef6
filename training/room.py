"""Where a run counts and keeps its numbers: in memory, in files within a bound, with tasks on a cluster.

Owns: what `memory` in a config and --scheduler mean for each step. The results are the same.
Does not know: how any step is done.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from topics.memory import size_of
from topics.scheduler import Here
from topics.terms import Counts, Vocabulary
from topics.tfidf import Tfidf, Weights
from training.classify_large import LARGE
from training.config import Config
from training.corpus import Example
from training.settings import LdaSettings, TermsSettings
from training.shards import learn_terms_on_disk, weigh_on_disk
from training.shelf import Shelf
from training.spool import Texts
from training.stream_terms import learn_words
from training.terms import learn_terms

#: The bound where a cluster counts and the config has none: it decides how large a task is.
DEFAULT = 2 << 30


@dataclass(frozen=True, slots=True)
class Room:
    """What a run has to work in."""

    #: Folder for files; None where everything is in memory.
    scratch: Path | None
    memory: int
    each: Here

    def texts(self, examples: Sequence[Example]) -> Sequence[str]:
        """Return the texts of `examples`: in a list, or read when they are asked for."""
        return [example.document.text for example in examples] if self.scratch is None else Texts(examples)

    def count(self, texts: Sequence[str], settings: TermsSettings) -> tuple[Vocabulary, Counts]:
        """Return what `learn_terms` does."""
        if self.scratch is None:
            return learn_terms(texts, settings)
        shelf = texts.examples if isinstance(texts, Texts) else None
        if isinstance(shelf, Shelf) and shelf.store.stream is not None and settings.ngrams[1] == 1:
            return learn_words(shelf.store.stream, shelf.places(), settings, self.scratch)
        return learn_terms_on_disk(texts, settings, self.memory, self.scratch, self.each)

    def weigh(self, tfidf: Tfidf, counts: Counts) -> Weights:
        """Return what `tfidf.weigh` does."""
        # What many articles are learned from with weights of 32 bits needs no others.
        dtype = np.float32 if len(counts) >= LARGE else np.float64
        if self.scratch is None:
            weights = tfidf.weigh(counts)
            return weights if dtype == np.float64 else replace(weights, data=weights.data.astype(dtype))
        return weigh_on_disk(tfidf, counts, self.scratch, dtype)

    def lda(self, settings: LdaSettings) -> LdaSettings:
        """Return the settings of a fit that stays within the bound."""
        return settings if self.scratch is None else settings.model_copy(update={"stream": True})


@contextlib.contextmanager
def room_for(config: Config, each: Here) -> Iterator[Room]:
    """Give the room for a run, whose tasks `each` runs (see `topics/scheduler`), and clear it up."""
    if config.memory is None and not each.away:
        yield Room(None, 0, each)
        return
    memory = DEFAULT if config.memory is None else size_of(config.memory)
    with TemporaryDirectory(prefix="newstopics-") as scratch:
        yield Room(Path(scratch), memory, each)
