"""The settings of `[stance]` and of each target in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from topics.errors import UsageError
from topics.mentions import Mentions
from training.settings_base import Characters, Positive, Section, Share, Strings, Weight, Words


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
    chars: Characters | Literal["auto", "none"] = Field(
        "auto",
        description="shortest and longest run of characters within words read as a cue, such as [2, 5], or none; auto: [2, 5] from 400 examples on",
    )
    min_df: int = Field(2, ge=1, description="leave out cues in fewer examples than this; for kind pairs, words in fewer stories")
    min_targets: int = Field(
        4,
        ge=1,
        description="for kind general, what speaks for or against any target must occur with this many, or with all there are",
    )
    skip: int = Field(
        0, ge=0, le=5, description="words at most between the two of a pair that is a cue as well, 0 (no such pairs) to 5"
    )
    c: Positive | Annotated[list[Positive], Field(min_length=1)] = Field(
        [0.1, 0.3, 1.0], description="inverse strength of regularization, above 0; several: the best in cross-validation"
    )
    shared: Weight | Annotated[list[Weight], Field(min_length=1)] = Field(
        [0.0, 1.0, 2.0],
        description="weight of what all targets share beside what each has of its own, 0 (each by itself) to about 4; several: the best in cross-validation",
    )
    alike: Weight | Annotated[list[Weight], Field(min_length=1)] = Field(
        [0.0, 0.7],
        description="weight of what words alike say together, 0 (each for itself) to about 2; all articles teach which are alike, labeled or not, where they hold 500,000 words; several: the best in cross-validation",
    )
    class_weight: Literal["none", "balanced", "auto"] = Field(
        "auto", description="balanced: errors on rare labels weigh more; auto: the better in cross-validation"
    )
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
    nb: bool | Literal["auto", "both"] = Field(
        "auto",
        description="weigh cues by how unevenly they fall on a label and the others before fitting, as NB-SVM does; both: the mean of a model with and one without; auto: the best in cross-validation",
    )
    balance: bool | Literal["auto"] = Field(
        "auto",
        description="words, characters and the words beside mentions weigh alike in every text, however many cues of each there are; auto: the better in cross-validation",
    )
    label_weights: dict[str, float] = Field(
        default_factory=dict,
        description="how much an example of a label weighs in fitting, above 0, such as { disagree = 4.0 }; 1 where not given",
    )
    trees: int = Field(200, ge=1, le=5000, description="rounds of boosting, for kind pairs")
    mask: bool = Field(False, description="read every mention of the target as one and the same word; kind general always does")
    near: int = Field(
        5,
        ge=0,
        le=10,
        description="words on either side of a masked mention that count twice more, and those twice as far once; 0 to 10",
    )
    targets: dict[str, TargetSettings] = Field(
        default_factory=dict, description='the named targets, each a section [stance.targets."name"] with its patterns'
    )
