"""The small tests of the demonstration: planned, agreed to, measured, ended. Testers are invented."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from krzew.demo.ways import Way
from krzew.trials.acts import diary, measurements, testers
from krzew.trials.acts import test as acts
from krzew.trials.models import Test
from krzew.trials.small.phases import Phase
from krzew.trials.small.questions import Question, questions

KEPT = ("label", "measure", "answer", "baseline", "target", "acceptable_harm")
KEPT_DAYS = 730
"""Names of testers are kept so long in the demonstration, that its pages show what is kept."""


def _test(way: Way) -> Test:
    return Test.objects.select_related("innovation__call__programme").get(innovation=way.key)


def plan(way: Way) -> None:
    """What is asked, where, when, with whom."""
    text, author = way.text["test"], way.author
    acts.plan_test(author, way.now, innovator=True)
    test = _test(way)
    for row in text["questions"]:
        asked = Question("", **{name: row[name] for name in KEPT if name in row})
        acts.save_question(author, test, asked, seen=test.revision, people=text["people"], innovator=True)
    _basics(way, test)
    lines = [{"label": label, "planned": planned} for label, planned in text["profile"]]
    acts.save_profile(author, test, lines, seen=test.revision, innovator=True)
    testers.write_text(author, test, text["consent_pl"], text["consent_en"], innovator=True)
    for row in way.text.get("risks", []):
        diary.add_risk(author, way.now, innovator=True, **row)


def _basics(way: Way, test: Test) -> None:
    text, today = way.text["test"], timezone.localdate()
    acts.save_basics(
        way.author,
        test,
        seen=test.revision,
        where=way.text["where"],
        planned_testers=text["people"],
        under_age=text.get("child", False),
        keep_until=today + timedelta(days=KEPT_DAYS),
        innovator=True,
    )
    begins = today + timedelta(days=14)
    ends = begins + timedelta(days=text["days"])
    phases = [
        Phase("", "Przygotowanie", "preparation", today, begins - timedelta(days=1)),
        Phase("", "Próba", "test", begins, ends),
    ]
    acts.save_phases(way.author, test, phases, seen=test.revision, innovator=True)


def invite(way: Way) -> None:
    """Testers agree to the text; for a child its guardian does."""
    test, child = _test(way), way.text["test"].get("child", False)
    agreed_to = test.consent_texts.get()
    lines = [row["code"] for row in test.plan["profile"]]
    for number, line in enumerate(way.text["test"]["belongs"], 1):
        name = f"{'Dziecko Zmyślone' if child else 'Osoba Zmyślona'} {number}"
        data: dict[str, Any] = {"name": name, "email": f"proba{way.key}{number:02}@demo.example"}
        data |= {"has_guardian": child, "decides_herself": not child}
        tester, _token = testers.invite(way.author, test, data, innovator=True)
        who = {"has_guardian": child, "decides_herself": not child}
        testers.describe(way.author, tester, profile=[lines[line]], innovator=True, **who)
        guardian = f"Opiekun Zmyślony {number}" if child else ""
        testers.agree(tester, agreed_to, by_guardian=child, guardian=guardian)


def look_for_more(way: Way) -> None:
    """The open invitation, which everybody can read."""
    test, text = _test(way), way.text["test"]
    said = {name: text[name] for name in ("call_pl", "call_en", "accessible")}
    acts.save_call(way.author, test, seen=test.revision, is_open=True, innovator=True, **said)


def somebody_signs_up(way: Way) -> None:
    """Somebody read the invitation and waits for an answer."""
    data = {"name": "Osoba Zmyślona 21", "phone": "600 000 000", "needs": "Jeżdżę z wózkiem dziecięcym."}
    testers.sign_up(_test(way), data)


def measure(moment: str) -> Any:
    """Every question that is asked at this moment, for every tester."""

    def write_down(way: Way) -> None:
        test, today = _test(way), timezone.localdate()
        codes = [row.code for row in test.testers.filter(state="agreed")]
        for asked, row in zip(questions(test), way.text["test"]["questions"], strict=True):
            if moment in row:
                values = {code: Decimal(n) for code, n in zip(codes, row[moment], strict=True)}
                measurements.measure(way.author, test, asked.code, moment, values, on=today, innovator=True)

    return write_down


def begin(way: Way) -> None:
    acts.begin_test(way.author, _test(way), innovator=True)


def end(way: Way) -> None:
    acts.end_test(way.author, _test(way), innovator=True)
