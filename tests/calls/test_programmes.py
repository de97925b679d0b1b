"""Acts of programmes and calls: who may, in which order, what an announced call keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.accounts.permissions import Denied
from krzew.calls.acts import ideas
from krzew.calls.acts import programmes as acts
from krzew.calls.acts import programmes_letters as letters
from krzew.calls.acts.steps import Conflict
from krzew.calls.definition import parse, plain, read, templates, written
from krzew.calls.models import Application, Call, IdeaCard, Programme
from krzew.calls.programmes.readiness import lacking, needs
from krzew.calls.states import CallState, WrongState
from krzew.timeline.models import Letter
from krzew.timeline.queries import history
from tests.calls.conftest import settled

TEXTS = {"name_pl": "Nabór", "name_en": "Call", "about_pl": "O czym to jest", "about_en": "What it is about"}
WHY = {"text_pl": "Więcej czasu przed świętami.", "text_en": "More time before the holidays."}
NO_MORE = {"reason_pl": "Nie ma już pieniędzy.", "reason_en": "There is no money left."}


@pytest.fixture
def draft_call(manager: Actor, programme: Programme, dates: dict[str, Any]) -> Call:
    return acts.prepare_call(manager, settled(manager, programme), **TEXTS, **dates)


def fresh(call: Call) -> Call:
    return Call.objects.get(pk=call.pk)


# --- who may ----------------------------------------------------------------------------------------


def test_another_incubator_may_nothing(
    stranger: Actor, programme: Programme, draft_call: Call, dates: dict[str, Any]
) -> None:
    rules = programme.rules
    attempts: list[Callable[[], object]] = [
        lambda: acts.change_programme(stranger, programme, rules, seen=programme.revision),
        lambda: acts.settle_question(stranger, programme, 0, seen=programme.revision),
        lambda: acts.archive_programme(stranger, programme),
        lambda: acts.bring_back_programme(stranger, programme),
        lambda: acts.prepare_call(stranger, programme, **TEXTS, **dates),
        lambda: acts.change_call(stranger, draft_call, seen=1, name_pl="Cudzy"),
        lambda: acts.publish_call(stranger, draft_call),
        lambda: acts.amend_call(stranger, draft_call, seen=1, **WHY, pool=1),
        lambda: acts.cancel_call(stranger, draft_call, **NO_MORE),
    ]
    for attempt in attempts:
        with pytest.raises(Denied):
            attempt()
    assert fresh(draft_call).state == CallState.DRAFT


def test_only_a_manager_of_a_confirmed_organisation_makes_a_programme(
    make_actor: Callable[..., Actor], manager: Actor
) -> None:
    member = make_actor("m@example.org", "Inkubator Próba", Role.MEMBER, OrganisationKind.INCUBATOR)
    with pytest.raises(Denied):
        acts.from_template(member, "niw")
    assert manager.organisation is not None
    manager.organisation.confirmed_at = None
    with pytest.raises(Denied):
        acts.from_template(manager, "niw")


def test_a_template_that_does_not_exist(manager: Actor) -> None:
    with pytest.raises(ValidationError):
        acts.from_template(manager, "nie_ma")


# --- programmes -------------------------------------------------------------------------------------


def test_two_people_change_a_programme(manager: Actor, programme: Programme) -> None:
    data = plain(programme.rules)
    data["applicants"]["limit"] = 5
    acts.change_programme(manager, programme, read(data), seen=1)
    late = Programme.objects.get(pk=programme.pk)
    with pytest.raises(Conflict) as caught:
        acts.change_programme(manager, late, templates()["iws2"], seen=1)
    assert caught.value.now.rules.applicants.limit == 5  # type: ignore[attr-defined]


def test_a_declaration_with_another_text_is_a_new_version(manager: Actor, programme: Programme) -> None:
    data = plain(programme.rules)
    data["stages"][0]["declarations"][0]["text"]["pl"] = "Mieszkam w Polsce."
    acts.change_programme(manager, programme, read(data), seen=1)
    found = programme.rules.form.declarations  # type: ignore[union-attr]
    assert [d.version for d in found[:2]] == [2, 1]
    again = plain(programme.rules)  # saved again without a change
    acts.change_programme(manager, programme, read(again), seen=2)
    assert programme.rules.form.declarations[0].version == 2  # type: ignore[union-attr]


def test_open_questions_are_settled_one_by_one(manager: Actor, programme: Programme) -> None:
    first, *rest = programme.rules.open_questions
    acts.settle_question(manager, programme, 0, seen=1)
    assert list(programme.rules.open_questions) == rest
    with pytest.raises(Conflict):
        acts.settle_question(manager, Programme.objects.get(pk=programme.pk), 0, seen=1)
    settled(manager, programme)
    with pytest.raises(ValidationError):
        acts.settle_question(manager, programme, 0, seen=programme.revision)
    event = history(programme).filter(act="calls.question_settled").first()
    assert event is not None
    assert event.data["question"]["en"] == first.en


def test_a_programme_that_was_put_away_begins_no_call(
    manager: Actor, programme: Programme, dates: dict[str, Any]
) -> None:
    acts.archive_programme(manager, programme)
    with pytest.raises(ValidationError):
        acts.prepare_call(manager, programme, **TEXTS, **dates)
    acts.bring_back_programme(manager, programme)
    assert acts.prepare_call(manager, programme, **TEXTS, **dates).round == 1


# --- before it is announced -------------------------------------------------------------------------


def test_dates_keep_their_order(manager: Actor, programme: Programme, dates: dict[str, Any]) -> None:
    day = timedelta(days=1)
    wrong = [
        {"submit_from": dates["opens_at"] - day},
        {"closes_at": dates["submit_from"]},
        {"results_on": timezone.localdate(dates["closes_at"] - day)},
    ]
    for change in wrong:
        with pytest.raises(ValidationError) as caught:
            acts.prepare_call(manager, programme, **TEXTS, **{**dates, **change})
        assert set(caught.value.message_dict) == set(change)


def test_what_is_missing_is_told_and_keeps_it_from_being_announced(
    manager: Actor, programme: Programme, dates: dict[str, Any]
) -> None:
    bare = acts.prepare_call(manager, programme, name_pl="Nabór", name_en="Call", **dates)
    with override("en"):
        assert [need.label for need in lacking(bare)] == [
            "Open questions of the programme are settled",
            "Name and text in both languages",
        ]
        with pytest.raises(ValidationError, match="Open questions"):
            acts.publish_call(manager, bare)
    settled(manager, programme)
    acts.change_call(manager, bare, seen=1, about_pl="O czym", about_en="What about")
    ready = Call.objects.get(pk=bare.pk)
    assert not lacking(ready)
    assert lacking(ready, now=ready.closes_at)  # the closing date has passed


def test_hints_do_not_block(manager: Actor, draft_call: Call) -> None:
    saturday = timezone.make_aware(timezone.datetime(2027, 5, 29, 23, 59, 59))  # type: ignore[attr-defined]
    acts.change_call(manager, draft_call, seen=1, closes_at=saturday)
    hints = [need for need in needs(draft_call) if not need.blocks]
    assert len(hints) == 2
    assert not lacking(draft_call)


def test_a_pool_below_one_grant(manager: Actor, dates: dict[str, Any]) -> None:
    programme = settled(manager, acts.from_template(manager, "wlacznik"))
    call = acts.prepare_call(manager, programme, **TEXTS, **dates, pool=4999)
    with override("en"):
        assert [need.note for need in lacking(call)] == ["The pool does not pay for one grant."]


# --- announced --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(templates()))
def test_every_template_becomes_an_announced_call(
    code: str, make_call: Callable[..., Call], manager: Actor
) -> None:
    call = make_call(code)
    assert call.state == CallState.PUBLISHED
    assert fresh(call).rules.code == code
    assert parse(written(call.rules)) == call.rules


def test_an_announced_call_keeps_its_rules(manager: Actor, call: Call) -> None:
    programme = call.programme
    data = plain(programme.rules)
    data["grant"]["most"] = "1000"
    acts.change_programme(manager, programme, read(data), seen=programme.revision)
    kept = fresh(call)
    assert kept.rules.grant.most == 120_000
    for change in (
        {"definition": data},
        {"round": 2},
        {"slug": "inny"},
        {"state": "draft"},
        {"last_number": 9},
    ):
        with pytest.raises(ValidationError):
            acts.amend_call(manager, kept, seen=kept.revision, **WHY, **change)
    with pytest.raises(ValidationError):
        acts.change_call(manager, kept, seen=kept.revision, name_pl="Inny")
    with pytest.raises(WrongState):
        acts.publish_call(manager, kept)


def test_an_amendment_never_takes_away(manager: Actor, call: Call, dates: dict[str, Any]) -> None:
    acts.amend_call(manager, call, seen=1, **WHY, pool=1000)
    hour = timedelta(hours=1)
    for change in (
        {"closes_at": dates["closes_at"] - hour},
        {"submit_from": dates["submit_from"] + hour},
        {"pool": 999},
        {"pool": None},
        {"about_pl": " "},
    ):
        with pytest.raises(ValidationError) as caught:
            acts.amend_call(manager, fresh(call), seen=2, **WHY, **change)
        assert set(caught.value.message_dict) == set(change)


def test_an_amendment_keeps_before_and_after(manager: Actor, call: Call, dates: dict[str, Any]) -> None:
    later = dates["closes_at"] + timedelta(days=7)
    amendment = acts.amend_call(manager, call, seen=1, **WHY, closes_at=later)
    assert amendment.before == {"closes_at": dates["closes_at"].isoformat()}
    assert amendment.after == {"closes_at": later.isoformat()}
    assert fresh(call).closes_at == later
    with pytest.raises(Conflict):
        acts.amend_call(manager, fresh(call), seen=1, **WHY, closes_at=later + timedelta(days=1))
    with pytest.raises(ValidationError):  # nothing is different
        acts.amend_call(manager, fresh(call), seen=2, **WHY, closes_at=later)
    with pytest.raises(ValidationError) as caught:
        acts.amend_call(manager, fresh(call), seen=2, text_pl="Dłużej", text_en=WHY["text_en"], pool=9)
    assert set(caught.value.message_dict) == {"text_pl"}


def test_a_closed_call_is_not_opened_again(manager: Actor, call: Call) -> None:
    now = timezone.now()
    Call.objects.filter(pk=call.pk).update(closes_at=now - timedelta(seconds=1))
    with pytest.raises(ValidationError) as caught:
        acts.amend_call(manager, fresh(call), seen=1, **WHY, closes_at=now + timedelta(days=1))
    assert set(caught.value.message_dict) == {"closes_at"}


def _idea(manager: Actor, email: str) -> IdeaCard:
    card, _token = ideas.start(Actor.anonymous())
    ideas.save(
        card, seen=0, what="Pralnia dla sąsiadów z całej gminy", for_whom="Dla osób starszych", email=email
    )
    ideas.send(Actor.anonymous(), card, consent=True)
    ideas.answer(manager, card, "Porozmawiajmy o tym.")
    return card


def test_letters_about_a_call_are_held(
    manager: Actor, make_call: Callable[..., Call], make_draft: Callable[..., Any], dates: dict[str, Any]
) -> None:
    _idea(manager, "autorka@example.org")
    call = make_call()
    draft, _token = make_draft(call)
    assert draft.email
    announced = Letter.objects.filter(object_type="calls.call", object_id=str(call.pk))
    assert [letter.to_email for letter in announced] == ["autorka@example.org"]
    acts.amend_call(manager, call, seen=1, **WHY, closes_at=dates["closes_at"] + timedelta(days=1))
    acts.cancel_call(manager, call, **NO_MORE)
    held = list(announced.order_by("pk"))[1:]
    assert {letter.to_email for letter in held[:2]} == {draft.email, "autorka@example.org"}
    assert len(held) == 4
    told = {(letter.to_email, str(letter.state), letter.organisation) for letter in held}
    assert told == {  # the team does not learn who writes a draft, so that letter does not wait for it
        ("autorka@example.org", "held", manager.organisation),
        (draft.email, "released", None),
    }
    assert WHY["text_pl"] in held[0].body
    assert NO_MORE["reason_pl"] in held[2].body
    assert "%(" not in "".join(letter.body + letter.subject for letter in held)


def test_nobody_is_written_to_twice(
    manager: Actor, make_call: Callable[..., Call], make_draft: Callable[..., Any], dates: dict[str, Any]
) -> None:
    call = make_call()
    draft, _token = make_draft(call)
    _idea(manager, draft.email.upper())
    acts.cancel_call(manager, call, **NO_MORE)
    assert Letter.objects.filter(object_type="calls.call", object_id=str(call.pk)).count() == 1


def test_a_crowd_is_written_to_by_a_task_and_once(
    manager: Actor,
    make_call: Callable[..., Call],
    dates: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    call = make_call()
    monkeypatch.setattr(letters, "AT_ONCE", 1)
    rows = [
        Application(
            call=call, kind="person", token_hash=f"t{n}", email=f"a{n}@example.org", state="submitted"
        )
        for n in range(5)
    ]
    Application.objects.bulk_create(rows)
    with django_capture_on_commit_callbacks(execute=True) as waiting:
        amendment = acts.amend_call(
            manager, call, seen=1, **WHY, closes_at=dates["closes_at"] + timedelta(days=1)
        )
        assert not Letter.objects.filter(object_type="calls.call").exists()
    assert len(waiting) == 1
    held = Letter.objects.filter(object_type="calls.call", object_id=str(call.pk))
    assert held.count() == 5
    assert {letter.organisation for letter in held} == {manager.organisation}
    letters.write(manager, call, "amended", amendment)  # the task runs again
    assert held.count() == 5


def test_calling_off(manager: Actor, call: Call, draft_call: Call) -> None:
    with pytest.raises(ValidationError) as caught:
        acts.cancel_call(manager, call, reason_pl="Nie.", reason_en="No.")
    assert set(caught.value.message_dict) == {"reason_pl", "reason_en"}
    acts.cancel_call(manager, call, **NO_MORE)
    assert fresh(call).is_public  # the public reads why
    assert not fresh(call).takes_applications()
    acts.cancel_call(manager, draft_call, reason_pl="", reason_en="")  # nobody has seen it
    assert not fresh(draft_call).is_public
    with pytest.raises(WrongState):
        acts.cancel_call(manager, call, **NO_MORE)
