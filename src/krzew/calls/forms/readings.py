"""What assessors type: the statement, a refusal, the card."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from krzew.calls.acts.readings import OTHER
from krzew.calls.applications.answers import Wrong, place_of
from krzew.calls.assessment_cards import (
    LONGEST,
    LONGEST_OVERALL,
    RECOMMENDATIONS,
    Draft,
    criteria_of,
    draft_from,
    least_overall,
    written,
)
from krzew.calls.assessment_matching import Assessed
from krzew.calls.assessment_words import points
from krzew.calls.definition.assessment import Criterion, TalkStage
from krzew.calls.models import Assessor, Conflict
from krzew.places.models import Unit
from krzew.ui.forms import Counter, Radios
from krzew.ui.forms import Decimal as DecimalInput

FEW_STEPS = 16


class StatementForm(forms.Form):
    """Both sentences are ticked one by one."""

    impartial = forms.BooleanField(
        label=gettext_lazy(
            "I state that I am impartial: neither I nor my family nor an organisation to which I belong is linked "
            "with this application, its authors or its partners."
        ),
        required=False,
    )
    confidential = forms.BooleanField(
        label=gettext_lazy(
            "I keep what I read to myself: I do not copy it, pass it on or use it, now or later."
        ),
        required=False,
    )


def _refusals() -> list[tuple[str, Any]]:
    kinds = [kind for kind in Conflict.Kind.choices if kind[0] != Conflict.Kind.APPLICANT]
    return [*kinds, (OTHER, _("no link; another reason"))]


class RefusalForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What links you with it?"), choices=lazy(_refusals, list), widget=Radios
    )
    reason = forms.CharField(
        label=gettext_lazy("The reason"),
        help_text=gettext_lazy("A sentence is enough. Only the team reads it."),
        max_length=300,
        widget=Counter(300, {"rows": 3}),
    )


@dataclass(frozen=True)
class CriterionRow:
    """One criterion of the card as the page draws it."""

    criterion: Criterion
    points: BoundField
    reason: BoundField
    written: int
    levels: tuple[str, ...] = ()

    @property
    def scale(self) -> str:
        return _("from 0 to %(most)s") % {"most": points(self.criterion.most)}

    @property
    def least(self) -> int:
        return self.criterion.justification

    @property
    def counted(self) -> str:
        return said_length(self.written, self.least)


def said_length(count: int, least: int) -> str:
    """How much is written of how much is needed."""
    if count >= least:
        return _("Long enough: %(count)s characters.") % {"count": count}
    missing = least - count
    return ngettext(
        "At least %(least)s characters are needed; %(missing)s is missing.",
        "At least %(least)s characters are needed; %(missing)s are missing.",
        missing,
    ) % {"least": least, "missing": missing}


class CardForm(forms.Form):
    """The card of one stage. Nothing is obligatory before it is signed."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, stage: Assessed, draft: Draft, data: Any = None, revision: int = 0) -> None:
        self.stage, self.draft = stage, draft
        super().__init__(data, initial=self._initial(draft, revision), auto_id="card_%s")
        for criterion in criteria_of(stage):
            self.fields[f"points_{criterion.code}"] = _points_field(criterion)
            self.fields[f"reason_{criterion.code}"] = _reason_field(criterion)
        if isinstance(stage, TalkStage):
            self.fields["recommendation"] = forms.ChoiceField(
                label=_("Your recommendation"),
                choices=list(RECOMMENDATIONS.items()),
                widget=Radios,
            )
        self.fields["overall"] = _overall_field(stage)

    @staticmethod
    def _initial(draft: Draft, revision: int) -> dict[str, Any]:
        first: dict[str, Any] = {"revision": revision, "overall": draft.overall}
        first |= {f"points_{code}": text for code, text in draft.points.items()}
        first |= {f"reason_{code}": text for code, text in draft.reasons.items()}
        return first | {"recommendation": draft.recommendation}

    def full_clean(self) -> None:
        """A draft may lack anything; what a signature needs is checked when it is signed."""
        needed = [field for name, field in self.fields.items() if field.required and name != "revision"]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True

    def typed(self) -> Draft:
        """What was typed, with what cannot be read left as it was typed."""
        return draft_from(self.stage, self.data) if self.is_bound else self.draft

    @property
    def rows(self) -> list[CriterionRow]:
        typed = self.typed()
        return [
            CriterionRow(
                c,
                self[f"points_{c.code}"],
                self[f"reason_{c.code}"],
                written(typed.reasons.get(c.code, "")),
                _levels(c),
            )
            for c in criteria_of(self.stage)
        ]

    @property
    def overall_counted(self) -> str:
        least = least_overall(self.stage)
        return said_length(written(self.typed().overall), least) if least else ""

    def put(self, wrong: dict[str, Any]) -> None:
        """Show what is missing beside its field."""
        for name, texts in wrong.items():
            self.add_error(name if name in self.fields else None, texts)


def _steps(criterion: Criterion) -> list[Decimal]:
    return [criterion.step * n for n in range(int(criterion.most / criterion.step) + 1)]


def _levels(criterion: Criterion) -> tuple[str, ...]:
    """What the levels mean, where the points are typed and not chosen."""
    if len(_steps(criterion)) <= FEW_STEPS:
        return ()
    return tuple(f"{points(level.points)} – {level.label}" for level in criterion.levels)


def _named(what: str, criterion: Criterion) -> str:
    """The criterion stands above the field: its name is heard again, and seen again in the list of mistakes."""
    return format_html('{}<span class="repeated">: {}</span>', what, criterion.label)


def _points_field(criterion: Criterion) -> forms.Field:
    label = _named(_("Points"), criterion)
    steps = _steps(criterion)
    if len(steps) > FEW_STEPS:
        unit = _("of %(most)s") % {"most": points(criterion.most)}
        return forms.CharField(label=label, max_length=12, widget=DecimalInput(unit))
    words = {level.points: str(level.label) for level in criterion.levels}
    choices = [
        (f"{step.normalize():f}", f"{points(step)} – {words[step]}" if step in words else points(step))
        for step in steps
    ]
    field = forms.ChoiceField(label=label, choices=choices, widget=Radios)
    field.widget.attrs["class"] = "scale" if not words else ""
    return field


def _reason_field(criterion: Criterion) -> forms.Field:
    label = _named(_("Justification"), criterion)
    return forms.CharField(
        label=label,
        required=criterion.justification > 0,
        max_length=LONGEST,
        widget=Counter(LONGEST, {"rows": 4}),
    )


def _overall_field(stage: Assessed) -> forms.Field:
    label = _("Reasons of the recommendation") if isinstance(stage, TalkStage) else _("The whole, in words")
    return forms.CharField(
        label=label,
        required=least_overall(stage) > 0,
        max_length=LONGEST_OVERALL,
        widget=Counter(LONGEST_OVERALL, {"rows": 6}),
    )


class LinksForm(forms.Form):
    """With what the assessor is linked: one thing a line."""

    gminas = forms.CharField(
        label=gettext_lazy("Gminas"),
        help_text=gettext_lazy(
            "Where you live, work or hold an office. One in a line: the name or the TERYT code (six digits)."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )
    organisations = forms.CharField(
        label=gettext_lazy("Organisations"),
        help_text=gettext_lazy(
            "Where you work, belong, sit on a board or did so in the last years. One in a line: the name or the NIP "
            "(tax number)."
        ),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
    )

    @classmethod
    def of(cls, assessor: Assessor, data: Any = None) -> LinksForm:
        names = Unit.objects.in_bulk(assessor.gminas)
        lines = [f"{code} {names[code]}" if code in names else code for code in assessor.gminas]
        first = {"gminas": "\n".join(lines), "organisations": "\n".join(assessor.linked_organisations)}
        return cls(data, initial=first)

    def clean_gminas(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["gminas"].splitlines() if line.strip()]
        return [_gmina(line) for line in lines]

    def clean_organisations(self) -> list[str]:
        return [
            line.strip()[:200] for line in self.cleaned_data["organisations"].splitlines() if line.strip()
        ]


def _gmina(line: str) -> str:
    first = line.split()[0]
    try:
        return place_of(first if first.isdigit() else line).code
    except Wrong as error:
        raise ValidationError(str(error)) from error
