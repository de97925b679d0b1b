"""What a card must hold: points within their bounds and steps, justifications long enough. Pure: no queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from krzew.calls.assessment_matching import Assessed
from krzew.calls.definition.assessment import Criterion, MeritStage, TalkStage

RECOMMENDATIONS = {
    "yes": gettext_lazy("Recommended"),
    "talk": gettext_lazy("To be talked over"),
    "no": gettext_lazy("Not recommended"),
}
LONGEST = 4000
LONGEST_OVERALL = 8000
SHORTEST_RECOMMENDATION = 30


@dataclass(frozen=True)
class Draft:
    """A card as it is typed: points as text, exactly as they were given."""

    points: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    overall: str = ""
    recommendation: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Draft:
        return cls(
            dict(kept.get("points", {})),
            dict(kept.get("reasons", {})),
            kept.get("overall", ""),
            kept.get("recommendation", ""),
        )

    def plain(self) -> dict[str, Any]:
        return {
            "points": self.points,
            "reasons": self.reasons,
            "overall": self.overall,
            "recommendation": self.recommendation,
        }


def criteria_of(stage: Assessed) -> tuple[Criterion, ...]:
    return () if isinstance(stage, TalkStage) else stage.criteria


def least_overall(stage: Assessed) -> int:
    if isinstance(stage, TalkStage):
        return SHORTEST_RECOMMENDATION
    return stage.card_justification if isinstance(stage, MeritStage) else 0


def written(text: str) -> int:
    """Characters as people count them: without the spaces around, line ends as one."""
    return len(text.replace("\r\n", "\n").strip())


def points_given(criterion: Criterion, text: str) -> Decimal | None:
    """The points that a text means, or nothing when they are not possible for this criterion."""
    try:
        given = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    possible = given.is_finite() and 0 <= given <= criterion.most and given % criterion.step == 0
    return given if possible else None


def lacks(stage: Assessed, draft: Draft) -> dict[str, str]:
    """What a card still needs before it can be signed, by the field of the form."""
    found: dict[str, str] = {}
    for criterion in criteria_of(stage):
        found |= _points_lack(criterion, draft.points.get(criterion.code, ""))
        short = criterion.justification - written(draft.reasons.get(criterion.code, ""))
        if short > 0:
            found[f"reason_{criterion.code}"] = _too_short(short)
    short = least_overall(stage) - written(draft.overall)
    if short > 0:
        found["overall"] = _too_short(short)
    if isinstance(stage, TalkStage) and draft.recommendation not in RECOMMENDATIONS:
        found["recommendation"] = _("Choose your recommendation.")
    return found


def _points_lack(criterion: Criterion, text: str) -> dict[str, str]:
    name = f"points_{criterion.code}"
    if not text:
        return {name: _("Give points.")}
    if points_given(criterion, text) is None:
        facts = {"most": f"{criterion.most:f}", "step": f"{criterion.step:f}"}
        return {name: _("Give from 0 to %(most)s points, in steps of %(step)s.") % facts}
    return {}


def _too_short(short: int) -> str:
    return ngettext(
        "Write more: %(count)s character is missing.",
        "Write more: %(count)s characters are missing.",
        short,
    ) % {"count": short}


def total_given(stage: Assessed, draft: Draft) -> Decimal:
    """The weighted sum of the points typed so far."""
    total = Decimal(0)
    for criterion in criteria_of(stage):
        total += (
            points_given(criterion, draft.points.get(criterion.code, "")) or Decimal(0)
        ) * criterion.weight
    return total


def draft_from(stage: Assessed, data: Mapping[str, Any]) -> Draft:
    """A draft from the fields of the form; what the form does not hold stays out."""
    codes = [c.code for c in criteria_of(stage)]
    return Draft(
        {code: str(data.get(f"points_{code}") or "").strip() for code in codes},
        {code: str(data.get(f"reason_{code}") or "") for code in codes},
        str(data.get("overall") or ""),
        str(data.get("recommendation") or ""),
    )
