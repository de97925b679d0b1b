"""What is typed about a recommendation of a council."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from krzew.calls.decisions_rules import OUTCOMES
from krzew.ui.forms import Counter, Radios


class AdviceForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("The council recommends"),
        choices=[(o.value, o.label) for o in OUTCOMES],
        widget=Radios,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy(
            "In a few sentences. It goes into the protocol and stands beside the decision."
        ),
        max_length=4000,
        widget=Counter(4000, {"rows": 6}),
    )
    stepped_out = forms.CharField(
        label=gettext_lazy("Who stepped out because of a link with the applicant"),
        help_text=gettext_lazy("Names of the members who took no part in this recommendation."),
        max_length=500,
        required=False,
    )
