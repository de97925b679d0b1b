"""What is typed in cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import User
from krzew.door.acts.cases import LONGEST
from krzew.door.models import Canned
from krzew.places.forms import PlaceField
from krzew.ui.forms import Counter, Radios


class SayForm(forms.Form):
    text = forms.CharField(
        label=_("What would you like to say?"), max_length=LONGEST, widget=Counter(LONGEST, {"rows": 6})
    )


class AnswerForm(forms.Form):
    """The answer to the author; kept as a draft while it is typed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Answer to the author"),
        max_length=LONGEST,
        required=False,
        widget=Counter(LONGEST, {"rows": 10}),
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note that only the office reads"), max_length=2000, widget=Counter(2000, {"rows": 3})
    )


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Who keeps the case"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("nobody in particular"),
    )
    due_on = forms.DateField(label=_("Answer by"), required=False, widget=forms.DateInput)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people


class HandForm(forms.Form):
    """A mentor or an expert is named by the address of her account: no list of everybody is shown."""

    email = forms.EmailField(label=_("E-mail of the mentor or expert"))
    why = forms.CharField(label=_("What is asked of her"), max_length=300, required=False)

    def clean_email(self) -> User:
        user = User.objects.filter(email=self.cleaned_data["email"].lower(), is_active=True).first()
        if user is None:
            raise forms.ValidationError(
                _("Nobody has an account under this address. Invite the person first.")
            )
        return user


class KeyInForm(forms.Form):
    """A need or question that came by telephone, on paper or in the office."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[("need", _("a need")), ("question", _("a question"))],
        widget=Radios,
        initial="need",
    )
    text = forms.CharField(label=_("What was said"), max_length=LONGEST, widget=Counter(LONGEST, {"rows": 6}))
    place = PlaceField(label=_("Gmina"), required=False)
    name = forms.CharField(label=_("Name, if it was given"), max_length=120, required=False)
    phone = forms.CharField(label=_("Telephone to call back"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    urgent = forms.BooleanField(label=_("It is urgent"), required=False)
    counted = forms.BooleanField(
        label=_("The person agrees that the need is counted with others, without a name"), required=False
    )


class CannedForm(forms.ModelForm[Canned]):
    class Meta:
        model = Canned
        fields = ("title", "text_pl", "text_en")


class AskForm(forms.Form):
    """A question to the office."""

    text = forms.CharField(
        label=_("What would you like to know?"), max_length=LONGEST, widget=Counter(LONGEST, {"rows": 5})
    )
    place = PlaceField(label=_("Gmina, if it matters"), required=False)
    email = forms.EmailField(
        label=_("Your e-mail, if you want the answer there"),
        help_text=_("Without it you read the answer under the link that you get now."),
        required=False,
    )
    consent = forms.BooleanField(
        label=_("I agree that the office keeps my question until it is answered and the case is closed.")
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)  # people leave it empty
