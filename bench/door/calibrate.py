"""The rule for "nothing fits", fitted on the sets that may be read, and what the other numbers of finding do to them.

    .venv/bin/python bench/door/calibrate.py

The rule is a logistic one over `sure.Signs`: queries with and without an answer weigh the same, and what it would do is
shown for folds that took no part. Numbers are written into `sure.py` and `ranking.py` by hand.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django
import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krzew.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from finding_quality import DEVELOPED, by_needs, library_of, queries, ranks  # noqa: E402

from krzew.door.finding import Library, ranking, sure  # noqa: E402
from krzew.door.finding.heard import hear  # noqa: E402
from krzew.door.finding.index import Index  # noqa: E402
from krzew.door.finding.ranking import Asked  # noqa: E402

FOLDS, KEEP = 5, 0.5
LEAST = (0.3, 0.4, 0.5, 0.6, 0.7)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """The signs of one query, and whether its best three cards answer it."""

    signs: tuple[float, ...]
    right: bool
    fold: int


def cases(rows: Sequence[dict[str, Any]], index: Index) -> Iterator[Case]:
    """Queries; those that have an answer which is not among the best three teach nothing."""
    slugs = [entry.slug for entry in index.entries]
    for row in rows:
        heard = hear(row["text"], index)
        asked = Asked(heard, index, tuple(range(len(heard.tokens))))
        wanted = {slug for need in row["expected"] for slug in need}
        best = {slugs[i] for i in np.argsort(-asked.scores)[:3]}
        if not index.named(heard.tokens) and (not wanted or wanted & best):
            signs = tuple(asdict(sure.signs_of(asked)).values())
            yield Case(signs, bool(wanted), zlib.crc32(row["text"].encode()) % FOLDS)


def fitted(signs: Floats, yes: Floats) -> tuple[float, Floats]:
    """A logistic rule for signs as they are."""
    middle, spread = signs.mean(0), signs.std(0) + 1e-6
    scaled = (signs - middle) / spread
    weight = np.where(yes > 0, 0.5 / yes.sum(), 0.5 / (1 - yes).sum()) * len(yes)

    def loss(found: Floats) -> tuple[float, Floats]:
        chance = 1 / (1 + np.exp(-(scaled @ found[1:] + found[0])))
        cost = -(weight * (yes * np.log(chance + 1e-12) + (1 - yes) * np.log(1 - chance + 1e-12))).sum()
        off = weight * (chance - yes)
        slope = np.concatenate([[off.sum()], scaled.T @ off + 2 * KEEP * found[1:]])
        return float(cost + KEEP * (found[1:] ** 2).sum()), slope

    found = minimize(loss, np.zeros(signs.shape[1] + 1), jac=True, method="L-BFGS-B").x
    weights: Floats = found[1:] / spread
    return float(found[0] - middle @ weights), weights


def show_rule(rows: Sequence[Case]) -> None:
    signs, yes = np.array([c.signs for c in rows]), np.array([float(c.right) for c in rows])
    fold = np.array([c.fold for c in rows])
    sureness = np.zeros(len(rows))
    for k in range(FOLDS):
        start, weights = fitted(signs[fold != k], yes[fold != k])
        sureness[fold == k] = 1 / (1 + np.exp(-(start + signs[fold == k] @ weights)))
    for least in LEAST:
        kept, false = (float((sureness[yes == value] >= least).mean()) for value in (1, 0))
        print(f"  sure at {least}: {100 * kept:.1f} % kept, {100 * false:.1f} % false")
    start, weights = fitted(signs, yes)
    print("START", round(start, 2))
    print("WEIGHTS", {name: round(float(w), 2) for name, w in zip(sure.WEIGHTS, weights, strict=True)})


def show_shares() -> None:
    """Hit@3 of the first need with other shares of plain words, silence switched off."""
    sure.SURE, sure.SURE_PART = 0.0, 2.0
    for words in (0.0, 0.05, 0.1, 0.2):
        ranking.SENSE, ranking.WORDS = 1 - words, words
        hits = [0 < rank <= 3 for name in DEVELOPED for rank in _ranks(name, library_of(name))]
        print(f"  words {words}: {100 * float(np.mean(hits)):.1f} % among three")


def _ranks(name: str, library: Library) -> list[int]:
    finder = by_needs(library)
    return [rank for row in queries(name) if row["expected"] for rank in ranks(row, finder(row["text"]))]


def main() -> None:
    rows = [case for name in DEVELOPED for case in cases(queries(name), library_of(name).index("pl"))]
    show_rule(rows)
    show_shares()


if __name__ == "__main__":
    main()
