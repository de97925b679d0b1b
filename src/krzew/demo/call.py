"""An open call in the demonstration, with applications that grew out of ideas. All of it is invented."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.acts import applications, applications_people
from krzew.calls.acts import programmes as acts
from krzew.calls.models import Call, IdeaCard, Kind, Programme, Wish
from krzew.calls.states import IdeaState

NAME = "Pierwszy Pąk: nabór jesienny (demonstracja)"
SENT = 10
ABOUT = {
    "about_pl": "Szukamy pomysłów, które pomogą ludziom wyjść z domu, znaleźć pracę albo lepiej opiekować się bliskimi. "
    "Nabór jest zmyślony, na potrzeby demonstracji.",
    "about_en": "We look for ideas that help people to leave home, find work or care better for those close to them. "
    "The call is invented for the demonstration.",
}
TEST = (
    "Trzy miesiące, od pięciu do ośmiu osób. Po każdym tygodniu pytamy, co było łatwiejsze, a co trudniejsze."
)
STATEMENT = "Robimy to z potrzeby: sprawa dotyczy nas albo naszych sąsiadów."


def announce(nina: Actor) -> Call:
    """Nina answers the open questions of the template and announces the call."""
    programme = settled(nina, acts.from_template(nina, "wlacznik"))
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    call = acts.prepare_call(
        nina,
        programme,
        name_pl=NAME,
        name_en="First Bud: autumn call (demonstration)",
        opens_at=now + timedelta(hours=2),
        submit_from=now + timedelta(days=7),
        closes_at=(now + timedelta(days=28)).replace(hour=23, minute=59),
        results_on=timezone.localdate() + timedelta(days=70),
        pool=Decimal(400_000),
        **ABOUT,
    )
    return acts.publish_call(nina, call)


def settled(nina: Actor, programme: Programme) -> Programme:
    while programme.rules.open_questions:
        programme = acts.settle_question(nina, programme, 0, seen=programme.revision)
    return programme


def apply(call: Call) -> int:
    """Some authors of ideas apply; the last one has only begun."""
    ideas = IdeaCard.objects.filter(wish=Wish.IDEA, state=IdeaState.SENT).order_by("pk")[: SENT + 1]
    for number, idea in enumerate(ideas):
        _apply(call, idea, number, send=number < SENT)
    return len(ideas)


def _apply(call: Call, idea: IdeaCard, number: int, *, send: bool) -> None:
    author = Actor.anonymous()
    application, _token = applications.start(author, call, kind=Kind.PERSON, idea=idea)
    contact = {"name": idea.name or "Osoba Zmyślona", "address": "Zmyślona 1", "phone": "600 000 000"}
    contact |= {"email": f"pomysl{idea.pk}@demo.example"}
    answers: dict[str, Any] = {
        "title": idea.title,
        "problem": idea.what,
        "recipients": idea.for_whom,
        "solution": idea.what,
        "test": TEST,
        "amount": str(18_000 + 3_500 * (number % 7)),
        "about": STATEMENT,
    }
    applications.save(author, application, seen=application.revision, answers=answers, applicant=contact)
    if send:
        stage = call.rules.form
        assert stage is not None
        applications_people.set_ticks(author, application, {one.code for one in stage.declarations})
        applications.submit(author, application, seen=application.revision)
