"""The settings of `[classify]`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from training.settings_base import Positive, Section, Share, Strings


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
