"""How people, roles and invitations are put into words and tables for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from krzew.accounts import rules
from krzew.accounts.actors import Actor
from krzew.accounts.models import Invitation, Organisation, Role
from krzew.accounts.queries import Member
from krzew.ui.components import Cell, Column, Table


def members(organisation: Organisation, people: Iterable[Member], *, linked: bool) -> Table:
    """Who works here in which roles; an owner gets a link to each person's roles."""
    rows = [[_person(organisation, m, linked), m.user.email, _roles(m.roles)] for m in people]
    columns = [Column("name", _("Person")), Column("email", _("E-mail")), Column("roles", _("Roles"))]
    return Table(_("People"), columns, rows, caption_hidden=True)


def _person(organisation: Organisation, member: Member, linked: bool) -> Cell:
    url = reverse("accounts:person", args=[organisation.pk, member.user.pk]) if linked else ""
    return Cell(str(member.user), url=url)


def _roles(roles: Iterable[Role]) -> str:
    return ", ".join(str(role.label) for role in roles)


@dataclass(frozen=True)
class Landing:
    """What somebody who follows an invitation's link can do: `step` is accept, enter, switch or none."""

    step: str
    words: str = ""
    address: str = ""


def landing(actor: Actor, invitation: Invitation | None) -> Landing:
    if invitation is None:
        return Landing("none", _("There is no such invitation. Check that the whole link was copied."))
    answer = rules.accept_invitation.check(actor, invitation)
    if answer:
        return Landing("accept")
    if not invitation.is_open:
        return Landing("none", str(answer.reason))
    return Landing("switch" if actor.is_known else "enter", str(answer.reason), masked(invitation.email))


def masked(email: str) -> str:
    """Enough of an address for its owner to recognise it, too little for others to write to it."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…@{host}"
