"""What a card is, as plain data: its hash, its facets, what search reads. No database here."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

Card = Mapping[str, Any]

NUMBERS: dict[str, str] = {
    "jobs": "jobs",
    "jobs_at_risk": "jobs",
    "staff": "people",
    "investment_pln": "PLN",
    "cost_pln_year": "PLN/year",
    "revenue_pln_year": "PLN/year",
    "months_to_registration": "months",
    "months_registration_to_open": "months",
    "months_to_open": "months",
    "testers": "testers",
}
LANGUAGES = ("pl", "en")
BILINGUAL_LISTS = ("core_parts", "adaptable_parts", "steps")
SEARCH_WEIGHTS = {"name": 4.0, "summary": 2.0, "rest": 1.0}

# Polish letters stand behind the plain ones; letters alone sort alike under every database's rules.
_PLAIN = str.maketrans("ąćęłńóśźż", "acelnoszz")
_BEHIND = str.maketrans({"ź": "zzy"} | {letter: f"{letter.translate(_PLAIN)}zz" for letter in "ąćęłńóśż"})


def content_hash(card: Card) -> str:
    """SHA-256 of the card, independent of the order of keys."""
    text = json.dumps(card, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fold(text: str) -> str:
    """Lower case without diacritics."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def sort_key(text: str) -> str:
    """For sorting in the Polish order on every database: "l" before "ł", "z" before "ź" before "ż"."""
    return fold(text.casefold().translate(_BEHIND))


def facets_of(card: Card) -> list[tuple[str, str]]:
    """Every (kind, code) under which the card is found."""
    pairs = {("kind", card["kind"]), ("evidence", str(card["fit"]["evidence_level"]))}
    if card.get("door"):
        pairs.add(("door", card["door"]))
    pairs |= {("group", code) for code in card["groups"]}
    pairs |= {("domain", code) for code in card["domains"]}
    pairs |= {("need", need["code"]) for need in card["needs"]}
    return sorted(pairs)


def highest_level(card: Card) -> int:
    """How far the solution is proven: the highest level among evidence that is not negative."""
    levels = [item.get("level", 0) for item in card["evidence"] if item.get("direction") != "negative"]
    return max(levels, default=0)


def _texts(items: Iterable[Any], *names: str) -> str:
    return " ".join(
        str(item.get(f"{name}_{lang}") or "") for item in items for name in names for lang in LANGUAGES
    )


def search_fields(card: Card, labels: Iterable[str] = ()) -> dict[str, str]:
    """What search reads, by weight. `labels` are the names of the groups, needs and domains of the card."""
    rest = [
        _texts([card], "does"),
        *(_texts(card.get(part, []), "text") for part in BILINGUAL_LISTS),
        _texts(card.get("needs", []), "reason"),
        *(str(exemplar.get("name", "")) for exemplar in card.get("exemplars", [])),
        *labels,
    ]
    return {
        "name": " ".join([_texts([card], "name"), *card.get("aliases", []), card["slug"].replace("-", " ")]),
        "summary": _texts([card], "summary"),
        "rest": " ".join(rest),
    }


def said(item: Mapping[str, Any], name: str, language: str) -> str:
    """`name` in the language of the reader, or in the other one when it is not there."""
    other = "pl" if language == "en" else "en"
    return str(item.get(f"{name}_{language}") or item.get(f"{name}_{other}") or "")


def empty_card(slug: str, kind: str, name_pl: str, name_en: str) -> dict[str, Any]:
    """A card on which nothing but its name has been said yet."""
    lists: tuple[str, ...] = (
        "aliases",
        "groups",
        "domains",
        "needs",
        *BILINGUAL_LISTS,
        "partners",
        "perspectives",
        "preconditions",
    )
    lists += ("evidence", "exemplars", "notes", "documents", "related", "asks", "sources")
    texts = {f"{name}_{lang}": "" for name in ("summary", "does") for lang in LANGUAGES}
    fit = {
        "evidence_level": 0,
        "reach": None,
        "months": None,
        "investment_class": "unknown",
        "investment_reason_pl": "",
        "investment_reason_en": "",
        "gmina_role": None,
    }
    named = {
        "slug": slug,
        "kind": kind,
        "door": None,
        "verified": False,
        "name_pl": name_pl,
        "name_en": name_en,
    }
    return named | texts | {name: [] for name in lists} | {"numbers": {}, "licence": None, "fit": fit}
