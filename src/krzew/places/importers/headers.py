"""Finding columns and places in tables that people made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext

from krzew.places.importers.reading import Cell, Row, cell_text
from krzew.places.text import fold

GMINA_KINDS = frozenset("123")


def normal(text: str) -> str:
    """Lower case without diacritics and signs, so that “Kod TERYT” and “kod_teryt” are one name."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def find_columns(row: Row, names: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Which column holds what: our key → position, by any of the accepted header names."""
    found: dict[str, int] = {}
    headers = [normal(cell_text(cell)) for cell in row.cells]
    for key, accepted in names.items():
        wanted = {normal(name) for name in accepted}
        position = next((i for i, header in enumerate(headers) if header in wanted), None)
        if position is not None:
            found[key] = position
    return found


def place_code(cell: Cell) -> str:
    """Two, four or six digits; a seventh (kind) is checked and dropped. ValueError says what to do."""
    code = cell_text(cell)
    if not (code.isascii() and code.isdigit()):
        raise ValueError(
            gettext("“%(code)s” is not a TERYT code (2, 4, 6 or 7 digits).") % {"code": code[:40]}
        )
    if len(code) == 7 and code[6] not in GMINA_KINDS:
        raise ValueError(
            gettext("%(code)s is a part of a gmina or a district. Give the figure of the whole gmina.")
            % {"code": code}
        )
    if len(code) not in (2, 4, 6, 7):
        raise ValueError(
            gettext(
                "The code %(code)s has %(n)d digits. The leading zero is probably lost:"
                " format the column as text and write the code in full."
            )
            % {"code": code[:20], "n": len(code)}
        )
    return code[:6]


def mixed_lengths(codes: Iterable[str]) -> bool:
    """Six and seven digits in one file: a seven-digit code without its zero would pass for another gmina."""
    lengths = {len(code) for code in codes}
    return {6, 7} <= lengths
