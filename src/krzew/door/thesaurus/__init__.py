"""The thesaurus: from words as people say them to concepts that cards of any library speak of as well.

It joins words to words, never to a solution. `data/krzew.ttl` is SKOS in Turtle; an installation adds concepts and
forms of its own from elsewhere (`extra`), for instance from rows that librarians edit.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from krzew.door.thesaurus.concepts import KINDS, Concept, joined, uri_of
from krzew.door.thesaurus.turtle import BadTurtle, read, written

__all__ = ["KINDS", "BadTurtle", "Concept", "load", "read", "shipped", "uri_of", "written"]

FILE = Path(__file__).parent / "data" / "krzew.ttl"


@cache
def shipped() -> tuple[Concept, ...]:
    """The concepts that come with Krzew."""
    return tuple(read(FILE.read_text(encoding="utf-8")))


def load(extra: Iterable[Concept] = ()) -> tuple[Concept, ...]:
    """Shipped concepts with an installation's own: one of a known code adds its forms, a new one is added."""
    found = {concept.code: concept for concept in shipped()}
    for concept in extra:
        known = found.get(concept.code)
        found[concept.code] = joined(known, concept) if known else concept
    return tuple(found.values())
