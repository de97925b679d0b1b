"""Reading the thesaurus: the words that ship with Krzew together with those that librarians of this place added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import get_language

from krzew.door.models import ThesaurusWord, UnknownWord
from krzew.door.thesaurus import Concept, load
from krzew.door.thesaurus.concepts import AREA, OTHER, PROBLEM, SERVICE
from krzew.library.cards import fold, sort_key

Concepts = Mapping[str, Concept]
TOLD_FROM = 3
"""Uses from which an unknown word is shown: one person's slip of the tongue stays her own."""
LOOKED_FOR = (PROBLEM, SERVICE, AREA)


def language() -> str:
    return "pl" if (get_language() or "pl").startswith("pl") else "en"


def stamp() -> tuple[Any, ...]:
    """Changes with every word that is added or taken away."""
    values = ThesaurusWord.objects.aggregate(
        n=Count("pk", filter=Q(removed_at=None)), last=Max("pk"), gone=Max("removed_at")
    )
    return values["n"], values["last"], values["gone"]


def own_concepts() -> tuple[Concept, ...]:
    """What librarians added, for `krzew.door.thesaurus.load`."""
    lists: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = ThesaurusWord.objects.filter(removed_at=None).order_by("pk")
    for code, tongue, text, hidden in rows.values_list("concept", "language", "text", "is_misspelling"):
        lists[code][f"{'hidden' if hidden else 'alt'}_{tongue}"].append(text)
    return tuple(_concept(code, words) for code, words in lists.items())


def _concept(code: str, words: Mapping[str, list[str]]) -> Concept:
    return Concept(
        code,
        alt_pl=tuple(words.get("alt_pl", ())),
        alt_en=tuple(words.get("alt_en", ())),
        hidden_pl=tuple(words.get("hidden_pl", ())),
        hidden_en=tuple(words.get("hidden_en", ())),
    )


def concepts() -> Concepts:
    """Every concept by its code, with the words of this place."""
    return _concepts(stamp())


@lru_cache(maxsize=1)
def _concepts(_stamp: tuple[Any, ...]) -> Concepts:
    return {concept.code: concept for concept in load(own_concepts())}


def label(code: str, known: Concepts | None = None) -> str:
    """The name of a concept in the reader's language; a code that nobody knows any more stays as it is."""
    concept = (known if known is not None else concepts()).get(code)
    return concept.label(language()) if concept else code


def need_code(code: str, known: Concepts) -> str:
    """The need in which places are measured: the concept's own, or that of a broader one."""
    seen: set[str] = set()
    todo = [code]
    while todo:
        concept = known.get(todo.pop(0))
        if concept is None or concept.code in seen:
            continue
        seen.add(concept.code)
        for facet in concept.facets:
            kind, _colon, name = facet.partition(":")
            if kind == "need":
                return name
        todo += concept.broader
    return ""


def nearest(code: str, known: Concepts, most: int = 6) -> list[Concept]:
    """Concepts near one: related, its broader one, narrower ones, and those beside it."""
    concept = known.get(code)
    if concept is None:
        return []
    related = [*concept.related, *(c.code for c in known.values() if code in c.related)]
    narrower = [c.code for c in known.values() if code in c.broader]
    beside = [c.code for c in known.values() if set(c.broader) & set(concept.broader)]
    found = dict.fromkeys([*related, *concept.broader, *narrower, *beside])
    return [known[c] for c in found if c != code and c in known and known[c].kind in LOOKED_FOR][:most]


def broader(code: str, known: Concepts) -> list[str]:
    """The concept and everything above it."""
    found: list[str] = []
    todo = [code]
    while todo:
        one = todo.pop(0)
        if one in known and one not in found:
            found.append(one)
            todo += known[one].broader
    return found


def search(text: str, kind: str = "") -> list[Concept]:
    """Concepts whose name or any word holds the text; all of them without one. Areas first, then by name."""
    wanted = fold(text.strip())
    rows = [c for c in concepts().values() if not kind or c.kind == kind]
    if wanted:
        rows = [c for c in rows if any(wanted in fold(word) for word in _all_words(c))]
    tongue = language()
    return sorted(rows, key=lambda c: (c.kind == OTHER, sort_key(c.label(tongue))))


def _all_words(concept: Concept) -> list[str]:
    names = [concept.label_pl, concept.label_en, concept.code]
    return [*names, *concept.forms("pl"), *concept.forms("en")]


def added_words(code: str) -> QuerySet[ThesaurusWord]:
    return ThesaurusWord.objects.filter(concept=code, removed_at=None).select_related("by")


def unknown_words() -> QuerySet[UnknownWord]:
    """Words that neither the library nor the thesaurus knows, used often enough to say something of all."""
    return UnknownWord.objects.filter(settled_at=None, times__gte=TOLD_FROM)
