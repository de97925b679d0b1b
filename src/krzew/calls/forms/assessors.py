"""What the team types about assessors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import User
from krzew.calls.models import Assessor, Conflict
from krzew.calls.queries.assessors import themes
from krzew.ui.forms import Checkboxes, Radios


class AskForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The person gets a link. After accepting she appears below, ready to be added."),
    )


class AddForm(forms.Form):
    """Pick somebody who is a member already."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), widget=Radios)

    def __init__(self, people: list[User], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        field.empty_label = None


class AssessorForm(forms.Form):
    competences = forms.MultipleChoiceField(
        label=_("Themes that she knows"), required=False, widget=Checkboxes, choices=()
    )
    most = forms.IntegerField(
        label=_("The most applications in one stage of a call"), min_value=0, max_value=500
    )
    lived_experience = forms.BooleanField(
        label=_("Knows the problem from her own life (lived experience)"),
        help_text=_("Some calls want at least one such person for every application."),
        required=False,
    )
    active = forms.BooleanField(
        label=_("Takes applications now"),
        help_text=_("Without this she keeps what she has and gets nothing new."),
        required=False,
    )

    def __init__(self, assessor: Assessor, data: Any = None) -> None:
        names = ("competences", "most", "lived_experience", "active")
        super().__init__(data, initial={name: getattr(assessor, name) for name in names})
        known = themes(assessor.organisation_id)
        if known:
            field = self.fields["competences"]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(code, str(theme.label)) for code, theme in known.items()]
        else:
            del self.fields["competences"]


class ConflictForm(forms.Form):
    """A link that the team has learned of."""

    assessor = forms.ModelChoiceField(label=_("Assessor"), queryset=Assessor.objects.none())
    kind = forms.ChoiceField(
        label=_("What links them"),
        choices=[kind for kind in Conflict.Kind.choices if kind[0] != "applicant"],
        widget=Radios,
    )
    note = forms.CharField(label=_("In a sentence"), max_length=300, widget=forms.Textarea({"rows": 2}))

    def __init__(self, pool: QuerySet[Assessor], data: Any = None) -> None:
        super().__init__(data, auto_id="conflict_%s")
        field = self.fields["assessor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = pool


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("The reason"), max_length=1000, widget=forms.Textarea({"rows": 3}))
