"""What librarians type about words."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from krzew.ui.forms import Radios


class WordForm(forms.Form):
    text = forms.CharField(
        label=_("Word or phrase, as people say it"),
        help_text=_("Inflected forms are found by themselves. A star at the end means: any ending."),
        max_length=120,
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("pl", "Polski"), ("en", "English")], widget=Radios, initial="pl"
    )
    is_misspelling = forms.BooleanField(
        label=_("It is a misspelling: search it, do not show it"), required=False
    )


class SettleForm(forms.Form):
    """Where an unknown word belongs: the name or the code of a concept."""

    concept = forms.CharField(label=_("Concept"), max_length=80)
