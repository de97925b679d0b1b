"""What is typed into the diary and about risks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.trials.acts.diary import BY_INNOVATOR, BY_TEAM
from krzew.trials.models import DiaryKind
from krzew.ui.forms import Counter, Decimal

WEIGHTS = [
    (1, pgettext_lazy("weight of a risk", "small")),
    (2, pgettext_lazy("weight of a risk", "middle")),
    (3, pgettext_lazy("weight of a risk", "large")),
]


class DiaryForm(forms.Form):
    kind = forms.ChoiceField(label=_("What kind of entry"))
    text = forms.CharField(
        label=_("What happened"),
        help_text=_("Testers by their code, such as T03; never by name."),
        max_length=4000,
        widget=Counter(4000, {"rows": 4}),
    )
    on = forms.DateField(label=_("When"))
    why = forms.CharField(
        label=_("Why (for a change)"), max_length=2000, required=False, widget=Counter(2000, {"rows": 3})
    )
    hours = forms.DecimalField(
        label=_("Hours (for support by the mentor)"),
        max_digits=5,
        decimal_places=2,
        min_value=0,
        required=False,
        widget=Decimal(),
    )
    attended = forms.IntegerField(
        label=_("People of the team who came (for a workshop)"), min_value=0, max_value=500, required=False
    )

    def __init__(self, data: Any, innovator: bool) -> None:
        kinds = BY_INNOVATOR if innovator else BY_TEAM
        super().__init__(data, initial={"on": timezone.localdate(), "kind": kinds[0]})
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, DiaryKind(kind).label) for kind in kinds]
        if innovator:
            del self.fields["hours"]

    def first(self) -> list[forms.BoundField]:
        return [self["kind"], self["text"]]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in ("kind", "text")]

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class RiskForm(forms.Form):
    text = forms.CharField(label=_("What may go wrong"), max_length=300)
    likelihood = forms.TypedChoiceField(label=_("How likely"), choices=WEIGHTS, coerce=int, initial=2)
    impact = forms.TypedChoiceField(label=_("How bad"), choices=WEIGHTS, coerce=int, initial=2)
    answer = forms.CharField(
        label=_("What we do about it"), max_length=1000, required=False, widget=Counter(1000, {"rows": 3})
    )


class RiskChangeForm(RiskForm):
    happened_on = forms.DateField(label=_("It happened on"), required=False)
    closed = forms.BooleanField(label=_("It is over: this cannot happen any more"), required=False)
