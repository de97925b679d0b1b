"""Whether there is enough in a text to say that the best card answers it, or nothing fits.

A score says which card comes first; it does not say that the first one is an answer: "Pies sąsiada pogryzł kury" has a
best card too. Signs that tell the two apart are weighed by a logistic rule, fitted by bench/door/calibrate.py on the sets
that may be read, never on the unseen ones.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from krzew.door.finding.ranking import Asked

SURE, SURE_PART = 0.5, 0.5
"""How sure an answer must be, for a whole text and for a part of one."""
FOREIGN, CLEAR, SHADE = 0.5, 0.35, 0.4
"""A part that leans so much to matters that no solution answers, and so clearly, says enough by itself as well. So much of what
the whole text has of them falls on each of its parts."""
FEW_WORDS, THIRD, LITTLE, LEAST, LEADS = 5, 0.33, 0.25, 0.18, 0.02
"""A plain text: so few words, so many of which lead, so little of anything else, such a score; what leading is."""
START = -8.33
WEIGHTS = {"score": 11.08, "other": -24.6, "common": 6.54, "spread": 3.09, "length": 2.28}


@dataclass(frozen=True)
class Signs:
    """What speaks for an answer and against it.

    `score` of the best card; `other`: which share of what the words lean to are matters that no social solution answers;
    `common`: the share of words that stand in the card itself; `spread`: the share of words that lead to it; `length`: words
    with content (logarithm).
    """

    score: float
    other: float
    common: float
    spread: float
    length: float


def signs_of(asked: Asked) -> Signs:
    index, row = asked.index, asked.best
    content = asked.heard.telling(asked.places)
    count = max(len(content), 1)
    led = asked.heard.leans[list(asked.places)] @ (index.rarity * index.unit[row])
    return Signs(
        score=float(asked.own[row]),
        other=max(asked.other, SHADE * asked.whole.other if asked.whole else 0.0),
        common=sum(token.key in index.words[row] for token in content) / count,
        spread=min(float((led > LEADS).sum()) / count, 1.0),
        length=float(np.log1p(count)),
    )


def sureness(asked: Asked) -> float:
    """0 to 1."""
    signs = asdict(signs_of(asked))
    total = START + sum(weight * signs[name] for name, weight in WEIGHTS.items())
    return float(1 / (1 + np.exp(-total)))


def is_sure(asked: Asked) -> bool:
    """Whether its best card may be shown as an answer."""
    return is_plain(asked) or sureness(asked) >= (SURE_PART if asked.whole else SURE)


def is_plain(asked: Asked) -> bool:
    """A text of a few words, a third of which lead to the best card, and hardly anything else in it."""
    if asked.whole or not 0 < len(asked.heard.content()) <= FEW_WORDS:
        return False
    signs = signs_of(asked)
    return signs.spread >= THIRD and signs.other <= LITTLE and signs.score >= LEAST


def says_enough(part: Asked) -> bool:
    """Whether a part of a text can stand by itself: with an answer, or as a matter outside the library."""
    if is_sure(part):
        return True
    return part.other >= FOREIGN and bool(part.raw[part.index.others].max(initial=0.0) >= CLEAR)
