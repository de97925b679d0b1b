"""Search in Polish texts that forgives inflection, missing diacritics and typing errors.

Every text is indexed three ways: stems (Snowball's Polish stemmer, diacritics folded after stemming), stems
of the word typed without diacritics, and four-letter pieces of words. Ranking is BM25 over fields of
different weight. It finds similar words, not similar thoughts: synonyms need a thesaurus, and no score is a
verdict that two ideas are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import Stemmer
from scipy.sparse import csc_matrix

from .record import FloatArray, MethodError

WORD = re.compile(r"[^\W_]{2,}")
FLEETING_E = re.compile(r"(?<=[a-z]{2}[bcdfghjklmnprstwz])e([kc])$")
STOP = frozenset(
    [
        "aby",
        "albo",
        "ale",
        "bo",
        "by",
        "być",
        "czy",
        "dla",
        "do",
        "gdy",
        "gdzie",
        "ich",
        "jak",
        "jako",
        "jego",
        "jej",
        "jest",
        "jeśli",
        "już",
        "ku",
        "lub",
        "ma",
        "mają",
        "na",
        "nad",
        "nam",
        "nas",
        "niż",
        "od",
        "oraz",
        "pod",
        "po",
        "przez",
        "przy",
        "są",
        "się",
        "sobie",
        "ta",
        "tak",
        "tam",
        "te",
        "tego",
        "tej",
        "ten",
        "to",
        "tu",
        "tych",
        "tym",
        "u",
        "we",
        "wraz",
        "za",
        "ze",
        "że",
        "która",
        "które",
        "którego",
        "której",
        "który",
        "których",
        "którym",
    ]
)
"""Words without content. "nie" and "bez" are not among them: they turn a meaning round."""

SATURATION, LENGTH = 1.2, 0.75
VIEWS = (("stem", 1.0), ("bare", 0.5), ("piece", 0.15))
_STEMMER = Stemmer.Stemmer("polish")


@dataclass(frozen=True)
class Hit:
    """A document found; `words` are its words that met the query, as written."""

    id: str
    score: float
    words: tuple[str, ...]


def fold(text: str) -> str:
    """Lower case without diacritics ("żółć" becomes "zolc")."""
    split = unicodedata.normalize("NFD", text.lower().replace("ł", "l"))
    return "".join(c for c in split if not unicodedata.combining(c))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a Polish word, folded after stemming."""
    return _joined(fold(_STEMMER.stemWord(word.lower())))


def _joined(stemmed: str) -> str:
    """Two habits of Polish that the stemmer leaves: żłobek and żłobka, bezdomność and bezdomny share a
    stem."""
    without_e = FLEETING_E.sub(r"\1", stemmed)
    return without_e.removesuffix("osc") if without_e.endswith("nosc") and len(without_e) > 6 else without_e


@lru_cache(maxsize=200_000)
def _keys(word: str) -> tuple[tuple[str, str], ...]:
    """The terms of one word, each with its view."""
    bare = fold(word)
    edged = f"_{bare}_"
    pieces = [("piece", edged[i : i + 4]) for i in range(max(len(edged) - 3, 1))] if len(bare) > 3 else []
    return (("stem", stem(word)), ("bare", _joined(fold(_STEMMER.stemWord(bare)))), *pieces)


def words_of(text: str) -> list[str]:
    """Words of a text as written, without those that say nothing."""
    return [w for w in WORD.findall(unicodedata.normalize("NFC", text)) if w.lower() not in STOP]


class Index:
    """Documents ready to be searched: `{id: {field: text}}` or `{id: text}`; `weights` by field, 1 unless
    given."""

    def __init__(
        self, documents: Mapping[str, Mapping[str, str] | str], weights: Mapping[str, float] | None = None
    ) -> None:
        self.ids = tuple(documents)
        self.weights = dict(weights or {})
        for field, weight in self.weights.items():
            if not np.isfinite(weight) or weight < 0:
                raise MethodError("weights", "must be a number not below zero", field)
        self._fields = [{"": d} if isinstance(d, str) else dict(d) for d in documents.values()]
        self._words = [tuple(dict.fromkeys(w for t in d.values() for w in words_of(t))) for d in self._fields]
        self._rows = {code: i for i, code in enumerate(self.ids)}
        self._terms: dict[tuple[str, str], int] = {}
        self._matrix = self._weighed(self._frequencies())

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The k best documents, best first; equal ones in the order in which they were given."""
        return self._best(words_of(query), k)

    def like(self, id: str, k: int = 5) -> list[Hit]:
        """The k documents most like one of them."""
        if id not in self._rows:
            raise MethodError("id", "is not in the index", id)
        own = self._fields[self._rows[id]]
        return [hit for hit in self._best(words_of(" ".join(own.values())), k + 1) if hit.id != id][:k]

    def scores(self, words: Iterable[str]) -> FloatArray:
        """BM25 of every document for a list of words."""
        known = {self._terms[key] for word in words for key in _keys(word) if key in self._terms}
        result: FloatArray = np.asarray(self._matrix[:, sorted(known)].sum(axis=1), dtype=float).ravel()
        return result

    def _best(self, words: list[str], k: int) -> list[Hit]:
        if k < 1:
            raise MethodError("k", "must be at least 1", str(k))
        scores = self.scores(words)
        wanted = {key for word in words for key in _keys(word) if key[0] != "piece"}
        hits: list[Hit] = []
        for i in np.argsort(-scores, kind="stable"):
            if len(hits) == k or scores[i] <= 0:
                break
            met = self._met(int(i), words, wanted)
            if met:  # a few letters in common without a word in common are noise
                hits.append(Hit(self.ids[i], float(scores[i]), met))
        return hits

    def _met(self, row: int, words: list[str], wanted: set[tuple[str, str]]) -> tuple[str, ...]:
        """Words of the document that share a stem with the query, else those that share most of their
        letters."""
        own = self._words[row]
        met = tuple(w for w in own if wanted & set(_keys(w)))
        return met or tuple(w for w in own if any(_alike(w, other) for other in words))

    def _frequencies(self) -> csc_matrix:
        """Frequency of each term in each document, weighted by field and evened out by the field's length
        (BM25F)."""
        lengths: dict[str, list[int]] = {}
        split = [{f: words_of(t) for f, t in document.items()} for document in self._fields]
        for document in split:
            for field, words in document.items():
                lengths.setdefault(field, []).append(len(words))
        mean = {field: max(sum(sizes) / len(sizes), 1.0) for field, sizes in lengths.items()}
        cells: dict[tuple[int, int], float] = {}
        for row, document in enumerate(split):
            for field, words in document.items():
                share = self.weights.get(field, 1.0) / (1 - LENGTH + LENGTH * len(words) / mean[field])
                for key, count in Counter(key for word in words for key in _keys(word)).items():
                    at = (row, self._terms.setdefault(key, len(self._terms)))
                    cells[at] = cells.get(at, 0.0) + share * count
        rows, columns = zip(*cells, strict=True) if cells else ((), ())
        shape = (len(self.ids), max(len(self._terms), 1))
        return csc_matrix((np.array(list(cells.values()), dtype=float), (rows, columns)), shape=shape)

    def _weighed(self, frequencies: csc_matrix) -> csc_matrix:
        """Saturated frequency times rarity, times the weight of the view."""
        n = frequencies.shape[0]
        found = np.diff(frequencies.indptr)
        rarity = np.log1p((n - found + 0.5) / (found + 0.5))
        view = dict(VIEWS)
        share = np.array([view[kind] for kind, _ in self._terms] or [0.0])
        column = np.repeat(rarity * share, np.diff(frequencies.indptr))
        data = frequencies.data / (frequencies.data + SATURATION) * column
        return csc_matrix((data, frequencies.indices, frequencies.indptr), shape=frequencies.shape)


def _alike(a: str, b: str) -> bool:
    """Half of the pieces in common: the same word with a typing error or another ending; never its
    negation."""
    if a.lower().startswith("nie") != b.lower().startswith("nie"):
        return False
    x, y = ({key for key in _keys(word) if key[0] == "piece"} for word in (a, b))
    return bool(x and y) and 2 * len(x & y) >= min(len(x), len(y))
