"""Who may do what with programmes, calls, ideas, applications and readings."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.permissions import EVERYTHING, NOTHING, YES, Permission, Verdict, verdict
from krzew.calls.models import (
    Appeal,
    Application,
    Assessor,
    Call,
    Conflict,
    IdeaCard,
    Programme,
    Reading,
    Vote,
)
from krzew.calls.states import ApplicationState, CallState, IdeaState, ReadingState

NOT_YOURS = _("This belongs to another organisation.")
MANAGERS_ONLY = _("Only a manager of calls may do this. Ask an owner of your organisation for the role.")
NOT_CONFIRMED = _(
    "Your organisation is not confirmed yet. Those who run this installation confirm it before it announces a call."
)
NOT_PUBLIC = _("This call is not announced yet.")
NOT_YOUR_IDEA = _("Only the author and the team that answers see this idea.")
NOT_YOUR_APPLICATION = _("Only the applicant and the team of the call see this application.")
NOT_YOUR_READING = _("You see only what was given to you to assess.")
NOT_YOURSELF = _("Only the assessor herself changes this.")
SIGN_IN_TO_VOTE = _("In this vote people with an account vote. Sign in, then vote.")
IN_CONFLICT = _("You are linked with this application, so it stays closed for you.")

USED_UP: list[Callable[[Application], bool]] = []
"""Rooms further down the chain add here how they know that a grant has been used to its end."""
GIVEN = (ApplicationState.SELECTED, ApplicationState.RESERVE, ApplicationState.OFFERED)


def may_give_up(application: Application, state: str | None = None) -> bool:
    """A grant, an offer or a place on the reserve list, unless what it paid for has come to its end."""
    given = (application.state if state is None else state) in GIVEN
    return given and not any(used(application) for used in USED_UP)


def _manages(actor: Actor, organisation_id: int | None) -> Verdict:
    if not actor.acts_for(organisation_id):
        return Verdict(False, NOT_YOURS)
    return verdict(actor.has(Role.MANAGER), MANAGERS_ONLY)


def _managed(actor: Actor, path: str) -> Q:
    """Rows whose organisation, at the end of `path`, the actor manages."""
    if actor.is_system:
        return EVERYTHING
    if actor.organisation is None or not actor.has(Role.MANAGER):
        return NOTHING
    return Q(**{path: actor.organisation.pk})


# --- programmes and calls ---------------------------------------------------------------------------


def _new_programme(actor: Actor, _obj: object) -> Verdict:
    if not actor.has(Role.MANAGER):
        return Verdict(False, MANAGERS_ONLY)
    return verdict(actor.is_confirmed, NOT_CONFIRMED)


new_programme = Permission("calls.new_programme", _new_programme)
manage_programme = Permission(
    "calls.manage_programme",
    lambda actor, programme: _manages(actor, programme.organisation_id),
    lambda actor: _managed(actor, "organisation"),
    Programme,
)
manage_call = Permission(
    "calls.manage_call",
    lambda actor, call: _manages(actor, call.programme.organisation_id),
    lambda actor: _managed(actor, "programme__organisation"),
    Call,
)
PUBLIC_CALLS = (CallState.PUBLISHED, CallState.DECIDED, CallState.FINISHED)
ANNOUNCED = Q(state__in=PUBLIC_CALLS) | Q(state=CallState.CANCELLED, published_at__isnull=False)


def _see_call(actor: Actor, call: Call) -> Verdict:
    return YES if call.is_public else verdict(manage_call.allows(actor, call), NOT_PUBLIC)


see_call = Permission(
    "calls.see_call",
    _see_call,
    lambda actor: _managed(actor, "programme__organisation") | ANNOUNCED,
    Call,
)

# --- ideas ------------------------------------------------------------------------------------------


def _is_author(actor: Actor, user_id: int | None) -> bool:
    return actor.user is not None and user_id == actor.user.pk


def _own(actor: Actor) -> Q:
    return Q(user=actor.user.pk) if actor.user else NOTHING


def _see_idea(actor: Actor, card: IdeaCard) -> Verdict:
    """The author who is signed in, and the team once it is sent. Without an account the link opens it."""
    if actor.is_system or _is_author(actor, card.user_id):
        return YES
    return verdict(card.state != IdeaState.DRAFT and bool(_answers(actor, card)), NOT_YOUR_IDEA)


def _answers(actor: Actor, card: IdeaCard) -> Verdict:
    """An idea that nobody has taken belongs to every confirmed team; a taken one to its team."""
    if card.organisation_id is not None:
        return _manages(actor, card.organisation_id)
    if not actor.has(Role.MANAGER):
        return Verdict(False, MANAGERS_ONLY)
    return verdict(actor.is_confirmed, NOT_CONFIRMED)


def _answered(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    free = Q(organisation__isnull=True) if actor.has(Role.MANAGER) and actor.is_confirmed else NOTHING
    return _managed(actor, "organisation") | free


def _answer_idea(actor: Actor, card: IdeaCard) -> Verdict:
    if card.state == IdeaState.DRAFT and not actor.is_system:
        return Verdict(False, NOT_YOUR_IDEA)
    return _answers(actor, card)


def _answerable(actor: Actor) -> Q:
    return EVERYTHING if actor.is_system else _answered(actor) & ~Q(state=IdeaState.DRAFT)


see_idea = Permission(
    "calls.see_idea",
    _see_idea,
    lambda actor: EVERYTHING if actor.is_system else _own(actor) | _answerable(actor),
    IdeaCard,
)
answer_idea = Permission("calls.answer_idea", _answer_idea, _answerable, IdeaCard)
key_in_idea = Permission("calls.key_in_idea", _new_programme)

# --- applications -----------------------------------------------------------------------------------


def _see_application(actor: Actor, application: Application) -> Verdict:
    """The applicant; and, once it is sent, the team of the call. Assessors read through their readings."""
    if actor.is_system or _is_author(actor, application.user_id):
        return YES
    if application.state == ApplicationState.DRAFT:
        return Verdict(False, NOT_YOUR_APPLICATION)
    return verdict(bool(_manages(actor, application.call.programme.organisation_id)), NOT_YOUR_APPLICATION)


def _seen_applications(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    sent = _managed(actor, "call__programme__organisation") & ~Q(state=ApplicationState.DRAFT)
    return _own(actor) | sent


def _manage_application(actor: Actor, application: Application) -> Verdict:
    if application.state == ApplicationState.DRAFT and not actor.is_system:
        return Verdict(False, NOT_YOUR_APPLICATION)
    return _manages(actor, application.call.programme.organisation_id)


def _managed_applications(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    return _managed(actor, "call__programme__organisation") & ~Q(state=ApplicationState.DRAFT)


see_application = Permission("calls.see_application", _see_application, _seen_applications, Application)
manage_application = Permission(
    "calls.manage_application", _manage_application, _managed_applications, Application
)


def _write_application(actor: Actor, application: Application) -> Verdict:
    """The author who is signed in; the team writes what it takes down for somebody else, and nothing more."""
    if actor.is_system or _is_author(actor, application.user_id):
        return YES
    keyed = application.keyed_by_id is not None
    managed = keyed and bool(_manages(actor, application.call.programme.organisation_id))
    return verdict(managed, NOT_YOUR_APPLICATION)


def _written_applications(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    return _own(actor) | _managed(actor, "call__programme__organisation") & Q(keyed_by__isnull=False)


write_application = Permission(
    "calls.write_application", _write_application, _written_applications, Application
)

# --- assessors and readings -------------------------------------------------------------------------

LIVE = (ReadingState.ASSIGNED, ReadingState.OPEN, ReadingState.DONE)
OPENED = (ReadingState.OPEN, ReadingState.DONE)


def _in_conflict(reading: Reading) -> bool:
    """Whether the person is linked with the application, in whichever pool that was found out."""
    same_person = Conflict.objects.filter(assessor__user=reading.assessor.user_id)
    return same_person.filter(application=reading.application_id).exists()


def _see_reading(actor: Actor, reading: Reading) -> Verdict:
    """An assessor sees her own readings, the team all of its calls. A conflict closes a reading for good."""
    if actor.is_system or _manages(actor, reading.application.call.programme.organisation_id):
        return YES
    if not _is_author(actor, reading.assessor.user_id) or reading.state not in LIVE:
        return Verdict(False, NOT_YOUR_READING)
    return verdict(not _in_conflict(reading), IN_CONFLICT)


def _seen_readings(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    return _managed(actor, "application__call__programme__organisation") | _readable(actor) & Q(
        state__in=LIVE
    )


def _readable(actor: Actor) -> Q:
    """Readings of the actor that no conflict closes."""
    if actor.user is None:
        return NOTHING
    closed = Conflict.objects.filter(assessor__user=actor.user.pk).values("application")
    return Q(assessor__user=actor.user.pk) & ~Q(application__in=closed)


def _assess(actor: Actor, reading: Reading) -> Verdict:
    """Read the application and write the card: the assessor alone, after her statement of impartiality."""
    if actor.is_system:
        return YES
    if not _is_author(actor, reading.assessor.user_id) or reading.state not in OPENED:
        return Verdict(False, NOT_YOUR_READING)
    return verdict(not _in_conflict(reading), IN_CONFLICT)


def _assessable(actor: Actor) -> Q:
    return EVERYTHING if actor.is_system else _readable(actor) & Q(state__in=OPENED)


see_reading = Permission("calls.see_reading", _see_reading, _seen_readings, Reading)
assess = Permission("calls.assess", _assess, _assessable, Reading)
manage_assessor = Permission(
    "calls.manage_assessor",
    lambda actor, assessor: _manages(actor, assessor.organisation_id),
    lambda actor: _managed(actor, "organisation"),
    Assessor,
)


def _own_assessor(actor: Actor, assessor: Assessor) -> Verdict:
    """What an assessor says about herself, she alone says."""
    return verdict(actor.is_system or _is_author(actor, assessor.user_id), NOT_YOURSELF)


def _take_reading(actor: Actor, reading: Reading) -> Verdict:
    """Make the statement of impartiality, or refuse: the assessor alone, while nothing links her with it."""
    if actor.is_system:
        return YES
    if not _is_author(actor, reading.assessor.user_id) or reading.state not in LIVE:
        return Verdict(False, NOT_YOUR_READING)
    return verdict(not _in_conflict(reading), IN_CONFLICT)


new_assessor = Permission("calls.new_assessor", _new_programme)
own_assessor = Permission(
    "calls.own_assessor",
    _own_assessor,
    lambda actor: EVERYTHING if actor.is_system else _own(actor),
    Assessor,
)
take_reading = Permission(
    "calls.take_reading",
    _take_reading,
    lambda actor: EVERYTHING if actor.is_system else _readable(actor) & Q(state__in=LIVE),
    Reading,
)
manage_reading = Permission(
    "calls.manage_reading",
    lambda actor, reading: _manages(actor, reading.application.call.programme.organisation_id),
    lambda actor: _managed(actor, "application__call__programme__organisation"),
    Reading,
)

# --- appeals ----------------------------------------------------------------------------------------

NOT_YOUR_APPEAL = _("Only the team of the call and the assessor to whom it was given answer this appeal.")


def _answer_appeal(actor: Actor, appeal: Appeal) -> Verdict:
    """The team, or the assessor who looks again, unless something links her with the application."""
    if actor.is_system or _manages(actor, appeal.application.call.programme.organisation_id):
        return YES
    if appeal.assessor is None or not _is_author(actor, appeal.assessor.user_id):
        return Verdict(False, NOT_YOUR_APPEAL)
    linked = Conflict.objects.filter(
        assessor__user=appeal.assessor.user_id, application=appeal.application_id
    )
    return verdict(not linked.exists(), IN_CONFLICT)


def _answered_appeals(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    managed = _managed(actor, "application__call__programme__organisation")
    if actor.user is None:
        return managed
    closed = Conflict.objects.filter(assessor__user=actor.user.pk).values("application")
    return managed | Q(assessor__user=actor.user.pk) & ~Q(application__in=closed)


answer_appeal = Permission("calls.answer_appeal", _answer_appeal, _answered_appeals, Appeal)
manage_appeal = Permission(
    "calls.manage_appeal",
    lambda actor, appeal: _manages(actor, appeal.application.call.programme.organisation_id),
    lambda actor: _managed(actor, "application__call__programme__organisation"),
    Appeal,
)

# --- judging: the formal check, the council, the decision --------------------------------------------


def _linked(actor: Actor, application: Application) -> bool:
    """Whether the actor wrote this application herself, or is known to be linked with it."""
    if actor.user is None:
        return False
    if _is_author(actor, application.user_id):
        return True
    return Conflict.objects.filter(assessor__user=actor.user.pk, application=application.pk).exists()


def _judge(actor: Actor, application: Application) -> Verdict:
    """Check, advise, decide: the team, but nobody who is linked with the application."""
    may = _manage_application(actor, application)
    return verdict(not _linked(actor, application), IN_CONFLICT) if may else may


def _judged(actor: Actor) -> Q:
    managed = _managed_applications(actor)
    if actor.user is None:
        return managed
    closed = Conflict.objects.filter(assessor__user=actor.user.pk).values("application")
    return managed & ~Q(pk__in=closed) & (Q(user__isnull=True) | ~Q(user=actor.user.pk))


judge = Permission("calls.judge", _judge, _judged, Application)

# --- the public vote ---------------------------------------------------------------------------------


def _take_part_in_vote(actor: Actor, vote: Vote) -> Verdict:
    """Everybody, or everybody with an account, as the rules of the call say."""
    return verdict(vote.who == "everybody" or actor.is_system or actor.user is not None, SIGN_IN_TO_VOTE)


take_part_in_vote = Permission(
    "calls.take_part_in_vote",
    _take_part_in_vote,
    lambda actor: EVERYTHING if actor.is_system or actor.user else Q(who="everybody"),
    Vote,
)
