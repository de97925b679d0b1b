"""Towards which concepts words lean: learned from what people say, not from whole phrases.

`data/leaning.npz` holds, for roots, first letters and pairs of roots, how often each stands beside each concept: in the
forms of the thesaurus, in lists of words and phrases, and in some thousands of example utterances (tools/voices; made by
tools/learn_leaning.py). A word that leans to one concept says much, one that stands everywhere says nothing: the weight is
the logarithm of how much likelier the concept makes the word than it is anywhere, smoothed by what is heard anywhere
(Dirichlet prior; Zhai and Lafferty 2004). A word never heard beside a concept speaks a little against it, and more so where much
was written about the concept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from krzew.door.finding.words import Token, english_signs, key_of, misspellings, normal, tokens_of
from krzew.door.thesaurus import shipped
from krzew.door.thesaurus.concepts import Concept

Floats = npt.NDArray[np.float64]
Counts = dict[tuple[str, str], float]

FILE = Path(__file__).parent / "data" / "leaning.npz"
START, LEAST = 5, 6
"""First letters that longer words are compared by, and how long a word must be for it."""
ROOT, BARE, BEGINNING, PAIR = 1.0, 0.6, 0.5, 0.8
FORM, HINT, SECOND = 1.2, 0.6, 0.5
"""What a form of the thesaurus counts, a form that only hints, and a concept that an utterance names second."""
PRIOR, SELDOM = 0.01, 3.0
"""The weight of what is heard anywhere beside what is heard with one concept, as a share of all that was counted; and how often
a word is taken to have been heard besides, so that one heard once does not weigh most of all."""


def features(tokens: Sequence[Token]) -> Iterator[tuple[str, float, tuple[int, ...]]]:
    """What stands in a text: name, worth, and the positions of its words. Each once, where it stands first."""
    seen = set()
    for name, worth, places in _all_features(tokens):
        if name not in seen:
            seen.add(name)
            yield name, worth, places


def _all_features(tokens: Sequence[Token]) -> Iterator[tuple[str, float, tuple[int, ...]]]:
    for at, token in enumerate(tokens):
        if token.is_plain or token.bare.isdigit():
            continue
        yield token.root, ROOT, (at,)
        if token.root != token.key:
            yield token.key, BARE, (at,)
        if len(token.bare) >= LEAST:
            yield token.bare[:START] + "*", BEGINNING, (at,)
    for at, (one, two) in enumerate(pairwise(tokens)):
        if one.sentence == two.sentence and not (one.is_plain and two.is_plain):
            yield f"{one.key} {two.key}", PAIR, (at, at + 1)


def note(counts: Counts, codes: Iterable[str], text: str, worth: float) -> None:
    """Count one text for its concepts, the main one first."""
    found = list(features(tokens_of(normal(text))))
    for place, code in enumerate(codes):
        part = worth * (SECOND if place else 1.0)
        for name, value, _at in found:
            counts[name, code] = counts.get((name, code), 0.0) + part * value


def note_forms(counts: Counts, concepts: Iterable[Concept], language: str) -> None:
    """Count the forms of a thesaurus."""
    for concept in concepts:
        for forms, worth in ((concept.forms(language), FORM), (concept.hints(language), HINT)):
            for form in forms:
                note(counts, (concept.code,), form.rstrip("*"), worth)


class Leaning:
    """Weights of one language for the concepts of one installation, in their order."""

    def __init__(self, concepts: Sequence[Concept], language: str) -> None:
        self.language, self.count = language, len(concepts)
        numbers = {concept.code: i for i, concept in enumerate(concepts)}
        self.known = np.array([numbers.get(code, -1) for code in _codes()])
        own: Counts = {}
        note_forms(own, _additions(concepts), language)
        rows, columns, values, names = _learnt(language)
        known = self.known[columns]
        kept = known >= 0
        self.names: dict[str, int] = dict(names)
        extra = [(self.names.setdefault(n, len(self.names)), numbers[c], v) for (n, c), v in own.items()]
        more = np.array(extra).reshape(-1, 3)
        self.weights, self.toll = weighed(
            np.concatenate([rows[kept], more[:, 0].astype(int)]),
            np.concatenate([known[kept], more[:, 1].astype(int)]),
            np.concatenate([values[kept], more[:, 2]]),
            (len(self.names), self.count),
        )

    def usual(self) -> Floats:
        """What some hundred utterances about anything lean to: utterances x concepts."""
        stored = _file()[f"{self.language}_usual"].astype(float)
        found = np.zeros((len(stored), self.count))
        known = self.known >= 0
        found[:, self.known[known]] = stored[:, known]
        return found

    def of_words(self, tokens: Sequence[Token]) -> Floats:
        """Tokens x concepts: what each word adds; a pair is shared by its two words."""
        found = list(self._known([self._forgiven(token) for token in tokens]))
        spread = np.zeros((len(tokens), len(found)))
        for column, (_number, worth, places) in enumerate(found):
            spread[list(places), column] = worth / len(places)
        lifts = spread @ self.weights[[number for number, _w, _a in found]].toarray()
        result: Floats = lifts - spread.sum(axis=1, keepdims=True) * self.toll
        return result

    def _forgiven(self, token: Token) -> Token:
        """The word with one typing error taken back, where nobody knows it as it stands."""
        if token.key in self.names or token.is_plain:
            return token
        likely = (bare for bare in misspellings(token.bare) if key_of(bare) in self.names)
        return next((replace(token, text=bare, bare=bare, key=key_of(bare)) for bare in likely), token)

    def of_texts(self, texts: Sequence[tuple[int, Sequence[Token], float]], rows: int) -> Floats:
        """Rows x concepts: the sum over (row, tokens, weight), all at once; nothing below zero."""
        at, columns, values = [], [], []
        for row, tokens, weight in texts:
            for number, worth, _places in self._known(tokens):
                at.append(row)
                columns.append(number)
                values.append(weight * worth)
        held = csr_matrix((values, (at, columns)), shape=(rows, len(self.names)))
        lifts = (held @ self.weights).toarray()
        result: Floats = np.maximum(lifts - np.outer(held.sum(axis=1), self.toll), 0.0)
        return result

    def _known(self, tokens: Sequence[Token]) -> Iterator[tuple[int, float, tuple[int, ...]]]:
        """Features that were learnt; a root without its letters only where it is not known with them."""
        for name, worth, places in features(tokens):
            token = tokens[places[0]]
            bared = worth == BARE and name == token.key and token.root in self.names
            if name in self.names and not bared:
                yield self.names[name], worth, places


def weighed(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], values: Floats, shape: tuple[int, int]
) -> tuple[csr_matrix, Floats]:
    """From counts to weights (features x concepts) and the toll that every feature pays to each concept, both in units of the
    logarithm of the number of concepts."""
    counts = csr_matrix((values, (rows, columns)), shape=shape).tocoo()
    total, unit = max(float(counts.data.sum()), 1e-9), np.log(max(shape[1], 2))
    uses = np.bincount(counts.row, counts.data, minlength=shape[0])
    lifts = np.log1p(counts.data / (PRIOR * (uses[counts.row] + SELDOM))) / unit
    toll = np.log1p(np.bincount(counts.col, counts.data, minlength=shape[1]) / (PRIOR * total)) / unit
    return csr_matrix((lifts, (counts.row, counts.col)), shape=shape), toll


def _additions(concepts: Iterable[Concept]) -> list[Concept]:
    """What an installation added to the shipped thesaurus, as concepts that hold only the new forms."""
    known = {concept.code: concept for concept in shipped()}
    return [
        c if c.code not in known else c.without(known[c.code]) for c in concepts if c != known.get(c.code)
    ]


def language_of(text: str, reader: str) -> str:
    """The language of a text: by its small words, its letters, and which language knows its words. The reader's where they
    do not tell."""
    tokens = tokens_of(normal(text))
    english, polish = (_learnt(language)[3] for language in ("en", "pl"))
    signs = english_signs(tokens) + sum((t.key in english) - (t.root in polish) for t in tokens)
    if signs:
        return "en" if signs > 0 else "pl"
    return "en" if reader == "en" else "pl"


# --- the file ------------------------------------------------------------------------------------
@cache
def _file() -> Mapping[str, npt.NDArray[np.generic]]:
    with np.load(FILE) as stored:
        return dict(stored)


@cache
def _codes() -> tuple[str, ...]:
    return tuple(_file()["codes"].tobytes().decode().split("\n"))


@cache
def _learnt(language: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats, Mapping[str, int]]:
    """Features, concepts (by `_codes`), counts, and the number of each feature."""
    stored = _file()
    names = stored[f"{language}_names"].tobytes().decode().split("\n")
    starts = stored[f"{language}_starts"].astype(np.int64)
    rows = np.repeat(np.arange(len(names)), np.diff(starts))
    columns = stored[f"{language}_concepts"].astype(np.int64)
    values = stored[f"{language}_counts"].astype(float)
    return rows, columns, values, {name: i for i, name in enumerate(names)}


def forget() -> None:
    """Read the file anew."""
    for kept in (_file, _codes, _learnt):
        kept.cache_clear()


def source_mark() -> str:
    """The mark of the texts that the file was made from."""
    return _file()["mark"].tobytes().decode()


def packed(counts: Counts, codes: Sequence[str]) -> dict[str, npt.NDArray[np.generic]]:
    """Counts as compact arrays; `_learnt` reads them."""
    numbers = {code: i for i, code in enumerate(codes)}
    names = sorted({name for name, _code in counts})
    places = {name: i for i, name in enumerate(names)}
    cells = sorted((places[name], numbers[code], value) for (name, code), value in counts.items())
    sizes = np.bincount([row for row, _c, _v in cells], minlength=len(names))
    return {
        "names": np.frombuffer("\n".join(names).encode(), np.uint8),
        "starts": np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint32),
        "concepts": np.array([c for _r, c, _v in cells], np.uint16),
        "counts": np.array([v for _r, _c, v in cells], np.float16),
    }
