"""Bytes to text: what is UTF-8, what is nearly so, what is refused by name."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.errors import InputError
from topics.pages import decode


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_utf8_is_read_as_it_is_with_a_mark_or_without(text):
    assert decode(text.encode(), "p") == (text.removeprefix("\ufeff"), None)
    assert decode(codecs.BOM_UTF8 + text.encode(), "p") == (text, None)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_other_unicode_is_read_by_its_mark_with_a_warning(encoding):
    text = "Der Fluß 🌊\r\nstieg."
    assert decode(("\ufeff" + text).encode(encoding), "p") == (text, f"p: read as {encoding}")


#: Text of news in the languages that Windows-1252 serves.
WESTERN = [
    "déjà vu",
    "café",
    "The minister said: “We won’t wait” — and left for São Paulo.",
    "Le préfet a déclaré que la rivière était montée de près d’un mètre; les élèves évacués ont été hébergés à l’école.",
    "Die Bürger müssen für größere Schäden, so hört man, künftig höhere Beiträge zahlen; Städte prüfen Maßnahmen.",
    "Los vecinos señalaron que la inundación llegó de madrugada; el año pasado ocurrió lo mismo, según la dirección.",
    "A decisão não é definitiva; a comissão de avaliação fará três audiências públicas até março, informou a direção.",
    "Hallitus päätti tänään, että määräaikaa pidennetään; päätös herätti välittömästi närää työntekijöissä.",
    "Regeringen föreslår att avgiften höjs från första januari; många småföretagare är kritiska.",
    "El col\u00b7legi va obrir ahir.",
]


@pytest.mark.parametrize("text", WESTERN)
def test_western_text_of_an_older_encoding_is_read_with_a_warning(text):
    read, warning = decode(text.encode("cp1252"), "p")
    assert read == text
    assert warning.startswith("p: not UTF-8 (byte ")
    assert warning.endswith("read as Windows-1252")


#: Text that Windows-1252 would turn into nonsense.
OTHERS = {
    "cp1251": ["Министр заявил, что вода поднялась на метр.", "мир на земле"],
    "koi8-r": ["Министр заявил, что вода поднялась на метр."],
    "cp1253": ["Ο υπουργός είπε ότι το ποτάμι ανέβηκε."],
    "cp1250": [
        "Ministr řekl, že řeka během noci stoupla o metr a že škody budou vyčísleny později.",
        "Wójt powiedział, że rzeka wezbrała o metr, a mieszkańcy zostali ewakuowani do szkoły; władze liczą straty.",
        "A miniszter szerint a folyó egy métert emelkedett, és több iskola bezárt; később mérik fel a károkat.",
    ],
    "cp1254": ["Bakan, nehrin bir metre yükseldiğini ve okulların şimdilik kapalı kalacağını söyledi; çalışmalar sürüyor."],
    "gb18030": ["部长说河水上涨了一米。"],
    "shift_jis": ["大臣は、川の水位が一メートル上がったと述べた。"],
    "euc-kr": ["장관은 강물이 1미터 올랐다고 말했다."],
}


@pytest.mark.parametrize(("encoding", "text"), [(e, t) for e, texts in OTHERS.items() for t in texts])
def test_text_that_would_come_out_as_nonsense_is_refused(encoding, text):
    with pytest.raises(InputError, match="p: neither UTF-8 nor another text encoding we can tell"):
        decode(text.encode(encoding), "p")


def test_a_page_cut_inside_a_character_keeps_all_the_others():
    text = "“Größe” – ça va"
    read, warning = decode(text.encode() + "…".encode()[:2], "p")
    assert read == text + "\ufffd"
    assert warning == "p: 1 damaged bytes in UTF-8 text (the first is byte 24), each read as U+FFFD"


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", *(codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE)]))
def test_any_bytes_are_text_or_refused(data, mark):
    try:
        text, _ = decode(mark + data, "p")
    except InputError as error:
        text = error.file
    assert text == "p" or text.encode("utf-8").decode("utf-8") == text


@pytest.mark.parametrize(("controls", "good"), [(5, True), (6, False)])
def test_binary_is_refused_and_a_stray_control_character_is_not(controls, good):
    data = b"\x00" * controls + b"x" * (100 - controls)
    if good:
        assert decode(data, "p") == (data.decode(), None)
    else:
        with pytest.raises(InputError, match="binary data"):
            decode(data, "p")
