"""Is a card well formed, and is it ready to be published? Every fault is named with its place in the card."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError as SchemaError

from krzew.library import catalogue
from krzew.library.cards import NUMBERS, Card, highest_level
from krzew.library.preconditions import atoms, contradictions

SCHEMA_PATH = Path(__file__).parent / "card.schema.json"
RESERVED_SLUGS = frozenset({"compare", "desk", "export"})
MARKUP = re.compile(r"<[a-zA-Z/!?]|[\x00-\x08\x0b\x0c\x0e-\x1f]|&#")
# What a draft may still lack; everything else of the schema holds from the first keystroke.
LENIENT = ("required", "minLength", "minItems", "pattern", "enum", "format")


@dataclass(frozen=True)
class Problem:
    """One fault. `path` is where, e.g. ("numbers", "jobs", "source")."""

    path: tuple[str | int, ...]
    text: str

    @property
    def where(self) -> str:
        return ".".join(str(part + 1) if isinstance(part, int) else part for part in self.path)

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.path else self.text


@cache
def schema() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    return read


@cache
def _strict() -> Draft202012Validator:
    return Draft202012Validator(schema())


@cache
def _lenient() -> Draft202012Validator:
    return Draft202012Validator(_relaxed(schema()))


def _relaxed(part: Any) -> Any:
    """The same schema for a card that is being written: right types and names, anything may be missing."""
    if isinstance(part, list):
        return [_relaxed(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _relaxed(value) for key, value in part.items() if key not in LENIENT}
    if "oneOf" in kept:  # without `required` a half-filled part may fit several alternatives
        kept["anyOf"] = kept.pop("oneOf")
    return kept


def shape_problems(card: Any) -> list[Problem]:
    """Faults that even a draft must not have: wrong types, unknown fields, too long texts, markup."""
    found = [*_schema_problems(_lenient(), card), *_markup(card)]
    return found or identity_problems(card)


def problems(card: Any) -> list[Problem]:
    """Everything that stands between this card and publication."""
    found = [*_schema_problems(_strict(), card), *_markup(card)]
    if found:
        return found
    return [fault for checker in CHECKS for fault in checker(card)]


def _schema_problems(validator: Draft202012Validator, card: Any) -> Iterator[Problem]:
    for error in sorted(validator.iter_errors(card), key=lambda e: [str(p) for p in e.absolute_path]):
        yield from _explain(error)


def _explain(error: SchemaError) -> Iterator[Problem]:
    """The fault in words; of alternatives (a number or nothing) the one meant is explained."""
    if error.validator in ("oneOf", "anyOf") and error.context:
        branches: dict[Any, list[SchemaError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        # A branch of the wrong type was not meant; of the others the nearest one has the fewest faults.
        meant = [b for b in branches.values() if not any(e.validator == "type" and not e.path for e in b)]
        if meant:
            for inner in min(meant, key=len):
                yield from _explain(inner)
            return
    path = tuple(error.absolute_path)
    if error.validator == "required":
        wanted, there = cast(list[str], error.validator_value), cast(dict[str, Any], error.instance)
        missing = [name for name in wanted if name not in there]
        path = (*path, missing[0]) if len(missing) == 1 else path
    yield Problem(path, _in_words(error))


def _in_words(error: SchemaError) -> str:
    value = error.validator_value
    words: dict[str, Callable[[], str]] = {
        "required": lambda: _("is missing"),
        "minLength": lambda: _("is not filled in, or too short (at least %(n)s characters)") % {"n": value},
        "maxLength": lambda: _("is too long (at most %(n)s characters)") % {"n": value},
        "minItems": lambda: _("needs at least %(n)s item(s)") % {"n": value},
        "enum": lambda: _("must be one of: %(list)s") % {"list": ", ".join(map(str, cast(list[Any], value)))},
        "type": lambda: _("has the wrong type; expected: %(type)s") % {"type": _type_words(value)},
        "pattern": lambda: _("is not written in the expected way"),
        "additionalProperties": lambda: _("has a field that the card does not know"),
        "minimum": lambda: _("must not be below %(n)s") % {"n": value},
        "maximum": lambda: _("must not be above %(n)s") % {"n": value},
        "uniqueItems": lambda: _("holds the same item twice"),
    }
    return words.get(str(error.validator), lambda: _("is not what the card expects"))()


def _type_words(value: Any) -> str:
    return " / ".join(value) if isinstance(value, list) else str(value)


def _walk(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, part
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _walk(value, (*path, key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _walk(value, (*path, index))


def _markup(card: Any) -> Iterator[Problem]:
    """A card is plain text: markup in a name is a mistake or an attack, never wanted."""
    for path, value in _walk(card):
        if isinstance(value, str) and MARKUP.search(value):
            yield Problem(path, _("holds markup or control characters; a card is plain text"))


def identity_problems(card: Card) -> list[Problem]:
    return [*_identity(card), *_slug(card)]


def _identity(card: Card) -> Iterator[Problem]:
    """A card always has an address and a kind; other cards and pages rely on them from the first draft on."""
    for name in ("slug", "kind"):
        if name not in card:
            yield Problem((name,), _("is missing"))
        for error in _strict().evolve(schema=schema()["properties"][name]).iter_errors(card.get(name)):
            yield Problem((name,), _in_words(error))


def _slug(card: Card) -> Iterator[Problem]:
    if str(card.get("slug")).endswith("\n"):  # "$" in a pattern lets a last line break through
        yield Problem(("slug",), _("is not written in the expected way"))
    if str(card.get("slug")) in RESERVED_SLUGS:
        yield Problem(("slug",), _("this address is taken by a page of the library"))


def _found_somewhere(card: Card) -> Iterator[Problem]:
    if not card["groups"] and not card["domains"]:
        yield Problem(("groups",), _("choose at least one group or one area of public services"))


def _codes(card: Card) -> Iterator[Problem]:
    for name, known in (("groups", catalogue.groups()), ("domains", catalogue.domains())):
        for index, code in enumerate(card[name]):
            if code not in known:
                yield Problem((name, index), _("unknown code “%(code)s”") % {"code": code})
    for index, need in enumerate(card["needs"]):
        if need["code"] not in catalogue.needs():
            yield Problem(("needs", index, "code"), _("unknown code “%(code)s”") % {"code": need["code"]})


def _sources(card: Card) -> Iterator[Problem]:
    known = [source["id"] for source in card["sources"]]
    for source_id in {i for i in known if known.count(i) > 1}:
        yield Problem(("sources",), _("two sources have the name “%(id)s”") % {"id": source_id})
    for path, value in _walk(card):
        if path and path[-1] == "source" and isinstance(value, str) and value not in known:
            yield Problem(path, _("there is no source “%(id)s” on this card") % {"id": value})


def _numbers(card: Card) -> Iterator[Problem]:
    ranges = [
        (("numbers", name), card["numbers"][name], unit)
        for name, unit in NUMBERS.items()
        if name in card["numbers"]
    ]
    for path, number, unit in [*ranges, (("fit", "months"), card["fit"]["months"], "months")]:
        if number is None:
            continue
        if number["low"] > number["high"]:
            yield Problem(path, _("the lower end is above the upper end"))
        if number["unit"] != unit:
            yield Problem((*path, "unit"), _("the unit must be %(unit)s") % {"unit": unit})


def _rules(card: Card) -> Iterator[Problem]:
    codes = [condition["code"] for condition in card["preconditions"]]
    for index, condition in enumerate(card["preconditions"]):
        if codes.count(condition["code"]) > 1:
            yield Problem(("preconditions", index, "code"), _("two preconditions have the same code"))
        for atom in atoms(condition["rule"]):
            yield from _atom(("preconditions", index, "rule"), atom)
    for clash in contradictions(card["preconditions"]):
        text = _(
            "“%(first)s” and “%(second)s” contradict each other about “%(code)s”: no place can meet both"
        )
        yield Problem(
            ("preconditions",), text % {"first": clash.first, "second": clash.second, "code": clash.code}
        )


def _atom(path: tuple[str | int, ...], atom: Card) -> Iterator[Problem]:
    fact = catalogue.facts().get(atom.get("fact", ""))
    if "fact" in atom and fact is None:
        yield Problem(path, _("unknown fact “%(code)s”") % {"code": atom["fact"]})
    elif "indicator" in atom and atom["indicator"] not in catalogue.indicators():
        yield Problem(path, _("unknown indicator “%(code)s”") % {"code": atom["indicator"]})
    elif fact is not None and fact.is_number == isinstance(atom["value"], bool):
        yield Problem(path, _("“%(code)s” is compared with the wrong kind of value") % {"code": fact.code})


def _evidence(card: Card) -> Iterator[Problem]:
    highest = highest_level(card)
    if card["fit"]["evidence_level"] != highest:
        text = _("the level of evidence is %(stated)s, but the evidence below reaches %(highest)s")
        yield Problem(
            ("fit", "evidence_level"), text % {"stated": card["fit"]["evidence_level"], "highest": highest}
        )


CHECKS: tuple[Callable[[Card], Iterator[Problem]], ...] = (
    _slug,
    _found_somewhere,
    _codes,
    _sources,
    _numbers,
    _rules,
    _evidence,
)
