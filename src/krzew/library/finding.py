"""Finding one published solution by its name, its address, or the code in the address."""

from __future__ import annotations

from krzew.library.models import Solution
from krzew.library.queries import public_solutions
from krzew.places.text import fold

LIMIT = 12
Row = tuple[str, str, str]
"""Code, name in Polish, name in English."""


def _rows() -> list[Row]:
    found = public_solutions().order_by("current__sort_pl", "slug")
    return list(found.values_list("slug", "current__name_pl", "current__name_en"))


def _names(row: Row) -> list[str]:
    return [fold(name) for name in row[1:] if name]


def search(text: str, limit: int = LIMIT) -> list[Row]:
    """Solutions in whose names a word begins with each typed one; those that begin with the whole first."""
    words, whole = fold(text).split(), fold(text)
    if not words:
        return []
    found = [row for row in _rows() if any(_has(name, words) for name in _names(row))]
    return sorted(found, key=lambda row: not any(name.startswith(whole) for name in _names(row)))[:limit]


def _has(name: str, words: list[str]) -> bool:
    said = name.split()
    return all(any(one.startswith(word) for one in said) for word in words)


def resolve(text: str) -> str | list[Row]:
    """The code of the one that is meant, or all candidates (none: an empty list)."""
    code = text.strip().rstrip("/").rpartition("/")[2]
    if Solution.objects.filter(slug=code, current__isnull=False, withdrawn_at=None).exists():
        return code
    found = search(text)
    exact = [row for row in found if fold(text) in _names(row)]
    chosen = exact or found
    return chosen[0][0] if len(chosen) == 1 else chosen
