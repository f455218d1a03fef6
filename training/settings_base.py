"""What every config section is made of: the strict section class and the types its settings share.

Owns: the rules all sections keep, and ranges that several of them use.
Does not know: any one section.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


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
