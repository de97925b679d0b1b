"""What is typed at the front door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from krzew.door.acts.needs import LONGEST
from krzew.door.models import Sender
from krzew.door.queries.answers import Asked
from krzew.places.forms import PlaceField
from krzew.ui.forms import Counter, Radios

EXAMPLES: dict[str, tuple[str | Promise, str | Promise]] = {
    "widow": (
        _("A widow"),
        _("Since my husband died I feel lonely and I mix up my pills."),
    ),
    "carer": (
        _("A tired carer"),
        _("I look after my mother who has dementia. I have no strength left and nobody to take my place."),
    ),
    "young": (
        _("A young man out of work"),
        _("I am 20 and I look for my first job, but nobody wants to employ me."),
    ),
}
"""Three sentences that lead to real answers, for somebody who does not know how to begin."""


class NeedForm(forms.Form):
    text = forms.CharField(
        label=_("What is wrong? What would help?"),
        help_text=_("Write as you would tell a neighbour. Names are not needed."),
        max_length=LONGEST,
        widget=Counter(LONGEST, {"rows": 6, "autocomplete": "off"}),
        error_messages={"required": _("Write a sentence, or choose one of the examples.")},
    )
    sender = forms.ChoiceField(
        label=_("Whom is it for?"),
        choices=Sender.choices,
        widget=Radios,
        initial=Sender.PERSON,
        required=False,
    )
    place = PlaceField(
        label=_("Gmina"),
        help_text=_("Then you also see who is near and what is known about the place."),
        required=False,
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)  # people leave it empty

    def clean_sender(self) -> str:
        return self.cleaned_data["sender"] or Sender.PERSON


class StateForm(NeedForm):
    """The same with what was corrected on the answer page, sent along in hidden fields."""

    out = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    instead = forms.CharField(required=False, max_length=800, widget=forms.HiddenInput)

    @property
    def only_the_place_is_unknown(self) -> bool:
        return set(self.errors) == {"place"}

    def asked(self) -> Asked:
        data = self.cleaned_data
        pairs = [tuple(pair.split(">", 1)) for pair in data["instead"].split() if ">" in pair]
        return Asked(
            data["text"],
            data["sender"],
            data.get("place"),
            tuple(data["out"].split()),
            tuple((old, new) for old, new in pairs),
        )


def state_of(asked: Asked) -> dict[str, str]:
    """Hidden fields that carry a text and its corrections to the next page; never an address."""
    return {
        "text": asked.text,
        "sender": asked.sender,
        "place": asked.place.code if asked.place else "",
        "out": " ".join(asked.out),
        "instead": " ".join(f"{old}>{new}" for old, new in asked.instead),
    }


class KeepForm(forms.Form):
    """What is kept, seen and changed by its author before it is kept."""

    text = forms.CharField(
        label=_("This is what we keep"),
        help_text=_("Change it as you like. Telephone numbers, addresses and names are hidden again."),
        max_length=LONGEST,
        widget=Counter(LONGEST, {"rows": 7, "autocomplete": "off"}),
    )
    whom = forms.CharField(
        label=_("Whom does it concern?"),
        help_text=_("For example: older people who live alone in the villages."),
        max_length=200,
        required=False,
    )
    people = forms.IntegerField(
        label=_("How many people, about?"), min_value=1, max_value=10_000_000, required=False
    )
    email = forms.EmailField(
        label=_("E-mail for the answer"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Or a telephone: the office calls back"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    name = forms.CharField(
        label=_("Name, so that we know whom to address"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    wants_news = forms.BooleanField(
        label=_("Tell me by e-mail when a new solution for this appears"), required=False
    )
    consent = forms.BooleanField(
        label=_("I agree that what stands above is kept and read by the office, so that it can help"),
        required=False,
    )
    codes = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    sender = forms.ChoiceField(choices=Sender.choices, widget=forms.HiddenInput)
    place = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    once = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, challenge: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not challenge:
            del self.fields["whom"], self.fields["people"]
