"""Programmes, calls, ideas, applications and readings in every state, over which the permissions are compared."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from krzew.accounts.models import Organisation, User
from krzew.calls.definition import plain, templates
from krzew.calls.models import (
    Appeal,
    Application,
    Assessor,
    Call,
    Conflict,
    Decision,
    IdeaCard,
    Programme,
    Reading,
    Vote,
)
from krzew.calls.states import ApplicationState, CallState, IdeaState, ReadingState, VoteState


def make_objects(organisations: list[Organisation], people: list[User]) -> None:
    definition = plain(templates()["niw"])
    for home in organisations:
        programme = Programme.objects.create(
            organisation=home, name_pl="Program", name_en="Programme", definition=definition
        )
        calls = [_call(programme, state, n) for n, state in enumerate(CallState.values, 1)]
        _called_off(programme)
        _applications(calls[1], people)
        _readings(calls[1], home, people[:6])
        _appeals(calls[1], home)
        _votes(calls[1])
    _ideas(organisations, people)


def _call(programme: Programme, state: str, number: int) -> Call:
    now = timezone.now()
    return Call.objects.create(
        programme=programme,
        slug=f"nabor-{programme.pk}-{number}",
        round=number,
        name_pl="Nabór",
        name_en="Call",
        state=state,
        definition=programme.definition,
        opens_at=now - timedelta(days=2),
        submit_from=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
    )


def _called_off(programme: Programme) -> None:
    """Called off after it was announced: everybody reads why."""
    call = _call(programme, CallState.CANCELLED, 99)
    call.published_at = call.opens_at
    call.save()


def _applications(call: Call, people: list[User]) -> None:
    for state in ApplicationState.values:
        for user in (None, people[0], people[1]):
            Application.objects.create(
                call=call,
                kind="organisation",
                state=state,
                user=user,
                token_hash=f"{call.pk}-{state}-{user and user.pk}",
            )
        Application.objects.create(
            call=call, kind="person", state=state, keyed_by=people[0], token_hash=f"{call.pk}-{state}-keyed"
        )


def _readings(call: Call, home: Organisation, people: list[User]) -> None:
    assessors = [Assessor.objects.create(user=user, organisation=home) for user in people]
    open_ = list(call.applications.filter(state=ApplicationState.SUBMITTED))
    for n, assessor in enumerate(assessors):
        for m, state in enumerate(ReadingState.values):
            application = open_[(n + m) % len(open_)]
            Reading.objects.create(application=application, assessor=assessor, stage=f"merit{m}", state=state)
    Conflict.objects.create(assessor=assessors[0], application=open_[0], kind=Conflict.Kind.DECLARED)


def _appeals(call: Call, home: Organisation) -> None:
    """Without an assessor, with one, and with one who is linked with the application."""
    assessors = list(Assessor.objects.filter(organisation=home))
    rows = list(call.applications.filter(state=ApplicationState.OUT)[:3])
    open_ = call.applications.filter(state=ApplicationState.SUBMITTED).first()
    for application, assessor in zip(
        [*rows, open_], [None, assessors[1], assessors[2], assessors[0]], strict=True
    ):
        assert application is not None
        decision = Decision.objects.create(application=application, stage="merit", outcome="rejected_merit")
        Appeal.objects.create(
            application=application, decision=decision, assessor=assessor, text="Odwołanie."
        )


def _votes(call: Call) -> None:
    for who in ("everybody", "accounts"):
        for state in VoteState.values:
            end = call.closes_at + timedelta(days=8)
            stage = f"{who}-{state}"
            Vote.objects.create(
                call=call, stage=stage, state=state, who=who, opens_at=call.closes_at, closes_at=end
            )


def _ideas(organisations: list[Organisation], people: list[User]) -> None:
    for state in IdeaState.values:
        for home in (None, *organisations):
            for user in (None, people[0]):
                key = f"{state}-{home and home.pk}-{user and user.pk}"
                IdeaCard.objects.create(state=state, organisation=home, user=user, token_hash=key)
