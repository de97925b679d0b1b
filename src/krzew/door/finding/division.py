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
from krzew.door.finding.ranking import Asked
from krzew.door.finding.reading import Floats
from krzew.door.finding.sure import SURE_APART, is_sure, logistic, sureness

Places = tuple[int, ...]
Sides = tuple[Places, Places]
LIKELY, VERY_LIKELY = 0.62, 0.92
"""How likely a first turn must be, and another one inside a part."""
DOUBT = 0.37
"""How much surer than another side one must be that answers alone."""
LEAST_WORDS, OPENING = 2, 4
"""Words that each side must have at least, and how many words of a side open it."""
NOTHING = 1e-6
AND = frozenset(["i", "oraz", "and"])
ADDING = re.compile(
    r"\b(poza tym|do tego|w dodatku|na dodatek|dodatkowo|jeszcze|oprocz|drug\w+|inn[aiey]|z kolei|tez|takze|rowniez|zas"
    r"|natomiast|tymczasem|osobno|also|besides|another|moreover|plus|other|meanwhile|second)\b"
)
"""Words that open something else."""
START = -0.83
WEIGHTS = {"one": -2.3, "gain": 5.39, "adding": 1.34, "places": -0.22}


@dataclass(frozen=True)
class Turn:
    """What speaks for two needs, one on each side, and against it.

    `one`: how well the card that answers both sides together answers each of them, as a share of what that side finds by itself;
    `gain`: what both sides find apart above what they find together; `adding`: the second opens with a word such as "besides";
    `places`: at how many places the text may turn (logarithm), since of many one looks likely by chance.
    """

    one: float
    gain: float
    adding: float
    places: float


def parts_of(whole: Asked, most: int) -> list[Asked]:
    """The whole text, or its parts where it turns; the one that the whole leans to comes first, heard in its light."""
    tried, first, again = likely_turns, LIKELY, VERY_LIKELY
    if not is_sure(whole):
        tried, first, again = sure_turns, SURE_APART, SURE_APART
    found = [whole.places]
    while len(found) < most:
        turned = ((worth, n, sides) for n, part in enumerate(found) for worth, sides in tried(whole, part))
        best, n, sides = max(turned, default=(0.0, 0, ((), ())))
        if best < (first if len(found) == 1 else again):
            break
        found[n : n + 1] = sides
    if len(found) == 1:
        return [whole]
    main = found.pop(_main(whole, found))
    return [whole.part(main, lit=True), *(whole.part(part) for part in found)]


def likely_turns(whole: Asked, part: Places) -> list[tuple[float, Sides]]:
    """Where a part may turn, each with how likely it does, 0 to 1."""
    asked = whole if part == whole.places else whole.part(part)
    places = list(turns(whole, part))
    return [(chance(turn_of(asked, sides, len(places))), sides) for sides in places]


def chance(turn: Turn) -> float:
    """How likely it is a turn, 0 to 1."""
    return logistic(START, WEIGHTS, asdict(turn))


def sure_turns(whole: Asked, part: Places) -> list[tuple[float, Sides]]:
    """The same for a text that has no sure answer as a whole: how sure both sides are by themselves, or how certain one is."""
    found = [(sides, [sureness(whole.part(side)) for side in sides]) for sides in turns(whole, part)]
    return [(max(min(sure), max(sure) - DOUBT), sides) for sides, sure in found]


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


def turn_of(asked: Asked, sides: Sides, places: int) -> Turn:
    """How a part looks where it may turn, which is one of so many places."""
    sense = asked.index.sense(_powers(asked, sides))
    most = sense.max(axis=1)
    together = asked.sense.argmax()
    opening = " ".join(asked.heard.tokens[i].bare for i in sides[1][:OPENING])
    return Turn(
        one=float((sense[:, together] / np.maximum(most, NOTHING)).min()),
        gain=float(most.sum() - asked.sense[together]),
        adding=float(bool(ADDING.search(opening))),
        places=float(np.log(places)),
    )


def _powers(whole: Asked, parts: Sequence[Places]) -> Floats:
    return strength(np.array([whole.heard.raw(part) for part in parts]))


def _main(whole: Asked, parts: Sequence[Places]) -> int:
    """The part that finds the best card of the whole best."""
    return int(whole.index.sense(_powers(whole, parts))[:, whole.sense.argmax()].argmax())
