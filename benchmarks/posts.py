"""Pages of three posts as HTML and as the text of that HTML: how many articles come out, ours beside trafilatura.

usage: python benchmarks/posts.py [PAGES]     (50 pages without a number)

The posts are starter articles, each in an <article> of its own, with a menu, share links, related stories and a footer
around them. A post counts as found when the words of its paragraphs and those extracted have an intersection over union
of at least 0.9; a leaked word is one extracted that stands in no post. trafilatura (pip install trafilatura) is a
dependency of this benchmark only; without it the comparison is left out, and that is said.
"""

from __future__ import annotations

import html
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from topics.segment import segment
from topics.sources_html import html_to_text
from topics.sources_web import parse
from training.layouts import read_articles

RELATED = ("More from this section", "Most read", "You may also like", "Elsewhere today")
Texts = list[str]


def page_of(posts: Sequence[dict[str, Any]], draw: random.Random) -> str:
    """Return a page of a plain blog theme that holds `posts`."""
    body = []
    for post in posts:
        paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in post["paragraphs"])
        body.append(
            f"<article><h2><a href=/{draw.randrange(9999)}>{html.escape(post['title'])}</a></h2>"
            f"<p class=meta>Posted on {draw.randrange(1, 29)} March 2024 by Staff</p>{paragraphs}"
            "<ul class=share><li>Share</li><li>Tweet</li><li>Email</li></ul></article>"
        )
    links = "".join(f"<li><a href=/{n}>{draw.choice(RELATED)} {n}</a></li>" for n in range(5))
    return (
        "<!doctype html><html><head><title>The Daily Example</title></head><body>"
        f"<nav><ul><li>Home</li><li>World</li><li>Sport</li></ul></nav><main>{''.join(body)}</main><aside><h3>{draw.choice(RELATED)}</h3><ul>{links}</ul></aside>"
        "<footer><p>Copyright 2024 The Daily Example. All rights reserved.</p></footer></body></html>"
    )


def ours_html(page: str) -> Texts:
    found = parse(page, "page.html", page_id="page")
    return [article.body(found.text) for article in segment(found)]


def ours_text(page: str) -> Texts:
    text, _ = html_to_text(page)
    return [article.body(text) for article in segment(text)]


def trafilatura_html(page: str) -> Texts:
    import trafilatura

    text = trafilatura.extract(page, include_comments=False)
    return [text] if text else []


def trafilatura_text(page: str) -> Texts:
    import trafilatura

    text = trafilatura.extract(html_to_text(page)[0], include_comments=False)
    return [text] if text else []


def overlap(one: Counter[str], other: Counter[str]) -> float:
    return (one & other).total() / max((one | other).total(), 1)


def judge(name: str, extract: Callable[[str], Texts], pages: Sequence[tuple[str, Sequence[dict[str, Any]]]]) -> None:
    """Print one line: articles found, posts right, words lost and leaked, milliseconds a page."""
    articles = right = lost = leaked = gold_words = found_words = 0
    begin = time.perf_counter()
    extracted = [extract(page) for page, _ in pages]
    seconds = time.perf_counter() - begin
    for found, (_, posts) in zip(extracted, pages, strict=True):
        gold = [Counter(" ".join(post["paragraphs"]).split()) for post in posts]
        got = [Counter(text.split()) for text in found]
        articles += len(got)
        right += sum(any(overlap(g, f) >= 0.9 for f in got) for g in gold)
        all_gold, all_got = sum(gold, Counter()), sum(got, Counter())
        gold_words, found_words = gold_words + all_gold.total(), found_words + all_got.total()
        lost += (all_gold - all_got).total()
        leaked += (all_got - all_gold).total()
    posts = sum(len(p) for _, p in pages)
    print(
        f"{name:28} {articles / len(pages):10.2f} {right / posts:8.3f} {lost / gold_words:8.3f} "
        f"{leaked / max(found_words, 1):8.3f} {1000 * seconds / len(pages):8.1f}"
    )


def main(argv: Sequence[str]) -> None:
    draw = random.Random(13)
    articles = read_articles()
    chosen = [draw.sample(articles, 3) for _ in range(int(argv[0]) if argv else 50)]
    pages = [(page_of(posts, draw), posts) for posts in chosen]
    print(f"{len(pages)} pages of three posts")
    print(f"{'':28} {'a page':>10} {'right':>8} {'lost':>8} {'leaked':>8} {'ms':>8}")
    judge("ours, HTML", ours_html, pages)
    judge("ours, the same as text", ours_text, pages)
    try:
        import trafilatura
    except ImportError:
        print("trafilatura is not installed; the comparison is left out")
        return
    judge(f"trafilatura {trafilatura.__version__}, HTML", trafilatura_html, pages)
    judge("trafilatura, the same as text", trafilatura_text, pages)


if __name__ == "__main__":
    main(sys.argv[1:])
