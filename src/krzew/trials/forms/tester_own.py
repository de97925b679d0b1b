"""What a tester, or her guardian, types on her own page: as little as can be."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AgreeForm(forms.Form):
    """`text` is the version that was read; agreeing to another one is refused."""

    text = forms.IntegerField(widget=forms.HiddenInput)


class GuardianForm(AgreeForm):
    guardian = forms.CharField(label=_("Name of the guardian"), max_length=120, required=False)
