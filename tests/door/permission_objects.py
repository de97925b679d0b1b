"""Cases in every hand, notices and canned answers, over which the permissions are compared."""

from __future__ import annotations

from krzew.accounts.models import Organisation, User
from krzew.door.models import Canned, Case, CaseKind, Handover, Offer, OfferKind, Subject

KINDS = (CaseKind.NEED, CaseKind.IDEA, CaseKind.APPLICATION)


def make_objects(organisations: list[Organisation], people: list[User]) -> None:
    homes = [None, *organisations]
    for number, (home, person) in enumerate(((h, p) for h in homes for p in [None, *people[:6]]), 1):
        case = Case.objects.create(
            year=2026, number=number, kind=KINDS[number % 3], organisation=home, token_hash=f"case-{number}"
        )
        if person is not None:
            Handover.objects.create(case=case, to=person)
    for home in organisations:
        Canned.objects.create(organisation=home, title="Dziękujemy", text_pl="Dziękujemy.")
    Offer.objects.create(
        kind=OfferKind.OFFER, subject=Subject.PREMISES, token_hash="offer", title="Lokal", text="Lokal."
    )
