"""Finding a place by name (without diacritics), by powiat, or by a code of today or of former days."""

from __future__ import annotations

import re
from functools import reduce
from operator import and_

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from krzew.places.models import Kind, Level, Unit
from krzew.places.text import fold

LIMIT = 12
# Words that people add to tell namesakes apart (Polish and English, folded).
KIND_WORDS = {
    "gmina": Q(level=Level.GMINA),
    "powiat": Q(level=Level.POWIAT) | Q(level=Level.GMINA),
    "wiejska": Q(kind=Kind.RURAL),
    "rural": Q(kind=Kind.RURAL),
    "miejska": Q(kind=Kind.URBAN),
    "miasto": Q(kind__in=[Kind.URBAN, Kind.CITY_POWIAT]),
    "town": Q(kind=Kind.URBAN),
    "urban": Q(kind=Kind.URBAN),
    "mixed": Q(kind=Kind.MIXED),
}
NOISE = {"wojewodztwo", "voivodeship", "w", "in"}


def search(text: str, level: str = "", limit: int = LIMIT) -> list[Unit]:
    """Best matches first: exact name, beginning of the name, beginning of a word, then anything else."""
    words = _words(text)
    if not words:
        return []
    found = by_code(words[0]) if len(words) == 1 and words[0].isdigit() else by_words(words)
    if level:
        found = found.filter(level=level)
    return list(found.select_related("parent__parent")[:limit])


def resolve(text: str, level: str = Level.GMINA) -> Unit | list[Unit]:
    """The one place that is meant, or all candidates (none: an empty list). A code may be of any level."""
    words = _words(text)
    if len(words) == 1 and words[0].isdigit():
        found = list(exact_code(words[0]).select_related("parent__parent"))
        return found[0] if found else []
    candidates = search(text, level, limit=50)
    said = " ".join(word for word in words if word not in KIND_WORDS) + " "
    exact = [unit for unit in candidates if said.startswith(unit.name_key + " ")]
    chosen = exact or candidates
    return chosen[0] if len(chosen) == 1 else chosen


def exact_code(code: str) -> QuerySet[Unit]:
    """By today's code, or by a seven-digit code of today or of the past."""
    if len(code) == 7:
        return Unit.objects.filter(Q(code7=code) | Q(versions__code7=code)).distinct()
    return Unit.objects.filter(code=code)


def by_code(code: str) -> QuerySet[Unit]:
    return exact_code(code) if len(code) == 7 else Unit.objects.filter(code__startswith=code).order_by("code")


def by_words(words: list[str]) -> QuerySet[Unit]:
    named = [word for word in words if word not in KIND_WORDS] or words
    whole = " ".join(named)
    matches = reduce(and_, (_match(word) for word in words))
    rank = Case(
        When(name_key=whole, then=Value(0)),
        When(name_key__startswith=whole, then=Value(1)),
        When(name_key__startswith=named[0], then=Value(2)),
        When(name_key__contains=f" {named[0]}", then=Value(3)),
        When(name_key__contains=named[0], then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )
    size = Case(
        When(level=Level.GMINA, then=Value(0)),
        When(level=Level.POWIAT, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return Unit.objects.filter(matches).order_by(rank, size, "name_key", "code").distinct()


def _match(word: str) -> Q:
    """In the name (today's or a former one), in the powiat's or voivodeship's, or a word for the kind."""
    query = Q(name_key__contains=word) | Q(versions__name_key__startswith=word)
    query |= Q(parent__name_key__startswith=word) | Q(parent__name_key__contains=f" {word}")
    query |= Q(parent__parent__name_key__startswith=word) | Q(parent__parent__name_key__contains=f" {word}")
    return query | KIND_WORDS[word] if word in KIND_WORDS else query


def _words(text: str) -> list[str]:
    """Folded words; brackets, commas and words that say nothing are left out."""
    plain = re.sub(r"[^\w\s]", " ", fold(text[:120]))
    plain = plain.replace("miejsko wiejska", "mixed").replace("urban rural", "mixed")
    words = plain.split()
    return [word for word in words if word not in NOISE]
