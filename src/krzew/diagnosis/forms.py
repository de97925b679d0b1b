"""What an adviser types. Each form knows what is saved now, so that a conflict can show both values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krzew.diagnosis.criteria import DEFINITIONS
from krzew.diagnosis.models import ContactRole, Diagnosis, FactAnswer, NeighbourChoice, Report
from krzew.library.models import SolutionVersion
from krzew.network import personal
from krzew.places import vocabulary
from krzew.places.forms import PlaceField
from krzew.ui.forms import Counter, Date, Decimal


class PlaceForm(forms.Form):
    place = PlaceField(label=gettext_lazy("Which gmina"))


class Seen(forms.Form):
    """Carries the revision that the page showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, diagnosis: Diagnosis, **kwargs: Any) -> None:
        self.diagnosis = diagnosis
        first = {"revision": diagnosis.revision, **self.saved(diagnosis, {}), **kwargs.pop("initial", {})}
        super().__init__(*args, **kwargs, initial=first)  # type: ignore[misc]

    @classmethod
    def saved(cls, diagnosis: Diagnosis, data: Mapping[str, Any]) -> dict[str, Any]:
        """What is stored now under the fields of this form; `data` says of which row."""
        return {}

    @property
    def seen(self) -> int:
        return int(self.cleaned_data["revision"])

    def fields_shown(self) -> list[str]:
        return [name for name, field in self.fields.items() if not field.widget.is_hidden]


class WeightsForm(Seen):
    """Weights as points of swing: how much the step from the worst to the best of the range is worth."""

    voices_weight = forms.IntegerField(
        label=gettext_lazy("Voices against statistics"),
        help_text=gettext_lazy("0: only statistics count. 100: only what people said counts."),
        min_value=0,
        max_value=100,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for d in DEFINITIONS:
            self.fields[f"w_{d.code}"] = forms.FloatField(
                label=str(d.label), help_text=str(d.explanation), min_value=0, max_value=100, widget=Decimal()
            )

    @classmethod
    def saved(cls, diagnosis: Diagnosis, data: Mapping[str, Any]) -> dict[str, Any]:
        weights = {f"w_{d.code}": diagnosis.weights.get(d.code, d.weight) for d in DEFINITIONS}
        return {"voices_weight": diagnosis.voices_weight, **weights}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for axis in ("need", "feasibility"):
            points = [data.get(f"w_{d.code}") for d in DEFINITIONS if d.axis == axis]
            if all(x is not None for x in points) and not any(points):
                raise ValidationError(_("On each of the two sides at least one weight must be above zero."))
        return data

    def weights(self) -> dict[str, float]:
        return {d.code: self.cleaned_data[f"w_{d.code}"] for d in DEFINITIONS}

    def groups(self) -> list[tuple[str, list[Any]]]:
        names = {"need": _("Weights of need"), "feasibility": _("Weights of feasibility")}
        return [(names[axis], [self[f"w_{d.code}"] for d in DEFINITIONS if d.axis == axis]) for axis in names]


class MeetingsForm(Seen):
    since = forms.DateField(label=gettext_lazy("Meetings from"), required=False, widget=Date())
    until = forms.DateField(label=gettext_lazy("Meetings until"), required=False, widget=Date())

    @classmethod
    def saved(cls, diagnosis: Diagnosis, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"since": diagnosis.meetings_since, "until": diagnosis.meetings_until}


class NeighbourForm(Seen):
    unit = PlaceField(label=gettext_lazy("Gmina"))
    kind = forms.ChoiceField(label=gettext_lazy("What to do with it"), choices=NeighbourChoice.Kind.choices)
    reason = forms.CharField(label=gettext_lazy("Reason"), min_length=5, max_length=300)

    @classmethod
    def saved(cls, diagnosis: Diagnosis, data: Mapping[str, Any]) -> dict[str, Any]:
        row = diagnosis.neighbour_choices.filter(unit=data["unit"]).first() if data.get("unit") else None
        return {"unit": row.unit, "kind": row.kind, "reason": row.reason} if row else {}


def indicator_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Indicators that can be entered, by who has the figure."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for spec in vocabulary.indicators().values():
        if spec.is_scored and spec.level == "gmina":
            holder = vocabulary.holders().get(spec.holder)
            name = f"{spec.name} [{spec.unit}]"
            groups.setdefault(holder.name if holder else _("public statistics"), []).append((spec.code, name))
    return list(groups.items())


class FigureForm(Seen):
    indicator = forms.ChoiceField(label=gettext_lazy("What the figure says"), choices=indicator_choices)
    value = forms.FloatField(label=gettext_lazy("Value"), widget=Decimal())
    date = forms.DateField(label=gettext_lazy("To which day it belongs"), widget=Date())
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Institution and document, for example: PCPR, report for 2025."),
        min_length=3,
        max_length=200,
    )

    @classmethod
    def saved(cls, diagnosis: Diagnosis, data: Mapping[str, Any]) -> dict[str, Any]:
        row = diagnosis.local_figures.filter(indicator=data.get("indicator", "")).first()
        names = ("indicator", "value", "date", "source")
        return {name: getattr(row, name) for name in names} if row else {}

    def clean_date(self) -> Any:
        day = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise ValidationError(_("This day lies ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        spec = vocabulary.indicators().get(data.get("indicator", ""))
        if spec and data.get("value") is not None:
            self._check_range(spec, data["value"])
        return data

    def _check_range(self, spec: vocabulary.IndicatorSpec, value: float) -> None:
        low, high = spec.minimum, spec.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            bounds = {
                "low": "−∞" if low is None else f"{low:g}",
                "high": "∞" if high is None else f"{high:g}",
            }
            self.add_error("value", _("This figure must lie between %(low)s and %(high)s.") % bounds)


class AnswerForm(Seen):
    fact = forms.CharField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"), choices=FactAnswer.Answer.choices, required=False
    )
    number = forms.FloatField(label=gettext_lazy("Number"), required=False, min_value=0, widget=Decimal())
    who = forms.CharField(
        label=gettext_lazy("Who said so"),
        help_text=gettext_lazy("Office or role, no private names."),
        max_length=160,
        required=False,
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=200, required=False)
    date = forms.DateField(label=gettext_lazy("Date"), required=False, widget=Date())

    def __init__(self, *args: Any, facts: Mapping[str, Any], **kwargs: Any) -> None:
        self.facts = facts
        super().__init__(*args, **kwargs)

    @classmethod
    def saved(cls, diagnosis: Diagnosis, data: Mapping[str, Any]) -> dict[str, Any]:
        row = next((a for a in diagnosis.answers.all() if a.fact == data.get("fact")), None)
        names = ("fact", "answer", "number", "who", "source", "date")
        return {name: getattr(row, name) for name in names} if row else {}

    def clean_fact(self) -> str:
        if self.cleaned_data["fact"] not in self.facts:
            raise ValidationError(_("This question is not in the list any more. Reload the page."))
        return str(self.cleaned_data["fact"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        fact = self.facts.get(data.get("fact", ""))
        if fact and fact.is_number and data.get("number") is not None:
            data["answer"] = FactAnswer.Answer.YES
        if fact and not data.get("answer"):
            where = "number" if fact.is_number else "answer"
            self.add_error(where, _("Answer with a number, or say that it is not known yet."))
        if (
            fact
            and fact.is_number
            and data.get("number") is None
            and data.get("answer") != FactAnswer.Answer.UNKNOWN
        ):
            self.add_error("number", _("This question asks for a number."))
        if fact and not fact.is_number:
            data["number"] = None
        return data


class DecisionForm(Seen):
    versions = forms.ModelMultipleChoiceField(
        queryset=SolutionVersion.objects.none(),
        label=gettext_lazy("Chosen solutions"),
        error_messages={"required": gettext_lazy("Choose at least one solution.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Required when the first of the ranking is not among the chosen ones."),
        widget=Counter(2000),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, allowed: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = SolutionVersion.objects.filter(pk__in=allowed).select_related("solution").defer("card")
        self.fields["versions"].queryset = rows  # type: ignore[attr-defined]

    @classmethod
    def saved(cls, diagnosis: Diagnosis, data: Mapping[str, Any]) -> dict[str, Any]:
        decision = getattr(diagnosis, "decision", None)
        return {"versions": list(decision.versions.all()), "reason": decision.reason} if decision else {}


class SignForm(Seen):
    pass


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), min_length=5, max_length=400, widget=Counter(400))


class NoteForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Note"), max_length=1000, required=False, widget=Counter(1000)
    )


class ReportForm(forms.Form):
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("pl", "polski"), ("en", "English")]
    )
    format = forms.ChoiceField(label=gettext_lazy("Form"), choices=Report.Format.choices)


class EnquiryForm(forms.Form):
    """“Bring it here”."""

    place = PlaceField(label=gettext_lazy("For which gmina"))
    contact_role = forms.ChoiceField(label=gettext_lazy("Your role"), choices=ContactRole.choices)
    why = forms.CharField(
        label=gettext_lazy("Why you ask"),
        help_text=gettext_lazy("What happens in your place that this should change. No private names."),
        widget=Counter(2000),
        max_length=2000,
        required=False,
    )
    has_already = forms.CharField(
        label=gettext_lazy("What you already have"),
        help_text=gettext_lazy("Premises, people, a partner, a firm that would buy, a workshop nearby."),
        widget=Counter(2000),
        max_length=2000,
        required=False,
    )
    checked = forms.BooleanField(
        label=gettext_lazy("I have checked: no private person can be recognised"),
        required=False,
        widget=forms.HiddenInput,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        found = [w for name in ("why", "has_already") for w in personal.warnings(data.get(name) or "")]
        if found and not data.get("checked"):
            self.fields["checked"].widget = forms.CheckboxInput()
            what = ", ".join(dict.fromkeys(found))
            self.add_error(
                "checked",
                _("The text looks as if it holds %(what)s. Please look once more.") % {"what": what},
            )
        return data
