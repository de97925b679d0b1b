"""What is typed about a ranking: another cap to try, and the order of equals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krzew.ui.forms import Checkboxes


class WhatIfForm(forms.Form):
    """Nothing here changes anything: it shows what another rule would do."""

    cap = forms.DecimalField(label=gettext_lazy("Another pool"), min_value=0, max_digits=14, required=False)
    knapsack = forms.BooleanField(
        label=gettext_lazy("Show the set with the most points"),
        help_text=gettext_lazy("For information only: it prefers many cheap ideas to a good one."),
        required=False,
    )

    def __init__(self, quotas: Mapping[str, str], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        if quotas:
            self.fields["without"] = forms.MultipleChoiceField(
                label=_("Without"), choices=list(quotas.items()), widget=Checkboxes, required=False
            )


class OrderForm(forms.Form):
    """How the deciding body puts equals in order."""

    order = forms.CharField(
        label=gettext_lazy("Order of the equal ones"),
        help_text=gettext_lazy("Their numbers, the first one first, with commas: 1/007, 1/003"),
        max_length=2000,
    )
    why = forms.CharField(
        label=gettext_lazy("Why in this order"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def labels(self) -> list[str]:
        return [part.strip() for part in self.cleaned_data["order"].split(",") if part.strip()]
