"""Parts of a programme by their place, and the few edits that a list of parts knows. Plain data, no queries.

A place is written as names and codes: `stages/merit_a/criteria/needs` is the criterion “needs” of the stage
“merit_a”. Codes stay the same when things are moved, so a link to a part stays right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

Data = dict[str, Any]
Path = tuple[str, ...]
LONGEST_CODE = 40


class NoSuchPart(LookupError):
    """There is nothing at this place; perhaps somebody has removed it."""


@dataclass(frozen=True)
class Place:
    """A part inside a whole copy of the document, with the list in which it stands."""

    data: Data
    path: Path
    part: Data
    siblings: list[Data]
    index: int
    trail: tuple[str, ...]
    """The place as `read` names it: places in lists counted from 1, and the kind after a stage."""


def split(text: str) -> Path:
    return tuple(step for step in text.split("/") if step)


def whole(data: Data) -> Place:
    copy = deepcopy(data)
    return Place(copy, (), copy, [], 0, ())


def locate(data: Data, path: Path) -> Place:
    """The part at `path`, in a copy of `data` that may be changed."""
    place = whole(data)
    if len(path) % 2:
        raise NoSuchPart(path)
    for key, code in zip(path[::2], path[1::2], strict=True):
        place = _inside(place, key, code)
    return place


def _inside(place: Place, key: str, code: str) -> Place:
    rows = place.part.get(key)
    if not isinstance(rows, list):
        raise NoSuchPart(key)
    for index, row in enumerate(rows):
        if isinstance(row, dict) and row.get("code") == code:
            trail = (*place.trail, key, str(index + 1))
            trail = (*trail, row["kind"]) if key == "stages" else trail
            return Place(place.data, (*place.path, key, code), row, rows, index, trail)
    raise NoSuchPart(code)


def rows_at(data: Data, path: Path) -> tuple[Place, list[Data]]:
    """The list at the end of `path` (made when it is not there yet) and the part to which it belongs."""
    if not path:
        raise NoSuchPart(path)
    place = locate(data, path[:-1])
    rows: list[Data] = place.part.setdefault(path[-1], [])
    return place, rows


def moved(data: Data, path: Path, step: int) -> Data:
    """The document with the part one place up (-1) or down (1); at the end of its list it stays."""
    place = locate(data, path)
    to = place.index + step
    if 0 <= to < len(place.siblings):
        place.siblings.insert(to, place.siblings.pop(place.index))
    return place.data


def removed(data: Data, path: Path) -> Data:
    place = locate(data, path)
    if not place.siblings:
        raise NoSuchPart(path)
    place.siblings.pop(place.index)
    return place.data


def free_code(wanted: str, taken: Iterable[str], fallback: str = "part") -> str:
    """A code made of a name, unlike those that are taken."""
    plain = slugify(wanted.replace("ł", "l").replace("Ł", "L")).replace("-", "_")
    base = re.sub(r"^[^a-z]+", "", plain)[: LONGEST_CODE - 4].strip("_") or fallback
    used = set(taken)
    if base not in used:
        return base
    return next(code for n in range(2, len(used) + 3) if (code := f"{base}_{n}") not in used)


def codes(rows: Iterable[Data]) -> list[str]:
    return [row.get("code", "") for row in rows]


def field_codes(stage: Data) -> list[str]:
    """Codes of all questions of a form: they are unlike each other across its sections."""
    return [code for section in stage.get("sections", ()) for code in codes(section.get("fields", ()))]


def new_code(place: Place, name: str, fallback: str) -> str:
    """A code for a new part, unlike all that could be taken for it."""
    taken = codes(row for row in place.siblings if row is not place.part)
    stages = place.data.get("stages", ())
    if place.path[-2] == "fields":
        taken += [code for stage in stages for code in field_codes(stage)]
    elif place.path[-2] == "criteria":  # ties name criteria of all stages
        judged = [part for stage in stages for part in (stage, *stage.get("topics", ()))]
        taken += [code for part in judged for code in codes(part.get("criteria", ()))]
    return free_code(name, taken, fallback or "part")
