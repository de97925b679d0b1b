"""What changed between two cards, in words that a reader can follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from krzew.library import labels
from krzew.library.cards import LANGUAGES, NUMBERS, Card, content_hash
from krzew.library.sections import SECTIONS, Section
from krzew.library.wording import item_text
from krzew.ui.differences import Piece, compare


@dataclass(frozen=True)
class Change:
    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class SectionChanges:
    section: Section
    changes: tuple[Change, ...]


def changed_sections(old: Card, new: Card) -> list[Section]:
    return [section for section in SECTIONS if section.seen(old) != section.seen(new)]


def differences(old: Card, new: Card, language: str) -> list[SectionChanges]:
    """Changes by section, in the reader's language; a change only in the other language shows that one."""
    return [
        SectionChanges(section, tuple(_section_changes(section, old, new, language)))
        for section in changed_sections(old, new)
    ]


def _section_changes(section: Section, old: Card, new: Card, language: str) -> Iterator[Change]:
    for name in section.fields:
        before, after = old.get(name), new.get(name)
        if before != after:
            for one, two in _pairs(name, before, after):
                yield Change(_title(name), words(*_texts(one, two, language)))


def _title(name: str) -> str:
    base, _sep, language = name.rpartition("_")
    if language in LANGUAGES and base in labels.FIELDS:
        return f"{labels.FIELDS[base]} ({language})"
    return str(labels.FIELDS.get(name, name))


def _pairs(name: str, before: Any, after: Any) -> Iterator[tuple[Any, Any]]:
    """Old and new items that belong together; None stands for "not there"."""
    if name == "numbers":
        for key in NUMBERS:
            one, two = _number(before, key), _number(after, key)
            if one != two:
                yield one, two
        return
    if not isinstance(before, list) or not isinstance(after, list):
        yield before, after
        return
    marks = [[content_hash({"item": item}) for item in items] for items in (before, after)]
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=marks[0], b=marks[1], autojunk=False).get_opcodes():
        if tag != "equal":
            yield from zip_longest(before[i1:i2], after[j1:j2])


def _number(numbers: Mapping[str, Any] | None, key: str) -> dict[str, Any] | None:
    if not numbers or key not in numbers:
        return None
    return {"number": key, "range": numbers[key]}


def _texts(one: Any, two: Any, language: str) -> tuple[str, str]:
    before, after = item_text(one, language), item_text(two, language)
    if before != after:
        return before, after
    other = "en" if language == "pl" else "pl"
    return item_text(one, other), item_text(two, other)


def words(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts laid over each other, word by word."""
    return tuple(compare(before, after)) or (Piece("same", _("only details that are not shown here")),)
