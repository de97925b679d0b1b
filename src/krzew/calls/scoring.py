"""From the cards of assessors to points, and from points to a verdict that can be told. Pure: no queries.

A verdict names every criterion and every threshold that was missed, with the points given and needed; an
applicant is told exactly why, and nobody has to work it out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from krzew.calls.definition.assessment import Criterion, Divergence, MeritStage, PitchStage, Threshold
from krzew.calls.definition.base import Text
from krzew.calls.definition.whole import Definition

CENT = Decimal("0.01")
Scored = MeritStage | PitchStage


@dataclass(frozen=True)
class Card:
    """Points by criterion of one assessor (or panel member). `decides` marks the third one that decides."""

    assessor: str
    points: Mapping[str, Decimal]
    third: bool = False

    def total(self, criteria: Sequence[Criterion]) -> Decimal:
        return sum((self.points[c.code] * c.weight for c in criteria), Decimal(0))


@dataclass(frozen=True)
class Miss:
    """One reason why it did not pass: what, how many points, how many were needed, on whose card."""

    kind: Literal["criterion", "threshold", "card_criterion", "card_threshold"]
    code: str
    label: Text
    points: Decimal
    needed: Decimal
    assessor: str = ""


@dataclass(frozen=True)
class StageResult:
    """What the cards of one stage say together. `complete` is False while a third card is missing.

    `total` is the mean of whole cards, as it is shown; `exact` is the same before rounding, for sums over stages.
    """

    stage: str
    by_criterion: dict[str, Decimal]
    total: Decimal
    misses: tuple[Miss, ...] = ()
    complete: bool = True
    differ_by: Decimal = Decimal(0)
    counted: tuple[str, ...] = ()
    exact: Decimal = Decimal(0)

    @property
    def passed(self) -> bool:
        return self.complete and not self.misses


@dataclass(frozen=True)
class Result:
    """Stages scored so far, in their order, and all reasons against."""

    stages: tuple[StageResult, ...]
    misses: tuple[Miss, ...] = field(default=())

    @property
    def total(self) -> Decimal:
        return _together(self.stages)

    @property
    def complete(self) -> bool:
        return all(s.complete for s in self.stages)

    @property
    def passed(self) -> bool:
        return self.complete and not self.misses

    def points(self, criterion: str) -> Decimal:
        """Points of a criterion, wherever it was scored."""
        return next(s.by_criterion[criterion] for s in self.stages if criterion in s.by_criterion)


def differ_by(stage: Scored, cards: Sequence[Card]) -> Decimal:
    """The largest difference between the totals of the first cards (not of a third one)."""
    totals = [card.total(stage.criteria) for card in cards if not card.third]
    return max(totals) - min(totals) if totals else Decimal(0)


def needs_third(stage: Scored, cards: Sequence[Card]) -> bool:
    """Whether the rule of the call asks for a third card that is not there yet."""
    rule = stage.divergence if isinstance(stage, MeritStage) else None
    if rule is None or any(card.third for card in cards):
        return False
    enough = isinstance(stage, MeritStage) and len(cards) >= stage.assessors
    return enough and differ_by(stage, cards) > rule.over


def counted(stage: Scored, cards: Sequence[Card]) -> list[Card]:
    """The cards that count: all; or, once a third one was asked for, those that the rule names."""
    third = next((card for card in cards if card.third), None)
    rule: Divergence | None = stage.divergence if isinstance(stage, MeritStage) else None
    if third is None or rule is None or rule.third == "joins_mean":
        return list(cards)
    if rule.third == "decides":
        return [third]
    middle = third.total(stage.criteria)
    others = sorted(
        (card for card in cards if not card.third),
        key=lambda c: (abs(c.total(stage.criteria) - middle), c.assessor),
    )
    return [others[0], third]


def stage_result(stage: Scored, cards: Sequence[Card]) -> StageResult:
    """Means by criterion, the mean of whole cards, and what was missed in this stage. Needs at least one card."""
    if not cards:
        return StageResult(stage.code, {}, Decimal(0), complete=False)
    used = counted(stage, cards)
    means = {c.code: _mean([card.points[c.code] for card in used]) for c in stage.criteria}
    exact = sum((card.total(stage.criteria) for card in used), Decimal(0)) / len(used)
    wanted = stage.assessors if isinstance(stage, MeritStage) else 1
    complete = len([c for c in cards if not c.third]) >= wanted and not needs_third(stage, cards)
    missed = [*_criteria_missed(stage, means), *_cards_missed(stage, used)]
    names = tuple(card.assessor for card in used)
    differ = differ_by(stage, cards)
    return StageResult(stage.code, means, _rounded(exact), tuple(missed), complete, differ, names, exact)


def _mean(points: Sequence[Decimal]) -> Decimal:
    return _rounded(sum(points, Decimal(0)) / len(points))


def _rounded(points: Decimal) -> Decimal:
    """To the hundredth, halves up: the way in which people check it by hand."""
    return points.quantize(CENT, ROUND_HALF_UP)


def _together(stages: Iterable[StageResult]) -> Decimal:
    """Rounded once, at the end: three thirds are a whole, and nobody loses a place to 0.01."""
    return _rounded(sum((stage.exact for stage in stages), Decimal(0)))


def _criteria_missed(stage: Scored, means: Mapping[str, Decimal]) -> list[Miss]:
    return [
        Miss("criterion", c.code, c.label, means[c.code], c.least)
        for c in stage.criteria
        if means[c.code] < c.least
    ]


def _cards_missed(stage: Scored, cards: Sequence[Card]) -> list[Miss]:
    """Minima that every card must reach by itself."""
    missed = [
        Miss("card_criterion", c.code, c.label, card.points[c.code], c.least_on_card, card.assessor)
        for card in cards
        for c in stage.criteria
        if c.least_on_card is not None and card.points[c.code] < c.least_on_card
    ]
    return missed + [
        Miss("card_threshold", t.code, t.label, card.total(stage.criteria), t.least, card.assessor)
        for card in cards
        for t in stage.thresholds
        if t.on_card and card.total(stage.criteria) < t.least
    ]


def scored_stages(definition: Definition) -> list[Scored]:
    """Stages that give points, in their order."""
    return [s for s in definition.stages if isinstance(s, MeritStage | PitchStage)]


def result(definition: Definition, cards: Mapping[str, Sequence[Card]]) -> Result:
    """Everything scored so far. A threshold over stages counts once all of them are complete."""
    done = [stage_result(s, cards[s.code]) for s in scored_stages(definition) if cards.get(s.code)]
    by_code = {r.stage: r for r in done}
    misses = [miss for r in done for miss in r.misses]
    for stage in scored_stages(definition):
        if stage.code in by_code:
            misses += [m for t in stage.thresholds if (m := _missed(t, stage, by_code)) is not None]
    return Result(tuple(done), tuple(misses))


def _missed(threshold: Threshold, stage: Scored, done: Mapping[str, StageResult]) -> Miss | None:
    if threshold.on_card:
        return None
    names = threshold.stages or (stage.code,)
    if not all(name in done and done[name].complete for name in names):
        return None
    total = _together(done[name] for name in names)
    if total >= threshold.least:
        return None
    return Miss("threshold", threshold.code, threshold.label, total, threshold.least)
