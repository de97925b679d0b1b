"""An application from the first word to its number: the acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts import applications as acts
from krzew.calls.acts import applications_people as people
from krzew.calls.acts import ideas
from krzew.calls.acts.steps import Conflict
from krzew.calls.models import Application, Call, IdeaCard, Immutable, Member, token_hash
from krzew.calls.queries import applications as queries
from krzew.calls.states import ApplicationState, CallState, IdeaState, WrongState
from krzew.timeline.queries import history
from tests.calls.applications_factory import PLAN

pytestmark = pytest.mark.usefixtures("places_loaded")
Make = Callable[..., Any]
NOBODY = Actor.anonymous()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def shift(call: Call, **by: timedelta) -> None:
    """Move dates of a call, as if time had passed."""
    for name, delta in by.items():
        setattr(call, name, getattr(call, name) + delta)
    call.save(update_fields=list(by))


@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ("iws2", "person"),
        ("iws2", "group"),
        ("iws2", "organisation"),
        ("niw", "organisation"),
        ("niw", "group"),
        ("wlacznik", "person"),
        ("wlacznik", "group"),
        ("wlacznik", "organisation"),
        ("stocznia", ""),
    ],
)
def test_a_complete_application_of_every_template_is_taken(
    template: str, kind: str, make_call: Make, make_application: Make
) -> None:
    call = make_call(template)
    application = make_application(call, kind=kind)
    assert (application.state, application.number, application.label) == ("submitted", 1, "1/001")
    assert application.stage == call.rules.stages[1].code
    version = application.versions.get()
    assert version.content["title"] == application.title == "Rowery z drugiej ręki"
    assert len(version.content["statements"]) >= len(call.rules.form.declarations) - 1
    assert application.submitted_at == version.sent_at


def test_a_network_without_a_form_takes_no_application(make_call: Make) -> None:
    with pytest.raises(ValidationError, match="no form"):
        acts.start(NOBODY, make_call("male_wielkie_zmiany"), kind="person")


def test_only_the_hash_of_the_link_is_kept_and_opens_it(call: Call) -> None:
    application, token = acts.start(NOBODY, call, kind="person")
    assert application.token_hash == token_hash(token)
    assert queries.by_token(NOBODY, token) == application
    assert queries.by_token(NOBODY, f"my-{application.pk}") is None


def test_a_signed_in_author_needs_no_link(call: Call, mayor: Actor, member: Actor) -> None:
    application, _token = acts.start(mayor, call, kind="person")
    assert queries.by_token(mayor, f"my-{application.pk}") == application
    assert queries.by_token(member, f"my-{application.pk}") is None
    assert list(queries.own_applications(mayor)) == [application]
    assert not queries.own_applications(NOBODY)


def test_a_draft_keeps_what_was_typed_right_or_wrong(call: Call) -> None:
    application, _token = acts.start(NOBODY, call, kind="person")
    typed = {
        "title": "Stodoła",
        "amount": "dużo",
        "testers": "kilku",
        "plan": [{"phase": "x", "action": "coś"}],
    }
    acts.save(
        NOBODY, application, seen=0, answers=typed, applicant={"name": "Zofia", "email": "to nie adres"}
    )
    kept = fresh(application)
    assert kept.answers["amount"] == "dużo"
    assert kept.answers["_applicant"] == {"name": "Zofia", "email": "to nie adres"}
    assert (kept.title, kept.amount, kept.email, kept.applicant_name) == ("Stodoła", None, "", "Zofia")
    acts.save(NOBODY, application, seen=1, answers={"amount": "12 000,50 zł"})
    kept = fresh(application)
    assert str(kept.amount) == "12000.50"
    assert kept.answers["title"] == "Stodoła"  # saving one question leaves the others


def test_two_windows_lose_nothing(call: Call) -> None:
    application, _token = acts.start(NOBODY, call, kind="person")
    second = fresh(application)
    acts.save(NOBODY, application, seen=0, answers={"title": "z pierwszego"})
    with pytest.raises(Conflict) as conflict:
        acts.save(NOBODY, second, seen=0, answers={"title": "z drugiego"})
    assert conflict.value.now.title == "z pierwszego"  # type: ignore[attr-defined]
    with pytest.raises(Conflict):
        acts.submit(NOBODY, application, seen=0)


def test_a_question_of_another_form_is_a_slip_of_the_page(call: Call) -> None:
    application, _token = acts.start(NOBODY, call, kind="person")
    with pytest.raises(ValueError, match="not asked"):
        acts.save(NOBODY, application, seen=0, answers={"hack": "1"})


def test_a_novel_is_refused_and_nothing_is_kept(call: Call) -> None:
    application, _token = acts.start(NOBODY, call, kind="person")
    with pytest.raises(ValidationError):
        acts.save(NOBODY, application, seen=0, answers={"description": "a" * 500_000})
    assert fresh(application).revision == 0


def test_what_is_missing_stops_sending_and_is_named(call: Call) -> None:
    application, _token = acts.start(NOBODY, call, kind="person")
    with pytest.raises(acts.NotReady) as refusal:
        acts.submit(NOBODY, application, seen=0)
    steps = {lack.step for lack in refusal.value.lacks}
    assert steps == {"applicant", "form", "statements"}
    assert fresh(application).state == ApplicationState.DRAFT
    call.refresh_from_db()
    assert call.last_number == 0


@pytest.mark.parametrize(
    ("changed", "about", "words"),
    [
        ({"amount": "130 000"}, "amount", "120"),
        ({"amount": "70 000"}, "amount", "plan"),
        ({"amount": "0"}, "amount", "zero"),
        ({"plan": [{**PLAN[0], "end": "2027-04-15"}, PLAN[1]]}, "months", "Preparation"),
        ({"plan": [PLAN[0], {**PLAN[1], "end": "2028-02-01"}]}, "months", "12"),
        ({"plan": [{**PLAN[0], "cost": "tysiąc"}, PLAN[1]]}, "complete", "1"),
        ({"plan": [{**PLAN[0], "end": ""}]}, "complete", "1"),
        ({"testers": "ośmiu"}, "complete", "digits"),
        ({"title": "a" * 201}, "complete", "1"),
    ],
)
def test_the_rules_of_the_call_are_checked(
    changed: dict[str, Any], about: str, words: str, call: Call, make_draft: Make
) -> None:
    application, _token = make_draft(call, answers=changed)
    with pytest.raises(acts.NotReady) as refusal:
        acts.submit(NOBODY, application, seen=application.revision)
    assert [lack.about for lack in refusal.value.lacks if words in lack.text].count(about) >= 1


def test_a_phase_may_be_too_short(call: Call, make_draft: Make) -> None:
    plan = next(f for f in call.definition["stages"][0]["sections"][1]["fields"] if f["kind"] == "plan")
    plan["phases"][1]["least_months"] = 8
    call.save()
    call.__dict__.pop("rules", None)
    short, _token = make_draft(call)  # its test takes seven months
    with pytest.raises(acts.NotReady, match=r"takes 7 months; at least 8"):
        acts.submit(NOBODY, short, seen=short.revision)
    enough, _link = make_draft(call, answers={"plan": [PLAN[0], {**PLAN[1], "end": "2027-10-31"}]})
    acts.submit(NOBODY, enough, seen=enough.revision)
    assert fresh(enough).number == 1


def test_a_follow_up_question_counts_only_when_it_is_asked(make_call: Make, make_draft: Make) -> None:
    call = make_call("niw")
    application, _token = make_draft(
        call, kind="organisation", answers={"minors": True, "minors_standards": ""}
    )
    with pytest.raises(acts.NotReady, match="Standards"):
        acts.submit(NOBODY, application, seen=application.revision)
    acts.save(
        NOBODY, application, seen=1, answers={"minors": False, "minors_standards": "zostało z wcześniej"}
    )
    acts.submit(NOBODY, application, seen=2)
    assert "minors_standards" not in application.versions.get().content["answers"]


def test_a_version_is_never_changed(call: Call, make_application: Make) -> None:
    version = make_application(call).versions.get()
    version.content["title"] = "inny"
    with pytest.raises(Immutable):
        version.save()
    with pytest.raises(Immutable):
        type(version).objects.update(number=7)


def test_sending_tells_the_number_at_once(
    call: Call, make_draft: Make, django_capture_on_commit_callbacks: Any
) -> None:
    application, _token = make_draft(call)
    with django_capture_on_commit_callbacks(execute=True):
        acts.submit(NOBODY, application, seen=application.revision)
    [letter] = mail.outbox
    assert "1/001" in letter.subject
    assert application.title in letter.body
    event = history(application).get(act="calls.application_submitted")
    assert event.data["number"] == 1
    assert event.data["hash"] == application.versions.get().content_hash


def test_sent_twice_is_taken_once(call: Call, make_application: Make) -> None:
    application = make_application(call)
    with pytest.raises(WrongState):
        acts.submit(NOBODY, application, seen=application.revision)
    assert application.versions.count() == 1


def test_nothing_is_written_into_what_was_sent(call: Call, make_application: Make) -> None:
    application = make_application(call)
    for attempt in (
        lambda: acts.save(NOBODY, application, seen=application.revision, answers={"title": "po czasie"}),
        lambda: people.tick(NOBODY, application, "rules"),
        lambda: people.untick(NOBODY, application, "rules"),
    ):
        with pytest.raises(ValidationError):
            attempt()


def test_the_clock_decides_when_sending_opens_and_closes(call: Call, make_draft: Make) -> None:
    application, _token = make_draft(call)
    shift(call, submit_from=timedelta(hours=2))
    with pytest.raises(ValidationError, match="not open"):
        acts.submit(NOBODY, application, seen=application.revision)
    shift(call, submit_from=timedelta(hours=-2))
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() - timedelta(milliseconds=1))
    with pytest.raises(ValidationError, match="clock"):
        acts.submit(NOBODY, application, seen=application.revision)
    with pytest.raises(ValidationError):
        acts.save(NOBODY, fresh(application), seen=application.revision, answers={"title": "za późno"})
    assert fresh(application).title == "Rowery z drugiej ręki"


def test_nobody_begins_before_the_opening_or_for_the_wrong_kind(call: Call, make_call: Make) -> None:
    with pytest.raises(ValidationError):
        acts.start(NOBODY, call, kind="partnership")
    Call.objects.filter(pk=call.pk).update(state=CallState.DRAFT)
    with pytest.raises(ValidationError):
        acts.start(NOBODY, Call.objects.get(pk=call.pk), kind="person")


def test_those_who_run_the_call_do_not_apply(call: Call, manager: Actor) -> None:
    with pytest.raises(ValidationError, match="organiser"):
        acts.start(manager, call, kind="person")


def test_the_limit_counts_a_person_an_organisation_and_members(
    call: Call, make_application: Make, make_draft: Make
) -> None:
    for _n in range(2):
        make_application(call, email="ta.sama@example.org")
    application, _token = make_draft(call, email="TA.SAMA@example.org")
    with pytest.raises(ValidationError, match="2"):
        acts.submit(NOBODY, application, seen=application.revision)
    for _n in range(2):
        make_application(call, kind="organisation", nip="526-000-12-46")
    application, _token = make_draft(call, kind="organisation", nip="5260001246")
    with pytest.raises(ValidationError):
        acts.submit(NOBODY, application, seen=application.revision)


def test_a_member_of_two_groups_may_not_send_a_third(
    call: Call, make_application: Make, make_draft: Make
) -> None:
    for _n in range(2):
        group = make_application(call, kind="group")
        Member.objects.filter(application=group, is_contact=False).update(email="ola@example.org")
    application, _token = make_draft(call, email="ola@example.org")
    with pytest.raises(ValidationError):
        acts.submit(NOBODY, application, seen=application.revision)
    acts.withdraw(NOBODY, group)  # what was taken back counts no more
    acts.submit(NOBODY, application, seen=application.revision)


def test_an_idea_grows_when_the_application_is_sent(call: Call, make_draft: Make) -> None:
    card, _secret = ideas.start(NOBODY)
    ideas.save(
        card,
        seen=0,
        title="Stodoła rowerów",
        what="Naprawiamy rowery razem z sąsiadami.",
        for_whom="Dla uczestników warsztatu",
        name="Zofia Próbna",
        email="zofia@example.org",
    )
    ideas.send(NOBODY, card, consent=True)
    application, _token = acts.start(NOBODY, call, kind="person", idea=card)
    assert application.answers["description"] == "Naprawiamy rowery razem z sąsiadami."
    assert application.answers["recipients"] == "Dla uczestników warsztatu"
    assert (application.title, application.email) == ("Stodoła rowerów", "zofia@example.org")
    card.refresh_from_db()
    assert card.state == IdeaState.SENT  # a draft that is given up leaves the talk open
    whole, _token = make_draft(call)
    contact = whole.answers.pop("_applicant")
    del whole.answers[acts.WINDOW]
    acts.save(NOBODY, application, seen=0, answers=whole.answers, applicant=contact)
    people.set_ticks(NOBODY, application, {d.code for d in call.rules.form.declarations})  # type: ignore[union-attr]
    acts.submit(NOBODY, application, seen=1)
    card.refresh_from_db()
    assert card.state == IdeaState.IN_CALL


def test_an_idea_that_was_never_sent_stays_with_its_author(call: Call) -> None:
    card, _secret = ideas.start(NOBODY)
    application, _token = acts.start(NOBODY, call, kind="person", idea=card)
    assert IdeaCard.objects.get(pk=card.pk).state == IdeaState.DRAFT
    assert application.idea == card
    ideas.withdraw(NOBODY, card, by_link=True)
    other, _token = acts.start(NOBODY, call, kind="person", idea=card)
    assert other.idea is None


def test_a_returned_application_is_completed_as_a_new_version(call: Call, make_application: Make) -> None:
    application = make_application(call)
    soon = timezone.now() + timedelta(days=3)
    Application.objects.filter(pk=application.pk).update(state="returned", complete_by=soon)
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now())  # the call itself is closed by then
    application = fresh(application)
    acts.save(NOBODY, application, seen=application.revision, answers={"title": "Rowery, poprawione"})
    assert fresh(application).title == "Rowery z drugiej ręki"  # what is not sent again is nobody's business
    acts.complete(NOBODY, application, seen=application.revision)
    kept = fresh(application)
    assert (kept.state, kept.number, kept.stage) == ("submitted", 1, "formal")
    assert kept.title == "Rowery, poprawione"
    titles = [v.content["title"] for v in kept.versions.all()]
    assert titles == ["Rowery z drugiej ręki", "Rowery, poprawione"]


def test_after_its_day_a_returned_application_is_closed(call: Call, make_application: Make) -> None:
    application = make_application(call)
    Application.objects.filter(pk=application.pk).update(state="returned", complete_by=timezone.now())
    application = fresh(application)
    for attempt in (
        lambda: acts.save(NOBODY, application, seen=application.revision, answers={"title": "po dniu"}),
        lambda: acts.complete(NOBODY, application, seen=application.revision),
    ):
        with pytest.raises(ValidationError):
            attempt()


def test_a_draft_taken_back_is_deleted_and_a_sent_one_stays_on_record(
    call: Call, make_draft: Make, make_application: Make
) -> None:
    draft, _token = make_draft(call, kind="group")
    acts.withdraw(NOBODY, draft)
    gone = fresh(draft)
    assert (gone.state, gone.answers, gone.email, gone.members.count()) == ("withdrawn", {}, "", 0)
    application = make_application(call)
    acts.withdraw(NOBODY, application)
    assert fresh(application).versions.count() == 1
    with pytest.raises(WrongState):
        acts.withdraw(NOBODY, application)


def test_a_grant_may_be_given_up(call: Call, make_application: Make) -> None:
    application = make_application(call)
    with pytest.raises(WrongState):
        acts.resign(NOBODY, application)
    Application.objects.filter(pk=application.pk).update(state="selected")
    acts.resign(NOBODY, fresh(application), reason="Wyjazd")
    assert fresh(application).state == "resigned"


def test_the_team_takes_down_what_came_on_paper(call: Call, manager: Actor, stranger: Actor) -> None:
    application, _token = acts.key_in(manager, call, kind="group", channel="paper")
    assert (application.user, application.keyed_by, application.channel) == (None, manager.user, "paper")
    with pytest.raises(Denied):
        acts.key_in(stranger, call, kind="person", channel="paper")
    with pytest.raises(ValidationError):
        acts.key_in(manager, call, kind="person", channel="self")


def test_a_group_needs_its_least_number_and_the_agreement_of_each(call: Call, make_draft: Make) -> None:
    application, _token = make_draft(call, kind="group")
    people.set_members(NOBODY, application, [])
    with pytest.raises(acts.NotReady, match="2"):
        acts.submit(NOBODY, application, seen=application.revision)
    rows = [people.MemberRow(f"Osoba {n}") for n in range(6)]
    members = people.set_members(NOBODY, application, rows)
    with pytest.raises(acts.NotReady, match="6"):
        acts.submit(NOBODY, application, seen=application.revision)
    with pytest.raises(ValidationError):
        people.join(NOBODY, members[0])  # without her statements
    with pytest.raises(ValidationError):
        people.tick(NOBODY, application, "no_fees", member=members[0])  # made by the applicant alone


def test_a_changed_address_asks_for_agreement_anew(call: Call, make_draft: Make) -> None:
    application, _token = make_draft(call, kind="group")
    member = application.members.get(is_contact=False)
    assert member.joined_at
    row = people.MemberRow(member.name, "inny.adres@example.org", member.pk)
    [changed] = people.set_members(NOBODY, application, [row])
    assert changed.pk == member.pk
    assert changed.joined_at is None
    assert not changed.ticks.exists()


def test_an_invitation_leaves_by_mail_and_its_link_is_the_members_own(
    call: Call, make_draft: Make, django_capture_on_commit_callbacks: Any
) -> None:
    application, _token = make_draft(call, kind="group")
    member = application.members.get(is_contact=False)
    with django_capture_on_commit_callbacks(execute=True):
        token = people.invite_member(NOBODY, application, member, "https://example.org/TOKEN/")
    assert token in mail.outbox[-1].body
    assert queries.member_by_token(token) == member
    people.leave(NOBODY, member)
    assert not Member.objects.filter(pk=member.pk).exists()


def test_a_statement_keeps_its_text_version_and_time(call: Call) -> None:
    application, _token = acts.start(NOBODY, call, kind="person")
    made = people.tick(NOBODY, application, "no_fees")
    again = people.tick(NOBODY, application, "no_fees")
    assert made == again
    assert made.text == "Testerzy nie zapłacą za udział."
    assert made.version == 1
    people.untick(NOBODY, application, "no_fees")
    assert not application.ticks.exists()
    with pytest.raises(ValidationError):
        people.tick(NOBODY, application, "nie ma takiego")
