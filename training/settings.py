"""Every setting, with its type, default, range and effect: one class for each config section.

Owns: what may be set. The descriptions here are the comments in `configs/news.toml`, in what
`topics init` writes and in the config saved with an artifact.
Does not know: files, overrides, how problems are reported (`config`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from topics.errors import UsageError
from topics.mentions import Mentions


def _ascending(runs: list[int]) -> list[int]:
    if runs[0] > runs[1]:
        raise ValueError("the shortest comes first, then the longest")
    return runs


Strings = list[str]
SomeStrings = Annotated[list[str], Field(min_length=1)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]
Weight = Annotated[float, Field(ge=0.0)]
#: Shortest and longest run of words, or of characters in a word.
Words = Annotated[list[Annotated[int, Field(ge=1, le=3)]], Field(min_length=2, max_length=2), AfterValidator(_ascending)]
Characters = Annotated[list[Annotated[int, Field(ge=1, le=10)]], Field(min_length=2, max_length=2), AfterValidator(_ascending)]


class Section(BaseModel):
    """A config section: unknown settings are problems, values are never changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_default=True, allow_inf_nan=False)


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


class ClassifySettings(Section):
    """The topic classifier."""

    model: Literal["auto", "blend", "svm", "logistic", "ridge", "complement_nb", "nb_svm"] = Field(
        "svm",
        description="kind of linear model; blend: svm and complement_nb added up; auto: the best of all in cross-validation within `seconds`",
    )
    c: Positive | Annotated[list[Positive], Field(min_length=1)] = Field(
        1.0, description="inverse strength of regularization, above 0; several: the best in cross-validation on the training side"
    )
    smoothing: float = Field(
        0.03, gt=0, description="added to every term weight by naive Bayes (complement_nb, blend, nb_svm), above 0"
    )
    class_weight: Literal["none", "balanced"] = Field("none", description="balanced: errors on rare topics weigh more")
    folds: int = Field(
        5, ge=2, le=20, description="folds of the cross-validation that calibrates probabilities and chooses settings"
    )
    unknown_below: Share = Field(
        0.0, description="an article whose best topic has a lower probability (0 to 1) is labeled 'unknown'"
    )
    coverage: Share | None = Field(
        None,
        description="list the topics that cannot be ruled out, so that the true one is among them this often (0 to 1), such as 0.9; 'unknown' where there is none",
    )
    risk: Share | None = Field(
        None, description="answer 'unknown' often enough that at most this share (0 to 1) of the other answers is wrong"
    )
    multi_label: bool = Field(False, description="an article may have several topics, or none")
    seconds: float = Field(120.0, gt=0, description="time that `auto` may take, in seconds")
    taxonomy: Literal["iptc"] | None = Field(
        None, description="iptc: learn the 17 IPTC top-level topics from our words for them, for articles without labels"
    )
    seeds: dict[str, Strings] = Field(
        default_factory=dict,
        description='words that say a topic, for articles without labels, such as { sport = ["match", "iptc:sport"] }; "iptc:..." is a whole list of ours',
    )


class TargetSettings(Section):
    """One target of stance."""

    patterns: Strings = Field(
        min_length=1,
        description="what mentions the target, whole words, case folded; '*' at the end of a word stands for any ending, '...' for up to five words",
    )

    @field_validator("patterns")
    @classmethod
    def _read(cls, patterns: list[str]) -> list[str]:
        try:
            Mentions(tuple(patterns))
        except UsageError as error:
            raise ValueError(str(error)) from None
        return patterns


class StanceSettings(Section):
    """Stance classifiers."""

    kind: Literal["targets", "pairs", "general"] = Field(
        "targets",
        description="targets: examples for each target; pairs: a headline or claim against a body; general: targets never seen in training",
    )
    metric: Literal["macro_f1", "semeval", "fnc", "accuracy"] = Field(
        "macro_f1",
        description="what cross-validation chooses by; semeval: mean F1 of favor and against; fnc: the Fake News Challenge's weighted score",
    )
    unknown_below: Share = Field(
        0.0, description="a stance whose best label has a lower probability (0 to 1) is labeled 'unknown'"
    )
    ngrams: Words = Field([1, 2], description="shortest and longest run of words read as a cue, 1 to 3")
    chars: Characters | None = Field(
        None,
        description="shortest and longest run of characters within words read as a cue, such as [2, 5]",
    )
    min_df: int = Field(2, ge=1, description="leave out cues in fewer examples than this; for kind pairs, words in fewer stories")
    c: Positive | Annotated[list[Positive], Field(min_length=1)] = Field(
        [0.1, 0.3, 1.0], description="inverse strength of regularization, above 0; several: the best in cross-validation"
    )
    shared: Weight | Annotated[list[Weight], Field(min_length=1)] = Field(
        [0.5, 2.0],
        description="weight of what all targets share beside what each has of its own, 0 (each by itself) to about 4; several: the best in cross-validation",
    )
    class_weight: Literal["none", "balanced"] = Field("balanced", description="balanced: errors on rare labels weigh more")
    folds: int = Field(
        5, ge=2, le=20, description="folds of the cross-validation that calibrates probabilities and chooses settings"
    )
    context: int = Field(
        6,
        ge=-1,
        le=50,
        description="sentences on either side of a mention that are read as well, 0 to 50; -1: the whole article",
    )
    unseen: Share = Field(
        1.0, description="how much words never seen in training draw a score towards undecided, 0 (not at all) to 1"
    )
    nb: bool | Literal["auto"] = Field(
        "auto",
        description="weigh cues by how unevenly they fall on a label and the others before fitting, as NB-SVM does; auto: the better in cross-validation",
    )
    label_weights: dict[str, float] = Field(
        default_factory=dict,
        description="how much an example of a label weighs in fitting, above 0, such as { disagree = 4.0 }; 1 where not given",
    )
    trees: int = Field(200, ge=1, le=5000, description="rounds of boosting, for kind pairs")
    mask: bool = Field(False, description="read every mention of the target as one and the same word; kind general always does")
    near: int = Field(5, ge=0, le=10, description="words on either side of a masked mention that count once more, 0 to 10")
    targets: dict[str, TargetSettings] = Field(
        default_factory=dict, description='the named targets, each a section [stance.targets."name"] with its patterns'
    )


class LdaSettings(Section):
    """Latent topics."""

    engine: Literal["cvb0", "gensim"] = Field(
        "cvb0", description="cvb0: ours, the same bits every time; gensim: LdaModel, to compare"
    )
    n_topics: int = Field(50, ge=1, le=65535, description="number of latent topics")
    iterations: int = Field(200, ge=1, description="most sweeps over the corpus; fitting stops earlier when it has converged")
    tolerance: float = Field(
        0.001, ge=0, description="converged when held-out perplexity falls by less than this share in ten sweeps; 0: never"
    )
    held_out: int = Field(
        500, ge=0, description="articles (a tenth at most) with half their words set aside to see when it has converged; 0: none"
    )
    stream: bool = Field(
        False,
        description="keep counts and the state of articles in temporary files, for a corpus larger than memory; the same result",
    )
    alpha: Annotated[float, Field(gt=0)] | Literal["learned"] = Field(
        "learned", description="document prior per latent topic, above 0; learned: one per topic, by fixed point"
    )
    eta: Annotated[float, Field(gt=0)] | Literal["learned"] = Field(
        "learned", description="term prior, above 0; learned: by fixed point"
    )
    min_df: int | float = Field(
        2, ge=0, description="leave out terms in fewer articles than this: a count, or a share when below 1"
    )
    max_df: int | float = Field(
        0.5, ge=0, description="leave out terms in more articles than this: a share up to 1.0, or a count"
    )
    max_terms: int | None = Field(None, ge=1, description="keep this many terms, the most frequent ones; left out, all")
    stop_words: Literal["none", "english"] | Strings = Field(
        "english", description="words left out of latent topics: none, english, or a list"
    )
    phrases: Annotated[float, Field(ge=-1, le=1)] | None = Field(
        None,
        description="runs of two words that go together at least this much (NPMI, -1 to 1; 0.4 is a start) count instead of their words; left out, none",
    )
    seeds: dict[str, Strings] = Field(
        default_factory=dict,
        description='named latent topics, each with terms it starts from and keeps to, such as { economy = ["bank", "rates"] }',
    )
    seed_weight: float = Field(
        1.0, ge=0, description="how strongly a seed term keeps to its latent topic, in its own occurrences; 0: only at the start"
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


class Config(Section):
    """A whole config. A section left out means that model is not fitted."""

    name: str = Field(min_length=1, pattern=r"^[\w][\w.-]*$", description="names the artifact: letters, digits, . _ -")
    seed: int = Field(13, ge=0, lt=2**32, description="every random choice follows from it")
    corpus: CorpusSettings
    segment: SegmentSettings | None = None
    split: SplitSettings = Field(default_factory=lambda: SplitSettings())
    terms: TermsSettings = Field(default_factory=lambda: TermsSettings())
    tfidf: TfidfSettings = Field(default_factory=lambda: TfidfSettings())
    classify: ClassifySettings | None = None
    stance: StanceSettings | None = None
    lda: LdaSettings | None = None
    evaluate: EvaluateSettings = Field(default_factory=lambda: EvaluateSettings())
