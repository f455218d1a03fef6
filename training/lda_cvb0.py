"""Collapsed variational Bayes, our own engine: the same bits for any number of workers.

Owns: shards and their merging in one order, momentum, when priors are learned, when it stops.
Does not know: how columns were chosen, the loops over entries (`topics/kernels_cvb0`), where checkpoints lie.

Every sweep reads the model of the sweep before and writes a new one, so shards do not see each other, and
sums are taken in shard order. Each next model is carried on along its last change (momentum), which makes
up for what sweeps that see their own updates at once would gain.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from topics.scheduler import Here
from topics.terms import Counts
from training.lda_checkpoint import fit_digest, read_checkpoint, saver
from training.lda_held import FEWEST, set_aside
from training.lda_sample import ENOUGH, EVERY, LARGE, follow, prepare
from training.lda_shards import Shards
from training.lda_starts import choose_topics
from training.lda_state import Doubles, Given, Progress, Singles, table
from training.lda_stream import array, let_go, row_sums
from training.settings import LdaSettings

#: The corpus is cut into this many parts, by its number of entries alone, whoever works on them.
SHARDS = ((50_000, 1), (20_000_000, 4), (1 << 62, 16))
#: How many times the last change is added to the next model. Sweeps to perplexity 2,184 on 20 Newsgroups (K = 50): 75 with 0,
#: 52 with 0.5, 40 with 0.9, 37 with 1.3, and the end was better, too; with 1.8 worse, and it grew restless. BBC News, K = 30,
#: after 80 sweeps: 1,764 with 0.9, 1,757 with 1.3; article-bias-prediction, K = 50, the same to 0.3 %.
MOMENTUM = 1.3
#: Expected tokens below which a latent topic is not kept for an article. At 0.1 held-out perplexity rises by 0.3 %.
LEAST_MASS = 0.01
#: Slots for each article: this many for each of its terms, and some more. One for each term cost 1.3 % at K = 1,000.
SLOTS_PER_TERM, MORE_SLOTS = 2, 8
#: Sweeps before priors are learned: those of a model that knows nothing are flat.
BURN_IN = 10
#: Random starts of a small fit (entries x K), how long each is followed, and what small is: a start can leave one subject
#: split and two merged for good. BBC News as OCTIS prepares it, mean over K = 10 to 50, NPMI of top terms by term score:
#: 0.126 for one start and 200 sweeps, 0.1425 for the best topics of four after 40 each and 20 more sweeps.
STARTS, TRIAL, SMALL = 4, 40, 10_000_000


class Cvb0:
    """One fit: `step` makes a sweep, `state` is what it has come to."""

    def __init__(
        self,
        counts: Counts,
        settings: LdaSettings,
        seed: int,
        workers: int,
        given: Given | None = None,
        folder: Path | None = None,
    ) -> None:
        K, V = settings.n_topics, counts.n_terms
        self.settings, self.workers, self.K = settings, workers, K
        self.given = given or Given(owner=np.full(V, -1, np.int32))
        # Counts in a folder are this fit's own: what is set aside is taken from them in place.
        self.folder = folder
        self.counts, self.held = set_aside(counts, settings.held_out, seed, in_place=folder is not None)
        n_shards = next(n for most, n in SHARDS if len(counts.indices) < most)
        self.cuts = np.searchsorted(counts.indptr, np.linspace(0, len(counts.indices), n_shards + 1))
        self.cuts[0], self.cuts[-1] = 0, len(counts)
        self.tokens = row_sums(self.counts)
        self.slots = np.concatenate([[0], np.cumsum(np.minimum(K, SLOTS_PER_TERM * np.diff(counts.indptr) + MORE_SLOTS))])
        P = -(-K // 16) * 16
        self.phi, self.inverse, self.floor = table(V, P), table(1, P)[0], np.zeros(K, np.float32)
        self.base = table(0 if self.given.base is None else V, P)
        if self.given.base is not None:
            self.base[:, :K] = self.given.base
        self.seed, self.P = seed, P
        self.elsewhere: Shards | None = None
        #: Begun from what a sample taught.
        self.prepared = len(counts.indices) >= LARGE and not self.given.goes_on
        self.state = self.start(0)

    def start(self, number: int) -> Progress:
        """Return the state before the first sweep of random start `number`."""
        from topics.kernels_cvb0 import start

        now, before = table(self.counts.n_terms, self.P), table(self.counts.n_terms, self.P)
        used = np.zeros(len(self.counts), np.int64)
        topics = array(self.folder, f"topics{number}", int(self.slots[-1]), np.uint16)
        kept = array(self.folder, f"kept{number}", int(self.slots[-1]), np.float32)
        alphas = np.full(self.K, self.first_alpha()) if self.given.alpha is None else self.given.alpha.copy()
        if self.given.goes_on or self.prepared:  # the first sweep finds everything from what is given
            used[:] = self.slots[:-1]
        else:
            first = np.uint64(self.seed + (number << 32))
            start(self.counts.indptr, self.counts.indices, self.counts.data, 0, len(self.counts), first, self.K,
                  self.given.owner, self.slots, used, topics, kept, now)  # fmt: skip
        before[:] = now
        eta = 0.01 if self.settings.eta == "learned" else self.settings.eta
        return Progress(sweeps=0, now=now, before=before, used=used, topics=topics, kept=kept, alpha=alphas, eta=float(eta))

    def first_alpha(self) -> float:
        """Return the document prior of each latent topic before it is learned."""
        return min(0.1, 5 / self.K) if self.settings.alpha == "learned" else self.settings.alpha

    def go_on(self, saved: Progress) -> None:
        """Take up a state that was saved, in arrays of this fit's own."""
        own = self.state
        for name in ("now", "before", "used", "topics", "kept"):
            getattr(own, name)[:] = getattr(saved, name)
        own.sweeps, own.alpha, own.eta, own.curve = saved.sweeps, saved.alpha, saved.eta, saved.curve

    def send(self, checkpoint: Path | None, each: Here | None) -> None:
        """Make the sweeps from here on as tasks where there is a cluster; `fetch` brings what they have come to."""
        if checkpoint is not None and each is not None and each.away and len(self.cuts) > 2:
            self.elsewhere = Shards(checkpoint.with_name("shards"), each, self.counts, self.cuts, self.slots)
            self.elsewhere.put(self.state)

    def fetch(self) -> None:
        """Have the whole state here."""
        if self.elsewhere is not None:
            self.elsewhere.fetch(self.state)

    def step(self, pool: ThreadPoolExecutor) -> None:
        """Make one sweep over all articles."""
        from topics.kernels_cvb0 import learn_eta, make_phi

        s = self.state
        make_phi(s.before, s.now, MOMENTUM, s.eta, self.base, self.K, self.phi, self.inverse, self.floor)
        prior = table(1, self.phi.shape[1])[0]
        prior[: self.K] = s.alpha
        # The table before the last is no longer needed; the new one is summed up in its place.
        s.before, s.now = s.now, s.before
        above = np.zeros((len(self.cuts) - 1, self.K))
        if self.elsewhere is None:
            self._sweep(pool, prior, above)
        else:
            found = self.elsewhere.sweep(s.sweeps + 1, self.phi, self.inverse, self.floor, prior, LEAST_MASS)
            for i, (out, above[i]) in enumerate(found):
                if i:
                    s.now += out
                else:
                    s.now[:] = out
        s.sweeps += 1
        if self.settings.alpha == "learned" and s.sweeps >= BURN_IN:
            self._learn_alpha(np.add.accumulate(above, axis=0)[-1])
        if self.settings.eta == "learned" and s.sweeps >= BURN_IN and s.sweeps % EVERY == 0:
            s.eta = float(learn_eta(s.now, self.K, s.eta, 1))

    def _sweep(self, pool: ThreadPoolExecutor, prior: Singles, above: Doubles) -> None:
        """Fill the table `now` and `above`, in the order of the shards."""
        from topics.kernels_cvb0 import sweep_all

        s, counts = self.state, self.counts
        shards = list(zip(self.cuts[:-1], self.cuts[1:], strict=True))

        def part(i: int) -> Singles:
            out = s.now if i == 0 else table(*s.now.shape)
            if i == 0:
                out[:] = 0
            sweep_all(counts.indptr, counts.indices, counts.data, *shards[i], self.phi, self.inverse, self.floor, prior,
                      self.slots, s.used, s.topics, s.kept, out, LEAST_MASS, above[i])  # fmt: skip
            for values in (counts.indices, counts.data, s.topics, s.kept):
                let_go(values)
            return out

        for first in range(0, len(shards), self.workers):
            for i, out in enumerate(pool.map(part, range(first, min(first + self.workers, len(shards))))):
                if first + i:
                    s.now += out

    def _learn_alpha(self, above: Doubles) -> None:
        """One step of the fixed point of the document prior (Minka 2000, eq. 55)."""
        from topics.kernels_cvb0 import prior_below

        below = prior_below(self.tokens, float(np.add.accumulate(self.state.alpha)[-1]))
        if below > 0:
            self.state.alpha = np.maximum(self.state.alpha * above / below, 1e-5)

    def measure(self) -> float | None:
        """Return the perplexity of the tokens set aside, each given the rest of its article; None where there are none."""
        from topics.kernels_cvb0 import log_likelihood, make_phi

        if self.held is None:
            return None
        s, held = self.state, self.held
        if self.elsewhere is not None:
            self.elsewhere.fetch(s, held.articles)
        make_phi(s.now, s.now, 0.0, s.eta, self.base, self.K, self.phi, self.inverse, self.floor)
        found = log_likelihood(held.articles, held.counts.indptr, held.counts.indices, held.counts.data, self.phi, s.alpha,
                               self.slots, s.used, s.topics, s.kept)  # fmt: skip
        return float(np.exp(-found / held.tokens))

    def note(self) -> float | None:
        """Measure perplexity and add it to the curve."""
        perplexity = self.measure()
        if perplexity is not None:
            self.state.curve.append((self.state.sweeps, perplexity))
        return perplexity

    def choose_start(self, pool: ThreadPoolExecutor) -> None:
        """Follow several random starts of a small fit for a while, and go on with the best latent topics of all.

        Where seeds name topics, they keep their numbers: the start with the best held-out perplexity goes on.
        """
        K, entries = self.K, len(self.counts.indices)
        if K < 2 or len(self.counts) < FEWEST or self.given.goes_on or entries * K > SMALL:
            return
        named = bool((self.given.owner >= 0).any())
        tried = []
        for number in range(STARTS):
            self.state = self.start(number)
            for sweep in range(1, min(TRIAL, self.settings.iterations) + 1):
                self.step(pool)
                if named and sweep % EVERY == 0:
                    self.note()
            tried.append(self.state)
        if named:
            self.state = min(tried, key=lambda state: state.curve[-1][1] if state.curve else 0.0)
            return
        eta = float(np.mean([state.eta for state in tried]))
        chosen = choose_topics([state.now[:, :K] for state in tried], self.counts, eta)
        self.state = tried[0]
        self.state.used[:] = self.slots[:-1]  # the next sweep finds everything from the latent topics
        self.state.now[:, :K] = chosen
        self.state.before[:] = self.state.now
        self.state.alpha[:] = self.first_alpha()
        self.state.sweeps, self.state.curve = 0, []

    @property
    def every(self) -> int:
        """How often perplexity is measured, in sweeps."""
        return 1 if self.prepared else EVERY

    def converged(self) -> bool:
        """Whether perplexity fell by less than the tolerance in the last ten sweeps; of a prepared fit, by ENOUGH in one."""
        back, least = (1, 0) if self.prepared else (10 // EVERY, BURN_IN // EVERY)
        curve, enough = self.state.curve, self.settings.tolerance * (ENOUGH if self.prepared else 1)
        if len(curve) <= back + least or not self.settings.tolerance:
            return False
        return curve[-1][1] > curve[-1 - back][1] * (1 - enough)

    def topic_term(self) -> Singles:
        """Return (K, V) expected counts plus the term prior."""
        out = self.state.now[:, : self.K] + np.float32(self.state.eta)
        if len(self.base):
            out += self.base[:, : self.K]
        return np.ascontiguousarray(out.T)


def learn_cvb0(
    counts: Counts,
    settings: LdaSettings,
    seed: int,
    workers: int,
    given: Given | None = None,
    progress: Callable[[str], None] | None = None,
    checkpoint: Path | None = None,
    folder: Path | None = None,
    each: Here | None = None,
) -> tuple[Singles, Doubles, dict[str, Any]]:
    """Return (topic_term (K, V), alpha (K,), facts).

    `folder`: where the counts lie (as files of this fit alone), and where each article's state goes, too.
    `checkpoint`: where it leaves its state now and then, and goes on from when one is there, to the same bits.
    `each`: runs the sweeps over shards, in a folder beside the checkpoint (see `lda_shards`), to the same bits.
    """
    digest = "" if checkpoint is None else fit_digest(counts, settings, seed, given or Given(owner=np.zeros(0, np.int32)))
    resume = None if checkpoint is None else read_checkpoint(checkpoint, digest)
    save = None if checkpoint is None else saver(checkpoint, digest)
    fit = Cvb0(counts, settings, seed, workers, given, folder)
    if resume is not None:
        fit.go_on(resume)
        if progress:
            progress(f"lda: goes on after sweep {resume.sweeps}")
    with ThreadPoolExecutor(workers) as pool:
        if resume is None:
            fit.choose_start(pool)
            if fit.prepared:
                prepare(fit, pool, progress, lambda sample: sample.send(checkpoint, each))
        fit.send(checkpoint, each)
        stopped = follow(fit, pool, progress, save)
    if fit.elsewhere is not None:
        fit.elsewhere.remove()
    facts = {
        "sweeps": fit.state.sweeps,
        "converged": stopped,
        "held_out": {
            "articles": 0 if fit.held is None else len(fit.held.articles),
            "tokens": 0 if fit.held is None else fit.held.tokens,
            "perplexity": [[sweep, round(value, 4)] for sweep, value in fit.state.curve],
        },
        "eta": fit.state.eta,
    }
    return fit.topic_term(), fit.state.alpha, facts
