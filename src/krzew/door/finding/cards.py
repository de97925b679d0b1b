"""What finding reads of a card: texts by field, coded facets, and what its trials say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from krzew.door.finding.result import FAILED, HARMFUL, MIXED, TESTED, UNTESTED
from krzew.library.cards import BILINGUAL_LISTS, said
from krzew.methods.similarity import fold

FIELDS = {"name": 1.0, "summary": 1.0, "does": 0.7, "reason": 0.7, "other": 0.25}
"""Fields and how much a word in each says about what the solution is for."""
FACTORS = {TESTED: 1.0, MIXED: 0.96, UNTESTED: 0.88, FAILED: 0.75, HARMFUL: 0.65}
LEVEL_TESTED = 2
COMMON_SHARE, COMMON_LEAST = 0.04, 4
SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")

_FAILED = re.compile(
    r"nie (sprawdzil|zadzial|udal|powiod|dziala|rekomend|zaleca|zareko|poleca|przynios|spelni|potwierdz|osiag)"
    r"|nieudan|niewazn|niedojrzal|bez efektu|brak efektu|did not work|failed|not recommended|no effect"
)
_HARMFUL = re.compile(
    r"szkodz|szkodliw|zaszkodz|pogorsz|negatywn\w* (skut|wplyw|efekt)|skutek byl zly|odbiera nadziej|harm|worse"
)


@dataclass(frozen=True)
class Entry:
    """One card as finding reads it, in one language; `names`: all that it is called, in both languages."""

    slug: str
    name: str
    names: tuple[str, ...]
    texts: Mapping[str, str]
    facets: Mapping[str, float]
    evidence: str


def entry_of(card: Mapping[str, Any], language: str) -> Entry:
    return Entry(
        slug=str(card["slug"]),
        name=said(card, "name", language),
        names=(*(said(card, "name", code) for code in ("pl", "en")), *aliases_of(card)),
        texts=texts_of(card, language),
        facets=facets_of(card),
        evidence=evidence_of(card),
    )


def texts_of(card: Mapping[str, Any], language: str) -> dict[str, str]:
    """Fields a stranger reads. Evidence, sources, notes and preconditions speak of other things."""
    parts = [said(item, "text", language) for name in BILINGUAL_LISTS for item in card.get(name) or ()]
    parts += [said(item, "role", language) for item in card.get("partners") or ()]
    parts += [str(item.get("name") or "") for item in card.get("exemplars") or ()]
    return {
        "name": ". ".join([said(card, "name", language), *aliases_of(card)]),
        "summary": said(card, "summary", language),
        "does": said(card, "does", language),
        "reason": " ".join(said(need, "reason", language) for need in card.get("needs") or ()),
        "other": " ".join(filter(None, parts)),
    }


def aliases_of(card: Mapping[str, Any]) -> list[str]:
    return [str(alias) for alias in card.get("aliases") or ()]


def facets_of(card: Mapping[str, Any]) -> dict[str, float]:
    """Coded facets such as "need:loneliness", from 0 to 1."""
    facets = {f"need:{need['code']}": need.get("relevance", 2) / 3 for need in card.get("needs") or ()}
    facets |= {f"group:{code}": 1.0 for code in card.get("groups") or ()}
    return facets | {f"domain:{code}": 1.0 for code in card.get("domains") or ()}


def evidence_of(card: Mapping[str, Any]) -> str:
    """What trials say, by the card's codes and, where it has none, by its words. The worst is said first."""
    items = list(card.get("evidence") or ())
    directions = {item.get("direction") for item in items}
    words = fold(" ".join(said(item, "result", "pl") + " " + said(item, "result", "en") for item in items))
    if "negative" in directions and "positive" not in directions:
        cautions = " ".join(said(note, "text", "pl") for note in card.get("notes") or ())
        return HARMFUL if _HARMFUL.search(words + fold(cautions)) else FAILED
    if not directions & {"positive", "mixed"}:
        if _HARMFUL.search(words):
            return HARMFUL
        if _FAILED.search(words):
            return FAILED
    if "mixed" in directions or "negative" in directions:
        return MIXED
    tested = "positive" in directions or max((i.get("level", 0) for i in items), default=0) >= LEVEL_TESTED
    return TESTED if tested else UNTESTED


def without_boilerplate(entries: Sequence[Entry]) -> list[Entry]:
    """The same cards without sentences that many of them repeat word for word."""
    counts = Counter(s for entry in entries for s in _sentences(entry.texts.values()))
    most = max(COMMON_LEAST, COMMON_SHARE * len(entries))
    common = {sentence for sentence, count in counts.items() if count > most}
    if not common:
        return list(entries)
    return [_cleaned(entry, common) for entry in entries]


def _sentences(texts: Iterable[str]) -> set[str]:
    return {s.strip() for text in texts for s in SENTENCES.split(text) if len(s.split()) > 2}


def _cleaned(entry: Entry, common: set[str]) -> Entry:
    texts = {
        name: text
        if name == "name"
        else " ".join(s for s in SENTENCES.split(text) if s.strip() not in common)
        for name, text in entry.texts.items()
    }
    return replace(entry, texts=texts)
