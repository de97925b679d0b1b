"""A call in assessment: closed three weeks ago, about half of the cards are signed. All of it is invented."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.acts import applications, applications_people, formal, readings
from krzew.calls.acts import programmes as acts
from krzew.calls.assessment_cards import Draft
from krzew.calls.definition import plain, read
from krzew.calls.formal_checks import Answer, answered, formal_stage
from krzew.calls.models import Application, Call, Conflict, Kind, Programme, Reading
from krzew.calls.states import ReadingState
from krzew.demo import incubator, pool
from krzew.demo.call import settled
from krzew.demo.clock import at

DATA = Path(__file__).parent / "data" / "assessed.toml"
ROWS: list[dict[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["application"]
TITLES = frozenset(row["idea"] for row in ROWS)
ABOUT = {
    "about_pl": "Nabór dla pomysłów, które pomagają ludziom żyć i pracować u siebie. Zmyślony, na potrzeby demonstracji.",
    "about_en": "A call for ideas that help people to live and work at home. Invented for the demonstration.",
}
NAME = "Gałązki: nabór letni (demonstracja)"
LEFT_TO_KUBA = 3
WEAK, LACKING = 8, 2  # the one rejected formally, and the one that was to be completed


def begin(nina: Actor, now: datetime) -> Call:
    """Announced two months ago; people applied; the team checked."""
    with at(now - timedelta(days=62)):
        call = _announce(nina)
    for number, row in enumerate(ROWS):
        with at(now - timedelta(days=50 - 3 * number)):
            _apply(call, row)
    with at(now - timedelta(days=17)):
        _check(nina, call)
    _complete(nina, call, now)
    return call


def assess(nina: Actor, call: Call, kuba: Any, now: datetime) -> None:
    """Assessors are at work."""
    with at(now - timedelta(days=12)):
        pool.gather(nina, kuba)
        given = pool.assign(nina, call, "merit_a", due_on=timezone.localdate() + timedelta(days=26), each=2)
    _assess(given, kuba, now)
    with at(now - timedelta(days=3)):
        _too_near(given, kuba)


def _announce(nina: Actor) -> Call:
    programme = _with_completion(nina, settled(nina, acts.from_template(nina, "iws2")))
    start = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    call = acts.prepare_call(
        nina,
        programme,
        name_pl=NAME,
        name_en="Twigs: summer call (demonstration)",
        opens_at=start,
        submit_from=start + timedelta(hours=1),
        closes_at=(start + timedelta(days=41)).replace(hour=23, minute=59),
        results_on=timezone.localdate() + timedelta(days=100),
        pool=Decimal(600_000),
        **ABOUT,
    )
    with at(timezone.now() + timedelta(hours=12)):
        return acts.publish_call(nina, call)


def _with_completion(nina: Actor, programme: Programme) -> Programme:
    """Nina lets applicants complete what is lacking, once."""
    data = plain(programme.rules)
    for stage in data["stages"]:
        if stage["kind"] == "formal":
            stage["completion"] = {"working_days": 5}
    return acts.change_programme(nina, programme, read(data), seen=programme.revision)


def _plan(row: dict[str, Any]) -> list[dict[str, str]]:
    """Rows of the plan with dates one after another."""
    start = timezone.localdate().replace(day=1) + timedelta(days=120)
    dates = {"preparation": (0, 75), "testing": (80, 320)}
    return [
        {
            "phase": phase,
            "action": action,
            "start": (start + timedelta(days=dates[phase][0])).isoformat(),
            "end": (start + timedelta(days=dates[phase][1])).isoformat(),
            "cost": str(cost),
        }
        for phase, action, cost in row["plan"]
    ]


def _apply(call: Call, row: dict[str, Any]) -> Application:
    idea = incubator.idea(row["idea"])
    author = Actor.anonymous()
    application, _token = applications.start(author, call, kind=Kind.PERSON, idea=idea)
    texts = ("description", "novelty", "problem", "recipients", "change", "vision", "team")
    answers: dict[str, Any] = {name: row[name] for name in texts}
    answers |= {"title": row["idea"], "plan": _plan(row), "testers": str(row["testers"])}
    answers["amount"] = str(sum(cost for _phase, _action, cost in row["plan"]))
    contact = {"name": row["name"], "address": "Zmyślona 1", "phone": "600 000 000"}
    contact["email"] = f"wniosek{idea.pk}@demo.example"
    applications.save(author, application, seen=application.revision, answers=answers, applicant=contact)
    stage = call.rules.form
    assert stage is not None
    applications_people.set_ticks(author, application, {one.code for one in stage.declarations})
    return applications.submit(author, application, seen=application.revision)


def _check(nina: Actor, call: Call) -> None:
    """All but two pass: one repeats what already works, one is to be completed."""
    said = {
        WEAK: ("rejected", {"not_repeated": "Takie usługi świadczą już trzy spółdzielnie w województwie."}),
        LACKING: ("completion", {"complete": "W opisie zespołu brakuje osoby, która poprowadzi próbę."}),
    }
    for number, row in enumerate(call.applications.order_by("number")):
        result, no = said.get(number, ("passed", {}))
        formal.conclude(nina, row, _answers(row, no), result)
    formal.announce(nina, call)


def _complete(nina: Actor, call: Call, now: datetime) -> None:
    """The applicant adds what was lacking; then it passes."""
    row = call.applications.order_by("number")[LACKING]
    with at(now - timedelta(days=15)):
        author = Actor.anonymous()
        answers = {"team": row.answers["team"] + " Próbę poprowadzi pielęgniarka środowiskowa."}
        row = applications.save(author, row, seen=row.revision, answers=answers)
        applications.complete(author, row, seen=row.revision)
    with at(now - timedelta(days=14)):
        row.refresh_from_db()
        formal.conclude(nina, row, _answers(row, {}), "passed")


def _answers(row: Application, no: dict[str, str]) -> dict[str, Answer]:
    """What Krzew found by itself, a yes to the rest, and every no with its reason."""
    stage = formal_stage(row.call)
    assert stage is not None
    found = answered(row, stage, row.versions.latest("number"))
    said = {c.code: found.get(c.code) or Answer() for c in stage.checks}
    return {code: Answer(code not in no, no.get(code, ""), answer.krzew) for code, answer in said.items()}


def _assess(given: list[Reading], kuba: Any, now: datetime) -> None:
    """Cards as far as they are; what Kuba has not read yet waits for whoever tries the demonstration."""
    texts = {row["idea"]: row for row in ROWS}
    order = sorted(given, key=lambda reading: reading.application.number or 0)
    waiting = [reading.pk for reading in order if reading.assessor.user_id == kuba.pk][-LEFT_TO_KUBA:]
    for number, (title, rows) in enumerate(pool.by_application(given).items()):
        text = texts[title]
        for reading, points, reason in zip(rows, text["points"], text["reasons"], strict=False):
            if points and reading.pk not in waiting:
                with at(now - timedelta(days=max(10 - number, 3))):
                    pool.open_(reading)
                    pool.sign(reading, _card(points, reason))


def _too_near(given: list[Reading], kuba: Any) -> None:
    """One assessor finds that she knows the people, and gives the application back."""
    free = [row for row in given if row.assessor.user_id != kuba.pk]
    reading = next(row for row in reversed(free) if row.state == ReadingState.ASSIGNED)
    why = "W zeszłym roku prowadziłam z tym zespołem wspólny projekt."
    readings.refuse(pool.actor(reading), reading, kind=Conflict.Kind.PARTNERSHIP, reason=why)


CRITERIA = ("innovativeness", "needs", "efficiency", "universality", "vision")


def _card(points: list[int], reason: str) -> Draft:
    given = dict(zip(CRITERIA, map(str, points), strict=True))
    return Draft(points=given, reasons={}, overall=reason)
