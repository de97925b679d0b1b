"""Shares of the score and the rule for "nothing fits", fitted on the sets that may be read.

    .venv/bin/python bench/door/calibrate.py

Whoever writes a development text also teaches the thesaurus its words, so on these texts it knows more than it will know
of a stranger's. Therefore it is thinned here: a part of its forms is left out at random, several times. Weights are
printed with their results on folds that did not take part; they are written into `ranking.py` and `sure.py` by hand.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import django
import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krzew.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from krzew.door.finding import Library  # noqa: E402
from krzew.door.finding.engine import SPEAKS  # noqa: E402
from krzew.door.finding.heard import Heard, hear  # noqa: E402
from krzew.door.finding.index import Index  # noqa: E402
from krzew.door.finding.ranking import SHARES, _stranger, asked_of, likenesses, scores  # noqa: E402
from krzew.door.finding.sure import WEIGHTS, signs_of  # noqa: E402
from krzew.door.thesaurus.concepts import AREA, OTHER, PROBLEM, SERVICE, Concept  # noqa: E402
from krzew.library.loaders import read_cards  # noqa: E402

HERE = Path(__file__).parent
OWN, FOREIGN = ("dev", "dev_more", "dev_long", "dev_fresh"), ("dev_foreign",)
DRAWS = ((0.2, 1), (0.4, 2), (0.6, 4))
"""Share of forms left out, and the seed."""
OTHERS = 0.9
"""Troubles outside any library have no end: of their words even less is known."""
FOLDS = 5
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One query against one library: likenesses of all cards, right cards, and signs of the first need."""

    name: str
    text: str
    likeness: Floats
    base: Floats
    right: tuple[int, ...]
    signs: Floats | None
    answered: bool


def thinned(concepts: Iterable[Concept], share: float, seed: int) -> list[Concept]:
    """The same concepts without a part of their forms."""
    stream = random.Random(seed)

    def kept(forms: tuple[str, ...], share: float) -> tuple[str, ...]:
        return tuple(form for form in forms if stream.random() >= share)

    def part(concept: Concept) -> float:
        return max(share, OTHERS) if share and concept.kind == OTHER else share

    names = ("alt_pl", "hidden_pl", "hint_pl")
    return [replace(c, **{name: kept(getattr(c, name), part(c)) for name in names}) for c in concepts]


def own_cards() -> list[dict[str, Any]]:
    return [card for _path, card in read_cards()]


def foreign_cards() -> list[dict[str, Any]]:
    rows = json.loads((HERE / "dev_library.json").read_text(encoding="utf-8"))["solutions"]
    return [row["card"] for row in rows]


def library(cards: Sequence[dict[str, Any]], share: float, seed: int) -> Library:
    made = Library.of(cards)
    made.concepts = tuple(thinned(made.concepts, share, seed))
    return made


def cases(names: Sequence[str], others: Sequence[str], index: Index) -> Iterable[Case]:
    """Queries of these sets, and those of the others that no solution anywhere answers."""
    rows = {entry.slug: row for row, entry in enumerate(index.entries)}
    for name in (*names, *others):
        for query in json.loads((HERE / f"{name}.json").read_text(encoding="utf-8")):
            if query["expected"] and name in others:
                continue
            right = tuple(rows[slug] for need in query["expected"] for slug in need)
            yield _case(name, query["text"], right, bool(query["expected"]), index)


def _case(name: str, text: str, right: tuple[int, ...], answered: bool, index: Index) -> Case:
    heard = hear(text, index)
    left = heard.of_kind(index, AREA, PROBLEM, SERVICE)
    asked = asked_of(heard, index, left)
    likeness = np.stack(list(likenesses(heard, index, asked).values()), 1)
    base = np.log(_stranger(index, asked))
    return Case(name, text, likeness, base, right, _signs(heard, index, left), answered)


def _signs(heard: Heard, index: Index, left: dict[int, float]) -> Floats | None:
    """As the engine asks for them; None where nothing was heard at all."""
    if not left:
        return None
    whole = scores(heard, index, asked_of(heard, index, left))
    best = int(whole.argmax())
    own = {c: w for c, w in left.items() if index.spoken[best, c] >= SPEAKS}
    if not own:
        return None
    found = asdict(signs_of(heard, index, own, whole))
    return np.array([found[name] for name in WEIGHTS])


# --- order of the cards --------------------------------------------------------------------------
def fitted_order(rows: Sequence[Case], keep: float = 0.02) -> Floats:
    """Shares that make the right cards likely (softmax), none below nothing."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for case in rows:
            values = case.likeness @ weights + 2 * case.base
            chance = np.exp(values - values.max())
            chance /= chance.sum()
            of_right = chance[list(case.right)]
            total -= float(np.log(of_right.sum() + 1e-12))
            slope += (
                chance @ case.likeness
                - (of_right / (of_right.sum() + 1e-12)) @ case.likeness[list(case.right)]
            )
        return total / len(rows) + keep * float(weights @ weights) / 10, slope / len(
            rows
        ) + keep * weights / 5

    start = np.ones(len(SHARES))
    bounds = [(0.0, None)] * len(start)
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found


def among_three(case: Case, weights: Floats) -> bool:
    order = np.argsort(-(case.likeness @ weights) * np.exp(case.base), kind="stable")[:3]
    return bool(set(order.tolist()) & set(case.right))


# --- nothing fits --------------------------------------------------------------------------------
def fitted_rule(signs: Floats, yes: Floats, keep: float = 0.5) -> tuple[float, Floats]:
    """A logistic rule; queries with and without an answer weigh the same. Weights are of the signs as they are."""
    middle, spread = signs.mean(0), signs.std(0) + 1e-6
    scaled = (signs - middle) / spread
    weight = np.where(yes > 0, 0.5 / yes.sum(), 0.5 / (1 - yes).sum()) * len(yes)

    def loss(found: Floats) -> tuple[float, Floats]:
        line = scaled @ found[1:] + found[0]
        chance = 1 / (1 + np.exp(-line))
        cost = -(weight * (yes * np.log(chance + 1e-12) + (1 - yes) * np.log(1 - chance + 1e-12))).sum()
        off = weight * (chance - yes)
        slope = np.concatenate([[off.sum()], scaled.T @ off + 2 * keep * found[1:]])
        return float(cost + keep * (found[1:] ** 2).sum()), slope

    found = minimize(loss, np.zeros(signs.shape[1] + 1), jac=True, method="L-BFGS-B").x
    weights = found[1:] / spread
    return float(found[0] - middle @ weights), weights


def folds(rows: Sequence[Case]) -> list[int]:
    """A text and all its draws fall into one fold."""
    stream = random.Random(11)
    where: dict[str, int] = {}
    return [where.setdefault(case.text, stream.randrange(FOLDS)) for case in rows]


def show_order(rows: list[Case]) -> Floats:
    fold, hits = folds(rows), [False] * len(rows)
    for k in range(FOLDS):
        weights = fitted_order([case for case, f in zip(rows, fold, strict=True) if f != k])
        for i, case in enumerate(rows):
            if fold[i] == k:
                hits[i] = among_three(case, weights)
    for name in (*OWN, *FOREIGN):
        print(
            f"  {name}: {np.mean([h for h, c in zip(hits, rows, strict=True) if c.name == name]):.3f} among three"
        )
    weights = fitted_order(rows)
    print(
        "SHARES", {name: round(float(w), 3) for name, w in zip(SHARES, weights / weights.sum(), strict=True)}
    )
    return weights


def show_rule(rows: list[Case]) -> None:
    signs = np.array([case.signs for case in rows])
    yes = np.array([float(case.answered) for case in rows])
    fold, sure = np.array(folds(rows)), np.zeros(len(rows))
    for k in range(FOLDS):
        start, weights = fitted_rule(signs[fold != k], yes[fold != k])
        sure[fold == k] = 1 / (1 + np.exp(-(start + signs[fold == k] @ weights)))
    for least in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7):
        print(
            f"  sure at {least}: {(sure[yes > 0] >= least).mean():.3f} kept, {(sure[yes < 1] >= least).mean():.3f} false"
        )
    start, weights = fitted_rule(signs, yes)
    print("START", round(start, 2))
    print("WEIGHTS", {name: round(float(w), 2) for name, w in zip(WEIGHTS, weights, strict=True)})


def main() -> None:
    rows: list[Case] = []
    for share, seed in DRAWS:
        rows += cases(OWN, FOREIGN, library(own_cards(), share, seed).index("pl"))
        rows += cases(FOREIGN, OWN, library(foreign_cards(), share, seed).index("pl"))
    weights = show_order([case for case in rows if case.answered])
    silent = sum(case.signs is None for case in rows if not case.answered)
    print(
        f"  without answer: {sum(not case.answered for case in rows)}, of which {silent} speak of nothing known"
    )
    kept = [c for c in rows if c.signs is not None and (not c.answered or among_three(c, weights))]
    show_rule(kept)


if __name__ == "__main__":
    main()
