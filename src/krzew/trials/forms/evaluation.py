"""What is typed about what the test taught."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from krzew.calls.definition.base import Described
from krzew.library.catalogue import evidence_levels
from krzew.trials.acts.evaluation import Draft
from krzew.trials.forms.specification import Later, LaterText, add_pair
from krzew.trials.models import Conclusion, Evaluation
from krzew.ui.forms import Counter, Date, Radios

RATINGS = [
    ("yes", pgettext_lazy("criterion", "yes")),
    ("partly", pgettext_lazy("criterion", "in part")),
    ("no", pgettext_lazy("criterion", "no")),
    ("unknown", pgettext_lazy("criterion", "the test does not tell")),
]


class SignReportForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    is_true = forms.BooleanField(
        label=gettext_lazy("What stands in this report is true, also where the test did not work."),
        required=False,
    )
    name = forms.CharField(
        label=gettext_lazy("Name and surname of the person who signs"), max_length=200, required=False
    )


def _level_choices() -> list[tuple[str, str]]:
    """Every level with what it demands."""
    return [(code, f"{code}: {level.name}. {level.description}") for code, level in evidence_levels().items()]


class EvaluationForm(forms.Form):
    """By criteria, then as a whole. Everything typed is kept; signing checks it."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    conclusion = Later(
        label=gettext_lazy("What the test showed as a whole"),
        help_text=gettext_lazy(
            "“It does not work this way” is a result like the others: it saves others time and money."
        ),
        choices=Conclusion.choices,
        widget=Radios,
    )
    harm = forms.CharField(
        label=gettext_lazy("What harm was seen, to how many people"),
        help_text=gettext_lazy("Write “none was seen” where that is so. No names, no codes of testers."),
        max_length=2000,
        required=False,
        widget=Counter(2000, {"rows": 3}),
    )
    summary_pl = LaterText(
        label=gettext_lazy("What the test showed (in Polish)"),
        help_text=gettext_lazy("In plain words: everybody will read this in the library."),
        max_length=4000,
        widget=Counter(4000, {"rows": 6}),
    )
    summary_en = forms.CharField(
        label=gettext_lazy("What the test showed (in English)"),
        max_length=4000,
        required=False,
        widget=Counter(4000, {"rows": 6}),
    )
    level = Later(
        label=gettext_lazy("How far it is proven"),
        help_text=gettext_lazy(
            "A small test alone reaches level 2. Level 3 follows from the choice of the last gate; a higher one "
            "needs years in practice or a comparison with people who did not take part."
        ),
        widget=Radios,
    )

    def __init__(self, criteria: Iterable[Described], row: Evaluation, data: Any = None) -> None:
        first: dict[str, Any] = {
            name: getattr(row, name)
            for name in ("revision", "conclusion", "harm", "summary_pl", "summary_en")
        }
        first["level"] = "" if row.level is None else str(row.level)
        self.criteria = tuple(criteria)
        for one in self.criteria:
            given = row.ratings.get(one.code) or {}
            first[f"rating_{one.code}"] = given.get("rating", "")
            first[f"reason_{one.code}"] = given.get("text", "")
        super().__init__(data, initial=first, auto_id="id_%s")
        level = self.fields["level"]
        assert isinstance(level, forms.ChoiceField)
        level.choices = _level_choices()
        for one in self.criteria:
            add_pair(self, one, RATINGS, "rating", must_say=True)

    def pairs(self) -> list[tuple[str, BoundField, BoundField]]:
        return [(one.code, self[f"rating_{one.code}"], self[f"reason_{one.code}"]) for one in self.criteria]

    def whole(self) -> list[BoundField]:
        return [self[name] for name in ("conclusion", "harm", "summary_pl", "summary_en", "level")]

    def draft(self) -> Draft:
        """What was typed, without what could not be read."""
        data = self.cleaned_data
        ratings = {
            one.code: {
                "rating": data.get(f"rating_{one.code}", ""),
                "text": data.get(f"reason_{one.code}", ""),
            }
            for one in self.criteria
        }
        level = data.get("level")
        words = {name: data.get(name, "") for name in ("conclusion", "harm", "summary_pl", "summary_en")}
        return Draft(ratings=ratings, level=int(level) if level else None, **words)


class OpinionForm(forms.Form):
    recommends = forms.TypedChoiceField(
        label=gettext_lazy("Should it be disseminated?"),
        choices=[
            ("yes", gettext_lazy("Yes, I recommend it")),
            ("no", gettext_lazy("No, I do not recommend it")),
        ],
        coerce=lambda value: value == "yes",
        widget=Radios,
    )
    text = forms.CharField(
        label=gettext_lazy("Why you think so"), max_length=6000, widget=Counter(6000, {"rows": 8})
    )


class PresentationForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    on = forms.DateField(label=gettext_lazy("When"), widget=Date)
    took_place = forms.BooleanField(label=gettext_lazy("It took place"), required=False)
    note = forms.CharField(
        label=gettext_lazy("What was asked and answered"),
        max_length=4000,
        required=False,
        widget=Counter(4000, {"rows": 6}),
    )


class ReopenForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("Why"), max_length=2000, widget=Counter(2000, {"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].help_text = _("The other side reads it. What was signed stays as it was.")
