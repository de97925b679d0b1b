"""A need that the person named herself, by choosing its concept, instead of the one that was heard."""

from __future__ import annotations

from krzew.door.finding.current import published
from krzew.door.finding.engine import need_of
from krzew.door.finding.heard import hear
from krzew.door.finding.index import Library
from krzew.door.finding.leaning import language_of
from krzew.door.finding.masking import without_masks
from krzew.door.finding.ranking import Asked
from krzew.door.finding.result import Need

MOST_LETTERS = 6_000


def named(
    text: str, code: str, *, language: str = "pl", library: Library | None = None, most_solutions: int = 5
) -> Need | None:
    """The need of a concept with its solutions, the rest of the text as context; None for an unknown concept."""
    place = library if library is not None else published()
    text = without_masks(text)[:MOST_LETTERS]
    index = place.index(language_of(text, language))
    number = index.numbers.get(code)
    if number is None:
        return None
    heard = hear(text, index)
    asked = Asked.of(heard, index, wish=number)
    return need_of(asked, language, most_solutions)
