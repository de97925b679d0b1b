"""How the fields of a card are called, and its closed choices in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FIELDS: dict[str, _StrPromise] = {
    "door": _("How one comes to it"),
    "verified": _("A source was read"),
    "name": _("Name"),
    "aliases": _("Other names"),
    "summary": _("In one sentence"),
    "does": _("What it does"),
    "groups": _("Whom it serves"),
    "domains": _("Areas of public services"),
    "needs": _("Problems it answers"),
    "core_parts": _("Core: must not be changed"),
    "adaptable_parts": _("Adaptable: each place decides"),
    "steps": _("Steps"),
    "partners": _("Partners needed"),
    "perspectives": _("Points of view"),
    "numbers": _("Numbers"),
    "fit": _("What a comparison with a place needs"),
    "preconditions": _("What must be there first"),
    "evidence": _("Evidence"),
    "exemplars": _("Where it works"),
    "notes": _("Notes"),
    "licence": _("Licence of the materials"),
    "documents": _("Documents"),
    "related": _("Related solutions"),
    "sources": _("Sources"),
    "asks": _("What we do not know yet"),
}

NUMBERS: dict[str, _StrPromise] = {
    "jobs": _("Jobs"),
    "jobs_at_risk": _("Jobs for people at risk of exclusion"),
    "staff": _("Staff"),
    "investment_pln": _("Money needed to start"),
    "cost_pln_year": _("Cost of a year"),
    "revenue_pln_year": _("Income of a year"),
    "months_to_registration": _("From the first meeting to registration"),
    "months_registration_to_open": _("From registration to opening"),
    "months_to_open": _("From the first meeting to opening"),
    "testers": _("People in the test"),
}

UNITS: dict[str, _StrPromise] = {
    "jobs": _("jobs"),
    "people": _("people"),
    "months": _("months"),
    "PLN": _("PLN"),
    "PLN/year": _("PLN a year"),
    "testers": _("people"),
}

CHOICES: dict[str, Mapping[str, Any]] = {
    "who": {
        "mayor": _("Local government"),
        "family": _("Family"),
        "person": _("The person concerned"),
        "firm": _("Firm"),
        "workshop": _("Therapy workshop (WTZ)"),
        "ngo": _("Non-governmental organisation"),
        "user": _("Those who apply it"),
    },
    "basis": {
        "stated": _("stated in the source"),
        "derived": _("computed from stated figures"),
        "law": _("set by law"),
        "practice": _("known from practice"),
    },
    "effect": {"must": _("cannot start without it"), "should": _("the start is weaker without it")},
    "direction": {
        "positive": _("it helped"),
        "mixed": _("mixed result"),
        "negative": _("it did not work"),
        "none": _("says how far it has come, not what it changed"),
    },
    "status": {
        "planned": _("planned"),
        "tested": _("tested"),
        "registered": _("registered"),
        "working": _("working, as the source says"),
        "closed": _("closed"),
        "unknown": _("not known"),
    },
    "note_kind": {
        "caution": _("Caution"),
        "funding": _("Money"),
        "policy": _("Public policy"),
        "history": _("History"),
    },
    "language": {"pl": _("in Polish"), "en": _("in English"), "pjm": _("in Polish Sign Language (PJM)")},
    "relation": {
        "came_out_of": _("it came out of this solution"),
        "led_to": _("this solution came out of it"),
        "franchise_of": _("it repeats this solution"),
        "similar": _("similar"),
        "goes_well_with": _("they go well together"),
    },
    "source_kind": {
        "primary": _("the act or the owner's own text"),
        "secondary": _("a text about it"),
        "third_party": _("a copy made by others; we have not opened the original"),
    },
    "relevance": {"1": _("helps a little"), "2": _("helps"), "3": _("made for it")},
    "investment_class": {
        "low": _("small"),
        "medium": _("medium"),
        "high": _("large"),
        "unknown": _("not known"),
    },
    "gmina_role": {
        "buyer": _("buys the service"),
        "founder": _("founds it"),
        "host": _("gives premises or equipment"),
        "none": _("no role of its own"),
    },
}


def choice(field: str, code: Any) -> str:
    return str(CHOICES[field].get(str(code), code or ""))
