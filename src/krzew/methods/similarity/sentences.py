"""What was found, said to a person. Every explanation ends by saying what it must not be used for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..phrases import number, plural
from ..record import MethodError

if TYPE_CHECKING:
    from .copies import NearCopies
    from .novelty import Near, Novelty

SHOWN_WORDS = 8

TEXT = {
    "pl": {
        "quote": "„{name}”",
        "very_similar": "Jest już pomysł opisany bardzo podobnymi słowami.",
        "some_in_common": "Ten pomysł ma trochę wspólnych słów z wcześniejszymi.",
        "nothing_close": "Nie widać wcześniejszego pomysłu opisanego podobnymi słowami (sprawdzone opisy: {count}).",
        "near": "{name}: {words}.",
        "words": "wspólne słowa to {words}",
        "letters": "podobne słowa, ale nie te same",
        "copy": "{name}: to prawie ten sam tekst (zgodność {share}).",
        "field": "Najwięcej wspólnego jest w polu {field}.",
        "empty": "Nie ma jeszcze wcześniejszych pomysłów do porównania.",
        "help": "To tylko pomoc w czytaniu, nie ocena. Podobne słowa nie znaczą, że pomysł jest ten sam, a ten sam "
        "pomysł można opisać innymi słowami. Na tej podstawie nie wolno odrzucić pomysłu: decyduje człowiek, "
        "który przeczyta oba opisy.",
        "pairs": "Prawie takie same teksty: {count} {pairs}.",
        "pair": "{first} i {second}: zgodność {share}.",
        "no_pairs": "Nie ma tekstów, które byłyby prawie takie same.",
        "copies_help": "To porównanie liter, nie myśli: wykrywa ten sam tekst przysłany drugi raz, ale nie ten "
        "sam pomysł w innych słowach. Nie wolno na tej podstawie odrzucić pomysłu.",
    },
    "en": {
        "quote": "“{name}”",
        "very_similar": "An earlier idea is described in very similar words.",
        "some_in_common": "This idea has some words in common with earlier ones.",
        "nothing_close": "No earlier idea is described in similar words ({count} compared).",
        "near": "{name}: {words}.",
        "words": "words in common are {words}",
        "letters": "similar words, though not the same",
        "copy": "{name}: nearly the same text ({share} alike).",
        "field": "Most is in common in the field {field}.",
        "empty": "There are no earlier ideas to compare with yet.",
        "help": "This only helps in reading and is no verdict. Similar words do not make it the same idea, and the "
        "same idea may come in other words. No idea may be rejected because of it: that takes a person who reads "
        "both.",
        "pairs": "Nearly identical texts: {count} {pairs}.",
        "pair": "{first} and {second}: {share} alike.",
        "no_pairs": "No texts are nearly identical.",
        "copies_help": "This compares letters, not thoughts: it finds the same text sent twice, not the same idea "
        "in other words. No idea may be rejected because of it.",
    },
}
PAIRS = {"pl": ("para", "pary", "par", "pary"), "en": ("pair", "pairs", "pairs", "pairs")}


def checked(lang: str) -> dict[str, str]:
    if lang not in TEXT:
        raise MethodError("lang", "must be pl or en", lang)
    return TEXT[lang]


def _quoted(name: object, lang: str) -> str:
    return TEXT[lang]["quote"].format(name=name)


def _percent(share: float, lang: str) -> str:
    return f"{number(100 * share, lang, 0)}%"


def novelty(found: Novelty, lang: str, names: Mapping[str, str]) -> tuple[str, ...]:
    text = checked(lang)
    if not found.compared:
        return (text["empty"], text["help"])
    lines = [text[found.label].format(count=number(found.compared, lang))]
    for near in found.nearest:
        lines.append(_near(near, lang, names.get(near.id, near.id)))
    named = [m for m in found.nearest[0].fields if m.field and m.overlap > 0] if found.nearest else []
    if len(named) > 1:
        most = max(named, key=lambda m: m.overlap)
        lines.append(text["field"].format(field=_quoted(most.field, lang)))
    return (*lines, text["help"])


def _near(near: Near, lang: str, name: str) -> str:
    text = TEXT[lang]
    if near.copy is not None:
        return text["copy"].format(name=_quoted(name, lang), share=_percent(near.copy, lang))
    words = list(dict.fromkeys(word.lower() for word in near.words))[:SHOWN_WORDS]
    said = ", ".join(_quoted(w, lang) for w in words)
    what = text["words"].format(words=said) if words else text["letters"]
    return text["near"].format(name=_quoted(name, lang), words=what)


def copies(found: NearCopies, lang: str) -> tuple[str, ...]:
    text = checked(lang)
    if not found.pairs:
        return (text["no_pairs"], text["copies_help"])
    count = len(found.pairs)
    lines = [text["pairs"].format(count=number(count, lang), pairs=plural(count, PAIRS[lang]))]
    for pair in found.pairs[:SHOWN_WORDS]:
        first, second = _quoted(pair.first, lang), _quoted(pair.second, lang)
        lines.append(text["pair"].format(first=first, second=second, share=_percent(pair.similarity, lang)))
    return (*lines, text["copies_help"])
