"""A stage of assessment: who assesses what, conflicts, third opinions, meetings, the end of the stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts import assessment as acts
from krzew.calls.acts import assessment_meetings as meetings
from krzew.calls.acts import assessors as pool
from krzew.calls.acts import assignment
from krzew.calls.acts import readings as cards
from krzew.calls.assessment_cards import Draft
from krzew.calls.assessment_matching import table
from krzew.calls.assessment_words import told
from krzew.calls.models import (
    Application,
    Assessor,
    AssignmentPlan,
    Call,
    Conflict,
    Meeting,
    Reading,
    ScoreCard,
)
from krzew.calls.queries.assessment import Standing, standings
from krzew.calls.states import Outcome, ReadingState
from krzew.timeline.models import Letter
from tests.calls.factories_assessment import OVERALL, REASON, give, make_assessor, make_sent

DESK = "https://example.org/desk"
NIW = {"first": 15, "second": 10, "third": 10, "fourth": 10, "fifth": 5}
PART_A = ("innovativeness", "needs", "efficiency", "universality", "vision")


@pytest.fixture
def niw(make_call: Callable[..., Call]) -> Call:
    return make_call("niw")


@pytest.fixture
def people(niw: Call) -> list[Assessor]:
    return [make_assessor(niw.programme.organisation, most=10) for _n in range(5)]


@pytest.fixture
def sent(niw: Call) -> list[Application]:
    return [make_sent(niw, "merit") for _n in range(8)]


def due() -> Any:
    return timezone.localdate() + timedelta(days=14)


def sign(reading: Reading, points: dict[str, Any], **fields: Any) -> ScoreCard:
    """The whole way of a card, by its assessor."""
    actor = Actor.of(reading.assessor.user)
    if reading.state == ReadingState.ASSIGNED:
        cards.state(actor, reading, impartial=True, confidential=True)
    draft = Draft(
        {code: str(given) for code, given in points.items()},
        dict.fromkeys(points, REASON),
        fields.get("overall", OVERALL),
        fields.get("recommendation", ""),
    )
    cards.save(actor, reading, draft, seen=reading.revision)
    return cards.sign(actor, reading)


def here(call: Call, code: str, application: Application) -> Standing:
    return standings(call, code)[application.pk]


# --- assignment ---------------------------------------------------------------------------------------


def test_a_proposal_keeps_every_hard_condition(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    people[0].linked_organisations = [sent[0].applicant_name]
    people[0].save()
    Conflict.objects.create(assessor=people[1], application=sent[1], kind="declared")
    people[2].most = 2
    people[2].save()
    plan = assignment.propose(manager, niw, "merit", assignment.Wishes(seed=7))
    pairs = [tuple(pair) for pair in plan.proposal["pairs"]]
    assert len(pairs) == len(set(pairs)) == 16
    assert set(Counter(p for _a, p in pairs).values()) == {2}
    assert Counter(a for a, _p in pairs)[people[2].pk] <= 2
    assert (people[0].pk, sent[0].pk) not in pairs
    assert (people[1].pk, sent[1].pk) not in pairs
    assert plan.proposal["connected"]
    assert plan.proposal["said"]["pl"] != plan.proposal["said"]["en"]
    again = assignment.propose(manager, niw, "merit", assignment.Wishes(seed=7))
    assert again.proposal["pairs"] == plan.proposal["pairs"]  # the seed decides, and it is kept


def with_themes(call: Call) -> Call:
    names = [{"code": c, "label": {"pl": c, "en": c}} for c in ("work", "home")]
    options = [{"code": n["code"], "label": n["label"]} for n in names]
    call.definition["themes"] = names
    form = call.definition["stages"][0]["sections"][0]["fields"]
    form.append(
        {"code": "theme", "kind": "choice", "label": {"pl": "Temat", "en": "Theme"}, "options": options}
    )
    call.save()
    call.__dict__.pop("rules", None)
    return call


def test_every_theme_has_somebody_who_knows_it(manager: Actor, niw: Call, people: list[Assessor]) -> None:
    with_themes(niw)
    people[0].competences = ["home"]
    people[0].save()
    rows = [make_sent(niw, "merit", answers={"title": "x", "theme": t}) for t in ("home", "home", "home")]
    plan = assignment.propose(manager, niw, "merit")
    for row in rows:
        assert [people[0].pk, row.pk] in plan.proposal["pairs"]


def test_what_cannot_be_assigned_says_why_and_what_helps(
    manager: Actor, niw: Call, people: list[Assessor]
) -> None:
    with_themes(niw)
    make_sent(niw, "merit", answers={"title": "x", "theme": "home"})
    plan = assignment.propose(manager, niw, "merit")
    assert not plan.proposal["possible"]
    assert plan.proposal["said"]["pl"]
    with pytest.raises(ValidationError):
        assignment.adopt(manager, plan, due_on=due(), desk=DESK)
    assert assignment.propose(manager, niw, "merit", assignment.Wishes(experts=False)).proposal["possible"]


def test_an_empty_pool_and_an_empty_stage_are_told_apart(manager: Actor, niw: Call) -> None:
    with pytest.raises(ValidationError, match=r"puli|pool"):
        assignment.propose(manager, niw, "merit")
    make_assessor(niw.programme.organisation)
    with pytest.raises(ValidationError, match=r"Każdy|Every"):
        assignment.propose(manager, niw, "merit")
    with pytest.raises(ValidationError):
        assignment.propose(manager, niw, "ranking")


def test_a_stranger_proposes_nothing(stranger: Actor, niw: Call, people: list[Assessor], sent: Any) -> None:
    with pytest.raises(Denied):
        assignment.propose(stranger, niw, "merit")


@pytest.fixture
def plan(manager: Actor, niw: Call, people: list[Assessor], sent: list[Application]) -> AssignmentPlan:
    return assignment.propose(manager, niw, "merit", assignment.Wishes(seed=7))


def free_for(
    plan: AssignmentPlan, application: Application, people: list[Assessor]
) -> tuple[Assessor, Assessor]:
    """Who has it in the proposal, and who does not."""
    mine = {a for a, p in plan.proposal["pairs"] if p == application.pk}
    return next(p for p in people if p.pk in mine), next(p for p in people if p.pk not in mine)


def test_a_change_by_hand_has_its_reason_and_the_hard_rules_hold(
    manager: Actor, plan: AssignmentPlan, people: list[Assessor], sent: list[Application]
) -> None:
    out, into = free_for(plan, sent[0], people)
    why = "Zna ten temat najlepiej z nas."
    with pytest.raises(ValidationError, match=r"zdani|sentence"):
        assignment.change(manager, plan, sent[0], out=out, into=into, reason="bo")
    Conflict.objects.create(assessor=into, application=sent[0], kind="family")
    with pytest.raises(ValidationError, match=str(into)):
        assignment.change(manager, plan, sent[0], out=out, into=into, reason=why)
    Conflict.objects.all().delete()
    into.most = 0
    into.save()
    with pytest.raises(ValidationError):
        assignment.change(manager, plan, sent[0], out=out, into=into, reason=why)
    into.most = 10
    into.save()
    other = next(p for p in people if p.pk != out.pk and [p.pk, sent[0].pk] in plan.proposal["pairs"])
    with pytest.raises(ValidationError):
        assignment.change(manager, plan, sent[0], out=out, into=other, reason=why)
    changed = assignment.change(manager, plan, sent[0], out=out, into=into, reason=why)
    assert [into.pk, sent[0].pk] in changed.proposal["pairs"]
    assert changed.changes[0]["reason"] == why
    made = assignment.adopt(manager, changed, due_on=due(), desk=DESK)
    assert (
        next(r for r in made if (r.assessor_id, r.application_id) == (into.pk, sent[0].pk)).assigned_why
        == why
    )


def test_adoption_makes_readings_and_holds_letters(
    manager: Actor, plan: AssignmentPlan, people: list[Assessor]
) -> None:
    made = assignment.adopt(manager, plan, due_on=due(), desk=DESK)
    assert len(made) == Reading.objects.filter(state=ReadingState.ASSIGNED, due_on=due()).count() == 16
    letters = Letter.objects.all()
    assert {letter.state for letter in letters} == {"held"}
    assert {letter.to_email for letter in letters} == {r.assessor.user.email for r in made}
    assert DESK in letters[0].body
    with pytest.raises(ValidationError):
        assignment.adopt(manager, plan, due_on=due(), desk=DESK)


def test_a_conflict_found_before_adoption_stops_it(
    manager: Actor, plan: AssignmentPlan, people: list[Assessor]
) -> None:
    assessor, application = plan.proposal["pairs"][0]
    Conflict.objects.create(assessor_id=assessor, application_id=application, kind="declared")
    with pytest.raises(ValidationError):
        assignment.adopt(manager, plan, due_on=due(), desk=DESK)
    assert not Reading.objects.exists()


def test_after_refusals_the_fewest_changes_and_what_was_opened_stays(
    manager: Actor, niw: Call, plan: AssignmentPlan, people: list[Assessor]
) -> None:
    made = assignment.adopt(manager, plan, due_on=due(), desk=DESK)
    opened, refused = made[0], made[5]
    cards.state(Actor.of(opened.assessor.user), opened, impartial=True, confidential=True)
    cards.refuse(
        Actor.of(refused.assessor.user), refused, kind="organisation", reason="Pracuję w tej fundacji."
    )
    mended = assignment.repropose(manager, niw, "merit")
    assert len(mended.proposal["pairs"]) == 1 + len(mended.proposal["take_back"])
    assert (refused.assessor_id, refused.application_id) not in [tuple(p) for p in mended.proposal["pairs"]]
    assignment.adopt(manager, mended, due_on=due(), desk=DESK)
    live = Reading.objects.exclude(state__in=[ReadingState.REFUSED, ReadingState.TAKEN_BACK])
    assert set(Counter(live.values_list("application", flat=True)).values()) == {2}
    assert Reading.objects.get(pk=opened.pk).state == ReadingState.OPEN
    with pytest.raises(ValidationError):
        assignment.repropose(manager, niw, "merit")


def test_a_conflict_found_later_takes_an_opened_reading_back(
    manager: Actor, niw: Call, plan: AssignmentPlan, people: list[Assessor], sent: list[Application]
) -> None:
    made = assignment.adopt(manager, plan, due_on=due(), desk=DESK)
    opened = made[0]
    cards.state(Actor.of(opened.assessor.user), opened, impartial=True, confidential=True)
    pool.note_conflict(
        manager, opened.assessor, opened.application, kind="family", note="Brat jest w zespole."
    )
    mended = assignment.repropose(manager, niw, "merit")
    assert opened.pk in mended.proposal["take_back"]
    assignment.adopt(manager, mended, due_on=due(), desk=DESK)
    assert Reading.objects.get(pk=opened.pk).state == ReadingState.TAKEN_BACK


# --- a third opinion ----------------------------------------------------------------------------------


def test_cards_that_differ_by_more_than_25_call_a_third_that_decides(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    application = sent[0]
    low = {"first": 6, "second": 4, "third": 4, "fourth": 4, "fifth": 2}
    sign(give(application, people[0]), NIW)
    sign(give(application, people[1]), low)
    now = here(niw, "merit", application)
    assert (now.third, now.complete, now.differ_by) == ("needed", False, 30)
    best, label = assignment.thirds(table(niw, "merit"), application)[0]
    assert best not in people[:2]
    assert str(best) in label
    with pytest.raises(ValidationError):
        assignment.ask_third(manager, application, "merit", people[0], due_on=due(), desk=DESK)
    reading = assignment.ask_third(manager, application, "merit", best, due_on=due(), desk=DESK)
    assert reading.third
    assert here(niw, "merit", application).third == "asked"
    with pytest.raises(ValidationError):
        assignment.ask_third(manager, application, "merit", people[4], due_on=due(), desk=DESK)
    sign(reading, NIW | {"first": 10})
    now = here(niw, "merit", application)
    assert (now.total, now.third, now.complete, now.verdict) == (45, "done", True, "passed")


def test_a_difference_of_exactly_25_calls_nobody(
    niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    sign(give(sent[0], people[0]), NIW)
    sign(give(sent[0], people[1]), {"first": 6, "second": 5, "third": 5, "fourth": 5, "fifth": 4})
    assert here(niw, "merit", sent[0]).third == ""


def test_a_card_opened_again_does_not_count_until_it_is_signed(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    first = give(sent[0], people[0])
    sign(first, NIW)
    sign(give(sent[0], people[1]), NIW)
    assert here(niw, "merit", sent[0]).total == 50
    cards.reopen(manager, first, reason="Proszę sprawdzić kryterium 1.", desk=DESK)
    assert not here(niw, "merit", sent[0]).complete
    sign(first, NIW | {"first": 13})
    assert here(niw, "merit", sent[0]).total == 49


# --- the end of a stage -------------------------------------------------------------------------------


def test_a_stage_ends_when_every_card_is_signed_and_says_why_not(
    manager: Actor, make_call: Callable[..., Call]
) -> None:
    call = make_call("iws2")
    people = [make_assessor(call.programme.organisation) for _n in range(2)]
    good, bad = make_sent(call, "merit_a"), make_sent(call, "merit_a")
    for person in people:
        sign(give(good, person), dict.fromkeys(PART_A, 7))
    waits = give(bad, people[0])
    with pytest.raises(ValidationError, match=r"1 wniosek|1 application"):
        acts.close_stage(manager, call, "merit_a")
    sign(waits, dict.fromkeys(PART_A, 7) | {"needs": 3})
    sign(give(bad, people[1]), dict.fromkeys(PART_A, 7) | {"needs": 4})
    acts.close_stage(manager, call, "merit_a")
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.stage, good.state) == ("pitch_b", "submitted")
    assert (bad.stage, bad.state, bad.outcome) == ("merit_a", "out", Outcome.REJECTED_MERIT)
    decision = bad.decisions.get()
    assert decision.released_at is None
    with translation.override("pl"):
        assert decision.reason == told(here(call, "merit_a", bad).misses[0])
    assert decision.reason.startswith("Adekwatność do potrzeb: ")
    assert "3,5" in decision.reason
    assert not Letter.objects.exists()  # nobody hears of it yet
    with pytest.raises(ValidationError):
        acts.close_stage(manager, call, "merit_a")


def test_thirty_points_of_65_with_every_minimum_do_not_pass(
    manager: Actor, make_call: Callable[..., Call]
) -> None:
    call = make_call("iws2")
    people = [make_assessor(call.programme.organisation) for _n in range(2)]
    row = make_sent(call, "merit_a")
    for person in people:
        sign(give(row, person), dict.fromkeys(PART_A, 4) | {"innovativeness": 5})
    acts.close_stage(manager, call, "merit_a")
    row.refresh_from_db()
    Meeting.objects.create(application=row, stage="pitch_b", at=timezone.now(), minutes=15, attended=True)
    for person in people:
        sign(give(row, person), dict.fromkeys(("testing", "potential", "deinstitutionalisation"), 3))
    acts.close_stage(manager, call, "pitch_b")
    row.refresh_from_db()
    assert row.outcome == Outcome.REJECTED_MERIT
    reason = row.decisions.get().reason
    assert reason.startswith("Suma części A i B: ")
    assert "30" in reason
    assert "32,5" in reason


def test_a_pitch_is_scored_after_it_and_announced_in_time(
    manager: Actor, make_call: Callable[..., Call]
) -> None:
    call = make_call("iws2")
    rows = [make_sent(call, "pitch_b") for _n in range(3)]
    person = make_assessor(call.programme.organisation)
    soon = timezone.now() + timedelta(days=13)
    with pytest.raises(ValidationError, match=r"14 dni|14 days"):
        meetings.plan(manager, call, "pitch_b", begins=soon, count=2, where="Sala 3")
    begins = timezone.now() + timedelta(days=15)
    made = meetings.plan(manager, call, "pitch_b", begins=begins, count=2, where="Sala 3", pause=5)
    assert made[1].at - made[0].at == timedelta(minutes=20)
    assert {letter.state for letter in Letter.objects.all()} == {"held"}
    assert [a.pk for a in meetings.without_meeting(call, "pitch_b")] == [rows[2].pk]
    reading = give(rows[0], person)
    points = dict.fromkeys(("testing", "potential", "deinstitutionalisation"), 4)
    with pytest.raises(ValidationError):
        sign(reading, points)
    with pytest.raises(ValidationError):
        meetings.note_attendance(manager, made[0], came=True)
    Meeting.objects.update(at=timezone.now() - timedelta(hours=1))
    meetings.note_attendance(manager, Meeting.objects.get(pk=made[0].pk), came=True)
    sign(reading, points)
    assert here(call, "pitch_b", rows[0]).total == 12


@pytest.mark.parametrize(
    ("absence", "total", "state"),
    [("zero", 0, "submitted"), ("rejected", None, "out"), ("new_date", None, "submitted")],
)
def test_an_absence_has_the_consequence_that_the_rules_give_it(
    manager: Actor, make_call: Callable[..., Call], absence: str, total: int | None, state: str
) -> None:
    call = make_call("iws2")
    next(s for s in call.definition["stages"] if s["code"] == "pitch_b")["absence"] = absence
    call.save()
    call = Call.objects.get(pk=call.pk)
    row = make_sent(call, "pitch_b")
    give(row, make_assessor(call.programme.organisation))
    meeting = Meeting.objects.create(application=row, stage="pitch_b", at=timezone.now(), minutes=15)
    meetings.note_attendance(manager, meeting, came=False)
    row.refresh_from_db()
    assert here(call, "pitch_b", row).total == total
    assert row.state == state
    again = meetings.without_meeting(call, "pitch_b")
    assert bool(again) == (absence == "new_date")


def test_recommendations_without_points_have_two_rounds(
    manager: Actor, make_call: Callable[..., Call]
) -> None:
    call = make_call("stocznia")
    people = [make_assessor(call.programme.organisation) for _n in range(3)]
    yes, split = make_sent(call, "first_commission"), make_sent(call, "first_commission")
    for person, word in zip(people, ("yes", "yes", "no"), strict=True):
        sign(give(yes, person), {}, recommendation=word)
    said = [
        sign(give(split, p), {}, recommendation=w) for p, w in zip(people, ("yes", "no", "talk"), strict=True)
    ]
    assert here(call, "first_commission", yes).verdict == "passed"
    with pytest.raises(ValidationError, match=r"większości|majority"):
        acts.close_stage(manager, call, "first_commission")
    assert acts.open_final_round(manager, call, "first_commission") == 6
    for reading in Reading.objects.select_related("assessor__user", "application__call__programme"):
        word = "no" if reading.application_id == split.pk else "yes"
        sign(reading, {}, recommendation=word)
    with pytest.raises(ValidationError):
        acts.open_final_round(manager, call, "first_commission")
    assert ScoreCard.objects.filter(reading=said[0].reading).count() == 2
    acts.close_stage(manager, call, "first_commission")
    yes.refresh_from_db()
    split.refresh_from_db()
    assert (yes.stage, split.outcome) == ("cooperation", Outcome.REJECTED_MERIT)
    assert "3" in split.decisions.get().reason


def test_reminders_are_held_and_not_doubled(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    give(sent[0], people[0], ReadingState.ASSIGNED, due_on=due())
    give(sent[1], people[0])
    sign(give(sent[2], people[1]), NIW)
    assert acts.remind(manager, niw, "merit", desk=DESK) == 1
    assert acts.remind(manager, niw, "merit", desk=DESK) == 0
    letter = Letter.objects.get()
    assert (letter.state, letter.to_email) == ("held", people[0].user.email)
    assert "2 wnioski" in letter.body


def test_what_was_taken_back_by_its_author_reminds_nobody(
    manager: Actor, niw: Call, people: list[Assessor], sent: list[Application]
) -> None:
    give(sent[0], people[0])
    Application.objects.filter(pk=sent[0].pk).update(state="withdrawn")
    assert acts.remind(manager, niw, "merit", desk=DESK) == 0
