# ruff: noqa: ARG001 - every layout is called with the same three values
"""Pages in layouts written by hand, apart from the generator: measured on, never learned from.

usage: python benchmarks/segmentation_strange.py [pages a layout]

Filled with articles of `article-bias-prediction` (web articles, stray lines and all) and of `bbc-news` (clean ones).
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Callable, Iterable

import numpy as np
from segmentation import DATA, HEAD, GoldPage, line, table, web_articles

FIRST = ("James", "Mary", "Wei", "Aisha", "Carlos", "Ingrid", "Kofi", "Leila", "Mateo", "Yuki")
LAST = ("Smith", "Garcia", "Nguyen", "Khan", "O'Brien", "Petrov", "Haddad", "Kim", "Rossi", "Larsen")
OUTLETS = ("The Guardian", "Reuters", "BBC News", "The Washington Post", "Politico", "NPR", "Vox", "USA Today", "The Hill")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SUBJECTS = ("Congress", "Supreme Court", "Immigration", "Economy", "China", "Elections", "Climate", "Russia", "Education")
Article = dict


class Sheet:
    """Text with the spans of the articles on it."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.text, self.gold = rng, "", []
        self.gap = "\n" * rng.choice((1, 2))

    def raw(self, *lines: str, gap: str = "\n") -> None:
        self.text += "".join(text + gap for text in lines)

    def title(self, article: Article, before: str = "", after: str = "\n") -> None:
        self.text += before
        span = [len(self.text), len(self.text) + len(article["title"])]
        self.gold.append({"title_span": span, "body_spans": [], "optional_spans": []})
        self.text += article["title"] + after

    def body(self, paragraphs: Iterable[str], gap: str, before: str = "") -> None:
        for text in paragraphs:
            self.text += before
            self.gold[-1]["body_spans"].append([len(self.text), len(self.text) + len(text)])
            self.text += text + gap

    def person(self) -> str:
        return f"{self.rng.choice(FIRST)} {self.rng.choice(LAST)}"

    def date(self) -> str:
        return f"{self.rng.choice(MONTHS)} {self.rng.randint(1, 28)}, {self.rng.randint(2009, 2024)}"

    def words(self) -> int:
        return self.rng.randint(200, 1200)


def codes(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """A database's two-letter fields, the first paragraph under one, the others under another."""
    for a in articles:
        code = "".join(s.rng.choice("ABCDEFGRTUP") for _ in range(6))
        outlet = s.rng.choice(OUTLETS)
        s.title(a, f"SE  {s.rng.choice(SUBJECTS)}\nHD  ")
        s.raw(f"BY  By {s.person()}", f"WC  {s.words()} words", f"PD  {s.date()}", f"SN  {outlet}", f"SC  {code}", "LA  English")
        s.raw(f"CY  (Copyright (c) 2020, {outlet})", "", "LP")
        s.body(a["paragraphs"][:1], "\n\n")
        s.raw("TD")
        s.body(a["paragraphs"][1:], "\n\n")
        s.raw(f"IN  i{code.lower()} : {s.rng.choice(SUBJECTS)}", f"AN  Document {code}00020200117e", "")


def delivery(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """What a database mails: a list of documents, unnamed lines under each headline, fields, an end line."""
    s.raw(f"User Name: {s.person()}", f"Job Number: {s.rng.randint(10**7, 10**8)}", "", f"Documents ({len(articles)})", "")
    for k, a in enumerate(articles):
        s.raw(f"{k + 1}. {a['title']}", "Client/Matter: -None-")
    for a in articles:
        s.title(a, "\n")
        s.raw(f"{s.rng.choice(OUTLETS)} (London)", f"{s.date()} Friday", "", "Copyright 2020 All Rights Reserved", "")
        s.raw(f"Section: NEWS; Pg. {s.rng.randint(1, 30)}", f"Length: {s.words()} words", f"Byline: {s.person()}", "", "Body", "")
        s.body(a["paragraphs"], "\n\n")
        s.raw("", f"Load-Date: {s.date()}", "", "", "End of Document")


def digest(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Numbered items of a few paragraphs between rules."""
    s.raw("The Morning Digest", s.date(), "", "Good morning. Here are today's top stories.", "")
    for k, a in enumerate(articles):
        s.title(a, f"{'-' * 50}\n\n{k + 1}. ", "\n\n")
        s.body(a["paragraphs"][: s.rng.randint(2, 6)], "\n\n")
        s.raw(f"({s.rng.choice(OUTLETS)})", "")
    s.raw("-" * 50, "", "You are receiving this email because you subscribed to The Morning Digest.", "Unsubscribe")


def archive(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """A blog, newest first, with what stands at its side below."""
    s.raw("Thoughts From The Hill", "Just another site", "Home", "About", "Contact")
    for a in articles:
        s.title(a, after=s.gap)
        s.raw(f"Posted on {s.date()} by admin", gap=s.gap)
        s.body(a["paragraphs"], s.gap)
        s.raw(f"Posted in News | Tagged {', '.join(s.rng.sample(SUBJECTS, 3))} | Leave a comment", "", gap=s.gap)
    s.raw(
        "← Older posts",
        "Search for:",
        "Recent Posts",
        *heads[:5],
        "Archives",
        *(f"{m} 2019" for m in MONTHS[:6]),
        "Meta",
        "Log in",
    )


def feed(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """An aggregator: outlet and age above or below, things to do after."""
    above = s.rng.random() < 0.5
    s.raw("All feeds", f"Unread ({len(articles)})", "Mark all as read", gap=s.gap)
    for a in articles:
        who = f"{s.rng.choice(OUTLETS)} · {s.rng.randint(2, 22)}h ago · {s.rng.randint(2, 9)} min read"
        s.title(a, who + s.gap if above else "", s.gap)
        if not above:
            s.raw(who, gap=s.gap)
        s.body(a["paragraphs"], s.gap)
        s.raw("Visit website", "Save for later", gap=s.gap)


def mail(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """A mailing list's digest: message headers around each headline, which carries the list's name."""
    s.raw("Today's Topics:", "")
    for k, a in enumerate(articles):
        s.raw(f"   {k + 1}. {a['title'][:60]} ({s.person()})")
    for k, a in enumerate(articles):
        s.raw(
            "", "-" * 30, "", f"Message: {k + 1}", "Date: Tue, 7 May 2013 10:12:33 -0500", f"From: {s.person()} <a@example.org>"
        )
        s.title(a, "Subject: [Clips] ", "\nMessage-ID: <4F3.3020@example.org>\n\n")
        s.body(a["paragraphs"], "\n\n")


def tabs(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Printed pages: the browser's title with the outlet, the way to the page, the headline again."""
    outlet = s.rng.choice(OUTLETS)
    for a in articles:
        s.raw(f"{a['title']} - {outlet}", "Home", s.rng.choice(SUBJECTS), gap=s.gap)
        s.title(a, after=s.gap)
        s.raw(s.date(), gap=s.gap)
        s.body(a["paragraphs"], s.gap)
        s.raw("Print", "Email", "Share", "", gap=s.gap)


def wire(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """An agency's lines with its signs before and after each."""
    for a in articles:
        s.raw(f"a{s.rng.randint(1000, 9999)} r bc-{s.rng.choice(SUBJECTS)} 05-07")
        s.title(a, "^", f"<\n^By {s.person().upper()}=\n^Staff Writer=\n")
        s.body(a["paragraphs"], "\n", "   ")
        s.raw(f"NY-05-07-13 {s.rng.randint(1000, 2300)}EST<", "")


def site(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """A news site: a subtitle, an advert in the text, other headlines with the beginnings of their texts after it."""
    for a in articles:
        s.title(a, s.rng.choice(SUBJECTS) + s.gap, s.gap)
        deck = " ".join(s.rng.choice(a["paragraphs"][1:]).split()[: s.rng.randint(8, 18)]).rstrip(",.;")
        s.gold[-1]["optional_spans"].append([len(s.text), len(s.text) + len(deck)])
        s.raw(deck, s.person(), s.date(), gap=s.gap)
        s.body(a["paragraphs"][:3], s.gap)
        s.raw("ADVERTISEMENT", gap=s.gap)
        s.body(a["paragraphs"][3:], s.gap)
        s.raw("Related stories", gap=s.gap)
        for head in s.rng.sample(heads, 2):
            s.raw(head, f"{' '.join(s.rng.choice(a['paragraphs']).split()[:14])}...", "Read more", gap=s.gap)


def dump(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """A feed as a script prints it, addresses and all, each text on one line."""
    for a in articles:
        s.title(a)
        s.raw(f"https://example.com/{s.rng.randint(1000, 9999)}", "Mon, 06 May 2013 10:00:00 GMT")
        s.body([" ".join(a["paragraphs"])], "\n\n")


LAYOUTS: tuple[Callable[[Sheet, list[Article], list[str]], None], ...] = (
    archive, codes, delivery, digest, dump, feed, mail, site, tabs, wire
)  # fmt: skip


def clean_articles() -> list[Article]:
    """Return the articles of bbc-news with their paragraphs."""
    path = DATA / "bbc-news" / "train.jsonl.gz"
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(row) for row in file]
    texts = [(row["title"].strip(), [" ".join(t.split()) for t in row["text"].split("\n") if t.strip()]) for row in rows]
    return [{"title": title, "paragraphs": text} for title, text in texts if len(text) >= 4 and title]


def rendered(
    layouts: Iterable[Callable[[Sheet, list[Article], list[str]], None]],
    articles: list[Article],
    count: int,
    *,
    paragraphs: tuple[int, int] = (8, 25),
    mark: str = "",
) -> Iterable[GoldPage]:
    """Yield `count` pages a layout, of articles cut to so many paragraphs; `mark` gives other draws."""
    for write in layouts:
        for k in range(count):
            rng = random.Random(f"{write.__name__}/{k}{mark}")
            chosen = [
                {**a, "paragraphs": a["paragraphs"][: rng.randint(*paragraphs)]} for a in rng.sample(articles, rng.randint(3, 6))
            ]
            sheet = Sheet(rng)
            write(sheet, chosen, [a["title"] for a in rng.sample(articles, 15)])
            yield write.__name__, sheet.text, sheet.gold


def report(pages: Iterable[GoldPage]) -> None:
    """Print a row for each layout, and the mean of the layouts."""
    print(HEAD)
    found = table(pages)
    for layout in sorted(found):
        print(line(layout, found[layout]))
    f1 = np.mean([2 * c["hits"] / max(1, c["gold"] + c["found"]) for c in found.values()])
    print(f"| mean | {f1:.3f} | {np.mean([c['titles'] / max(1, c['gold']) for c in found.values()]):.3f} | | | |")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    for name, articles in (("article-bias-prediction", web_articles(700, 77)), ("bbc-news", clean_articles())):
        print(f"\n## {name}\n")
        if articles:
            report(rendered(LAYOUTS, articles, count))
        else:
            print("no such data")


if __name__ == "__main__":
    main()
