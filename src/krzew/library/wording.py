"""Parts of a card in one line of text: ranges, rules, items of lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from krzew.library import catalogue, labels
from krzew.library.cards import said
from krzew.places.vocabulary import Entry
from krzew.ui.formats import number

OPERATORS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "is": "="}


def range_text(value: Mapping[str, Any]) -> str:
    """ "5–9 jobs", "about" is never added: the source says what it says."""
    low, high = value.get("low"), value.get("high")
    figures = number(low) if low == high else f"{number(low)}–{number(high)}"
    return f"{figures} {unit_text(value.get('unit', ''), high)}"


def unit_text(unit: str, count: float | None) -> str:
    """The unit after this number: 1 job, 2 jobs."""
    # In Polish a fraction takes the form of two: 2,5 osoby.
    n = int(count) if count is not None and float(count).is_integer() else 2
    if unit == "jobs":
        return ngettext("job", "jobs", n)
    if unit in ("people", "testers"):
        return ngettext("person", "people", n)
    return str(labels.UNITS.get(unit, ""))


def rule_text(rule: Mapping[str, Any], language: str) -> str:
    """A rule as a sentence: "Is there a leader? = yes; or …"."""
    if "not" in rule:
        return _("not: %(rule)s") % {"rule": rule_text(rule["not"], language)}
    for key, word in (("all", pgettext("between rules", "and")), ("any", pgettext("between rules", "or"))):
        if key in rule:
            return f" {word} ".join(f"({rule_text(part, language)})" for part in rule[key])
    op = OPERATORS.get(rule.get("op", ""), "")
    return f"{subject_text(rule, language)} {op} {answer_text(rule.get('value'))}"


def subject_text(atom: Mapping[str, Any], language: str) -> str:
    """The question behind a fact, or the name of an indicator."""
    if "fact" in atom:
        fact = catalogue.facts().get(atom["fact"])
        return str(getattr(fact, f"question_{language}") if fact else atom["fact"])
    word = catalogue.indicators().get(atom.get("indicator", ""))
    return str(getattr(word, f"name_{language}") if word else atom.get("indicator", ""))


def answer_text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return number(value)


def item_text(item: Any, language: str) -> str:
    """Any part of a card as one line, for comparing versions."""
    if item is None:
        return ""
    if isinstance(item, bool):
        return answer_text(item)
    if isinstance(item, Mapping):
        return " · ".join(filter(None, _item_parts(item, language)))
    return _code(item) if isinstance(item, str) else str(item)


def _code(text: str) -> str:
    lists: list[Mapping[str, Entry]] = [catalogue.groups(), catalogue.domains(), catalogue.needs()]
    for words in lists:
        if text in words:
            return words[text].name
    return str(catalogue.DOORS.get(text, text))


def _item_parts(item: Mapping[str, Any], language: str) -> list[str]:
    other = "_pl" if language == "en" else "_en"
    special: dict[str, Callable[[Any], str]] = {
        "rule": lambda rule: rule_text(rule, language),
        "number": lambda key: str(labels.NUMBERS[key]),
        "verified": lambda yes: "" if yes else _("unverified"),
        "range": lambda value: _range_line(value, language),
        "kind": lambda code: labels.choice("note_kind", labels.choice("source_kind", code)),
    }
    parts = []
    for key, value in item.items():
        if key.endswith(other) or value in (None, ""):
            continue
        if key in special:
            parts.append(special[key](value))
        elif key in labels.CHOICES:
            parts.append(labels.choice(key, value))
        else:
            parts.append(item_text(value, language))
    return parts


def _range_line(value: Mapping[str, Any] | None, language: str) -> str:
    if value is None:
        return _("not known")
    details = [
        range_text(value),
        value.get("as_of"),
        labels.choice("basis", value.get("basis")),
        value.get("source"),
    ]
    details += ["" if value.get("verified") else _("unverified"), said(value, "note", language)]
    return " · ".join(filter(None, details))
