"""Sample content of the style page: every component with its states. Places and numbers here are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from krzew.ui import tokens
from krzew.ui.chain import STAGES
from krzew.ui.components import (
    Button,
    Cell,
    Column,
    Crumb,
    Fact,
    Link,
    Moment,
    Progress,
    Tab,
    Table,
    Tag,
    Task,
)
from krzew.ui.differences import compare
from krzew.ui.formats import day_short
from krzew.ui.forms import Checkboxes, Combobox, Decimal
from krzew.ui.style_figures import figures, intervals, positions


class SampleForm(forms.Form):
    """Every kind of field."""

    template_name = "ui/forms/form.html"

    name = forms.CharField(max_length=80)
    story = forms.CharField(widget=forms.Textarea, max_length=400)
    people = forms.IntegerField(min_value=1)
    cost = forms.DecimalField(widget=Decimal("zł"), required=False)
    when = forms.DateField()
    sector = forms.ChoiceField(choices=[])
    month = forms.ChoiceField(choices=[])
    groups = forms.MultipleChoiceField(choices=[], widget=Checkboxes, required=False)
    place = forms.CharField(widget=Combobox("/ui/"))
    letter = forms.FileField(required=False)
    agree = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sectors = [_("local government"), _("non-governmental organisation"), _("firm"), _("church body")]
        groups = [_("older people"), _("people with disabilities"), _("families")]
        self._choices("sector", sectors)
        self._choices("month", [str(n) for n in range(1, 13)])
        self._choices("groups", groups)
        for name, label, hint in self.words():
            self.fields[name].label, self.fields[name].help_text = label, hint

    def _choices(self, name: str, labels: list[str]) -> None:
        self.fields[name].choices = [(str(i), label) for i, label in enumerate(labels)]  # type: ignore[attr-defined]

    @staticmethod
    def words() -> list[tuple[str, str, str]]:
        return [
            ("name", _("Name of the meeting"), ""),
            ("story", _("What did people say?"), _("In their own words, without names.")),
            ("people", _("Number of people"), ""),
            ("cost", _("Cost"), _("Full amount, as on the invoice.")),
            ("when", _("Date"), ""),
            ("sector", _("Who were they?"), ""),
            ("month", _("Month of the report"), _("More than seven choices stay a list.")),
            ("groups", _("Whom did they speak of?"), ""),
            ("place", _("Place"), _("Write the first letters; diacritics do not matter.")),
            ("letter", _("Attachment"), _("PDF, at most 5 MB.")),
            ("agree", _("I have read the notes aloud at the end of the meeting"), ""),
        ]


class WrongForm(forms.Form):
    """The same text field after a failed attempt."""

    name = forms.CharField(max_length=80)
    story = forms.CharField(widget=forms.Textarea, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, hint in SampleForm.words()[:2]:
            self.fields[name].label, self.fields[name].help_text = label, hint


def sample(request: HttpRequest) -> dict[str, Any]:
    """Context of the style page."""
    return {
        "contrasts": tokens.contrasts(),
        "schemes": [(name, list(colours.items())) for name, colours in tokens.SCHEMES.items()],
        "stages": list(STAGES),
        "crumbs": [Crumb(_("Home"), "/"), Crumb(_("Places"), "#places"), Crumb(_("Design system"))],
        "form": SampleForm(),
        "wrong": WrongForm({"wrong-story": "…" * 420}, prefix="wrong"),
        **_lists(),
        **_states(),
        **figures(),
        "positions": positions(),
        "changed": compare(_("Eight people met once a month."), _("Twelve people met every month.")),
        "intervals": intervals(),
        "page": Paginator(range(431), 20).get_page(request.GET.get("page", 3)),
        "table": _table(request.GET.get("sort", "-share")),
    }


def _lists() -> dict[str, Any]:
    return {"tasks": _tasks(), "moments": _moments(), **_links()}


def _links() -> dict[str, Any]:
    return {
        "links": [
            Link(_("Places"), "#places", True),
            Link(_("Solutions"), "#solutions"),
            Link(_("Diagnoses"), "#d"),
        ],
        "facts": [
            Fact(
                _("Comparison group"),
                _("30 rural gminas with a similar structure"),
                change_url="#f",
                change_label=_("Change"),
            ),
            Fact(_("Partners"), [_("association"), _("therapy workshop")]),
            Fact(_("Signed off"), _("not yet"), note=_("Two voices are still missing.")),
        ],
        "tabs": [
            Tab(_("Statistics"), "#s", True),
            Tab(_("Voices"), "#v", count=21),
            Tab(_("Solutions"), "#l", count=1204),
        ],
    }


def _tasks() -> list[Task]:
    return [
        Task(_("Check the statistics"), "#t1", "done"),
        Task(_("Add what was said at the meeting"), "#t2", "doing", due=date(2026, 3, 14)),
        Task(_("Read the draft"), "#t3", "waiting", who=_("mayor's office"), due=date(2026, 3, 28)),
        Task(_("Choose a solution"), "#t4", "todo"),
        Task(_("Sign off"), "", "blocked", note=_("Possible after a solution has been chosen.")),
    ]


def _moments() -> list[Moment]:
    return [
        Moment(
            datetime(2026, 2, 20, 14, 5, tzinfo=UTC),
            _("Diagnosis opened"),
            _("adviser of the support centre"),
        ),
        Moment(
            date(2026, 2, 24),
            _("Meeting held"),
            text=_("21 people, four sectors."),
            url="#m",
            tone="data",
        ),
        Moment(date(2026, 3, 1), _("Data and voices disagree about housing"), tone="clay"),
    ]


def _states() -> dict[str, Any]:
    return {
        "tags": [
            Tag(_("draft")),
            Tag(_("published"), "leaf"),
            Tag(_("unverified"), "clay"),
            Tag(_("estimate"), "data"),
        ],
        "buttons": [
            Button(_("Open a diagnosis")),
            Button(_("Compare"), "#c", "secondary"),
            Button(_("Go back"), "#b", "quiet"),
            Button(_("Withdraw"), kind="danger"),
        ],
        "refused": Button(_("Sign off"), reason=_("Choose a solution first.")),
        "start": Button(_("Add a meeting"), "#meeting"),
        "running": Progress(_("Report in the making"), 40, text=_("Drawing figures, 4 of 10")),
        "unknown": Progress(_("Reading the file")),
        "done": Progress(_("Report in the making"), state="done", text=_("Ready."), done_url="#report"),
        "failed": Progress(
            _("Reading the file"), state="failed", text=_("Line 214 has 7 columns instead of 8.")
        ),
    }


def _table(sort: str) -> Table:
    rows: list[tuple[Any, ...]] = [
        (_("Brzezina"), 8.1, 4312, date(2024, 12, 31), Tag(_("in the group"), "leaf")),
        (_("Lipowa Dolna"), 5.4, 12908, date(2024, 12, 31), None),
        (_("Stara Huta"), None, 2771, date(2023, 12, 31), None),
    ]
    at = {"place": 0, "share": 1, "people": 2}.get(sort.removeprefix("-"), 1)
    rows.sort(key=lambda row: row[at] or 0, reverse=sort.startswith("-"))
    rows.sort(key=lambda row: row[at] is None)
    return Table(
        _("Unemployment in places like this one"),
        [
            Column("place", _("Place"), sortable=True),
            Column("share", _("Out of work"), "number", sortable=True, unit="%"),
            Column("people", _("Residents"), "number", sortable=True),
            Column("when", _("As of"), "date"),
            Column("state", _("Group")),
        ],
        [
            [
                Cell(name, "#place"),
                Cell(share, missing="" if share is not None else _("no data: too few people")),
                people,
                Cell(day_short(when)),
                Cell(None, tag=tag) if tag else Cell("–"),
            ]
            for name, share, people, when, tag in rows
        ],
        sort=sort,
    )
