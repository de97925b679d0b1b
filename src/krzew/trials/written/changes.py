"""How two versions differ: field by field, and within a field word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from krzew.calls.present.applications_team import Piece
from krzew.trials.written.content import said

_WORDS = re.compile(r"\n|\S+[^\S\n]*|[^\S\n]+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORDS = 4000
"""A longer stretch that differs is shown as a whole: comparing words grows with the square of their number."""


@dataclass(frozen=True)
class Change:
    """One question whose answer differs. `kind`: new, gone or changed."""

    code: str
    label: str
    kind: str
    pieces: tuple[Piece, ...]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What differs between two versions, in the order of the newer one; what it no longer asks comes last."""
    before, after = said(old), said(new)
    found = []
    for code in dict.fromkeys([*after, *before]):
        was, now = (side.get(code, ("", ""))[1] for side in (before, after))
        if was != now:
            label = (after.get(code) or before[code])[0]
            kind = "new" if not was else "gone" if not now else "changed"
            found.append(Change(code, label, kind, tuple(compare(was, now))))
    return found


def compare(was: str, now: str) -> list[Piece]:
    """The two texts as pieces: first by paragraphs, then by words where paragraphs differ."""
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
    bare_left, bare_right = ([word.rstrip(" \t") for word in words] for words in (left, right))
    for act, a, b, c, d in SequenceMatcher(None, bare_left, bare_right, autojunk=False).get_opcodes():
        if act == "equal":
            yield Piece("same", "".join(right[c:d]))
        else:
            yield from (Piece("gone", "".join(left[a:b])), Piece("new", "".join(right[c:d])))


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Neighbours of one kind as one piece, so that a reader is told once."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found
