"""Inflected forms of first names and surnames, made by rules from the list in data/names.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from krzew.methods.similarity import fold

FILE = Path(__file__).parent / "data" / "names.toml"
_SOFTENED = {
    "k": "ce",
    "g": "dze",
    "r": "rze",
    "t": "cie",
    "d": "dzie",
    "ł": "le",
    "n": "nie",
    "m": "mie",
    "b": "bie",
    "w": "wie",
    "s": "sie",
    "z": "zie",
    "p": "pie",
    "f": "fie",
    "l": "li",
    "j": "i",
    "x": "ksie",
}
_SURNAME_ENDINGS = (
    *("ski", "skiego", "skiemu", "skim", "ska", "skiej", "ską", "scy", "skich", "skimi"),
    *("cki", "ckiego", "ckiemu", "ckim", "cka", "ckiej", "cką", "ccy", "ckich", "ckimi"),
    *("dzki", "dzkiego", "dzkiemu", "dzkim", "dzka", "dzkiej", "dzką", "dzcy", "dzkich"),
    *("wicz", "wicza", "wiczowi", "wiczem", "wiczu", "wiczowie", "wiczów", "wiczami"),
    *("czyk", "czyka", "czykowi", "czykiem", "czyku", "czykowie", "czyków"),
    *(
        "niak",
        "niaka",
        "niakowi",
        "niakiem",
        "niaku",
        "ewski",
        "owski",
        "enko",
        "czuk",
        "szyn",
        "owa",
        "ówna",
    ),
)
SURNAME_ENDINGS = tuple(dict.fromkeys(fold(e) for e in _SURNAME_ENDINGS))


@dataclass(frozen=True)
class Names:
    """Folded forms: of first names, of surnames, and those that are everyday words as well."""

    first: frozenset[str]
    surnames: frozenset[str]
    nouns: frozenset[str]


@cache
def names() -> Names:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    first = {form for name in data["women"].split() for form in _feminine(name)}
    first |= {form for name in data["men"].split() for form in _masculine(name)}
    surnames = {form for name in data["surnames"].split() for form in _surname(name)}
    folded = [frozenset(fold(form) for form in forms) for forms in (first, surnames)]
    nouns = frozenset(fold(word) for word in data["nouns"].split())
    return Names(folded[0], folded[1], nouns)


def _feminine(name: str) -> set[str]:
    """Anna, Anny, Annie, Annę, Anną, Anno; Kasia, Kasi, Kasię; Agnieszka, Agnieszce."""
    if not name.endswith("a"):
        return {name}
    stem = name[:-1]
    forms = {stem + e for e in ("a", "y", "i", "ę", "ą", "o", "u", "e", "ie", "om", "ami", "ach")}
    forms |= {stem[:-1] + _SOFTENED.get(stem[-1], "ie"), stem + "ii"}
    if stem.endswith(("i", "j")):
        forms |= {stem[:-1] + "i", stem[:-1] + "ii", stem}
    return forms


def _masculine(name: str) -> set[str]:
    """Jan, Jana, Janowi, Janem, Janie; Marek, Marka, Markiem; Jerzy, Jerzego; Kuba as Anna."""
    if name.endswith("a"):
        return _feminine(name)
    if name.endswith(("y", "i")):
        stem = name if name.endswith("i") else name[:-1]
        return {name} | {stem + e for e in ("ego", "emu", "m", "ym", "mu", "go", "ch")}
    stems = {name}
    if name[-2:-1] == "e" and name[-1] in "kłlcń":
        stems = {name[:-2] + name[-1]}
    if name.endswith("ś"):
        stems = {name[:-1] + "si"}
    if name.endswith("o"):
        stems = {name[:-1]}
    endings = (
        "a",
        "owi",
        "em",
        "iem",
        "ie",
        "e",
        "u",
        "ze",
        "owie",
        "ów",
        "om",
        "ami",
        "i",
        "y",
        "cie",
        "le",
    )
    forms = {name} | {stem + e for stem in stems for e in endings}
    return forms | {stem[:-1] + _SOFTENED.get(stem[-1], "ie") for stem in stems}


def _surname(name: str) -> set[str]:
    if name.endswith(("ski", "cki", "dzki")):
        stem = name[:-1]
        return {stem + e for e in ("i", "iego", "iemu", "im", "a", "iej", "ą", "ich", "imi")} | {
            stem[:-2] + ("scy" if stem.endswith("sk") else "ccy")
        }
    if name.endswith("y"):
        stem = name[:-1]
        return {stem + e for e in ("y", "ego", "emu", "ym", "a", "ej", "ą", "ych")}
    plain = _feminine(name) if name.endswith("a") else _masculine(name)
    return plain | {name + "owa", name + "ówna"}


def is_surname_like(folded: str) -> bool:
    """Whether a word ends as many surnames do; place adjectives do too, so something near must agree."""
    return len(folded) > 5 and folded.endswith(SURNAME_ENDINGS)
