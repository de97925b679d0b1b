"""The published library as finding reads it, kept until something is published or withdrawn.

Words that librarians of this place added to the thesaurus are part of it; a change of them makes it anew.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Count, Sum

from krzew.door.finding.index import Library
from krzew.door.queries import thesaurus
from krzew.library.models import Solution
from krzew.library.queries import public_solutions, stamp
from krzew.library.states import VersionState


def published() -> Library:
    """What the public finds: published and not withdrawn."""
    withdrawn = Solution.objects.filter(withdrawn_at__isnull=False).aggregate(n=Count("pk"), ids=Sum("pk"))
    return _published((*stamp(), withdrawn["n"], withdrawn["ids"], *thesaurus.stamp()))


@lru_cache(maxsize=1)
def _published(_stamp: tuple[Any, ...]) -> Library:
    rows = public_solutions().order_by("slug")
    cards = [row.current.card for row in rows if row.current]
    return Library.of(cards, thesaurus.own_concepts())


def with_drafts() -> Library:
    """Published solutions and, where nothing is published yet, the open draft: for the command line only."""
    cards = {row.slug: row.current.card for row in public_solutions() if row.current}
    waiting = Solution.objects.filter(current=None).prefetch_related("versions").order_by("slug")
    for solution in waiting:
        drafts = [v for v in solution.versions.all() if v.state != VersionState.PUBLISHED]
        if drafts:
            cards[solution.slug] = drafts[-1].card
    return Library.of(cards.values(), thesaurus.own_concepts())
