"""One form for any part of a programme, built from the table of kinds; faults of the whole land at its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from krzew.calls.definition import Problem
from krzew.calls.forms.programmes_entries import Data, Entry, Written
from krzew.calls.forms.programmes_kinds_parts import ROOT, Kind
from krzew.calls.forms.programmes_special import said
from krzew.calls.programmes.paths import NoSuchPart, Place, whole


@dataclass(frozen=True)
class Drawn:
    """Bound fields that stand together."""

    legend: str
    hint: str
    rows: list[list[BoundField]]

    @property
    def many(self) -> bool:
        return bool(self.legend)


def root_place(data: Data, name: str) -> Place:
    """One of the parts of the programme itself."""
    if name not in ROOT:
        raise NoSuchPart(name)
    place = whole(data)
    if name in ("about", "themes"):
        return place
    part = place.data.setdefault(name, {})
    return Place(place.data, (name,), part, [], 0, (name,))


class PartForm(forms.Form):
    """The form of one part. `written` gives the whole document with what was typed in it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, kind: Kind, place: Place, data: Any = None, *, seen: int = 0) -> None:
        self.kind, self.place = kind, place
        self.places: Written = {}
        self.shown = dict(place.part)
        if data is not None and "kind" in data and "kind" in {e.name for e in kind.entries}:
            self.shown["kind"] = data["kind"]
        self.entries = [e for e in kind.entries if e.when is None or e.when(self.shown)]
        first = {n: v for entry in self.entries for n, v in entry.initial(place.part).items()}
        super().__init__(data, initial={**first, "seen": seen}, auto_id="part_%s")
        for entry in self.entries:
            self.fields.update(entry.fields(place))

    @property
    def drawn(self) -> Iterator[Drawn]:
        for entry in self.entries:
            for group in entry.groups(self.place.part, self.place):
                rows = [[self[name] for name in row if name in self.fields] for row in group.rows]
                if any(rows):
                    yield Drawn(group.legend, group.hint, rows)

    @property
    def lists(self) -> tuple[Any, ...]:
        return self.kind.lists

    def written(self) -> Data:
        """The whole document; whatever makes no sense in this kind of part is left out."""
        part = self.place.part
        for entry in self.kind.entries:
            if entry in self.entries:
                self._put(entry, part)
            else:
                part.pop(entry.name, None)
        return self.place.data

    def _put(self, entry: Entry, part: Data) -> None:
        try:
            self.places |= entry.put(part, self.cleaned_data)
        except ValidationError as error:
            self.add_error(None, error)

    def show(self, problems: Iterable[Problem]) -> None:
        """Faults of the whole programme: at the field that caused them, or above the form with their place."""
        for problem in problems:
            name = self._field_of(problem.where)
            if name in self.fields:
                self.add_error(name, problem.text)
            else:
                self.add_error(None, f"{place_words(self.place.data, problem.where)}{problem.text}")

    def _field_of(self, where: str) -> str:
        """The field for a place such as `stages.3.merit.criteria.2.most` or `grant.most`."""
        trail = ".".join(self.place.trail)
        rest = where.removeprefix(f"{trail}.") if trail else where
        if rest == where and trail:
            if where.partition(".")[0] not in self.place.path:
                return ""
            rest = where.rpartition(".")[2]
        while rest and rest not in self.places:
            rest = rest.rpartition(".")[0]
        return self.places.get(rest, "")


def place_words(data: Data, where: str) -> str:
    """A place told by names: “Merit assessment › Needs: ”."""
    steps = where.split(".")
    stage = next((s for s in data.get("stages", ()) if s.get("code") == steps[0]), None)
    names = [said(stage.get("label")), *steps[1:]] if stage else _names_on_the_way(data, steps) or steps
    text = " › ".join(name for name in names if name)
    return f"{text}: " if text else ""


def _names_on_the_way(data: Data, steps: list[str]) -> list[str]:
    here: Any = data
    names = []
    for step in steps:
        here = _deeper(here, step)
        if isinstance(here, dict) and "label" in here:
            names.append(said(here["label"]))
    return names


def _deeper(here: Any, step: str) -> Any:
    if isinstance(here, list) and step.isdecimal() and 0 < int(step) <= len(here):
        return here[int(step) - 1]
    return here.get(step, here) if isinstance(here, dict) else here
