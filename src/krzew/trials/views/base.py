"""What the pages of this room share: finding the innovation for its innovator, or for the team and mentor."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from krzew.calls.views.base import actor_of, again, is_htmx, put_errors
from krzew.trials.models import Innovation
from krzew.trials.queries import innovations as queries

__all__ = ["actor_of", "again", "by_link", "is_htmx", "of_team", "put_errors"]


def by_link(request: HttpRequest, token: str) -> Innovation:
    """For the innovator: the link opens it, or signing in as its author."""
    innovation = queries.by_token(actor_of(request), token)
    if innovation is None:
        raise Http404
    return innovation


def of_team(request: HttpRequest, pk: int) -> Innovation:
    """For the team and the mentor; to anybody else it does not exist."""
    innovation = queries.one(actor_of(request), pk)
    if innovation is None:
        raise Http404
    return innovation
