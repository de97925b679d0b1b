"""Is this idea new: the nearest earlier ideas, field by field, with the words in common marked.

The label is help for a reader, set by thresholds of judgement; it is never a verdict. Words in common do not
make two ideas the same, and the same idea may come in other words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..record import MethodError, Provenance, data_hash, stamp
from .copies import MinHash, near_copies
from .index import Document, Index
from .words import keys, normal, spans_of

LABELS = ("very_similar", "some_in_common", "nothing_close")
THRESHOLDS = (0.5, 0.25)
"""Judgement, until experts have labelled some 200 pairs: half, and a quarter, of the telling words in common."""

COPY = 0.5
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class FieldMatch:
    """One field of both texts. Spans are positions in `text` and in `earlier_text`, the words in common."""

    field: str
    overlap: float
    text: str
    earlier_text: str
    spans: Spans
    earlier_spans: Spans

    @property
    def words(self) -> tuple[str, ...]:
        """Words in common, as written in the earlier text."""
        return tuple(dict.fromkeys(self.earlier_text[start:end] for start, end in self.earlier_spans))


@dataclass(frozen=True)
class Near:
    """One earlier idea. `overlap` is the share of telling words in common, 0 to 1, and `words` are these words
    as written there, whatever the field; `copy` is Jaccard's index of four-letter pieces when it is a
    near-copy, else None."""

    id: str
    score: float
    overlap: float
    label: str
    words: tuple[str, ...]
    copy: float | None
    fields: tuple[FieldMatch, ...]


@dataclass(frozen=True)
class Novelty:
    """The nearest earlier ideas, best first, and a label in three steps that helps to read them.

    `label` is one of very_similar, some_in_common, nothing_close. It is no verdict: nothing may be rejected by
    it. `compared` is how many earlier ideas there were.
    """

    label: str
    nearest: tuple[Near, ...]
    compared: int
    thresholds: tuple[float, float]
    provenance: Provenance

    def explain(self, lang: str = "pl", names: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Plain sentences; `names` gives titles by id. Raises `MethodError` for a language other than pl and
        en."""
        from .sentences import novelty

        return novelty(self, lang, names or {})


def novelty(
    text: Document,
    index: Index,
    k: int = 5,
    *,
    thresholds: tuple[float, float] = THRESHOLDS,
) -> Novelty:
    """The `k` earlier ideas of an index that are nearest to a new one, compared field by field.

    `text` is one text or `{field: text}` (problem, group, solution); fields of the same name are compared with
    each other, and without a common name the whole texts. `thresholds` are the overlaps from which the
    label says very similar, and some in common. Overlap is Dice's index of words weighted by their rarity
    in the index: twice the weight in common over the weight of both. The index's template is left out.
    """
    high, low = thresholds
    if not 0 < low <= high <= 1:
        raise MethodError("thresholds", "must be two shares, the higher first", str(thresholds))
    fields = {"": text} if isinstance(text, str) else dict(text)
    fields = {name: normal(part) for name, part in fields.items()}
    whole = "\n".join(fields.values())
    near = [_near(index, fields, hit.id, hit.score, thresholds) for hit in index.search(whole, k)]
    near = _with_copies(index, whole, near)
    levels = [LABELS.index(n.label) for n in near]
    parameters = {"k": k, "thresholds": list(thresholds), "ideas": len(index)}
    origin = stamp("similarity.novelty", None, data_hash(fields, index.ids), parameters)
    label = LABELS[min(levels, default=len(LABELS) - 1)]
    return Novelty(label, tuple(near), len(index), (high, low), origin)


def _near(
    index: Index, fields: dict[str, str], id: str, score: float, thresholds: tuple[float, float]
) -> Near:
    earlier = index.fields(id)
    shared = [name for name in fields if name in earlier]
    pairs = [(name, fields[name], earlier[name]) for name in shared]
    whole = ("", "\n".join(fields.values()), "\n".join(earlier.values()))
    overall = _match(index, *whole)
    matches = tuple(_match(index, *pair) for pair in pairs) if pairs else (overall,)
    label = _label(overall.overlap, thresholds)
    return Near(id, score, overall.overlap, label, overall.words, None, matches)


def _label(overlap: float, thresholds: tuple[float, float]) -> str:
    return LABELS[0] if overlap >= thresholds[0] else LABELS[1] if overlap >= thresholds[1] else LABELS[2]


def _match(index: Index, field: str, text: str, earlier: str) -> FieldMatch:
    """Words of both texts that share a stem with one of the other."""
    ours, theirs = (spans_of(index.template.blanked(part)) for part in (text, earlier))
    our_keys, their_keys = ({k for *_, word in part for k in _strong(word)} for part in (ours, theirs))
    spans = [(s, e, w) for s, e, w in ours if their_keys.intersection(_strong(w))]
    earlier_spans = [(s, e, w) for s, e, w in theirs if our_keys.intersection(_strong(w))]
    total = _weight(index, ours) + _weight(index, theirs)
    common = _weight(index, spans) + _weight(index, earlier_spans)
    places, earlier_places = (tuple((s, e) for s, e, _ in part) for part in (spans, earlier_spans))
    return FieldMatch(field, common / total if total else 0.0, text, earlier, places, earlier_places)


def _strong(word: str) -> tuple[tuple[str, str], ...]:
    return keys(word)[:2]


def _weight(index: Index, spans: list[tuple[int, int, str]]) -> float:
    """Rarity of the different words, each counted once."""
    words = {keys(word)[0]: word for *_, word in spans}
    return float(np.sum(index.rarity(words.values()))) if words else 0.0


def _with_copies(index: Index, whole: str, near: list[Near]) -> list[Near]:
    """Mark those that are the new text again with small changes."""
    clean = index.template.blanked
    earlier = {n.id: clean("\n".join(index.fields(n.id).values())) for n in near}
    alike = near_copies([clean(whole)], COPY, earlier=earlier, minhash=MinHash())
    copies = {str(pair.second): pair.similarity for pair in alike}
    return [replace(n, copy=copies[n.id], label=LABELS[0]) if n.id in copies else n for n in near]
