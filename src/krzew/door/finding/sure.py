"""Whether there is enough in a text to say that the best card answers it, or nothing fits.

A score says which card comes first; it does not say that the first one is an answer: "Pies sąsiada pogryzł kury" has a
best card too. Signs that tell the two apart are weighed by a logistic rule, fitted by bench/door/calibrate.py on the sets
that may be read, with parts of the thesaurus left out; never on the unseen ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from krzew.door.finding.heard import Heard
from krzew.door.finding.index import Floats, Index
from krzew.door.finding.ranking import asked_of, likenesses
from krzew.door.thesaurus.concepts import GROUP, OTHER

SURE = 0.2
FEW_WORDS, HALF, ENOUGH = 5, 0.5, 0.5
MOST_OTHER = 2.0
AFTER = 5
START = -10.71
WEIGHTS = {
    "score": 1.67,
    "proof": 0.62,
    "length": 1.27,
    "words": 0.23,
    "share": 7.65,
    "common": 4.88,
    "group": 0.08,
    "fit": 1.26,
    "other": -3.08,
    "strength": 2.4,
    "sense": 2.24,
    "starts": 2.38,
    "margin": -2.87,
}


@dataclass(frozen=True)
class Signs:
    """What speaks for an answer and against it.

    `score` of the best card; `proof`: weight of the concepts that it speaks of; `length`: words with content
    (logarithm); `words`: how many of them told the need, `share`: which part of them; `common`: which part stands in
    the card itself; `group`: whether the text says for whom, `fit`: whether the card is for them; `other`: weight of
    matters that no social solution answers; `strength` of the strongest concept; `sense` and `starts` as in
    `ranking`; `margin`: how far the best card stands above those after the first few.
    """

    score: float
    proof: float
    length: float
    words: float
    share: float
    common: float
    group: float
    fit: float
    other: float
    strength: float
    sense: float
    starts: float
    margin: float

    @property
    def is_plain(self) -> bool:
        """A few words, half of which tell the need, and nothing else in them."""
        few = self.length <= np.log1p(FEW_WORDS)
        return bool(few and self.share >= HALF and self.proof >= ENOUGH and not self.other)

    @property
    def is_enough(self) -> bool:
        return self.is_plain or self.sureness >= SURE

    @property
    def sureness(self) -> float:
        """0 to 1."""
        total = START + sum(weight * getattr(self, name) for name, weight in WEIGHTS.items())
        return float(1 / (1 + np.exp(-total)))


def signs_of(heard: Heard, index: Index, own: dict[int, float], scores: Floats) -> Signs:
    row, content = int(scores.argmax()), heard.content()
    places = {i for c in own for i in heard.places[c] if not heard.tokens[i].is_plain}
    groups = heard.of_kind(index, GROUP)
    count = max(len(content), 1)
    likeness = likenesses(heard, index, asked_of(heard, index, own))
    return Signs(
        score=float(scores[row]),
        proof=sum(weight * float(index.spoken[row, c]) for c, weight in own.items()),
        length=float(np.log1p(count)),
        words=len(places),
        share=len(places) / count,
        common=sum(_in_card(heard, index, row, i) for i in content) / count,
        group=float(bool(groups)),
        fit=max((float(index.spoken[row, c]) for c in groups), default=0.0),
        other=min(sum(heard.of_kind(index, OTHER).values()), MOST_OTHER),
        strength=max(own.values(), default=0.0),
        sense=float(likeness["sense"][row]),
        starts=float(likeness["starts"][row]),
        margin=float(scores[row] - _next_ones(scores)),
    )


def _next_ones(scores: Floats) -> float:
    """The usual score of cards that come after the first few."""
    ranked = np.sort(scores)[::-1][AFTER : AFTER + 5]
    return float(ranked.mean()) if len(ranked) else 0.0


def _in_card(heard: Heard, index: Index, row: int, at: int) -> bool:
    number = index.roots.get(heard.tokens[at].key)
    return number is not None and number in index.words[row]
