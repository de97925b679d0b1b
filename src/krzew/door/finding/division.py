"""Two needs in one text: where it turns from one thing to another.

A text may turn at a sentence, a clause or an "and". Whether it does is weighed by a logistic rule over a few signs of both
sides, fitted by bench/door/calibrate.py on the sets that may be read. Most texts have one need, so a turn must be likely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from krzew.door.finding.heard import Heard, strength
from krzew.door.finding.index import unit
from krzew.door.finding.ranking import Asked
from krzew.door.finding.reading import Floats
from krzew.door.finding.sure import SURE_PART, is_sure, sureness

Places = tuple[int, ...]
LIKELY, VERY_LIKELY = 0.55, 0.95
"""How likely a first turn must be, and another one inside a part."""
LEAST_WORDS, OPENING = 2, 4
"""Words that each side must have at least, and how many words of a side open it."""
NOTHING = 1e-6
AND = frozenset(["i", "oraz", "and"])
ADDING = re.compile(
    r"\b(poza tym|do tego|w dodatku|na dodatek|dodatkowo|jeszcze|oprocz|drug\w+|inn[aiey]|z kolei|tez|takze|rowniez|zas"
    r"|natomiast|tymczasem|osobno|also|besides|another|moreover|plus|other|meanwhile|second)\b"
)
"""Words that open something else."""
START = -1.5
WEIGHTS = {"alike": -4.2, "weaker": 8.15, "shared": -1.6, "adding": 1.3}


@dataclass(frozen=True)
class Turn:
    """What speaks for two needs, one on each side, and against it.

    `alike`: the cosine of what both sides speak of; `weaker`: how well the side that finds less finds its best card; `shared`:
    how well the best card of one side answers the other, as a share of that side's own; `adding`: the second opens with a word
    such as "besides".
    """

    alike: float
    weaker: float
    shared: float
    adding: float


def parts_of(whole: Asked, most: int) -> list[Asked]:
    """The whole text, or its parts where it turns; the one that the whole leans to comes first, heard in its light."""
    found = [whole.places]
    while len(found) < most:
        least, likely = (VERY_LIKELY if len(found) > 1 else LIKELY), chance
        if not is_sure(whole):
            least, likely = SURE_PART, sure_apart
        places = (
            (likely(whole, part, at), n, at) for n, part in enumerate(found) for at in turns(whole, part)
        )
        best, n, at = max(places, default=(0.0, 0, 0))
        if best < least:
            break
        found[n : n + 1] = found[n][:at], found[n][at:]
    if len(found) == 1:
        return [whole]
    main = _main(whole, found)
    return [whole.part(found[main], lit=True), *(whole.part(p) for p in found[:main] + found[main + 1 :])]


def chance(whole: Asked, part: Places, at: int) -> float:
    """How likely it is that a text turns there, 0 to 1."""
    signs = asdict(turn_of(whole, part, at))
    total = START + sum(weight * signs[name] for name, weight in WEIGHTS.items())
    return float(1 / (1 + np.exp(-total)))


def sure_apart(whole: Asked, part: Places, at: int) -> float:
    """How sure both sides are by themselves, 0 to 1: for a text that has no sure answer as a whole."""
    return min(sureness(whole.part(side)) for side in (part[:at], part[at:]))


def turns(whole: Asked, part: Places) -> Iterator[int]:
    """Where a part may be divided in two."""
    heard = whole.heard
    for at in range(1, len(part)):
        sides = part[:at], part[at:]
        if (
            _may_turn(heard, part[at - 1], part[at])
            and min(len(heard.telling(s)) for s in sides) >= LEAST_WORDS
        ):
            yield at


def _may_turn(heard: Heard, before: int, at: int) -> bool:
    one, two = heard.tokens[before], heard.tokens[at]
    return one.sentence != two.sentence or one.clause != two.clause or two.bare in AND


def turn_of(whole: Asked, part: Places, at: int) -> Turn:
    """How a part looks where it may turn."""
    sides = part[:at], part[at:]
    power = _powers(whole, sides)
    sense = whole.index.sense(power)
    one, two = unit(power * whole.index.rarity)
    best, most = sense.argmax(axis=1), sense.max(axis=1)
    opening = " ".join(whole.heard.tokens[i].bare for i in sides[1][:OPENING])
    return Turn(
        alike=float(one @ two),
        weaker=float(most.min()),
        shared=float((sense[[0, 1], best[::-1]] / np.maximum(most, NOTHING)).max()),
        adding=float(bool(ADDING.search(opening))),
    )


def _powers(whole: Asked, parts: tuple[Places, ...] | list[Places]) -> Floats:
    return strength(np.array([whole.heard.raw(part) for part in parts]))


def _main(whole: Asked, parts: list[Places]) -> int:
    """The part that finds the best card of the whole best."""
    return int(whole.index.sense(_powers(whole, parts))[:, whole.sense.argmax()].argmax())
