"""The closed lists that cards speak in: facts about a place, levels of evidence, the words of `places`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from krzew.library.cards import Card
from krzew.library.models import FacetKind, SolutionKind
from krzew.places.vocabulary import Entry, by_language, domains, groups, indicators, needs

__all__ = [
    "DOORS",
    "Fact",
    "domains",
    "evidence_levels",
    "facts",
    "groups",
    "indicators",
    "label",
    "labels_of",
    "needs",
]

DATA = Path(__file__).parent / "data"
DOORS = {
    "integration": _("from the people whom it serves"),
    "service": _("from the service that the place lacks"),
}


@dataclass(frozen=True)
class Fact:
    """Something about a place that no statistics give: how one asks, and who knows."""

    code: str
    is_number: bool
    question_pl: str
    question_en: str
    who_pl: str
    who_en: str
    explanation_pl: str
    explanation_en: str
    unit_pl: str = ""
    unit_en: str = ""

    @property
    def question(self) -> str:
        return by_language(self, "question")

    @property
    def who(self) -> str:
        return by_language(self, "who")


def _rows(name: str, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((DATA / name).read_text(encoding="utf-8"))[table]
    return rows


@cache
def evidence_levels() -> dict[str, Entry]:
    """Levels "0" to "5"; the description says what a level means."""
    return {
        str(row["level"]): Entry(
            code=str(row["level"]),
            name_pl=row["name_pl"],
            name_en=row["name_en"],
            description_pl=row["meaning_pl"],
            description_en=row["meaning_en"],
        )
        for row in _rows("evidence_levels.toml", "level")
    }


@cache
def facts() -> dict[str, Fact]:
    rows = _rows("facts.toml", "fact")
    return {row["code"]: Fact(is_number=row.pop("type") == "number", **row) for row in rows}


def _lists() -> dict[str, Mapping[str, Entry]]:
    """The closed list behind each facet that has one."""
    return {
        FacetKind.GROUP: groups(),
        FacetKind.DOMAIN: domains(),
        FacetKind.NEED: needs(),
        FacetKind.EVIDENCE: evidence_levels(),
    }


def label(facet: str, code: str) -> str:
    """A code in the reader's words; a code that no list knows any more stays as it is."""
    if facet == FacetKind.KIND:
        return str(SolutionKind(code).label) if code in SolutionKind.values else code
    if facet == FacetKind.DOOR:
        return str(DOORS.get(code, code))
    word = _lists()[facet].get(code)
    return word.name if word else code


def labels_of(card: Card) -> list[str]:
    """Names of the card's groups, domains and needs in both languages, for search."""
    words: list[Entry | None] = [groups().get(code) for code in card["groups"]]
    words += [domains().get(code) for code in card["domains"]]
    words += [needs().get(need["code"]) for need in card["needs"]]
    return [name for word in words if word for name in (word.name_pl, word.name_en)]
