"""What is typed about testers and by testers, and what is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal as Number
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.trials.models import Tester
from krzew.trials.small.questions import Question
from krzew.ui.forms import Checkboxes, Counter, Decimal, Radios


class PersonForm(forms.Form):
    """Few fields: what it takes to meet somebody, and nothing about her health."""

    name = forms.CharField(label=_("Name, or how to speak to you"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    needs = forms.CharField(
        label=_("What you need to take part"),
        help_text=_("For example: a ramp, sign language, large print, somebody beside you."),
        max_length=1000,
        required=False,
        widget=Counter(1000, {"rows": 3}),
    )
    has_guardian = forms.BooleanField(label=_("I am under 18, or I have a legal guardian"), required=False)
    guardian = forms.CharField(
        label=_("Name of the guardian"),
        help_text=_("Parent or legal guardian. The guardian agrees too."),
        max_length=120,
        required=False,
    )


class SignUpForm(PersonForm):
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if not data.get("email") and not data.get("phone") and "email" not in self.errors:
            self.add_error("email", _now("Give an e-mail or a telephone number, so that we can answer."))
        return data


class InviteForm(PersonForm):
    """The innovator puts somebody on the list."""

    decides_herself = forms.BooleanField(
        label=_("This person can say yes or no, too"),
        help_text=_("With a guardian: both agree. Without this only the guardian does."),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name, or how to speak to this person")
        self.fields["needs"].label = _("What this person needs to take part")
        self.fields["has_guardian"].label = _("Under 18, or has a legal guardian")


class DescribeForm(forms.Form):
    profile = forms.MultipleChoiceField(
        label=_("Who this person is, by the plan"), required=False, widget=Checkboxes
    )
    has_guardian = forms.BooleanField(label=_("Under 18, or has a legal guardian"), required=False)
    decides_herself = forms.BooleanField(label=_("This person can say yes or no, too"), required=False)

    def __init__(self, data: Any, tester: Tester) -> None:
        names = ("profile", "has_guardian", "decides_herself")
        super().__init__(data, initial={name: getattr(tester, name) for name in names})
        lines = tester.test.plan.get("profile", [])
        if lines:
            field = self.fields["profile"]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(row["code"], row["label"]) for row in lines]
        else:
            del self.fields["profile"]


class ConsentTextForm(forms.Form):
    text_pl = forms.CharField(
        label=_("To what testers agree, in Polish"),
        help_text=_(
            "Short sentences: what they do, how long, what may be unpleasant, what is noted, who reads it, that they "
            "may leave at any time, that it costs nothing."
        ),
        max_length=6000,
        widget=Counter(6000, {"rows": 12}),
    )
    text_en = forms.CharField(
        label=_("The same in English"), max_length=6000, required=False, widget=Counter(6000, {"rows": 6})
    )


class LeaveForm(forms.Form):
    keep_answers = forms.BooleanField(label=_("My answers so far may stay, without my name"), required=False)
    why = forms.CharField(
        label=_("If you want, say why"), max_length=300, required=False, widget=Counter(300, {"rows": 2})
    )


class MeasureForm(forms.Form):
    """One answer for each tester; empty means that she was not asked."""

    on = forms.DateField(label=_("When it was measured"))

    def __init__(
        self, data: Any, asked: Question, testers: Sequence[Tester], known: Mapping[str, Number]
    ) -> None:
        super().__init__(data, initial={"on": timezone.localdate()})
        self.codes = [tester.code for tester in testers]
        for code in self.codes:
            self.fields[code] = _answer(asked, code, known.get(code))

    def values(self) -> dict[str, Number | None]:
        return {code: _typed(self.cleaned_data[code]) for code in self.codes}


def _typed(value: Any) -> Number | None:
    return None if value in (None, "") else Number(value)


def _answer(asked: Question, code: str, known: Number | None) -> forms.Field:
    if asked.answer == "yes_no":
        choices = [("1", _("yes")), ("0", _("no")), ("", pgettext_lazy("answer", "not asked"))]
        initial = "" if known is None else str(int(known))
        return forms.ChoiceField(
            label=code, choices=choices, required=False, initial=initial, widget=Radios(choices=choices)
        )
    places = 0 if asked.measure == "events" else 3
    return forms.DecimalField(
        label=code,
        required=False,
        initial=None if known is None else known.normalize(),
        max_digits=9 + places,
        decimal_places=places,
        widget=Decimal(),
    )
