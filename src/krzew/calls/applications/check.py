"""What an application still lacks before it can be sent: each lack with its place, in words.

The same list stands on the check page, stops `submit`, and answers the automatic questions of the formal
check (`about` bears their names).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.calls.applications.answers import (
    APPLICANT,
    PlanRow,
    Wrong,
    applies,
    asked,
    months,
    total,
    value_of,
)
from krzew.calls.applications.applicant import ASKED, WITH_MEMBERS, datum_of
from krzew.calls.definition import Definition
from krzew.calls.definition.assessment import FormalStage
from krzew.calls.definition.form import ApplicationStage, Declaration, FormField
from krzew.calls.models import Attachment, Member
from krzew.ui.formats import money


@dataclass(frozen=True)
class Lack:
    """One thing to mend. `step` is the page, `section` the section of the form, `field` the question."""

    step: str
    field: str
    label: str
    text: str
    section: str = ""
    about: str = "complete"
    missing: bool = False


@dataclass(frozen=True)
class Filled:
    """An application with everything that belongs to it, as it is now."""

    kind: str
    rules: Definition
    stage: ApplicationStage
    answers: Mapping[str, Any]
    members: tuple[Member, ...]
    ticks: frozenset[tuple[int | None, str, int]]
    files: Mapping[str, tuple[Attachment, ...]]
    keyed: bool = False

    @property
    def fields(self) -> dict[str, FormField]:
        return {field.code: field for field in self.stage.fields}

    @property
    def applicant(self) -> Mapping[str, Any]:
        return self.answers.get(APPLICANT) or {}

    @property
    def others(self) -> list[Member]:
        """Members beside the one who speaks for them."""
        return [member for member in self.members if not member.is_contact]


def lacks(filled: Filled) -> list[Lack]:
    """Everything that is missing or wrong, in the order of the pages."""
    found = [*_applicant(filled), *_people(filled)]
    for section in filled.stage.sections:
        fields = [field for field in section.fields if field.kind != "file"]
        for field in fields:
            found += [_at(lack, section.code) for lack in question_lacks(filled, field)]
    return [*found, *_files(filled), *_statements(filled)]


def _at(lack: Lack, section: str) -> Lack:
    return replace(lack, section=section)


def _applicant(filled: Filled) -> Iterator[Lack]:
    for datum in ASKED[filled.kind]:
        label = str(datum.label)
        try:
            text = datum_of(datum, filled.applicant.get(datum.code))
        except Wrong as error:
            yield Lack("applicant", datum.code, label, str(error))
            continue
        if datum.required and not text:
            yield Lack("applicant", datum.code, label, _("This is not filled in yet."), missing=True)
    if not any(str(filled.applicant.get(code) or "").strip() for code in ("email", "phone")):
        text = _("Give an e-mail or a telephone number, so that the team can answer.")
        yield Lack("applicant", "email", _("E-mail"), text)


def _people(filled: Filled) -> Iterator[Lack]:
    if filled.kind not in WITH_MEMBERS:
        return
    who, count, label = filled.rules.applicants, len(filled.members), _("Members")
    least = who.group_least if filled.kind == "group" else 2
    if count < least:
        text = ngettext(
            "At least %(least)d member is needed, with the one who speaks for all.",
            "At least %(least)d members are needed, with the one who speaks for all.",
            least,
        )
        yield Lack("people", "", label, text % {"least": least})
    if filled.kind == "group" and who.group_most and count > who.group_most:
        text = ngettext(
            "At most %(most)d member may apply together.",
            "At most %(most)d members may apply together.",
            who.group_most,
        )
        yield Lack("people", "", label, text % {"most": who.group_most})
    for member in filled.others:
        if member.joined_at is None and not filled.keyed:
            yield Lack("people", "", member.name, _("This person has not agreed yet to take part."))


def question_lacks(filled: Filled, field: FormField) -> Iterator[Lack]:
    """What one question lacks; nothing where it is not asked."""
    if filled.kind not in field.applicants or not applies(field, filled.fields, filled.answers):
        return
    label = str(field.label)
    try:
        value = value_of(field, filled.answers.get(field.code))
    except Wrong as error:
        yield Lack("form", field.code, label, str(error), about=_about(filled, field))
        return
    if value is None or value == ():
        if field.required:
            yield Lack("form", field.code, label, _("This is not filled in yet."), missing=True)
        return
    if field.kind == "plan":
        yield from (
            Lack("form", field.code, label, text, about="months") for text in _durations(filled, field, value)
        )
    elif field == amount_field(filled.stage):
        yield from (Lack("form", field.code, label, text, about="amount") for text in _amount(filled, value))


def _about(filled: Filled, field: FormField) -> str:
    """A solution outside the list has a point of its own where the formal check asks for it."""
    checks = [c.automatic for s in filled.rules.stages if isinstance(s, FormalStage) for c in s.checks]
    return "solution" if field.kind == "solution" and "solution" in checks else "complete"


def amount_field(stage: ApplicationStage) -> FormField | None:
    """The question about the money asked for: the one called `amount`, or the first about money."""
    found = [field for field in stage.fields if field.kind == "money"]
    return next((f for f in found if f.code == "amount"), found[0] if found else None)


def title_field(stage: ApplicationStage) -> FormField | None:
    found = [field for field in stage.fields if field.kind == "line"]
    return next((f for f in found if f.code in ("title", "name")), found[0] if found else None)


def _amount(filled: Filled, value: Decimal) -> Iterator[str]:
    grant = filled.rules.grant
    if value <= 0:
        yield _("The amount must be more than zero.")
    elif grant.least is not None and value < grant.least:
        yield _("The lowest grant in this call is %(least)s.") % {"least": money(grant.least)}
    if grant.most is not None and value > grant.most:
        yield _("The highest grant in this call is %(most)s.") % {"most": money(grant.most)}
    planned = plan_total(filled)
    if grant.equals_plan and planned is not None and planned != value:
        words = {"amount": money(value, 2), "plan": money(planned, 2)}
        yield _("The amount is %(amount)s, but the plan adds up to %(plan)s. They must be equal.") % words


def plan_rows(filled: Filled) -> list[PlanRow]:
    """Rows of every plan that can be read."""
    rows: list[PlanRow] = []
    for field in asked(filled.stage, filled.kind):
        if field.kind != "plan" or not applies(field, filled.fields, filled.answers):
            continue
        try:
            rows += value_of(field, filled.answers.get(field.code)) or ()
        except Wrong:
            continue
    return rows


def plan_total(filled: Filled) -> Decimal | None:
    rows = plan_rows(filled)
    return total(rows) if rows else None


def _durations(filled: Filled, field: FormField, rows: tuple[PlanRow, ...]) -> Iterator[str]:
    for phase in field.phases:
        taken = months(rows, phase.code)
        if phase.months is not None and taken > phase.months:
            words = {"phase": phase.label, "taken": taken, "most": phase.months}
            yield _("“%(phase)s” takes %(taken)s months; at most %(most)s are allowed.") % words
        if phase.least_months is not None and taken < phase.least_months:
            words = {"phase": phase.label, "taken": taken, "least": phase.least_months}
            yield _("“%(phase)s” takes %(taken)s months; at least %(least)s are needed.") % words
    whole, most = months(rows), filled.stage.total_months
    if most is not None and whole > most:
        words = {"taken": whole, "most": most}
        yield _("The whole plan takes %(taken)s months; at most %(most)s are allowed.") % words


def _files(filled: Filled) -> Iterator[Lack]:
    for field in file_fields(filled):
        if field.required and not filled.files.get(field.code):
            yield Lack("files", field.code, str(field.label), _("No file is attached yet."), missing=True)


def file_fields(filled: Filled) -> list[FormField]:
    """Questions answered by a file that are asked here."""
    own = [field for field in asked(filled.stage, filled.kind) if field.kind == "file"]
    return [field for field in own if applies(field, filled.fields, filled.answers)]


def _statements(filled: Filled) -> Iterator[Lack]:
    for statement in statements(filled):
        if not statement.required:
            continue
        if (None, statement.code, statement.version) not in filled.ticks:
            text = _("This statement is not ticked yet.")
            yield Lack("statements", statement.code, str(statement.text), text, about="declarations")
        for member in _agreed(filled) if statement.each_member else ():
            if (member.pk, statement.code, statement.version) not in filled.ticks:
                text = _("%(name)s has not made this statement yet.") % {"name": member.name}
                yield Lack("statements", statement.code, str(statement.text), text, about="declarations")


def _agreed(filled: Filled) -> list[Member]:
    """Members whose statements can be missing: of the others it is said that they have not agreed yet."""
    return [member for member in filled.others if member.joined_at is not None or filled.keyed]


def statements(filled: Filled) -> list[Declaration]:
    """Statements that this kind of applicant makes."""
    return [one for one in filled.stage.declarations if filled.kind in one.applicants]


def member_statements(filled: Filled) -> list[Declaration]:
    """Statements that every member makes for herself."""
    return [one for one in statements(filled) if one.each_member]
