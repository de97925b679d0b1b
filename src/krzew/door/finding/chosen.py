"""A need that the person named herself, by choosing its concept, instead of the one that was heard."""

from __future__ import annotations

from krzew.door.finding.current import published
from krzew.door.finding.engine import LEAST, _need, _Part
from krzew.door.finding.heard import hear
from krzew.door.finding.index import Library
from krzew.door.finding.masking import without_masks
from krzew.door.finding.ranking import asked_of, scores
from krzew.door.finding.result import Need
from krzew.door.finding.words import is_english, normal, tokens_of

MOST_LETTERS = 6_000


def named(
    text: str, code: str, *, language: str = "pl", library: Library | None = None, most_solutions: int = 5
) -> Need | None:
    """The need of a concept with its solutions, the rest of the text as context; None for an unknown concept."""
    place = library if library is not None else published()
    text = without_masks(text)[:MOST_LETTERS]
    heard_in = "en" if language == "en" or is_english(tokens_of(normal(text))) else "pl"
    index = place.index(heard_in)
    number = index.numbers.get(code)
    if number is None:
        return None
    heard = hear(text, index)
    heard.weights.setdefault(number, 1.0)
    part = _Part(number, {number: max(1.0, heard.weights[number])})
    part.scores = scores(heard, index, asked_of(heard, index, part.own))
    need = _need(heard, index, part, language, most_solutions)
    if part.best < LEAST or number in heard.places:
        return need
    return Need(need.label, need.code, "", need.groups, need.services, need.solutions)
