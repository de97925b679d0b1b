"""A small test for tests: planned to the last question, with testers who agreed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.trials.acts import test as acts
from krzew.trials.acts import testers
from krzew.trials.models import Innovation, Test, Tester
from krzew.trials.small.phases import Phase
from krzew.trials.small.questions import Question

ANYONE = Actor.anonymous()
TEXT = "Próbujemy ławki z opowieściami.\nMożna przestać w każdej chwili."
SHARE = Question("", "Czy dojdziesz sam do lekarza?", "share", "yes_no", 30, 80)
PAIRED = Question("", "Czy wychodzisz z domu?", "paired", "yes_no", 20, 60)
EVENTS = Question("", "Ile razy pomogła ławka?", "events", "number")
HARM = Question("", "Czy coś zabolało?", "harm", "yes_no", acceptable_harm=10)


def today() -> date:
    return timezone.localdate()


def planned(innovation: Innovation, *asked: Question, people: int = 8, **basics: Any) -> Test:
    """A plan with these questions, its place, its dates and the text of the consent."""
    test = acts.plan_test(ANYONE, innovation, innovator=True)
    for question in asked or (SHARE, HARM):
        acts.save_question(ANYONE, test, question, seen=test.revision, people=people, innovator=True)
    values: dict[str, Any] = {
        "where": "Dom dziennego pobytu",
        "planned_testers": people,
        "under_age": False,
        "keep_until": today() + timedelta(days=300),
    }
    acts.save_basics(ANYONE, test, seen=test.revision, innovator=True, **(values | basics))
    phase = Phase("", "Próba", "test", today(), today() + timedelta(days=60))
    acts.save_phases(ANYONE, test, [phase], seen=test.revision, innovator=True)
    testers.write_text(ANYONE, test, TEXT, innovator=True)
    return test


def invited(test: Test, name: str = "Osoba Zmyślona", **data: Any) -> tuple[Tester, str]:
    return testers.invite(ANYONE, test, {"name": name, **data}, innovator=True)


def agreed(test: Test, how_many: int) -> list[Tester]:
    """So many testers, each of whom agreed."""
    text = test.consent_texts.first()
    assert text is not None
    rows = [invited(test, f"Osoba {n}")[0] for n in range(how_many)]
    return [testers.agree(row, text) for row in rows]


def begun(innovation: Innovation, *asked: Question, people: int = 8) -> Test:
    """A test under way, with all its testers."""
    test = planned(innovation, *asked, people=people)
    agreed(test, people)
    Test.objects.filter(pk=test.pk).update(state="running")
    test.refresh_from_db()
    return test
