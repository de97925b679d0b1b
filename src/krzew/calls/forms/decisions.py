"""What is typed about decisions, appeals and offers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from krzew.calls.decisions_rules import OUTCOMES
from krzew.calls.models import Assessor
from krzew.calls.states import AppealState
from krzew.ui.forms import Counter, Radios


class DecisionForm(forms.Form):
    """The decision about one application, beside what is proposed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=[(o.value, o.label) for o in OUTCOMES], widget=Radios
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Grant"),
        help_text=gettext_lazy("Less than was asked for is an offer that the applicant takes or leaves."),
        max_digits=12,
        decimal_places=2,
        required=False,
        localize=True,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for the protocol"),
        help_text=gettext_lazy("Needed where the decision differs from what is proposed."),
        max_length=4000,
        required=False,
        widget=Counter(4000, {"rows": 4}),
    )
    feedback = forms.CharField(
        label=gettext_lazy("What the applicant reads"),
        help_text=gettext_lazy("Prepared from the points. You may change it; it goes into the letter."),
        max_length=6000,
        required=False,
        widget=Counter(6000, {"rows": 12}),
    )


class AppealForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What should be looked at again, and why"),
        max_length=6000,
        min_length=20,
        widget=Counter(6000, {"rows": 8}),
    )


class GiveForm(forms.Form):
    """Who looks again."""

    assessor = forms.ModelChoiceField(label=gettext_lazy("Assessor"), queryset=Assessor.objects.none())

    def __init__(self, people: Any, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["assessor"].queryset = people  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The answer to an appeal."""

    state = forms.ChoiceField(
        label=gettext_lazy("The appeal is"),
        choices=[(s.value, s.label) for s in AppealState if s != AppealState.FILED],
        widget=Radios,
    )
    answer = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The applicant reads it."),
        max_length=6000,
        min_length=20,
        widget=Counter(6000, {"rows": 8}),
    )


class AgainForm(forms.Form):
    """The decision after an upheld appeal."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=[(o.value, o.label) for o in OUTCOMES], widget=Radios
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Grant"), max_digits=12, decimal_places=2, required=False, localize=True
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The applicant reads it."),
        max_length=4000,
        widget=Counter(4000, {"rows": 6}),
    )
