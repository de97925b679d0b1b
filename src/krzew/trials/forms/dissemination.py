"""What is typed at the last gate, in the package and about policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from krzew.calls.definition.testing import DisseminationStage
from krzew.library import catalogue
from krzew.library.cards import fold
from krzew.trials.models import Licence, PackageFile, PolicyKind
from krzew.trials.publishing.answers import LANGUAGES, QUESTIONS
from krzew.trials.states import InnovationState
from krzew.ui.forms import Checkboxes, Counter, Radios

OUTCOMES = [
    (s.value, s.label) for s in (InnovationState.CHOSEN, InnovationState.NOT_CHOSEN, InnovationState.FAILED)
]


class RecommendForm(forms.Form):
    """The initial recommendation: what is said by each criterion, and where it leads. No points."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, stage: DisseminationStage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in stage.criteria:
            self.fields[f"c_{criterion.code}"] = forms.CharField(
                label=str(criterion.label),
                help_text=str(criterion.hint or ""),
                max_length=2000,
                required=False,
                widget=Counter(2000, {"rows": 3}),
            )
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Initial recommendation"), choices=OUTCOMES, widget=Radios
        )
        self.fields["why"] = forms.CharField(
            label=_("Why"), max_length=4000, widget=Counter(4000, {"rows": 4})
        )

    def criteria(self) -> dict[str, str]:
        return {name[2:]: text for name, text in self.cleaned_data.items() if name.startswith("c_")}


class DiscussForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What was said in the discussion"), max_length=8000, widget=Counter(8000, {"rows": 8})
    )


class DecideForm(forms.Form):
    """The final word."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Decision"), choices=OUTCOMES, widget=Radios)
    reason = forms.CharField(
        label=_("Reasons"),
        help_text=_("The innovator reads them; a failed test is a result, say what it taught."),
        max_length=4000,
        widget=Counter(4000, {"rows": 5}),
    )
    members = forms.CharField(
        label=_("Who decided"),
        help_text=_("One in each line."),
        max_length=2000,
        widget=Counter(2000, {"rows": 3}),
    )


class PackageForm(forms.Form):
    """The questions of the package in both languages, and where it belongs in the library."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, answers: Mapping[str, Any], data: Any = None, *, revision: int) -> None:
        super().__init__(data, initial=_initial(answers) | {"revision": revision})
        for language in LANGUAGES:
            for question in QUESTIONS:
                self.fields[f"{language}_{question.code}"] = forms.CharField(
                    label=question.label,
                    help_text=question.hint,
                    max_length=question.longest,
                    required=False,
                    widget=Counter(question.longest, {"rows": question.rows, "lang": language}),
                )
        for code, label, words in _lists():
            self.fields[code] = forms.MultipleChoiceField(
                label=label,
                choices=[(c, w.name) for c, w in words.items()],
                required=False,
                widget=Checkboxes,
            )
        self.fields["door"] = forms.ChoiceField(
            label=_("How one comes to it"),
            choices=[("", _("not said")), *catalogue.DOORS.items()],
            required=False,
            widget=Radios,
        )

    def texts(self, language: str) -> list[Any]:
        return [self[f"{language}_{q.code}"] for q in QUESTIONS]

    @property
    def polish(self) -> list[Any]:
        return self.texts("pl")

    @property
    def english(self) -> list[Any]:
        return self.texts("en")

    @property
    def places(self) -> list[Any]:
        return [self[name] for name in ("needs", "groups", "domains", "door")]

    def answers(self) -> dict[str, Any]:
        """As the package keeps them; what is too long is not kept, so that nothing is cut without a word."""
        data = self.cleaned_data
        texts = {
            lang: {q.code: data[f"{lang}_{q.code}"] for q in QUESTIONS if f"{lang}_{q.code}" in data}
            for lang in LANGUAGES
        }
        return {**texts, **{name: data[name] for name in ("needs", "groups", "domains", "door")}}


def _lists() -> list[tuple[str, Any, Mapping[str, Any]]]:
    return [
        ("needs", _("Problems it answers; the first one is the main one"), catalogue.needs()),
        ("groups", _("Whom it serves"), catalogue.groups()),
        ("domains", _("Areas of public services"), catalogue.domains()),
    ]


def _initial(answers: Mapping[str, Any]) -> dict[str, Any]:
    texts = {
        f"{lang}_{q.code}": (answers.get(lang) or {}).get(q.code, "") for lang in LANGUAGES for q in QUESTIONS
    }
    return (
        texts
        | {name: answers.get(name) or [] for name in ("needs", "groups", "domains")}
        | {"door": answers.get("door", "")}
    )


class FileForm(forms.Form):
    file = forms.FileField(label=_("File"), help_text=_("PDF, DOCX, ODT, XLSX, ODS, JPG or PNG."))
    licence = forms.ChoiceField(label=_("Licence"), choices=Licence.choices, widget=Radios)
    authors = forms.CharField(label=_("Authors, if they want to be named"), max_length=300, required=False)
    accessible = forms.ChoiceField(
        label=_("Accessibility"), choices=PackageFile.Accessible.choices, widget=Radios
    )
    note = forms.CharField(label=_("What the file is"), max_length=300, required=False)


class PublishForm(forms.Form):
    slug = forms.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        label=_("Address of the solution in the library"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens."),
        error_messages={"invalid": _("Use small letters, digits and hyphens only.")},
    )


def proposed_slug(name: str) -> str:
    return slugify(fold(name))[:60].strip("-")


class PolicyForm(forms.Form):
    kind = forms.ChoiceField(label=_("How"), choices=PolicyKind.choices, widget=Radios)
    title = forms.CharField(label=_("Where, for example the programme and page"), max_length=300)
    source = forms.CharField(label=_("Source"), max_length=300)
    url = forms.URLField(
        label=_("Address of the source"), max_length=500, required=False, assume_scheme="https"
    )
    on = forms.DateField(label=_("Since when"), widget=forms.DateInput)
    until = forms.DateField(label=_("Until when, if it ended"), required=False, widget=forms.DateInput)
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=Counter(1000, {"rows": 3})
    )
