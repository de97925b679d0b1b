"""Reading the cards of a call: who has signed what, and where each application of a stage stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from krzew.accounts.actors import Actor
from krzew.calls.assessment_matching import LIVE, Assessed, assessed_stages, conflicts, pool
from krzew.calls.definition.assessment import MeritStage, PitchStage, TalkStage
from krzew.calls.definition.topics import has_topics, of_topic, rules_of_topic
from krzew.calls.definition.whole import Definition
from krzew.calls.models import Application, AssignmentPlan, Call, Meeting, Reading, ScoreCard
from krzew.calls.rules import manage_call
from krzew.calls.scoring import Card, Miss, needs_third, result, scored_stages, stage_result
from krzew.calls.states import ApplicationState, ReadingState

Cards = dict[int, dict[str, list[Card]]]
ABSENT = "absent"
"""Instead of an assessor: the applicant did not come, and the rules say that this is zero points."""


@dataclass(frozen=True)
class Standing:
    """Where one application stands in one stage."""

    done: int = 0
    open: int = 0
    refused: int = 0
    wanted: int = 0
    by_rules: int = 0
    total: Decimal | None = None
    differ_by: Decimal = Decimal(0)
    misses: tuple[Miss, ...] = ()
    third: str = ""  # needed, asked, done
    yes: int = 0
    no: int = 0
    talk: int = 0
    scored: bool = False

    @property
    def complete(self) -> bool:
        """Everything that was asked for is signed, and nothing more is asked for by the rules."""
        return self.scored and not self.open and self.third not in ("needed", "asked")

    @property
    def needed(self) -> int:
        """Cards that there should be: by the rules of the call, or as many as were given out."""
        return max(self.by_rules, self.wanted)

    @property
    def short(self) -> bool:
        """Fewer people have it than the rules ask for."""
        return self.wanted < max(self.by_rules, 1)

    @property
    def missing(self) -> int:
        return max(self.wanted - self.done, self.open, 0)

    @property
    def verdict(self) -> str:
        """passed, missed, undecided (recommendations without a majority), or nothing while cards are missing."""
        if not self.complete:
            return ""
        if self.total is None:
            return "passed" if self.yes > max(self.no, self.talk) else self._not_yes()
        return "missed" if self.misses else "passed"

    def _not_yes(self) -> str:
        return "missed" if self.no > max(self.yes, self.talk) else "undecided"


def managed_call(actor: Actor, slug: str) -> Call | None:
    rows = manage_call.filter(actor, Call.objects.select_related("programme__organisation"))
    return rows.filter(slug=slug).first()


def in_stage(call: Call, code: str) -> QuerySet[Application]:
    """Applications that stand in the stage, and those that were assessed in it and moved on."""
    read = Reading.objects.filter(application=OuterRef("pk"), stage=code)
    rows = call.applications.exclude(state=ApplicationState.DRAFT)
    return rows.filter(Q(stage=code, state=ApplicationState.SUBMITTED) | Exists(read))


def cards(call: Call, applications: Iterable[int] | None = None) -> Cards:
    """Cards that count, by application and stage: the last version of every signed reading, and zeros of the
    absent where the rules say so. The one source of points for lists, rankings and letters."""
    rows = ScoreCard.objects.filter(
        reading__application__call=call, reading__state=ReadingState.DONE, recommendation=""
    )
    some = None if applications is None else set(applications)
    if some is not None:
        rows = rows.filter(reading__application__in=some)
    last: dict[int, tuple[Any, ...]] = {}
    fields = (
        "reading",
        "reading__application",
        "reading__stage",
        "reading__assessor",
        "reading__third",
        "points",
    )
    for row in rows.order_by("version").values_list(*fields):
        last[row[0]] = row
    found: Cards = defaultdict(lambda: defaultdict(list))
    for _reading, application, stage, assessor, third, points in last.values():
        given = {code: Decimal(text) for code, text in points.items()}
        found[application][stage].append(Card(str(assessor), given, third))
    told = answers_of_topics(call, some)
    for application, stage in absent(call):
        if some is None or application in some:
            own = of_topic(stage, told.get(application, {}))
            zeros = {c.code: Decimal(0) for c in own.criteria}
            found[application][stage.code] = [Card(ABSENT, zeros)]
    return found


def answers_of_topics(call: Call, applications: Iterable[int] | None = None) -> dict[int, dict[str, Any]]:
    """Answers by application, where criteria depend on them; nothing, and no query, where they do not."""
    if not has_topics(call.rules):
        return {}
    rows = call.applications.exclude(number=None)
    if applications is not None:
        rows = rows.filter(pk__in=list(applications))
    return dict(rows.values_list("pk", "answers"))


def absent(call: Call) -> list[tuple[int, PitchStage]]:
    """Applications whose authors did not come to a pitch for which absence is zero points."""
    zero = [s for s in call.rules.stages if isinstance(s, PitchStage) and s.absence == "zero"]
    found = []
    for stage in zero:
        rows = Meeting.objects.filter(application__call=call, stage=stage.code)
        came = set(rows.filter(attended=True).values_list("application", flat=True))
        away = set(rows.filter(attended=False).values_list("application", flat=True))
        found += [(pk, stage) for pk in sorted(away - came)]
    return found


def stamp(call: Call) -> tuple[Any, ...]:
    """Changes with every act on a reading or card: no sequence of steps brings all these numbers back."""
    rows = Reading.objects.filter(application__call=call)
    counts = {f"n_{state}": Count("pk", filter=Q(state=state)) for state in ReadingState.values}
    signed = ScoreCard.objects.filter(reading__application__call=call)
    return (
        *rows.aggregate(**counts, last=Max("pk"), at=Max("assigned_at")).values(),
        *signed.aggregate(last=Max("pk"), count=Count("pk"), at=Max("signed_at")).values(),
        tuple((pk, stage.code) for pk, stage in absent(call)),
    )


Mark = tuple[Any, ...]
"""Everything on which the standing of one application depends: its readings and their last cards."""


@dataclass
class _Held:
    """What was counted for one call, with the marks by which a change is seen."""

    stamp: Mark = ()
    marks: dict[int, Mark] = field(default_factory=dict)
    found: dict[str, dict[int, Standing]] = field(default_factory=dict)


_held: dict[int, _Held] = {}
KEPT_CALLS = 8
MANY = 400
"""From this many changed applications on, all cards are read at once."""


def standings(call: Call, code: str) -> dict[int, Standing]:
    """Every application with a reading in the stage. Only what has changed since the last look is counted anew."""
    now = (call.pk, call.revision, *stamp(call))
    held = _held.get(call.pk)
    if held is None or held.stamp[:2] != now[:2]:
        while len(_held) >= KEPT_CALLS:
            _held.pop(next(iter(_held)))
        held = _held[call.pk] = _Held(now[:2])
    if held.stamp != now:
        held = _held[call.pk] = _renewed(call, held, now)
    return held.found.get(code, {})


def _renewed(call: Call, held: _Held, now: Mark) -> _Held:
    readings = _readings(call)
    marks: dict[int, Mark] = {pk: tuple(rows) for pk, rows in readings.items()}
    for pk, missed in absent(call):
        marks[pk] = (*marks.get(pk, ()), missed.code)
    changed = {pk for pk, mark in marks.items() if held.marks.get(pk) != mark}
    some = None if len(changed) > MANY else changed
    points, advice = cards(call, some), _recommendations(call, some)
    told = answers_of_topics(call, some)
    rules = {pk: rules_of_topic(call.rules, told.get(pk, {})) for pk in changed}
    found: dict[str, dict[int, Standing]] = {}
    for stage in assessed_stages(call.rules):
        kept = {pk: s for pk, s in held.found.get(stage.code, {}).items() if pk in marks}
        for pk in changed:
            rows = [(row[1], row[2]) for row in readings.get(pk, ()) if row[0] == stage.code]
            if rows or stage.code in points.get(pk, {}):
                said = advice[stage.code, pk]
                own = of_topic(stage, told.get(pk, {}))
                kept[pk] = _standing(rules[pk], own, rows, points.get(pk, {}), said)
        found[stage.code] = kept
    return _Held(now, marks, found)


def _readings(call: Call) -> Mapping[int, list[Mark]]:
    """By application: stage, state, whether it is a third one, its key, and its last card with the time."""
    found: dict[int, list[Mark]] = defaultdict(list)
    rows = Reading.objects.filter(application__call=call).order_by("pk")
    rows = rows.annotate(card=Max("cards"), at=Max("cards__signed_at"))
    for application, *rest in rows.values_list("application", "stage", "state", "third", "pk", "card", "at"):
        found[application].append(tuple(rest))
    return found


def _recommendations(
    call: Call, applications: Iterable[int] | None
) -> Mapping[tuple[str, int], Counter[str]]:
    """The last recommendation of every signed reading, counted by stage and application."""
    rows = ScoreCard.objects.filter(reading__application__call=call, reading__state=ReadingState.DONE)
    if applications is not None:
        rows = rows.filter(reading__application__in=list(applications))
    rows = rows.exclude(recommendation="").order_by("version")
    last = {
        reading: (stage, application, said)
        for reading, stage, application, said in rows.values_list(
            "reading", "reading__stage", "reading__application", "recommendation"
        )
    }
    found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for stage, application, said in last.values():
        found[stage, application][said] += 1
    return found


def _standing(
    rules: Definition,
    stage: Assessed,
    readings: Sequence[tuple[str, bool]],
    points: Mapping[str, Sequence[Card]],
    advice: Counter[str],
) -> Standing:
    states = Counter(state for state, _third in readings)
    counts: dict[str, Any] = {
        "done": states[ReadingState.DONE],
        "open": states[ReadingState.ASSIGNED] + states[ReadingState.OPEN],
        "refused": states[ReadingState.REFUSED],
        "wanted": sum(states[state] for state in LIVE),
        "by_rules": stage.assessors if isinstance(stage, MeritStage) else 0,
    }
    if isinstance(stage, TalkStage):
        return Standing(
            **counts, yes=advice["yes"], no=advice["no"], talk=advice["talk"], scored=bool(advice)
        )
    own = list(points.get(stage.code, ()))
    if any(card.assessor == ABSENT for card in own):
        counts |= {"open": 0, "wanted": max(states[ReadingState.DONE], 1)}
    return _scored(rules, stage, own, points, readings, counts)


def _scored(
    rules: Definition,
    stage: Any,
    own: list[Card],
    points: Mapping[str, Sequence[Card]],
    readings: Sequence[tuple[str, bool]],
    counts: dict[str, Any],
) -> Standing:
    third = _third(stage, own, readings)
    if not own:
        return Standing(**counts, third=third)
    here = stage_result(stage, own)
    upto = [s.code for s in scored_stages(rules)]
    upto = upto[: upto.index(stage.code) + 1]
    whole = result(rules, {code: points[code] for code in upto if code in points})
    return Standing(
        **counts,
        total=here.total,
        differ_by=here.differ_by,
        misses=whole.misses,
        third=third,
        scored=here.complete,
    )


def _third(stage: Any, own: list[Card], readings: Sequence[tuple[str, bool]]) -> str:
    if any(card.third for card in own):
        return "done"
    if any(third and state in LIVE for state, third in readings):
        return "asked"
    return "needed" if needs_third(stage, own) else ""


def progress(call: Call, code: str) -> dict[str, int]:
    """Readings of the stage by state, and applications without any."""
    rows = Reading.objects.filter(application__call=call, stage=code)
    gone = Q(state__in=(ReadingState.ASSIGNED, ReadingState.OPEN)) & ~Q(
        application__state=ApplicationState.SUBMITTED
    )
    rows = rows.exclude(gone)  # what was taken back by its author waits for nobody
    found = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in ReadingState.values}


def readings_of(application: Application, code: str) -> QuerySet[Reading]:
    rows = Reading.objects.filter(application=application, stage=code)
    rows = rows.select_related("assessor__user", "application__call__programme")
    return rows.prefetch_related("cards")


def last_plan(call: Call, code: str) -> AssignmentPlan | None:
    """The proposal that waits, or the last one that was adopted."""
    return call.assignment_plans.filter(stage=code).first()


def blocked_readings(call: Call, code: str) -> int:
    """Unsigned readings whose assessor was found to be linked with the application."""
    closed = conflicts(call, pool(call))
    rows = Reading.objects.filter(
        application__call=call, stage=code, state__in=(ReadingState.ASSIGNED, ReadingState.OPEN)
    )
    return sum(pair in closed for pair in rows.values_list("assessor", "application"))


def meetings(call: Call, code: str) -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(application__call=call, stage=code)
    return rows.select_related("application__call").order_by("at", "pk")
