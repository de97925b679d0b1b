"""Applications on paper: the team says when they came; on the internet the clock of the server decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts import applications as acts
from krzew.calls.acts import applications_people as people
from krzew.calls.acts import paper
from krzew.calls.formal_checks import _late
from krzew.calls.models import Application, Call
from krzew.calls.queries.applications import OWN
from krzew.calls.states import ApplicationState, CallState
from krzew.timeline.models import Letter
from krzew.timeline.queries import history
from krzew.ui.formats import moment
from tests.calls.applications_factory import answers_for, applicant_data

ClientOf = Callable[[Actor], Client]
WHY = "Stempel kancelarii na kopercie."


def closed(call: Call, hours: int = 2) -> Call:
    """The call as it stands some hours after its closing."""
    now = timezone.now()
    Call.objects.filter(pk=call.pk).update(
        opens_at=now - timedelta(days=9),
        submit_from=now - timedelta(days=8),
        closes_at=now - timedelta(hours=hours),
    )
    return Call.objects.select_related("programme").get(pk=call.pk)


def in_time(call: Call) -> datetime:
    return call.closes_at - timedelta(hours=1)


def typed(manager: Actor, application: Application) -> Application:
    """What stands on the paper."""
    call = application.call
    contact = applicant_data("person", "papier@example.org")
    acts.save(
        manager,
        application,
        seen=application.revision,
        answers=answers_for(call, "person"),
        applicant=contact,
    )
    stage = call.rules.form
    assert stage is not None
    people.set_ticks(manager, application, {one.code for one in stage.declarations})
    return Application.objects.select_related("call__programme").get(pk=application.pk)


def key_in(manager: Actor, call: Call, at: datetime | None = None, why: str = WHY) -> Application:
    row, _token = acts.key_in(
        manager, call, kind="person", channel="paper", received_at=at, received_why=why if at else ""
    )
    return row


def test_what_came_in_time_is_typed_and_sent_after_the_closing(manager: Actor, call: Call) -> None:
    call = closed(call)
    row = typed(manager, key_in(manager, call, in_time(call)))
    acts.submit(manager, row, seen=row.revision)
    row = Application.objects.get(pk=row.pk)
    assert row.state == ApplicationState.SUBMITTED
    assert row.submitted_at is not None
    assert row.submitted_at > call.closes_at  # the clock of the server is not bent
    assert row.received_at == in_time(call)
    content = row.versions.get().content
    assert content["received_at"] == in_time(call).isoformat()
    assert content["received_why"] == WHY
    assert _late(row) == ""
    letter = Letter.objects.filter(object_type="calls.application", object_id=str(row.pk)).get()
    assert moment(row.received_at) in letter.body


def test_what_is_sent_on_the_internet_follows_the_clock(manager: Actor, call: Call, make_draft: Any) -> None:
    draft, _token = make_draft(call)
    call = closed(call)
    Application.objects.filter(pk=draft.pk).update(received_at=in_time(call), received_why=WHY)  # even so
    draft = Application.objects.select_related("call__programme").get(pk=draft.pk)
    assert not acts.is_writable(draft)
    with pytest.raises(ValidationError):
        acts.submit(Actor.anonymous(), draft, seen=draft.revision)
    with pytest.raises(ValidationError):
        paper.state_received(manager, draft, received_at=in_time(call), why=WHY)


def test_the_moment_must_be_right(manager: Actor, call: Call) -> None:
    call = closed(call)
    for at, why, field in (
        (call.closes_at, WHY, "received_at"),  # to the second
        (call.closes_at + timedelta(seconds=1), WHY, "received_at"),
        (call.opens_at - timedelta(seconds=1), WHY, "received_at"),
        (timezone.now() + timedelta(hours=1), WHY, "received_at"),
        (call.closes_at - timedelta(seconds=1), "tak", "received_why"),
    ):
        with pytest.raises(ValidationError) as caught:
            key_in(manager, call, at, why)
        assert field in caught.value.message_dict
    with pytest.raises(ValidationError) as caught:
        key_in(manager, call)
    assert "received_at" in caught.value.message_dict
    assert key_in(manager, call, call.closes_at - timedelta(seconds=1)).received_at


def test_before_the_closing_it_may_be_left_out(manager: Actor, call: Call) -> None:
    row = typed(manager, key_in(manager, call))
    acts.submit(manager, row, seen=row.revision)
    assert "received_at" not in row.versions.get().content


def test_begun_in_time_and_not_finished(manager: Actor, stranger: Actor, call: Call) -> None:
    row = typed(manager, key_in(manager, call))
    call = closed(call)
    row = Application.objects.select_related("call__programme").get(pk=row.pk)
    assert not acts.is_writable(row)
    with pytest.raises(Denied):
        paper.state_received(stranger, row, received_at=in_time(call), why=WHY)
    paper.state_received(manager, row, received_at=in_time(call), why=WHY)
    assert acts.is_writable(row)
    [event] = history(row).filter(act="calls.application_received")
    assert "why" not in str(event.data)
    acts.submit(manager, row, seen=row.revision)
    with pytest.raises(ValidationError):  # what was sent stays as it was sent
        paper.state_received(manager, row, received_at=in_time(call), why=WHY)


def test_after_the_decision_nothing_is_taken_down(manager: Actor, call: Call) -> None:
    call = closed(call)
    row = typed(manager, key_in(manager, call, in_time(call)))
    Call.objects.filter(pk=call.pk).update(state=CallState.DECIDED)
    row = Application.objects.select_related("call__programme").get(pk=row.pk)
    assert not acts.is_writable(row)
    with pytest.raises(ValidationError):
        acts.submit(manager, row, seen=row.revision)
    with pytest.raises(ValidationError):
        key_in(manager, Call.objects.get(pk=call.pk), in_time(call))


def test_only_the_team(stranger: Actor, call: Call) -> None:
    call = closed(call)
    with pytest.raises(Denied):
        key_in(stranger, call, in_time(call))


def test_by_page(manager: Actor, stranger: Actor, call: Call, client_of: ClientOf) -> None:
    call, team = closed(call), client_of(manager)
    assert (
        reverse("calls:key_in_application", args=[call.slug])
        in team.get(reverse("calls:team_applications", args=[call.slug])).content.decode()
    )
    address = reverse("calls:key_in_application", args=[call.slug])
    late = {"kind": "person", "channel": "paper", "received_at": "", "received_why": WHY}
    answer = team.post(address, late)
    assert answer.status_code == 422
    assert WHY in answer.content.decode()
    at = timezone.localtime(in_time(call)).strftime("%Y-%m-%dT%H:%M:%S")
    answer = team.post(address, late | {"received_at": at})
    assert answer.status_code == 302
    row = Application.objects.get(call=call)
    home = team.get(reverse("calls:application", args=[f"{OWN}{row.pk}"])).content.decode()
    assert WHY in home
    page = reverse("calls:application_received", args=[call.slug, row.pk])
    assert at[:16] in team.get(page).content.decode()
    assert team.post(page, {"received_at": at, "received_why": "x"}).status_code == 422
    assert team.post(page, {"received_at": at, "received_why": "Data wpływu e-maila."}).status_code == 302
    row.refresh_from_db()
    assert row.received_why == "Data wpływu e-maila."
    assert client_of(stranger).get(page).status_code == 404
    typed(manager, row)
    row.refresh_from_db()
    sent = reverse("calls:application_send", args=[f"{OWN}{row.pk}"])
    assert team.post(sent, {"revision": row.revision}).status_code == 302
    detail = team.get(reverse("calls:team_application", args=[call.slug, row.pk])).content.decode()
    assert "Data wpływu e-maila." in detail


def test_a_draft_that_is_closed_offers_the_way(manager: Actor, call: Call, client_of: ClientOf) -> None:
    row = key_in(manager, call)
    call = closed(call)
    page = client_of(manager).get(reverse("calls:application", args=[f"{OWN}{row.pk}"])).content.decode()
    assert reverse("calls:application_received", args=[call.slug, row.pk]) in page
