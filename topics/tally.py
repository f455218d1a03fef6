"""What articles are about, by period and by source: counts of topics and stances, mean shares of latent topics.

Owns: the groups, how many of them are kept, the form in `evaluation.json` and in the report.
Does not know: where labels come from (a person's or a model's), how groups are drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from topics.lda_shares import period

#: Groups that are told apart: more columns nobody reads. More months than that become years; of sources the largest stay.
MOST = 24


@dataclass(slots=True)
class _Group:
    articles: int = 0
    topics: Counter[str] = field(default_factory=Counter)
    #: Sums of shares, one for each latent topic that any article has.
    latent: dict[int, float] = field(default_factory=dict)
    stances: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: _Group) -> None:
        self.articles += other.articles
        self.topics.update(other.topics)
        self.stances.update(other.stances)
        for k, share in other.latent.items():
            self.latent[k] = self.latent.get(k, 0.0) + share


@dataclass(slots=True)
class Tally:
    """Counts articles one by one. The order of the articles matters for the last bit of a share, and for nothing else."""

    articles: int = 0
    _months: dict[str | None, _Group] = field(default_factory=dict)
    _sources: dict[str | None, _Group] = field(default_factory=dict)

    def add(
        self,
        *,
        published: str | None,
        source: str | None,
        topics: Iterable[str] = (),
        mixture: Iterable[tuple[int, float]] = (),
        stances: Mapping[str, str] | None = None,
    ) -> None:
        """Count one article: its topics, its shares of latent topics, its stance label by target."""
        one = _Group(1, Counter(set(topics)), dict(mixture), Counter((stances or {}).items()))
        self.articles += 1
        # Years alone are dates, too.
        self._months.setdefault(period(published) or period(published, "year"), _Group()).add(one)
        self._sources.setdefault(" ".join(source.split()) if source else None, _Group()).add(one)

    def to_dict(self, n_latent: int) -> dict[str, Any]:
        """Return both groupings, JSON-able; a grouping in which no article has a group is left out."""
        found: dict[str, Any] = {"articles": self.articles}
        months = {name: group for name, group in self._months.items() if name is not None}
        unit = "month" if len(months) <= MOST and all(len(name) == 7 for name in months) else "year"
        times: dict[str, _Group] = {}
        for name in sorted(months):
            times.setdefault(name if unit == "month" else name[:4], _Group()).add(months[name])
        sources = {name: group for name, group in self._sources.items() if name is not None}
        largest = sorted(sources, key=lambda name: (-sources[name].articles, name))[:MOST]
        if times:
            latest = sorted(times)[-MOST:]
            found |= {"over_time": {"unit": unit, **_table({name: times[name] for name in latest}, self.articles, n_latent)}}
        if sources:
            found |= {"by_source": _table({name: sources[name] for name in largest}, self.articles, n_latent)}
        return found


def _table(groups: Mapping[str, _Group], articles: int, n_latent: int) -> dict[str, Any]:
    """Return columns, one for each group, and rows of numbers, one for each topic, latent topic and stance."""
    columns = list(groups.values())
    topics = sorted({topic for group in columns for topic in group.topics})
    pairs = sorted({pair for group in columns for pair in group.stances})
    stances: dict[str, dict[str, list[int]]] = {}
    for target, label in pairs:
        stances.setdefault(target, {})[label] = [group.stances[target, label] for group in columns]
    table: dict[str, Any] = {
        "groups": list(groups),
        "articles": [group.articles for group in columns],
        "not_shown": articles - sum(group.articles for group in columns),
        "topics": {topic: [group.topics[topic] for group in columns] for topic in topics},
        "stances": stances,
    }
    if n_latent:
        table["latent"] = [[round(group.latent.get(k, 0.0) / group.articles, 4) for group in columns] for k in range(n_latent)]
    return table
