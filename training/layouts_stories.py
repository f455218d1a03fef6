"""Stories for the layouts: starter articles made as long and as untidy as articles on the web are.

Owns: lengthening and shortening, one-sentence paragraphs, datelines, and the many ways a headline is written.
Does not know: pages, the odd lines inside an article (`layouts_rough`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from training import layouts_phrases as p
from training.layouts_rough import roughen, speak
from training.layouts_sheet import Story

#: Share of the stories whose writer says "I", "we" or "you".
VOICES = 0.08
_SENTENCE = re.compile(r"(?<=[.!?”\"])\s+(?=[A-Z“\"'‘])")
_SMALL = frozenset(p.words("a an and as at but by for from in of on or the to with over after"))
_SPOKEN = (
    ("Watch: ", ""), ("Analysis: ", ""), ("OPINION: ", ""), ("Opinion | ", ""), ("Review: ", ""), ("Letter: ", ""),
    ("Exclusive: ", ""), ("", "?"), ("", "?"), ("", "?"), ("Why ", "?"), ("Is ", "?"), ("What ", "?"),
    ("", ", says report"), ("", "?"), ("", "!"), ("", " – live"), ("", " (VIDEO)"), ("Fact check: ", ""), ("‘", "’"), ("", "..."),
    ("Q&A: ", ""), ("", ": what we know"), ("“", "”"), ("BREAKING: ", ""), ("", "."),
)  # fmt: skip


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph, roughly."""
    return [s for s in _SENTENCE.split(text) if s]


def story(
    article: Mapping[str, Any], rng: random.Random, *, extra: Mapping[str, Any] | None = None, style: int | None = None
) -> Story:
    """Return the article as it is, with a made-up outlet, author, date and section."""
    text, iso = p.date(rng, rng.randrange(12) if style is None else style)
    return Story(
        title=article["title"],
        paragraphs=list(article["paragraphs"]),
        source=rng.choice(p.OUTLETS) if rng.random() < 0.7 else " ".join(w.capitalize() for w in p.invented(rng, 2).split()),
        author=p.person(rng),
        date=text,
        iso=iso,
        section=rng.choice(p.NAV[:40]),
        extra=dict(extra or {}),
    )


def untidy(
    articles: Sequence[Mapping[str, Any]],
    rng: random.Random,
    style: int | None = None,
    *,
    size: str = "",
    edges: bool = True,
) -> Story:
    """Return one untidy story from one or more articles: for learning shapes, not for reading.

    size: "brief" for up to four paragraphs, "item" for up to four sentences, otherwise all there is.
    edges: whether stray lines may stand before and after the text, too, and not only between paragraphs.
    """
    made = story(articles[0], rng, style=style)
    # Paragraphs of the articles in turn: a long article keeps coming back to its words, it does not change them once.
    texts = [
        text
        for _, _, text in sorted(
            ((k / len(a["paragraphs"]), n, t) for n, a in enumerate(articles) for k, t in enumerate(a["paragraphs"]))
        )
    ]
    made.paragraphs = _split(texts, rng)
    if rng.random() < 0.35:
        made.source = rng.choice(p.REAL_OUTLETS)
    made.title = headline(made.title, rng)
    if rng.random() < 0.3:
        made.paragraphs[0] = _dateline(rng) + made.paragraphs[0]
    if size == "brief":
        made.paragraphs = made.paragraphs[: rng.randint(1, 4)]
    elif size == "item":
        made.paragraphs = _item(made.paragraphs, rng)
    if rng.random() < VOICES:
        speak(made.paragraphs, rng)
    if size != "item" and rng.random() < 0.75:
        roughen(made.paragraphs, made.title, [a["title"] for a in articles[1:]], rng, edges=edges)
    if rng.random() < 0.06:
        k = rng.randrange(len(made.paragraphs))
        made.paragraphs[k] = made.paragraphs[k].replace("’", "â€™").replace("“", "â€œ").replace("'", "â€™")
    return made


def headline(title: str, rng: random.Random) -> str:
    """Return `title` cased, shortened or dressed up as another desk would."""
    words = title.split()
    roll = rng.random()
    if roll < 0.5:
        title = " ".join(w if i and w.lower() in _SMALL else w[:1].upper() + w[1:] for i, w in enumerate(words))
    elif roll < 0.56:
        title = title.upper()
    if rng.random() < 0.1 and len(words) > 4:
        title = " ".join(title.split()[: rng.randint(2, 5)]).rstrip(",;:")
    elif rng.random() < 0.05:
        title = f"{title} {' '.join(rng.sample(words, min(len(words), rng.randint(3, 8))))}"
    if rng.random() < 0.2:
        before, after = rng.choice(_SPOKEN)
        title = f"{before}{title}{after}"
    return title


def _split(texts: Sequence[str], rng: random.Random) -> list[str]:
    """Regroup sentences into paragraphs of one house's length."""
    per = rng.choice((1, 1.4, 2, 3, 9))
    paragraphs: list[str] = []
    for text in texts:
        run: list[str] = []
        for sentence in sentences(text):
            run.append(sentence)
            if rng.random() < 1 / per:
                paragraphs.append(" ".join(run))
                run = []
        if run:
            paragraphs.append(" ".join(run))
    return paragraphs


def _item(paragraphs: Sequence[str], rng: random.Random) -> list[str]:
    """Return the first sentences, one to four and at least twenty words, in one paragraph or two."""
    found: list[str] = []
    most = rng.choice((1, 2, 2, 3, 4))
    for sentence in (s for text in paragraphs[:4] for s in sentences(text)):
        if len(found) >= most and sum(len(s.split()) for s in found) >= 20:
            break
        found.append(sentence)
    cut = rng.randrange(1, len(found)) if len(found) > 1 and rng.random() < 0.4 else len(found)
    return [" ".join(part) for part in (found[:cut], found[cut:]) if part]


def _dateline(rng: random.Random) -> str:
    place = rng.choice(
        ("WASHINGTON", "LONDON", "New York", "BRUSSELS", "EDINBURGH", "Nairobi", "GENEVA", "MANILA", "PARIS, Texas", "Toronto")
    )
    wire, month, day = rng.choice(p.WIRES), rng.choice(p.MONTHS), rng.randint(1, 28)
    return rng.choice(
        (
            f"{place} ({wire}) - ",
            f"{place} ({wire}) — ",
            f"({wire}) ",
            f"{place} – ",
            f"{place}, {month} {day} ({wire}) - ",
            f"{month} {day} ({wire}) - ",
            f"{place} -- ",
            f"{wire} — ",
        )
    )
