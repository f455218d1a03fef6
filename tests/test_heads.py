"""Headlines are found where the page's other articles have theirs."""

from __future__ import annotations

import textwrap

from topics.segment import segment
from training.layouts import read_articles

BODIES = [
    [
        "The council voted on Tuesday to close the pool, which has lost money for six years.",
        "Its land will be sold, the mayor said after the vote, and the money will go to two schools.",
        "Swimmers protested outside the hall until late in the evening.",
    ],
    [
        "The bridge over the river opened to traffic on Monday after four years of work.",
        "Engineers had found cracks in two of its nine arches when they inspected it.",
        "Drivers who crossed it in the first hour were given a small flag each.",
    ],
    [
        "Heavy rain stopped the final after an hour, with neither side ahead.",
        "It will be played again on Saturday if the ground has dried by then.",
        "Tickets stay good for the second match, the league said in a statement.",
    ],
    [
        "A court told the region to count again the votes of eleven villages.",
        "Two boxes had been opened in the night before they were counted, witnesses said.",
        "The result is expected within three weeks, and both sides say that they will accept it.",
    ],
]
TITLES = ["Council closes the pool", "Bridge opens after four years", "Rain stops the final", "Court orders a new count of votes"]


def test_a_named_headline_is_found_under_its_name():
    first_lines = [
        "SHARE THIS ARTICLE Share Tweet Email",
        "From the Left",
        "Photo caption (Reuters)",
        "Listen to the article 5:06",
    ]
    page = "\n".join(
        "\n".join(["---", f'title: "{title}"', "author: Wei Khan", f"date: 2019-02-1{k}", "---", "", first, *body, ""])
        for k, (title, first, body) in enumerate(zip(TITLES, first_lines, BODIES, strict=True))
    )
    assert [a.title for a in segment(page).articles] == TITLES


def test_a_byline_under_a_wrapped_page_s_long_headline_stays_out_of_it():
    long = ["Council of the northern district closes the public pool after six years of losses", *TITLES[1:]]
    page = "\n".join(
        "\n".join([title, f"By {name}", "", *(textwrap.fill(t, 56, initial_indent="   ") for t in body), "", ""])
        for title, name, body in zip(long, ("Leila Khan", "Wei Smith", "Ana Kim", "Carlos Rossi"), BODIES, strict=True)
    )
    found = segment(page).articles
    assert [a.title for a in found] == long
    assert [a.author for a in found] == ["Leila Khan", "Wei Smith", "Ana Kim", "Carlos Rossi"]


def test_of_two_copies_in_one_article_the_upper_is_the_headline():
    page = ""
    for k, (title, body) in enumerate(zip(TITLES, BODIES, strict=True)):
        again = [title, "Enlarge this image toggle caption Wei Khan/AP"] if k == 2 else []
        page += "\n\n".join([title, f"Wei Khan, The Daily Mail / {k + 3} hours ago", *again, *body]) + "\n\n"
    cut = segment(page)
    assert [a.title_span[0] for a in cut.articles] == [page.index(title) for title in TITLES]


def test_a_headline_printed_twice_in_a_row_among_bare_articles_opens_its_article():
    articles = read_articles()[3:200:40]
    page = ""
    for k, article in enumerate(articles):
        again = [article["title"], "Enlarge this image toggle caption Wei Khan/AP"] if k == 2 else []
        page += "\n".join([article["title"], *again, *article["paragraphs"]]) + "\n"
    found = segment(page).articles
    assert [a.title for a in found] == [article["title"] for article in articles]
    assert found[2].title_span[0] == page.index(articles[2]["title"])


def test_a_margin_of_signs_as_mail_has_it_changes_nothing_but_the_places():
    articles = read_articles()[5:200:50]
    page = "\n\n".join(
        "\n\n".join([article["title"], "The Daily Mail, 3 May 2014", *article["paragraphs"]]) for article in articles
    )
    plain = segment(page).articles
    quoted = "".join(f"> {line}".rstrip() + "\n" for line in page.split("\n"))
    found = segment(quoted).articles
    assert [a.title for a in found] == [a.title for a in plain] == [article["title"] for article in articles]
    assert [a.body(quoted) for a in found] == [a.body(page) for a in plain]


def test_rules_pictures_and_claims_of_rights_are_no_text_and_a_menu_is_no_source():
    page = (
        "Home News Sport Weather\n\n# The bus that never came\n\n*Posted by Ana on 3 May 2021*\n\n"
        "On Tuesday I waited fifty minutes for the number nine. Nine people waited with me, and in the end we all talked.\n\n"
        "![A bus](bus.jpg)\n\n"
        "The company says that it cannot find drivers. The drivers say that they cannot find the company, which moved.\n\n"
        "---\n\n(c) The Daily Walk\n"
    )
    cut = segment(page)
    (article,) = cut.articles
    assert article.title == "The bus that never came"
    assert article.author == "Ana"
    assert article.source is None
    assert [page[a:b][:7] for a, b in article.body_spans] == ["On Tues", "The com"]


def test_posts_with_their_own_headings_are_parts_of_a_live_page():
    posts = [
        (
            "18.42 BST",
            "Power cuts spread",
            "Around 4,000 homes in the county have lost power since five o'clock, the network operator said.",
        ),
        ("18.15 BST", None, "The rail operator has cancelled all trains north of the city for the rest of the evening, it said."),
        (
            "17.50 BST",
            "Airport reopens",
            "The airport has reopened one of its runways after it was shut for forty minutes by the wind.",
        ),
        (
            "17.21 BST",
            None,
            "A man was taken to hospital after a tree fell on his van. His injuries are not thought to be serious.",
        ),
    ]
    page = "Storm live: trains cancelled as winds reach 90mph\nBy Ella Brandt\n27 September 2023\n" + "".join(
        "\n".join(filter(None, (*post, "Share"))) + "\n" for post in posts
    )
    (article,) = segment(page).articles
    assert len(article.parts) == 4
    assert [page[a:b].split("\n")[0] for a, b in article.parts] == [clock for clock, _, _ in posts]


def test_a_page_of_nothing_but_margins_is_one_of_furniture():
    page = ">\n" * 8
    cut = segment(page)
    assert not cut.articles
    assert {block.role for block in cut.blocks} == {"furniture"}
    assert cut.blocks[-1].span[1] == len(page)
