"""What is typed about an innovation as a whole."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import User
from krzew.ui.forms import Counter


class MentorForm(forms.Form):
    mentor = forms.ModelChoiceField(
        label=_("Mentor"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("nobody yet"),
        help_text=_("People with the role of a mentor in your organisation. An owner gives the role."),
    )


class PublicForm(forms.Form):
    """What everybody reads about this innovation, while it is on its way."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    public_pl = forms.CharField(
        label=_("What it is, in Polish"),
        help_text=_(
            "Two or three plain sentences: what is tried, for whom, where. No names, no health of anybody."
        ),
        max_length=3000,
        required=False,
        widget=Counter(3000, {"rows": 6}),
    )
    public_en = forms.CharField(
        label=_("What it is, in English"), max_length=3000, required=False, widget=Counter(3000, {"rows": 6})
    )
    shows_innovator = forms.BooleanField(
        label=_("The innovator agreed that the name is shown"), required=False
    )
    is_public = forms.BooleanField(label=_("Everybody may read the way of this innovation"), required=False)


class WhyForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=4000, min_length=5, widget=Counter(4000, {"rows": 4}))
