"""Who may do what with cases, needs, the board and the thesaurus."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.permissions import EVERYTHING, NOTHING, YES, Permission, Verdict, verdict
from krzew.door.models import Canned, Case, CaseKind, Handover, Offer

OFFICE = (Role.ADVISER, Role.MANAGER)
OFFICE_ONLY = _(
    "Only advisers and managers of calls of a confirmed organisation answer here. An owner gives the role; those "
    "who run this installation confirm organisations."
)
MANAGERS_ONLY = _("Ideas, applications and sign-ups are answered by managers of calls, on their own pages.")
OF_CALLS = (CaseKind.IDEA, CaseKind.APPLICATION, CaseKind.SIGN_UP)
"""What is answered on its own page in another room."""
NOT_YOURS = _("Another office has taken this case.")
NOT_YOUR_CASE = _("Only the author, the office that answers and those to whom it was handed see this case.")
EDITORS_ONLY = _("Only library editors of a confirmed organisation change the words of the thesaurus.")


def is_office(actor: Actor) -> bool:
    return actor.is_system or (actor.is_confirmed and actor.has(*OFFICE))


def _office(actor: Actor, _nothing: object) -> Verdict:
    return verdict(is_office(actor), OFFICE_ONLY)


def _handed(actor: Actor, case: Case) -> bool:
    """Handed to this person and not taken back."""
    if actor.user is None:
        return False
    return Handover.objects.filter(case=case.pk, to=actor.user, ended_at=None).exists()


def _work(actor: Actor, case: Case) -> Verdict:
    """A case that nobody has taken belongs to every office; a taken one to the office that took it."""
    if not is_office(actor):
        return Verdict(False, OFFICE_ONLY)
    if case.kind in OF_CALLS and not actor.has(Role.MANAGER):
        return Verdict(False, MANAGERS_ONLY)
    return verdict(case.organisation_id is None or actor.acts_for(case.organisation_id), NOT_YOURS)


def _workable(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    if not is_office(actor):
        return NOTHING
    own = Q(organisation=None) | Q(organisation=actor.organisation)
    return own if actor.has(Role.MANAGER) else own & ~Q(kind__in=OF_CALLS)


def _handed_rows(actor: Actor) -> Q:
    if actor.user is None:
        return NOTHING
    return Q(pk__in=Handover.objects.filter(to=actor.user, ended_at=None).values("case"))


def _answer(actor: Actor, case: Case) -> Verdict:
    if _work(actor, case):
        return YES
    return verdict(_handed(actor, case), NOT_YOUR_CASE)


work_inbox = Permission("door.work_inbox", _office)
manage_case = Permission("door.manage_case", _work, _workable, Case)
answer_case = Permission(
    "door.answer_case", _answer, lambda actor: _workable(actor) | _handed_rows(actor), Case
)
see_spots = Permission("door.see_spots", _office)
moderate_board = Permission(
    "door.moderate_board",
    _office,
    lambda actor: EVERYTHING if is_office(actor) else NOTHING,
    Offer,
)
edit_canned = Permission(
    "door.edit_canned",
    lambda actor, canned: (
        verdict(actor.acts_for(canned.organisation_id), NOT_YOURS)
        if is_office(actor)
        else _office(actor, None)
    ),
    lambda actor: (
        EVERYTHING if actor.is_system else Q(organisation=actor.organisation) if is_office(actor) else NOTHING
    ),
    Canned,
)
edit_thesaurus = Permission(
    "door.edit_thesaurus",
    lambda actor, _nothing: verdict(
        actor.is_system or (actor.is_confirmed and actor.has(Role.EDITOR)), EDITORS_ONLY
    ),
)
