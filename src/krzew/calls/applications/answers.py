"""Answers of an application: kept as they were typed, read when they are needed, shown in words.

A draft holds what people typed. `value_of` reads it or says what is wrong with it; `fixed` gives the one form
in which a sent version keeps it: money "1234.50", dates in ISO, choices and places by code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.calls.applications.solutions import linked_names, name_of
from krzew.calls.definition.form import ApplicationStage, FormField
from krzew.library.finding import resolve as resolve_solution
from krzew.places.models import Unit
from krzew.places.names import short_name
from krzew.places.search import resolve
from krzew.ui.formats import day, money, number

APPLICANT = "_applicant"
"""Where the data of the applicant lie among the answers; no question can have this code."""
LONGEST = 20_000
PLAN_ROWS = 60
_MONEY = re.compile(r"[0-9]{1,10}([.,][0-9]{1,2})?")
_NUMBER = re.compile(r"[-−]?[0-9]{1,12}([.,][0-9]{1,6})?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_POLISH = re.compile(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})")


class Wrong(ValueError):
    """What was typed cannot be read; the text says how to write it."""


@dataclass(frozen=True)
class PlanRow:
    """One action of a plan."""

    phase: str
    action: str
    start: date | None
    end: date | None
    cost: Decimal


def length(text: str) -> int:
    """Characters as the counter beside the field counts them: a new line is two."""
    return len(text.replace("\r\n", "\n").replace("\n", "\r\n"))


def money_of(text: str) -> Decimal:
    """12 000,50 zł → 12000.50. Raises `Wrong`."""
    bare = re.sub(r"\s|zł\.?$|pln", "", text.strip().lower())
    if not _MONEY.fullmatch(bare):
        raise Wrong(_("Write an amount with digits, for example 12 000 or 12 000,50."))
    return Decimal(bare.replace(",", "."))


def number_of(text: str) -> Decimal:
    bare = re.sub(r"\s", "", text)
    if not _NUMBER.fullmatch(bare):
        raise Wrong(_("Write a number with digits, for example 12."))
    return Decimal(bare.replace(",", ".").replace("−", "-"))


def date_of(text: str) -> date:
    """2027-03-01 or 1.03.2027. Raises `Wrong`."""
    if found := _ISO.fullmatch(text.strip()):
        year, month, day_ = found.groups()
    elif found := _POLISH.fullmatch(text.strip()):
        day_, month, year = found.groups()
    else:
        raise Wrong(_("Write a date as day, month, year, for example 1.03.2027."))
    try:
        found_day = date(int(year), int(month), int(day_))
    except ValueError as error:
        raise Wrong(_("There is no such day in the calendar.")) from error
    if not 1900 <= found_day.year <= 2199:
        raise Wrong(_("Look at the year: this is too far from today."))
    return found_day


def email_of(text: str) -> str:
    try:
        validate_email(text.strip())
    except ValidationError as error:
        raise Wrong(_("Write an e-mail address like name@example.org.")) from error
    return text.strip()


def phone_of(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    if not re.fullmatch(r"[0-9+() /-]+", text.strip()) or not 9 <= len(digits) <= 15:
        raise Wrong(_("Write a telephone number with at least nine digits."))
    return text.strip()


def place_of(text: str) -> Unit:
    """A gmina by its name or code. Raises `Wrong`."""
    found = resolve(text)
    if isinstance(found, Unit):
        return found
    if not found:
        raise Wrong(_("No gmina is called “%(text)s”. Try fewer letters or the code.") % {"text": text[:60]})
    names = ", ".join(f"{short_name(unit)} – {unit.code}" for unit in found[:6])
    raise Wrong(_("Several gminas have this name: %(names)s. Type the code.") % {"names": names})


def solution_of(field: FormField, raw: str) -> str:
    """A solution of the library by its name or address; one of the closed list where there is one. Raises `Wrong`."""
    found = raw if raw in field.solutions else resolve_solution(raw)
    if not isinstance(found, str):
        raise Wrong(_which_solution(raw, found))
    if field.solutions and found not in field.solutions:
        words = {
            "name": name_of(found),
            "why": field.solutions_why or _("It is not on the list of this call."),
            "names": ", ".join(linked_names(field.solutions).values()),
        }
        raise Wrong(_("“%(name)s” cannot be chosen here. %(why)s You may choose: %(names)s.") % words)
    return found


def _which_solution(raw: str, found: Sequence[tuple[str, str, str]]) -> str:
    if not found:
        text = _("No solution of the library is called “%(text)s”. Try fewer letters.")
        return text % {"text": raw[:60]}
    names = ", ".join(linked_names([slug for slug, _pl, _en in found[:6]]).values())
    return _("Several solutions have such a name: %(names)s. Type the whole name.") % {"names": names}


def _text_of(field: FormField, raw: str) -> str:
    text, most = raw.strip(), field.longest or LONGEST
    over = length(text) - most
    if over > 0:
        raise Wrong(
            ngettext("Shorten it by %(over)s character.", "Shorten it by %(over)s characters.", over)
            % {"over": number(over)}
        )
    return text


def _choice_of(field: FormField, raw: str) -> str:
    if raw not in {option.code for option in field.options}:
        raise Wrong(_("Choose one of the answers."))
    return raw


def _choices_of(field: FormField, raw: Any) -> tuple[str, ...]:
    given = [raw] if isinstance(raw, str) else list(raw)
    if not set(given) <= {option.code for option in field.options}:
        raise Wrong(_("Choose from the answers that are given."))
    if field.most and len(set(given)) > field.most:
        raise Wrong(_("Choose at most %(most)s.") % {"most": field.most})
    return tuple(option.code for option in field.options if option.code in given)


def is_empty(raw: Any) -> bool:
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, list):
        return not any(row_is_filled(row) if isinstance(row, dict) else row for row in raw)
    return raw is None


def row_is_filled(row: Mapping[str, Any]) -> bool:
    """Whether anything but the phase was typed in a row of a plan."""
    return any(str(row.get(key) or "").strip() for key in ("action", "start", "end", "cost"))


READERS: dict[str, Any] = {
    "line": _text_of,
    "text": _text_of,
    "number": lambda _field, raw: number_of(raw),
    "money": lambda _field, raw: money_of(raw),
    "date": lambda _field, raw: date_of(raw),
    "yes_no": lambda _field, raw: bool(raw),
    "choice": _choice_of,
    "choices": _choices_of,
    "place": lambda _field, raw: place_of(raw),
    "email": lambda _field, raw: email_of(raw),
    "phone": lambda _field, raw: phone_of(raw),
    "solution": solution_of,
}


def value_of(field: FormField, raw: Any) -> Any:
    """What the answer means; None where nothing was typed. Raises `Wrong`."""
    if is_empty(raw):
        return None
    if field.kind == "plan":
        return plan_of(field, raw)
    return READERS[field.kind](field, raw)


def plan_of(field: FormField, raw: Sequence[Mapping[str, Any]]) -> tuple[PlanRow, ...]:
    """Rows of a plan, without the empty ones. Raises `Wrong` with what is wrong in which row."""
    rows, faults = [], []
    for index, row in enumerate((row for row in raw if row_is_filled(row)), 1):
        try:
            rows.append(_row_of(field, row))
        except Wrong as error:
            faults.append(_("Row %(number)s: %(fault)s") % {"number": index, "fault": error})
    if faults:
        raise Wrong(" ".join(faults))
    return tuple(rows)


def _row_of(field: FormField, row: Mapping[str, Any]) -> PlanRow:
    said = {key: str(row.get(key) or "").strip() for key in ("phase", "action", "start", "end", "cost")}
    phases = {phase.code for phase in field.phases}
    if phases and said["phase"] not in phases:
        raise Wrong(_("choose the phase."))
    if not said["action"]:
        raise Wrong(_("write what will be done."))
    start = date_of(said["start"]) if said["start"] else None
    end = date_of(said["end"]) if said["end"] else None
    if start is None or end is None:
        raise Wrong(_("give the first and the last day."))
    if end < start:
        raise Wrong(_("the last day is before the first."))
    return PlanRow(said["phase"], said["action"][:2000], start, end, money_of(said["cost"] or "0"))


def total(rows: Sequence[PlanRow], phase: str | None = None) -> Decimal:
    return sum((row.cost for row in rows if phase is None or row.phase == phase), Decimal(0))


def months(rows: Sequence[PlanRow], phase: str | None = None) -> int:
    """Months from the first day to the last, begun ones counted whole: 1 January to 31 March is three."""
    own = [row for row in rows if phase is None or row.phase == phase]
    starts, ends = [r.start for r in own if r.start], [r.end for r in own if r.end]
    if not starts or not ends:
        return 0
    first, after = min(starts), max(ends) + timedelta(days=1)
    whole = max((after.year - first.year) * 12 + after.month - first.month - 1, 0)
    return next(count for count in range(whole, whole + 3) if _months_later(first, count) >= after)


def _months_later(day_: date, count: int) -> date:
    """The same day of a later month; where that month has no such day, the first of the next."""
    years, month = divmod(day_.month - 1 + count, 12)
    try:
        return date(day_.year + years, month + 1, day_.day)
    except ValueError:
        return date(day_.year + years, month + 2, 1)


def fixed(field: FormField, value: Any) -> Any:
    """The value as a sent version keeps it: plain JSON."""
    if isinstance(value, Unit):
        return value.code
    if field.kind == "money" and value is not None:
        return f"{value:.2f}"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if field.kind == "plan" and value is not None:
        return [_fixed_row(row) for row in value]
    return list(value) if isinstance(value, tuple) else value


def _fixed_row(row: PlanRow) -> dict[str, str]:
    days = {"start": row.start, "end": row.end}
    said = {key: value.isoformat() if value else "" for key, value in days.items()}
    return {"phase": row.phase, "action": row.action, **said, "cost": f"{row.cost:.2f}"}


def asked(stage: ApplicationStage, kind: str) -> list[FormField]:
    """Questions for this kind of applicant, in their order."""
    return [field for field in stage.fields if kind in field.applicants]


def applies(field: FormField, fields: Mapping[str, FormField], answers: Mapping[str, Any]) -> bool:
    """Whether the condition of a question holds, and those of the questions on which it hangs."""
    if field.when is None:
        return True
    asked_first = fields.get(field.when.field)
    if asked_first is None or not applies(asked_first, fields, answers):
        return False
    given = answers.get(field.when.field)
    said = given if isinstance(given, list) else [given]
    return any(_same(one, wanted) for one in said for wanted in field.when.one_of)


def _same(given: Any, wanted: str | bool) -> bool:
    """True is not 1, and a bool given as text in a file of rules still means itself."""
    if isinstance(wanted, bool) or isinstance(given, bool):
        return given is wanted or str(given).lower() == str(wanted).lower()
    return str(given) == wanted


def fixed_answers(stage: ApplicationStage, kind: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Every answer that counts, in its one form. Questions that were not asked are left out."""
    fields = {field.code: field for field in stage.fields}
    kept = {}
    for field in asked(stage, kind):
        if field.kind == "file" or not applies(field, fields, answers):
            continue
        value = value_of(field, answers.get(field.code))
        if value is not None:
            kept[field.code] = fixed(field, value)
    return kept


def shown(field: FormField, kept: Any) -> str:
    """A kept answer in words; "" where there is none."""
    if kept is None or kept == "":
        return ""
    labels = {option.code: str(option.label) for option in field.options}
    if field.kind == "yes_no":
        return _("yes") if kept else _("no")
    if field.kind in ("choice", "choices"):
        codes = [kept] if isinstance(kept, str) else kept
        return ", ".join(labels.get(code, code) for code in codes)
    if field.kind == "plan":
        return "\n".join(_shown_row(field, row) for row in kept)
    return _shown_plain(field.kind, str(kept))


def _shown_row(field: FormField, row: Mapping[str, str]) -> str:
    phases = {phase.code: str(phase.label) for phase in field.phases}
    phase = phases.get(row["phase"], "")
    dates = " – ".join(day(date.fromisoformat(row[key])) for key in ("start", "end") if row[key])
    parts = [phase, row["action"], dates, money(Decimal(row["cost"]), 2)]
    return " · ".join(part for part in parts if part)


def _shown_plain(kind: str, kept: str) -> str:
    if kind == "money":
        return money(Decimal(kept), 2)
    if kind == "number":
        return number(Decimal(kept))
    if kind == "date":
        return day(date.fromisoformat(kept))
    if kind == "place":
        unit = Unit.objects.filter(code=kept).first()
        return short_name(unit) if unit else kept
    return name_of(kept) if kind == "solution" else kept
