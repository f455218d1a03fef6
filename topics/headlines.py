"""Where a headline begins and ends inside its line.

Owns: marks, tags and suffixes around headlines.
Does not know: which lines are headlines (`segment`), lines that hold headline and text at once (`glued`).

A mark is believed when the page repeats it: one "HD  " may be a word, the same on every headline is a tag.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from topics.pages import Span

MARK = re.compile(
    r"(?:[#•·»>+~|*=–—-]+\s+|\*\*|__|[(\[]\d{1,4}(?:/\d{1,4})?[)\]]:?\s+|\d{1,3}[.)]\s+|(?:No|Nr)\.?\s*\d+[:.]\s+|\d{1,3}\t+)"
)
_END_MARK = re.compile(r"(?:\s+#+|\*\*|__|\s*\|)$")
#: A name and a separator, as exports and dumps put before a value.
_TAG = re.compile(r"[\"']?([A-Za-z][\w .-]{0,24}?)[\"']?(?:\s?[:=]\s*|\t+|\s{2,})[\"']?(?=\S)")
#: Tags that are believed even where the page has only one.
_KNOWN_TAGS = frozenset(
    str.split("title headline head hd ti subject body text content fulltext lp td tx lead abstract summary article story")
)
_CLOSING = re.compile(r"[\"'],?$")
_SEPARATOR = re.compile(r"[|–—/:»•·([-]")
_SUFFIX = re.compile(r"(\s+[|–—/:»•·-]\s+|\s+(?=[(\[]))([^|]{2,60}?)\s*$")


def trim(lines: Sequence[str], *, suffixes: bool) -> list[Span]:
    """Return, for each line, the span that is left without marks and tags (and, for headlines, common suffixes)."""
    spans = []
    for line in lines:
        start, end = 0, len(line)
        mark = MARK.match(line)
        if mark and (suffixes or mark.group()[0] in "*_#"):
            start = mark.end()
            closing = _END_MARK.search(line, start)
            if closing and (mark.group().strip() == closing.group().strip() or "#" in closing.group()):
                end = closing.start()
        spans.append((start, end))
    tags = [_TAG.match(line, start) for line, (start, _) in zip(lines, spans, strict=True)]
    # Quotation marks around the value are the page's where nearly every value has them; one headline's are its own.
    quoted = [m is not None and line[m.end() - 1] in "\"'" for m, line in zip(tags, lines, strict=True)]
    closed = [q and _CLOSING.search(line) is not None for q, line in zip(quoted, lines, strict=True)]
    page_quotes = sum(quoted) >= 0.8 * sum(m is not None for m in tags) and (sum(quoted) > 1 or any(closed))
    usual = Counter((m.group(1).lower(), line[m.end(1) : m.end()]) for m, line in zip(tags, lines, strict=True) if m)
    for k, (tag, line) in enumerate(zip(tags, lines, strict=True)):
        if tag is None:
            continue
        name, separator = tag.group(1), line[tag.end(1) : tag.end()]
        shared = usual[name.lower(), separator]
        known = name.lower().replace(" ", "") in _KNOWN_TAGS
        # "Analysis:" on two of nine headlines belongs to them; the same word on nearly all is the page's.
        if (shared >= 3 and shared >= 0.8 * len(lines)) or (known and (shared >= 2 or separator.strip() != ":" or suffixes)):
            end = spans[k][1]
            closing = _CLOSING.search(line) if closed[k] and page_quotes else None
            spans[k] = (tag.end() - (quoted[k] and not page_quotes), closing.start() if closing else end)
    return _without_shared(lines, _without_suffixes(lines, spans)) if suffixes else spans


def _without_suffixes(lines: Sequence[str], spans: list[Span]) -> list[Span]:
    """Cut "| Outlet", "- Outlet", "(Outlet, date)" where nearly every headline of the page ends in one."""
    if len(lines) < 2:
        return spans
    found = [
        _SUFFIX.search(line, start, end) if _SEPARATOR.search(line, start, end) else None
        for line, (start, end) in zip(lines, spans, strict=True)
    ]
    signs = Counter((m.group(1).strip(), line[m.end(1)] in "([") for m, line in zip(found, lines, strict=True) if m)
    if not signs:
        return spans
    (sign, bracket), shared = min(signs.items(), key=lambda item: (-item[1], item[0]))
    if shared < 2 or shared < 0.6 * len(lines) or sign == ":":
        return spans
    out = []
    for line, span, match in zip(lines, spans, found, strict=True):
        fits = (
            match is not None
            and (match.group(1).strip(), line[match.end(1)] in "([") == (sign, bracket)
            and match.start() - span[0] >= 8
        )
        out.append((span[0], match.start()) if match is not None and fits else span)
    return out


#: Where a mark around a headline may end, and where one may begin; quotation marks and sentence ends are the headline's own.
_AFTER_SIGN = re.compile(r"(?:[^\w\s“”\"'‘’«»(\[.!?…$£€%&,]+[ \t]*|(?<=\w)(?:\t| {2,})[ \t]*)")
_BEFORE_SIGN = re.compile(r"[ \t]*[^\w\s“”\"'‘’)\].!?…%,&]+")
#: Without one of these there is no such mark: what neither is a word's nor a sentence's.
_MAYBE = re.compile(r"[^\w “”\"'‘’!?…%&,.\r\n]|  ")
#: As far from either end of the headline marks are looked for, and the share of the page's headlines that must have one.
_REACH, _USUAL = 60, 0.8


def _without_shared(lines: Sequence[str], spans: list[Span]) -> list[Span]:
    """Cut what nearly every headline of the page begins or ends with, numbers aside: "Subject: [News] ", "<"."""
    need = max(3, _USUAL * len(lines))
    if len(lines) < need:
        return spans
    for side in (0, 1):
        marks: Counter[str] = Counter()
        each: list[dict[str, int]] = []
        for line, (start, end) in zip(lines, spans, strict=True):
            low, high = (start, min(end, start + _REACH)) if side == 0 else (max(start, end - _REACH), end)
            cuts = (
                []
                if not _MAYBE.search(line, low, high)
                else [m.end() for m in _AFTER_SIGN.finditer(line, low, high)]
                if side == 0
                else [m.start() for m in _BEFORE_SIGN.finditer(line, low, high)]
            )
            found = {
                re.sub(r"\d+", "0", line[start:cut] if side == 0 else line[cut:end]): cut for cut in cuts if start < cut < end
            }
            marks.update(found.keys())
            each.append(found)
        usual = [mark for mark, n in marks.items() if n >= need]
        if not usual:
            continue
        mark = max(usual, key=lambda text: (len(text), text))
        for k, found in enumerate(each):
            cut, (start, end) = found.get(mark), spans[k]
            if cut is not None and (end - cut if side == 0 else cut - start) >= 4:
                spans[k] = (cut, end) if side == 0 else (start, cut)
    return spans
