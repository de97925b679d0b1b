"""Solutions of the library in answers: kept by their code, shown by their name."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language

from krzew.library import queries


def linked_names(slugs: Iterable[str]) -> dict[str, str]:
    """Names in the language of the reader, in the order given; one that left the library keeps its code."""
    wanted = list(slugs)
    found = queries.names(wanted)
    polish = (get_language() or "pl").startswith("pl")
    return {
        slug: ((row.name_pl if polish else row.name_en) or row.name_pl) if (row := found.get(slug)) else slug
        for slug in wanted
    }


def name_of(slug: str) -> str:
    return linked_names([slug])[slug]
