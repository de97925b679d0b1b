"""How two versions differ: field by field, and within a field word by word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from krzew.trials.written.content import said
from krzew.ui.differences import Piece, compare


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
