"""Base of the editor's forms: a form over one object of the card, in two languages side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from krzew.library import labels
from krzew.library.cards import Card
from krzew.ui.forms import Counter, Decimal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LINE, TEXT = 140, 1200
LANGUAGE_NAMES = {"pl": _("in Polish"), "en": _("in English")}


class PartForm(forms.Form):
    """One object of the card. Everything may stay empty in a draft; publication asks for the rest.

    `lines` and `texts` are in both languages; `nullable` fields are null when empty, `droppable` ones absent.
    """

    lines: tuple[tuple[str, _StrPromise], ...] = ()
    texts: tuple[tuple[str, _StrPromise], ...] = ()
    nullable: tuple[str, ...] = ()
    droppable: tuple[str, ...] = ()
    use_required_attribute = False

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card = card
        for name, label in (*self.lines, *self.texts):
            for language, language_name in LANGUAGE_NAMES.items():
                written = format_lazy("{} ({})", label, language_name)
                self.fields[f"{name}_{language}"] = self._written(name, written)
        if "source" in self.fields:
            self.fields["source"].choices = source_choices(card)  # type: ignore[attr-defined]
        self.order_fields(self._order())
        for field in self.fields.values():
            field.required = False

    def _written(self, name: str, label: Any) -> forms.CharField:
        if name in dict(self.lines):
            return forms.CharField(label=label, max_length=LINE)
        return forms.CharField(label=label, max_length=TEXT, widget=Counter(TEXT, {"rows": 3}))

    def _order(self) -> list[str]:
        """Texts first, then the rest, source and verification last."""
        last = [name for name in ("source", "verified") if name in self.fields]
        written = [f"{name}_{lang}" for name, _label in (*self.lines, *self.texts) for lang in LANGUAGE_NAMES]
        rest = [name for name in self.fields if name not in (*written, *last)]
        return [*written, *rest, *last]

    def pairs(self) -> Iterator[list[BoundField]]:
        """Fields as they are drawn: the two languages of one text together."""
        for name in self.fields:
            if name == "DELETE" or name.endswith("_en"):
                continue
            other = f"{name[:-3]}_en"
            yield [self[name], self[other]] if name.endswith("_pl") and other in self.fields else [self[name]]

    @classmethod
    def initial_of(cls, item: Mapping[str, Any]) -> dict[str, Any]:
        return dict(item)

    def as_item(self) -> dict[str, Any]:
        """The object as the card keeps it."""
        item: dict[str, Any] = {}
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if name == "DELETE" or (value in ("", None) and name in self.droppable):
                continue
            if value in ("", None) and name in self.nullable:
                item[name] = None
            elif value is not None:
                item[name] = value
        return item

    @property
    def is_blank(self) -> bool:
        """Nothing was typed into a new row."""
        return not any(value for name, value in self.cleaned_data.items() if name != "DELETE")


class Choice(forms.ChoiceField):
    """A choice from one of the card's closed lists, drawn as a compact list."""

    def __init__(self, choices: Iterable[tuple[Any, Any]], label: Any, **kwargs: Any) -> None:
        widget = forms.Select(attrs={"data-select": ""})
        super().__init__(choices=[("", "—"), *choices], label=label, widget=widget, **kwargs)


class NumberChoice(forms.TypedChoiceField):
    def __init__(self, choices: Iterable[tuple[Any, Any]], label: Any) -> None:
        widget = forms.Select(attrs={"data-select": ""})
        super().__init__(
            choices=[("", "—"), *choices], label=label, widget=widget, coerce=int, empty_value=None
        )


class Amount(forms.FloatField):
    """A number; whole ones stay whole, so that saving a form does not change a card."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, min_value=0, widget=Decimal(), **kwargs)

    def to_python(self, value: Any) -> Any:
        number = super().to_python(value)
        return int(number) if number is not None and number.is_integer() else number


class When(forms.RegexField):
    """A year, month or day: 2024, 2024-05, 2024-05-31."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
            label=label,
            max_length=10,
            help_text=_("Year, month or day: 2024, 2024-05 or 2024-05-31."),
            error_messages={"invalid": _("Write a year, month or day: 2024, 2024-05 or 2024-05-31.")},
        )


def listed(name: str) -> Sequence[tuple[str, Any]]:
    return list(labels.CHOICES[name].items())


def source_choices(card: Card) -> list[tuple[str, str]]:
    sources = [
        (source.get("id", ""), source.get("label_pl") or source.get("id", "")) for source in card["sources"]
    ]
    return [("", "—"), *((code, label[:90]) for code, label in sources if code)]


def source_field() -> forms.ChoiceField:
    hint = _("Sources are written in the section “Sources and open questions”.")
    return Choice((), _("Source"), help_text=hint)


def verified_field() -> forms.BooleanField:
    return forms.BooleanField(label=_("The source was read and says so"))
