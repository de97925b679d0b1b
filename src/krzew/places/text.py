"""Folding of names for search: lower case, no diacritics, plain spaces."""

from __future__ import annotations

import unicodedata

_STROKE = str.maketrans("łŁ", "lL")  # the only Polish letter that Unicode does not decompose


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_STROKE))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(letters.replace("-", " ").split())
