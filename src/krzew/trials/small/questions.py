"""Questions of a test plan, as the plan keeps them: what is asked, how it is measured, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from krzew.library.cards import fold
from krzew.trials.models.test import Moment, Test

MEASURES = {
    "share": _("For how many people it worked (asked once, after the test)"),
    "paired": _("What changed in the same people (asked before and after)"),
    "events": _("How many times something happened (counted during the test)"),
    "harm": _("Whom it harmed (noted during the test)"),
}
SHORT = {
    "share": _("for how many it worked"),
    "paired": _("change, before and after"),
    "events": _("how many times"),
    "harm": _("harm"),
}
MOMENTS = {
    "share": (Moment.AFTER,),
    "paired": (Moment.BEFORE, Moment.AFTER),
    "events": (Moment.DURING,),
    "harm": (Moment.DURING,),
}
LONGEST_CODE = 36
RESERVED = {"add", "learn"}
"""Words that stand in addresses beside codes."""


@dataclass(frozen=True)
class Question:
    """Shares are people in a hundred. `answer` is "yes_no" or "number"."""

    code: str
    label: str
    measure: str
    answer: str = "yes_no"
    baseline: int | None = None
    target: int | None = None
    acceptable_harm: int | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Question:
        return cls(**{name: row[name] for name in cls.__dataclass_fields__ if name in row})

    @property
    def row(self) -> dict[str, Any]:
        """As the plan keeps it."""
        return asdict(self)

    @property
    def moments(self) -> tuple[Moment, ...]:
        return MOMENTS[self.measure]

    @property
    def falls(self) -> bool:
        """Whether less is better."""
        known = self.baseline is not None and self.target is not None
        return bool(known and self.target < self.baseline)  # type: ignore[operator]


def questions(test: Test) -> list[Question]:
    return [Question.of(row) for row in test.plan.get("questions", [])]


def question(test: Test, code: str) -> Question | None:
    return next((row for row in questions(test) if row.code == code), None)


def free_code(label: str, taken: set[str]) -> str:
    """A code of its own for something that is called so."""
    taken = taken | RESERVED
    base = slugify(fold(label))[:LONGEST_CODE].strip("-").replace("-", "_") or "q"
    codes = (f"{base[: LONGEST_CODE - 3]}_{n}" for n in range(2, len(taken) + 3))
    return base if base not in taken else next(code for code in codes if code not in taken)
