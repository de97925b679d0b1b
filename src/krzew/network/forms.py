"""The paper sheet of a meeting as a form: head, attendance by sector, one line for each statement."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krzew.network import personal
from krzew.network.acts import Sheet, VoiceRow
from krzew.network.models import Meeting, Method, Sector, Voice
from krzew.places import vocabulary

EMPTY_LINES = 8
MORE_LINES = 10
MOST_LINES = 300


def need_choices() -> list[tuple[str, str]]:
    return [("", _("sort later")), *needs_only()]


def needs_only() -> list[tuple[str, str]]:
    return [(need.code, need.name) for need in vocabulary.needs().values()]


def sector_choices() -> list[tuple[str, Any]]:
    return [("", _("not noted")), *Sector.choices]


class MeetingForm(forms.ModelForm[Meeting]):
    """Head of the sheet, and how many people came from each sector."""

    class Meta:
        model = Meeting
        fields = ["title", "date", "where", "method", "minutes"]
        widgets = {"minutes": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "title": gettext_lazy("For example: meeting of parents and staff of the workshop."),
            "minutes": gettext_lazy("What was agreed. No names of private persons."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        came = {a.sector: a.people for a in self.instance.attendance.all()} if self.instance.pk else {}
        for value, label in Sector.choices:
            self.fields[f"people_{value}"] = forms.IntegerField(
                label=label, min_value=0, max_value=2000, required=False, initial=came.get(value)
            )

    def clean_date(self) -> Any:
        day = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("A meeting is entered after it was held. This date lies ahead."))
        return day

    @property
    def head(self) -> list[Any]:
        return [self[name] for name in self.Meta.fields]

    @property
    def attendance(self) -> list[Any]:
        return [self[f"people_{value}"] for value in Sector.values]

    def people(self) -> dict[str, int]:
        return {s: self.cleaned_data.get(f"people_{s}") or 0 for s in Sector.values}


class VoiceForm(forms.Form):
    """One line of the sheet. A line left empty is not an error."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Problem as it was raised"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 1, "data-plain": ""}),
    )
    sector = forms.ChoiceField(label=gettext_lazy("Who raised it"), choices=sector_choices, required=False)
    need = forms.ChoiceField(label=gettext_lazy("Need"), choices=need_choices, required=False)
    number = forms.IntegerField(
        label=gettext_lazy("Dots or place"), min_value=0, max_value=5000, required=False
    )
    is_quote = forms.BooleanField(label=gettext_lazy("May be quoted"), required=False)
    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    @property
    def columns(self) -> list[Any]:
        return [self[name] for name in ("text", "sector", "need", "number", "is_quote")]

    @property
    def number_of_line(self) -> str:
        return _("Line %(number)d") % {"number": int((self.prefix or "v-0").rpartition("-")[2]) + 1}

    @property
    def is_blank(self) -> bool:
        data = self.cleaned_data
        return not any(data.get(name) for name in ("pk", "text", "number"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("number") and not data.get("text") and not data.get("remove"):
            self.add_error("text", _("This line has dots or a place, but no words. Write what was said."))
        if data.get("pk") and not data.get("text") and not data.get("remove") and "text" not in self.errors:
            self.add_error("text", _("To take a statement away, tick “Remove”."))
        return data

    def suspicions(self) -> list[str]:
        return personal.warnings(self.cleaned_data.get("text", ""))


class BaseVoices(forms.BaseFormSet[VoiceForm]):
    def rows(self, method: str) -> list[VoiceRow]:
        """The lines that say something. What the number means follows from the method of the meeting."""
        return [_row(f.cleaned_data, method) for f in self.forms if not f.is_blank]

    def suspicions(self) -> list[tuple[int, list[str]]]:
        """Lines that look as if they name somebody, with their numbers."""
        found = [(number, f.suspicions()) for number, f in enumerate(self.forms, 1) if not f.is_blank]
        return [(number, what) for number, what in found if what]


def _row(data: dict[str, Any], method: str) -> VoiceRow:
    number = data["number"]
    counted = {"rank": number or None} if method == Method.RANKING else {"votes": number}
    return VoiceRow(**{name: value for name, value in data.items() if name != "number"}, **counted)


VoiceFormSet = cast(
    type[BaseVoices],
    forms.formset_factory(
        VoiceForm, formset=BaseVoices, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES
    ),
)


def initial_lines(voices: list[Voice], empty: int = EMPTY_LINES) -> list[dict[str, Any]]:
    names = ("pk", "text", "sector", "need", "is_quote")
    known = [{name: getattr(v, name) for name in names} | {"number": v.votes or v.rank} for v in voices]
    return known + [{} for _line in range(empty)]


def sheet(form: MeetingForm, voices: BaseVoices) -> Sheet:
    """Both valid forms as one sheet."""
    head = {name: form.cleaned_data[name] for name in form.Meta.fields}
    return Sheet(**head, attendance=form.people(), voices=voices.rows(head["method"]))


class MergeForm(forms.Form):
    """Which statements say the same, and what they say together."""

    voices = forms.ModelMultipleChoiceField(
        queryset=Voice.objects.none(),
        error_messages={"required": gettext_lazy("Tick at least two statements that say the same.")},
    )
    need = forms.ChoiceField(label=gettext_lazy("Need"), choices=needs_only)
    label = forms.CharField(label=gettext_lazy("What they say together"), max_length=200)

    def __init__(self, *args: Any, voices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["voices"].queryset = voices  # type: ignore[attr-defined]

    def clean_voices(self) -> list[Voice]:
        chosen = list(self.cleaned_data["voices"])
        if len(chosen) < 2:
            raise forms.ValidationError(_("Tick at least two statements that say the same."))
        return chosen


class NeedForm(forms.Form):
    need = forms.ChoiceField(label=gettext_lazy("Need"), choices=need_choices, required=False)
