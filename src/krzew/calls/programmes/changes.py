"""What differs between two programmes, part by part. Pure: plain data in, differences out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from krzew.calls.definition import Definition, plain

Data = dict[str, Any]
Steps = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same: where, before and after. None: it was not there, or it is gone."""

    where: Steps
    before: Any
    after: Any


def differences(old: Definition, new: Definition) -> list[Difference]:
    """Everything that differs, in the order of the old programme, new things after."""
    return list(_dicts((), plain(old), plain(new)))


def _dicts(where: Steps, old: Data, new: Data) -> Iterator[Difference]:
    for key in [*old, *(key for key in new if key not in old)]:
        yield from _values((*where, key), old.get(key), new.get(key))


def _values(where: Steps, old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if _is_text(old) or _is_text(new):
        yield Difference(where, old, new)
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _dicts(where, old, new)
    elif _are_coded(old) and _are_coded(new):
        yield from _lists(where, old or [], new or [])
    else:
        yield Difference(where, old, new)


def _lists(where: Steps, old: list[Data], new: list[Data]) -> Iterator[Difference]:
    """Parts with codes are compared each with itself; their order by itself."""
    before, after = ({row["code"]: row for row in rows} for rows in (old, new))
    for code in [*before, *(code for code in after if code not in before)]:
        yield from _rows((*where, code), before.get(code), after.get(code))
    both = [code for code in before if code in after]
    if both != [code for code in after if code in before]:
        yield Difference((*where, "order"), list(before), list(after))


def _rows(where: Steps, old: Data | None, new: Data | None) -> Iterator[Difference]:
    """A part that came or went is told as a whole."""
    if old is None or new is None:
        yield Difference(where, old, new)
    else:
        yield from _dicts(where, old, new)


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"pl", "en"}


def _are_coded(value: Any) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(r, dict) and "code" in r for r in value)
    )
