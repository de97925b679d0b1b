"""The engine of the front door: from a text in somebody's own words to needs and the solutions that answer them.

Pure: no request, and nothing of a text is logged or stored.

    from krzew.door.finding import dangers, find, mask

    finding = find("Od kiedy zmarł mąż, gubię się w lekach")
    finding.needs[0].label, finding.needs[0].solutions[0].slug
    finding.dangers            # telephone numbers to show before anything else
    mask(text).text            # the text as it may be kept

`find` looks in the published library unless a `Library` is given: `Library.of(cards)` reads any cards (`Library.of`
also takes `extra` concepts of the installation). The index is kept until something is published or withdrawn. For
"the other way round" give a library of the one card: `find(text, library=Library.of([card]))`.
"""

from __future__ import annotations

from krzew.door.finding.current import published
from krzew.door.finding.dangers import dangers
from krzew.door.finding.engine import answer
from krzew.door.finding.index import Library
from krzew.door.finding.masking import mask, without_masks
from krzew.door.finding.result import Danger, Finding, Found, Mask, Masked, Need, Number, Word

__all__ = [
    "Danger",
    "Finding",
    "Found",
    "Library",
    "Mask",
    "Masked",
    "Need",
    "Number",
    "Word",
    "dangers",
    "find",
    "mask",
]

MOST_LETTERS = 6_000
"""Longer texts are read up to here; words of danger are looked for in the whole."""


def find(
    text: str,
    *,
    language: str = "pl",
    library: Library | None = None,
    most_needs: int = 3,
    most_solutions: int = 5,
) -> Finding:
    """Needs in a text, the strongest first, each with the solutions of the library that answer it.

    `language` is the reader's: labels and names come in it. The text may be Polish or English whichever it is.
    Never more than `most_needs`; a need without solutions is one that the library does not answer.
    """
    warned = dangers(text, language=language)
    place = library if library is not None else published()
    return answer(without_masks(text)[:MOST_LETTERS], place, language, most_needs, most_solutions, warned)
