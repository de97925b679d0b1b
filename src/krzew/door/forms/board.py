"""What is typed on the board."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from krzew.door.models import Offer, OfferKind, Subject
from krzew.places.forms import PlaceField
from krzew.ui.forms import Counter, Radios


class OfferForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Do you offer or look for something?"), choices=OfferKind.choices, widget=Radios
    )
    subject = forms.ChoiceField(label=_("What is it about?"), choices=Subject.choices, widget=Radios)
    title = forms.CharField(label=_("In a few words"), max_length=120)
    text = forms.CharField(label=_("What exactly?"), max_length=3000, widget=Counter(3000, {"rows": 5}))
    place = PlaceField(label=_("Gmina"), required=False)
    until = forms.DateField(label=_("Until when?"), required=False, widget=forms.DateInput)
    shown_as = forms.CharField(
        label=_("Name to be shown, if you want one"),
        help_text=_("For example the name of your organisation. Without it the notice has no name."),
        max_length=120,
        required=False,
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("Never shown. Answers reach you through the office."),
        required=False,
    )
    phone = forms.CharField(label=_("Or a telephone number"), max_length=30, required=False)
    consent = forms.BooleanField(
        label=_("I agree that the office keeps my notice and address until the notice is closed."),
        required=False,
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)  # people leave it empty

    @classmethod
    def of(cls, offer: Offer, data: Any = None) -> OfferForm:
        names = ("kind", "subject", "title", "text", "place", "until", "shown_as", "email", "phone")
        return cls(data, initial={name: getattr(offer, name) for name in names} | {"consent": True})

    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "website"}


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("What would you like to say?"), max_length=3000, widget=Counter(3000, {"rows": 5})
    )
    name = forms.CharField(label=_("Your name, if you want"), max_length=120, required=False)
    email = forms.EmailField(label=_("Your e-mail"), required=False)
    phone = forms.CharField(label=_("Or a telephone number"), max_length=30, required=False)
    consent = forms.BooleanField(
        label=_("I agree that the office passes my words and my address on to the author of this notice."),
        required=False,
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "website"}


class WhyForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=1000, required=False, widget=Counter(1000, {"rows": 3}))
