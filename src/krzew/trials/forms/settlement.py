"""What is typed into a report on a result, its protocol, payments and returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from krzew.calls.applications.answers import Wrong, number_of
from krzew.trials.forms.agreements import Later, LaterMoney, LaterText, Money
from krzew.ui.forms import Counter
from krzew.ui.forms import Decimal as DecimalInput


class Percent(forms.CharField):
    """A share from 0 to 100, as people type it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DecimalInput("%"), max_length=10, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = str(super().clean(value) or "").rstrip("%")
        try:
            found = number_of(text) if text else None
        except Wrong as error:
            raise forms.ValidationError(str(error)) from error
        if found is not None and not 0 <= found <= 100:
            raise forms.ValidationError(_("Between 0 and 100."))
        return None if found is None else found.quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        text = f"{value.normalize():f}" if isinstance(value, Decimal) else value
        pl = (get_language() or "pl").startswith("pl")
        return text.replace(".", ",") if pl and isinstance(text, str) else text


class LaterPercent(Later, Percent):
    """A share that may still be open."""


class ReportForm(forms.Form):
    """The report on a result. Nothing is demanded while it is written; sending asks for all of it."""

    use_required_attribute = False

    revision = forms.IntegerField(widget=forms.HiddenInput)
    done = LaterText(
        label=_("What was done"),
        help_text=_("In plain words, as you would tell a neighbour. No names of testers."),
        max_length=8000,
        widget=Counter(8000, {"rows": 8}),
    )
    evidence = LaterText(
        label=_("How one can see it"),
        help_text=_("A link, a photograph, a list of meetings, a visit. No invoices are needed."),
        max_length=4000,
        widget=Counter(4000, {"rows": 4}),
    )
    achieved = LaterPercent(
        label=_("How much of the result was achieved"),
        help_text=_(
            "100 when everything planned for this result was done, also when the test showed a failure."
        ),
    )

    def __init__(self, *args: Any, lines: Iterable[Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for row in self.lines:
            label = _("Spent: %(action)s") % {"action": row["action"]}
            self.fields[f"spent_{row['line']}"] = LaterMoney(label=label)

    def spent(self, kept: bool = False) -> dict[str, Decimal | None]:
        """Amounts by line; with `kept` a line that cannot be read stays as it was saved."""
        found: dict[str, Decimal | None] = {}
        for row in self.lines:
            name = f"spent_{row['line']}"
            if name in self.cleaned_data:
                found[row["line"]] = self.cleaned_data[name]
            elif kept:
                found[row["line"]] = Decimal(row["spent"]) if row["spent"] else None
        return found


class SendForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    stated = forms.BooleanField(
        label=_("I declare that this report is true, also what was spent"), required=False
    )


class AcceptForm(forms.Form):
    achieved = Percent(label=_("Achieved"))
    accepted = Money(label=_("Expenditure accepted"))
    to_return = Money(label=_("To return"))
    text = forms.CharField(
        label=_("Remarks in the protocol"),
        help_text=_("Needed when an amount differs from what was declared or computed."),
        required=False,
        max_length=6000,
        widget=Counter(6000, {"rows": 4}),
    )


class BackForm(forms.Form):
    why = forms.CharField(
        label=_("What must be added or corrected"), max_length=4000, widget=Counter(4000, {"rows": 4})
    )


class ProtocolForm(forms.Form):
    """The innovator's signature under a protocol."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(label=_("Your name and surname"), max_length=200)


class NoteProtocolForm(forms.Form):
    side = forms.ChoiceField(label=_("Who signed"))
    name = forms.CharField(label=_("Name and surname"), max_length=200)
    on = forms.DateField(label=_("When"))


class PayForm(forms.Form):
    amount = Money(label=_("Amount paid"))
    on = forms.DateField(label=_("Day of the transfer"))


class AskBackForm(forms.Form):
    amount = Money(label=_("Amount to return"))
    why = forms.CharField(label=_("Why"), max_length=2000, widget=Counter(2000, {"rows": 3}))
    due_on = forms.DateField(label=_("By which day"), required=False)


class CameBackForm(forms.Form):
    on = forms.DateField(label=_("Day on which the money came"))
