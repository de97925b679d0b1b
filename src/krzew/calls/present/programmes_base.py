"""Names and small words that every sentence about a programme uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from krzew.ui.components import Table
from krzew.ui.formats import money, number

KINDS = {
    "application": pgettext_lazy("stage kind", "Application form"),
    "formal": pgettext_lazy("stage kind", "Formal check"),
    "merit": pgettext_lazy("stage kind", "Assessment with points"),
    "pitch": pgettext_lazy("stage kind", "Presentation before a panel"),
    "talk": pgettext_lazy("stage kind", "Talk without points"),
    "strategic": pgettext_lazy("stage kind", "Choice by a council"),
    "vote": pgettext_lazy("stage kind", "Public vote"),
    "ranking": pgettext_lazy("stage kind", "Ranking list"),
    "decision": pgettext_lazy("stage kind", "Decision"),
    "appeal": pgettext_lazy("stage kind", "Appeal"),
    "cooperation": pgettext_lazy("stage kind", "Cooperation agreement"),
    "specification": pgettext_lazy("stage kind", "Specification"),
    "agreement": pgettext_lazy("stage kind", "Grant agreement"),
    "test": pgettext_lazy("stage kind", "Test on a small scale"),
    "settlement": pgettext_lazy("stage kind", "Settlement by results"),
    "evaluation": pgettext_lazy("stage kind", "Evaluation and report"),
    "dissemination": pgettext_lazy("stage kind", "Dissemination"),
}
APPLICANTS = {
    "person": gettext_lazy("persons"),
    "group": gettext_lazy("informal groups"),
    "organisation": gettext_lazy("organisations"),
    "partnership": gettext_lazy("partnerships of organisations"),
}
QUESTIONS = {
    "line": gettext_lazy("a line of text"),
    "text": gettext_lazy("a longer text"),
    "number": gettext_lazy("a number"),
    "money": gettext_lazy("an amount in złoty"),
    "date": gettext_lazy("a date"),
    "yes_no": gettext_lazy("yes or no"),
    "choice": gettext_lazy("one of the options"),
    "choices": gettext_lazy("several of the options"),
    "place": gettext_lazy("a gmina"),
    "plan": gettext_lazy("a plan: actions with dates and costs"),
    "file": gettext_lazy("a file"),
    "email": gettext_lazy("an e-mail address"),
    "phone": gettext_lazy("a telephone number"),
    "solution": gettext_lazy("a solution of the library"),
}


@dataclass(frozen=True)
class Item:
    """A question, check or result: its name, what it asks, and remarks."""

    label: str
    hint: str = ""
    notes: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    items: tuple[Item, ...]
    hint: str = ""


@dataclass(frozen=True)
class Said:
    """What there is to say about one stage: sentences, groups of things, tables."""

    lines: Sequence[str] = ()
    groups: Sequence[Group] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class StageView:
    """One stage as it is read."""

    number: int
    code: str
    kind: str
    label: str
    hint: str = ""
    lines: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    tables: tuple[Table, ...] = ()


def sum_of(amount: Decimal) -> str:
    """Grosze are shown where there are some."""
    return money(amount, 0 if amount == amount.to_integral_value() else 2)


def listed(words: Iterable[str]) -> str:
    """a, b and c."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return _("%(first)s and %(last)s") % {"first": ", ".join(found[:-1]), "last": found[-1]}


def months(count: int) -> str:
    return ngettext("%(n)s month", "%(n)s months", count) % {"n": count}


def working_days(count: int) -> str:
    return ngettext("%(n)s working day", "%(n)s working days", count) % {"n": count}


def points(value: Decimal) -> str:
    """A number of points without needless zeros."""
    return number(value)


def described(rows: Iterable[Any]) -> tuple[Item, ...]:
    """Things that have only a name and a hint."""
    return tuple(Item(str(row.label), str(row.hint or ""), code=row.code) for row in rows)
