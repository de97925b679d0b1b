"""What is typed about a ranking: another cap to try, and the order of equals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krzew.methods.portfolio import Quota
from krzew.ui.forms import Checkboxes

MONEY = "_money"
"""How the name of a quota of money ends."""
BOUNDS = (gettext_lazy("%(quota)s: at least so many"), gettext_lazy("%(quota)s: at most so many"))
MONEY_BOUNDS = (
    gettext_lazy("%(quota)s: at least so much money"),
    gettext_lazy("%(quota)s: at most so much money"),
)


class WhatIfForm(forms.Form):
    """Nothing here changes anything: it shows what another rule would do."""

    cap = forms.DecimalField(label=gettext_lazy("Another pool"), min_value=0, max_digits=14, required=False)
    knapsack = forms.BooleanField(
        label=gettext_lazy("Show the set with the most points"),
        help_text=gettext_lazy("For information only: it prefers many cheap ideas to a good one."),
        required=False,
    )

    def __init__(self, quotas: Mapping[str, str], numbers: Iterable[Quota], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.numbers = list(numbers)
        for n, quota in enumerate(self.numbers):
            label = quotas.get(quota.name.removesuffix(MONEY), _("Places"))
            self._bounds(n, quota, label)
        if quotas:
            self.fields["without"] = forms.MultipleChoiceField(
                label=_("Without"), choices=list(quotas.items()), widget=Checkboxes, required=False
            )

    def _bounds(self, n: int, quota: Quota, label: str) -> None:
        """Its two numbers as they are now; an empty one is no bound."""
        texts = MONEY_BOUNDS if quota.unit == "money" else BOUNDS
        for name, text, value in zip(("least", "most"), texts, (quota.at_least, quota.at_most), strict=True):
            self.fields[f"{name}_{n}"] = forms.DecimalField(
                label=text % {"quota": label}, initial=value, min_value=0, max_digits=14, required=False
            )

    def changed_quotas(self) -> list[Quota] | None:
        """The quotas with the numbers that were typed; None where they are the same."""
        said = [(self._said("least", n), self._said("most", n)) for n in range(len(self.numbers))]
        if said == [(quota.at_least, quota.at_most) for quota in self.numbers]:
            return None
        rows = zip(self.numbers, said, strict=True)
        return [
            replace(q, at_least=low, at_most=high) for q, (low, high) in rows if (low, high) != (None, None)
        ]

    def _said(self, name: str, n: int) -> Decimal | None:
        """What was typed; a number that was not sent stays as it is."""
        field = f"{name}_{n}"
        sent = field in self.data
        value: Decimal | None = self.cleaned_data.get(field) if sent else self.fields[field].initial
        return value


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
