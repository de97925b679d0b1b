"""What the pages of this room share."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from krzew.calls.views.base import actor_of, is_htmx, put_errors
from krzew.door.models import Case
from krzew.door.queries import cases as queries

__all__ = ["actor_of", "by_link", "is_htmx", "of_office", "put_errors"]


def by_link(token: str) -> Case:
    """For the author: the link opens the case."""
    case = queries.by_token(token)
    if case is None:
        raise Http404
    return case


def of_office(request: HttpRequest, pk: int) -> Case:
    """For the office, and for those to whom it was handed; to anybody else it does not exist."""
    case = queries.one(actor_of(request), pk)
    if case is None:
        raise Http404
    return case
