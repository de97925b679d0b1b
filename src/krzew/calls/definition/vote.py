"""A public vote: who may vote, for how many, what voters read, and what the count means."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from krzew.calls.definition.base import Code, Described


class VoteStage(Described):
    """People say which applications they value. The dates are set when the vote is announced.

    `shows` names the questions whose answers voters read beside the title. `weight` is what the application with most
    votes gets in the ranking, others in proportion; without it the count is only information for the committee.
    """

    kind: Literal["vote"]
    who: Literal["everybody", "accounts"] = "everybody"
    choices: Annotated[int, Field(ge=1, le=10)] = 1
    least_days: Annotated[int, Field(ge=1, le=90)] = 7
    shows: Annotated[tuple[Code, ...], Field(max_length=12)] = ()
    weight: Annotated[Decimal, Field(gt=0, max_digits=7, decimal_places=2)] | None = None
    per_address: Annotated[int, Field(ge=50, le=100_000)] = 300
    """Votes from one network address: an office, a library or a school shares one."""
