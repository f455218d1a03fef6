"""The files of annotation tools: JSON Lines, Label Studio, doccano.

Owns: how an item is written for each tool, what the tools give back, and which form a file has.
Does not know: what is chosen (`annotate`), labels files (`labels`).

A written file that is read again gives the same items. A model's guess is shown where a tool can keep it apart from an
answer (Label Studio's predictions); as a filled-in label nobody could tell whether a person ever looked at it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from topics.errors import InputError
from training.annotate import Item

FORMS = ("jsonl", "label-studio", "doccano")
#: Names of the controls in Label Studio's labeling interface, as docs/annotate.md has it.
CHOICE, MARKS, TEXT = "topic", "marks", "text"


def write_items(items: Sequence[Item], form: str, stream: TextIO) -> None:
    """Write `items` in one of `FORMS`."""
    if form == "label-studio":
        # One list, which is what its import takes.
        body = ",\n".join(_dumped(_task(item)) for item in items)
        stream.write(f"[\n{body}\n]\n" if items else "[]\n")
        return
    for item in items:
        stream.write(_dumped(_line(item) if form == "jsonl" else _doccano(item)) + "\n")


def _dumped(row: Mapping[str, Any]) -> str:
    # Separators that some readers take for line ends stay escaped.
    text = json.dumps(row, ensure_ascii=False)
    return "".join(f"\\u{ord(c):04x}" if c in "\x85\u2028\u2029" or "\ud800" <= c <= "\udfff" else c for c in text)


def _meta(item: Item) -> dict[str, Any]:
    return {
        "page": item.page,
        "article": item.article,
        "title_span": None if item.title_span is None else list(item.title_span),
        "body_spans": [list(span) for span in item.body_spans],
        "guess": item.guess,
        "probability": item.probability,
    }


def _line(item: Item) -> dict[str, Any]:
    spans = [{"start": start, "end": end, "label": label} for start, end, label in item.spans]
    return {**_meta(item), "text": item.text, "topic": list(item.topics), "spans": spans}


def _doccano(item: Item) -> dict[str, Any]:
    entities = [{"start_offset": start, "end_offset": end, "label": label} for start, end, label in item.spans]
    return {"text": item.text, "label": list(item.topics), "entities": entities, **_meta(item)}


def _task(item: Item) -> dict[str, Any]:
    task: dict[str, Any] = {"data": {"text": item.text, **_meta(item)}}
    if item.guess:
        task["predictions"] = [{"model_version": "topics", "score": item.probability, "result": [_choices((item.guess,))]}]
    if item.topics or item.spans:
        marks = [
            {"from_name": MARKS, "to_name": TEXT, "type": "labels",
             "value": {"start": start, "end": end, "text": item.text[start:end], "labels": [label]}}
            for start, end, label in item.spans
        ]  # fmt: skip
        task["annotations"] = [{"result": ([_choices(item.topics)] if item.topics else []) + marks}]
    return task


def _choices(topics: Sequence[str]) -> dict[str, Any]:
    return {"from_name": CHOICE, "to_name": TEXT, "type": "choices", "value": {"choices": list(topics)}}


def read_items(text: str, name: str, problems: list[str]) -> list[Item]:
    """Return the items of a file that an annotation tool wrote; its form shows in what it holds.

    text: the whole file. What cannot be used goes to `problems`, by file and line (in a list: by number). Raises
    InputError where the file is neither a JSON list nor JSON Lines.
    """
    items = []
    for where, row in _objects(text, name, problems):
        try:
            items.append(_item(row))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:  # 1e999 is an infinite number
            what = f"no field {error}" if isinstance(error, KeyError) else str(error)
            problems.append(f"{where}: {what}; is it a file that `topics annotate` wrote?")
    return items


def _objects(text: str, name: str, problems: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    rows: Iterable[tuple[str, Any]]
    if text.lstrip("\ufeff \t\r\n").startswith("["):
        try:
            whole = json.loads(text.lstrip("\ufeff"))
        except (ValueError, RecursionError) as error:
            raise InputError(f"is no JSON list: {error}", file=name) from None
        rows = [(f"{name}, number {i}", row) for i, row in enumerate(whole, 1)]
    else:
        rows = _lines(text, name, problems)
    for where, row in rows:
        if isinstance(row, dict):
            yield where, row
        else:
            problems.append(f"{where}: not an object")


def _lines(text: str, name: str, problems: list[str]) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.lstrip("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield f"{name}, line {number}", json.loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(f"{name}, line {number}: not JSON: {error}")


def _item(row: Mapping[str, Any]) -> Item:
    """Return the item of an object of any form. Raises ValueError, TypeError, KeyError or AttributeError for anything else."""
    topics: list[Any]
    spans: list[tuple[Any, Any, Any]] = []
    meta = row
    if isinstance(row.get("data"), dict):  # Label Studio
        meta = row["data"]
        topics, spans = _answers(row, meta["text"])
    elif "label" in row or "entities" in row or "cats" in row:  # doccano, whose projects differ in where they put what
        given = [*(row.get("label") or []), *(row.get("cats") or [])]
        topics = [label for label in given if isinstance(label, str)]
        spans = [(start, end, label) for start, end, label in (g for g in given if not isinstance(g, str))]
        spans += [(e["start_offset"], e["end_offset"], e["label"]) for e in row.get("entities") or []]
        if "page" not in row and row.get("meta"):  # as older versions give it
            meta = {**row, **(json.loads(row["meta"]) if isinstance(row["meta"], str) else row["meta"])}
    else:
        given = row.get(CHOICE) or []
        if isinstance(given, dict):  # Label Studio's short export, where several were chosen
            given = given["choices"]
        topics = given if isinstance(given, list) else [given]
        spans = [(span["start"], span["end"], span["label"]) for span in row.get("spans") or []]
        spans += [(m["start"], m["end"], label) for m in row.get(MARKS) or [] for label in m["labels"]]
    text = meta["text"]
    if not isinstance(text, str) or not isinstance(meta["page"], str):
        raise ValueError("'text' and 'page' must be strings")
    title = meta.get("title_span")
    return Item(
        page=meta["page"],
        article=int(meta["article"]),
        text=text,
        title_span=None if title is None else _span(title),
        body_spans=tuple(_span(span) for span in meta["body_spans"]),
        guess=str(meta.get("guess") or ""),
        probability=float(meta.get("probability") or 0.0),
        topics=tuple(dict.fromkeys(str(topic).strip() for topic in topics if str(topic).strip())),
        spans=tuple(_mark(mark, text) for mark in spans),
    )


def _answers(row: Mapping[str, Any], text: str) -> tuple[list[Any], list[tuple[Any, Any, Any]]]:
    """Return choices and marks of the last annotation that was not skipped."""
    done = [a for a in row.get("annotations") or row.get("completions") or [] if not a.get("was_cancelled")]
    topics, marks = [], []
    for result in done[-1]["result"] if done else []:
        value = result.get("value", {})
        topics += value.get("choices", [])
        for label in value.get("labels", []):
            start, end = value["start"], value["end"]
            if "text" in value and text[start:end] != value["text"]:
                # Its page counts in UTF-16, where a character beyond the first 65,536 takes two places.
                start, end = _from_utf16(text, start), _from_utf16(text, end)
                if text[start:end] != value["text"]:
                    raise ValueError(f"what is marked as {label!r} is not where it is said to be")
            marks.append((start, end, label))
    return topics, marks


def _from_utf16(text: str, at: int) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * at].decode("utf-16-le", "surrogatepass"))


def _span(value: Any) -> tuple[int, int]:  # noqa: ANN401 - whatever a file holds
    start, end = value
    if type(start) is not int or type(end) is not int or not 0 <= start <= end:
        raise ValueError(f"a span must be [start, end], whole numbers from 0, got {str(value)[:60]}")
    return start, end


def _mark(mark: tuple[Any, Any, Any], text: str) -> tuple[int, int, str]:
    start, end = _span(mark[:2])
    if end > len(text):
        raise ValueError(f"a mark ends at {end}, beyond the text's {len(text)} characters")
    return start, end, str(mark[2])
