"""“Bring it here”: from the enquiry to "accepted for preparation". Letters are held until an adviser releases them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from krzew.accounts.actors import Actor
from krzew.diagnosis.models import Diagnosis, Enquiry
from krzew.diagnosis.rules import answer_enquiry, withdraw_enquiry
from krzew.diagnosis.rules import enquire as may_enquire
from krzew.diagnosis.states import ENQUIRY, EnquiryState, possible, target
from krzew.library.models import Solution
from krzew.places.models import Unit
from krzew.timeline.acts import act, prepare_letter, record


@act
def enquire(
    actor: Actor, place: Unit, solution: Solution, *, contact_role: str, has_already: str = "", why: str = ""
) -> Enquiry:
    """Ask for a solution to be brought to a place."""
    may_enquire.require(actor)
    assert actor.organisation is not None
    if not place.is_gmina:
        raise ValidationError({"place": _("Choose one gmina.")})
    if solution.current is None or solution.is_withdrawn:
        raise ValidationError(_("This solution is no longer in the library. Choose another one."))
    _refuse_twice(actor, place, solution)
    enquiry = Enquiry.objects.create(
        place=place,
        solution=solution,
        asker=actor.organisation,
        asked_by=actor.user,
        contact_role=contact_role,
        has_already=has_already,
        why=why,
    )
    record(actor, "diagnosis.enquiry_sent", enquiry, new=enquiry.state)
    return enquiry


def _refuse_twice(actor: Actor, place: Unit, solution: Solution) -> None:
    """One open enquiry of one organisation for the same solution and place is enough."""
    open_states = [s for s in EnquiryState.values if possible(ENQUIRY, s)]
    same = Enquiry.objects.filter(
        asker=actor.organisation, place=place, solution=solution, state__in=open_states
    )
    if same.exists():
        raise ValidationError(
            _("Your organisation has already asked for this. The enquiry is being worked on.")
        )


def _move(actor: Actor, enquiry: Enquiry, act_name: str, event: str, **fields: object) -> str:
    """Change the state by the table, keep the fields, write the event; gives the old state."""
    locked = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    old, new = locked.state, target(ENQUIRY, act_name, locked.state)
    enquiry.state = new
    for name, value in fields.items():
        setattr(enquiry, name, value)
    enquiry.save(update_fields=["state", *fields])
    record(actor, event, enquiry, old=old, new=new)
    return old


def _write(actor: Actor, enquiry: Enquiry, subject: str, body: str) -> None:
    """A letter to the person who asked, in her language, held until released."""
    person = enquiry.asked_by
    if person is None:
        return
    with override(person.language):
        words = {"solution": _solution_name(enquiry), "place": enquiry.place, "reason": enquiry.reason}
        words |= {"centre": enquiry.centre or actor.organisation}
        texts = _(subject) % words, _(body) % words
    prepare_letter(actor, enquiry, person.email, *texts, language=person.language, user=person)


def _solution_name(enquiry: Enquiry) -> str:
    version = enquiry.solution.current
    if version is None:
        return str(enquiry.solution)
    return version.name_pl if (enquiry.asked_by and enquiry.asked_by.language == "pl") else version.name_en


SUBJECT = gettext_noop("Your enquiry: %(solution)s")
TAKEN_UP = gettext_noop(
    "Good morning,\n\n%(centre)s has taken up your enquiry about “%(solution)s” for %(place)s. "
    "An adviser will contact you to agree on a first meeting.\n\nNext: a diagnosis of the place, together with you."
)
DIAGNOSED = gettext_noop(
    "Good morning,\n\nthe diagnosis of %(place)s is signed and waits for you in Krzew, beside your enquiry about "
    "“%(solution)s”.\n\nNext: a talk about the result, and the decision whether to prepare the solution."
)
ACCEPTED = gettext_noop(
    "Good morning,\n\nyour enquiry about “%(solution)s” for %(place)s is accepted for preparation.\n\n"
    "Next: %(centre)s will agree with you on partners, premises and the first steps."
)
DECLINED = gettext_noop(
    "Good morning,\n\nwe cannot go on with your enquiry about “%(solution)s” for %(place)s.\n\nReason: %(reason)s\n\n"
    "You may ask for another solution at any time, or for this one again when the situation has changed."
)


@act
def take_up(actor: Actor, enquiry: Enquiry) -> Enquiry:
    """A support centre takes the enquiry and begins to talk."""
    answer_enquiry.require(actor, enquiry)
    _move(
        actor, enquiry, "take_up", "diagnosis.enquiry_taken_up", centre=actor.organisation, adviser=actor.user
    )
    _write(actor, enquiry, SUBJECT, TAKEN_UP)
    return enquiry


@act
def attach_diagnosis(actor: Actor, enquiry: Enquiry, diagnosis: Diagnosis) -> Enquiry:
    """Put the signed diagnosis of the place beside the enquiry. From now on the asker may read it."""
    answer_enquiry.require(actor, enquiry)
    if diagnosis.place_id != enquiry.place_id or diagnosis.organisation_id != enquiry.centre_id:
        raise ValidationError(_("Attach a diagnosis of the same place, made by your organisation."))
    if not diagnosis.is_signed:
        raise ValidationError(_("Sign the diagnosis first. Only a signed one can be shown to the asker."))
    _move(actor, enquiry, "attach_diagnosis", "diagnosis.enquiry_diagnosed", diagnosis=diagnosis)
    _write(actor, enquiry, SUBJECT, DIAGNOSED)
    return enquiry


@act
def accept(actor: Actor, enquiry: Enquiry, *, note: str = "") -> Enquiry:
    """Go on to preparation."""
    answer_enquiry.require(actor, enquiry)
    _move(actor, enquiry, "accept", "diagnosis.enquiry_accepted", reason=note)
    _write(actor, enquiry, SUBJECT, ACCEPTED)
    return enquiry


@act
def decline(actor: Actor, enquiry: Enquiry, *, reason: str) -> Enquiry:
    """Say no, with the reason that the asker will read."""
    answer_enquiry.require(actor, enquiry)
    if len(reason.strip()) < 10:
        raise ValidationError({"reason": _("Write the reason in a sentence; the asker will read it.")})
    taken = {"centre": actor.organisation} if enquiry.centre_id is None else {}
    _move(actor, enquiry, "decline", "diagnosis.enquiry_declined", reason=reason, **taken)
    _write(actor, enquiry, SUBJECT, DECLINED)
    return enquiry


@act
def withdraw(actor: Actor, enquiry: Enquiry, *, reason: str = "") -> Enquiry:
    """The asker takes the enquiry back."""
    withdraw_enquiry.require(actor, enquiry)
    _move(actor, enquiry, "withdraw", "diagnosis.enquiry_withdrawn", reason=reason)
    return enquiry
