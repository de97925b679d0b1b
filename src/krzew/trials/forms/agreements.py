"""What is typed into an agreement: data, clauses, lines of the plan, signatures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from krzew.calls.applications.answers import Wrong, money_of
from krzew.trials.agreements import clauses
from krzew.trials.agreements.filling import DE_MINIMIS
from krzew.ui.forms import Counter, Date
from krzew.ui.forms import Decimal as DecimalInput

YES_NO = [("yes", _("yes")), ("no", _("no"))]
BLANK_LINES = 2


class Later:
    """Asked for, but not yet: a label without "optional", and nothing refused while one writes."""

    def validate(self, value: Any) -> None:
        """What is missing is said before the next step."""


class LaterText(Later, forms.CharField):
    """A text that may still be empty."""


class LaterChoice(forms.ChoiceField):
    """A choice that may still be open."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class Money(forms.CharField):
    """An amount as people type it: 12 000,50."""

    widget = DecimalInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DecimalInput("zł"), max_length=20, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            return money_of(text) if text else None
        except Wrong as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """12000.50 is shown as Polish readers write it: 12000,50."""
        text = f"{value:.2f}" if isinstance(value, Decimal) else value
        pl = (get_language() or "pl").startswith("pl")
        return text.replace(".", ",") if pl and isinstance(text, str) else text


class LaterMoney(Later, Money):
    """An amount that may still be open."""


class DataForm(forms.Form):
    """The data of a grant agreement; one on co-operation asks for less."""

    use_required_attribute = False

    revision = forms.IntegerField(widget=forms.HiddenInput)
    label = forms.CharField(
        label=_("Number of the agreement"),
        help_text=_("As your office numbers it. It may stay empty until the day of signing."),
        max_length=60,
        required=False,
    )
    amount = Money(label=_("Amount of the grant"))
    own_contribution = Money(label=_("Own contribution"), required=False)
    starts_on = forms.DateField(label=_("First day"))
    ends_on = forms.DateField(label=_("Last day"))
    basis = LaterChoice(label=_("Legal basis"))
    children = LaterChoice(
        label=_("Do children take part in the test?"),
        help_text=_("Yes adds the clause on the protection of minors."),
        choices=YES_NO,
    )
    keeping_years = forms.IntegerField(
        label=_("Years for which papers are kept"),
        help_text=_("Look into your own contract. Left empty, the agreement has no such clause."),
        min_value=1,
        max_value=50,
        required=False,
    )
    return_days = forms.IntegerField(
        label=_("Days for a return of money"), min_value=1, max_value=365, required=False
    )
    de_minimis = LaterChoice(
        label=_("De minimis aid, as the grantee declares"), choices=list(DE_MINIMIS.items()), required=False
    )
    licence = forms.CharField(label=_("Licence for the materials"), max_length=30, required=False)
    operator_name = forms.CharField(label=_("Who signs for the incubator"), max_length=200)
    operator_role = forms.CharField(label=_("In which role"), max_length=200, required=False)
    innovator_name = forms.CharField(label=_("Who signs for the innovator"), max_length=200)
    innovator_role = forms.CharField(label=_("In which role"), max_length=200, required=False)
    partners = forms.CharField(
        label=_("Partners and members who sign too"),
        help_text=_("One in a line."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: Any, grant: bool, de_minimis: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if grant and not de_minimis:
            del self.fields["de_minimis"]
        if not grant:
            for name in GRANT_ONLY:
                del self.fields[name]
            for name in ("starts_on", "ends_on"):
                self.fields[name].required = False
            return
        language = "pl" if (get_language() or "pl").startswith("pl") else "en"
        field = self.fields["basis"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(row.code, _named(row, language)) for row in clauses.bases(timezone.localdate())]

    def people(self) -> list[tuple[str, str, str]]:
        data = self.cleaned_data
        found = [(side, data[f"{side}_name"], data[f"{side}_role"]) for side in ("operator", "innovator")]
        return found + [("partner", name.strip()[:200], "") for name in data["partners"].splitlines()]

    def settings(self) -> dict[str, Any]:
        if "basis" not in self.fields:
            return {}
        children = {"yes": True, "no": False}.get(self.cleaned_data["children"])
        kept = {name: self.cleaned_data[name] for name in SETTLED if name in self.cleaned_data}
        return {**kept, "children": children}


SETTLED = ("basis", "keeping_years", "return_days", "de_minimis")
GRANT_ONLY = ("amount", "own_contribution", "children", "licence", *SETTLED)


def _named(row: clauses.Basis, language: str) -> str:
    text = ", ".join(part for part in (row.label[language], row.article) if part)
    note = "" if row.verified else _("wording not compared with the act")
    return f"{text} ({note})" if note else text


class ClauseForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title of the clause"), max_length=200)
    text = forms.CharField(
        label=_("Words of the clause"),
        help_text=_(
            "Words in braces, such as {amount}, are filled by themselves. An empty text takes the clause out."
        ),
        required=False,
        max_length=6000,
        widget=Counter(6000, {"rows": 12}),
    )


class PlanForm(forms.Form):
    """Lines of the plan with their costs, and two empty ones for more."""

    use_required_attribute = False

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, plan: list[dict[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        count = len(plan)
        if self.is_bound:
            count = max([count, *(int(k[7:]) for k in self.data if k[:7] == "action_" and k[7:].isdecimal())])
        self.count = min(count + (0 if self.is_bound else BLANK_LINES), 60)
        for n in range(1, self.count + 1):
            row = plan[n - 1] if n <= len(plan) else {"action": "", "cost": ""}
            number = {"n": n}
            self.fields[f"action_{n}"] = LaterText(
                label=_("Line %(n)d: what is done") % number,
                required=n <= len(plan),
                max_length=500,
                initial=row["action"],
            )
            self.fields[f"cost_{n}"] = LaterMoney(
                label=_("Line %(n)d: cost") % number, required=n <= len(plan), initial=row["cost"]
            )

    def rows(self) -> list[tuple[str, Decimal]]:
        data = self.cleaned_data
        pairs = ((data[f"action_{n}"], data[f"cost_{n}"]) for n in range(1, self.count + 1))
        return [(action, cost or Decimal(0)) for action, cost in pairs if action.strip()]


class DatesForm(forms.Form):
    """By when the report on each result comes."""

    use_required_attribute = False

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, results: list[tuple[str, str, date | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label, due in results:
            self.fields[f"due_{code}"] = forms.DateField(
                label=label, required=False, initial=due, widget=Date
            )

    def dates(self) -> dict[str, date | None]:
        return {name[4:]: value for name, value in self.cleaned_data.items() if name.startswith("due_")}


class SignForm(forms.Form):
    """The innovator's signature, given here."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    read = forms.BooleanField(label=_("I have read the agreement and I agree to it"))
    typed = forms.CharField(label=_("Your name and surname, as in the agreement"), max_length=200)


class NoteForm(forms.Form):
    """A signature that the team notes."""

    signature = forms.ChoiceField(label=_("Who signed"))
    on = forms.DateField(label=_("When"))
    way = forms.ChoiceField(
        label=_("How"), choices=[("paper", _("on paper")), ("electronic", _("with an electronic signature"))]
    )


class WhyForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=2000, widget=Counter(2000, {"rows": 4}))
