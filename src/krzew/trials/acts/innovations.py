"""An innovation begins where a decision was told; it gets a mentor, is shown to the public, and may end early."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Role, User
from krzew.calls.acts import applications
from krzew.calls.models import Application, Call, IdeaCard
from krzew.calls.rules import manage_call
from krzew.calls.states import ApplicationState, IdeaState
from krzew.library.cards import fold
from krzew.timeline.acts import act, record
from krzew.timeline.models import Event
from krzew.trials.acts.keeping import forget_innovator
from krzew.trials.acts.steps import Conflict, move, must_run, settle
from krzew.trials.journey import stages_of
from krzew.trials.models import Innovation, Specification
from krzew.trials.rules import manage_innovation
from krzew.trials.states import INNOVATION, InnovationState

LONGEST_SLUG = 50


@act
def begin(actor: Actor, application: Application) -> Innovation:
    """Start the way of a selected application: what was written in it is carried on, nothing is typed twice."""
    manage_call.require(actor, application.call)
    if application.state != ApplicationState.SELECTED:
        raise ValidationError(_("Only a selected application goes on to the test."))
    if Innovation.objects.filter(application=application).exists():
        raise ValidationError(_("This innovation is already on its way."))
    return _begun(
        actor,
        application.call,
        application=application,
        idea=application.idea,
        title=application.title,
        innovator=application.applicant_name,
        email=application.email,
        language=application.language,
        user=application.user,
        granted=application.granted,
    )


@act
def begin_from_idea(actor: Actor, call: Call, idea: IdeaCard) -> Innovation:
    """In a network nobody applies: an idea that is talked about goes on by itself."""
    manage_call.require(actor, call)
    if not call.rules.network:
        raise ValidationError(_("In this call an innovation begins with a selected application."))
    if idea.state not in (IdeaState.SENT, IdeaState.IN_TALKS):
        raise ValidationError(_("Only an idea that was sent, and is talked about, goes on to the test."))
    if Innovation.objects.filter(call=call, idea=idea).exists():
        raise ValidationError(_("This innovation is already on its way."))
    return _begun(
        actor,
        call,
        idea=idea,
        title=idea.title,
        innovator=idea.name,
        email=idea.email,
        language=idea.language,
        user=idea.user,
    )


@act
def begin_all(actor: Actor, call: Call) -> list[Innovation]:
    """Start every selected application of a call that has not begun yet."""
    manage_call.require(actor, call)
    rows = call.applications.filter(state=ApplicationState.SELECTED, innovation=None)
    return [begin(actor, row) for row in rows.select_related("call__programme", "idea", "user")]


def _begun(actor: Actor, call: Call, **fields: object) -> Innovation:
    if not stages_of(call.rules):
        raise ValidationError(_("The programme of this call ends with the decision."))
    innovation = Innovation(call=call, **fields)
    innovation.title = innovation.title or _("an innovation without a title")
    innovation.slug = free_slug(innovation.title)
    innovation.save()
    Specification.objects.create(innovation=innovation)
    record(actor, "trials.innovation_begun", innovation, new=innovation.state)
    settle(innovation)
    return innovation


def free_slug(title: str) -> str:
    """An address of its own: the title in plain letters, with a number when it is taken."""
    base = slugify(fold(title))[:LONGEST_SLUG].strip("-") or "innovation"
    taken = set(Innovation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbers: Iterable[str] = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbers if slug not in taken)


@act
def name_mentor(actor: Actor, innovation: Innovation, mentor: User | None) -> Innovation:
    """Give the innovation to a mentor of the organisation, or take it from her."""
    manage_innovation.require(actor, innovation)
    must_run(innovation)
    if mentor is not None and not _is_mentor(mentor, innovation.organisation_id):
        raise ValidationError({"mentor": _("Choose somebody who has the role of a mentor here.")})
    innovation.mentor = mentor
    innovation.save(update_fields=["mentor"])
    record(actor, "trials.mentor_named", innovation, data={"person": mentor.pk if mentor else None})
    return innovation


def _is_mentor(user: User, organisation_id: int) -> bool:
    rows = Membership.objects.filter(user=user, organisation=organisation_id, role=Role.MENTOR)
    return rows.exists()


@act
def present(
    actor: Actor,
    innovation: Innovation,
    *,
    seen: int,
    public_pl: str,
    public_en: str,
    shows_innovator: bool,
    is_public: bool,
) -> Innovation:
    """Say in public what this innovation is. A name is shown only where the innovator wants it."""
    manage_innovation.require(actor, innovation)
    if is_public and not public_pl.strip():
        raise ValidationError(
            {"public_pl": _("Say in a few sentences what it is, before everybody sees it.")}
        )
    fields = {
        "public_pl": public_pl.strip(),
        "public_en": public_en.strip(),
        "shows_innovator": shows_innovator,
        "is_public": is_public,
    }
    changed = Innovation.objects.filter(pk=innovation.pk, revision=seen).update(revision=seen + 1, **fields)
    if not changed:
        raise Conflict(Innovation.objects.get(pk=innovation.pk))
    innovation.refresh_from_db()
    record(actor, "trials.innovation_presented", innovation, data={"public": is_public})
    return innovation


@act
def resign(actor: Actor, innovation: Innovation, why: str) -> Innovation:
    """The innovator gives it up, and with it the grant. Whoever holds the link, or is signed in, may."""
    _end(actor, innovation, "resign", "trials.innovation_resigned", why)
    application = innovation.application
    if application is not None and application.state == ApplicationState.SELECTED:
        applications.resign(actor, application, reason=why)
    return innovation


def follow_application(*, actor: Actor, event: Event, obj: Any, **_kwargs: object) -> None:
    """A grant given up on the page of the application ends the innovation too; who is forgotten there, is here."""
    if event.act not in ("calls.application_resigned", "calls.application_anonymised"):
        return
    innovation = Innovation.objects.filter(application=obj).first()
    if innovation is not None and event.act == "calls.application_anonymised":
        forget_innovator(actor, innovation)
    elif innovation is not None and innovation.state == InnovationState.RUNNING:
        why = _("The grant was given up.")
        _end(actor, innovation, "resign", "trials.innovation_resigned", why)


def is_used_up(application: Application) -> bool:
    """Whether the innovation that this grant paid for has ended in another way than by giving it up."""
    open_ = (InnovationState.RUNNING, InnovationState.RESIGNED)
    return Innovation.objects.filter(application=application).exclude(state__in=open_).exists()


@act
def terminate(actor: Actor, innovation: Innovation, why: str) -> Innovation:
    """The incubator ends the agreement; what must be returned is noted apart."""
    manage_innovation.require(actor, innovation)
    return _end(actor, innovation, "terminate", "trials.innovation_terminated", why)


def _end(actor: Actor, innovation: Innovation, name: str, event: str, why: str) -> Innovation:
    _must_say(why)
    must_run(innovation)
    move(actor, innovation, INNOVATION, name, event, ended_why=why.strip(), ended_at=timezone.now(), stage="")
    return innovation


def _must_say(why: str) -> None:
    if not why.strip():
        raise ValidationError({"why": _("Say why, in a sentence or two.")})
