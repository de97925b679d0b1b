"""What the team types about a programme's file and about a call."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from krzew.calls.definition.files import MOST_BYTES
from krzew.calls.models import Call
from krzew.ui.forms import Counter, Date, Decimal


class Moment(forms.DateTimeInput):
    """The browser's own field for a day and an hour; always exchanges ISO, in Warsaw time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__({"step": 1}, format="%Y-%m-%dT%H:%M:%S")


def moment_field(label: Any, hint: Any = "", **more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, help_text=hint, widget=Moment(), **more)


class FileForm(forms.Form):
    """A programme as a file, or its text pasted. The text stays on the page when something is wrong with it."""

    file = forms.FileField(
        label=_("File"), help_text=_("TOML, UTF-8, at most 1 MB."), required=False, allow_empty_file=True
    )
    text = forms.CharField(
        label=_("or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        file = data.get("file")
        if file is None and not data.get("text", "").strip():
            raise ValidationError({"file": _("Choose a file, or paste its text.")})
        if file is not None and file.size > MOST_BYTES:
            raise ValidationError({"file": _("The file is larger than a programme can be: 1 MB.")})
        return data

    def content(self) -> str | bytes:
        """What is to be read: the file before the text."""
        file = self.cleaned_data.get("file")
        return file.read() if file is not None else self.cleaned_data["text"]  # type: ignore[no-any-return]


class CallForm(forms.Form):
    """A call that is being prepared."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name_pl = forms.CharField(label=_("Name in Polish"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    about_pl = forms.CharField(
        label=_("What it is about, in Polish"),
        help_text=_("For people who have never written an application. Needed before the call is announced."),
        max_length=6000,
        required=False,
        widget=Counter(6000),
    )
    about_en = forms.CharField(
        label=_("What it is about, in English"), max_length=6000, required=False, widget=Counter(6000)
    )
    opens_at = moment_field(_("Writing opens"), _("From then on people may begin their applications."))
    submit_from = moment_field(
        _("Sending opens"), _("The same moment as writing, or later. All hours are Warsaw time.")
    )
    closes_at = moment_field(
        _("The call closes"),
        _("To the second, by the clock of the server. An hour at which somebody is there to help is kind."),
    )
    results_on = forms.DateField(label=_("Results by"), required=False, widget=Date())
    pool = forms.DecimalField(
        label=_("Pool"),
        help_text=_("Empty: the pool of the programme, if it has one."),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        widget=Decimal("zł"),
    )

    @classmethod
    def of(cls, call: Call, data: Any = None) -> CallForm:
        first = {name: getattr(call, name) for name in cls.base_fields}
        return cls(data, initial=first)

    def kept(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class AmendForm(forms.Form):
    """A change of what is announced. Time and money may be added; the reason is read by everybody."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    text_pl = forms.CharField(
        label=_("What changes and why, in Polish"), max_length=4000, widget=Counter(4000, {"rows": 3})
    )
    text_en = forms.CharField(
        label=_("What changes and why, in English"), max_length=4000, widget=Counter(4000, {"rows": 3})
    )
    submit_from = moment_field(_("Sending opens"), _("Only earlier than announced."))
    closes_at = moment_field(_("The call closes"), _("Only later than announced."))
    results_on = forms.DateField(label=_("Results by"), required=False, widget=Date())
    pool = forms.DecimalField(
        label=_("Pool"),
        help_text=_("Only more than announced."),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        widget=Decimal("zł"),
    )
    about_pl = forms.CharField(
        label=_("What it is about, in Polish"), max_length=6000, required=False, widget=Counter(6000)
    )
    about_en = forms.CharField(
        label=_("What it is about, in English"), max_length=6000, required=False, widget=Counter(6000)
    )

    @classmethod
    def of(cls, call: Call, data: Any = None) -> AmendForm:
        names = [name for name in cls.base_fields if not name.startswith("text_")]
        return cls(data, initial={name: getattr(call, name) for name in names})

    def changes(self) -> dict[str, Any]:
        """What is different from what the page showed, and nothing else."""
        names = [name for name in self.changed_data if name not in ("revision", "text_pl", "text_en")]
        return {name: self.cleaned_data[name] for name in names}


class CancelForm(forms.Form):
    reason_pl = forms.CharField(
        label=_("The reason in Polish"), max_length=4000, widget=Counter(4000, {"rows": 3})
    )
    reason_en = forms.CharField(
        label=_("The reason in English"), max_length=4000, widget=Counter(4000, {"rows": 3})
    )

    @classmethod
    def of(cls, call: Call, data: Any = None) -> CancelForm:
        """Nobody has seen a call that is being prepared: no reason is owed."""
        form = cls(data)
        for field in form.fields.values():
            field.required = call.is_public
        return form
