"""A programme tried out on invented applications: the same scoring and the same list as in a real call.

Nothing is written. The same seed gives the same applications, so that a changed rule can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from django.core.exceptions import ValidationError

from krzew.calls.definition import Definition, plain
from krzew.calls.definition.assessment import Criterion, FormalStage, MeritStage, PitchStage
from krzew.calls.definition.base import Text
from krzew.calls.definition.form import FormField
from krzew.calls.definition.selection import RankingStage
from krzew.calls.definition.topics import of_topic, rules_of_topic
from krzew.calls.models import Application, Call
from krzew.calls.scoring import Card, Miss, Result, needs_third, result
from krzew.calls.selection_lists import Listed, idea_of, lists_of, rules_of
from krzew.calls.states import ApplicationState
from krzew.methods.portfolio import Decision, fund
from krzew.methods.record import MethodError

COUNT = 20
ENOUGH = 5
"""With fewer applications before a rule, it says nothing that everybody met it."""
NOUNS = (
    "Pralnia",
    "Ogród",
    "Warsztat",
    "Kuchnia",
    "Biblioteka",
    "Rower",
    "Teatr",
    "Sklepik",
    "Świetlica",
    "Stolarnia",
)
MORE = ("na rynku", "w szkole", "pod lasem", "za rogiem", "u sąsiadów", "w remizie", "nad Wartą", "w parafii")
SLIP, MENDED, ABSENT = 0.03, 0.7, 0.05

Scored = MeritStage | PitchStage


@dataclass
class Invented:
    """An invented application: what it says, how good it is, and what happened to it."""

    application: Application
    quality: float
    cards: dict[str, list[Card]] = field(default_factory=dict)
    failed: list[Text] = field(default_factory=list)
    result: Result | None = None
    outcome: str = ""
    amount: Decimal = Decimal(0)

    @property
    def is_out(self) -> bool:
        return bool(self.failed or (self.result and self.result.misses) or self.outcome == "absent")

    @property
    def misses(self) -> tuple[Miss, ...]:
        return self.result.misses if self.result else ()


@dataclass(frozen=True)
class Gate:
    """One rule: how many came to it and how many met it. What is only a slip of the pen tells nothing of the rule."""

    stage: Text
    rule: Text
    came: int
    met: int
    by_points: bool = True

    @property
    def nobody(self) -> bool:
        return self.by_points and self.came > 0 and self.met == 0

    @property
    def everybody(self) -> bool:
        return self.by_points and self.came >= ENOUGH and self.met == self.came


@dataclass(frozen=True)
class DryRun:
    """What came out. `problem` says why there is no list."""

    applications: list[Invented]
    gates: list[Gate]
    lists: list[tuple[str, Decision]]
    problem: str = ""


def dry_run(
    definition: Definition, *, seed: int = 1, pool: Decimal | None = None, count: int = COUNT
) -> DryRun:
    """Send `count` invented applications through every stage that a program can go through."""
    random = Random(seed)  # noqa: S311 - nothing is drawn here for real
    call = Call(
        definition=plain(definition), pool=pool if pool is not None else definition.grant.pool, round=1
    )
    rows = [_invented(call, definition, random, n) for n in range(1, count + 1)]
    gates: list[Gate] = []
    lists: list[tuple[str, Decision]] = []
    problem = ""
    for stage in definition.stages:
        inside = [row for row in rows if not row.is_out]
        if isinstance(stage, FormalStage):
            gates += _formal(stage, inside, random)
        elif isinstance(stage, MeritStage | PitchStage):
            gates += _score(definition, stage, inside, random)
        elif isinstance(stage, RankingStage) and not lists:
            lists, problem = _rank(call, stage, rows, seed)
    return DryRun(rows, gates, lists, problem)


def _invented(call: Call, definition: Definition, random: Random, number: int) -> Invented:
    title = f"{random.choice(NOUNS)} {random.choice(MORE)}"
    amount = _amount(definition, random)
    fields = definition.form.fields if definition.form else ()
    answers = {f.code: value for f in fields if (value := _answer(f, random)) is not None}
    application = Application(
        call=call,
        number=number,
        title=title,
        amount=amount,
        answers=answers,
        state=ApplicationState.SUBMITTED,
    )
    return Invented(application, random.uniform(0.25, 1.0))


def _answer(asked: FormField, random: Random) -> Any:
    """Only answers that rules may look at: choices."""
    if asked.kind == "yes_no":
        return random.random() < 0.5
    if asked.kind == "choice":
        return random.choice(asked.options).code
    if asked.kind == "choices":
        return [random.choice(asked.options).code]
    return random.choice(asked.solutions) if asked.solutions else None


def _amount(definition: Definition, random: Random) -> Decimal:
    """Between the lowest and the highest grant; where they are not known, around what the pool would give."""
    rules = definition.grant
    typical = rules.pool / rules.grants if rules.pool and rules.grants else None
    high = rules.most or (typical * 2 if typical else rules.pool / 10 if rules.pool else Decimal(50_000))
    low = min(rules.least or high / 5, high)
    share = Decimal(str(round(random.uniform(0.0, 1.0), 3)))
    rounded = (low + (high - low) * share).quantize(Decimal("1E+2"))
    return min(max(rounded, low, Decimal(1)), max(high, Decimal(1)))


def _formal(stage: FormalStage, inside: list[Invented], random: Random) -> list[Gate]:
    """A slip now and then; most of what may be completed is completed."""
    failed: dict[str, int] = {check.code: 0 for check in stage.checks}
    for row in inside:
        for check in stage.checks:
            slipped = random.random() < SLIP
            mended = check.can_be_completed and stage.completion is not None and random.random() < MENDED
            if slipped and not mended:
                row.failed.append(check.label)
                failed[check.code] += 1
    count = len(inside)
    return [Gate(stage.label, c.label, count, count - failed[c.code], by_points=False) for c in stage.checks]


def _score(definition: Definition, stage: Scored, inside: list[Invented], random: Random) -> list[Gate]:
    present = [row for row in inside if not _absent(stage, row, random)]
    asked: dict[str, tuple[Text, list[Invented]]] = {
        code: (text, []) for code, text in _rules_of_stage(stage)
    }
    for row in present:
        own = of_topic(stage, row.application.answers)
        row.cards[stage.code] = _cards(own, row.quality, random)
        row.result = result(rules_of_topic(definition, row.application.answers), row.cards)
        for code, text in _rules_of_stage(own):
            asked.setdefault(code, (text, []))[1].append(row)
    return [
        Gate(stage.label, text, len(rows), len(rows) - sum(_missed(row, code) for row in rows))
        for code, (text, rows) in asked.items()
    ]


def _absent(stage: Scored, row: Invented, random: Random) -> bool:
    """Who does not come to the presentation, where that costs the place."""
    if isinstance(stage, MeritStage) or stage.absence != "rejected" or random.random() >= ABSENT:
        return False
    row.outcome = "absent"
    return True


def _rules_of_stage(stage: Scored) -> list[tuple[str, Text]]:
    """What must be reached here: minima that are above nothing, and thresholds."""
    minima = [(c.code, c.label) for c in stage.criteria if c.least or c.least_on_card]
    return minima + [(t.code, t.label) for t in stage.thresholds]


def _missed(row: Invented, code: str) -> bool:
    return any(miss.code == code for miss in row.misses)


def _cards(stage: Scored, quality: float, random: Random) -> list[Card]:
    """Assessors agree roughly; now and then they do not, and then a third one is asked."""
    people = stage.assessors if isinstance(stage, MeritStage) else stage.panel
    cards = [_card(stage, quality, str(n + 1), random) for n in range(people)]
    if needs_third(stage, cards):
        third = _card(stage, quality, "3", random)
        cards.append(Card(third.assessor, third.points, third=True))
    return cards


def _card(stage: Scored, quality: float, name: str, random: Random) -> Card:
    strictness = random.gauss(0, 0.1)
    return Card(
        name, {c.code: _points(c, quality + strictness + random.gauss(0, 0.12)) for c in stage.criteria}
    )


def _points(criterion: Criterion, share: float) -> Decimal:
    steps = int(criterion.most / criterion.step)
    return criterion.step * min(max(round(share * steps), 0), steps)


def _rank(
    call: Call, stage: RankingStage, rows: Sequence[Invented], seed: int
) -> tuple[list[tuple[str, Decision]], str]:
    """The list as the real call would make it; a draw uses the seed of the trial."""
    by_label = {row.application.label: row for row in rows}
    inside = [
        Listed(row.application, row.result) for row in rows if not row.failed and row.outcome != "absent"
    ]
    found: list[tuple[str, Decision]] = []
    try:
        for key, own in lists_of(stage, inside).items():
            rules = rules_of(call, stage, key, {"seed": seed}, by_body=False)
            found.append((key, fund([idea_of(call, stage, one) for one in own], rules)))
    except (ValidationError, MethodError) as error:
        return [], " ".join(getattr(error, "messages", [str(error)]))
    for _key, decision in found:
        for entry in decision.entries:
            by_label[entry.code].outcome = entry.outcome
            by_label[entry.code].amount = entry.amount
    return found, ""
