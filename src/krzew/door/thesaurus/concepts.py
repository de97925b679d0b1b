"""A concept of the thesaurus: what lay people and offices call one thing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

BASE = "https://krzew.example.org/thesaurus/"
AREA, PROBLEM, SERVICE, GROUP, SETTING, OTHER = "area", "problem", "service", "group", "setting", "other"
FORMS = ("alt_pl", "alt_en", "hidden_pl", "hidden_en", "hint_pl", "hint_en")
KINDS = (AREA, PROBLEM, SERVICE, GROUP, SETTING, OTHER)


@dataclass(frozen=True)
class Concept:
    """One concept.

    `alt` are words and phrases in Polish and English as people say them; any inflection is found. `hidden` are
    forms for the search only: misspellings, and beginnings of words ending in "*". `hint` forms are
    words of many uses ("sklep", "pies"): they count little in a long text and fully in a short one. `facets` tie the concept to
    the coded lists of cards ("need:loneliness", "group:older"). `kind`: an area holds narrower concepts and
    names a need; a problem or service is looked for; a group or setting says for whom and where; "other" is a
    matter that no social solution answers, so that it is heard and not taken for something else. `yields`
    means that "nie" before it takes it back ("nie piję").
    """

    code: str
    kind: str = PROBLEM
    label_pl: str = ""
    label_en: str = ""
    alt_pl: tuple[str, ...] = ()
    alt_en: tuple[str, ...] = ()
    hidden_pl: tuple[str, ...] = ()
    hidden_en: tuple[str, ...] = ()
    hint_pl: tuple[str, ...] = ()
    hint_en: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    yields: bool = False
    scope_pl: str = field(default="", compare=False)

    def label(self, language: str) -> str:
        return (self.label_en if language == "en" else self.label_pl) or self.label_pl or self.code

    def forms(self, language: str) -> tuple[str, ...]:
        """Every form under which the concept is found in a text of this language."""
        if language == "en":
            return (*self.alt_en, *self.hidden_en)
        return (*self.alt_pl, *self.hidden_pl)

    def without(self, other: Concept) -> Concept:
        """The same with only those forms that the other has not."""

        def rest(name: str) -> tuple[str, ...]:
            known = set(getattr(other, name))
            return tuple(form for form in getattr(self, name) if form not in known)

        rests: dict[str, Any] = {name: rest(name) for name in FORMS}
        return replace(self, **rests)

    def hints(self, language: str) -> tuple[str, ...]:
        """Forms that only hint at the concept."""
        return self.hint_en if language == "en" else self.hint_pl


def uri_of(code: str) -> str:
    """The SKOS address of a concept."""
    return BASE + code


def joined(first: Concept, second: Concept) -> Concept:
    """An installation's additions to a concept that ships with Krzew: forms are added, labels replaced."""

    def both(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*getattr(first, name), *getattr(second, name)]))

    lists = (*FORMS, "broader", "related", "facets")
    return Concept(
        code=first.code,
        kind=first.kind,
        label_pl=second.label_pl or first.label_pl,
        label_en=second.label_en or first.label_en,
        yields=first.yields or second.yields,
        scope_pl=second.scope_pl or first.scope_pl,
        **{name: both(name) for name in lists},
    )
