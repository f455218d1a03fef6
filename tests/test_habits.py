"""Steps after the line model: posts of a live page, headlines printed with and without an addition."""

from __future__ import annotations

import numpy as np

from topics.habits import bare_copies, starts
from topics.heads import likeliest_headlines
from topics.lines import find_lines
from topics.sequence import FIRST, NEXT, STATES, TITLE
from topics.shapes import shapes
from topics.stubs import drop_stubs, join_posts, lead_captions, unsign

META = next(k for k, (_, role, place) in enumerate(STATES) if (role, place) == ("meta", 0))
UNDER = next(k for k, (_, role, place) in enumerate(STATES) if (role, place) == ("meta", 1))
TEXT = "The ferry left again on Monday, and nobody aboard was told why it had turned back."


def page(*rows):
    return find_lines("\n".join(text for text, _ in rows)), np.array([state for _, state in rows])


def test_texts_under_nothing_but_a_time_of_day_are_posts_of_one_article():
    rows = [("Ferry live", TITLE), ("09:12", UNDER), (TEXT, FIRST)]
    for clock in ("09:30", "10:05", "10:41"):
        rows += [(clock, META), (TEXT, FIRST)]
    lines, path = page(*rows)
    joined = join_posts(lines, path)
    assert starts(joined.tolist()) == [(0, 2, 0)]
    assert (joined[[4, 6, 8]] == NEXT).all()


def test_two_such_texts_may_be_two_articles():
    lines, path = page(("09:12", META), (TEXT, FIRST), ("10:41", META), (TEXT, FIRST))
    assert (join_posts(lines, path) == path).all()


def test_lines_that_only_hold_a_time_open_articles_still():
    rows = []
    for clock in ("09:30 Reuters", "10:05 Reuters", "10:41 Reuters", "11:00 Reuters"):
        rows += [(clock, META), (TEXT, FIRST)]
    lines, path = page(*rows)
    assert (join_posts(lines, path) == path).all()


def copied(*titles):
    rows = []
    for title in titles:
        rows += [(f"{title} - The Gazette", TITLE), ("Home", UNDER), (title, UNDER), (TEXT, FIRST)]
    return page(*rows)


def test_of_a_headline_with_and_without_an_addition_the_bare_one_is_taken_where_most_have_both():
    lines, path = copied("Ferry turns back twice", "Pill camera helps doctors")
    assert [title for title, _, _ in starts(bare_copies(shapes(lines), path).tolist())] == [2, 6]


def test_once_is_no_habit():
    lines, path = copied("Ferry turns back twice")
    assert (bare_copies(shapes(lines), path) == path).all()


LONG = f"{TEXT} " * 6


def test_a_label_under_a_label_is_no_article_beside_a_long_one():
    stub = [("Try our new app", TITLE), ("See what it can do for you:", FIRST), ("Comments", 0)]
    lines, path = page(("Ferry turns back", TITLE), (LONG, FIRST), *stub)
    assert (drop_stubs(shapes(lines), path)[2:] == 0).all()
    lines, path = page(("Ferry turns back", TITLE), (TEXT, FIRST), *stub)  # nothing on the page is long
    assert (drop_stubs(shapes(lines), path) == path).all()


def test_a_sentence_above_a_picture_credit_is_its_caption():
    caption, credit = (next(k for k, (_, r, p) in enumerate(STATES) if (r, p) == ("caption", n)) for n in (1, 2))
    rows = [("Ferry turns back", TITLE), ("The ferry lay in the harbor on Monday night.", FIRST), ("Jane Doe/AP photo", credit)]
    lines, path = page(*rows, (TEXT, NEXT), (TEXT, NEXT))
    assert lead_captions(lines, shapes(lines), path).tolist() == [TITLE, caption, caption, FIRST, NEXT]
    lines, path = page(*rows[:2], ("Something else", credit), (TEXT, NEXT))
    assert (lead_captions(lines, shapes(lines), path) == path).all()


def headlines_of(above, below):
    """Return where the headlines of three articles are if the line model prefers the line in the middle of each head."""
    rows = []
    for n in range(3):
        rows += [(above.format(n), META), (f"Section: Ferry {n}", META), (TEXT, FIRST), (below.format(n), META)]
    lines, path = page(*rows)
    score = np.full((len(lines), len(STATES)), -3.0, np.float32)
    score[1::4, TITLE] = -0.5
    return [title for title, _, _ in starts(likeliest_headlines(shapes(lines), score, score, path).tolist())]


def test_a_field_that_says_it_is_the_headline_is_believed():
    assert headlines_of("Title: The boat turns back {}", "Pages: {}") == [0, 4, 8]


def test_a_field_below_the_text_names_the_article_above():
    assert headlines_of("Pages: {}", "Title: The boat turns back {}") == [1, 5, 9]


def test_a_line_that_says_by_whom_or_when_is_no_first_paragraph():
    for said in ("By Jane Doe", "Jane Doe, The Daily Mail / 3 hours ago", "Reuters | March 3, 2014"):
        lines, path = page(("Ferry turns back", TITLE), (said, FIRST), (TEXT, NEXT))
        assert unsign(lines, path).tolist() == [TITLE, UNDER, FIRST]
    for text in ("By March 3, 2014 it was over.", "Jane Doe"):
        lines, path = page(("Ferry turns back", TITLE), (text, FIRST), (TEXT, NEXT))
        assert (unsign(lines, path) == path).all()
