"""Whether there is enough in a text to say that the best card answers it, or nothing fits.

A score says which card comes first; it does not say that the first one is an answer: "Pies sąsiada pogryzł kury" has a
best card too. Signs that tell the two apart are weighed by a logistic rule, fitted by bench/door/calibrate.py on the sets
that may be read, never on the unseen ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from krzew.door.finding.ranking import Asked

SURE, SURE_APART, SURE_SIDE = 0.4, 0.6, 0.05
"""How sure an answer must be; for a part of a text that has no sure answer as a whole; and for the other parts of a text that has
one, since that it turns there is known already."""
SHADE = 0.4
"""So much of what the whole text leans to of matters that no solution answers falls on each of its parts."""
LEADS, FEW_WORDS, MOST_SERVED = 0.1, 6, 1.5
"""What leading to a card is, below how many words a text is short, and what a need that is fully served counts at most."""
START = -18.18
WEIGHTS = {
    "score": 8.66,
    "other": -19.76,
    "common": 0.9,
    "spread": 1.35,
    "length": 5.63,
    "short": 13.44,
    "served": 1.74,
}


@dataclass(frozen=True)
class Signs:
    """What speaks for an answer and against it.

    `score` of the best card; `other`: which share of what the words lean to are matters that no social solution answers;
    `common`: the share of words that stand in the card itself; `spread`: the share of words that lead to it; `length`: words
    with content (logarithm); `short`: how few they are, since a few words say one thing or nothing; `served`: how much any
    card speaks of the strongest need.
    """

    score: float
    other: float
    common: float
    spread: float
    length: float
    short: float
    served: float


def signs_of(asked: Asked) -> Signs:
    index, row = asked.index, asked.best
    content = asked.heard.telling(asked.places)
    count = max(len(content), 1)
    led = asked.heard.led(asked.places, index.rarity * index.unit[row])
    return Signs(
        score=float(asked.own[row]),
        other=max(asked.other, SHADE * asked.whole.other if asked.whole else 0.0),
        common=sum(token.key in index.words[row] for token in content) / count,
        spread=min(float((led > LEADS).sum()) / count, 1.0),
        length=float(np.log1p(count)),
        short=max(FEW_WORDS - count, 0) / FEW_WORDS,
        served=_served(asked),
    )


def _served(asked: Asked) -> float:
    needs = asked.raw.copy()
    needs[asked.index.others] = 0.0
    return min(float(asked.index.speaks[:, needs.argmax()].max()), MOST_SERVED)


def sureness(asked: Asked) -> float:
    """0 to 1."""
    return logistic(START, WEIGHTS, asdict(signs_of(asked)))


def logistic(start: float, weights: Mapping[str, float], signs: Mapping[str, float]) -> float:
    """How likely it is by a logistic rule, 0 to 1."""
    total = start + sum(weight * signs[name] for name, weight in weights.items())
    return float(1 / (1 + np.exp(-total)))


def is_sure(asked: Asked) -> bool:
    """Whether its best card may be shown as an answer. What answers a whole text answers the part that it leans to."""
    if asked.whole is None:
        return sureness(asked) >= SURE
    if not is_sure(asked.whole):
        return sureness(asked) >= SURE_APART
    return asked.lit or sureness(asked) >= SURE_SIDE
