"""What an e-mail address leads to."""

from __future__ import annotations

from krzew.calls.models import Application, IdeaCard
from krzew.calls.states import ApplicationState, IdeaState

MOST = 20


def behind(email: str) -> list[Application | IdeaCard]:
    """Ideas and applications with this address, the newest first. What the team is still typing is left out."""
    if not email.strip():
        return []
    applications = (
        Application.objects.filter(email__iexact=email.strip())
        .exclude(state=ApplicationState.WITHDRAWN)
        .exclude(state=ApplicationState.DRAFT, keyed_by__isnull=False)
        .select_related("call__programme")
        .order_by("-started_at")
    )
    cards = IdeaCard.objects.filter(email__iexact=email.strip()).exclude(state=IdeaState.WITHDRAWN)
    return [*applications[:MOST], *cards.order_by("-started_at")[:MOST]]
