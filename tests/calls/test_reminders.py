"""Reminders of drafts, letters about a call and about ideas, and the way back for a lost link."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import typer
from django.core import signing
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from typer.testing import CliRunner

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.calls.acts import applications, ideas, links, reminders
from krzew.calls.acts import programmes as calls
from krzew.calls.models import Application, Call, IdeaCard
from krzew.calls.queries import notices as queries
from krzew.calls.queries.reminders import due
from krzew.cli import commands
from krzew.timeline import notices
from krzew.timeline.models import Letter
from krzew.timeline.queries import history
from krzew.timeline.states import LetterState

MakeCall = Callable[..., Call]
MakeDraft = Callable[..., tuple[Application, str]]
WHY = {
    "text_pl": "Zgłoszeń przybywa, więc jest więcej czasu.",
    "text_en": "More are coming, so there is more time.",
}


@pytest.fixture(autouse=True)
def uncounted() -> None:
    cache.clear()


def before(call: Call, **time: int) -> datetime:
    return call.closes_at - timedelta(**time)


def about(row: Any) -> list[Letter]:
    return list(
        Letter.objects.filter(object_type=row._meta.label_lower, object_id=str(row.pk)).order_by("pk")
    )


def begun(draft: Application, at: datetime) -> Application:
    Application.objects.filter(pk=draft.pk).update(started_at=at)
    draft.started_at = at
    return draft


# --- reminders --------------------------------------------------------------------------------------


def test_two_reminders_and_never_twice(call: Call, make_draft: MakeDraft) -> None:
    draft = begun(make_draft(call)[0], before(call, days=13))
    assert reminders.remind(before(call, days=8)) == 0
    assert reminders.remind(before(call, days=7)) == 1
    assert reminders.remind(before(call, days=6)) == 0
    assert reminders.remind(before(call, hours=24)) == 1
    assert reminders.remind(before(call, hours=1)) == 0
    assert reminders.remind(call.closes_at) == 0
    written = about(draft)
    assert len(written) == 2
    assert {(one.state, one.organisation) for one in written} == {(LetterState.RELEASED, None)}
    assert [e.data for e in history(draft).filter(act="calls.application_reminded")] == [
        {"days": 7},
        {"days": 1},
    ]


def test_only_the_last_day_counts_when_several_have_passed(call: Call, make_draft: MakeDraft) -> None:
    begun(make_draft(call)[0], before(call, days=13))
    assert reminders.remind(before(call, hours=2)) == 1
    assert reminders.remind(before(call, hours=1)) == 0


def test_a_draft_begun_late_waits_for_the_next_day(call: Call, make_draft: MakeDraft) -> None:
    begun(make_draft(call)[0], before(call, days=5))
    assert [one.days for one in due(before(call, days=4))] == []
    assert [one.days for one in due(before(call, hours=20))] == [1]


def test_who_is_not_reminded(
    manager: Actor, call: Call, make_draft: MakeDraft, make_application: Callable[..., Any]
) -> None:
    make_application(call)
    nobody, refused, keyed = (make_draft(call)[0] for _n in range(3))
    Application.objects.update(started_at=before(call, days=13))
    Application.objects.filter(pk=nobody.pk).update(email="")
    Application.objects.filter(pk=keyed.pk).update(keyed_by=manager.user)
    notices.choose(notices.fingerprint(refused.email), "calls.drafts", wanted=False)
    assert list(due(before(call, days=2))) == []


def test_a_crowd_is_looked_through_in_few_queries(call: Call, django_assert_max_num_queries: Any) -> None:
    began = before(call, days=13)
    rows = [
        Application(call=call, kind="person", token_hash=f"t{n}", email=f"a{n}@example.org", started_at=began)
        for n in range(300)
    ]
    Application.objects.bulk_create(rows)
    with django_assert_max_num_queries(5):
        assert len(list(due(before(call, days=2)))) == 300


def test_a_programme_may_name_other_days_or_none(
    manager: Actor, make_call: MakeCall, make_draft: MakeDraft
) -> None:
    call = make_call()
    begun(make_draft(call)[0], before(call, days=13, hours=20))
    for days, found in (([3], [3]), ([], [])):
        call.definition["stages"][0]["remind_days"] = days
        call.save(update_fields=["definition"])
        assert [one.days for one in due(before(call, days=2))] == found


def test_the_letter_leads_back_and_says_what_is_missing(
    call: Call, make_draft: MakeDraft, visitor: Client
) -> None:
    draft, old = make_draft(call)
    begun(draft, before(call, days=13))
    reminders.remind(before(call, days=3))
    [letter] = about(draft)
    found = re.search(r"/pl/lost-link/\S+", letter.body)
    assert found
    page = visitor.get(found.group())
    assert page.status_code == 200
    assert visitor.get(reverse("calls:application", args=[old])).status_code == 200  # looking changes nothing
    answer = visitor.post(found.group())
    assert visitor.get(answer["Location"]).status_code == 200
    assert visitor.get(reverse("calls:application", args=[old])).status_code == 404
    assert visitor.post(found.group()).status_code == 410  # it works once
    assert "%(" not in letter.body + letter.subject


def test_the_command(call: Call, make_draft: MakeDraft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "close_all", lambda: None)
    app = typer.Typer()
    commands.register(app)
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() + timedelta(hours=5))
    draft = begun(make_draft(call)[0], timezone.now() - timedelta(days=2))
    dry = CliRunner().invoke(app, ["calls", "remind", "--dry-run"])
    assert f"draft {draft.pk}" in dry.stdout
    assert draft.email not in dry.stdout
    assert about(draft) == []
    assert "1 letters" in CliRunner().invoke(app, ["calls", "remind"]).stdout
    assert "0 letters" in CliRunner().invoke(app, ["calls", "remind"]).stdout
    assert CliRunner().invoke(app, ["daily"]).exit_code == 0


# --- the way back -----------------------------------------------------------------------------------


def test_a_lost_link_is_asked_for_by_address(call: Call, make_draft: MakeDraft, visitor: Client) -> None:
    draft, _token = make_draft(call, email="zofia@example.org")
    card = _idea("zofia@example.org")
    before_ = Letter.objects.count()
    answer = visitor.post(reverse("calls:lost_link"), {"email": "Zofia@example.org", "website": ""})
    assert answer.status_code == 200
    assert Letter.objects.count() == before_ + 2
    paths = [re.search(r"/pl/lost-link/\S+", about(row)[-1].body) for row in (draft, card)]
    for path in paths:
        assert path
        assert visitor.post(path.group()).status_code == 302


def test_the_answer_is_the_same_for_an_unknown_address(
    call: Call, make_draft: MakeDraft, visitor: Client
) -> None:
    make_draft(call, email="zofia@example.org")
    pages = [
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
        for email in ("zofia@example.org", "nikt@example.org")
        if (page := visitor.post(reverse("calls:lost_link"), {"email": email}))
    ]
    assert pages[0] == pages[1]


def test_one_address_gets_few_letters(call: Call, make_draft: MakeDraft, visitor: Client) -> None:
    draft, _token = make_draft(call)
    for _n in range(6):
        visitor.post(reverse("calls:lost_link"), {"email": draft.email})
    assert len(about(draft)) == 3
    assert visitor.post(reverse("calls:lost_link"), {"email": "to nie adres"}).status_code == 422


def test_a_wrong_or_old_ticket(call: Call, make_draft: MakeDraft, visitor: Client, monkeypatch: Any) -> None:
    draft, token = make_draft(call)
    ticket = links.ticket(draft)
    assert visitor.get(reverse("calls:new_link", args=["nic"])).status_code == 410
    forged = signing.dumps(["application", draft.pk, draft.token_hash[:16]], salt="inna")
    assert visitor.post(reverse("calls:new_link", args=[forged])).status_code == 410
    monkeypatch.setattr(links, "TICKET_DAYS", -1)
    assert visitor.post(reverse("calls:new_link", args=[ticket])).status_code == 410
    assert visitor.get(reverse("calls:application", args=[token])).status_code == 200


# --- a call was announced or changed ----------------------------------------------------------------


def _idea(email: str, **fields: str) -> IdeaCard:
    card, _token = ideas.start(Actor.anonymous())
    texts = {"what": "Pralnia dla sąsiadów z całej gminy", "for_whom": "Dla osób starszych"}
    ideas.save(card, seen=0, email=email, **{**texts, **fields})
    ideas.send(Actor.anonymous(), card, consent=True)
    return card


def test_open_ideas_and_earlier_drafts_hear_of_a_call(
    manager: Actor, make_call: MakeCall, make_draft: MakeDraft, dates: dict[str, Any]
) -> None:
    _idea("otwarta@example.org")
    first = make_call()
    draft, _token = make_draft(first)
    sent_back = _idea("cofnieta@example.org")
    ideas.withdraw(Actor.anonymous(), sent_back, by_link=True)
    texts = {"name_pl": "Druga tura", "name_en": "Round two", "about_pl": "Próba.", "about_en": "A trial."}
    second = calls.prepare_call(manager, first.programme, **texts, **dates)
    calls.publish_call(manager, second)
    written = {one.to_email: one for one in about(second)}
    assert set(written) == {"otwarta@example.org", draft.email}
    assert written["otwarta@example.org"].state == LetterState.HELD
    assert written[draft.email].state == LetterState.RELEASED
    assert written[draft.email].organisation is None  # the team does not learn who has a draft
    assert f"/pl/calls/{second.slug}/" in written[draft.email].body


def test_a_theme_chooses_among_ideas_of_nobody(manager: Actor, call: Call) -> None:
    near = _idea("blisko@example.org", what="Opieka sąsiedzka nad osobami starszymi mieszkającymi samotnie")
    far = _idea("daleko@example.org", what="Warsztat rowerowy po lekcjach", for_whom="Uczniowie")
    label = {"pl": "Opieka nad osobami starszymi", "en": "Care of older persons"}
    call.definition["themes"] = [{"code": "care", "label": label}]
    call.save(update_fields=["definition"])
    fresh = Call.objects.get(pk=call.pk)
    assert [card.pk for card in queries.authors(fresh)] == [near.pk]
    ideas.answer(manager, far, "Porozmawiajmy o tym.")
    assert {card.pk for card in queries.authors(fresh)} == {near.pk, far.pk}


def test_an_amendment_is_told_once_and_refused_by_choice(
    manager: Actor, call: Call, make_draft: MakeDraft, make_application: Callable[..., Any]
) -> None:
    from krzew.calls.acts import programmes_letters

    draft, _token = make_draft(call)
    sent, quiet = make_application(call), make_application(call)
    notices.choose(notices.fingerprint(quiet.email), "calls.calls", wanted=False)
    later = call.closes_at + timedelta(days=2)
    amendment = calls.amend_call(manager, call, seen=1, **WHY, closes_at=later)
    programmes_letters.write(manager, call, "amended", amendment)
    assert {(one.to_email, str(one.state)) for one in about(call)} == {
        (draft.email, "released"),
        (sent.email, "held"),
    }
    assert len(about(call)) == 2


def test_what_the_team_types_itself_is_known_to_it(manager: Actor, call: Call, make_draft: MakeDraft) -> None:
    draft, _token = make_draft(call)
    Application.objects.filter(pk=draft.pk).update(keyed_by=manager.user)
    calls.amend_call(manager, call, seen=1, **WHY, closes_at=call.closes_at + timedelta(days=2))
    [letter] = about(call)
    assert (letter.to_email, letter.state) == (draft.email, LetterState.HELD)


# --- a new idea -------------------------------------------------------------------------------------


def test_the_office_hears_of_an_idea_at_once(manager: Actor, stranger: Actor, make_actor: Any) -> None:
    make_actor("czlonek@example.org", "Inkubator Próba", Role.MEMBER, OrganisationKind.INCUBATOR)
    unconfirmed = make_actor("nowy@example.org", "Inkubator Nowy", Role.MANAGER, OrganisationKind.INCUBATOR)
    unconfirmed.organisation.confirmed_at = None
    unconfirmed.organisation.save()
    card = _idea("autorka@example.org", name="Zofia Próbna")
    office = [one for one in about(card) if one.to_email != "autorka@example.org"]
    assert {one.to_email for one in office} == {"nina@example.org", "obcy@example.org"}
    assert {str(one.state) for one in office} == {"released"}
    said = "".join(one.subject + one.body for one in office)
    assert "Pralnia" not in said
    assert "Zofia" not in said
    assert f"/ideas/{card.pk}/" in said


def test_what_the_author_adds_goes_to_the_person_in_charge(manager: Actor, stranger: Actor) -> None:
    card = _idea("autorka@example.org")
    ideas.answer(manager, card, "Porozmawiajmy o tym.")
    known = len(about(card))
    ideas.ask(card, "Mam jeszcze jedno pytanie.")
    [letter] = about(card)[known:]
    assert letter.to_email == "nina@example.org"
    assert "pytanie" not in letter.body
    ideas.ask(card, "I drugie.")
    assert len(about(card)) == known + 2


def test_a_renewed_link_is_an_event(call: Call, make_draft: MakeDraft) -> None:
    draft, _token = make_draft(call)
    links.exchange(links.ticket(draft))
    assert history(draft).filter(act="calls.application_link_renewed").count() == 1
    assert applications.is_writable(draft)
