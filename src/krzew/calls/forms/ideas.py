"""What people type about ideas, programmes and calls."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from krzew.calls.models import Channel, IdeaCard, Maturity, Wish
from krzew.places.forms import PlaceField
from krzew.ui.forms import Counter, Radios

NOT_KEPT = ("revision", "consent")


class FirstWordsForm(forms.Form):
    """The lowest threshold: one sentence, or only the wish to join."""

    wish = forms.ChoiceField(
        label=_("What brings you here"), choices=Wish.choices, widget=Radios, initial=Wish.IDEA
    )
    what = forms.CharField(
        label=_("In your own words"),
        help_text=_("A sentence is enough to begin. Nobody but you sees it until you send it."),
        max_length=3000,
        required=False,
        widget=Counter(3000),
    )
    website = forms.CharField(
        required=False, widget=forms.HiddenInput
    )  # people leave it empty, robots fill it in


class IdeaForm(forms.Form):
    """The whole card. Nothing is obligatory while it is being written."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    wish = forms.ChoiceField(label=_("What brings you here"), choices=Wish.choices, widget=Radios)
    what = forms.CharField(
        label=_("What is it?"),
        help_text=_("Write as you would tell a neighbour. What should be done, and what is hard today?"),
        max_length=3000,
        required=False,
        widget=Counter(3000),
    )
    for_whom = forms.CharField(
        label=_("For whom?"),
        help_text=_("Who would live or work better thanks to it?"),
        max_length=1500,
        required=False,
        widget=Counter(1500),
    )
    maturity = forms.ChoiceField(
        label=_("How far is it?"),
        choices=[("", _("I do not know yet")), *Maturity.choices],
        required=False,
        widget=Radios,
    )
    title = forms.CharField(label=_("A short name, if you have one"), max_length=120, required=False)
    place = PlaceField(
        label=_("Where?"),
        help_text=_("The gmina where you live or where it should be tried."),
        required=False,
    )
    name = forms.CharField(
        label=_("Your name"), max_length=120, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("We send you the link to this page and the answer."),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )

    consent = forms.BooleanField(
        label=_("I agree that the team of the incubator reads my idea and answers me."),
        help_text=_(
            "Your name and address stay with the team. The card is kept for two years at most; you may take it back "
            "at any time, and then it is deleted."
        ),
        required=False,
    )

    @classmethod
    def of(cls, card: IdeaCard, data: Any = None) -> IdeaForm:
        """The form with what the card holds, or with what was just typed."""
        names = [name for name in cls.base_fields if name not in ("place", "consent")]
        first = {name: getattr(card, name) for name in names} | {"place": card.place_id or ""}
        return cls(data, initial=first, auto_id="idea_%s")

    def kept(self) -> dict[str, Any]:
        """The fields of the card that are well formed: a slip in one loses none of the others."""
        return {name: value for name, value in self.cleaned_data.items() if name not in NOT_KEPT}


class KeyedForm(IdeaForm):
    """An idea that came on paper, by telephone or at a meeting."""

    channel = forms.ChoiceField(
        label=_("How did it reach you?"),
        choices=[pair for pair in Channel.choices if pair[0] != Channel.SELF],
        widget=Radios,
    )
    consent = forms.BooleanField(
        label=_("The author knows that the data are kept here and agrees; the paper or note is with us."),
    )
    field_order = ["channel"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["revision"]


class SayForm(forms.Form):
    text = forms.CharField(label=_("Your message"), max_length=4000, widget=Counter(4000, {"rows": 4}))
