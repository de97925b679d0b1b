"""`{% history object %}`: the history of an object on any page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import Model

from krzew.timeline import queries, shown
from krzew.timeline.models import Event
from krzew.ui.components import Moment

register = template.Library()
NEWEST = 20


@register.inclusion_tag("timeline/history.html")
def history(obj: Model) -> dict[str, Any]:
    """The newest entries, newest first; all of them stand in the record of the organisation."""
    newest = list(queries.history(obj).order_by("-number")[: NEWEST + 1])
    return {"events": newest[:NEWEST], "older": len(newest) > NEWEST, "newest": NEWEST}


@register.filter
def as_moments(events: Iterable[Event]) -> list[Moment]:
    return shown.moments(events)
