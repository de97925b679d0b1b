"""Phases of a test, and the limits that the programme sets to them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from krzew.calls.definition.testing import TrialStage
from krzew.trials.models.test import Test
from krzew.ui.formats import day

KINDS = {"preparation": gettext_lazy("preparation"), "test": gettext_lazy("test")}


@dataclass(frozen=True)
class Phase:
    code: str
    label: str
    kind: str
    begins: date
    ends: date

    @property
    def row(self) -> dict[str, Any]:
        """As the plan keeps it."""
        return {
            "code": self.code,
            "label": self.label,
            "kind": self.kind,
            "from": self.begins.isoformat(),
            "to": self.ends.isoformat(),
        }


def phases(test: Test) -> list[Phase]:
    return [
        Phase(
            row["code"],
            row["label"],
            row["kind"],
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["to"]),
        )
        for row in test.plan.get("phases", [])
    ]


def span(rows: Iterable[Phase], kind: str = "") -> tuple[date, date] | None:
    """From the first day to the last one, of one kind or of all."""
    chosen = [row for row in rows if kind in ("", row.kind)]
    return (min(r.begins for r in chosen), max(r.ends for r in chosen)) if chosen else None


def later(start: date, months: int) -> date:
    """The same day so many months later; the last one of a shorter month."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def over_limit(rows: Sequence[Phase], stage: TrialStage) -> list[str]:
    """A sentence for each limit of the programme that these phases break."""
    limits = (
        ("preparation", stage.preparation_months, _("Preparation")),
        ("test", stage.test_months, _("Testing")),
        ("", stage.total_months, _("Everything together")),
    )
    return [
        _too_long(name, found, months)
        for kind, months, name in limits
        if months is not None and (found := span(rows, kind)) and found[1] > later(found[0], months)
    ]


def _too_long(name: str, found: tuple[date, date], months: int) -> str:
    text = ngettext(
        "%(name)s may take at most %(months)d month: begun on %(from)s, it ends by %(to)s.",
        "%(name)s may take at most %(months)d months: begun on %(from)s, it ends by %(to)s.",
        months,
    )
    words = {"name": name, "months": months, "from": day(found[0]), "to": day(later(found[0], months))}
    return text % words


def limits(stage: TrialStage) -> list[str]:
    """The limits in words, for those who plan."""
    named = (
        (stage.preparation_months, _("Preparation: at most %(months)s months.")),
        (stage.test_months, _("Testing: at most %(months)s months.")),
        (stage.total_months, _("Together: at most %(months)s months.")),
    )
    return [text % {"months": months} for months, text in named if months is not None]
