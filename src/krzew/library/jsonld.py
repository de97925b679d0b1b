"""A solution as schema.org linked data (type HowTo), for other catalogues and search engines."""

from __future__ import annotations

from typing import Any

from krzew.library import catalogue
from krzew.library.cards import LANGUAGES, Card
from krzew.library.models import SolutionVersion


def linked_data(version: SolutionVersion, url: str) -> dict[str, Any]:
    card = version.card
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "HowTo",
        "@id": url,
        "url": url,
        "name": _texts(card, "name"),
        "alternateName": card["aliases"],
        "abstract": _texts(card, "summary"),
        "description": _texts(card, "does"),
        "version": str(version.number),
        "datePublished": version.published_at.date().isoformat() if version.published_at else None,
        "creativeWorkStatus": _label("evidence", str(card["fit"]["evidence_level"])),
        "audience": [
            {"@type": "PeopleAudience", "audienceType": _label("group", code)} for code in card["groups"]
        ],
        "about": [_term("need", need["code"]) for need in card["needs"]]
        + [_term("domain", code) for code in card["domains"]],
        "step": [
            {"@type": "HowToStep", "position": n, "text": _texts(step, "text")}
            for n, step in enumerate(card["steps"], start=1)
        ],
        "citation": [_citation(source) for source in card["sources"]],
        "license": card["licence"]["name"] if card["licence"] else None,
    }
    return {key: value for key, value in data.items() if value not in (None, [])}


def _texts(item: Card, name: str) -> list[dict[str, str]]:
    return [{"@value": item[f"{name}_{lang}"], "@language": lang} for lang in LANGUAGES]


def _label(kind: str, code: str) -> str:
    return catalogue.label(kind, code)


def _term(kind: str, code: str) -> dict[str, str]:
    return {"@type": "DefinedTerm", "termCode": code, "name": _label(kind, code)}


def _citation(source: Card) -> dict[str, Any]:
    cited = {"@type": "CreativeWork", "name": _texts(source, "label"), "url": source["address"]}
    return {key: value for key, value in (cited | {"datePublished": source["date"]}).items() if value}
