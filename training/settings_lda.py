"""The settings of `[lda]`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from training.settings_base import Section, Strings


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
