"""The index: statistics of every term kept in arrays, so that a query reads a few sparse columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix, csr_matrix

from ..record import BoolArray, FloatArray, IntArray, MethodError
from .template import Template
from .words import STOP, VIEWS, WORD, Key, keys, negated, normal, stem_only

SATURATION, LENGTH = 1.2, 0.75
OKAPI_SATURATION, OKAPI_FLOOR = 1.5, 0.25
BLOCK = 64
TELLING = 1.2
"""A rarity of 1.2 is that of a word in three documents of ten; more common ones tell nothing."""

Document = Mapping[str, str] | str


@dataclass(frozen=True)
class Hit:
    """A document found; `words` are its words that met the query, as written."""

    id: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Statistics:
    """What a query reads: the weight of each term in each document, and which documents hold each word."""

    weights: csc_matrix  # documents x terms
    holders: csc_matrix  # documents x words
    spelled: csc_matrix  # words x terms
    pieces: IntArray  # of each word, how many different ones
    rarity: FloatArray  # of each term


class _Vocabulary:
    """Numbers of words and terms, given in the order in which they come."""

    def __init__(self, keys_of: Callable[[str], tuple[Key, ...]]) -> None:
        self.keys_of = keys_of
        self.words: list[str] = []
        self.terms: dict[Key, int] = {}
        self._numbers: dict[str, int] = {}
        self._spelling: list[int] = []
        self._ends: list[int] = [0]

    def numbers(self, words: Iterable[str]) -> list[int]:
        """The number of each word; -1 for a word that says nothing."""
        known = self._numbers
        return [known[w] if w in known else self._new(w) for w in words]

    def _new(self, word: str) -> int:
        if word.lower() in STOP:
            self._numbers[word] = -1
            return -1
        number = self._numbers[word] = len(self.words)
        self.words.append(word)
        self._spelling += [self.terms.setdefault(key, len(self.terms)) for key in self.keys_of(word)]
        self._ends.append(len(self._spelling))
        return number

    def spelled(self) -> csr_matrix:
        """How often each term occurs in each word."""
        shape = (len(self.words), max(len(self.terms), 1))
        spelling = np.array(self._spelling, dtype=np.int32)
        matrix = csr_matrix((np.ones(len(spelling)), spelling, np.array(self._ends)), shape=shape)
        matrix.sum_duplicates()
        return matrix


class Index:
    """Documents ready to be searched: `{id: {field: text}}` or `{id: text}`; `weights` by field, 1 unless
    given.

    Ranking is BM25 over fields of different weight (BM25F, Robertson and Zaragoza 2009) and three views of
    each word. With `plain=True` it is the textbook BM25 over stems alone, equal to `BM25Okapi` of the package
    rank_bm25 (fields are joined, weights of fields are refused). What a form says by itself (`template`) is
    left out of every text. Scores are sums in double precision of weights in single precision, which are exact
    whatever the order of the words; equal documents keep the order in which they were given.
    """

    def __init__(
        self,
        documents: Mapping[str, Document],
        weights: Mapping[str, float] | None = None,
        *,
        plain: bool = False,
        template: str | Sequence[str] = "",
    ) -> None:
        self.weights = dict(weights or {})
        for field, weight in self.weights.items():
            if not np.isfinite(weight) or weight < 0:
                raise MethodError("weights", "must be a number not below zero", field)
        if plain and self.weights:
            raise MethodError("weights", "plain BM25 knows no fields: leave weights out")
        self.plain, self.template = plain, Template(template)
        self._vocabulary = _Vocabulary(stem_only if plain else keys)
        self._ids: list[str] = []
        self._rows: dict[str, int] = {}
        self._fields: list[dict[str, str]] = []
        self._own: list[IntArray] = []  # words of each document in the order in which they first occur
        self._tokens: list[IntArray] = []  # one array for each field of each document
        self._cells: list[tuple[int, int]] = []  # the document and the field of each of these
        self._names: dict[str, int] = {}
        self._ready: _Statistics | None = None
        self.add(documents)

    def add(self, documents: Mapping[str, Document]) -> None:
        """Take in more documents. Only they are read; statistics are counted anew at the next query."""
        for id in documents:
            if id in self._rows:
                raise MethodError("documents", "is in the index already", str(id))
        for id, document in documents.items():
            self._rows[id] = len(self._ids)
            self._ids.append(id)
            self._take({"": document} if isinstance(document, str) else dict(document))
        self._ready = None

    def _take(self, fields: dict[str, str]) -> None:
        row, seen = len(self._fields), []
        self._fields.append({name: normal(text) for name, text in fields.items()})
        for name, text in self._fields[row].items():
            numbers = self._vocabulary.numbers(WORD.findall(self.template.blanked(text)))
            tokens = np.array([n for n in numbers if n >= 0], dtype=np.int64)
            self._tokens.append(tokens)
            self._cells.append((row, self._names.setdefault(name, len(self._names))))
            seen += tokens.tolist()
        self._own.append(np.array(list(dict.fromkeys(seen)), dtype=np.int64))

    @property
    def ids(self) -> tuple[str, ...]:
        """Documents in the order in which they were given."""
        return tuple(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, id: object) -> bool:
        return id in self._rows

    def fields(self, id: str) -> dict[str, str]:
        """The texts of one document, by field."""
        return self._fields[self._row(id)]

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The k best documents, best first; equal ones in the order in which they were given."""
        return self._best(self.words(query), k)

    def like(self, id: str, k: int = 5) -> list[Hit]:
        """The k documents most like one of them."""
        own = [self._vocabulary.words[n] for n in self._own[self._row(id)]]
        return [hit for hit in self._best(own, k + 1) if hit.id != id][:k]

    def words(self, text: str) -> list[str]:
        """Words of a text that count here: not the template's, and not those that say nothing."""
        clean = self.template.blanked(normal(text))
        return [w for w in WORD.findall(clean) if w.lower() not in STOP]

    def scores(self, words: Iterable[str]) -> FloatArray:
        """BM25 of every document, shape (documents,), for a list of words.

        Plain BM25 counts a word asked twice twice, as its formula says; otherwise each term counts once.
        """
        terms = self._terms(words)
        weights = self.statistics.weights
        rows, cells = _columns(weights, terms if self.plain else sorted(set(terms)))
        counted: FloatArray = np.bincount(rows, cells, minlength=len(self._ids)).astype(np.float64)
        return counted

    def rarity(self, words: Iterable[str]) -> FloatArray:
        """How telling each word is: the rarity of its stem, as in BM25; the highest for an unknown one."""
        rarity, unknown = self.statistics.rarity, np.log1p(2.0 * len(self._ids) + 1)
        numbers = [self._vocabulary.terms.get(keys(word)[0], -1) for word in words]
        return np.array([rarity[n] if n >= 0 else unknown for n in numbers])

    def telling(self, words: Iterable[str], most: int = 5, least: float = TELLING) -> tuple[str, ...]:
        """Words worth showing to a person: one of each stem, the rarest first, without those that most
        documents share."""
        by_stem: dict[Key, str] = {}
        for word in words:
            by_stem.setdefault(keys(word)[0], word)
        kept = list(by_stem.values())
        ranked = sorted(zip(self.rarity(kept), kept, strict=True), key=lambda pair: -pair[0])
        return tuple(word for rarity, word in ranked if rarity >= least)[:most]

    def _terms(self, words: Iterable[str]) -> list[int]:
        known, keys_of = self._vocabulary.terms, self._vocabulary.keys_of
        return [known[key] for word in words for key in keys_of(word) if key in known]

    def _row(self, id: str) -> int:
        if id not in self._rows:
            raise MethodError("id", "is not in the index", str(id))
        return self._rows[id]

    def _best(self, words: list[str], k: int) -> list[Hit]:
        if k < 1:
            raise MethodError("k", "must be at least 1", str(k))
        scores = self.scores(words)
        strong = self._sharing_a_stem(words)
        top = _top(scores, k)
        met = [own[strong[own]] for own in (self._own[i] for i in top)]
        if not all(map(len, met)):
            # a few letters in common without a word in common are noise
            close = self._alike(words)
            top = _top(np.where(self._holding(strong | close), scores, 0.0), k)
            met = [self._met(self._own[i], strong, close) for i in top]
        return [
            Hit(self._ids[i], float(scores[i]), tuple(self._vocabulary.words[n] for n in found.tolist()))
            for i, found in zip(top, met, strict=True)
        ]

    @staticmethod
    def _met(own: IntArray, strong: BoolArray, close: BoolArray) -> IntArray:
        """Words of a document that share a stem with the query, else those that share most of their
        letters."""
        met = own[strong[own]]
        return met if len(met) else own[close[own]]

    def _sharing_a_stem(self, words: Sequence[str]) -> BoolArray:
        """Which words of the vocabulary share a stem with one of these."""
        known, keys_of = self._vocabulary.terms, self._vocabulary.keys_of
        wanted = {key for word in words for key in keys_of(word) if key[0] != "piece"}
        rows, _ = _columns(self.statistics.spelled, [known[key] for key in wanted if key in known])
        found = np.zeros(len(self._vocabulary.words), dtype=bool)
        found[rows] = True
        return found

    def _alike(self, words: Sequence[str]) -> BoolArray:
        """Which words have half of their pieces in common with one of these: the same word with a typing
        error or another ending; never its negation."""
        found = np.zeros(len(self._vocabulary.words), dtype=bool)
        for word in dict.fromkeys(words):
            pieces = {key for key in self._vocabulary.keys_of(word) if key[0] == "piece"}
            known = [self._vocabulary.terms[key] for key in pieces if key in self._vocabulary.terms]
            near, common = np.unique(_columns(self.statistics.spelled, known)[0], return_counts=True)
            least = np.minimum(self.statistics.pieces[near], len(pieces))
            for n in near[2 * common >= least].tolist():
                found[n] |= negated(self._vocabulary.words[n]) == negated(word)
        return found

    def _holding(self, words: BoolArray) -> BoolArray:
        """Which documents hold one of the words."""
        rows, _ = _columns(self.statistics.holders, np.flatnonzero(words).tolist())
        found = np.zeros(len(self._ids), dtype=bool)
        found[rows] = True
        return found

    # --- statistics ------------------------------------------------------------------------------
    @property
    def statistics(self) -> _Statistics:
        """Counted when first asked for after a change."""
        if self._ready is None:
            self._ready = self._counted()
        return self._ready

    def _counted(self) -> _Statistics:
        n, spelled = len(self._ids), self._vocabulary.spelled()
        words = np.concatenate([np.zeros(0, dtype=np.int64), *self._tokens])
        lengths = np.array([len(t) for t in self._tokens], dtype=np.int64)
        cells = np.array(self._cells, dtype=np.int64).reshape(-1, 2)
        share = np.ones(len(lengths)) if self.plain else self._evened(lengths, cells[:, 1])
        rows = np.repeat(cells[:, 0], lengths)
        shape = (n, len(self._vocabulary.words))
        held = csr_matrix((np.repeat(share, lengths), (rows, words)), shape=shape)
        frequencies = csc_matrix(held @ spelled)
        found = np.diff(frequencies.indptr)
        rarity = _okapi_rarity(n, found) if self.plain else np.log1p((n - found + 0.5) / (found + 0.5))
        size = np.bincount(cells[:, 0], lengths, minlength=n).astype(np.float64)
        weigh = self._okapi(frequencies, rarity, size) if self.plain else self._weighed(frequencies, rarity)
        pieces = np.maximum(np.diff(spelled.indptr).astype(np.int64) - 2, 0)  # besides stem and bare stem
        return _Statistics(weigh, csc_matrix(held), csc_matrix(spelled), pieces, rarity)

    def _evened(self, lengths: IntArray, field: IntArray) -> FloatArray:
        """Weight of one word in each field of each document: the field's, evened out by its length."""
        names = len(self._names)
        total = np.bincount(field, lengths, minlength=names)
        mean = np.maximum(total / np.maximum(np.bincount(field, minlength=names), 1), 1.0)
        weight = np.array([self.weights.get(name, 1.0) for name in self._names])
        evened: FloatArray = weight[field] / (1 - LENGTH + LENGTH * lengths / mean[field])
        return evened

    def _weighed(self, frequencies: csc_matrix, rarity: FloatArray) -> csc_matrix:
        """Saturated frequency times rarity, times the weight of the view."""
        view = dict(VIEWS)
        share = np.array([view[kind] for kind, _ in self._vocabulary.terms] or [0.0])
        column = np.repeat(rarity * share, np.diff(frequencies.indptr))
        data = (frequencies.data / (frequencies.data + SATURATION) * column).astype(np.float32)
        return csc_matrix((data, frequencies.indices, frequencies.indptr), shape=frequencies.shape)

    @staticmethod
    def _okapi(frequencies: csc_matrix, rarity: FloatArray, size: FloatArray) -> csc_matrix:
        evened = 1 - LENGTH + LENGTH * size[frequencies.indices] / max(float(size.mean()), 1e-300)
        counts = frequencies.data
        data = counts * (OKAPI_SATURATION + 1) / (counts + OKAPI_SATURATION * evened)
        data = data * np.repeat(rarity, np.diff(frequencies.indptr))
        return csc_matrix((data, frequencies.indices, frequencies.indptr), shape=frequencies.shape)


def _okapi_rarity(n: int, found: npt.NDArray[np.int32]) -> FloatArray:
    """Robertson and Spärck Jones; terms of more than half of the documents get a quarter of the mean."""
    rarity: FloatArray = np.log(n - found + 0.5) - np.log(found + 0.5)
    return np.where(rarity < 0, OKAPI_FLOOR * rarity.mean(), rarity)


def _columns(matrix: csc_matrix, columns: Sequence[int]) -> tuple[IntArray, FloatArray]:
    """Rows and cells of a few columns, one after another."""
    starts, ends = matrix.indptr[:-1], matrix.indptr[1:]
    parts = [slice(starts[c], ends[c]) for c in columns]
    if not parts:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    return (
        np.concatenate([matrix.indices[p] for p in parts]),
        np.concatenate([matrix.data[p] for p in parts]),
    )


def _top(scores: FloatArray, k: int) -> list[int]:
    """Rows of the k highest scores above zero, equal ones in their order.

    The k-th highest of the blocks' maxima is a floor under the k-th highest score: few rows need sorting.
    """
    floor = float(np.finfo(float).tiny)
    whole = len(scores) // BLOCK * BLOCK
    if whole // BLOCK > k:
        best = scores[:whole].reshape(-1, BLOCK).max(axis=1)
        floor = max(floor, float(np.sort(best)[-k]))
    rows = np.flatnonzero(scores >= floor)
    order: list[int] = rows[np.argsort(-scores[rows], kind="stable")][:k].tolist()
    return order
