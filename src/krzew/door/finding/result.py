"""What finding answers: plain values without requests, so that pages, cases and the command line share them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

HIGH, MEDIUM, LOW = "high", "medium", "low"
FAILED, HARMFUL, MIXED, UNTESTED, TESTED = "failed", "harmful", "mixed", "untested", "tested"


@dataclass(frozen=True)
class Word:
    """A concept of the thesaurus in the reader's language."""

    code: str
    label: str


@dataclass(frozen=True)
class Found:
    """A solution that answers a need.

    `score` is 0 to 1. `words` are the person's own words that led here. `fields` are the parts of the card that
    agreed ("name", "summary", "does", "reason", "group", …). `grade` is high, medium or low. `evidence` is
    failed, harmful, mixed, untested or tested: what the trials of the solution say.
    """

    slug: str
    name: str
    score: float
    words: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    grade: str = LOW
    evidence: str = UNTESTED


@dataclass(frozen=True)
class Need:
    """One need heard in the text. `phrase` is the part of the text that led to it, as it was written.

    `code` is the notation of a concept of the thesaurus (the SKOS address is `uri_of(code)`), "" when only the
    library's own words agreed. `solutions` is empty when nothing fits this need.
    """

    label: str
    code: str
    phrase: str
    groups: tuple[Word, ...] = ()
    services: tuple[Word, ...] = ()
    solutions: tuple[Found, ...] = ()


@dataclass(frozen=True)
class Number:
    """A telephone number for help, as of a date, with its source. Names are in the reader's language."""

    number: str
    name: str
    who: str
    source: str
    as_of: str

    @property
    def link(self) -> str:
        """For `href`: "tel:116123"."""
        return "tel:" + self.number.replace(" ", "")


@dataclass(frozen=True)
class Danger:
    """Words of danger: `kind` is suicide, violence, child, medical, or unknown when the rules themselves
    failed."""

    kind: str
    title: str
    numbers: tuple[Number, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mask:
    """One thing that was masked: its kind (phone, email, pesel, nip, account, address, postal_code, name) and
    where it stood in the text as written."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """The text with masks such as "[imię]" in place of what would identify a person."""

    text: str
    found: tuple[Mask, ...] = ()


@dataclass(frozen=True)
class Finding:
    """The whole answer. `nothing` is the honest word that no solution in the library fits."""

    needs: tuple[Need, ...] = ()
    nothing: bool = True
    unknown_words: tuple[str, ...] = ()
    dangers: tuple[Danger, ...] = ()
    language: str = "pl"

    def as_json(self) -> dict[str, Any]:
        """What `krzew find --json` prints: the text itself is not in it."""
        return {
            "needs": [need_json(need) for need in self.needs],
            "nothing": self.nothing,
            "unknown_words": list(self.unknown_words),
            "dangers": [danger_json(danger) for danger in self.dangers],
        }


def need_json(need: Need) -> dict[str, Any]:
    return {
        "label": need.label,
        "code": need.code,
        "phrase": need.phrase,
        "groups": [word.code for word in need.groups],
        "services": [word.code for word in need.services],
        "solutions": [found_json(found) for found in need.solutions],
    }


def found_json(found: Found) -> dict[str, Any]:
    return {
        "slug": found.slug,
        "name": found.name,
        "score": round(found.score, 3),
        "words": list(found.words),
        "fields": list(found.fields),
        "grade": found.grade,
        "evidence": found.evidence,
    }


def danger_json(danger: Danger) -> dict[str, Any]:
    return {
        "kind": danger.kind,
        "title": danger.title,
        "numbers": [{"number": n.number, "name": n.name, "who": n.who} for n in danger.numbers],
    }
