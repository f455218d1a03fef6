"""Pages are cut right: the real pages exactly, made-up ones by known answers."""

from __future__ import annotations

import json

import numpy as np
import pytest

from topics.datelines import find_date, read_head
from topics.errors import ArtifactError, InputError
from topics.glued import unglue
from topics.headlines import trim
from topics.oneline import cut_line
from topics.pages import Page
from topics.parts import find_parts
from topics.segment import Segmenter, default_segmenter, segment
from topics.sequence import MARGIN, STATES, STRETCH, allowed, best_path
from training.layouts import lay_out, read_articles, render
from training.segment import LearnSettings, fit_segmenter, read_gold
from training.segment_states import line_states


def overlap(text, a, b):
    a, b = ({i for s, e in spans for i in range(s, e) if not text[i].isspace()} for spans in (a, b))
    return len(a & b) / len(a | b)


@pytest.mark.parametrize("name", ["000_9148e837216a5f5d", "003_593f37634b6949b6"])
def test_the_real_pages_come_out_with_every_article_and_exact_titles(name, real_pages):
    gold = json.loads((real_pages / f"{name}.gold.json").read_text("utf-8"))["articles"]
    text = (real_pages / f"{name}.txt").read_bytes().decode("utf-8")
    found = segment(text).articles
    assert [a.title for a in found] == [g["title"] for g in gold]
    assert [list(a.title_span) for a in found] == [g["title_span"] for g in gold]
    assert [a.source for a in found] == [g["source"] for g in gold]
    assert [a.published for a in found] == [g["published"] for g in gold]
    for a, g in zip(found, gold, strict=True):
        assert overlap(text, a.body_spans, g["body_spans"]) >= 0.9
        assert [list(p) for p in a.parts] == g.get("parts", [])


def test_practice_pages_keep_their_floor(real_pages):
    hits = titles = total = found_total = 0
    for page in json.loads((real_pages / "practice" / "gold.json").read_text("utf-8")):
        text = (real_pages / "practice" / page["page"]).read_bytes().decode("utf-8")
        found = segment(text).articles
        found_total += len(found)
        for g in page["articles"]:
            total += 1
            best = max(found, key=lambda a: overlap(text, a.body_spans, g["body_spans"]))
            hits += overlap(text, best.body_spans, g["body_spans"]) >= 0.9
            titles += list(best.title_span or ()) == g["title_span"]
    assert 2 * hits / (total + found_total) >= 0.95
    assert titles / total >= 0.95


@pytest.mark.parametrize(
    "layout", ["bare", "portal", "export", "blog", "newsletter", "wrapped", "markdown", "theme", "records", "table"]
)
def test_starter_articles_come_back_from_every_kind_of_page(layout):
    articles = read_articles()
    hits = total = 0
    for seed in range(4):
        text, gold = render(articles[seed * 7 :: 125][:5], layout, seed + 900)
        found = segment(text).articles
        for g in gold:
            total += 1
            hits += any(overlap(text, a.body_spans, g["body_spans"]) >= 0.9 for a in found)
    # Short articles without any mark between them leave little wording to go by.
    assert hits >= (0.6 if layout == "bare" else 0.9) * total


TEXT = [
    "The harbour board voted on Monday to close the old ferry terminal, ending a service that has run for ninety years.",
    "Members said the pier was no longer safe and that repairs would cost more than a new berth further along the quay.",
    "Passengers will be taken by bus to the neighbouring port until the summer, when the new pontoon is due to open.",
    "A museum hopes to buy the ticket hall, which has kept its brass clock and its tiled floor since it was built.",
]
OTHER = [
    "Surgeons at the regional hospital have begun to use a camera the size of a pill to look for bleeding in the gut.",
    "The device is swallowed with a glass of water and sends pictures to a belt that the patient wears for eight hours.",
    "Doctors hope that it will spare hundreds of people a year an examination under anaesthetic and a night on a ward.",
]


def page(*parts, gap="\n\n"):
    return gap.join(parts) + "\n"


def test_a_page_reads_the_same_with_any_line_ends():
    text = page(
        "Ferry terminal to close after ninety years",
        "By Ann Other",
        *TEXT,
        "Pill camera finds hidden bleeding",
        "By Bo Writer",
        *OTHER,
    )
    unix, windows = segment(text), segment(text.replace("\n", "\r\n"))
    assert [a.title for a in unix.articles] == ["Ferry terminal to close after ninety years", "Pill camera finds hidden bleeding"]
    assert [a.title for a in windows.articles] == [a.title for a in unix.articles]
    assert [len(a.body_spans) for a in windows.articles] == [4, 3]


def test_a_headline_printed_twice_opens_one_article():
    text = page(
        "News", "Ferry terminal to close after ninety years", "Published", "on", "Ferry terminal to close after ninety years",
        *TEXT, "Continue Reading",
        "News", "Pill camera finds hidden bleeding", "Published", "on", "Pill camera finds hidden bleeding", *OTHER,
        "Continue Reading",
    )  # fmt: skip
    found = segment(text).articles
    assert [a.title for a in found] == ["Ferry terminal to close after ninety years", "Pill camera finds hidden bleeding"]
    # Of the two copies the one next to the text is the headline.
    assert [text[a.title_span[1] :].lstrip()[:20] for a in found] == [TEXT[0][:20], OTHER[0][:20]]


def test_the_answer_is_a_function_of_the_text():
    text = page("Ferry terminal to close after ninety years", *TEXT)
    assert segment(text) == segment(Page(id="page", text=text))
    assert segment(text, segmenter=default_segmenter()).articles == segment(text).articles


def test_every_block_says_why():
    text, _ = render(read_articles()[:4], "portal", 3)
    result = segment(text)
    assert all(b.why and b.why.split(":")[0] for b in result.blocks)
    assert len({b.why for b in result.blocks}) > 10


def test_a_page_on_one_line_is_cut_by_its_wording():
    articles = read_articles()
    chosen = [next(a for a in articles if a["topic"] == topic) for topic in ("sport", "health", "weather")]
    text = " ".join([f"{a['title']} {' '.join(a['paragraphs'])} {' '.join(a['paragraphs'])}" for a in chosen])
    found = segment(text).articles
    assert len(found) == 3
    check = [text.index(a["title"]) for a in chosen]
    starts = [(a.title_span or a.body_spans[0])[0] for a in found]
    assert all(abs(s - c) < 40 for s, c in zip(starts, check, strict=True))


def test_a_line_of_nothing_is_no_article():
    assert cut_line("   ") == []


# -- parts of the machine, each alone ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["## A headline", "## Another"], ["A headline", "Another"]),
        (["**A headline**"], ["A headline"]),
        (["3. A headline", "4) Another"], ["A headline", "Another"]),
        (["HEADLINE: A headline", "HEADLINE: Another"], ["A headline", "Another"]),
        (["HD  'A headline' fades", "HD  Another", "HD  A third"], ["'A headline' fades", "Another", "A third"]),
        (['"title": "A headline",', '"title": "Another",'], ["A headline", "Another"]),
        (
            ["A headline - The Gazette", "Another one - The Mail", "A third one - The Mail"],
            ["A headline", "Another one", "A third one"],
        ),
        (["A headline (Gazette)", "Another one (The Mail)"], ["A headline", "Another one"]),
        (
            ["Analysis: why it failed", "Ferry to close", "A third one"],
            ["Analysis: why it failed", "Ferry to close", "A third one"],
        ),
        (["10 things to know", "Another headline"], ["10 things to know", "Another headline"]),
        (
            ["Boats - and how to sail them", "Another headline", "A third"],
            ["Boats - and how to sail them", "Another headline", "A third"],
        ),
    ],
)
def test_marks_tags_and_suffixes_are_taken_off_where_the_page_repeats_them(lines, expected):
    assert [line[a:b] for line, (a, b) in zip(lines, trim(lines, suffixes=True), strict=True)] == expected


def test_rows_of_a_table_give_headline_and_text():
    rows = [
        f"{n}\t2024-01-0{n}\t{title}\t{' '.join(text)}"
        for n, (title, text) in enumerate((("Ferry to close", TEXT), ("Pill camera helps", OTHER)), 1)
    ]
    assert [(row[slice(*head)], row[slice(*body)]) for row, (head, body) in zip(rows, unglue(rows), strict=True)] == [
        ("Ferry to close", " ".join(TEXT)),
        ("Pill camera helps", " ".join(OTHER)),
    ]
    assert unglue(["no separator here", "nor here"]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Published April 27, 2025", "2025-04-27"),
        ("Sat, 27 Apr 2024 10:00:00 +0000", "2024-04-27"),
        ("2019-12-31 08:15", "2019-12-31"),
        ("1st May 2003", "2003-05-01"),
        ("34 minutes ago", "34 minutes ago"),
        ("31 June 2020", None),
        ("in the May 2020 election", None),
        ("April 27", None),
    ],
)
def test_dates_are_iso_where_the_text_allows_it_and_never_invented(text, expected):
    found = find_date(text)
    assert (found[0] if found else None) == expected
    if found:
        assert text[slice(*found[1])]


def test_heads_name_source_author_and_date():
    lines = ["The Guardian", "34 minutes ago", "- The Guardian", "By Ann Other and Bo Writer in London"]
    text = "\n".join(lines)
    spans = [(text.index(line), text.index(line) + len(line)) for line in lines]
    who = read_head(text, spans, [])
    assert (who.source, who.author, who.published) == ("The Guardian", "Ann Other and Bo Writer", "34 minutes ago")
    assert text[slice(*who.source_span)] == "The Guardian"
    nobody = read_head("Continue reading", [(0, 16)], [])
    assert (nobody.source, nobody.author, nobody.published) == (None, None, None)


def test_letters_and_posts_are_parts_and_other_articles_have_none():
    letters = "The pier should be saved. Ann Other Port Ellen, Islay THE board is right to close it. Bo Writer Cupar, Fife"
    assert [letters[a:b] for a, b in find_parts(letters, [(0, len(letters))])] == [
        "The pier should be saved. Ann Other Port Ellen, Islay",
        "THE board is right to close it. Bo Writer Cupar, Fife",
    ]
    posts = "10:05\nThe count begins.\n10:40\nA recount.\n11:15\nIt is over."
    spans = [(posts.index(p), posts.index(p) + len(p)) for p in posts.split("\n")]
    assert [posts[a:b] for a, b in find_parts(posts, spans[1::2], spans[0::2])] == [
        "10:05\nThe count begins.",
        "10:40\nA recount.",
        "11:15\nIt is over.",
    ]
    plain = "\n".join(TEXT)
    assert find_parts(plain, [(0, len(plain))]) == ()


def test_long_pages_are_decoded_as_in_one_piece():
    rng = np.random.default_rng(0)
    arrays = default_segmenter().arrays()
    n = 3 * STRETCH + 17
    emissions = rng.normal(0, 2, (n, len(STATES))).astype(np.float32)
    best, back = emissions[0] + arrays["start"], []
    for row in emissions[1:]:
        total = best[:, None] + arrays["transitions"]
        back.append(total.argmax(axis=0))
        best = total.max(axis=0) + row
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    assert MARGIN < STRETCH
    assert best_path(emissions, arrays["transitions"], arrays["start"]).tolist() == path[::-1]


def test_paths_never_do_what_is_not_allowed():
    text, _ = render(read_articles()[:6], "drawn", 8)
    arrays = default_segmenter().arrays()
    assert (arrays["transitions"][~allowed()] < -1000).all()
    assert segment(text).articles


def test_line_states_follow_the_gold():
    text = page("Menu", "Ferry to close", "By Ann Other", TEXT[0], "Advertisement", TEXT[1], "Menu")
    at = text.index
    spans = [(at("Ferry"), at("Ferry") + 14, "title", 0), (at("By Ann"), at("By Ann") + 12, "meta", -1),
    (at(TEXT[0]), at(TEXT[0]) + len(TEXT[0]), "body", 0), (at(TEXT[1]), at(TEXT[1]) + len(TEXT[1]), "body", 0)]  # fmt: skip
    from topics.lines import find_lines

    names = [STATES[s][0] for s in line_states(find_lines(text), spans)]
    assert names == [
        "furniture outside",
        "title",
        "meta under the title",
        "first paragraph",
        "furniture between paragraphs",
        "paragraph",
        "furniture outside",
    ]


SMALL = LearnSettings(pages_per_layout=2, drawn_pages=6, bare_pages=4, epochs=2)


def test_learning_twice_gives_the_same_bytes_and_gold_pages_count():
    once, twice = (fit_segmenter([], SMALL, seed=5).arrays() for _ in range(2))
    assert all(np.array_equal(once[name], twice[name]) for name in once)
    sheet = lay_out(read_articles()[:5], "portal", 1)
    own = fit_segmenter([(sheet.text(), sheet.gold)] * 3, SMALL, seed=5).arrays()
    assert not np.array_equal(own["own"], once["own"])
    with pytest.raises(InputError, match="nothing to learn from"):
        fit_segmenter([], LearnSettings(pages_per_layout=0), seed=1)


def test_own_gold_pages_are_read_and_refused_by_name(tmp_path):
    sheet = lay_out(read_articles()[:4], "blog", 1)
    (tmp_path / "one.txt").write_text(sheet.text(), "utf-8", newline="")
    gold = tmp_path / "gold.json"
    gold.write_text(json.dumps({"page": "one.txt", "articles": sheet.gold}), "utf-8")
    assert read_gold(gold) == [(sheet.text(), json.loads(json.dumps(sheet.gold)))]
    for wrong, message in (
        ("{", "cannot be read"),
        ('{"page": "none.txt", "articles": []}', "none.txt"),
        (json.dumps({"page": "one.txt", "articles": [{"title_span": [0, 10**6], "body_spans": []}]}), "outside its page"),
    ):
        gold.write_text(wrong, "utf-8")
        with pytest.raises(InputError, match=message):
            read_gold(gold)


def test_a_segmenter_is_its_arrays_and_settings():
    default = default_segmenter()
    again = Segmenter.from_arrays(default.arrays(), json.loads(json.dumps(default.settings())))
    text = page("Ferry terminal to close after ninety years", *TEXT)
    assert segment(text, segmenter=again) == segment(text)
    arrays = default.arrays()
    with pytest.raises(ArtifactError, match="own_bias"):
        Segmenter.from_arrays({k: v for k, v in arrays.items() if k != "own_bias"}, {})
    with pytest.raises(ArtifactError, match="train it again"):
        Segmenter.from_arrays({**arrays, "own": arrays["own"][:-1]}, {})


def test_an_article_of_two_paragraphs_keeps_both_and_a_share_bar_stays_out():
    first = "A ferry with 43 passengers on board ran aground off the Isle of Mull on Tuesday evening, the coastguard said."
    second = "Two lifeboats were launched and everyone was taken off safely by nine o'clock, in a swell of three metres."
    third = "The Treasury will raise air passenger duty for business class tickets next year, the chancellor told parliament."
    share = "Share this: Facebook Twitter"
    lines = ["Home | News | Sport | Weather", "Ferry runs aground off Mull", "By A Reporter", first, second, share]
    lines += ["Read more: Island timetable changes", "Chancellor raises tax on flights", "By Another Reporter", third, share]
    text = "\n".join(lines) + "\n"
    found = [[text[s:e] for s, e in article.body_spans] for article in segment(text)]
    assert found == [[first, second], [third]]


def test_a_headline_may_begin_with_a_digit_and_any_sign():
    text = "The council voted on the plan after a long debate, and the mayor said it would be carried out within a year. " * 3
    page = "\n\n".join(f"{n}’s the number of the week in the city hall\n\n{text}\n\n{text}" for n in (3, 5, 7))
    assert segment(page).articles[0].title.startswith("3’s")


def test_a_page_that_speaks_as_comments_do_is_not_left_without_an_article():
    page = (
        "Letters to the editor\n"
        "Sir, I read with dismay that you mean to charge for parking on Sundays. Those of us who sing in the choir come in from "
        "the villages, where there has been no Sunday bus for ten years. Are we to pay six pounds to sing?\n"
        "Margaret Hollis\nUpper Denby\n"
        "May I use your columns to thank the young couple who found my purse on Friday and handed it in with everything still in "
        "it? They would not leave a name. There is a great deal of good in this town that does not make the news.\n"
        "J. R. Whitaker\nBatley\n"
    )
    found = "\n".join(article.body(page) for article in segment(page).articles)
    assert "no Sunday bus" in found
