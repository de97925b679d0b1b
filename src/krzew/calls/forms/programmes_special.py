"""Bricks that know the rest of the programme: conditions, limits by an answer, words of letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from django import forms
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from krzew.calls.applications.solutions import linked_names
from krzew.calls.definition.form import FieldKind
from krzew.calls.definition.problems import PRIVATE
from krzew.calls.forms.programmes_entries import Data, Entry, Group, OneOf, SomeOf, Words, Written
from krzew.calls.programmes.paths import Place
from krzew.calls.states import Outcome
from krzew.library.finding import resolve as resolve_solution
from krzew.ui.forms import Checkboxes

ANSWERED = ("choice", "choices", "yes_no", "solution")
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class SomeDays(SomeOf):
    """Some of several numbers of days. To choose none is an answer too: it does not bring the default back."""

    def put(self, part: Data, typed: Data) -> Written:
        chosen = sorted((int(day) for day in typed.get(self.name) or ()), reverse=True)
        part[self.name] = chosen
        return {self.name: self.name}


def said(text: Any) -> str:
    """A text of the plain data in the language of the page."""
    if not isinstance(text, dict):
        return str(text or "")
    first, second = ("pl", "en") if (get_language() or "pl").startswith("pl") else ("en", "pl")
    return str(text.get(first) or text.get(second) or "")


def stages_of(data: Data, *kinds: str) -> list[Data]:
    return [stage for stage in data.get("stages", ()) if stage.get("kind") in kinds]


def scored_stages(place: Place) -> Pairs:
    """Stages that give points, up to the one in which the part stands."""
    found: Pairs = []
    for stage in stages_of(place.data, "merit", "pitch"):
        found.append((stage["code"], said(stage.get("label"))))
        if stage["code"] == stage_code(place):
            break
    return found


def stage_code(place: Place) -> str:
    return place.path[1] if len(place.path) > 1 and place.path[0] == "stages" else ""


def criteria(place: Place) -> Pairs:
    rows = [c for stage in stages_of(place.data, "merit", "pitch") for c in stage.get("criteria", ())]
    rows += stages_of(place.data, "vote")
    return [(row["code"], said(row.get("label"))) for row in rows]


def questions(data: Data, *kinds: str) -> list[Data]:
    """Questions of all forms that are answered by choosing."""
    sections = [s for stage in stages_of(data, "application") for s in stage.get("sections", ())]
    fields = [field for section in sections for field in section.get("fields", ())]
    return [field for field in fields if field.get("kind") in kinds]


def choice_questions(place: Place) -> Pairs:
    return [(f["code"], said(f.get("label"))) for f in questions(place.data, "choice")]


def shown_to_voters(place: Place) -> Pairs:
    """Questions whose answers may be public."""
    kinds = [kind for kind in get_args(FieldKind) if kind not in PRIVATE]
    found = [f for f in questions(place.data, *kinds) if not f.get("redact")]
    return [(f["code"], said(f.get("label"))) for f in found]


def options(field: Data) -> Pairs:
    """Possible answers of a question: value and words."""
    if field.get("kind") == "yes_no":
        return [("yes", pgettext("answer", "yes")), ("no", pgettext("answer", "no"))]
    if field.get("kind") == "solution":
        return list(linked_names(field.get("solutions", ())).items())
    return [(o.get("code", ""), said(o.get("label"))) for o in field.get("options", ())]


def answers(fields: Sequence[Data]) -> Pairs:
    """Every answer that can be chosen: “question: answer”."""
    return [
        (f"{f['code']}={value}", f"{said(f.get('label'))}: {words}")
        for f in fields
        for value, words in options(f)
    ]


def options_of_lists(place: Place) -> Pairs:
    """The answers by which this ranking makes separate lists."""
    code = place.part.get("separate_by")
    return next((options(f) for f in questions(place.data, "choice") if f["code"] == code), [])


@dataclass(frozen=True)
class Condition(Entry):
    """A question is asked only after certain answers to an earlier one."""

    def _pairs(self, place: Place) -> Pairs:
        earlier: list[Data] = []
        for field in questions_before(place):
            if field.get("kind") in ANSWERED:
                earlier.append(field)
        return answers(earlier)

    def fields(self, place: Place) -> dict[str, forms.Field]:
        pairs = self._pairs(place)
        if not pairs:
            return {}
        field = forms.MultipleChoiceField(choices=pairs, widget=Checkboxes, **self.common())
        return {self.name: field}

    def initial(self, part: Data) -> Data:
        rule = part.get(self.name) or {}
        values = [{True: "yes", False: "no"}.get(v, v) for v in rule.get("one_of", ())]
        return {self.name: [f"{rule['field']}={value}" for value in values]}

    def put(self, part: Data, typed: Data) -> Written:
        chosen = [pair.partition("=") for pair in typed.get(self.name) or ()]
        fields = list(dict.fromkeys(code for code, _eq, _value in chosen))
        if len(fields) > 1:
            raise forms.ValidationError({self.name: _("Choose answers to one question only.")})
        if not fields:
            part.pop(self.name, None)
        else:
            is_yes_no = {value for _c, _e, value in chosen} <= {"yes", "no"}
            values = [value == "yes" if is_yes_no else value for _c, _e, value in chosen]
            part[self.name] = {"field": fields[0], "one_of": values}
        return {self.name: self.name}


def questions_before(place: Place) -> list[Data]:
    """Questions of the same form that are asked before this part."""
    found: list[Data] = []
    stage: Data = next((s for s in place.data.get("stages", ()) if s.get("code") == stage_code(place)), {})
    for section in stage.get("sections", ()):
        for field in section.get("fields", ()):
            if field is place.part:
                return found
            found.append(field)
        if len(place.path) >= 4 and section.get("code") == place.path[3]:
            return found
    return found


@dataclass(frozen=True)
class Replaces(OneOf):
    """In a topic: the common rule instead of which this one stands. Elsewhere there is nothing to choose."""

    rules: str = "criteria"

    def fields(self, place: Place) -> dict[str, forms.Field]:
        rows = _common_rules(place, self.rules)
        one = OneOf(self.name, self.label, self.hint, choices=rows, none=self.none)
        return one.fields(place) if rows else {}


def _common_rules(place: Place, name: str) -> Pairs:
    if "topics" not in place.path:
        return []
    stage = next(s for s in place.data.get("stages", ()) if s.get("code") == stage_code(place))
    return [(row["code"], said(row.get("label"))) for row in stage.get(name, ())]


@dataclass(frozen=True)
class ClosedList(Entry):
    """Solutions of the library, one in a line, by name or address; kept by their codes."""

    def field(self, place: Place) -> forms.Field:
        return forms.CharField(max_length=6000, widget=forms.Textarea({"rows": 6}), **self.common())

    def initial(self, part: Data) -> Data:
        return {self.name: "\n".join(linked_names(part.get(self.name) or ()).values())}

    def put(self, part: Data, typed: Data) -> Written:
        lines = [line.strip() for line in (typed.get(self.name) or "").splitlines() if line.strip()]
        known = set(part.get(self.name) or ())
        found = {line: line if line in known else resolve_solution(line) for line in lines}
        if unknown := [line[:80] for line, slug in found.items() if not isinstance(slug, str)]:
            text = _("The library knows no such solution, or several: %(names)s. Paste its address.")
            raise forms.ValidationError({self.name: text % {"names": "; ".join(unknown)}})
        part[self.name] = list(dict.fromkeys(found.values()))
        return {self.name: self.name}


@dataclass(frozen=True)
class AnswerOf(Entry):
    """An answer to a question of the form; kept as two things, `field` and `value`."""

    def field(self, place: Place) -> forms.Field:
        pairs = answers(questions(place.data, *ANSWERED))
        return forms.ChoiceField(choices=pairs, widget=forms.Select({"data-select": ""}), **self.common())

    def initial(self, part: Data) -> Data:
        return {self.name: f"{part['field']}={part['value']}" if part.get("field") else ""}

    def put(self, part: Data, typed: Data) -> Written:
        part["field"], _eq, part["value"] = (typed.get(self.name) or "").partition("=")
        return {"field": self.name, "value": self.name}


@dataclass(frozen=True)
class PerOutcome(Entry):
    """Words for each outcome, in both languages; an empty one has no words of its own."""

    make: Callable[[str, Any], Words] = lambda name, label: Words(name, label, long=True, longest=4000)

    def _entries(self) -> list[tuple[str, Words]]:
        return [(value, self.make(f"{self.name}__{value}", label)) for value, label in Outcome.choices]

    def fields(self, place: Place) -> dict[str, forms.Field]:
        return {n: f for _value, entry in self._entries() for n, f in entry.fields(place).items()}

    def initial(self, part: Data) -> Data:
        kept = part.get(self.name) or {}
        found: Data = {}
        for value, entry in self._entries():
            found |= entry.initial({entry.name: kept.get(value)})
        return found

    def put(self, part: Data, typed: Data) -> Written:
        kept: Data = {}
        written: Written = {}
        for value, entry in self._entries():
            row: Data = {}
            where = entry.put(row, typed)
            written |= {p.replace(entry.name, f"{self.name}.{value}", 1): n for p, n in where.items()}
            if entry.name in row:
                kept[value] = row[entry.name]
        part[self.name] = kept
        return written

    def groups(self, part: Data, place: Place) -> list[Group]:
        rows = [row for _v, entry in self._entries() for g in entry.groups(part, place) for row in g.rows]
        return [Group(rows, str(self.label), str(self.hint))]
