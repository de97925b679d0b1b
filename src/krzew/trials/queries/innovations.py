"""Reading innovations: by the innovator's link, for the team and mentors, for everybody."""

from __future__ import annotations

from django.db.models import Count, Model, Q, QuerySet

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role, User
from krzew.calls.models import Call, token_hash
from krzew.calls.queries.programmes import managed_calls
from krzew.calls.states import ApplicationState
from krzew.trials.journey import JOINS, READS, stages_of
from krzew.trials.models import Innovation
from krzew.trials.rules import accompany, write_innovation

OWN = "own-"
"""Begins the address of those who are signed in as the innovator and need no secret link."""


def _whole(rows: QuerySet[Innovation]) -> QuerySet[Innovation]:
    joined = rows.select_related(
        "call__programme__organisation", "application", "idea", "mentor", "user", "solution", *JOINS
    )
    return joined.prefetch_related(*READS)


def by_token(actor: Actor, token: str) -> Innovation | None:
    """The innovation that the link of its application or idea opens."""
    rows = _whole(Innovation.objects.all())
    if token.startswith(OWN) and token[len(OWN) :].isdecimal():
        return write_innovation.filter(actor, rows).filter(pk=int(token[len(OWN) :][:18])).first()
    secret = token_hash(token)
    return rows.filter(
        Q(application__token_hash=secret) | Q(application=None, idea__token_hash=secret)
    ).first()


def accompanied(actor: Actor) -> QuerySet[Innovation]:
    """Those of the team, and for a mentor the ones given to her."""
    return _whole(accompany.filter(actor, Innovation.objects.all()))


def one(actor: Actor, pk: int) -> Innovation | None:
    return accompanied(actor).filter(pk=pk).first()


def listed(
    actor: Actor, *, call: Call | None = None, state: str = "", stage: str = "", text: str = ""
) -> QuerySet[Innovation]:
    """The list of the team and of mentors, filtered and searched."""
    rows = accompanied(actor).order_by("call__closes_at", "title", "pk")
    if call is not None:
        rows = rows.filter(call=call)
    if state:
        rows = rows.filter(state=state)
    if stage:
        rows = rows.filter(stage=stage)
    if text.strip():
        rows = rows.filter(Q(title__icontains=text.strip()) | Q(innovator__icontains=text.strip()))
    return rows


def parts(innovation: Innovation) -> list[Model]:
    """The innovation and everything on its way whose events belong to its history."""
    ones = (getattr(innovation, name, None) for name in ("test", "final_report", "evaluation", "package"))
    many = [*innovation.agreements.all(), *innovation.specifications.all()]
    reports = [report for agreement in innovation.agreements.all() for report in agreement.reports.all()]
    return [innovation, *(one for one in ones if one is not None), *many, *reports]


def not_begun(actor: Actor) -> list[Call]:
    """Calls of the team with selected applications that are not on their way yet."""
    waits = Q(applications__state=ApplicationState.SELECTED, applications__innovation=None)
    rows = managed_calls(actor).filter(waits).annotate(waiting=Count("applications", distinct=True))
    return [call for call in rows if stages_of(call.rules)]


def own(actor: Actor) -> QuerySet[Innovation]:
    """Innovations of the person who is signed in."""
    rows = _whole(Innovation.objects.all())
    return rows.filter(user=actor.user) if actor.user else rows.none()


def public() -> QuerySet[Innovation]:
    """Innovations whose way everybody may read."""
    return _whole(Innovation.objects.filter(is_public=True)).order_by("-begun_at", "-pk")


def mentors(organisation_id: int) -> QuerySet[User]:
    """Who may accompany innovations of this organisation."""
    rows = User.objects.filter(memberships__organisation=organisation_id, memberships__role=Role.MENTOR)
    return rows.distinct().order_by("name", "email")
