"""Who may do what with diagnoses, reports and enquiries."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.accounts.permissions import EVERYTHING, NOTHING, YES, Permission, Verdict, verdict
from krzew.diagnosis.models import Diagnosis, Enquiry, Report
from krzew.diagnosis.states import EnquiryState, State

NOT_YOURS = _("This diagnosis belongs to another organisation and is not published.")
ADVISERS_ONLY = _("Only an adviser of the organisation may change a diagnosis. Ask an owner for the role.")
SIGNED = _("This diagnosis is signed and does not change any more. Repeat the diagnosis instead.")
CANCELLED = _("This diagnosis was cancelled.")
NO_ORGANISATION = _("You act for no organisation yet. Ask an owner of your organisation for an invitation.")
NOT_PARTY = _("Only the organisation that asked and the support centre that answers see this enquiry.")
ASKER_ONLY = _("Only the organisation that asked may do this.")
CENTRE_ONLY = _("Only an adviser of a confirmed support centre answers enquiries.")
TAKEN = _("Another support centre has taken up this enquiry.")


def _mine(actor: Actor) -> Q:
    return Q(organisation=actor.organisation.pk) if actor.organisation else NOTHING


def _published() -> Q:
    return Q(public=True, state=State.SIGNED)


def _asked_for(actor: Actor) -> Q:
    """Signed diagnoses that answer an enquiry of the actor's organisation."""
    if not actor.organisation:
        return NOTHING
    asked = Enquiry.objects.filter(asker=actor.organisation.pk, diagnosis__isnull=False)
    return Q(state=State.SIGNED, pk__in=asked.values("diagnosis"))


def _see(actor: Actor, diagnosis: Diagnosis) -> Verdict:
    if actor.acts_for(diagnosis.organisation_id) or (diagnosis.public and diagnosis.is_signed):
        return YES
    asked = actor.organisation and diagnosis.enquiries.filter(asker=actor.organisation.pk).exists()
    return verdict(bool(asked) and diagnosis.is_signed, NOT_YOURS)


def _visible(actor: Actor) -> Q:
    return EVERYTHING if actor.is_system else _mine(actor) | _published() | _asked_for(actor)


def _advise(actor: Actor, diagnosis: Diagnosis) -> Verdict:
    if not actor.acts_for(diagnosis.organisation_id):
        return Verdict(False, NOT_YOURS)
    return verdict(actor.has(Role.ADVISER), ADVISERS_ONLY)


def _advised(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    return _mine(actor) if actor.has(Role.ADVISER) else NOTHING


def _edit(actor: Actor, diagnosis: Diagnosis) -> Verdict:
    answer = _advise(actor, diagnosis)
    if answer and not diagnosis.is_open:
        return Verdict(False, SIGNED if diagnosis.is_signed else CANCELLED)
    return answer


def _editable(actor: Actor) -> Q:
    return _advised(actor) & Q(state=State.OPEN)


def _open(actor: Actor, _obj: object) -> Verdict:
    if actor.organisation is None:
        return Verdict(False, NO_ORGANISATION)
    return verdict(actor.has(Role.ADVISER), ADVISERS_ONLY)


see_diagnosis = Permission("diagnosis.see", _see, _visible, Diagnosis)
edit_diagnosis = Permission("diagnosis.edit", _edit, _editable, Diagnosis)
advise_diagnosis = Permission("diagnosis.advise", _advise, _advised, Diagnosis)
open_diagnosis = Permission("diagnosis.open", _open)


def _see_report(actor: Actor, report: Report) -> Verdict:
    return verdict(actor.acts_for(report.diagnosis.organisation_id), NOT_YOURS)


def _reports(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    return Q(diagnosis__organisation=actor.organisation.pk) if actor.organisation else NOTHING


see_report = Permission("diagnosis.see_report", _see_report, _reports, Report)


def is_centre_adviser(actor: Actor) -> bool:
    kind = actor.organisation.kind if actor.organisation else ""
    return actor.is_confirmed and actor.has(Role.ADVISER) and kind == OrganisationKind.SUPPORT_CENTRE


def _see_enquiry(actor: Actor, enquiry: Enquiry) -> Verdict:
    if actor.acts_for(enquiry.asker_id) or (enquiry.centre_id and actor.acts_for(enquiry.centre_id)):
        return YES
    waiting = enquiry.centre_id is None and enquiry.state == EnquiryState.RECEIVED
    return verdict(waiting and is_centre_adviser(actor), NOT_PARTY)


def _seen_enquiries(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    if actor.organisation is None:
        return NOTHING
    mine = Q(asker=actor.organisation.pk) | Q(centre=actor.organisation.pk)
    if not is_centre_adviser(actor):
        return mine
    return mine | Q(centre__isnull=True, state=EnquiryState.RECEIVED)


def _answer_enquiry(actor: Actor, enquiry: Enquiry) -> Verdict:
    if actor.is_system:
        return YES
    if not is_centre_adviser(actor):
        return Verdict(False, CENTRE_ONLY)
    if enquiry.centre_id is None:
        return verdict(enquiry.state == EnquiryState.RECEIVED, NOT_PARTY)
    return verdict(actor.acts_for(enquiry.centre_id), TAKEN)


def _answerable(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    if actor.organisation is None or not is_centre_adviser(actor):
        return NOTHING
    return Q(centre=actor.organisation.pk) | Q(centre__isnull=True, state=EnquiryState.RECEIVED)


def _own_enquiry(actor: Actor, enquiry: Enquiry) -> Verdict:
    return verdict(actor.acts_for(enquiry.asker_id), ASKER_ONLY)


def _own_enquiries(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    return Q(asker=actor.organisation.pk) if actor.organisation else NOTHING


def _ask(actor: Actor, _obj: object) -> Verdict:
    return verdict(actor.organisation is not None, NO_ORGANISATION)


see_enquiry = Permission("diagnosis.see_enquiry", _see_enquiry, _seen_enquiries, Enquiry)
answer_enquiry = Permission("diagnosis.answer_enquiry", _answer_enquiry, _answerable, Enquiry)
withdraw_enquiry = Permission("diagnosis.withdraw_enquiry", _own_enquiry, _own_enquiries, Enquiry)
enquire = Permission("diagnosis.enquire", _ask)
