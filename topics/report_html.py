"""The report people open: one file that needs nothing else and asks for nothing.

Owns: the order of its sections, the frame around them, what a browser is allowed to do with it.
Does not know: how a section is made (`report_*`), how pages are read (`commands_look`).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from topics import __version__
from topics.elements import Html, data, escape, join, row_head, table, tag
from topics.predict import Model
from topics.report_charts import legend, percent
from topics.report_groups import groups_section, stance_legend, stances_by
from topics.report_learned import absent, headline, quality, topics_section
from topics.report_map import latent_data
from topics.report_seen import ROOM, Seen, pages_section

_HOME = Path(__file__).parent / "data" / "report"
#: Terms of a latent topic in the table, words of a stance label, stance targets.
TERMS, CUES, MOST_TARGETS = 10, 10, 60
#: Bytes of a whole report, and of what is said of the pages given beside the pages themselves: evidence, groups, links.
MOST, SAID = 2_950_000, 900_000


def report_html(model: Model, evaluation: Mapping[str, Any], seen: Seen | None = None) -> Iterator[str]:
    """Yield the report in pieces.

    evaluation: `evaluation.json` of the artifact, or an empty mapping. seen: what was found on pages, or None. The same
    artifact and pages give the same bytes.
    """
    name = str(model.manifest.get("name", "model"))
    style, script = ((_HOME / file).read_text("utf-8") for file in ("report.css", "report.js"))
    # Nothing may be fetched, and nothing may run but the script below, whatever a text on a page says.
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    sections = [(key, title, body) for key, title, body in _sections(model, evaluation, seen) if body]
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(name)}: topics, stances, latent topics</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    )
    yield tag("a", "Skip to the report", href="#main", class_="skip")
    yield tag(
        "header",
        tag("h1", name),
        tag("button", "Dark or light", type="button", id="theme"),
        tag("nav", tag("ul", [tag("li", tag("a", title, href=f"#{key}")) for key, title, _ in sections]), aria_label="Sections"),
    )
    yield '\n<main id="main" tabindex="-1">\n'
    for key, title, body in sections:
        yield tag("section", tag("h2", title, id=key), body, aria_labelledby=key) + "\n"
    yield f"</main>\n<footer><p>Made by newstopics {escape(__version__)}. This file asks for nothing from outside.</p></footer>\n"
    yield f"<script>{script}</script>\n</body>\n</html>\n"


def room_for_pages(model: Model, evaluation: Mapping[str, Any]) -> int:
    """Return how many bytes of painted pages a report has room for."""
    return max(0, min(ROOM, MOST - SAID - sum(len(piece.encode()) for piece in report_html(model, evaluation))))


def _digest(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


def _sections(model: Model, evaluation: Mapping[str, Any], seen: Seen | None) -> Iterator[tuple[str, str, Html | None]]:
    """Yield (name, title, body), None where the artifact has nothing to show."""
    test, learned = evaluation.get("test", {}), evaluation.get("learned", {})
    names = list(model.latent.names) if model.latent else []
    yield "overview", "Overview", join(headline(model, test), absent(_missing(model, evaluation, seen)))
    yield "topics", "Topics", topics_section(model, test, learned)
    yield "quality", "How right the topics are", quality(test["topic"], "articles") if "topic" in test else None
    yield "latent", "Latent topics", _latent(model, learned, seen)
    facts = learned.get("corpus", {})
    yield (
        "corpus",
        "What was learned from",
        groups_section(facts, names, "Labels of the corpus; shares of latent topics as found."),
    )
    if seen is not None and seen.tally.articles:
        found = seen.tally.to_dict(len(names) or (model.latent.n_topics if model.latent else 0))
        yield "groups", "The pages given", groups_section(found, names, "What the model says of the pages given to this report.")
    yield "stances", "Stances", _stances(model, test, facts, seen)
    if seen is not None:
        yield "pages", "Pages", join(_page_legend(model), pages_section(seen))


def _missing(model: Model, evaluation: Mapping[str, Any], seen: Seen | None) -> list[str]:
    test, learned = evaluation.get("test", {}), evaluation.get("learned", {})
    rooms = [("a topic classifier", model.classifier), ("a stance model", model.stance), ("latent topics", model.latent)]
    missing = [words for words, room in rooms if room is None]
    if model.classifier is not None and "topic" not in test:
        missing.append("figures of topics on a test side")
    if model.stance is not None and "stance" not in test:
        missing.append("figures of stances on a test side")
    if not {"over_time", "by_source"} & set(learned.get("corpus", {})):
        missing.append("dates or sources of the articles learned from")
    if seen is None:
        missing.append("pages (name some after the artifact, and they are painted here)")
    return missing


def _latent(model: Model, learned: Mapping[str, Any], seen: Seen | None) -> Html | None:
    """Return the frame that the script fills, and the same as a table for those without one."""
    latent = model.latent
    if latent is None:
        return None
    found = latent_data(latent, model.vocabulary)
    examples, sentences = (learned.get("lda", {}).get(name, []) for name in ("examples", "sentences"))
    for k, topic in enumerate(found["topics"]):
        topic["examples"] = examples[k] if k < len(examples) else []
        # Their words are in the artifact only where its config asked for them.
        topic["sentences"] = [s["text"] for s in (sentences[k] if k < len(sentences) else []) if "text" in s]
        topic["seen"] = [entry for _, _, entry in seen.standing.get(k, [])] if seen is not None else []
    rows = [
        [
            row_head(f"{k} {topic['name']}".strip()),
            percent(topic["share"], 1),
            ", ".join(term for term, _ in latent.top_terms(k, TERMS, model.vocabulary)),
        ]
        for k, topic in enumerate(found["topics"])
    ]
    return join(
        tag(
            "p",
            "Each circle is a latent topic, its area the share of all words. Circles that are near use the same words. "
            f"The two axes show {percent(found['shown'])} of what there is of distances.",
        ),
        tag("div", "", id="map"),
        tag(
            "details",
            tag("summary", "As a table"),
            table(["latent topic", "share of words", "most probable terms"], rows, caption="Latent topics"),
        ),
        data("latent-data", found),
    )


def _stances(model: Model, test: Mapping[str, Any], facts: Mapping[str, Any], seen: Seen | None) -> Html | None:
    if model.stance is None:
        return None
    figures = test.get("stance", {})
    asked = {target for target, _ in seen.evidence} if seen is not None else set()
    targets = [*model.stance.targets, *sorted(asked - set(model.stance.targets))]
    found = seen.tally.to_dict(0) if seen is not None else {}
    return join(
        stance_legend([*model.stance.labels, "unknown"]),
        quality(figures, "pairs of article and target") if figures else None,
        [_target(model, target, figures.get("targets", {}).get(target), facts, found, seen) for target in targets[:MOST_TARGETS]],
        tag("p", f"{len(targets) - MOST_TARGETS} more targets are left out, so that the report stays small.", class_="absent")
        if len(targets) > MOST_TARGETS
        else None,
    )


def _target(
    model: Model,
    target: str,
    figures: Mapping[str, Any] | None,
    facts: Mapping[str, Any],
    found: Mapping[str, Any],
    seen: Seen | None,
) -> Html:
    assert model.stance is not None
    cues = (
        [(label, words) for label, words in model.stance.strongest_cues(target, CUES).items() if words]
        if target in model.stance.targets
        else []
    )
    listed = [
        join(tag("h4", f"{label}: evidence"), tag("ol", [shown for _, _, shown in entries], class_="evidence"))
        for (of, label), entries in sorted(seen.evidence.items())
        if of == target
    ] if seen is not None else []  # fmt: skip
    told = ""
    if figures and isinstance(figures.get("accuracy"), dict):
        told = f"{figures['n']} tested: accuracy {figures['accuracy']['value']:.2f}, macro-F1 {figures['macro_f1']['value']:.2f}"
    return tag(
        "article",
        tag("h3", target),
        tag("p", told, class_="quiet") if told else None,
        tag("dl", [tag("div", tag("dt", label), tag("dd", ", ".join(words))) for label, words in cues], class_="cues")
        if cues
        else None,
        _by(found, target, "the pages given"),
        _by(facts, target, "the articles learned from"),
        listed
        or (tag("p", "No article of the pages given takes a stance toward it.", class_="quiet") if seen is not None else None),
        class_="target",
    )


def _by(facts: Mapping[str, Any], target: str, whose: str) -> Html | None:
    """Return stances by source and over time, of one origin."""
    tables = [t for key in ("by_source", "over_time") if (t := stances_by(facts.get(key), target)) is not None]
    return tag("details", tag("summary", f"By source and over time, in {whose}"), tables) if tables else None


def _page_legend(model: Model) -> Html:
    roles: Sequence[tuple[str, str]] = [
        (f"p-{role}", role) for role in ("title", "body", "caption", "credit", "meta", "furniture")
    ]
    marks = [("t", "term that speaks for the topic")]
    if model.stance is not None:
        marks += [("s-favor", "evidence in favor"), ("s-against", "evidence against"), ("s-none", "other evidence")]
    switches = [
        tag("label", tag("input", type="checkbox", checked=True, value=value, class_="switch"), f" {words}")
        for value, words in (("furniture", "furniture"), ("terms", "terms"), ("evidence", "evidence"))
    ]
    return join(legend([*roles, *marks]), tag("p", "Show: ", switches, class_="switches"))
