"""Who may do what with places: everybody reads; the system and owners of a support centre load and import."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.accounts.permissions import EVERYTHING, YES, Permission, Verdict, verdict
from krzew.places.models import Unit

CENTRE_ONLY = _("Only an owner of a confirmed social economy support centre (OWES) may load or import data.")


def _import(actor: Actor, _nothing: object) -> Verdict:
    centre = actor.organisation is not None and actor.organisation.kind == OrganisationKind.SUPPORT_CENTRE
    return verdict(actor.is_system or (centre and actor.is_confirmed and actor.has(Role.OWNER)), CENTRE_ONLY)


def _read(_actor: Actor, _unit: Unit) -> Verdict:
    return YES


import_data = Permission("places.import_data", _import)
see_unit = Permission("places.see_unit", _read, lambda _actor: EVERYTHING, Unit)
