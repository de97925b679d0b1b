"""Letters around a case. They name its number; what was written in it is read under the link, never in a heading."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, User
from krzew.door.models import Case, Message
from krzew.door.rules import OF_CALLS, OFFICE
from krzew.timeline.acts import post_letter, prepare_letter, release_letters
from krzew.timeline.models import Letter
from krzew.ui.addresses import absolute

MOST_TOLD = 20


def tell_office(case: Case) -> None:
    """Tell the one who has it, or everybody who may take it; one letter a case until it is answered."""
    if case.kind in OF_CALLS:
        return
    for user in _told(case):
        if not _waits(case, user):
            with override(user.language):
                subject = _("Case %(number)s waits for the office") % {"number": case.label}
                body = _(
                    "Good morning,\n\nsomebody wrote in case %(number)s (%(kind)s).\n\nRead and answer: %(link)s"
                ) % {
                    "number": case.label,
                    "kind": case.get_kind_display(),
                    "link": _absolute("door:team_case", case.pk),
                }
            post_letter(Actor.system(), case, user.email, subject, body, language=user.language)


def _told(case: Case) -> list[User]:
    if case.assigned_to is not None:
        return [case.assigned_to]
    rows = Membership.objects.filter(role__in=OFFICE, organisation__confirmed_at__isnull=False)
    if case.organisation_id is not None:
        rows = rows.filter(organisation=case.organisation_id)
    users = User.objects.filter(pk__in=rows.values("user"), is_active=True)
    return list(users.order_by("pk")[:MOST_TOLD])


def _waits(case: Case, user: User) -> bool:
    """A letter about this case already went to her since the last word of the office."""
    rows = Letter.objects.filter(object_type="door.case", object_id=str(case.pk), to_email=user.email)
    last = case.messages.filter(by_author=False, is_note=False).order_by("-at").first()
    return rows.filter(created_at__gt=last.at).exists() if last else rows.exists()


def confirm(case: Case, token: str) -> None:
    """Tell the author the number and the link by which she comes back."""
    if not case.email or case.kind in OF_CALLS:
        return
    with override(case.language):
        subject = _("We have it: case number %(number)s") % {"number": case.label}
        body = _(
            "Good morning,\n\nthank you for writing. The number of your case is %(number)s.\n\nHere you read the answer "
            "and can add something:\n%(link)s\n\nWhoever has this link can read the case. Keep it to yourself."
        ) % {"number": case.label, "link": _absolute("door:case", token)}
    post_letter(Actor.system(), case, case.email, subject, body, language=case.language)


def send_answer(actor: Actor, case: Case, message: Message) -> None:
    """The answer goes to the author by e-mail too, when she left an address."""
    if not case.email:
        return
    with override(case.language):
        subject = _("An answer in your case no. %(number)s") % {"number": case.label}
        text = _("%(text)s\n\nYou can write back under the link of your case.") % {"text": message.text}
    letter = prepare_letter(actor, case, case.email, subject, text, language=case.language)
    release_letters(Actor.system(), [letter])


def tell_expert(case: Case, to: User) -> None:
    with override(to.language):
        subject = _("Case %(number)s was handed to you") % {"number": case.label}
        body = _(
            "Good morning,\n\nyou are asked for help in case %(number)s.\n\nRead and answer: %(link)s"
        ) % {
            "number": case.label,
            "link": _absolute("door:team_case", case.pk),
        }
    post_letter(Actor.system(), case, to.email, subject, body, language=to.language)


def _absolute(name: str, key: object) -> str:
    return absolute(reverse(name, args=[key]))
