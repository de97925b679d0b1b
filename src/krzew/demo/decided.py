"""An older call, decided: four ideas went on to the test, one stands on the reserve list. All of it is invented."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.acts import applications, applications_people, assessment, decisions, decisions_release
from krzew.calls.acts import programmes as acts
from krzew.calls.assessment_cards import Draft
from krzew.calls.models import Application, Call, Kind
from krzew.calls.states import ApplicationState, Outcome
from krzew.demo import incubator, pool
from krzew.demo.call import settled
from krzew.demo.clock import at

DATA = Path(__file__).parent / "data" / "decided.toml"
ROWS: list[dict[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["application"]
TITLES = frozenset(row["idea"] for row in ROWS)
NAME = "Pędy: pierwszy nabór (demonstracja)"
STAGE = "first_commission"
ABOUT = {
    "about_pl": "Nabór, w którym z autorami się rozmawia, zanim cokolwiek się obieca. Zmyślony, na potrzeby demonstracji.",
    "about_en": "A call in which authors are talked with before anything is promised. Invented for the demonstration.",
}
LIMITED = "Komisja oceniła pomysł dobrze. Pieniędzy w tej turze starczyło na cztery inne pomysły."


def run(nina: Actor, kuba: Any, father: Any, now: datetime) -> Call:
    """Announced fourteen months ago, decided a year ago."""
    with at(now - timedelta(days=420)):
        call = _announce(nina)
    for number, row in enumerate(ROWS):
        with at(now - timedelta(days=410 - 2 * number)):
            _apply(call, row, father if number == 0 else None)
    _talk(nina, kuba, call, now)
    with at(now - timedelta(days=362)):
        _decide(nina, call)
    with at(now - timedelta(days=360)):
        decisions_release.release_results(nina, call)
    call.refresh_from_db()
    return call


def _announce(nina: Actor) -> Call:
    programme = settled(nina, acts.from_template(nina, "stocznia"))
    start = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    call = acts.prepare_call(
        nina,
        programme,
        name_pl=NAME,
        name_en="Shoots: the first call (demonstration)",
        opens_at=start,
        submit_from=start + timedelta(hours=1),
        closes_at=(start + timedelta(days=30)).replace(hour=23, minute=59),
        results_on=timezone.localdate() + timedelta(days=70),
        pool=Decimal(160_000),
        **ABOUT,
    )
    with at(timezone.now() + timedelta(hours=12)):
        return acts.publish_call(nina, call)


def _apply(call: Call, row: dict[str, Any], user: Any) -> Application:
    idea = incubator.idea(row["idea"])
    author = Actor.of(user) if user else Actor.anonymous()
    application, _token = applications.start(author, call, kind=Kind.PERSON, idea=idea)
    answers = {"title": row["idea"], "problem": row["problem"], "idea": row["about"], "people": row["people"]}
    contact = {"name": row["name"], "address": "Zmyślona 1", "phone": "600 000 000"}
    contact["email"] = user.email if user else f"ped{idea.pk}@demo.example"
    applications.save(author, application, seen=application.revision, answers=answers, applicant=contact)
    stage = call.rules.form
    assert stage is not None
    applications_people.set_ticks(author, application, {one.code for one in stage.declarations})
    return applications.submit(author, application, seen=application.revision)


def _talk(nina: Actor, kuba: Any, call: Call, now: datetime) -> None:
    """The first commission: an initial word of each member, the discussion, the final word."""
    texts = {row["idea"]: row for row in ROWS}
    with at(now - timedelta(days=386)):
        pool.gather(nina, kuba)
        given = pool.assign(nina, call, STAGE, due_on=timezone.localdate() + timedelta(days=14), each=3)
    with at(now - timedelta(days=378)):
        for reading in given:
            pool.open_(reading)
            pool.sign(reading, _word(texts[reading.application.title]))
    with at(now - timedelta(days=370)):
        if len(call.rules.stage(STAGE).rounds) > 1:  # type: ignore[union-attr]
            assessment.open_final_round(nina, call, STAGE)
            for reading in given:
                pool.sign(reading, _word(texts[reading.application.title]))
        assessment.close_stage(nina, call, STAGE)


def _word(row: dict[str, Any]) -> Draft:
    good = row["outcome"] != Outcome.REJECTED_MERIT
    return Draft(overall=row["talk"], recommendation="yes" if good else "no")


def _decide(nina: Actor, call: Call) -> None:
    """Four grants; the fifth waits on the reserve list, because the money is short."""
    texts = {row["idea"]: row for row in ROWS}
    waiting = call.applications.filter(state="submitted").order_by("number")
    for application in waiting.select_related("call__programme"):
        row = texts[application.title]
        amount = Decimal(row["amount"]) if "amount" in row else None
        decisions.decide(
            nina, application, row["outcome"], amount=amount, reason=LIMITED, feedback=row["talk"]
        )


def give_up(call: Call) -> None:
    """Whoever waited on the reserve list does it elsewhere."""
    waiting = call.applications.get(state=ApplicationState.RESERVE)
    applications.resign(Actor.anonymous(), waiting, reason="Kurs ruszył już w ośrodku kultury. Dziękujemy.")
