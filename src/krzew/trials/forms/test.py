"""What is typed about the plan of a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from krzew.trials.models import Test
from krzew.trials.small.phases import KINDS, Phase
from krzew.trials.small.questions import MEASURES, Question
from krzew.trials.states import TestState
from krzew.ui.forms import Counter

ANSWERS = {"yes_no": _("yes or no"), "number": _("a number, for example points or minutes")}


class PlanForm(forms.Form):
    """Knows the revision that was seen; while the test runs it asks why the plan changes."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, test: Test, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"revision": test.revision, **(initial or {})})
        if test.state == TestState.RUNNING and self.asks_why:
            self.fields["why"] = forms.CharField(
                label=_("Why it changes"),
                help_text=_("The test is under way. The reason is kept in the diary."),
                max_length=2000,
                widget=Counter(2000, {"rows": 3}),
            )

    asks_why = True

    def values(self) -> dict[str, Any]:
        """What was typed, with the revision under the name that acts give it."""
        data = dict(self.cleaned_data)
        return {"seen": data.pop("revision"), "why": data.pop("why", ""), **data}


class BasicsForm(PlanForm):
    where = forms.CharField(
        label=_("Where the test takes place"),
        help_text=_("For example: a day home in a small town. Without an address of anybody."),
        max_length=300,
    )
    planned_testers = forms.IntegerField(label=_("How many people will test it"), min_value=1, max_value=200)
    keep_until = forms.DateField(
        label=_("Until when names and contacts of testers are kept"),
        help_text=_("Testers read this date before they agree. After it their names are removed."),
    )
    under_age = forms.BooleanField(
        label=_("Children, or people with a guardian, will take part"), required=False
    )


class QuestionForm(PlanForm):
    label = forms.CharField(
        label=_("What do you want to learn?"),
        help_text=_("In plain words, for example: Do people get to the doctor on their own?"),
        max_length=200,
    )
    measure = forms.ChoiceField(label=_("How you will see it"), choices=list(MEASURES.items()))
    answer = forms.ChoiceField(
        label=_("What an answer is"),
        help_text=_("A number only for a change in the same people."),
        choices=list(ANSWERS.items()),
        initial="yes_no",
    )
    baseline = forms.IntegerField(
        label=_("How it is today: for how many people in a hundred"),
        help_text=_("If you do not know, guess carefully, and say so in the diary."),
        min_value=1,
        max_value=99,
        required=False,
    )
    target = forms.IntegerField(
        label=_("What would be worth it: for how many in a hundred"),
        min_value=1,
        max_value=99,
        required=False,
    )
    acceptable_harm = forms.IntegerField(
        label=_("The most harm that may be borne: how many people in a hundred"),
        help_text=_("For example tiredness after an exercise. Above it the test stops."),
        min_value=1,
        max_value=50,
        required=False,
    )
    people = forms.IntegerField(label=_("How many people will test it"), min_value=1, max_value=200)

    @classmethod
    def of(cls, data: Any, test: Test, asked: Question | None) -> QuestionForm:
        row = asked.row if asked else {"measure": "share"}
        return cls(data, test, row | {"people": test.planned_testers})

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if data.get("measure") in ("share", "paired"):
            for name in ("baseline", "target"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _now("Say how many people in a hundred, from 1 to 99."))
            if data.get("baseline") is not None and data.get("baseline") == data.get("target"):
                self.add_error("target", _now("What would be worth it must differ from today."))
        if data.get("measure") == "harm" and not data.get("acceptable_harm"):
            self.add_error("acceptable_harm", _now("Say how many people in a hundred, from 1 to 50."))
        return data

    def question(self, code: str) -> Question:
        """The question as typed; numbers that its way of measuring does not use are left out."""
        data, measure = self.cleaned_data, self.cleaned_data["measure"]
        compared = measure in ("share", "paired")
        number = measure == "events" or (measure == "paired" and data["answer"] == "number")
        return Question(
            code,
            data["label"].strip(),
            measure,
            "number" if number else "yes_no",
            data["baseline"] if compared else None,
            data["target"] if compared else None,
            data["acceptable_harm"] if measure == "harm" else None,
        )


class RowsForm(PlanForm):
    """A plan of rows: those that are there and a few empty ones. A row with nothing in its first field is left out."""

    columns: tuple[str, ...] = ()
    spare, most = 3, 12

    def __init__(self, data: Any, test: Test, rows: Sequence[Mapping[str, Any]]) -> None:
        initial = {f"{n}-{name}": row[name] for n, row in enumerate(rows) for name in self.columns}
        super().__init__(data, test, initial)
        self.size = min(len(rows) + self.spare, self.most) if data is None else self._sent(data)
        for n in range(self.size):
            for name, field in self.row_fields().items():
                self.fields[f"{n}-{name}"] = field
        if "why" in self.fields:
            self.order_fields([*(name for name in self.fields if name != "why"), "why"])

    def _sent(self, data: Any) -> int:
        numbers = [int(name.split("-")[0]) for name in data if name.split("-")[0].isdecimal()]
        return min(max(numbers, default=-1) + 1, self.most)

    def row_fields(self) -> dict[str, forms.Field]:
        raise NotImplementedError

    def groups(self) -> Iterator[list[BoundField]]:
        for n in range(self.size):
            yield [self[f"{n}-{name}"] for name in self.columns]

    def rest(self) -> list[BoundField]:
        """Fields that belong to no row."""
        return [self[name] for name in self.fields if "-" not in name and name != "revision"]

    def rows(self) -> list[dict[str, Any]]:
        found = [{c: self.cleaned_data.get(f"{n}-{c}") for c in self.columns} for n in range(self.size)]
        return [row for row in found if row[self.columns[0]]]

    def clean(self) -> dict[str, Any]:
        for n in range(self.size):
            typed = self.cleaned_data.get(f"{n}-{self.columns[0]}")
            for name in self.columns[1:] if typed else ():
                key = f"{n}-{name}"
                if self.cleaned_data.get(key) in (None, "") and key not in self.errors:
                    self.add_error(key, _now("Fill this in, or empty the name of the row."))
        return self.cleaned_data


class ProfileForm(RowsForm):
    columns = ("label", "planned")

    def row_fields(self) -> dict[str, forms.Field]:
        return {
            "label": forms.CharField(label=_("Who"), max_length=100, required=False),
            "planned": forms.IntegerField(
                label=_("How many planned"), min_value=0, max_value=200, required=False
            ),
        }


class PhasesForm(RowsForm):
    columns = ("label", "kind", "begins", "ends")
    spare, most = 2, 8

    def row_fields(self) -> dict[str, forms.Field]:
        return {
            "label": forms.CharField(label=_("What happens in this phase"), max_length=100, required=False),
            "kind": forms.ChoiceField(
                label=_("Kind"),
                choices=list(KINDS.items()),
                required=False,
                initial="test",
                widget=forms.Select({"data-select": ""}),
            ),
            "begins": forms.DateField(label=_("From"), required=False),
            "ends": forms.DateField(label=_("To"), required=False),
        }

    def phases(self) -> list[Phase]:
        return [Phase("", **row) for row in self.rows()]


class CallForm(PlanForm):
    asks_why = False

    call_pl = forms.CharField(
        label=_("Invitation, in Polish"),
        help_text=_("What will people do, how long, what will they get. Short sentences."),
        max_length=3000,
        required=False,
        widget=Counter(3000, {"rows": 7}),
    )
    call_en = forms.CharField(
        label=_("Invitation, in English"), max_length=3000, required=False, widget=Counter(3000, {"rows": 4})
    )
    accessible = forms.CharField(
        label=_("How accessible it is"),
        help_text=_("Stairs, toilet, sign language, quiet room, bus, help on the spot."),
        max_length=1000,
        required=False,
        widget=Counter(1000, {"rows": 4}),
    )
    is_open = forms.BooleanField(label=_("Show it: the test looks for people"), required=False)


class BeginForm(forms.Form):
    why = forms.CharField(
        label=_("Why it begins with fewer people"),
        help_text=_("Only when fewer have agreed than the programme wants."),
        max_length=2000,
        required=False,
        widget=Counter(2000, {"rows": 3}),
    )


class EndForm(forms.Form):
    sure = forms.BooleanField(label=_("Everything that was planned has been done"))


class TakeOutForm(PlanForm):
    """Taking a question out: nothing to type but a reason, while the test runs."""
