"""Reading the board."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.models import token_hash
from krzew.door.models import Offer
from krzew.door.rules import moderate_board
from krzew.door.states import OfferState, ReplyState
from krzew.places.models import Unit


def public(*, kind: str = "", subject: str = "", place: Unit | None = None) -> QuerySet[Offer]:
    """Notices that stand on the board today; near a place: in its powiat."""
    today = timezone.localdate()
    rows = Offer.objects.filter(state=OfferState.PUBLISHED).filter(Q(until=None) | Q(until__gte=today))
    rows = rows.select_related("place")
    if kind:
        rows = rows.filter(kind=kind)
    if subject:
        rows = rows.filter(subject=subject)
    if place is not None:
        rows = rows.filter(place__code__startswith=place.code[:4])
    return rows


def by_token(token: str) -> Offer | None:
    return Offer.objects.select_related("place").filter(token_hash=token_hash(token)).first()


def moderated(actor: Actor, *, waiting: bool = True) -> QuerySet[Offer]:
    """For the office: what waits to be read first, with the number of answers that wait."""
    rows = moderate_board.filter(actor, Offer.objects.select_related("place"))
    rows = rows.annotate(answers=Count("replies", filter=Q(replies__state=ReplyState.WAITING)))
    if waiting:
        rows = rows.filter(Q(state=OfferState.WAITING) | Q(answers__gt=0))
    return rows.order_by("at", "pk")
