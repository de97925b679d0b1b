"""Whom a call concerns: authors of ideas, of drafts, of applications; and which offices answer ideas."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from krzew.accounts.models import Membership, Role, User
from krzew.calls.models import Application, Call, IdeaCard, Wish
from krzew.calls.states import ApplicationState, IdeaState
from krzew.methods.similarity import stem, words_of

GONE = (ApplicationState.WITHDRAWN, ApplicationState.RESIGNED)
SHARED = 2
"""Words (by their stems) that an idea must share with a theme; a person reads the list before letters leave."""


def sent(call: Call) -> QuerySet[Application]:
    """What was sent and not taken back, or is typed by the team, with an address: the team knows these people."""
    unseen = Q(state=ApplicationState.DRAFT, keyed_by__isnull=True)
    rows = call.applications.exclude(email="").exclude(state__in=GONE).exclude(unseen)
    return rows.only("email", "language", "title", "call_id")


def drafts(call: Call) -> QuerySet[Application]:
    """Drafts of this call with an address. The team does not see them, so it does not see their letters."""
    rows = call.applications.filter(state=ApplicationState.DRAFT, keyed_by__isnull=True).exclude(email="")
    return rows.only("email", "language", "title", "call_id")


def earlier_drafts(call: Call) -> QuerySet[Application]:
    """Drafts of earlier rounds that were never sent: the next round may be for them."""
    rows = Application.objects.filter(call__programme=call.programme_id, state=ApplicationState.DRAFT)
    rows = rows.exclude(call=call.pk).exclude(email="").filter(keyed_by__isnull=True)
    return rows.only("email", "language", "title", "call_id")


def authors(call: Call) -> list[IdeaCard]:
    """Authors of ideas that still wait or are talked about: those of this team, and open ones that match.

    An idea that no team has taken matches a call without themes, or one with a theme that shares words with it.
    """
    home = call.programme.organisation_id
    own = Q(organisation=home, state__in=(IdeaState.SENT, IdeaState.IN_TALKS))
    free = Q(organisation__isnull=True, state=IdeaState.SENT)
    rows = list(IdeaCard.objects.filter(own | free).exclude(email="").order_by("pk"))
    fitting = _fitting(call, [card for card in rows if card.organisation_id is None])
    return [card for card in rows if card.organisation_id is not None or card.pk in fitting]


def _fitting(call: Call, cards: Iterable[IdeaCard]) -> set[int]:
    """Keys of the ideas that touch a theme of the call. Who only wants to join is right in any network."""
    rules = call.rules
    themes = [_stems(f"{theme.label.pl} {theme.hint.pl if theme.hint else ''}") for theme in rules.themes]
    return {
        card.pk
        for card in cards
        if not themes
        or (rules.network and card.wish == Wish.JOIN)
        or any(len(theme & _stems(" ".join(card.texts.values()))) >= SHARED for theme in themes)
    }


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words_of(text) if len(word) > 3}


def answering(card: IdeaCard) -> QuerySet[User]:
    """Managers who may answer this idea: of its team, or of every confirmed organisation while it has none."""
    rows = Membership.objects.filter(role=Role.MANAGER, organisation__confirmed_at__isnull=False)
    if card.organisation_id is not None:
        rows = rows.filter(organisation=card.organisation_id)
    return User.objects.filter(is_active=True, pk__in=rows.values("user")).order_by("pk")
