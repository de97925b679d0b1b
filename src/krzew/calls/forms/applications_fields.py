"""One field for each kind of question. They take anything: what is wrong is said beside it, after it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from krzew.calls.applications.answers import PLAN_ROWS, row_is_filled
from krzew.calls.applications.solutions import linked_names, name_of
from krzew.calls.definition.form import FormField
from krzew.calls.present.programmes_questions import months_allowed
from krzew.library.finding import resolve as resolve_solution
from krzew.places.models import Unit
from krzew.places.names import short_name
from krzew.ui.forms import FEW_CHOICES, Checkboxes, Combobox, Counter, Date, Radios
from krzew.ui.forms import Decimal as DecimalInput

PLAN_KEYS = ("action", "start", "end", "cost")
BLANK_ROWS = 1
MORE_ROWS = 4


class Loose(forms.Field):
    """Keeps what was typed. `required` only says whether the label calls it optional."""

    def validate(self, value: Any) -> None:
        """Nothing typed is refused here."""

    def to_python(self, value: Any) -> Any:
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class TypedNumber(DecimalInput):
    """A number as it was typed, with its spaces and comma."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(name, "")


class YesNo(Radios):
    """Two answers; the draft keeps True, False or nothing."""

    def __init__(self) -> None:
        super().__init__(choices=[("yes", _("yes")), ("no", _("no"))])

    def format_value(self, value: Any) -> Any:
        return super().format_value({True: "yes", False: "no"}.get(value, value))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        given = data.get(name)
        return given if isinstance(given, bool) else {"yes": True, "no": False}.get(str(given))


class SeveralOf(Checkboxes):
    """Several answers, as a list of codes."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []


def _suggestions() -> str:
    return f"{reverse('places:search')}?level=gmina"


def _place_name(value: Any) -> str:
    unit = Unit.objects.filter(code=str(value)).first()
    return short_name(unit) if unit else str(value)


def _solution_name(value: Any) -> str:
    return name_of(str(value))


class SolutionBox(Combobox):
    """A solution of the library. A name typed without JavaScript is kept by its code too, so that conditions hold."""

    def __init__(self) -> None:
        super().__init__(lazy(_solutions, str)(), display=_solution_name)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        found = resolve_solution(typed) if isinstance(typed, str) and typed.strip() else None
        return found if isinstance(found, str) else typed


def _solutions() -> str:
    return reverse("library:suggest")


class PlanWidget(forms.Widget):
    """Rows of a plan under their phases: what, from, to, cost. The last rows of each phase are empty."""

    template_name = "calls/applications_plan.html"
    use_fieldset = True

    def __init__(self, field: FormField, sums: Mapping[str, str], more: str = "") -> None:
        super().__init__()
        self.phases = [(phase.code, str(phase.label), months_allowed(phase)) for phase in field.phases]
        self.sums, self.more = sums, more

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [row for row in value or [] if isinstance(row, dict)]
        phases = self.phases or [("", "", "")]
        groups = [self._group(name, phase, rows, first=n == 0) for n, phase in enumerate(phases)]
        return context | {"groups": groups, "all": self.sums.get("*", "")}

    def _group(
        self, name: str, phase: tuple[str, str, str], rows: list[dict[str, Any]], *, first: bool
    ) -> dict[str, Any]:
        code, label, months = phase
        known = {phase_code for phase_code, _label, _months in self.phases}
        own = [r for r in rows if r.get("phase") == code or (first and r.get("phase") not in known)]
        filled = [row for row in own if row_is_filled(row)]
        blank = MORE_ROWS if self.more == f"{name}-{code}" else max(BLANK_ROWS, 2 - len(filled))
        shown = [*filled, *({} for _n in range(blank))][:PLAN_ROWS]
        lines = [_line(f"{name}-{code}-{n}", row, n + 1) for n, row in enumerate(shown)]
        words = {"label": label, "months": months, "sum": self.sums.get(code, ""), "more": f"{name}-{code}"}
        return {**words, "lines": lines, "key": f"{name}-{code}"}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        if isinstance(given := data.get(name), list):
            return given
        return [row for phase in self.phases or [("", "", "")] for row in _typed(data, name, phase[0])]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


def _line(name: str, row: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {"name": name, "number": number, **{key: row.get(key, "") for key in PLAN_KEYS}}


def _typed(data: Mapping[str, Any], name: str, phase: str) -> Iterable[dict[str, str]]:
    for n in range(PLAN_ROWS):
        if f"{name}-{phase}-{n}-action" not in data:
            return
        row = {key: str(data.get(f"{name}-{phase}-{n}-{key}", "")) for key in PLAN_KEYS}
        if row_is_filled(row):
            yield {"phase": phase, **row}


def widget_of(field: FormField, sums: Mapping[str, str], more: str = "") -> forms.Widget:
    """How a question is answered on the page."""
    if field.kind == "plan":
        return PlanWidget(field, sums, more)
    if field.kind in ("choice", "choices"):
        return _choosing(field)
    if field.kind == "text":
        return Counter(field.longest) if field.longest else forms.Textarea({"rows": 6})
    if field.kind == "line":
        counted = {"maxlength": field.longest, "data-counter": True} if field.longest else {}
        return forms.TextInput(counted)
    return _plain(field.kind)


def _plain(kind: str) -> forms.Widget:
    """Widgets that need to know nothing but the kind."""
    off = {"autocomplete": "off"}
    makers: dict[str, Callable[[], forms.Widget]] = {
        "number": TypedNumber,
        "money": lambda: TypedNumber("zł"),
        "date": Date,
        "yes_no": YesNo,
        "place": lambda: Combobox(lazy(_suggestions, str)(), display=_place_name),
        "solution": SolutionBox,
        "email": lambda: forms.EmailInput(off),
        "phone": lambda: forms.TextInput({"type": "tel", "inputmode": "tel", **off}),
    }
    return makers[kind]()


def _choosing(field: FormField) -> forms.Widget:
    choices = [(option.code, str(option.label)) for option in field.options]
    if field.kind == "choices":
        return SeveralOf(choices=choices)
    if len(choices) <= FEW_CHOICES:
        return Radios(choices=choices)
    return forms.Select(choices=[("", _("Choose")), *choices])


def _closed_list(field: FormField) -> SafeString:
    """Which solutions may be chosen, each with its page in the library."""
    if not field.solutions:
        return SafeString("")
    rows = [
        (reverse("library:card", args=[slug]), name) for slug, name in linked_names(field.solutions).items()
    ]
    names = format_html_join("", '<li><a href="{}">{}</a></li>', rows)
    return format_html("<p>{}</p><ul>{}</ul>", _("Only these may be chosen:"), names)


def help_of(field: FormField, only_if: str = "") -> SafeString:
    """What helps to answer: when it is asked, the hint, the guiding questions, how many may be chosen."""
    lines = [only_if] if only_if else []
    if field.hint:
        lines.append(str(field.hint))
    if field.kind == "choices" and field.most:
        lines.append(_("Choose at most %(most)s.") % {"most": field.most})
    text = format_html_join("", "<p>{}</p>", ((line,) for line in lines)) + _closed_list(field)
    if not field.guide:
        return text
    points = format_html_join("", "<li>{}</li>", ((str(line),) for line in field.guide))
    return format_html("{}<ul>{}</ul>", text, points)
