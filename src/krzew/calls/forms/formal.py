"""The checklist of the formal check as a form: yes or no to each question, and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krzew.calls.definition.assessment import FormalStage
from krzew.calls.formal_checks import Answer
from krzew.ui.forms import Counter, Radios

YES_NO = {True: "yes", False: "no", None: ""}


class _Answered:
    """A question that has to be answered in the end, and may stay open while the check is being written."""

    def validate(self, value: Any) -> None:
        if value not in (None, ""):
            super().validate(value)  # type: ignore[misc]


class YesNo(_Answered, forms.ChoiceField):
    pass


class Reason(_Answered, forms.CharField):
    pass


class ChecklistForm(forms.Form):
    """One pair of fields for each question. Nothing is obligatory while it is being written."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=gettext_lazy("A sentence to the applicant, if you want to add one"),
        required=False,
        max_length=2000,
        widget=Counter(2000, {"rows": 3}),
    )

    def __init__(
        self,
        stage: FormalStage,
        found: Mapping[str, Answer],
        kept: Mapping[str, Answer],
        *args: Any,
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.stage, self.found = stage, found
        for check in stage.checks:
            answer = kept.get(check.code) or found.get(check.code) or Answer()
            self._ask(check, answer)
        self.order_fields([name for name in self.fields if name != "note"] + ["note"])

    def _ask(self, check: Any, answer: Answer) -> None:
        self.fields[f"ok_{check.code}"] = YesNo(
            label=str(check.label),
            help_text=self._hint(check),
            choices=[("yes", _("yes")), ("no", _("no"))],
            widget=Radios,
            initial=YES_NO[answer.ok],
        )
        self.fields[f"why_{check.code}"] = Reason(
            label=_("If not: why"),
            max_length=1000,
            initial=answer.reason,
        )

    def _hint(self, check: Any) -> str:
        answer = self.found.get(check.code)
        if answer is None:
            return str(check.hint or "")
        said = _("Krzew found: yes.") if answer.ok else _("Krzew found: no.")
        return f"{said} {check.hint or ''}".strip()

    def answers(self) -> dict[str, Answer]:
        given = {"yes": True, "no": False}
        data = self.cleaned_data
        return {
            check.code: Answer(
                given.get(data.get(f"ok_{check.code}", "")),
                data.get(f"why_{check.code}", "").strip(),
                self.found[check.code].ok if check.code in self.found else None,
            )
            for check in self.stage.checks
        }
