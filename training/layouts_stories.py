"""Stories for the layouts: starter articles made as long and as untidy as articles on the web are.

Owns: lengthening, one-sentence paragraphs, sub-headings, shouted links, quoted posts and other oddities inside
articles, and the many ways a headline is written.
Does not know: pages.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from training import layouts_phrases as p
from training.layouts_sheet import Story

_SENTENCE = re.compile(r"(?<=[.!?”\"])\s+(?=[A-Z“\"'‘])")
_SMALL = frozenset(p.words("a an and as at but by for from in of on or the to with over after"))
_SPOKEN = (
    ("Watch: ", ""), ("Analysis: ", ""), ("OPINION: ", ""), ("Opinion | ", ""), ("Review: ", ""), ("Letter: ", ""),
    ("Exclusive: ", ""),
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


def untidy(articles: Sequence[Mapping[str, Any]], rng: random.Random, style: int | None = None) -> Story:
    """Return one long, untidy story from one or more articles: for learning shapes, not for reading."""
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
    if rng.random() < 0.6:
        _mess(made, rng, [a["title"] for a in articles[1:]])
    if rng.random() < 0.3:
        made.paragraphs[0] = _dateline(rng) + made.paragraphs[0]
    if rng.random() < 0.35:
        _lead(made.paragraphs, made.title, rng)
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


def _mess(made: Story, rng: random.Random, titles: Sequence[str]) -> None:
    """Put in what real articles hold besides sentences. All of it is body: the gold of real pages keeps it."""
    kinds = rng.sample(
        (
            "heading",
            "heading",
            "heading",
            "shout",
            "post",
            "image",
            "watch",
            "bullets",
            "byline",
            "follow",
            "label",
            "short",
            "correction",
            "quote",
            "rights",
            "more",
        ),
        rng.choice((1, 1, 2, 3)),
    )
    for kind in kinds:
        for _ in range(rng.choice((1, 1, 2, 4)) if kind in ("heading", "shout", "image", "short", "more") else 1):
            _add(made.paragraphs, kind, rng, titles)


def _lead(paragraphs: list[str], made_title: str, rng: random.Random) -> None:
    """Put something before the first sentence, as the gold of real pages keeps it: captions, highlights, a one-word start."""
    words = rng.choice(paragraphs).split()
    some = " ".join(words[: rng.randint(6, 22)]).rstrip('.,;:”"')
    who, credit, outlet = p.person(rng), rng.choice(p.PHOTO), rng.choice((*p.OUTLETS, *p.REAL_OUTLETS))
    ways = (
        [f"Image copyright {credit} Image caption {some}"],
        [f"CLOSE {some}. {who}, {outlet}"],
        [f"{some}. (Photo: {who}, {credit})"],
        [f"{who}/{credit} {some}"],
        [
            "Story highlights " + some,
            *(" ".join(rng.choice(paragraphs).split()[: rng.randint(6, 14)]).rstrip(".,;:") for _ in range(rng.randint(1, 3))),
        ],
        [f"By {who}, {outlet}"],
        [some + "."],
        [f"{' '.join(words[: rng.randint(2, 5)]).rstrip('.,;:')}."],
        [f"Media playback is unsupported on your device Media caption {some}"],
        [f"Get all the latest news on {' '.join(words[:2])} and more delivered daily to your inbox. Sign up here."],
        [f"{some} {rng.choice(p.MONTHS)} {rng.randint(1, 28)}, {rng.randint(2010, 2022)}. {who} / {credit} file"],
        [some, f"{who}/{credit}"],
        ["x", f"{some}."],
        [made_title],
        [made_title, who],
        [headline(made_title, rng)],
        [who, outlet],
        [f"The opinions expressed in this commentary are solely those of {who}, who teaches at a university."],
        [f"“{some}”"],
        [f"Editor's note: {some}."],
    )
    paragraphs[:0] = rng.choice(ways)


def _add(paragraphs: list[str], kind: str, rng: random.Random, titles: Sequence[str]) -> None:
    at = rng.randint(1, len(paragraphs))
    words = rng.choice(paragraphs).split()
    start = rng.randrange(max(1, len(words) - 12))
    few = " ".join(words[start : start + rng.randint(2, 7)]).rstrip('.,;:”"')
    many = " ".join(words[start : start + rng.randint(7, 14)]).rstrip('.,;:”"')
    who = p.person(rng)
    if kind == "heading":
        if titles and rng.random() < 0.7:
            text = headline(rng.choice(titles), rng)
            if rng.random() < 0.75:
                text = " ".join(text.split()[: rng.randint(2, 6)]).rstrip(",;:")
        else:
            text = rng.choice((few, few, many))
            text = text[:1].upper() + text[1:] + rng.choice(("", "", "", "?", ":"))
        paragraphs.insert(min(at, len(paragraphs) - 1), text)
    elif kind == "shout":
        paragraphs.insert(at, (rng.choice(titles) if titles and rng.random() < 0.6 else many).upper())
    elif kind == "post":
        month = f"{rng.choice(p.MONTHS)} {rng.randint(1, 28)}, {rng.randint(2009, 2024)}"
        paragraphs.insert(
            at, f"{many} pic.twitter.com/{p.invented(rng, 1)} — {who} (@{who.split()[0]}{rng.randint(1, 99)}) {month}"
        )
    elif kind == "image":
        credit = rng.choice(p.PHOTO)
        paragraphs.insert(
            at,
            rng.choice(
                (
                    f"Image copyright {credit} Image caption {many}",
                    f"{many} ({credit})",
                    f"{many}. {credit.upper()}/{who}",
                    f"Media caption {many}",
                )
            ),
        )
    elif kind == "watch":
        paragraphs.insert(
            at,
            f"{rng.choice(('JUST WATCHED', 'Watch', 'WATCH:', 'Video:', 'Listen:'))} {few} "
            f"{rng.choice(('Replay More Videos ... MUST WATCH', '', 'below', '01:10'))}".strip(),
        )
    elif kind == "bullets":
        mark = rng.choice(("", "", "• ", "- ", "* "))
        texts = [rng.choice(paragraphs).split() for _ in range(rng.randint(2, 5))]
        paragraphs[at:at] = [mark + " ".join(t[: rng.randint(6, 14)]).rstrip(".,;:") for t in texts]
        if rng.random() < 0.5:
            paragraphs.insert(at, rng.choice(("Story highlights", "Key points", "At a glance", "Here is what we know:", few)))
    elif kind == "byline":
        paragraphs.insert(
            at,
            rng.choice(
                (
                    f"By {who}, {rng.choice(p.OUTLETS)}, Hong Kong",
                    f"Analysis by {who}",
                    f"{who}, correspondent",
                    f"Reporting by {who}; Editing by {p.person(rng)}",
                    f"(Reporting by {who})",
                )
            ),
        )
    elif kind == "follow":
        paragraphs.append(
            rng.choice(
                (
                    f"Follow {who} on Twitter: @{who.split()[0]}",
                    f"{who} is a staff writer at {rng.choice(p.OUTLETS)}.",
                    f"Contact {who} at {who.split()[0].lower()}@example.org.",
                    f"Additional reporting by {who} in Turin",
                    f"{who} contributed to this report.",
                )
            )
        )
    elif kind == "label":
        paragraphs.insert(at, p.phrase(rng, p.PROMPTS))
    elif kind == "short":
        paragraphs.insert(
            at,
            rng.choice(
                (
                    "It was not.",
                    "Why?",
                    "But not for long.",
                    "No.",
                    "“It is over,” one of them said.",
                    "Not any more.",
                    "He declined to comment.",
                    "The result?",
                    "What next?",
                    "Full stop.",
                )
            ),
        )
    elif kind == "correction":
        paragraphs.append(f"{rng.choice(('Correction:', 'Update:', 'Editor’s note:', 'UPDATE'))} {many}.")
    elif kind == "quote":
        paragraphs.insert(at, f"“{many}”")
    elif kind == "rights":
        paragraphs.append(
            f"{rng.choice(('Copyright', '(c)', '©'))} {rng.randint(2000, 2024)} {rng.choice(p.OUTLETS)}. All rights "
            f"reserved. This material may not be published, rewritten or redistributed."
        )
    elif kind == "more":
        paragraphs.insert(at, f"{rng.choice(('MORE:', 'READ:', 'Related:', 'SEE ALSO:', 'ALSO:', 'READ MORE:'))} {many}")
