"""Whatever is not markup is escaped, in elements, attributes and data; nothing of it can end what it stands in."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from topics.elements import Html, data, join, shown, table, tag


class Parsed(HTMLParser):
    """What a parser makes of markup: elements with attributes, and all text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@given(st.text())
def test_any_text_comes_back_as_text(text):
    found = Parsed(tag("p", text, title=text))
    assert [name for name, _ in found.elements] == ["p"]
    assert found.text == shown(text)
    assert found.elements[0][1]["title"] == shown(text)


@given(st.recursive(st.text() | st.integers() | st.none(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_data_comes_back_and_cannot_end_its_element(value):
    markup = data("d", value)
    inner = re.fullmatch(r'<script type="application/json" id="d">(.*)</script>', markup, flags=re.S)[1]
    assert "<" not in inner
    assert json.loads(inner) == json.loads(shown_in(value))


def shown_in(value) -> str:
    """Return JSON of `value` with what is not shown replaced in its strings."""
    if isinstance(value, str):
        return json.dumps(re.sub("[\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", "\N{REPLACEMENT CHARACTER}", value))
    if isinstance(value, list):
        return "[" + ",".join(map(shown_in, value)) + "]"
    if isinstance(value, dict):
        return json.dumps({json.loads(shown_in(k)): json.loads(shown_in(v)) for k, v in value.items()})
    return json.dumps(value)


def test_markup_stays_and_nothing_is_left_out():
    assert join("a<", Html("<b>"), None, [1, ["&"]]) == "a&lt;<b>1&amp;"
    assert tag("input", type="checkbox", checked=True, disabled=False, aria_label="x") == (
        '<input type="checkbox" checked aria-label="x">'
    )
    assert tag("rect", x=0, width=33.333333333, class_="s") == '<rect x="0" width="33.3333" class="s"></rect>'


def test_what_turns_or_steers_text_is_not_shown():
    assert shown("a\x1b[2J\u202eb\ud800\r\nc\rd\te\xa0f") == "a\ufffd[2J\ufffdb\ufffd\nc\nd\te\xa0f"


def test_a_table_has_heads_and_a_name():
    markup = table(["a", "b"], [[tag("th", "x", scope="row"), "1"]], caption="Numbers")
    assert markup.count('scope="col"') == 2
    assert '<tr><th scope="row">x</th><td>1</td></tr>' in markup
    assert 'role="region" aria-label="Numbers"' in markup
