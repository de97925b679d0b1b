"""What the guide promises is there: three calls, four innovations, a front door; nobody in it is real."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from django.test import Client

from krzew.calls.models import Application, Call, Conflict, FormalReview, Reading
from krzew.demo import assessed, call, decided, office, personas, ways
from krzew.door.models import Canned, Case, Handover, Need, Offer, Reply
from krzew.library.models import Solution
from krzew.timeline.models import Event
from krzew.timeline.queries import broken_links
from krzew.trials.models import Innovation, PolicyInclusion, ResultReport, Tester, Tranche

PHONES = {"600 000 000", "800 120 002"}
"""The invented telephone, and the public helpline for those who are beaten."""
pytestmark = pytest.mark.usefixtures("story")


def innovation(name: str) -> Innovation:
    return Innovation.objects.get(title=ways.TEXTS[name]["title"])


# --- the calls ---------------------------------------------------------------------------------------


def test_a_call_in_assessment() -> None:
    summer = Call.objects.get(name_pl=assessed.NAME)
    states = Counter(summer.applications.values_list("state", flat=True))
    assert states == {"submitted": 8, "out": 1}
    assert FormalReview.objects.filter(application__call=summer, result="completion").count() == 1
    readings = Reading.objects.filter(application__call=summer)
    assert readings.filter(state="done").count() in range(8, 13)
    assert readings.filter(state="assigned", assessor__user__email="kuba@demo.example").count() == 3
    assert Conflict.objects.filter(application__call=summer, kind="partnership").count() == 1


def test_plans_of_the_applications_add_up() -> None:
    for row in Application.objects.filter(call__name_pl=assessed.NAME):
        assert Decimal(row.answers["amount"]) == sum(Decimal(line["cost"]) for line in row.answers["plan"])


def test_a_decided_call() -> None:
    older = Call.objects.get(name_pl=decided.NAME)
    assert older.state == "decided"
    states = Counter(older.applications.values_list("state", flat=True))
    assert states == {"selected": 4, "out": 3, "resigned": 1}
    granted = [row.granted or 0 for row in older.applications.all()]
    assert sum(granted) <= (older.pool or 0)


def test_an_open_call() -> None:
    autumn = Call.objects.get(name_pl=call.NAME)
    states = Counter(autumn.applications.values_list("state", flat=True))
    assert states == {"submitted": call.SENT, "draft": 1}


# --- the innovations ---------------------------------------------------------------------------------


def test_the_clock_went_all_the_way() -> None:
    clock = innovation("clock")
    assert clock.state == "chosen"
    assert [v.state for v in clock.specifications.all()] == ["accepted", "returned", "accepted"]
    assert set(ResultReport.objects.filter(agreement__innovation=clock).values_list("state")) == {("signed",)}
    paid = Tranche.objects.filter(agreement__innovation=clock).values_list("paid_amount", flat=True)
    assert sum(amount or 0 for amount in paid) == clock.granted
    assert clock.test.testers.filter(state="finished").count() == 8
    assert not clock.diary.filter(kind="incident").exists()
    assert clock.package.files.count() == 1
    assert PolicyInclusion.objects.filter(solution=clock.solution).count() == 1


def test_a_failed_test_is_published_as_one() -> None:
    gestures = innovation("gestures")
    assert gestures.state == "failed"
    assert gestures.solution is not None
    assert gestures.solution.current is not None
    assert [row["direction"] for row in gestures.solution.current.card["evidence"]] == ["negative"]


def test_the_bus_looks_for_testers_and_waits_for_acceptance() -> None:
    bus = innovation("bus")
    assert (bus.stage, bus.test.state, bus.test.is_open) == ("test", "running", True)
    assert ResultReport.objects.get(agreement__innovation=bus).state == "sent"
    assert Tester.objects.filter(test=bus.test, state="signed_up").count() == 1


def test_the_shower_stands_at_the_gate() -> None:
    shower = innovation("shower")
    assert shower.stage == "full"
    assert [v.state for v in shower.specifications.all()] == ["accepted", "sent"]


@pytest.mark.parametrize(
    "path", ["journeys/", "journeys/zegar-dnia-dla-syna/", "library/zegar-dnia/", "board/"]
)
def test_everybody_reads_what_is_public(visitor: Client, path: str) -> None:
    page = visitor.get(f"/pl/{path}")
    assert page.status_code == 200
    assert "Dziecko Zmyślone" not in page.content.decode()


# --- the front door ----------------------------------------------------------------------------------


def test_the_front_door() -> None:
    needs = len(office.TEXTS["needs"])
    assert Need.objects.filter(is_demo=True).count() >= needs == 12
    assert not Need.objects.filter(is_demo=False).exists()
    cases = Case.objects.filter(kind__in=("need", "challenge", "question"))
    assert Counter(cases.values_list("kind", flat=True))["challenge"] == 2
    assert cases.filter(urgent=True, state="new").count() == 1
    assert cases.filter(first_answer_at__isnull=False).count() >= 4
    assert Handover.objects.get().to.email == "marta@demo.example"
    assert Counter(Offer.objects.values_list("state", flat=True)) == {"published": 2, "waiting": 1}
    assert (Canned.objects.count(), Reply.objects.filter(state="waiting").count()) == (3, 1)


# --- as a whole --------------------------------------------------------------------------------------


def test_events_are_a_whole_chain_in_order_of_time() -> None:
    assert not list(broken_links())
    first = Event.objects.filter(act="calls.idea_started").order_by("number").first()
    assert first is not None
    moments = Event.objects.filter(number__gte=first.number).order_by("number").values_list("at", flat=True)
    assert all(before <= after for before, after in pairwise(moments))


def test_nobody_in_it_is_real() -> None:
    """No number of a person, no address outside the demonstration, no telephone but the invented one."""
    files = [*ways.DATA.parent.glob("*.toml"), ways.DATA.parent / "ideas.csv"]
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<!\d)\d{11}(?!\d)", text), path
        assert set(re.findall(r"@([\w.-]+)", text)) <= {"demo.example"}, path
        assert set(re.findall(r"(?<![\d-])[1-9]\d{2} \d{3} \d{3}(?!\d)", text)) <= PHONES, path
    assert all(one.email.endswith("@demo.example") for one in personas.PERSONAS)
    assert Solution.objects.filter(slug__in=("zegar-dnia", "slownik-gestow-w-urzedzie")).count() == 2
