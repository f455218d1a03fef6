"""Cut a text by its wording alone: where the words change, a new segment begins.

Owns: the likelihood of a stretch of sentences, the search for the best cut, sentence ends, the words left out.
Does not know: lines, layouts; what one does with a page on one line (`oneline`).

A segment's words are drawn from a distribution of its own with a symmetric Dirichlet prior, integrated out
(Eisenstein & Barzilay 2008); the number of segments is paid for by the length of the description, as in
Utiyama & Isahara (2001). Three things are added: stems of two lengths vote, a segment of one or two sentences
is unlikely, and so is one that begins with a word that points back ("He", "But", a closing quote).
Dynamic programming finds the best cut. Extending a stretch upward by one sentence changes its likelihood by a step
function of where it ends, so a page takes time linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"[^\W\d_]+")

#: Words that every text has. The list matters more than any number below: without one, Pk doubles.
STOP = frozenset(
    str.split(
        "a an the this that these those such same other another each every either neither both all any some no none nor not "
        "only own most more much many less least few several enough "
        "i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers "
        "herself it its itself they them their theirs themselves one ones oneself "
        "who whom whose which what whatever whichever whoever when whenever where wherever why how however "
        "am is are was were be been being have has had having do does did doing done will would shall should can could may "
        "might must ought cannot let "
        "and or but if then else than though although because since until unless while whereas whether as so yet thus hence "
        "therefore moreover nevertheless meanwhile otherwise besides "
        "about above across after afterwards again against along already also always almost alone among amongst around at "
        "away back before beforehand behind below beneath beside between beyond by "
        "down during except for from further in inside into near of off on once onto out outside over per through "
        "throughout to together toward towards under underneath up upon via with within without "
        "here there now ever never often sometimes somewhere anywhere everywhere nowhere somehow perhaps rather quite very "
        "too just even still indeed else well "
        "everyone everybody everything someone somebody something anyone anybody anything nobody nothing "
        "two three four five six seven eight nine ten eleven twelve fifteen twenty forty fifty sixty hundred first last "
        "next former latter latterly formerly "
        "become becomes became becoming seem seems seemed seeming get got go gone goes put take took give given make made "
        "find found see seen say says said keep show call part side name full whole top bottom front amount "
        "due mostly mr mrs dr etc eg ie re ll ve don isn wasn didn doesn couldn wouldn t s d m"
    )
)
#: First words that point back at what was said before.
BACK = frozenset(
    str.split(
        "he she it they this that these those such and but however then so his her their its him them there thus therefore "
        "moreover also yet nor or for instead meanwhile still even now here another "
        "both either neither nevertheless furthermore consequently otherwise hence besides similarly likewise accordingly we i "
        "you my our your"
    )
)
_PRONOUNS = frozenset(str.split("he she they him his her their them this these those such it its"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The numbers of the model; defaults chosen on half of Choi's parts 1 and 3 and held to on the rest."""

    #: Dirichlet prior per word: below 1, since a segment uses few of the words.
    alpha: float = 0.52
    #: Cost of a segment, in units of the logarithm of the number of words.
    penalty: float = 0.6
    #: Letters kept of a word; the likelihoods are averaged.
    stems: tuple[int, ...] = (5, 6)
    #: Cost of a segment of one and of two sentences.
    short: tuple[float, ...] = (3.0, 1.5)
    #: Cost of a segment whose first sentence begins with a word that points back; has a pronoun among its first
    #: words; begins with a quotation.
    back: tuple[float, float, float] = (1.0, 1.5, 2.0)
    #: Longest segment, in sentences.
    longest: int = 400
    #: Words of the vocabulary at most: a long page must not make every segment dear.
    vocabulary: int = 2000


def cut_by_wording(
    sentences: Sequence[str], model: Wording | None = None, extra: npt.NDArray[np.float64] | None = None
) -> list[int]:
    """Return the number of the first sentence of each segment, ascending, beginning with 0; empty for no sentences.

    extra: (n_sentences,), further cost of beginning a segment at each sentence.
    """
    model = model or Wording()
    n = len(sentences)
    if not n:
        return []
    words = [_WORD.findall(sentence) for sentence in sentences]
    cost = np.array([_pointing_back(sentence, w, model) for sentence, w in zip(sentences, words, strict=True)])
    if extra is not None:
        cost = cost + extra
    cost[0] = 0.0
    bags = [_Bag.count(words, k, model) for k in model.stems]
    total = max(sum(len(b.word) for b in bags) / len(bags), 2.0)
    price = model.penalty * float(np.log(total))
    # best[i]: value of the best cut of the sentences from i on, found from the last sentence upward.
    best = np.zeros(n + 1)
    ends = np.zeros(n, np.int64)
    rows = [np.zeros(0) for _ in bags]
    for i in range(n - 1, -1, -1):
        reach = min(n - i, model.longest)
        value = np.zeros(reach)
        for k, bag in enumerate(bags):
            rows[k] = bag.extend(rows[k], i, reach)
            value += rows[k] - bag.size(i, reach)
        value /= len(bags)
        for size, short in enumerate(model.short[:reach]):
            value[size] -= short
        value += best[i + 1 : i + 1 + reach]
        end = int(value.argmax())
        best[i] = value[end] - price - cost[i]
        ends[i] = i + 1 + end
    starts = [0]
    while ends[starts[-1]] < n:
        starts.append(int(ends[starts[-1]]))
    return starts


def _pointing_back(sentence: str, words: Sequence[str], model: Wording) -> float:
    first, early, quote = model.back
    lower = [w.lower() for w in words[:7]]
    cost = first if not lower or lower[0] in BACK else 0.0
    if any(w in _PRONOUNS for w in lower[1:]):
        cost += early
    return cost + (quote if sentence.lstrip()[:1] in ("“", '"', "'", "‘", "`") else 0.0)


#: A stem that is in a sentence more often is summed up at once; ordinary sentences keep their sums to the last bit.
REPEATED = 6


@dataclass(slots=True)
class _Bag:
    """The words of a text cut to stems of one length."""

    word: npt.NDArray[np.int64]
    sentence: npt.NDArray[np.int64]
    #: First word of each sentence, and one past the last.
    bounds: npt.NDArray[np.int64]
    #: Sentences of each stem's occurrences, in order, and each word's place among its stem's.
    places: list[npt.NDArray[np.int64]]
    rank: npt.NDArray[np.int64]
    #: log((alpha + k) / (alpha + k - 1)), k from 1: what the next occurrence of a stem gains by k earlier ones.
    gain: npt.NDArray[np.float64]
    log_alpha: float
    #: Running sum of log(alpha * vocabulary + k).
    norm: npt.NDArray[np.float64]
    #: How often each word's stem is in its sentence, and whether the word is the first of these.
    often: npt.NDArray[np.int64]
    opens: npt.NDArray[np.bool_]
    #: What k uses of a stem gain, each with those before it.
    once: npt.NDArray[np.float64]

    @classmethod
    def count(cls, words: Sequence[Sequence[str]], stem: int, model: Wording) -> _Bag:
        """Number the stems of the words that are not left out."""
        number: dict[str, int] = {}
        word: list[int] = []
        bounds = [0]
        for sentence in words:
            for w in sentence:
                lower = w.lower()
                if len(lower) > 1 and lower not in STOP:
                    word.append(number.setdefault(lower[:stem], len(number)))
            bounds.append(len(word))
        ids = np.array(word, np.int64)
        where = np.repeat(np.arange(len(words)), np.diff(bounds))
        order = np.argsort(ids, kind="stable")
        cuts = np.flatnonzero(np.diff(ids[order])) + 1
        places = np.split(where[order], cuts) if len(ids) else []
        rank = np.zeros(len(ids), np.int64)
        rank[order] = (
            np.arange(len(ids)) - np.repeat(np.concatenate(([0], cuts)), np.diff(np.concatenate(([0], cuts, [len(ids)]))))
            if len(ids)
            else 0
        )
        many = max((len(p) for p in places), default=0) + 2
        k = np.arange(1, many + 1)
        size = model.alpha * min(len(number), model.vocabulary)
        norm = np.concatenate(([0.0], np.cumsum(np.log(size + np.arange(len(ids) + 1))))) if len(ids) else np.zeros(2)
        gain = np.log((model.alpha + k) / (model.alpha + k - 1))
        _, first, kind, times = np.unique(ids * len(words) + where, return_index=True, return_inverse=True, return_counts=True)
        opens = np.zeros(len(ids), np.bool_)
        opens[first] = True
        once = np.concatenate(([0.0, 0.0], np.cumsum(np.cumsum(gain))))
        return cls(ids, where, np.array(bounds), places, rank, gain, float(np.log(model.alpha)), norm, times[kind], opens, once)

    def extend(self, row: npt.NDArray[np.float64], i: int, reach: int) -> npt.NDArray[np.float64]:
        """Return the likelihood of the stretches that begin at sentence i, from that of those that begin at i + 1."""
        steps = np.zeros(reach)
        low, high = int(self.bounds[i]), int(self.bounds[i + 1])
        for t in range(low, high):
            if self.often[t] > REPEATED:
                if self.opens[t]:
                    self._repeat(steps, t, i)
                continue
            later = self.places[self.word[t]][self.rank[t] + 1 :]
            later = later[: int(np.searchsorted(later, i + reach))] - i
            if len(later):
                np.add.at(steps, later, self.gain[: len(later)])
        out = np.cumsum(steps)
        out += (high - low) * self.log_alpha
        out[1:] += row[: reach - 1]
        return out

    def _repeat(self, steps: npt.NDArray[np.float64], t: int, i: int) -> None:
        """Add to `steps` what all uses of a stem in sentence i gain, `t` the first of them: the same sums, by sentence.

        A "sentence" of a hundred thousand equal words, as tables and noise have them, would take their square otherwise.
        """
        uses = int(self.often[t])
        later = self.places[self.word[t]][self.rank[t] + uses :]
        later = later[: int(np.searchsorted(later, i + len(steps)))] - i
        steps[0] += self.once[uses]
        cuts = np.concatenate(([0], np.flatnonzero(np.diff(later)) + 1, [len(later)]))
        gained = np.diff(self.once[cuts + uses] - self.once[cuts])
        if len(later):
            steps[later[cuts[:-1]]] += gained

    def size(self, i: int, reach: int) -> npt.NDArray[np.float64]:
        """Return the normalizer of the stretches that begin at sentence i."""
        return np.asarray(self.norm[self.bounds[i + 1 : i + 1 + reach] - self.bounds[i]])


_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[^\W_a-z])")
_SHORTENED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Maj|Adm|Rev|Hon|Pres|St|Mt|Ft|Jr|Sr|No|"
r"vs|v|Inc|Ltd|Co|Corp|Bros|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|"
                        r"Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Md|Mass|Mich|Minn|Miss|Mo|Mont|Neb|Nev|"
                        r"Okla|Ore|Pa|Tenn|Tex|Vt|Va|Wash|Wis|Wyo|U\.S|U\.K|U\.N|D\.C|a\.m|p\.m)|\b[A-Z])\.$")  # fmt: skip


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return half-open spans of the sentences of `text`; they leave out the white space between and around."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        stop = match.start() + 1
        if text[match.start()] == "." and _SHORTENED.search(text, max(start, stop - 12), stop):
            continue
        end = match.start() + len(match.group().rstrip())
        spans.append((start, end))
        start = match.end()
    rest = text[start:].rstrip()
    if rest.strip():
        spans.append((start, start + len(rest)))
    return spans
