"""From a text to needs and solutions: hear, separate, rank, decide when nothing fits."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from krzew.door.finding.heard import Heard, hear, hits_words
from krzew.door.finding.index import Floats, Index, Library
from krzew.door.finding.plugin import added
from krzew.door.finding.ranking import asked_of, covered, scores
from krzew.door.finding.result import HIGH, LOW, MEDIUM, Danger, Finding, Found, Need, Word
from krzew.door.finding.sure import signs_of
from krzew.door.finding.words import is_english, normal, tokens_of
from krzew.door.thesaurus.concepts import AREA, GROUP, OTHER, PROBLEM, SERVICE

LEAST, LEAST_LATER = 0.15, 0.26
"""Below this score no card is looked at. The first need is then judged by `sure`, a later one by its score."""
OF_BEST = 0.45
GRADES = ((0.55, HIGH), (0.42, MEDIUM))
FEW_WORDS = 4
SPEAKS, OWN, NAMED, BY_NAME = 0.3, 0.15, 0.6, 0.95
TOUCHES, MET = 0.12, 0.2


@dataclass
class _Part:
    """A need in the making: its concepts with their weights, and the scores of all cards."""

    area: int
    own: dict[int, float]
    scores: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def strength(self) -> float:
        return sum(self.own.values())

    @property
    def best(self) -> float:
        return float(self.scores.max(initial=0.0))


def answer(
    text: str,
    library: Library,
    language: str,
    most_needs: int,
    most_solutions: int,
    warned: tuple[Danger, ...] = (),
) -> Finding:
    """The needs of a text with their solutions."""
    heard_in = "en" if language == "en" or is_english(tokens_of(normal(text))) else "pl"
    index = library.index(heard_in)
    if not len(index):
        return Finding(dangers=warned, language=language)
    heard = hear(text, index)
    parts = _parts(heard, index, most_needs)
    for part in parts:
        part.scores = added(part.scores, _phrase(heard, part), index)
    needs = tuple(_need(heard, index, part, language, most_solutions) for part in parts)
    return Finding(
        needs=needs,
        nothing=not any(need.solutions for need in needs),
        unknown_words=_unknown(heard, index),
        dangers=warned,
        language=language,
    )


def areas_of(index: Index, concept: int) -> list[int]:
    """The area of a concept first, then the others it belongs to."""
    found = []
    for code in index.concepts[concept].broader:
        if code in index.numbers:
            found += areas_of(index, index.numbers[code])
    return list(dict.fromkeys(found)) or [concept]


def _parts(heard: Heard, index: Index, most: int) -> list[_Part]:
    """Needs one after another: the card that answers most of what is left names the next one. What no card answers
    comes at the end, without solutions."""
    left = heard.of_kind(index, AREA, PROBLEM, SERVICE)
    parts = _by_name(heard, index, left)
    if parts:
        left = _without(heard, left, parts[0])
    elif not left:
        return _of_few_words(heard, index)
    while left and len(parts) < most:
        part = _next(heard, index, left, LEAST_LATER if parts else LEAST)
        if part is None:
            break
        if not parts and not signs_of(heard, index, part.own, part.scores).is_enough:
            break  # what is best is not good: an honest "nothing fits"
        parts.append(part)
        left = _without(heard, left, part)
    left |= heard.of_kind(index, OTHER)
    return [*parts, *_unanswered(index, left)][:most]


def _by_name(heard: Heard, index: Index, left: dict[int, float]) -> list[_Part]:
    """The card that the text names comes first, with what it speaks of."""
    rows = index.named(heard.tokens)
    if not rows:
        return []
    own = {c: w for c, w in left.items() if index.spoken[rows[0], c] >= SPEAKS}
    part = _Part(areas_of(index, _strongest(own))[0] if own else -1, own)
    part.scores = scores(heard, index, asked_of(heard, index, own))
    part.scores[rows] = np.maximum(part.scores[rows], BY_NAME * index.factors[rows])
    return [part]


def _next(heard: Heard, index: Index, left: dict[int, float], least: float) -> _Part | None:
    """The need that the best card speaks of, or nothing when no card is good enough."""
    whole = scores(heard, index, asked_of(heard, index, left))
    best = int(whole.argmax())
    if whole[best] < least:
        return None
    own = {c: w for c, w in left.items() if index.spoken[best, c] >= SPEAKS}
    own = {c: w for c, w in own.items() if c not in heard.implied or heard.implied[c] & own.keys()}
    if not own:
        return None
    part = _Part(areas_of(index, _strongest(own))[0], own)
    part.scores = (1 - OWN) * whole + OWN * whole[best] * covered(index, own)
    return part


def _strongest(own: dict[int, float]) -> int:
    return max(own, key=lambda c: own[c])


def _without(heard: Heard, left: dict[int, float], part: _Part) -> dict[int, float]:
    """What is still to be answered: not the concepts of the part, nor others said by the same words."""
    words = {i for c in part.own for i in heard.places[c]}
    kept = {c: w for c, w in left.items() if c not in part.own}
    kept = {c: w for c, w in kept.items() if c in heard.implied or not heard.places[c] <= words}
    return {c: w for c, w in kept.items() if c not in heard.implied or heard.implied[c] & kept.keys()}


def _unanswered(index: Index, left: dict[int, float]) -> list[_Part]:
    """Needs that no card answers, one for each area, the strongest first."""
    by_area: dict[int, dict[int, float]] = {}
    for concept, weight in left.items():
        by_area.setdefault(areas_of(index, concept)[0], {})[concept] = weight
    parts = [_Part(area, own, np.zeros(len(index))) for area, own in by_area.items()]
    return sorted((p for p in parts if p.strength >= NAMED), key=lambda p: -p.strength)


def _of_few_words(heard: Heard, index: Index) -> list[_Part]:
    """A text without a need: its groups when it is short, else its bare words."""
    groups = heard.of_kind(index, GROUP)
    others = heard.of_kind(index, OTHER)
    if others:
        return _unanswered(index, others)
    own = dict(groups) if groups and len(heard.content()) <= FEW_WORDS else {}
    part = _Part(_strongest(own) if own else -1, own)
    part.scores = scores(heard, index, asked_of(heard, index, own))
    if part.best < LEAST_LATER:
        part.scores = np.zeros(len(index))
    return [part]


def _need(heard: Heard, index: Index, part: _Part, language: str, most: int) -> Need:
    groups = heard.of_kind(index, GROUP)
    services = {c: w for c, w in part.own.items() if index.concepts[c].kind == SERVICE}
    return Need(
        label=_label(index, part, language),
        code=index.concepts[_strongest(part.own)].code if part.own else "",
        phrase=_phrase(heard, part),
        groups=_named(index, groups, language),
        services=_named(index, services, language),
        solutions=_solutions(heard, index, part, most),
    )


def _label(index: Index, part: _Part, language: str) -> str:
    """The strongest problem of the part, in plain words; a card asked for by its name is called so."""
    if not part.own:
        return index.entries[int(part.scores.argmax())].name if part.best >= LEAST_LATER else ""
    return index.concepts[_strongest(part.own)].label(language)


def _named(index: Index, concepts: dict[int, float], language: str) -> tuple[Word, ...]:
    ranked = sorted(concepts, key=lambda c: -concepts[c])
    return tuple(Word(index.concepts[c].code, index.concepts[c].label(language)) for c in ranked[:3])


def _phrase(heard: Heard, part: _Part) -> str:
    """The clauses of the text that speak of this need, as written."""
    places = sorted({i for c in part.own for i in heard.places.get(c, ())})
    if not places:
        return heard.text.strip()[:300]
    clauses = {heard.tokens[i].clause for i in places}
    inside = [t for t in heard.tokens if t.clause in clauses]
    return heard.text[inside[0].start : inside[-1].end][:300] if inside else ""


def _solutions(heard: Heard, index: Index, part: _Part, most: int) -> tuple[Found, ...]:
    """The best cards that speak of this need at all, none of them far behind the first."""
    if not len(part.scores):
        return ()
    least = max(LEAST, OF_BEST * part.best)
    fitting = part.scores >= least
    if part.own:
        fitting &= (covered(index, part.own) >= TOUCHES) | (part.scores >= part.best)
    order = [row for row in np.argsort(-part.scores, kind="stable") if fitting[row]][:most]
    return tuple(_found(heard, index, part, int(row)) for row in order)


def _found(heard: Heard, index: Index, part: _Part, row: int) -> Found:
    entry, score = index.entries[row], float(part.scores[row])
    about = {*part.own, *heard.of_kind(index, GROUP)}
    met = [c for c in about if index.spoken[row, c] >= MET]
    places = {i for c in met for i in heard.places[c]}
    fields = {name for c in met for name in index.met[row].get(c, ())}
    for at in _said_here(heard, part):
        number = index.roots.get(heard.tokens[at].key)
        if number is not None and number in index.words[row]:
            places.add(at)
            fields |= index.words[row][number]
    return Found(
        slug=entry.slug,
        name=entry.name,
        score=min(score, 1.0),
        words=hits_words(heard, places),
        fields=tuple(sorted(fields)),
        grade=next((grade for least, grade in GRADES if score >= least), LOW),
        evidence=entry.evidence,
    )


def _said_here(heard: Heard, part: _Part) -> list[int]:
    """Words with content in the clauses that told the need."""
    clauses = {heard.tokens[i].clause for c in part.own for i in heard.places[c]}
    return [i for i in heard.content() if not part.own or heard.tokens[i].clause in clauses]


def _unknown(heard: Heard, index: Index) -> tuple[str, ...]:
    """Words with content that neither the thesaurus nor the library knows: the office reads them, masked."""
    words = [heard.tokens[i] for i in heard.content() if i not in heard.known]
    return tuple(dict.fromkeys(t.text.lower() for t in words if len(t.bare) > 3 and t.key not in index.roots))
