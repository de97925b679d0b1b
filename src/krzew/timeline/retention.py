"""How long letters are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import User
from krzew.accounts.removal import holds, remove_account
from krzew.timeline.acts import act, record
from krzew.timeline.keeping import Due, Kind, Trace, empty, letters_period
from krzew.timeline.models import Letter, Refusal
from krzew.timeline.notices import fingerprint
from krzew.timeline.states import LetterState

OVER = (LetterState.SENT, LetterState.CANCELLED)


def _due(day: date) -> Iterator[Due]:
    days = letters_period()
    if days is None:
        return
    rows = Letter.objects.filter(state__in=OVER, created_at__date__lt=day - timedelta(days=days))
    for letter in rows.exclude(to_email="", body="").order_by("pk").iterator(chunk_size=500):
        over = timezone.localdate(letter.created_at) + timedelta(days=days)
        yield Due(
            "letters", f"letter {letter.pk} about {letter.object_type} {letter.object_id}", over, letter
        )


@act
def remove(actor: Actor, letter: Letter) -> None:
    """Empty one letter."""
    if empty(Letter.objects.filter(pk=letter.pk)):
        record(actor, "timeline.letter_emptied", letter)


def _unset() -> list[str]:
    return ["letters: KRZEW_LETTERS_DAYS is not set"] if letters_period() is None else []


KINDS = [Kind("letters", "Letters that were sent or cancelled", _due, remove, _unset)]


# --- one person -------------------------------------------------------------------------------------


def _traces(email: str) -> Iterator[Trace]:
    """Letters to the address, what it asked not to get, and the account; the account comes last."""
    letters = Letter.objects.filter(to_email__iexact=email)
    if count := letters.count():
        yield Trace(f"{count} letters", lambda actor: [remove(actor, letter) for letter in letters])
    refusals = Refusal.objects.filter(address=fingerprint(email))
    if refusals.exists():
        yield Trace("choice of letters", lambda _actor: refusals.delete())
    for user in User.objects.filter(email__iexact=email):
        if found := holds(user):
            yield Trace(f"account {user.pk}", stays=f"has a role in {', '.join(found)}")
        else:
            yield Trace(f"account {user.pk}", lambda actor, user=user: remove_account(actor, user))  # type: ignore[misc]


TRACES = [_traces]
