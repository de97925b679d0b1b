"""Misses and verdicts as sentences in the reader's language: an applicant is told exactly why."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from krzew.calls.scoring import Miss
from krzew.ui.formats import number


def points(value: Decimal) -> str:
    return number(value.normalize() if value == value.to_integral() else value)


def told(miss: Miss) -> str:
    facts = {"label": str(miss.label), "points": points(miss.points), "needed": points(miss.needed)}
    sentences = {
        "criterion": _("%(label)s: %(points)s points on average, at least %(needed)s needed."),
        "threshold": _("%(label)s: %(points)s points together, at least %(needed)s needed."),
        "card_criterion": _("%(label)s: %(points)s points on one card, at least %(needed)s needed."),
        "card_threshold": _("%(label)s: %(points)s points on one card, at least %(needed)s needed on each."),
    }
    return sentences[miss.kind] % facts


def reasons(misses: Iterable[Miss]) -> str:
    return "\n".join(dict.fromkeys(told(miss) for miss in misses))
