"""The rules for "nothing fits" and for two needs, fitted on the sets that may be read, and what the other numbers of finding do
to them.

    .venv/bin/python bench/door/calibrate.py

Both rules are logistic, over `sure.Signs` and `division.Turn`; the two sides of a rule weigh the same, and what it would do is
shown for folds that took no part. Numbers are written into `sure.py`, `division.py` and `ranking.py` by hand.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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

from krzew.door.finding import Library, division, ranking, sure  # noqa: E402
from krzew.door.finding.heard import hear  # noqa: E402
from krzew.door.finding.leaning import language_of  # noqa: E402
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


def cases(rows: Sequence[dict[str, Any]], library: Library) -> Iterator[Case]:
    """Queries; those that have an answer which is not among the best three teach nothing."""
    for row in rows:
        asked = _asked(row["text"], library)
        wanted = {slug for need in row["expected"] for slug in need}
        if not asked.index.named(asked.heard.tokens) and (not wanted or wanted & _best(asked)):
            signs = tuple(asdict(sure.signs_of(asked)).values())
            yield Case(signs, bool(wanted), _fold(row["text"]))


def _asked(text: str, library: Library) -> Asked:
    index = library.index(language_of(text, "pl"))
    return Asked.of(hear(text, index), index)


def _best(asked: Asked) -> set[str]:
    return {asked.index.entries[i].slug for i in np.argsort(-asked.own)[:3]}


def _fold(text: str) -> int:
    return zlib.crc32(text.encode()) % FOLDS


@dataclass(frozen=True)
class Place:
    """The signs of one place of a text, and whether one need stands before it and the other after it."""

    signs: tuple[float, ...]
    right: bool
    fold: int
    text: str
    needs: int


def places(rows: Sequence[dict[str, Any]], library: Library) -> Iterator[Place]:
    """Where texts that have an answer may turn; one without is not sure as a whole, and another rule divides it."""
    for row in (row for row in rows if row["expected"]):
        whole = _asked(row["text"], library)
        found = list(division.turns(whole, whole.places))
        for sides in found:
            yield Place(
                tuple(asdict(division.turn_of(whole, sides, len(found))).values()),
                _apart([_best(whole.part(side)) for side in sides], row["expected"]),
                _fold(row["text"]),
                row["text"],
                len(row["expected"]),
            )


def _apart(sides: Sequence[set[str]], wanted: Sequence[Sequence[str]]) -> bool:
    orders = (sides, sides[::-1]) if len(wanted) == len(sides) else ()
    return any(all(side & set(one) for side, one in zip(order, wanted, strict=True)) for order in orders)


def show_turns(rows: Sequence[Place]) -> None:
    signs, yes = np.array([p.signs for p in rows]), np.array([float(p.right) for p in rows])
    many = Counter(p.text for p in rows)
    share = np.array([1 / many[p.text] for p in rows])  # each text counts the same, however often it may turn
    chance = _of_other_folds(signs, yes, share, [p.fold for p in rows])
    best: dict[str, int] = {}
    for i, place in enumerate(rows):
        if place.text not in best or chance[i] > chance[best[place.text]]:
            best[place.text] = i
    chosen = list(best.values())
    one = [i for i in chosen if rows[i].needs < 2]
    two = [i for i in chosen if rows[i].needs == 2]
    for least in (*LEAST, 0.8):
        found = np.mean([chance[i] >= least and rows[i].right for i in two])
        false = np.mean([chance[i] >= least for i in one])
        print(
            f"  likely at {least}: {100 * found:.1f} % of two divided well, {100 * false:.1f} % of one divided"
        )
    _print_rule(signs, yes, share, division.WEIGHTS)


def fitted(signs: Floats, yes: Floats, share: Floats) -> tuple[float, Floats]:
    """A logistic rule for signs as they are; `share`: how much each row counts among those of its side."""
    middle, spread = signs.mean(0), signs.std(0) + 1e-6
    scaled = (signs - middle) / spread
    right, wrong = share * yes, share * (1 - yes)
    weight = (right / right.sum() + wrong / wrong.sum()) * len(yes) / 2

    def loss(found: Floats) -> tuple[float, Floats]:
        chance = 1 / (1 + np.exp(-(scaled @ found[1:] + found[0])))
        cost = -(weight * (yes * np.log(chance + 1e-12) + (1 - yes) * np.log(1 - chance + 1e-12))).sum()
        off = weight * (chance - yes)
        slope = np.concatenate([[off.sum()], scaled.T @ off + 2 * KEEP * found[1:]])
        return float(cost + KEEP * (found[1:] ** 2).sum()), slope

    found = minimize(loss, np.zeros(signs.shape[1] + 1), jac=True, method="L-BFGS-B").x
    weights: Floats = found[1:] / spread
    return float(found[0] - middle @ weights), weights


def _of_other_folds(signs: Floats, yes: Floats, share: Floats, folds: Sequence[int]) -> Floats:
    """What rules fitted without a fold say of it."""
    fold, found = np.array(folds), np.zeros(len(signs))
    for k in range(FOLDS):
        start, weights = fitted(signs[fold != k], yes[fold != k], share[fold != k])
        found[fold == k] = 1 / (1 + np.exp(-(start + signs[fold == k] @ weights)))
    return found


def _print_rule(signs: Floats, yes: Floats, share: Floats, names: Iterable[str]) -> None:
    start, weights = fitted(signs, yes, share)
    print("START", round(start, 2))
    print("WEIGHTS", {name: round(float(w), 2) for name, w in zip(names, weights, strict=True)})


def show_rule(rows: Sequence[Case]) -> None:
    signs, yes = np.array([c.signs for c in rows]), np.array([float(c.right) for c in rows])
    share = np.ones(len(rows))
    sureness = _of_other_folds(signs, yes, share, [c.fold for c in rows])
    for least in LEAST:
        kept, false = (float((sureness[yes == value] >= least).mean()) for value in (1, 0))
        print(f"  sure at {least}: {100 * kept:.1f} % kept, {100 * false:.1f} % false")
    _print_rule(signs, yes, share, sure.WEIGHTS)


def show_shares() -> None:
    """Hit@3 of the first need with other shares of plain words, silence switched off."""
    sure.SURE, division.LIKELY = 0.0, 2.0
    for words in (0.0, 0.05, 0.1, 0.2):
        ranking.SENSE, ranking.WORDS = 1 - words, words
        hits = [0 < rank <= 3 for name in DEVELOPED for rank in _ranks(name, library_of(name))]
        print(f"  words {words}: {100 * float(np.mean(hits)):.1f} % among three")


def _ranks(name: str, library: Library) -> list[int]:
    finder = by_needs(library)
    return [rank for row in queries(name) if row["expected"] for rank in ranks(row, finder(row["text"]))]


def main() -> None:
    of_all = [(queries(name), library_of(name)) for name in DEVELOPED]
    show_rule([case for one in of_all for case in cases(*one)])
    show_turns([place for one in of_all for place in places(*one)])
    show_shares()


if __name__ == "__main__":
    main()
