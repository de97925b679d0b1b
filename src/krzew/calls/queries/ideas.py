"""Reading ideas."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, QuerySet

from krzew.accounts.actors import Actor
from krzew.calls.models import IdeaCard, token_hash
from krzew.calls.rules import answer_idea, see_idea
from krzew.calls.states import IdeaState
from krzew.methods.similarity import Index

COMPARED = (IdeaState.SENT, IdeaState.IN_TALKS, IdeaState.IN_CALL, IdeaState.CLOSED)


def idea_by_token(token: str) -> IdeaCard | None:
    """The card that this link opens."""
    rows = IdeaCard.objects.select_related("place__parent__parent", "organisation", "in_charge")
    return rows.filter(token_hash=token_hash(token)).first()


def ideas(actor: Actor) -> QuerySet[IdeaCard]:
    """Ideas that the actor's team may answer, newest first."""
    rows = answer_idea.filter(actor, IdeaCard.objects.select_related("place__parent__parent", "in_charge"))
    return rows.exclude(state=IdeaState.WITHDRAWN).order_by("-sent_at", "-pk")


def idea(actor: Actor, pk: int) -> IdeaCard | None:
    rows = see_idea.filter(
        actor, IdeaCard.objects.select_related("place__parent__parent", "organisation", "in_charge")
    )
    return rows.filter(pk=pk).first()


def waiting_ideas(actor: Actor) -> int:
    return ideas(actor).filter(state=IdeaState.SENT).count()


def _ideas_stamp() -> tuple[Any, ...]:
    rows = IdeaCard.objects.filter(state__in=COMPARED)
    found = rows.aggregate(last=Max("sent_at"), count=Count("pk"))
    return found["last"], found["count"]


@lru_cache(maxsize=1)
def _ideas_index(_stamp: tuple[Any, ...]) -> Index:
    rows = IdeaCard.objects.filter(state__in=COMPARED).order_by("pk")
    return Index(
        {str(card.pk): card.texts for card in rows}, weights={"title": 2.0, "what": 1.0, "for_whom": 0.7}
    )


def similar_ideas(card: IdeaCard, count: int = 3) -> list[tuple[IdeaCard, tuple[str, ...]]]:
    """Earlier ideas nearest to this one with the words in common, for those who may read them all."""
    index = _ideas_index(_ideas_stamp())
    hits = index.search(" ".join(card.texts.values()), k=count + 5)
    found = [(int(hit.id), index.telling(hit.words)) for hit in hits if hit.id != str(card.pk)]
    by_id = IdeaCard.objects.in_bulk([pk for pk, _words in found])
    return [(by_id[pk], words) for pk, words in found if pk in by_id and words][:count]
