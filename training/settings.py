"""Every setting, with its type, default, range and effect: one class for each config section.

Owns: what may be set. The descriptions here are the comments in `configs/news.toml`, in what
`topics init` writes and in the config saved with an artifact.
Does not know: files, overrides, how problems are reported (`config`).
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from topics.memory import size_of
from training.settings_base import Characters, Section, Share, SomeStrings, Strings, Words
from training.settings_classify import ClassifySettings
from training.settings_lda import LdaSettings
from training.settings_stance import StanceSettings, TargetSettings

__all__ = [
    "ClassifySettings",
    "Config",
    "CorpusSettings",
    "EvaluateSettings",
    "LdaSettings",
    "SegmentSettings",
    "SplitSettings",
    "StanceSettings",
    "TargetSettings",
    "TermsSettings",
    "TfidfSettings",
]


def _size(text: str) -> str:
    try:
        size_of(text)
    except ArgumentTypeError as error:
        raise ValueError(str(error)) from None
    return text


class CorpusSettings(Section):
    """What is read, and which fields say what."""

    train: str | SomeStrings = Field(
        description="files, folders or globs to learn from, relative to this file's folder: .txt .html pages; .jsonl .csv .tsv .parquet articles; each also .gz"
    )
    test: str | SomeStrings | None = Field(None, description="files to test on; left out, [split] sets a part of train aside")
    labels: str | None = Field(
        None,
        description="JSON Lines with the labels of the articles of pages: page, article (number from 1, or id), topic, stances",
    )
    text: str | SomeStrings = Field(
        ["title", "text"], description="fields of article files that make up the text, joined by an empty line"
    )
    topic: str = Field("topic", description="field with the topic: one label, or a list of labels")
    stance: str = Field("stance", description="field with the stance label, when a row is one (article, target)")
    target: str = Field("target", description="field with the target of that stance")
    id: str = Field("id", description="field that names an article; left out of a row, file name and row number name it")
    source: str = Field("source", description="field with the publisher")
    published: str = Field("published", description="field with the date of publication")
    group: str | None = Field(
        None, description="field of rows that belong together, such as a story: they stay on one side of every split"
    )
    copies: Literal["once", "keep"] = Field(
        "once",
        description="near-duplicates (see split.near_duplicates) to learn from: once, copies that say nothing new are left out; keep, all of them",
    )
    bodies: str | SomeStrings | None = Field(
        None, description="article files with the texts that rows refer to, for pairs of a headline and a body"
    )
    body_id: str = Field("body_id", description="field of a row that holds the id of its body in `bodies`")
    where: dict[str, Any] = Field(
        default_factory=dict, description="keep the rows whose fields equal these, such as { r8 = true }"
    )


class SplitSettings(Section):
    """How a test side is made where the corpus has none."""

    test: Share = Field(0.2, description="share of the articles set aside for testing, 0 to 1; pages are never cut in two")
    by: Literal["random", "published", "source"] = Field(
        "random", description="random; published: test on the newest; source: test on publishers not learned from"
    )
    near_duplicates: float = Field(
        0.7,
        ge=0.3,
        le=1.0,
        description="articles that share at least this much of their word triples (0.3 to 1) stay on one side; 1: only equal texts",
    )


class TermsSettings(Section):
    """What is counted."""

    ngrams: Words = Field([1, 2], description="shortest and longest run of words counted as a term, 1 to 3")
    chars: Characters | None = Field(
        None,
        description="shortest and longest run of characters within words counted as well, such as [3, 5]",
    )
    min_df: int | float = Field(
        2, ge=0, description="leave out terms in fewer articles than this: a count, or a share when below 1"
    )
    max_df: int | float = Field(
        1.0, ge=0, description="leave out terms in more articles than this: a share up to 1.0, or a count written without a point"
    )
    max_terms: int | None = Field(None, ge=1, description="keep this many terms, the most frequent ones; left out, all")
    lowercase: bool = Field(True, description="fold case before counting")
    title: bool = Field(
        False,
        description="count the words before the first empty line, the title, once more, as terms of their own; see tfidf.title_share",
    )
    accents: Literal["keep", "strip"] = Field("keep", description="strip: count 'café' as 'cafe'")
    stop_words: Literal["none", "english"] | Strings = Field(
        "none", description="words that are not counted: none, english, or a list"
    )
    stem: Literal["english"] | None = Field(
        None, description="english: count word stems, so that 'elections' and 'elected' are one; left out, words as they are"
    )


class TfidfSettings(Section):
    """How counts become weights."""

    sublinear: bool = Field(True, description="weigh a term by 1 + ln(count) instead of its count")
    smooth_idf: bool = Field(True, description="add one to document frequencies, as if an extra article held every term once")
    title_share: float = Field(
        0.25, gt=0, lt=1, description="with terms.title: what the terms of the title make up of an article's weights, 0 to 1"
    )


class SegmentSettings(Section):
    """The segmenter; left out, the one that comes with the package cuts the pages."""

    gold: str | Strings | None = Field(
        None, description="JSON with gold spans of your own pages, learned from beside the generated ones"
    )
    layouts: int = Field(600, ge=0, description="number of pages made in generated layouts to learn from")


class EvaluateSettings(Section):
    """How the test side is judged."""

    bootstrap: int = Field(1000, ge=0, le=100_000, description="bootstrap samples behind each 95 % interval; 0: no intervals")
    keep_text: bool = Field(
        False,
        description="keep title and first words of the articles that stand for a latent topic; false: the artifact holds no text",
    )


class Config(Section):
    """A whole config. A section left out means that model is not fitted."""

    name: str = Field(min_length=1, pattern=r"^[\w][\w.-]*$", description="names the artifact: letters, digits, . _ -")
    seed: int = Field(13, ge=0, lt=2**32, description="every random choice follows from it")
    memory: Annotated[str, AfterValidator(_size)] | None = Field(
        None,
        description="bound for articles and their counts, such as 2GB: beyond, they are worked on in shards that lie in temporary files; the same artifact",
    )
    corpus: CorpusSettings
    segment: SegmentSettings | None = None
    split: SplitSettings = Field(default_factory=lambda: SplitSettings())
    terms: TermsSettings = Field(default_factory=lambda: TermsSettings())
    tfidf: TfidfSettings = Field(default_factory=lambda: TfidfSettings())
    classify: ClassifySettings | None = None
    stance: StanceSettings | None = None
    lda: LdaSettings | None = None
    evaluate: EvaluateSettings = Field(default_factory=lambda: EvaluateSettings())
