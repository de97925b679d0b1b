"""One section of a card as forms: built from the card, read back into the card.

Lists are rows that work without JavaScript: "add a row" saves what was typed and brings an empty row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.forms import BaseFormSet, formset_factory
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from krzew.library import forms, labels
from krzew.library.cards import NUMBERS, Card
from krzew.library.parts import PartForm
from krzew.library.rule_form import PreconditionForm
from krzew.library.sections import Section
from krzew.ui.components import Link

MOST_ROWS = 60

FIELDS: dict[str, type[PartForm]] = {"basics": forms.BasicsForm, "audience": forms.AudienceForm}
ROWS: dict[str, type[PartForm]] = {
    "needs": forms.NeedForm,
    "core_parts": forms.TextForm,
    "adaptable_parts": forms.TextForm,
    "steps": forms.TextForm,
    "partners": forms.PartnerForm,
    "perspectives": forms.PerspectiveForm,
    "preconditions": PreconditionForm,
    "evidence": forms.EvidenceForm,
    "exemplars": forms.ExemplarForm,
    "notes": forms.NoteForm,
    "documents": forms.DocumentForm,
    "related": forms.RelatedForm,
    "sources": forms.SourceForm,
    "asks": forms.TextForm,
}


class Part(Protocol):
    kind: str

    def all_forms(self) -> Iterator[PartForm]: ...
    def is_valid(self) -> bool: ...
    def content(self) -> dict[str, Any]: ...


@dataclass
class Fields:
    """Plain fields of the card."""

    form: PartForm
    kind = "fields"

    def all_forms(self) -> Iterator[PartForm]:
        yield self.form

    def is_valid(self) -> bool:
        return self.form.is_valid()

    def content(self) -> dict[str, Any]:
        return self.form.as_item()


@dataclass
class Rows:
    """A list of objects."""

    name: str
    formset: BaseFormSet[PartForm]
    kind = "rows"

    @property
    def title(self) -> str:
        return str(labels.FIELDS[self.name])

    def all_forms(self) -> Iterator[PartForm]:
        yield from self.formset.forms

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    def content(self) -> dict[str, Any]:
        kept = [form for form in self.formset.forms if form not in self.formset.deleted_forms]
        return {self.name: [form.as_item() for form in kept if not form.is_blank]}


@dataclass
class Licence:
    """One object, or nothing when it is left empty."""

    form: PartForm
    kind = "licence"

    def all_forms(self) -> Iterator[PartForm]:
        yield self.form

    def is_valid(self) -> bool:
        return self.form.is_valid()

    def content(self) -> dict[str, Any]:
        return {"licence": None if self.form.is_blank else self.form.as_item()}


@dataclass
class Numbers:
    """The numbers, each known, unknown or not applicable; and what a comparison with a place needs."""

    ranges: dict[str, forms.RangeForm]
    fit: PartForm
    kind = "numbers"

    def all_forms(self) -> Iterator[PartForm]:
        yield from self.ranges.values()
        yield self.fit

    def titled(self) -> Iterator[tuple[str, forms.RangeForm]]:
        for name, form in self.ranges.items():
            yield (
                (_("Months that count in the comparison") if name == "months" else str(labels.NUMBERS[name])),
                form,
            )

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.all_forms()]  # every form, so that all errors show
        return all(valid)

    def content(self) -> dict[str, Any]:
        numbers = {
            name: form.as_range()
            for name, form in self.ranges.items()
            if name in NUMBERS and form.stated != "absent"
        }
        return {"numbers": numbers, "fit": self.fit.as_item() | {"months": self.ranges["months"].as_range()}}


class Editor:
    """All forms of one section."""

    def __init__(
        self, section: Section, card: Card, data: Mapping[str, Any] | None = None, add: str = ""
    ) -> None:
        self.section, self.card, self.data, self.add = section, card, data, add
        self.parts = list(self._parts())

    def _parts(self) -> Iterator[Part]:
        if self.section.key in FIELDS:
            yield Fields(self._form(FIELDS[self.section.key], "fields", self.card))
        if self.section.key == "numbers":
            yield self._numbers()
        if self.section.key == "materials":
            yield Licence(self._form(forms.LicenceForm, "licence", self.card.get("licence") or {}))
        for name in self.section.fields:
            if name in ROWS:
                yield Rows(name, self._formset(name))

    def _form(self, form: type[PartForm], prefix: str, item: Mapping[str, Any], **kwargs: Any) -> Any:
        return form(self.data, prefix=prefix, initial=form.initial_of(item), card=self.card, **kwargs)

    def _formset(self, name: str) -> BaseFormSet[PartForm]:
        form = ROWS[name]
        items = [form.initial_of(item) for item in self.card.get(name) or []]
        extra = 1 if self.add == name or not items else 0
        factory = formset_factory(
            form, extra=extra, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
        )
        return factory(self.data, prefix=name, initial=items, form_kwargs={"card": self.card})

    def _numbers(self) -> Numbers:
        numbers, fit = self.card.get("numbers") or {}, self.card.get("fit") or {}
        stated = {
            name: ({"range": numbers[name]} if name in numbers else {}, unit)
            for name, unit in NUMBERS.items()
        }
        stated["months"] = ({"range": fit.get("months")}, "months")
        ranges = {
            name: self._form(forms.RangeForm, f"number-{name}", item, unit=unit)
            for name, (item, unit) in stated.items()
        }
        return Numbers(ranges, self._form(forms.FitForm, "fit", fit))

    def is_valid(self) -> bool:
        valid = [part.is_valid() for part in self.parts]  # every part, so that all errors show
        return all(valid)

    def content(self) -> dict[str, Any]:
        return {name: value for part in self.parts for name, value in part.content().items()}

    def errors(self) -> list[Link]:
        """Every error with a link to its field, for the summary on top."""
        return [
            Link(f"{bound.label} – {error}", f"#{bound.auto_id}")
            for part in self.parts
            for form in part.all_forms()
            if form.is_bound
            for bound in _bounds(form)
            for error in bound.errors
        ]


def _bounds(form: PartForm) -> Iterator[BoundField]:
    for name in form.fields:
        yield form[name]
