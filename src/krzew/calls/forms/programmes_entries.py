"""Bricks of which the forms of a programme's parts are made: each reads and writes one thing of the plain data.

A brick gives form fields, their first values, and puts what was typed back. `put` returns where each thing was
written, so that a fault found in the whole programme can be shown beside the field that caused it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from krzew.calls.programmes.paths import Place, free_code
from krzew.ui.forms import Checkboxes, Counter, Radios
from krzew.ui.forms import Decimal as DecimalInput

Data = dict[str, Any]
Choices = Sequence[tuple[Any, Any]] | Callable[[Place], Sequence[tuple[Any, Any]]]
Written = dict[str, str]
"""Place inside the part (`label.pl`) → name of the form field."""
BLANK_ROWS = 2


@dataclass(frozen=True)
class Group:
    """Fields that are drawn together: pairs of languages, rows of a list, or one field alone."""

    rows: list[list[str]]
    legend: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing of a part. `when` says whether it makes sense there."""

    name: str
    label: Any
    hint: Any = ""
    required: bool = False
    when: Callable[[Data], bool] | None = None

    def fields(self, place: Place) -> dict[str, forms.Field]:
        return {self.name: self.field(place)}

    def field(self, place: Place) -> forms.Field:
        raise NotImplementedError

    def initial(self, part: Data) -> Data:
        return {self.name: part.get(self.name)}

    def put(self, part: Data, typed: Data) -> Written:
        value = typed.get(self.name)
        if value in (None, "", [], ()):
            part.pop(self.name, None)
        else:
            part[self.name] = self.plain(value)
        return {self.name: self.name}

    def plain(self, value: Any) -> Any:
        return value

    def groups(self, part: Data, place: Place) -> list[Group]:
        return [Group([[name] for name in self.fields(place)])]

    def common(self) -> Data:
        return {"label": self.label, "help_text": self.hint, "required": self.required}


@dataclass(frozen=True)
class Line(Entry):
    longest: int = 500

    def field(self, place: Place) -> forms.Field:
        return forms.CharField(max_length=self.longest, **self.common())


@dataclass(frozen=True)
class Whole(Entry):
    least: int = 0
    most: int = 10_000

    def field(self, place: Place) -> forms.Field:
        return forms.IntegerField(min_value=self.least, max_value=self.most, **self.common())


@dataclass(frozen=True)
class Number(Entry):
    """A decimal number: points, shares, money. It is kept as text, so that nothing is lost."""

    unit: str = ""
    digits: int = 7

    def field(self, place: Place) -> forms.Field:
        widget = DecimalInput(self.unit)
        return forms.DecimalField(
            min_value=0, max_digits=self.digits, decimal_places=2, widget=widget, **self.common()
        )

    def initial(self, part: Data) -> Data:
        value = part.get(self.name)
        return {self.name: None if value is None else Decimal(str(value))}

    def plain(self, value: Any) -> Any:
        return f"{value:f}"


def money(name: str, label: Any, hint: Any = "") -> Number:
    return Number(name, label, hint, unit="zł", digits=14)


@dataclass(frozen=True)
class YesNo(Entry):
    default: bool = False

    def field(self, place: Place) -> forms.Field:
        return forms.BooleanField(**self.common())

    def initial(self, part: Data) -> Data:
        return {self.name: part.get(self.name, self.default)}

    def put(self, part: Data, typed: Data) -> Written:
        part[self.name] = bool(typed.get(self.name))
        return {self.name: self.name}


@dataclass(frozen=True)
class OneOf(Entry):
    choices: Choices = ()
    none: Any = ""
    default: Any = None

    def field(self, place: Place) -> forms.Field:
        rows = list(self.choices(place) if callable(self.choices) else self.choices)
        if not self.required:
            rows.insert(0, ("", self.none))
        widget = Radios if len(rows) <= 6 else forms.Select
        return forms.ChoiceField(choices=rows, widget=widget, **self.common())

    def initial(self, part: Data) -> Data:
        return {self.name: part.get(self.name, self.default) or ""}


@dataclass(frozen=True)
class SomeOf(Entry):
    choices: Choices = ()
    default: Sequence[Any] = ()

    def field(self, place: Place) -> forms.Field:
        rows = list(self.choices(place) if callable(self.choices) else self.choices)
        return forms.MultipleChoiceField(choices=rows, widget=Checkboxes, **self.common())

    def initial(self, part: Data) -> Data:
        return {self.name: list(part.get(self.name, self.default))}


@dataclass(frozen=True)
class Words(Entry):
    """A text in both languages."""

    long: bool = False
    longest: int = 500

    def fields(self, place: Place) -> dict[str, forms.Field]:
        labels = {
            "pl": _("%(what)s, in Polish") % {"what": self.label},
            "en": _("%(what)s, in English") % {"what": self.label},
        }
        return {f"{self.name}_{code}": self._one(label) for code, label in labels.items()}

    def _one(self, label: str) -> forms.Field:
        widget = Counter(self.longest, {"rows": 3}) if self.long else forms.TextInput()
        return forms.CharField(
            label=label, help_text=self.hint, required=self.required, max_length=self.longest, widget=widget
        )

    def initial(self, part: Data) -> Data:
        text = part.get(self.name) or {}
        return {f"{self.name}_{code}": text.get(code, "") for code in ("pl", "en")}

    def put(self, part: Data, typed: Data) -> Written:
        text = {code: (typed.get(f"{self.name}_{code}") or "").strip() for code in ("pl", "en")}
        if any(text.values()):
            part[self.name] = text
        else:
            part.pop(self.name, None)
        return {f"{self.name}.{c}": f"{self.name}_{c}" for c in text} | {self.name: f"{self.name}_pl"}

    def groups(self, part: Data, place: Place) -> list[Group]:
        return [Group([[f"{self.name}_pl", f"{self.name}_en"]])]


@dataclass(frozen=True)
class Inner(Entry):
    """A part of its own inside the part. It is left out while its first thing is empty (unless `always`)."""

    entries: tuple[Entry, ...] = ()
    always: bool = False

    def fields(self, place: Place) -> dict[str, forms.Field]:
        found = {n: f for entry in self.entries for n, f in entry.fields(place).items()}
        for one in found.values():
            one.required = False
        return {f"{self.name}__{name}": one for name, one in found.items()}

    def initial(self, part: Data) -> Data:
        inner = part.get(self.name) or {}
        found = {n: v for entry in self.entries for n, v in entry.initial(inner).items()}
        return {f"{self.name}__{name}": value for name, value in found.items()}

    def put(self, part: Data, typed: Data) -> Written:
        own = {
            n.removeprefix(f"{self.name}__"): v for n, v in typed.items() if n.startswith(f"{self.name}__")
        }
        inner = dict(part.get(self.name) or {})
        written: Written = {}
        for entry in self.entries:
            where = entry.put(inner, own)
            written |= {f"{self.name}.{at}": f"{self.name}__{name}" for at, name in where.items()}
        if self.always or self.entries[0].name in inner:
            part[self.name] = inner
        else:
            part.pop(self.name, None)
        return written

    def groups(self, part: Data, place: Place) -> list[Group]:
        inner = part.get(self.name) or {}
        rows = [row for entry in self.entries for g in entry.groups(inner, place) for row in g.rows]
        named = [[f"{self.name}__{name}" for name in row] for row in rows]
        return [Group(named, str(self.label), str(self.hint))]


@dataclass(frozen=True)
class Rows(Entry):
    """A short list on one page. An emptied row is removed; a few empty ones wait at the end."""

    entries: tuple[Entry, ...] = ()
    coded: bool = True
    bare: bool = False
    """The row is a text in both languages and nothing more."""
    least: int = 0
    blank: int = BLANK_ROWS
    key: str = field(default="label")

    def _count(self, part: Data) -> int:
        return max(len(part.get(self.name) or ()) + self.blank, self.least)

    def _name(self, number: int, name: str) -> str:
        return f"{self.name}__{number}__{name}"

    def fields(self, place: Place) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for number in range(self._count(place.part)):
            for entry in self.entries:
                for name, one in entry.fields(place).items():
                    one.label = f"{number + 1}. {one.label}"
                    one.required = False
                    found[self._name(number, name)] = one
        return found

    def initial(self, part: Data) -> Data:
        found: Data = {}
        for number, row in enumerate(part.get(self.name) or ()):
            inner = {self.key: row} if self.bare else row
            for entry in self.entries:
                found |= {self._name(number, n): v for n, v in entry.initial(inner).items()}
        return found

    def put(self, part: Data, typed: Data) -> Written:
        old = list(part.get(self.name) or ())
        kept: list[Any] = []
        written: Written = {self.name: self._name(0, f"{self.key}_pl")}
        for number in range(self._count(part)):
            start = self._name(number, "")
            own = {n.removeprefix(start): v for n, v in typed.items() if n.startswith(start)}
            row: Data = {} if self.bare else dict(old[number]) if number < len(old) else {}
            where = [entry.put(row, own) for entry in self.entries]
            if self.key not in row:
                continue
            at = f"{self.name}.{len(kept) + 1}"
            written |= {f"{at}.{p}": self._name(number, n) for w in where for p, n in w.items()}
            kept.append(row)
        self._keep(part, kept)
        return written

    def _keep(self, part: Data, kept: list[Data]) -> None:
        if self.coded:
            taken = [row["code"] for row in kept if "code" in row]
            for row in kept:
                if "code" not in row:
                    row["code"] = free_code(row[self.key]["pl"] or row[self.key]["en"], taken, "one")
                    taken.append(row["code"])
        part[self.name] = [row[self.key] for row in kept] if self.bare else kept
        if not kept:
            part.pop(self.name)

    def groups(self, part: Data, place: Place) -> list[Group]:
        rows: list[list[str]] = []
        for number in range(self._count(part)):
            names = [name for entry in self.entries for name in entry.fields(place)]
            rows.append([self._name(number, name) for name in names])
        return [Group(rows, str(self.label), str(self.hint))]


@dataclass(frozen=True)
class Ordered(Entry):
    """Some of the choices, in the order in which they count: first, second, third …"""

    choices: Callable[[Place], Sequence[tuple[Any, Any]]] = lambda place: ()
    places: int = 4

    def fields(self, place: Place) -> dict[str, forms.Field]:
        rows = [("", _("none")), *self.choices(place)]
        return {
            f"{self.name}__{n}": forms.ChoiceField(
                label=_("Criterion no. %(n)d") % {"n": n + 1},
                choices=rows,
                required=False,
                widget=forms.Select({"data-select": ""}),
            )
            for n in range(self.places)
        }

    def initial(self, part: Data) -> Data:
        return {f"{self.name}__{n}": value for n, value in enumerate(part.get(self.name, ()))}

    def put(self, part: Data, typed: Data) -> Written:
        chosen = [typed.get(f"{self.name}__{n}") for n in range(self.places)]
        part[self.name] = list(dict.fromkeys(code for code in chosen if code))
        return {self.name: f"{self.name}__0"}

    def groups(self, part: Data, place: Place) -> list[Group]:
        return [Group([[f"{self.name}__{n}" for n in range(self.places)]], str(self.label), str(self.hint))]


@dataclass(frozen=True)
class Amounts(Entry):
    """An amount of money for each of the choices (a pool for each subregion)."""

    choices: Callable[[Place], Sequence[tuple[Any, Any]]] = lambda place: ()

    def fields(self, place: Place) -> dict[str, forms.Field]:
        return {
            f"{self.name}__{code}": forms.DecimalField(
                label=label,
                required=False,
                min_value=0,
                max_digits=14,
                decimal_places=2,
                widget=DecimalInput("zł"),
            )
            for code, label in self.choices(place)
        }

    def initial(self, part: Data) -> Data:
        return {f"{self.name}__{code}": Decimal(str(v)) for code, v in (part.get(self.name) or {}).items()}

    def put(self, part: Data, typed: Data) -> Written:
        start = f"{self.name}__"
        kept = {n.removeprefix(start): v for n, v in typed.items() if n.startswith(start) and v is not None}
        part[self.name] = {code: f"{value:f}" for code, value in kept.items()}
        return {self.name: f"{start}{next(iter(kept), '')}"}

    def groups(self, part: Data, place: Place) -> list[Group]:
        names = [[name] for name in self.fields(place)]
        return [Group(names, str(self.label), str(self.hint))] if names else []
