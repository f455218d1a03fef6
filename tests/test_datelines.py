"""Heads and captions: who wrote, where it stood, who made the picture; headlines freed of what the page adds to each."""

from __future__ import annotations

import pytest

from topics.datelines import is_credit, read_head
from topics.headlines import trim
from topics.lines import find_lines
from topics.segment import segment
from training.layouts import read_articles


def head(*lines):
    page = "\n".join(lines)
    spans, at = [], 0
    for line in lines:
        spans.append((at, at + len(line)))
        at += len(line) + 1
    return read_head(page, [], spans)


def test_a_sender_with_an_address_is_an_author_and_no_source():
    found = head("From: Ruth Vance <ruth@example.org>", "Date: Mon, 3 Jun 2013 09:12:01 +0100")
    assert (found.author, found.source, found.published) == ("Ruth Vance", None, "2013-06-03")


def test_names_keep_their_brackets_and_lose_their_marks():
    assert head("The Courier (Dundee)").source == "The Courier (Dundee)"
    assert head("[The Courier]").source == "The Courier"
    assert head("By **Tom Farrow**").author == "Tom Farrow"
    assert head("Posted by Ida at 8:14 AM").author == "Ida"


@pytest.mark.parametrize(
    "text", ["Photo: Reuters", "Jane Doe/AP", "© AFP", "Photograph by Jane Doe", "AFP via Getty Images", "PHOTO/AP", "Handout"]
)
def test_credits_say_who_made_a_picture(text):
    assert is_credit(text)


@pytest.mark.parametrize(
    "text", ["Image: A ferry in fog", "Photo Gallery", "The minister on Monday", "Jane Doe waves/smiles at fans"]
)
def test_captions_say_more(text):
    assert not is_credit(text)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Subject: [Clips] Ferry turns back", "Subject: [Clips] Pill helps", "Subject: [Clips] July: rain"],
         ["Ferry turns back", "Pill helps", "July: rain"]),
        (["^Ferry turns back<", "^Pill helps<", "^July brings rain<"], ["Ferry turns back", "Pill helps", "July brings rain"]),
        (["Item 3: Ferry turns back", "Item 4: Pill helps", "Item 12: Rain"], ["Ferry turns back", "Pill helps", "Rain"]),
        (["“Ferry” turns back", "“Pill” helps", "“July” rain"], ["“Ferry” turns back", "“Pill” helps", "“July” rain"]),
        (["Why now?", "Who knows?", "What next?"], ["Why now?", "Who knows?", "What next?"]),
        (["^Ferry turns back", "^Pill helps"], ["^Ferry turns back", "^Pill helps"]),  # two of two may be chance
    ],
)  # fmt: skip
def test_what_nearly_every_headline_of_a_page_carries_is_the_pages(lines, expected):
    assert [line[a:b] for line, (a, b) in zip(lines, trim(lines, suffixes=True), strict=True)] == expected


def test_addresses_and_fields_are_not_joined_to_the_wrapped_line_above():
    body = "the county refused for a third time to let the quarry grow to the west\n" * 4
    filled = "A line as long as this wrapped text allows before it has to break here"
    page = f"{body}{filled}\nMessage-ID: <4@example.org>\n{filled}\nhttps://example.org/a\n{body}"
    lines = find_lines(page)
    texts = [page[a:b] for a, b in zip(lines.start, lines.end, strict=True)]
    assert lines.wrapped
    assert any(t.startswith("Message-ID") for t in texts)
    assert any(t.startswith("https://example.org/a") for t in texts)


def test_a_markdown_link_alone_on_its_line_is_no_text():
    articles = read_articles()[:4]
    page = "".join(
        f"## {a['title']}\n\n{chr(10).join(a['paragraphs'])}\n\n[Read on](example.org/{a['id']})\n\n" for a in articles
    )
    found = segment(page).articles
    assert [a.title for a in found] == [a["title"] for a in articles]
    assert all("[Read on]" not in a.body(page) for a in found)
