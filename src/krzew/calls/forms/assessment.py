"""What the team types about a stage of assessment."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krzew.calls.acts.assignment_by_hand import Line
from krzew.calls.assessment_matching import Assessed, usual_number
from krzew.calls.definition.assessment import MeritStage
from krzew.calls.models import Assessor
from krzew.ui.forms import Date, Radios

DAYS_TO_SIGN = 14
MOST_BYTES = 1_000_000


class WishesForm(forms.Form):
    """What the team may set before the method proposes."""

    per_idea = forms.IntegerField(label=_("Assessors for one application"), min_value=1, max_value=50)
    experts = forms.BooleanField(
        label=_("Every application must have somebody who knows each of its themes"),
        help_text=_("Without this, knowledge of themes counts but does not decide."),
        required=False,
    )

    def __init__(self, stage: Assessed, themes: bool, data: Any = None) -> None:
        super().__init__(data, initial={"per_idea": usual_number(stage), "experts": True})
        if isinstance(stage, MeritStage):
            del self.fields["per_idea"]
        if not themes:
            del self.fields["experts"]


class DueForm(forms.Form):
    due_on = forms.DateField(label=_("Cards signed by"), widget=Date)

    def __init__(self, data: Any = None) -> None:
        super().__init__(
            data, initial={"due_on": timezone.localdate() + timedelta(days=DAYS_TO_SIGN)}, auto_id="due_%s"
        )


class ChangeForm(forms.Form):
    """One application of a proposal to somebody else."""

    out = forms.ModelChoiceField(
        label=_("Instead of"), queryset=Assessor.objects.none(), widget=Radios, empty_label=None
    )
    into = forms.ModelChoiceField(
        label=_("Whom"),
        help_text=_("The best fit first. Who is linked with it or has no room is not on the list."),
        queryset=Assessor.objects.none(),
        widget=Radios,
        empty_label=None,
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Kept beside the proposal."),
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, has: list[Assessor], free: list[tuple[Assessor, str]], data: Any = None) -> None:
        super().__init__(data)
        for name, rows in (("out", [(a, str(a)) for a in has]), ("into", free)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Assessor.objects.filter(pk__in=[a.pk for a, _label in rows])
            field.choices = [(a.pk, label) for a, label in rows]


class ThirdForm(forms.Form):
    assessor = forms.ModelChoiceField(
        label=_("Whom to ask"), queryset=Assessor.objects.none(), widget=Radios, empty_label=None
    )
    due_on = forms.DateField(label=_("Card signed by"), widget=Date)

    def __init__(self, free: list[tuple[Assessor, str]], data: Any = None) -> None:
        first: dict[str, Any] = {"due_on": timezone.localdate() + timedelta(days=DAYS_TO_SIGN)}
        super().__init__(
            data, initial=first | {"assessor": free[0][0].pk if free else None}, auto_id="third_%s"
        )
        field = self.fields["assessor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Assessor.objects.filter(pk__in=[a.pk for a, _label in free])
        field.choices = [(a.pk, label) for a, label in free]


class GiveOneForm(ThirdForm):
    """One application to one more person, chosen by the team."""

    reason = forms.CharField(
        label=_("Why this person"),
        help_text=_("Kept beside the assessment."),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )
    field_order = ["assessor", "reason", "due_on"]

    def __init__(self, free: list[tuple[Assessor, str]], data: Any = None) -> None:
        super().__init__(free, data)
        self.auto_id = "give_%s"


class ListForm(forms.Form):
    """Who assesses what, made elsewhere: a file, or its lines pasted."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV from a spreadsheet, at most 1 MB."), required=False
    )
    text = forms.CharField(
        label=_("or its lines"),
        help_text=_(
            "In each line the number of an application and the e-mail of an assessor: 1/007; jan@example.org"
        ),
        required=False,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than a list can be: 1 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.lines():
            raise forms.ValidationError({"text": _("Choose a file, or paste its lines.")})
        return data

    def lines(self) -> list[Line]:
        """Lines that name something; a heading without any number is left out."""
        rows = [(at, [cell.strip(" \"'") for cell in re.split("[;,\t]", row)]) for at, row in self._rows()]
        said = [Line(at, row[0], next((c for c in row[1:] if "@" in c), row[-1])) for at, row in rows]
        return [line for line in said if any(sign.isdigit() for sign in line.number)]

    def _rows(self) -> list[tuple[int, str]]:
        file = self.cleaned_data.get("file")
        if file is None:
            text = self.cleaned_data.get("text", "")
        else:
            file.seek(0)
            text = file.read().decode("utf-8-sig", errors="replace")
        return [(at, row) for at, row in enumerate(text.splitlines(), 1) if row.strip()]


class _When(forms.Form):
    day = forms.DateField(label=_("Day"), widget=Date)
    hour = forms.TimeField(label=_("Hour"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    where = forms.CharField(
        label=_("Where"), help_text=_("The address, or the link of the video room."), max_length=300
    )

    def moment(self) -> datetime:
        """Warsaw time, as people read it on the page."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))


class PlanForm(_When):
    """Meetings one after another."""

    count = forms.IntegerField(label=_("How many meetings"), min_value=1, max_value=60, initial=8)
    minutes = forms.IntegerField(label=_("Minutes for each"), min_value=5, max_value=480)
    pause = forms.IntegerField(label=_("Minutes between them"), min_value=0, max_value=240, initial=5)
    field_order = ["day", "hour", "count", "minutes", "pause", "where"]


class MoveForm(_When):
    """Another time for one meeting."""


class AttendanceForm(forms.Form):
    came = forms.TypedChoiceField(
        label=_("Did the applicant come?"),
        choices=[("yes", _("came")), ("no", _("did not come"))],
        coerce=lambda value: value == "yes",
        widget=Radios,
    )
    note = forms.CharField(
        label=_("Notes from the talk"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )
