"""News web pages flattened to lines: the article is found among what stands around it. All pages are written for this test."""

from __future__ import annotations

import numpy as np
import pytest

from topics.heads import likeliest_headlines
from topics.lines import find_lines
from topics.segment import segment
from topics.sequence import FIRST, NEXT, STATES, TITLE, allowed
from topics.shapes import shapes
from training.layouts import lay_out, read_articles
from training.segment_net import transitions

HEADLINE = "Harbor board votes to close old ferry terminal"
TEXT = [
    "The harbor board voted on Monday to close the old ferry terminal, ending a service that has run for ninety years.",
    "Members said the pier was no longer safe and that repairs would cost more than a new berth further along the quay.",
    "“Nobody likes to see it go, but the piles are rotten,” said Carla Norgate, who has led the board since 2003.",
    "Passengers will be taken by bus to the neighboring port until the summer, when the new pontoon is due to open.",
    "A museum hopes to buy the ticket hall, which has kept its brass clock and its tiled floor since it was built.",
    "The ferry company said on Tuesday that it would keep its two boats and its forty workers, and run the same timetable.",
    "Shopkeepers in the street behind the terminal fear that they will lose the custom of people who wait for the boat.",
    "The board will hear them at its next meeting, in three weeks, before it signs a contract for the demolition.",
]
MENU = ["Home", "News", "Sport", "Weather", "Classifieds", "Find a Job", "Yellow Pages", "My Account", "RSS Feeds"]
FOOT = ["About us", "Contact us", "Privacy Policy", "© 2008 Bay Bulletin. All rights reserved."]


def found(*parts):
    """Return the articles of the lines, and the page."""
    text = "\n".join(line for part in parts for line in ([part] if isinstance(part, str) else part))
    return text, segment(text).articles


def body(text, article):
    return [text[slice(*span)] for span in article.body_spans]


def only(text, articles):
    """Assert that the page has the one article, whole and without anything else, and return it."""
    assert len(articles) == 1
    assert body(text, articles[0]) == TEXT
    return articles[0]


@pytest.mark.parametrize(
    "between",
    [
        ["By Jonas Farrow and Petra Kowal", "Friday December 28 2007"],
        ["The Associated Press", "Posted: 12:34 p.m. Friday, Dec. 28, 2007"],
        ["Ninety-year-old service to end as repairs prove too costly", "By JONAS FARROW", "Staff Writer", "Friday, December 28"],
        ["Text size:", "Digg it del.icio.us AIM", "Print E-mail Comments (5)", "By Jonas Farrow"],
        ["By Jonas Farrow", "Bay Bulletin", "View Gallery", "The old ferry terminal last week", "Photo: Petra Kowal"],
    ],
)  # fmt: skip
def test_decks_bylines_dates_tools_and_captions_part_headline_and_text(between):
    article = only(*found(MENU, HEADLINE, between, TEXT, FOOT))
    assert article.title == HEADLINE


def test_blurbs_below_a_long_article_are_none():
    blurbs = [
        "More from Life", "Rowers cross the bay in record time", "A crew of eight beat the old mark by four minutes on Sunday.",
        "School choir sings for the governor", "Forty children from the east side gave a concert in the state house.",
        "Bakers fear price of flour", "The price of a sack has doubled since spring, and bakers say that bread must follow.",
    ]  # fmt: skip
    _, articles = found(MENU, HEADLINE, "By Jonas Farrow", "December 28, 2007", TEXT, "Print this", blurbs, FOOT)
    assert [a.title for a in articles] == [HEADLINE]


def test_a_digest_of_short_items_keeps_its_articles():
    items = {
        "Rowers cross the bay in record time": "A crew of eight beat the old mark by four minutes on Sunday. Their coach said "
        "that the wind had helped, but that the crew had earned it. They will race again in May.",
        "School choir sings for the governor": "Forty children from the east side gave a concert in the state house. The "
        "governor thanked them with a cake. The choir was founded two years ago by a retired teacher.",
        "Bakers fear price of flour": "The price of a sack has doubled since spring, and bakers say that bread must follow. A "
        "union of mills blamed the dry summer. Farmers expect a better harvest next year.",
        "Library opens on Sundays": "The town library will open its doors on Sundays from noon to five. Readers had asked for it "
        "for years. Two clerks were hired, and a donor pays for the heating.",
    }
    _, articles = found("The day in brief", *[["", head, says, "Full story"] for head, says in items.items()])
    assert [a.title for a in articles] == list(items)


def test_readers_comments_are_no_articles():
    thread = ["Comments (4)"]
    for name, said in (
        (
            "BayRower7",
            "About time!! I have said for years that this thing would fall into the water one day. You people never listen.",
        ),
        ("Tessa in Leeds", "My wife and I took that boat every summer. I can't believe they will just let it go like that."),
        ("mohan_1", "who pays for the bus? we do, as always. Same old story."),
        (
            "Oscar V.",
            "I agree with BayRower7 above. If you ask me they should have closed it ten years ago and saved us the money.",
        ),
    ):
        thread += [f"Posted by {name} on December 29, 2007 5:58 PM", said, "Report this comment"]
    only(*found(MENU, HEADLINE, "By Jonas Farrow", "December 28, 2007", TEXT, thread, "Post a comment", "Name:", "E-mail:", FOOT))


def test_house_rules_and_pitches_are_no_articles():
    rules = [
        "Advertise | Jobs | Partners | Terms of Use | Privacy Policy | Site Map | Feedback",
        "The Bay Bulletin is the leading provider of news and information for the harbor towns and is read in forty countries.",
        "Quotes are delayed by at least fifteen minutes. All times are local. Please read our terms of use and privacy policy.",
    ]
    pitches = ["Find a car", "Compare prices on used cars from more than 200 dealers near you.", "Win a weekend in Paris!"]
    only(*found(MENU, HEADLINE, "By Jonas Farrow", "December 28, 2007", TEXT, "Print this", pitches, rules))


def test_a_headline_twelve_lines_above_the_text():
    tools = ["Print", "E-mail", "Share", "Digg", "Reddit", "Newsvine", "Text size", "Comments (3)", "Save", "RSS"]
    article = only(*found(MENU, "You are here: Home > News", HEADLINE, "Jonas Farrow", tools, "28 December 2007", TEXT, FOOT))
    assert article.title == HEADLINE


def test_stretches_tell_blurbs_from_text():
    shape = shapes(find_lines("\n".join([*MENU, HEADLINE, *TEXT, *FOOT, "A blurb", TEXT[0]])))
    column = {name: shape.values[:, k] for k, name in enumerate(shape.names)}
    head, blurb = len(MENU), len(shape.values) - 1
    assert column["most words of the text below"][head] == 1
    assert column["words that the next large stretch of text has"][head] > 0.8
    assert column["above the large stretches of text"][head] == 1
    assert column["share of this stretch of text in the largest"][head + 1] == 1
    assert 0 < column["share of this stretch of text in the largest"][blurb] < 0.3
    assert column["below the large stretches of text"][blurb] == 1


def test_the_line_most_like_a_headline_becomes_it():
    shape = shapes(find_lines("\n".join(["Find a Job", HEADLINE, "By Jonas Farrow", *TEXT])))
    n = len(shape.values)
    path = np.array([TITLE, *[5] * 2, FIRST, *[NEXT] * (n - 4)])
    score = np.full((n, len(STATES)), -3, np.float32)
    score[1, TITLE] = -0.1
    moved = likeliest_headlines(shape, score, score, path)
    assert moved.tolist() == [1, TITLE, *path[2:]]
    assert path[0] == TITLE


def test_transitions_repeat_what_the_scores_leave_open():
    free = np.log(np.full((6, len(STATES)), 1 / len(STATES), np.float32))
    path = np.array([0, TITLE, FIRST, NEXT, NEXT, 0])
    between, start = transitions([(free, path)] * 40)
    assert (between[~allowed()] < -1000).all()
    assert between[TITLE, FIRST] > 2
    assert between[NEXT].argmax() in (NEXT, 0)
    assert start.argmax() == 0


def test_a_generated_web_page_has_its_roles():
    sheet = lay_out(read_articles()[40:46], "web", 5, merge=1)
    roles = [role for _, _, role, _ in sheet.spans]
    assert "title" in roles
    assert "body" in roles
    assert sum(role == "furniture" for role in roles) > 5
