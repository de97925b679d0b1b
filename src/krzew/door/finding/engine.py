"""From a text to needs and solutions: hear, divide, rank, decide when nothing fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from krzew.door.finding import sure
from krzew.door.finding.division import AND, Places, parts_of
from krzew.door.finding.heard import Heard, groups_of, hear, words_at
from krzew.door.finding.index import SPEAKS, Index, Library
from krzew.door.finding.leaning import language_of
from krzew.door.finding.plugin import added
from krzew.door.finding.ranking import Asked
from krzew.door.finding.reading import Floats
from krzew.door.finding.result import HIGH, LOW, MEDIUM, Danger, Finding, Found, Need, Word
from krzew.door.thesaurus.concepts import SERVICE

OF_BEST = 0.45
GRADES = ((0.55, HIGH), (0.4, MEDIUM))
BY_NAME = 0.95
NAMED, CLEAR = 0.35, 0.3
"""A need that no card answers is named when its concept weighs so much; how strong a concept must be to be told."""
LED = 0.2
"""Words that add so much of what the strongest word adds are told as reasons."""
MOST_LETTERS = 300


@dataclass
class _Part:
    """A need in the making: what is asked, and the scores of all cards (nothing where none is good enough)."""

    asked: Asked
    scores: Floats
    concept: int = -1

    @property
    def answered(self) -> bool:
        return bool(self.scores.max(initial=0.0) > 0)


def answer(
    text: str,
    library: Library,
    language: str,
    most_needs: int,
    most_solutions: int,
    warned: tuple[Danger, ...] = (),
) -> Finding:
    """The needs of a text with their solutions."""
    index = library.index(language_of(text, language))
    if not len(index):
        return Finding(dangers=warned, language=language)
    heard = hear(text, index)
    parts = _parts(heard, index, most_needs)
    needs = tuple(_need(part, language, most_solutions) for part in parts)
    return Finding(
        needs=needs,
        nothing=not any(need.solutions for need in needs),
        unknown_words=_unknown(heard, index),
        dangers=warned,
        language=language,
    )


def _parts(heard: Heard, index: Index, most: int) -> list[_Part]:
    """One part for each need: the answered ones first, each called by another concept."""
    whole = Asked.of(heard, index)
    parts = [_part(asked) for asked in parts_of(whole, most)]
    parts.sort(key=lambda part: not part.answered)
    kept: list[_Part] = []
    for part in parts:
        new = part.concept not in {other.concept for other in kept}
        if not kept or (new and (part.answered or _is_named(part))):
            kept.append(part)
    return kept


def _is_named(part: _Part) -> bool:
    return part.concept >= 0 and float(part.asked.raw[part.concept]) >= NAMED


def _part(asked: Asked) -> _Part:
    """A part with its scores, if it is sure enough; cards that it names come before all others."""
    scores = asked.scores.copy() if sure.is_sure(asked) else np.zeros(len(asked.index))
    rows = asked.index.named([asked.heard.tokens[i] for i in asked.places])
    if rows:
        scores = asked.scores.copy()
        scores[rows] = np.maximum(scores[rows], BY_NAME * asked.index.factors[rows])
    scores = added(scores, _phrase(asked), asked.index)
    return _Part(asked, scores, _concept(asked, scores))


def _concept(asked: Asked, scores: Floats) -> int:
    """What the need is called: the strongest concept that the best card speaks of too, or the strongest at all."""
    index, answered = asked.index, scores.max(initial=0.0) > 0
    worth = asked.power * index.speaks[int(scores.argmax())] if answered else asked.power
    among = index.needs if answered else [*index.needs, *index.others]
    best = max(among, key=lambda c: worth[c])
    return best if worth[best] > 0 and asked.power[best] >= CLEAR else -1


def need_of(asked: Asked, language: str, most: int) -> Need:
    """The need of the concept that its author chose, with the cards that speak of it."""
    speaks = asked.index.speaks[:, asked.wish] >= SPEAKS
    return _need(_Part(asked, asked.scores * speaks, asked.wish), language, most)


def _need(part: _Part, language: str, most: int) -> Need:
    asked, index = part.asked, part.asked.index
    return Need(
        label=_label(part, language),
        code=index.concepts[part.concept].code if part.concept >= 0 else "",
        phrase=_phrase(asked),
        groups=_named(index, groups_of(index, asked.power), language),
        services=_named(index, _strong(asked, SERVICE), language),
        solutions=_solutions(part, most),
    )


def _strong(asked: Asked, kind: str) -> dict[int, float]:
    strong = np.flatnonzero(asked.power >= CLEAR)
    return {int(i): float(asked.power[i]) for i in strong if asked.index.concepts[i].kind == kind}


def _label(part: _Part, language: str) -> str:
    """The concept in plain words; a card asked for by its name is called so."""
    if part.concept >= 0:
        return part.asked.index.concepts[part.concept].label(language)
    return part.asked.index.entries[int(part.scores.argmax())].name if part.answered else ""


def _named(index: Index, concepts: dict[int, float], language: str) -> tuple[Word, ...]:
    ranked = sorted(concepts, key=lambda c: -concepts[c])
    return tuple(Word(index.concepts[c].code, index.concepts[c].label(language)) for c in ranked[:3])


def _phrase(asked: Asked) -> str:
    """The part of the text that speaks of this need, as written: its longest stretch without a gap."""
    text, tokens = asked.heard.text, asked.heard.tokens
    stretch = _longest(tuple(i for i in asked.places if not tokens[i].mute))
    if 0 < len(stretch) < len(tokens) and tokens[stretch[0]].bare in AND:
        stretch = stretch[1:]
    if len(stretch) in (0, len(tokens)):
        return text.strip()[:MOST_LETTERS]
    return text[tokens[stretch[0]].start : tokens[stretch[-1]].end][:MOST_LETTERS]


def _longest(places: Places) -> Places:
    """The longest run of neighbouring positions."""
    runs = (
        np.split(np.array(places, int), np.flatnonzero(np.diff(places) > 1) + 1)
        if places
        else [np.array([], int)]
    )
    return tuple(int(i) for i in max(runs, key=len))


def _solutions(part: _Part, most: int) -> tuple[Found, ...]:
    """The best cards, none of them far behind the first."""
    least = OF_BEST * min(float(part.scores.max(initial=0.0)), float(part.asked.scores.max(initial=0.0)))
    order = np.argsort(-part.scores, kind="stable")[:most]
    return tuple(
        _found(part, int(row)) for row in order if part.scores[row] > 0 and part.scores[row] >= least
    )


def _found(part: _Part, row: int) -> Found:
    asked, index, score = part.asked, part.asked.index, float(part.scores[row])
    entry, places = index.entries[row], _led(asked, row)
    met = [int(c) for c in np.flatnonzero(asked.power >= CLEAR)]
    fields = {name for c in met for name in index.met[row].get(c, ())}
    fields |= {name for i in places for name in index.words[row].get(asked.heard.tokens[i].key, ())}
    return Found(
        slug=entry.slug,
        name=entry.name,
        score=min(score, 1.0),
        words=words_at(asked.heard, places),
        fields=tuple(sorted(fields)),
        grade=next((grade for least, grade in GRADES if score >= least), LOW),
        evidence=entry.evidence,
    )


def _led(asked: Asked, row: int) -> list[int]:
    """Positions of the words that led to a card: by what they lean to, or because they stand in it."""
    index, heard = asked.index, asked.heard
    part = heard.led(asked.places, index.rarity * index.unit[row])
    least = LED * float(part.max(initial=0.0))
    leaning = {i for i, worth in zip(asked.places, part, strict=True) if worth > 0 and worth >= least}
    common = {
        i for i in asked.places if not heard.tokens[i].is_plain and heard.tokens[i].key in index.words[row]
    }
    return sorted(leaning | common)


def _unknown(heard: Heard, index: Index) -> tuple[str, ...]:
    """Words with content that neither the thesaurus nor the library knows: the office reads them, masked."""
    words = [heard.tokens[i] for i in heard.content() if i not in heard.known]
    return tuple(
        dict.fromkeys(t.text.lower() for t in words if len(t.bare) > 3 and t.key not in index.roots.terms)
    )
