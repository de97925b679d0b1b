"""Forms of accounts."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import Organisation, OrganisationKind, Role, User
from krzew.ui.forms import Radios

NAME_HINT = _("Others see it beside what you write and decide.")


class SignupForm(forms.Form):
    """What we ask beyond e-mail and password when somebody opens an account."""

    name = forms.CharField(label=_("Your name"), help_text=NAME_HINT, max_length=150)

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.language = get_language() or "pl"
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Your name"), help_text=NAME_HINT, max_length=150)
    language = forms.ChoiceField(
        label=_("Language of pages and letters"), choices=settings.LANGUAGES, widget=Radios
    )


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"), choices=OrganisationKind, widget=Radios
    )

    class Meta:
        model = Organisation
        fields = ["name", "kind", "place_code"]
        help_texts = {
            "name": _("As in its statute or register."),
            "place_code": _(
                "The gmina where it works: six digits, for example 300202. You can add it later."
            ),
        }


def _roles() -> list[tuple[str, str]]:
    """Roles from the one with fewest rights, each with what it means."""
    return [(role.value, f"{role.label}: {role.meaning}") for role in reversed(Role)]


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("We send a letter with a link to this address.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=_roles, widget=Radios)
