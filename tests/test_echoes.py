"""The second reading: what a line's likes were taken for, never the line itself."""

from __future__ import annotations

import numpy as np

from topics.echoes import FIRST_READING, NAMES, echoes
from topics.lines import find_lines
from topics.segment import default_segmenter, segment
from topics.sequence import FIRST, STATES, TITLE
from topics.shapes import shapes

PAGE = "LP\nOne of the records.\nLP\nTwo of the records.\nLP\nWhat now?\nSomething else"


def read(page, certain):
    """Echoes of a first reading that was certain of the states in `certain` and of furniture elsewhere."""
    lines = find_lines(page)
    score = np.full((len(lines), len(STATES)), -30, np.float32)
    states = np.zeros(len(lines), int)
    for line, state in certain.items():
        states[line] = state
    score[np.arange(len(lines)), states] = 0
    return echoes(lines, shapes(lines), score), states


def test_lines_under_the_same_line_lend_each_other_what_they_are():
    found, _ = read(PAGE, {1: FIRST, 3: FIRST})
    column = NAMES.index("lines under the same line are first paragraphs")
    # Both others of three: two thirds, since few likes are believed less. One of two others for those two themselves.
    assert np.allclose(found[[1, 3, 5], column], [1 / 3, 1 / 3, 2 / 3])
    assert found[6, column] == 0


def test_a_line_never_counts_for_itself():
    plain, _ = read("A\nb b b.\n\nc", {})
    told, _ = read("A\nb b b.\n\nc", {1: TITLE})
    own = [k for k, name in enumerate(NAMES) if name.startswith(FIRST_READING)]
    others = [k for k in range(len(NAMES)) if k not in own]
    assert (plain[1, others] == told[1, others]).all()
    assert (plain[1, own] != told[1, own]).any()


def test_a_page_without_lines_has_no_echoes():
    lines = find_lines("")
    assert echoes(lines, shapes(lines), np.zeros((0, len(STATES)), np.float32)).shape == (0, len(NAMES))


def test_reasons_name_signs_of_the_page_and_not_the_first_reading():
    text = "\n\n".join(f"Item {k}\n\nBy A. Writer\n\n{'The council met again on Monday and said so. ' * 6}" for k in range(5))
    whys = {block.why for block in segment(text, segmenter=default_segmenter()).blocks}
    assert whys
    assert not any(FIRST_READING in why for why in whys)
