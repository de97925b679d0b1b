"""The formal check: what Krzew answers, one chance to complete, and letters that nobody gets too early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.permissions import Denied
from krzew.calls.acts import formal as acts
from krzew.calls.acts.applications import complete
from krzew.calls.formal_checks import Answer, answered, formal_stage
from krzew.calls.models import Application, Call, Decision, Programme
from krzew.calls.queries import formal as queries
from krzew.calls.states import Outcome, WrongState
from krzew.timeline.models import Letter
from krzew.timeline.working_days import add_working_days

ClientOf = Callable[[Actor], Client]
MakeApplication = Callable[..., Any]


def answers(call: Call, **no: str) -> dict[str, Answer]:
    """Yes to everything except what is named, with its reason."""
    stage = formal_stage(call)
    assert stage is not None
    return {c.code: Answer(c.code not in no, no.get(c.code, "")) for c in stage.checks}


@pytest.fixture
def niw(make_call: Callable[..., Call]) -> Call:
    return make_call("niw")


@pytest.fixture
def application(niw: Call, make_application: MakeApplication) -> Application:
    row: Application = make_application(niw)
    return row


def test_krzew_answers_what_it_can_from_the_version_that_was_sent(
    call: Call, make_application: MakeApplication
) -> None:
    row = make_application(call)
    stage, version = formal_stage(call), row.versions.get()
    assert stage
    found = answered(row, stage, version)
    assert {code: a.ok for code, a in found.items()} == dict.fromkeys(
        ("in_time", "complete", "declarations", "limit", "amount", "months"), True
    )
    row.answers = {}  # what is typed later changes nothing in what was sent
    assert all(a.ok for a in answered(row, stage, version).values())


def test_krzew_says_what_is_wrong(call: Call, make_application: MakeApplication) -> None:
    row = make_application(call)
    stage, version = formal_stage(call), row.versions.get()
    assert stage
    version.content["statements"] = []
    version.content["answers"]["amount"] = "999999.00"
    del version.content["answers"]["novelty"]
    row.submitted_at = call.closes_at + timedelta(seconds=1)
    found = answered(row, stage, version)
    assert not any(found[code].ok for code in ("in_time", "complete", "declarations", "amount"))
    assert "120" in found["amount"].reason


def test_the_limit_counts_what_came_before(call: Call, make_application: MakeApplication) -> None:
    rows = [make_application(call, email="jedna@example.org") for _n in range(2)]
    third = make_application(call)
    third.email = rows[0].email
    stage = formal_stage(call)
    assert stage
    assert answered(third, stage, third.versions.get())["limit"].ok is False
    assert answered(rows[1], stage, rows[1].versions.get())["limit"].ok is True


def test_passed_goes_to_the_next_stage(manager: Actor, niw: Call, application: Application) -> None:
    acts.conclude(manager, application, answers(niw), acts.PASSED)
    application.refresh_from_db()
    assert (application.stage, application.state) == ("merit", "submitted")
    with pytest.raises(WrongState):
        acts.conclude(manager, application, answers(niw), acts.PASSED)


def test_every_no_needs_a_reason(manager: Actor, niw: Call, application: Application) -> None:
    with pytest.raises(ValidationError) as error:
        acts.conclude(
            manager, application, {"in_time": Answer(True), "complete": Answer(False)}, acts.REJECTED
        )
    assert set(error.value.message_dict) == {"why_complete"}


def test_a_person_may_find_otherwise_than_krzew_with_a_reason(
    manager: Actor, niw: Call, application: Application
) -> None:
    found = answers(niw) | {"complete": Answer(True, "", krzew=False)}
    with pytest.raises(ValidationError):
        acts.conclude(manager, application, found, acts.PASSED)
    found["complete"] = Answer(True, "Brakujące dane są w załączniku.", krzew=False)
    assert acts.conclude(manager, application, found, acts.PASSED).answers["complete"]["krzew"] is False


def test_one_chance_to_complete_then_the_end(manager: Actor, niw: Call, application: Application) -> None:
    no = answers(niw, complete="Brakuje opisu.")
    with pytest.raises(ValidationError):  # the rules give a chance first
        acts.conclude(manager, application, no, acts.REJECTED)
    acts.conclude(manager, application, no, acts.COMPLETION)
    application.refresh_from_db()
    assert application.state == "returned"
    assert timezone.localdate(application.complete_by) == add_working_days(timezone.localdate(), 3)
    complete(Actor.anonymous(), application, seen=application.revision)
    with pytest.raises(ValidationError):  # the round is used up
        acts.conclude(manager, application, no, acts.COMPLETION)
    acts.conclude(manager, application, no, acts.REJECTED)
    application.refresh_from_db()
    assert (application.state, application.outcome) == ("out", Outcome.REJECTED_FORMAL)
    decision = Decision.objects.get(application=application)
    assert "Brakuje opisu." in decision.reason
    assert decision.released_at is None


def test_what_cannot_be_completed_is_rejected_at_once(
    manager: Actor, niw: Call, application: Application
) -> None:
    no = answers(niw, in_time="Wpłynął po terminie.")
    with pytest.raises(ValidationError):
        acts.conclude(manager, application, no, acts.COMPLETION)
    acts.conclude(manager, application, no, acts.REJECTED)
    assert application.outcome == Outcome.REJECTED_FORMAL


def test_letters_wait_and_the_days_count_from_the_day_of_the_letter(
    manager: Actor, niw: Call, application: Application
) -> None:
    acts.conclude(manager, application, answers(niw, complete="Brakuje opisu."), acts.COMPLETION)
    letter = Letter.objects.get(subject__contains="1/001", state="held")
    assert letter.organisation is None  # no list of letters can let it go alone
    Application.objects.update(complete_by=timezone.now() - timedelta(days=9))
    assert acts.announce(manager, niw) == 1
    letter.refresh_from_db()
    application.refresh_from_db()
    assert letter.state in ("released", "sent")
    assert letter.organisation == manager.organisation
    assert timezone.localdate(application.complete_by) == add_working_days(timezone.localdate(), 3)
    assert "Brakuje opisu." in letter.body
    assert "{{" not in letter.body


def test_late_completions_are_left_when_a_person_confirms(
    manager: Actor, niw: Call, application: Application
) -> None:
    acts.conclude(manager, application, answers(niw, complete="Brakuje opisu."), acts.COMPLETION)
    application.refresh_from_db()
    with pytest.raises(ValidationError):
        acts.leave_late(manager, niw, [application])
    application.complete_by = timezone.now() - timedelta(seconds=2)
    application.save()
    assert acts.leave_late(manager, niw, [application]) == 1
    application.refresh_from_db()
    assert application.outcome == Outcome.LEFT
    acts.announce(manager, niw)
    body = Letter.objects.order_by("pk").last().body
    assert "odwoł" in body.lower() or "appeal" in body


def test_similar_ones_are_help(manager: Actor, niw: Call, make_application: MakeApplication) -> None:
    same = {"description": "Wypożyczalnia rowerów naprawianych przez uczestników warsztatu w Czarnkowie."}
    first, second = make_application(niw, answers=same), make_application(niw, answers=same)
    make_application(niw, answers={"title": "Spiżarnia", "description": "Kiszonki z nadwyżek targowiska."})
    found = queries.alike(queries.application(manager, niw, second.number) or second)
    assert found.applications[0].application.pk == first.pk
    assert found.applications[0].near.copy
    assert not found.applications[0].same


def test_two_ideas_of_one_applicant_that_are_the_same_say_so(
    manager: Actor, niw: Call, make_application: Any, client_of: ClientOf
) -> None:
    same = {"description": "Wypożyczalnia rowerów naprawianych przez uczestników warsztatu w Czarnkowie."}
    first, other = (
        make_application(niw, answers=same, email="zofia@example.org"),
        make_application(niw, answers=same),
    )
    Application.objects.filter(pk=other.pk).update(email="zofia@example.org")
    found = queries.alike(queries.application(manager, niw, first.number) or first)
    assert [(one.application.pk, one.same) for one in found.applications] == [(other.pk, True)]
    page = client_of(manager).get(reverse("calls:formal_one", args=[niw.slug, first.number]))
    assert "ten sam wnioskodawca" in page.content.decode()


def test_an_idea_of_an_earlier_call_is_found_and_of_another_incubator_is_not(
    manager: Actor, stranger: Actor, make_call: Any, make_application: Any, client_of: ClientOf
) -> None:
    same = {"description": "Wypożyczalnia rowerów naprawianych przez uczestników warsztatu w Czarnkowie."}
    before, now = make_call("niw", name_pl="Nabór wiosenny"), make_call("niw", name_pl="Nabór jesienny")
    old, new = make_application(before, answers=same), make_application(now, answers=same)
    ago = timedelta(days=90)
    dates = {name: getattr(before, name) - ago for name in ("opens_at", "submit_from", "closes_at")}
    Call.objects.filter(pk=before.pk).update(**dates)
    row = queries.application(manager, now, new.number)
    assert row is not None
    assert [one.application.pk for one in queries.alike(row).earlier] == [old.pk]
    page = client_of(manager).get(reverse("calls:formal_one", args=[now.slug, new.number])).content.decode()
    assert "Nabór wiosenny" in page
    assert reverse("calls:team_application", args=[before.slug, old.pk]) in page
    first = queries.application(manager, before, old.number)
    assert first is not None
    assert queries.alike(first).earlier == []  # what came later is no earlier idea
    assert stranger.organisation is not None
    Programme.objects.filter(pk=before.programme_id).update(organisation=stranger.organisation)
    again = queries.application(manager, now, new.number)
    assert again is not None
    assert queries.alike(again).earlier == []


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_page_from_the_list_to_the_end(
    language: str, manager: Actor, niw: Call, application: Application, client_of: ClientOf
) -> None:
    client = client_of(manager)
    url = reverse("calls:formal_one", args=[niw.slug, 1]).replace("/pl/", f"/{language}/")
    listed = client.get(reverse("calls:formal", args=[niw.slug])).content.decode()
    assert "1/001" in listed
    assert client.get(url).status_code == 200
    no = {"ok_in_time": "yes", "ok_complete": "no", "why_complete": "", "go": "completion", "seen": "0"}
    answer = client.post(url, no)
    assert answer.status_code == 422
    kept = client.post(url, no | {"go": "keep", "why_complete": "Brakuje opisu."})
    assert kept.status_code == 302
    review = application.formal_reviews.get()
    html = client.get(url).content.decode()
    assert "Brakuje opisu." in html
    done = no | {"why_complete": "Brakuje opisu.", "seen": str(review.pk)}
    assert client.post(url, done).status_code == 302
    application.refresh_from_db()
    assert application.state == "returned"
    assert client.get(url).status_code == 200
    for tab in queries.TABS:
        assert client.get(reverse("calls:formal", args=[niw.slug]) + f"?tab={tab}").status_code == 200


@pytest.mark.parametrize("go", ["completion", "rejected"])
def test_a_slip_is_undone_while_nobody_was_told(
    go: str, manager: Actor, niw: Call, application: Application, client_of: ClientOf
) -> None:
    client = client_of(manager)
    url = reverse("calls:formal_one", args=[niw.slug, 1])
    undo = reverse("calls:formal_undo", args=[niw.slug, 1])
    stage = formal_stage(niw, application.stage)
    assert stage is not None
    wrong = next(c.code for c in stage.checks if c.can_be_completed == (go == "completion"))
    answers = {f"ok_{c.code}": "yes" for c in stage.checks} | {f"ok_{wrong}": "no"}
    answers |= {f"why_{c.code}": "Tak wynika z załącznika." for c in stage.checks}
    assert client.post(url, answers | {"go": go, "seen": "0"}).status_code == 302
    assert undo in client.get(url).content.decode()
    client.post(undo)
    application.refresh_from_db()
    assert (application.state, application.outcome, application.complete_by) == ("submitted", "", None)
    assert not Decision.objects.exists()
    assert not Letter.objects.filter(state="held").exists()
    page = client.get(url).content.decode()
    assert "Tak wynika z załącznika." in page  # the answers stay
    seen = str(application.formal_reviews.get().pk)
    assert client.post(url, answers | {"go": go, "seen": seen}).status_code == 302
    acts.announce(manager, niw)
    assert undo not in client.get(url).content.decode()
    client.post(undo)
    application.refresh_from_db()
    assert application.state == ("returned" if go == "completion" else "out")


def test_no_question_of_the_checklist_calls_itself_optional(
    manager: Actor, application: Application, client_of: ClientOf
) -> None:
    address = reverse("calls:formal_one", args=[application.call.slug, application.number])
    page = client_of(manager).get(address).content.decode()
    assert page.count('name="ok_') >= 2
    assert (
        page.count("(optional)") + page.count("(nieobowiązkowe)") == 1
    )  # the sentence to the applicant alone


def test_two_people_on_one_checklist(
    manager: Actor, niw: Call, application: Application, client_of: ClientOf
) -> None:
    acts.keep(manager, application, answers(niw, complete="Pierwsza osoba."), seen=0)
    url = reverse("calls:formal_one", args=[niw.slug, 1])
    typed = {
        "ok_in_time": "yes",
        "ok_complete": "yes",
        "why_complete": "Druga osoba.",
        "go": "keep",
        "seen": "0",
    }
    answer = client_of(manager).post(url, typed)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Pierwsza osoba." in html
    assert "Druga osoba." in html


@pytest.mark.parametrize("name", ["formal", "formal_one"])
def test_only_the_team_of_the_call_sees_it(
    name: str,
    niw: Call,
    application: Application,
    stranger: Actor,
    make_actor: Callable[..., Actor],
    visitor: Client,
    client_of: ClientOf,
) -> None:
    url = reverse(f"calls:{name}", args=[niw.slug, *([1] if name == "formal_one" else [])])
    member = make_actor("bez.roli@example.org", "Inkubator Próba", Role.MEMBER)
    for actor in (stranger, member):
        assert client_of(actor).get(url).status_code == 404
        assert client_of(actor).post(url, {}).status_code in (404, 405)
    assert visitor.get(url).status_code == 302


def test_acts_refuse_strangers(niw: Call, application: Application, stranger: Actor) -> None:
    with pytest.raises(Denied):
        acts.conclude(stranger, application, answers(niw), acts.PASSED)
    with pytest.raises(Denied):
        acts.announce(stranger, niw)
    with pytest.raises(Denied):
        acts.leave_late(stranger, niw, [application])


def test_the_list_has_constant_queries(
    manager: Actor,
    niw: Call,
    make_application: MakeApplication,
    client_of: ClientOf,
    django_assert_max_num_queries: Any,
) -> None:
    client, url = client_of(manager), reverse("calls:formal", args=[niw.slug])
    make_application(niw)
    with django_assert_max_num_queries(30) as few:
        client.get(url)
    for _n in range(6):
        make_application(niw)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)
