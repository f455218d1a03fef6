"""Lines that hold headline and text at once are parted where the page parts them."""

from __future__ import annotations

from topics.glued import unglue
from topics.segment import segment

TEXT = "The council voted on Tuesday to close the pool, which has lost money for six years, and to sell the land beside it. " * 5


def parts(rows: list[str]) -> list[tuple[str, str]]:
    found = unglue(rows)
    assert found is not None
    return [(row[slice(*head)], row[slice(*text)]) for row, (head, text) in zip(rows, found, strict=True)]


def test_a_byline_or_a_date_parts_headline_and_text():
    rows = [
        f"Council closes the pool By Wei Khan March 3, 2014 {TEXT}",
        f"Mayor says 'no' to the bridge By Aisha O'Brien April 13, 2014 {TEXT}",
        f"Rain stops the match 3 May 2014 | {TEXT}",
    ]
    assert parts(rows) == [
        ("Council closes the pool", TEXT),
        ("Mayor says 'no' to the bridge", TEXT),
        ("Rain stops the match", TEXT),
    ]


def test_cells_keep_the_quotation_marks_of_their_own():
    rows = [
        f"7\t'This is crazy': pool closes\t{TEXT.strip()}",
        f"8\tMayor calls it 'a mess'\t{TEXT.strip()}",
        f"9\t'Mess'\t{TEXT.strip()}",
    ]
    assert [head for head, _ in parts(rows)][:2] == ["'This is crazy': pool closes", "Mayor calls it 'a mess'"]


def test_blocks_tell_headline_meta_and_text_of_one_line_apart():
    texts = [
        (
            "The council voted on Tuesday to close the pool, which has lost money for six years. Its land will be sold, the "
            "mayor said after the vote, and the money will go to two schools. Swimmers protested outside the hall until late."
        ),
        (
            "Heavy rain stopped the final after an hour, with neither side ahead. It will be played again on Saturday if the "
            "ground has dried by then. Tickets stay good for the second match, the league said in a statement on Friday."
        ),
        (
            "A court told the region to count again the votes of ten villages. Two boxes had been opened in the night before "
            "they were counted, witnesses said. The result is expected within three weeks, and both sides will accept it."
        ),
    ]
    titles = ["Council closes the pool", "Rain stops the final", "Court orders a new count"]
    page = "\n".join(
        f"{title} By Wei Khan March {day}, 2014 {text}" for day, title, text in zip((3, 4, 5), titles, texts, strict=True)
    )
    cut = segment(page)
    assert [a.title for a in cut.articles] == titles
    assert [a.published for a in cut.articles] == ["2014-03-03", "2014-03-04", "2014-03-05"]
    assert {a.author for a in cut.articles} == {"Wei Khan"}
    assert [b.role for b in cut.blocks] == ["title", "meta", "body"] * 3
    assert cut.blocks[0].span[0] == 0
    assert cut.blocks[-1].span[1] == len(page)
    assert all(a.span[1] == b.span[0] for a, b in zip(cut.blocks, cut.blocks[1:], strict=False))


def test_a_list_whose_items_all_open_with_one_mark_is_cut_into_its_items():
    items = [
        (
            "Council closes the pool",
            "The council voted on Tuesday to close the pool, which has lost money for six years. Its land will",
        ),
        (
            "Who stopped the final?",
            "Heavy rain stopped the final after an hour, with neither side ahead. It will be played again when",
        ),
        (
            "Court orders a new count",
            "A court told the region to count again the votes of ten villages. Two boxes had been opened in",
        ),
    ]
    for mark in ("* {}", "• {}", "{n}. {}"):
        page = "NEWS ROUNDUP\n\n" + "\n\n".join(
            mark.format(
                f"{title}{'' if title.endswith('?') else '.'} {text} the course of a day on which much else went wrong.", n=n
            )
            for n, (title, text) in enumerate(items, 1)
        )
        cut = segment(page)
        assert [a.title for a in cut.articles] == [title for title, _ in items], mark
        assert [b.role for b in cut.blocks][-3:] == ["furniture" if "n" not in mark else "meta", "title", "body"]
