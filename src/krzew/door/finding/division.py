"""Two needs in one text: where it turns from one thing to another.

A text may turn at a sentence, a clause or an "and". Whether it does is weighed by a logistic rule over a few signs of both
sides, fitted by bench/door/calibrate.py on the sets that may be read. Most texts have one need, so a turn must be likely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from krzew.door.finding.heard import Heard, strength
from krzew.door.finding.index import unit
from krzew.door.finding.ranking import Asked
from krzew.door.finding.reading import Floats
from krzew.door.finding.sure import SURE_PART, is_sure, logistic, sureness

Places = tuple[int, ...]
Sides = tuple[Places, Places]
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
    likely, first, again = chance, LIKELY, VERY_LIKELY
    if not is_sure(whole):
        likely, first, again = sure_apart, SURE_PART, SURE_PART
    found = [whole.places]
    while len(found) < most:
        tried = (
            (likely(whole, sides), n, sides) for n, part in enumerate(found) for sides in turns(whole, part)
        )
        best, n, sides = max(tried, default=(0.0, 0, ((), ())))
        if best < (first if len(found) == 1 else again):
            break
        found[n : n + 1] = sides
    if len(found) == 1:
        return [whole]
    main = found.pop(_main(whole, found))
    return [whole.part(main, lit=True), *(whole.part(part) for part in found)]


def chance(whole: Asked, sides: Sides) -> float:
    """How likely it is that a text turns there, 0 to 1."""
    return logistic(START, WEIGHTS, asdict(turn_of(whole, sides)))


def sure_apart(whole: Asked, sides: Sides) -> float:
    """How sure both sides are by themselves, 0 to 1: for a text that has no sure answer as a whole."""
    return min(sureness(whole.part(side)) for side in sides)


def turns(whole: Asked, part: Places) -> Iterator[Sides]:
    """The two sides of every place where a part may be divided."""
    heard = whole.heard
    for at in range(1, len(part)):
        sides = part[:at], part[at:]
        turning = _may_turn(heard, part[at - 1], part[at])
        if turning and min(len(heard.telling(side)) for side in sides) >= LEAST_WORDS:
            yield sides


def _may_turn(heard: Heard, before: int, at: int) -> bool:
    one, two = heard.tokens[before], heard.tokens[at]
    return one.sentence != two.sentence or one.clause != two.clause or two.bare in AND


def turn_of(whole: Asked, sides: Sides) -> Turn:
    """How a part looks where it may turn."""
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


def _powers(whole: Asked, parts: Sequence[Places]) -> Floats:
    return strength(np.array([whole.heard.raw(part) for part in parts]))


def _main(whole: Asked, parts: Sequence[Places]) -> int:
    """The part that finds the best card of the whole best."""
    return int(whole.index.sense(_powers(whole, parts))[:, whole.sense.argmax()].argmax())
