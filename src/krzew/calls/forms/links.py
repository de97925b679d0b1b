"""Asking for a lost link."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LostLinkForm(forms.Form):
    email = forms.EmailField(
        label=_("The e-mail that you gave"),
        error_messages={"required": _("Type the e-mail that you gave.")},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    website = forms.CharField(
        required=False, widget=forms.HiddenInput
    )  # people leave it empty, robots do not
