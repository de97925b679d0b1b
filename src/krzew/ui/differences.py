"""How two texts differ: first by paragraphs, then word by word. `ui/differences.html` shows the pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\n|\S+[^\S\n]*|[^\S\n]+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORDS = 4000
"""A longer stretch that differs is shown as a whole: comparing words grows with the square of their number."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text: the same in both, taken out, or put in."""

    kind: str  # same, gone, new
    text: str


def compare(was: str, now: str) -> list[Piece]:
    """The two texts as pieces: those not new give back the first, those not gone the second."""
    pieces = _by_lines(_LINES.findall(was), _LINES.findall(now))
    return _joined(piece for piece in pieces if piece.text)


def _by_lines(left: Sequence[str], right: Sequence[str]) -> Iterator[Piece]:
    for act, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if act == "equal":
            yield Piece("same", "".join(left[a:b]))
        else:
            yield from _by_words("".join(left[a:b]), "".join(right[c:d]))


def _by_words(was: str, now: str) -> Iterator[Piece]:
    left, right = _WORDS.findall(was), _WORDS.findall(now)
    if max(len(left), len(right)) > MOST_WORDS:
        yield from (Piece("gone", was), Piece("new", now))
        return
    bare_left, bare_right = ([word.rstrip() or word for word in words] for words in (left, right))
    for act, a, b, c, d in SequenceMatcher(None, bare_left, bare_right, autojunk=False).get_opcodes():
        if act == "equal":
            for one, two in zip(left[a:b], right[c:d], strict=True):
                yield from _same_word(one, two)
        else:
            yield from (Piece("gone", "".join(left[a:b])), Piece("new", "".join(right[c:d])))


def _same_word(one: str, two: str) -> Iterator[Piece]:
    """One word in both texts; only the space after it may differ."""
    if one == two:
        yield Piece("same", one)
        return
    bare = one.rstrip()
    yield from (Piece("same", bare), Piece("gone", one[len(bare) :]), Piece("new", two[len(bare) :]))


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Neighbours of one kind as one piece, so that a reader is told once."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found
