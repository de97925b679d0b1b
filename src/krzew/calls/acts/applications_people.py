"""Members of a group or partnership, and statements: who made which, when, in which version of its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.acts import applications_letters as letters
from krzew.calls.acts.applications import locked
from krzew.calls.applications.applicant import WITH_MEMBERS
from krzew.calls.applications.check import member_statements, statements
from krzew.calls.definition.form import Declaration
from krzew.calls.models import Application, Member, Tick, new_token, token_hash
from krzew.calls.queries.applications import filled
from krzew.timeline.acts import act, record

MOST_MEMBERS = 50


@dataclass(frozen=True)
class MemberRow:
    """A member as the one who speaks for the group types her; `pk` when she is known already."""

    name: str
    email: str = ""
    pk: int | None = None


@act
def set_members(actor: Actor, application: Application, rows: Sequence[MemberRow]) -> list[Member]:
    """The members beside the one who speaks for them. Who is left out is removed with her statements."""
    kept = locked(application)
    if kept.kind not in WITH_MEMBERS:
        raise ValidationError(_("Only a group or a partnership has members."))
    if len(rows) >= MOST_MEMBERS:
        raise ValidationError(_("This is more members than an application can have."))
    _must_differ(kept, rows)
    known = {member.pk: member for member in kept.members.filter(is_contact=False)}
    stay = [_put(kept, known.get(row.pk or 0), row) for row in rows]
    kept.members.filter(is_contact=False).exclude(pk__in=[m.pk for m in stay]).delete()
    record(actor, "calls.application_members", kept, data={"count": len(stay) + 1})
    return stay


def _must_differ(application: Application, rows: Sequence[MemberRow]) -> None:
    emails = [row.email.strip().lower() for row in rows if row.email.strip()]
    if application.email and application.email in emails:
        raise ValidationError(
            _("The one who speaks for the group is a member already; do not add the same e-mail.")
        )
    if len(emails) != len(set(emails)):
        raise ValidationError(_("Two members have the same e-mail. Each needs one of her own, or none."))
    if any(not row.name.strip() for row in rows):
        raise ValidationError(_("Write the name of each member."))


def _put(application: Application, member: Member | None, row: MemberRow) -> Member:
    email = row.email.strip().lower()
    if member is None:
        return Member.objects.create(application=application, name=row.name.strip()[:200], email=email)
    if member.email != email:  # another address may be another person: her agreement is asked for anew
        member.joined_at = member.invited_at = None
        member.token_hash = ""
        member.ticks.all().delete()
    member.name, member.email = row.name.strip()[:200], email
    member.save()
    return member


@act
def invite_member(actor: Actor, application: Application, member: Member, link: str = "") -> str:
    """Give a member a link of her own. `link` is its address with `TOKEN` in the place of the secret.

    It leaves by e-mail where there is an address; the page shows it too, to be passed on by hand.
    """
    kept = locked(application)
    row = kept.members.get(pk=member.pk, is_contact=False)
    token = new_token()
    row.token_hash, row.invited_at = token_hash(token), timezone.now()
    row.save(update_fields=["token_hash", "invited_at"])
    record(actor, "calls.application_member_invited", kept)
    if row.email and link:
        letters.invite(kept, row.name, row.email, link.replace("TOKEN", token))
    return token


@act
def join(actor: Actor, member: Member) -> Member:
    """A member agrees to take part; every statement that each member makes must be made first."""
    application = locked(member.application)
    row = application.members.get(pk=member.pk)
    made = set(row.ticks.values_list("code", "version"))
    if any((s.code, s.version) not in made for s in member_statements(filled(application)) if s.required):
        raise ValidationError(_("Read and tick each statement first; without them you cannot take part."))
    row.joined_at, row.user = timezone.now(), actor.user
    row.save(update_fields=["joined_at", "user"])
    record(actor, "calls.application_member_joined", application)
    return row


@act
def leave(actor: Actor, member: Member) -> None:
    """A member does not agree, or no longer: her name, address and statements are deleted."""
    application = locked(member.application)
    application.members.filter(pk=member.pk, is_contact=False).delete()
    record(actor, "calls.application_member_left", application)


@act
def tick(actor: Actor, application: Application, code: str, *, member: Member | None = None) -> Tick:
    """Make one statement: its text and version are kept with the time. Made twice it stays as it was."""
    kept = locked(application)
    statement = _statement(kept, code, member)
    made, new = Tick.objects.get_or_create(
        application=kept,
        member=member,
        code=code,
        version=statement.version,
        defaults={"text": getattr(statement.text, kept.language, statement.text.pl)},
    )
    if new:
        record(actor, "calls.application_stated", kept, data={"code": code, "version": statement.version})
    return made


@act
def untick(actor: Actor, application: Application, code: str, *, member: Member | None = None) -> None:
    """Take one statement back, before sending."""
    kept = locked(application)
    _statement(kept, code, member)
    gone, _rows = kept.ticks.filter(code=code, member=member).delete()
    if gone:
        record(actor, "calls.application_unstated", kept, data={"code": code})


def _statement(application: Application, code: str, member: Member | None) -> Declaration:
    known = statements(filled(application)) if member is None else member_statements(filled(application))
    found = next((one for one in known if one.code == code), None)
    if found is None:
        raise ValidationError(_("There is no such statement in this call."))
    return found


@act
def set_ticks(
    actor: Actor, application: Application, codes: set[str], *, member: Member | None = None
) -> None:
    """Exactly these statements are made; the others are taken back."""
    now = filled(application)
    for one in statements(now) if member is None else member_statements(now):
        if one.code in codes:
            tick(actor, application, one.code, member=member)
        else:
            untick(actor, application, one.code, member=member)
