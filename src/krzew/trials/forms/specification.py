"""What is typed about a specification: answers, the decision of a gate, a remark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from krzew.calls.applications.check import Filled, Lack
from krzew.calls.definition.base import Described
from krzew.calls.definition.form import FormField
from krzew.calls.definition.testing import SpecificationStage
from krzew.calls.forms.applications import SectionForm
from krzew.trials.states import VersionState
from krzew.trials.written.questions import field_lacks
from krzew.ui.forms import Counter, Radios

MET = [
    ("yes", pgettext_lazy("criterion", "met")),
    ("partly", pgettext_lazy("criterion", "met in part")),
    ("no", pgettext_lazy("criterion", "not met")),
]
OUTCOMES = [
    (VersionState.ACCEPTED, gettext_lazy("Accept it")),
    (VersionState.RETURNED, gettext_lazy("Return it to be corrected")),
    (VersionState.REJECTED, gettext_lazy("Do not accept it; the way ends here")),
]


class WrittenForm(SectionForm):
    """Answers of a specification or a report. Everything typed is kept."""

    def complain(self, filled: Filled, *, missing: bool) -> list[Lack]:
        found = [lack for field in self.asked for lack in field_lacks(filled, field)]
        found = [lack for lack in found if missing or not lack.missing]
        for lack in found:
            self.add_error(lack.field, lack.text)
        return found


class RemarkForm(forms.Form):
    field = forms.ChoiceField(label=gettext_lazy("About which question"), widget=forms.Select)
    text = forms.CharField(
        label=gettext_lazy("What you say about it"), max_length=2000, widget=Counter(2000, {"rows": 3})
    )

    def __init__(self, fields: Iterable[FormField], data: Any = None) -> None:
        super().__init__(data, auto_id="remark_%s")
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *((one.code, str(one.label)) for one in fields)]


class GateForm(forms.Form):
    """By criteria, then as a whole."""

    use_required_attribute = False
    outcome = forms.ChoiceField(label=gettext_lazy("What was decided"), choices=OUTCOMES, widget=Radios)
    reason = forms.CharField(
        label=gettext_lazy("The reason as a whole"),
        help_text=gettext_lazy("Needed when it is returned or not accepted. The author reads it."),
        required=False,
        max_length=6000,
        widget=Counter(6000, {"rows": 5}),
    )

    def __init__(self, stage: SpecificationStage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = stage.criteria
        for one in stage.criteria:
            add_pair(self, one, MET, "met")

    def pairs(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"met_{one.code}"], self[f"reason_{one.code}"]) for one in self.criteria]

    def said(self) -> dict[str, dict[str, str]]:
        """Words and reasons by criterion."""
        data = self.cleaned_data
        return {
            one.code: {"met": data.get(f"met_{one.code}", ""), "reason": data.get(f"reason_{one.code}", "")}
            for one in self.criteria
        }


class Later(forms.ChoiceField):
    """Has to be answered before it is signed or decided; what is not answered yet is kept too."""

    def validate(self, value: str) -> None:
        if value:
            super().validate(value)


class LaterText(forms.CharField):
    """A text that has to be written before it is signed."""

    def validate(self, value: str) -> None:
        """Nothing typed is refused here."""


def add_pair(form: forms.Form, one: Described, choices: Any, word: str, *, must_say: bool = False) -> None:
    """Two fields for a criterion: the word, and the reason beside it."""
    form.fields[f"{word}_{one.code}"] = Later(
        label=str(one.label),
        help_text=str(one.hint or ""),
        choices=choices,
        widget=Radios(attrs={"class": "scale"}),
    )
    reason = LaterText if must_say else forms.CharField
    form.fields[f"reason_{one.code}"] = reason(
        label=_("Why: %(criterion)s") % {"criterion": one.label},
        help_text="" if must_say else _("Needed when it is not fully met."),
        required=must_say,
        max_length=3000,
        widget=Counter(3000, {"rows": 2}),
    )
