"""For, against or neither, toward whom, and the sentences that say so.

Owns: `Stance`, `Evidence` and `StanceModel`, which judges an article toward each target it mentions.
Does not know: how models were fitted (`training/stance`), pages (spans are offsets into the article's text).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from topics.artifact import Part
from topics.cues import Floats, Verdict
from topics.errors import UsageError, did_you_mean
from topics.mentions import Mentions, free_patterns
from topics.pages import Span
from topics.quotes import Quote, find_quotes
from topics.sentences import SentenceSplitter
from topics.targets import LinearStances

if TYPE_CHECKING:
    from topics.pairs import PairJudge

UNKNOWN = "unknown"
#: How a general model's targets that were not learned are called in lists.
ANY_TARGET = "any other target"
#: Labels that take no side, whatever the data call it: nobody is quoted for them.
NEUTRAL = frozenset({"none", "neutral", "neither", "discuss", "observing", "unrelated", "neu", "no one", "other"})
#: The quotes hold most of what speaks for a label from this share on; one speaker holds most of what the quotes say.
MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence a stance rests on."""

    start: int
    end: int
    #: What the sentence adds to the score of the label, above 0.
    weight: float


@dataclass(frozen=True, slots=True)
class Stance:
    """What a text thinks of a target."""

    target: str
    #: One of the labels learned, or "unknown".
    label: str
    #: Calibrated, 0 to 1; of the best label where the label is "unknown".
    probability: float
    #: At most three sentences, the weightiest first.
    evidence: tuple[Evidence, ...]
    #: Whose stance it is: "article", or the quoted speaker as written.
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceModel:
    """Judges texts toward targets."""

    #: "targets", "pairs" or "general".
    kind: str
    labels: tuple[str, ...]
    #: Patterns of the named targets, in the config's order; none for one that is judged only when asked for.
    targets: Mapping[str, tuple[str, ...]]
    judge_by: LinearStances | PairJudge
    #: A stance whose best label is less probable is "unknown".
    unknown_below: float
    splitter: SentenceSplitter
    _mentions: dict[str, Mentions] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_mentions", {name: Mentions(p) for name, p in self.targets.items() if p})

    def judge(self, text: str, target: str | None = None) -> list[Stance]:
        """Return the stance of `text` toward each named target it mentions, in the order of `targets`.

        With `target`, toward that one alone: one learned, or any free text where the kind of the model is
        "pairs" or "general". A target with patterns that is not mentioned has no stance. Raises UsageError
        where a model of known targets is asked for another one.
        """
        found: list[Stance] = []
        sentences: list[Span] | None = None
        quotes: list[Quote] = []
        for name, mentions in self._mentioned(text, target):
            if sentences is None:
                sentences, quotes = self.splitter.spans(text), find_quotes(text)
            if sentences:
                verdict = self.judge_by.judge(text, sentences, mentions, name)
                found.append(self._stance(name, verdict, quotes))
        return found

    def _mentioned(self, text: str, target: str | None) -> Iterator[tuple[str, list[Span]]]:
        lower = text.lower()
        for name, mentions in self._mentions.items():
            if target is None or target == name:
                spans = mentions.find(text, lower)
                if spans:
                    yield name, spans
        if target is None or target in self._mentions:
            return
        if self.kind == "general":
            yield target, Mentions(free_patterns(target)).find(text, lower)
        elif self.kind == "pairs" or target in self.targets:
            yield target, []  # asked for by name: the whole text is about it
        else:
            known = list(self.targets)
            raise UsageError(
                f"no stance was learned toward {target!r}; this artifact has: {', '.join(known)}{did_you_mean(target, known)}"
            )

    def _stance(self, target: str, verdict: Verdict, quotes: Sequence[Quote]) -> Stance:
        label, probability = self.labels[verdict.label], float(verdict.probabilities[verdict.label])
        return Stance(
            target=target,
            label=label if probability >= self.unknown_below else UNKNOWN,
            probability=probability,
            evidence=tuple(Evidence(verdict.read[i][0], verdict.read[i][1], float(verdict.shares[i])) for i in verdict.evidence),
            by="article" if label.lower() in NEUTRAL else voice_of(verdict.read, verdict.shares, quotes, verdict.rest),
        )

    def strongest_cues(self, target: str, n: int = 10) -> dict[str, list[str]]:
        """Return for each label the `n` words that speak for it most strongly toward `target`; none for pairs."""
        return self.judge_by.strongest_cues(target, n) if isinstance(self.judge_by, LinearStances) else {}

    def overview(self, n: int = 10) -> Iterator[str]:
        """Yield lines on each target: its name, its patterns, and the `n` strongest cue words of each label."""
        # What a general model says of targets that it has not learned stands under a name of its own.
        anything = {ANY_TARGET: ()} if self.kind == "general" else {}
        for target, patterns in {**self.targets, **anything}.items():
            yield target
            yield "  mentioned by: " + (", ".join(patterns) if patterns else "its name, or whole texts when asked for")
            for label, cues in self.strongest_cues(target, n).items():
                yield f"  {label}: {', '.join(cues)}"

    def parts(self) -> dict[str, Part]:
        """Return what is stored, by folder: "stance/shared", and those of the model that judges."""
        settings = {
            "kind": self.kind,
            "labels": list(self.labels),
            "targets": [{"name": name, "patterns": list(patterns)} for name, patterns in self.targets.items()],
            "unknown_below": self.unknown_below,
        }
        return {"stance/shared": Part(arrays={}, settings=settings)} | self.judge_by.parts()

    @classmethod
    def from_parts(cls, parts: Mapping[str, Part], splitter: SentenceSplitter) -> StanceModel:
        """Rebuild from what `parts` returned."""
        s = parts["stance/shared"].settings
        judge_by: LinearStances | PairJudge
        if s["kind"] == "pairs":
            from topics.pairs import PairJudge  # with its word lists 0.03 s, which other kinds need not wait for

            judge_by = PairJudge.from_parts(parts)
        else:
            judge_by = LinearStances.from_parts(parts)
        return cls(
            kind=s["kind"],
            labels=tuple(s["labels"]),
            targets={entry["name"]: tuple(entry["patterns"]) for entry in s["targets"]},
            judge_by=judge_by,
            unknown_below=float(s["unknown_below"]),
            splitter=splitter,
        )


def _start_of(quote: Quote) -> int:
    return quote.span[0]


def _end_of(quote: Quote) -> int:
    return quote.span[1]


def voice_of(spans: Sequence[Span], weights: Floats, quotes: Sequence[Quote], rest: float = 0.0) -> str:
    """Return whose stance it is: the speaker without whose quotes the label would not have been given, or "article".

    spans, weights: the sentences read and what each adds to the score of the label; rest: what no sentence adds. Scores sum
    to 0 over the labels, so a label whose score is not above 0 is not the best one: where the sentences outside of quotes
    leave it there, the quotes decided. They decided as well where they hold most of what speaks for the label. The speaker
    is the one with most of what the quotes say; where no one has, or the text names nobody, it is the article's.
    """
    by: dict[str, float] = {}
    own, own_for = rest, 0.0
    for (start, end), weight in zip(spans, weights.tolist(), strict=True):
        speaker = _speaker_of(start, end, quotes)
        if speaker is None:
            own += weight
            own_for += max(weight, 0.0)
        elif weight > 0:
            by[speaker] = by.get(speaker, 0.0) + weight
    quoted = sum(by.values())
    if not quoted or (own > 0 and quoted < MOSTLY * (quoted + own_for)):
        return "article"
    return next((speaker for speaker, weight in by.items() if weight >= MOSTLY * quoted), "article")


def _speaker_of(start: int, end: int, quotes: Sequence[Quote]) -> str | None:
    """Return who speaks in a sentence of which at least half is quotation: the rest of it is the attribution."""
    inside: dict[str, int] = {}
    # Quotes are in order and apart.
    for quote in quotes[bisect_right(quotes, start, key=_end_of) : bisect_left(quotes, end, key=_start_of)]:
        overlap = min(end, quote.span[1]) - max(start, quote.span[0])
        if overlap > 0 and quote.speaker is not None:
            inside[quote.speaker] = inside.get(quote.speaker, 0) + overlap
    speaker = max(inside, key=inside.__getitem__) if inside else None
    return speaker if speaker is not None and inside[speaker] * 2 >= end - start else None
