"""From a text to needs and solutions: hear, separate, rank, decide when nothing fits."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from krzew.door.finding.heard import Heard, hear, hits_words
from krzew.door.finding.index import Floats, Index, Library
from krzew.door.finding.plugin import added
from krzew.door.finding.ranking import asked_of, scores
from krzew.door.finding.result import HIGH, LOW, MEDIUM, Danger, Finding, Found, Need, Word
from krzew.door.finding.words import is_english, normal, tokens_of
from krzew.door.thesaurus.concepts import AREA, GROUP, OTHER, PROBLEM, SERVICE

LEAST = 0.34
"""Below this score a card does not answer: found on the development set."""
OF_BEST = 0.55
GRADES = ((0.55, HIGH), (0.42, MEDIUM))
FEW_WORDS = 4
ASIDE = 1.0


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
    heard = hear(text, index)
    parts = _parts(heard, index)
    for part in parts:
        part.scores = scores(heard, index, asked_of(heard, index, part.own))
    parts = _joined(heard, index, _without_asides(index, parts))
    parts.sort(key=lambda part: -part.strength * (0.2 + part.best))
    parts = parts[:most_needs]
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


def _parts(heard: Heard, index: Index) -> list[_Part]:
    """One part for each concept looked for; without any, the groups of a short text, then its bare words."""
    looked_for = heard.of_kind(index, AREA, PROBLEM, SERVICE, OTHER)
    parts = [_Part(areas_of(index, concept)[0], {concept: weight}) for concept, weight in looked_for.items()]
    groups = heard.of_kind(index, GROUP)
    if not parts and groups and len(heard.content()) <= FEW_WORDS:
        parts = [_Part(max(groups, key=groups.__getitem__), dict(groups))]
    return parts or [_Part(-1, {})]


def _without_asides(index: Index, parts: list[_Part]) -> list[_Part]:
    """Where a text is about a matter that no social solution answers, weaker needs are chance words."""
    others = [
        p.strength for p in parts if p.area >= 0 and index.concepts[p.area].kind == OTHER and p.best < LEAST
    ]
    least = ASIDE * max(others, default=0.0)
    kept = [p for p in parts if p.strength >= least]
    return kept or parts


def _joined(heard: Heard, index: Index, parts: list[_Part]) -> list[_Part]:
    """Parts that share their words or lead to the same cards are one need, told in several words."""
    kept: list[_Part] = []
    for part in sorted(parts, key=lambda part: -part.strength * (0.2 + part.best)):
        host = next((other for other in kept if _same(heard, other, part)), None)
        if host is None:
            kept.append(part)
            continue
        host.own |= part.own
        host.scores = scores(heard, index, asked_of(heard, index, host.own))
    return kept


def _same(heard: Heard, first: _Part, second: _Part) -> bool:
    """Whether the weaker part is only more words for the stronger one."""
    if first.area < 0 or not len(first.scores):
        return False
    words = {i for c in second.own for i in heard.places[c]}
    if words <= {i for c in first.own for i in heard.places[c]}:
        return True
    if first.area == second.area and second.best < LEAST:
        return True
    top = set(np.argsort(-first.scores)[:3].tolist())
    return second.best >= LEAST and int(second.scores.argmax()) in top


def _need(heard: Heard, index: Index, part: _Part, language: str, most: int) -> Need:
    groups = heard.of_kind(index, GROUP)
    services = {c: w for c, w in part.own.items() if index.concepts[c].kind == SERVICE}
    return Need(
        label=_label(index, part, language),
        code=index.concepts[_head(part)].code if part.own else "",
        phrase=_phrase(heard, part),
        groups=_named(index, groups, language),
        services=_named(index, services, language),
        solutions=_solutions(heard, index, part, most),
    )


def _head(part: _Part) -> int:
    return max(part.own, key=lambda c: part.own[c])


def _label(index: Index, part: _Part, language: str) -> str:
    """The strongest problem of the part, in plain words."""
    if not part.own:
        return ""
    return index.concepts[_head(part)].label(language)


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
    if not len(part.scores):
        return ()
    order = np.argsort(-part.scores, kind="stable")[:most]
    least = max(LEAST, OF_BEST * part.best)
    return tuple(_found(heard, index, part, int(row)) for row in order if part.scores[row] >= least)


def _found(heard: Heard, index: Index, part: _Part, row: int) -> Found:
    entry, score = index.entries[row], float(part.scores[row])
    met = [c for c in heard.weights if index.spoken[row, c] >= 0.2]
    places = {i for c in met for i in heard.places[c]}
    fields = {name for c in met for name in index.met[row].get(c, ())}
    for at in heard.content():
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


def _unknown(heard: Heard, index: Index) -> tuple[str, ...]:
    """Words with content that neither the thesaurus nor the library knows: the office reads them, masked."""
    words = [heard.tokens[i] for i in heard.content() if i not in heard.known]
    return tuple(dict.fromkeys(t.text.lower() for t in words if len(t.bare) > 3 and t.key not in index.roots))
