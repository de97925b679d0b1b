"""Form rendering: one look for every field of every form, and the few widgets that Django does not bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

FEW_CHOICES = 7


class Row(BoundField):
    """A bound field that knows how it wants to be shown."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        _improve(field)

    @property
    def kind(self) -> str:
        """Which row the template draws: check, choices, file, combobox, textarea, number or text."""
        widget = self.field.widget
        kinds: list[tuple[type[forms.Widget], str]] = [
            (Combobox, "combobox"),
            (forms.CheckboxInput, "check"),
            (forms.RadioSelect, "choices"),
            (forms.FileInput, "file"),
            (forms.Textarea, "textarea"),
            (Decimal, "number"),
            (forms.NumberInput, "number"),
        ]
        return next((kind for type_, kind in kinds if isinstance(widget, type_)), "text")

    @cached_property
    def counter(self) -> int | None:
        """Longest text allowed; shown as a counter where it is worth counting."""
        longest = getattr(self.field, "max_length", None) or self.field.widget.attrs.get("maxlength")
        counted = self.kind == "textarea" or "data-counter" in self.field.widget.attrs
        return int(longest) if longest and counted else None

    @property
    def optional(self) -> bool:
        return not self.field.required and self.kind != "check"

    @property
    def unit(self) -> str:
        return getattr(self.field.widget, "unit", "")

    def as_widget(
        self,
        widget: forms.Widget | None = None,
        attrs: Mapping[str, Any] | None = None,
        only_initial: bool = False,
    ) -> Any:
        """Draw the widget; a counted text keeps what is over the limit, so that nothing typed is cut off."""
        shown = dict(attrs or {})
        if self.counter:
            (widget or self.field.widget).attrs.pop("maxlength", None)
            shown |= {"data-counter": self.counter}
        return super().as_widget(widget, shown, only_initial)


def _improve(field: forms.Field) -> None:
    """Give a date the browser's date field and a short list its radio buttons."""
    if type(field.widget) is forms.DateInput:
        field.widget = Date(field.widget.attrs)
    else:
        _prefer_buttons(field)


def _prefer_buttons(field: forms.Field) -> None:
    """Turn a short flat select list into radio buttons. Lists that need a query are left as they are."""
    widget = field.widget
    if (
        type(widget) is not forms.Select
        or isinstance(field, forms.ModelChoiceField)
        or "data-select" in widget.attrs
    ):
        return
    choices = list(widget.choices)
    if len(choices) > FEW_CHOICES or any(isinstance(label, list | tuple) for _value, label in choices):
        return
    if field.required:
        choices = [choice for choice in choices if choice[0] not in ("", None)]
    else:
        choices = [(value, label if value not in ("", None) else _("No choice")) for value, label in choices]
    field.widget = Radios(attrs=widget.attrs, choices=choices)
    field.widget.is_required = field.required


class Renderer(DjangoTemplates):
    """The form renderer of the whole product (settings.FORM_RENDERER)."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Row


class Radios(forms.RadioSelect):
    """A few choices, all visible."""


class Checkboxes(forms.CheckboxSelectMultiple):
    """Several of a few."""


class Date(forms.DateInput):
    """The browser's own date field; always exchanges ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Counter(forms.Textarea):
    """A text with a counter of characters; `longest` is checked by the field, this only shows it."""

    def __init__(self, longest: int, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"maxlength": longest, "rows": 5, **(attrs or {})})


class Decimal(forms.TextInput):
    """A number typed as text: takes comma or point and spaces between thousands."""

    def __init__(self, unit: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})
        self.unit = unit

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        typed = data.get(name)
        if typed is None:
            return None
        return "".join(str(typed).split()).replace("\u2212", "-").replace(",", ".")


class Combobox(forms.TextInput):
    """A search field that suggests as you type and posts the picked value under the field's own name.

    Without JavaScript, or with nothing picked, the typed text is posted instead and the field's `clean` looks
    it up. `display` turns a stored value into the text shown in the field. `offered`: values and labels to choose from,
    where what was typed may mean several.
    """

    template_name = "ui/forms/combobox.html"

    def __init__(
        self,
        url: str,
        display: Callable[[Any], str] | None = None,
        hint_min: int = 2,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.url, self.display, self.hint_min = url, display, hint_min
        self.offered: list[tuple[str, str]] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = self.display(value) if self.display and value not in (None, "") else value
        return context | {
            "url": str(self.url),
            "shown": shown or "",
            "picked": "" if self.offered else value or "",
            "hint_min": self.hint_min,
            "offered": self.offered,
        }

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(name) or data.get(f"{name}_text")
