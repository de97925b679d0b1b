"""What is typed about a public vote, and the ballot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krzew.calls.forms.programmes import moment_field
from krzew.ui.forms import Checkboxes, Counter


class AnnounceForm(forms.Form):
    opens_at = moment_field(
        gettext_lazy("The vote opens"),
        gettext_lazy("Warsaw time. A moment that has passed means: at once."),
    )
    closes_at = moment_field(
        gettext_lazy("The vote ends"), gettext_lazy("It may move later, never earlier. Warsaw time.")
    )


class ProlongForm(forms.Form):
    closes_at = moment_field(gettext_lazy("The vote ends"), gettext_lazy("Only later than announced."))


class CallOffForm(forms.Form):
    reason_pl = forms.CharField(
        label=gettext_lazy("The reason in Polish"), max_length=4000, widget=Counter(4000, {"rows": 3})
    )
    reason_en = forms.CharField(
        label=gettext_lazy("The reason in English"), max_length=4000, widget=Counter(4000, {"rows": 3})
    )


class BallotForm(forms.Form):
    """One mark or several. The page draws the choices by itself, with what can be read about each."""

    use_required_attribute = False
    chosen = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, numbers: Iterable[int], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["chosen"]
        field.label = _("Your vote")
        field.choices = [(number, str(number)) for number in numbers]  # type: ignore[attr-defined]
        field.widget = Checkboxes(choices=field.choices)  # type: ignore[attr-defined]
        field.error_messages |= {
            "required": _("Choose what you vote for."),
            "invalid_choice": _("Choose from the list."),
        }

    @property
    def marked(self) -> set[str]:
        """What was chosen, also when it is refused."""
        return set(self["chosen"].value() or ()) if self.is_bound else set()
