"""Pages of long lists: `page` from 1, `page_size` up to 500; the answer says how many rows there are in all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Field, Schema

T = TypeVar("T")


class Page(Schema, Generic[T]):
    items: list[T]
    count: int
    page: int
    pages: int


class Wanted(Schema):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=500)] = 100


def page_of(
    rows: QuerySet[Any] | Sequence[Any], wanted: Wanted, shape: Callable[[Any], Any]
) -> dict[str, Any]:
    """One page of the rows, each in the shape of the answer."""
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    start = (wanted.page - 1) * wanted.page_size
    items = [shape(row) for row in rows[start : start + wanted.page_size]]
    return {
        "items": items,
        "count": count,
        "page": wanted.page,
        "pages": max(1, -(-count // wanted.page_size)),
    }
