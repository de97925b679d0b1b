"""Near-copies by MinHash: the same text sent again with small changes. It knows nothing of meaning.

Each text becomes the set of its four-letter pieces (lower case, no diacritics, words set apart by one
space). Two sets are compared by Jaccard's index; MinHash signatures cut into bands choose which pairs are
worth comparing (A. Z. Broder 1997; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", ch. 3), and
every pair reported is then compared exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..record import DEFAULT_SEED, BoolArray, FloatArray, IntArray, MethodError, Provenance, data_hash, stamp
from .words import fold, normal

Texts = Mapping[str, str] | Sequence[str]
Signatures = npt.NDArray[np.uint32]

MOST_CANDIDATES = 5_000_000
MISSED = 0.01
"""The greatest chance of missing a pair that lies exactly at the threshold; above it the chance falls fast."""

_TOKEN = re.compile(r"[^\W_]+")
_PRIME = np.uint32(0x9E3779B1)
_WIDE_PRIME = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True)
def _signatures(pieces, ends, salts, factors, result):  # type: ignore[no-untyped-def]  # pragma: no cover
    """The least hash of each text's pieces under each of the hash functions."""
    start = 0
    for text in range(len(ends)):
        for i in range(start, ends[text]):
            for j in range(len(salts)):
                value = np.uint32((pieces[i] ^ salts[j]) * factors[j])  # the compiler counts in 64 bits
                if value < result[text, j]:
                    result[text, j] = value
        start = ends[text]


@njit(cache=True)
def _shared(pieces, starts, first, second, result):  # type: ignore[no-untyped-def]  # pragma: no cover
    """How many pieces two sorted sets share, for each pair."""
    for p in range(len(first)):
        a, a_end = starts[first[p]], starts[first[p] + 1]
        b, b_end = starts[second[p]], starts[second[p] + 1]
        count = 0
        while a < a_end and b < b_end:
            if pieces[a] == pieces[b]:
                count += 1
                a += 1
                b += 1
            elif pieces[a] < pieces[b]:
                a += 1
            else:
                b += 1
        result[p] = count


class CopyPair(NamedTuple):
    """Two texts and Jaccard's index of their pieces, 0 to 1. In a list of texts they are positions."""

    first: str | int
    second: str | int
    similarity: float


@dataclass(frozen=True, eq=False)
class NearCopies:
    """Pairs at or above the threshold, most alike first; `groups` join what a chain of pairs connects.

    `missed` is the chance that a pair exactly at the threshold was overlooked; for one at threshold + 0.2 it
    is smaller by orders of magnitude. Iterating gives the pairs.
    """

    pairs: tuple[CopyPair, ...]
    groups: tuple[tuple[str | int, ...], ...]
    threshold: float
    compared: int
    missed: float
    provenance: Provenance

    def __iter__(self) -> Iterator[CopyPair]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences; raises `MethodError` for a language other than pl and en."""
        from .sentences import copies

        return copies(self, lang)


@dataclass(frozen=True)
class MinHash:
    """A family of hash functions: `hashes` of them over pieces of `piece` letters, drawn with `seed`."""

    hashes: int = 128
    piece: int = 4
    seed: int = DEFAULT_SEED

    def __post_init__(self) -> None:
        for name, least in (("hashes", 1), ("piece", 1)):
            if getattr(self, name) < least:
                raise MethodError(name, f"must be at least {least}", str(getattr(self, name)))

    def signatures(self, texts: Sequence[str]) -> Signatures:
        """Signatures of texts, shape (texts, hashes); those of a text without letters hold the highest
        number."""
        return self._signed(*_pieces(texts, self.piece))

    def _signed(self, pieces: Signatures, ends: IntArray) -> Signatures:
        stream = np.random.default_rng(self.seed)
        salts = stream.integers(0, 2**32, self.hashes, dtype=np.uint32)
        factors = stream.integers(0, 2**32, self.hashes, dtype=np.uint32) | np.uint32(1)
        result = np.full((len(ends), self.hashes), np.iinfo(np.uint32).max, dtype=np.uint32)
        _signatures(pieces, ends, salts, factors, result)
        return result

    @staticmethod
    def estimate(first: Signatures, second: Signatures) -> FloatArray:
        """Jaccard's index estimated from signatures (…, hashes); its error is about 1 / sqrt(hashes)."""
        share: FloatArray = np.mean(np.asarray(first) == np.asarray(second), axis=-1)
        return share

    def bands(self, threshold: float, missed: float = MISSED) -> tuple[int, int, float]:
        """How many bands of how many hashes find a pair at the threshold, and the chance to miss it.

        The longest bands whose chance is at most `missed`: long bands compare few pairs in vain.
        """
        for rows in range(self.hashes, 0, -1):
            bands = self.hashes // rows
            chance = (1 - threshold**rows) ** bands
            if chance <= missed or rows == 1:
                return bands, rows, float(chance)
        raise AssertionError


def near_copies(
    texts: Texts,
    threshold: float = 0.5,
    *,
    earlier: Texts | None = None,
    minhash: MinHash | None = None,
    most_candidates: int = MOST_CANDIDATES,
) -> NearCopies:
    """Pairs of texts that are nearly the same: among `texts`, or between `texts` and `earlier` ones.

    `texts` is `{id: text}` or a list (pairs then hold positions; with `earlier`, `second` is one of the
    earlier). `threshold` is Jaccard's index of their four-letter pieces. Raises `MethodError` when more than
    `most_candidates` pairs look alike: then the texts share a form, which `strip_template` takes out.
    """
    if not 0 < threshold <= 1:
        raise MethodError("threshold", "must be above 0 and at most 1", str(threshold))
    family = minhash or MinHash()
    ids, own = _named(texts)
    old_ids, old = ((), ()) if earlier is None else _named(earlier)
    pieces, ends = _pieces([*own, *old], family.piece)
    bands, rows, missed = family.bands(threshold)
    signatures = family._signed(pieces, ends)
    known, split = np.diff(ends, prepend=0) > 0, len(own) if earlier is not None else 0
    first, second = _candidates(signatures, known, (bands, rows), split, most_candidates)
    similarity = _jaccard(pieces, ends, first, second)
    keep = np.flatnonzero(similarity >= threshold)
    keep = keep[np.lexsort((second[keep], first[keep], -similarity[keep]))]
    names = (*ids, *old_ids)
    found = zip(first[keep].tolist(), second[keep].tolist(), similarity[keep].tolist(), strict=True)
    pairs = tuple(CopyPair(names[a], names[b], s) for a, b, s in found)
    groups = _groups(names, first[keep], second[keep])
    parameters = {"threshold": threshold, "hashes": family.hashes, "piece": family.piece, "bands": bands}
    origin = stamp("similarity.near_copies", family.seed, data_hash(tuple(own), tuple(old)), parameters)
    return NearCopies(pairs, groups, threshold, len(first), missed, origin)


def _named(texts: Texts) -> tuple[tuple[str | int, ...], tuple[str, ...]]:
    if isinstance(texts, str):
        raise MethodError("texts", "must be a list of texts or {id: text}, not one text")
    if isinstance(texts, Mapping):
        return tuple(texts), tuple(texts.values())
    return tuple(range(len(texts))), tuple(texts)


def _pieces(texts: Sequence[str], size: int) -> tuple[Signatures, IntArray]:
    """Hashes of all pieces of all texts, one after another, and where each text's end.

    A text shorter than one piece is one piece; a text without letters has none.
    """
    clean = [" ".join(_TOKEN.findall(fold(normal(text)))) for text in texts]
    clean = [text if not text else text.ljust(size) for text in clean]
    letters = np.frombuffer("".join(clean).encode("utf-32-le"), dtype=np.uint32)
    lengths = np.array([len(text) for text in clean], dtype=np.int64)
    count = max(len(letters) - size + 1, 0)
    hashed = np.zeros(count, dtype=np.uint32)
    for i in range(size):
        hashed = (hashed ^ letters[i : i + count]) * _PRIME
        hashed ^= hashed >> np.uint32(15)
    stops = np.cumsum(lengths)
    crossing = (stops[:-1, None] - np.arange(1, size)).ravel()  # begins in one text and ends in the next
    whole = np.ones(count, dtype=bool)
    whole[crossing[(crossing >= 0) & (crossing < count)]] = False
    return hashed[whole], np.cumsum(np.maximum(lengths - size + 1, 0))


def _candidates(
    signatures: Signatures, known: BoolArray, cut: tuple[int, int], split: int, most: int
) -> tuple[IntArray, IntArray]:
    """Pairs of rows that agree in a whole band; with `split`, one row below it and one from it on."""
    n, (bands, rows) = len(signatures), cut
    parts, waiting = [np.zeros(0, dtype=np.int64)], 0
    for band in range(bands):
        label = _labels(signatures[:, band * rows : (band + 1) * rows])
        new = np.flatnonzero(known[:split] if split else known)
        old = split + np.flatnonzero(known[split:])
        first, second = _meeting(label, new, old if split else new, most)
        parts.append((np.minimum(first, second) * n + np.maximum(first, second))[first != second])
        waiting += len(parts[-1])
        if waiting > most:
            parts = [np.unique(np.concatenate(parts))]
            waiting = len(parts[0])
            if waiting > most:
                raise _too_alike(most)
    found = np.unique(np.concatenate(parts))
    return found // max(n, 1), found % max(n, 1)


def _labels(band: Signatures) -> npt.NDArray[np.uint64]:
    """One number for the hashes of a band; a rare clash only adds a pair to be compared."""
    label = np.zeros(len(band), dtype=np.uint64)
    for column in band.T:
        label = (label ^ column) * _WIDE_PRIME
        label ^= label >> np.uint64(29)
    return label


def _meeting(
    label: npt.NDArray[np.uint64], new: IntArray, old: IntArray, most: int
) -> tuple[IntArray, IntArray]:
    """Every pair of a new and an old row with equal labels."""
    order = old[np.argsort(label[old], kind="stable")]
    start = np.searchsorted(label[order], label[new], side="left")
    count = np.searchsorted(label[order], label[new], side="right") - start
    if int(count.sum()) > 4 * most:
        raise _too_alike(most)
    before = np.cumsum(count) - count
    within = np.arange(int(count.sum())) - np.repeat(before - start, count)
    return np.repeat(new, count), order[within]


def _too_alike(most: int) -> MethodError:
    rule = f"more than {most} pairs look alike: the texts share a form, take it out with strip_template"
    return MethodError("texts", rule)


def _jaccard(pieces: Signatures, ends: IntArray, first: IntArray, second: IntArray) -> FloatArray:
    """The exact index of each pair, from sets of pieces."""
    used = np.unique(np.concatenate([first, second]))
    sets = [np.unique(pieces[(ends[row - 1] if row else 0) : ends[row]]) for row in used.tolist()]
    starts = np.concatenate([[0], np.cumsum([len(s) for s in sets], dtype=np.int64)]).astype(np.int64)
    a, b = np.searchsorted(used, first), np.searchsorted(used, second)
    shared = np.zeros(len(first), dtype=np.int64)
    flat = np.concatenate([np.zeros(0, dtype=np.uint32), *sets])
    _shared(flat, starts, a, b, shared)
    sizes = np.diff(starts)
    index: FloatArray = shared / np.maximum(sizes[a] + sizes[b] - shared, 1) if len(first) else np.zeros(0)
    return index


def _groups(names: tuple[str | int, ...], a: IntArray, b: IntArray) -> tuple[tuple[str | int, ...], ...]:
    """Texts joined by chains of pairs, in the order given."""
    rows = np.unique(np.concatenate([a, b]))
    graph = coo_matrix((np.ones(len(a)), (a, b)), shape=(len(names), len(names)))
    _, label = connected_components(graph, directed=False)
    joined: dict[int, list[str | int]] = {}
    for row in rows.tolist():
        joined.setdefault(int(label[row]), []).append(names[row])
    return tuple(tuple(group) for group in joined.values())
