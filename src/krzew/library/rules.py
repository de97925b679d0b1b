"""Who may do what in the library.

What is published is everybody's. Drafts belong to the editors of the organisation that writes them. Any of
them may publish, the author too: small organisations often have one editor, and the event names who did it.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.permissions import EVERYTHING, NOTHING, Permission, Verdict, verdict
from krzew.library.models import Answer, Solution, SolutionVersion
from krzew.library.states import VersionState

EDITORS_ONLY = _(
    "Only library editors of a confirmed organisation may do this. An owner gives the role; those who run this "
    "installation confirm organisations."
)
NOT_YOURS = _(
    "Another organisation writes this version. Only its editors may see and change it before publication."
)
KEPT_BY_OTHERS = _(
    "Another organisation looks after this solution. Tell it what should change on the solution's page."
)
NO_KEEPER = _(
    "Nobody looks after this solution yet. Publish its next version first; your organisation then keeps it."
)
SIGN_IN = _("Sign in first, so that we know whom to tell.")


def _is_editor(actor: Actor) -> bool:
    return actor.is_system or (actor.is_confirmed and actor.has(Role.EDITOR))


def _add(actor: Actor, _nothing: object) -> Verdict:
    return verdict(_is_editor(actor), EDITORS_ONLY)


def _edit(actor: Actor, version: SolutionVersion) -> Verdict:
    if not _is_editor(actor):
        return Verdict(False, EDITORS_ONLY)
    return verdict(actor.acts_for(version.organisation_id), NOT_YOURS)


def _editable(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    return Q(organisation=actor.organisation) if _is_editor(actor) else NOTHING


def _see(actor: Actor, version: SolutionVersion) -> Verdict:
    return Verdict(True) if version.state == VersionState.PUBLISHED else _edit(actor, version)


def _start(actor: Actor, solution: Solution) -> Verdict:
    if not _is_editor(actor):
        return Verdict(False, EDITORS_ONLY)
    return verdict(solution.keeper_id is None or actor.acts_for(solution.keeper_id), KEPT_BY_OTHERS)


def _startable(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    return Q(keeper=None) | Q(keeper=actor.organisation) if _is_editor(actor) else NOTHING


def _withdraw(actor: Actor, solution: Solution) -> Verdict:
    if _is_editor(actor) and solution.keeper_id is None and not actor.is_system:
        return Verdict(False, NO_KEEPER)
    return _start(actor, solution)


def _withdrawable(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    return Q(keeper=actor.organisation) if _is_editor(actor) else NOTHING


def _settle(actor: Actor, answer: Answer) -> Verdict:
    return _start(actor, answer.solution)


def _settleable(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    return Q(solution__keeper=None) | Q(solution__keeper=actor.organisation) if _is_editor(actor) else NOTHING


def _subscribe(actor: Actor, _solution: object) -> Verdict:
    return verdict(actor.is_known, SIGN_IN)


add_solution = Permission("library.add_solution", _add)
see_version = Permission(
    "library.see_version",
    _see,
    lambda actor: Q(state=VersionState.PUBLISHED) | _editable(actor),
    SolutionVersion,
)
edit_version = Permission("library.edit_version", _edit, _editable, SolutionVersion)
start_version = Permission("library.start_version", _start, _startable, Solution)
withdraw_solution = Permission("library.withdraw_solution", _withdraw, _withdrawable, Solution)
settle_answer = Permission("library.settle_answer", _settle, _settleable, Answer)
subscribe_solution = Permission(
    "library.subscribe", _subscribe, lambda actor: EVERYTHING if actor.is_known else NOTHING, Solution
)
