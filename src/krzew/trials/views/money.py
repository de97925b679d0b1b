"""Money of a call on one page, and as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krzew.calls.models import Call
from krzew.calls.queries.programmes import managed_calls
from krzew.trials.models import Innovation
from krzew.trials.present import settlement as present
from krzew.trials.queries import money as queries
from krzew.trials.views.base import actor_of
from krzew.ui.components import Crumb
from krzew.ui.sheets import csv_answer, harmless

SHOWN = 100


def _call(request: HttpRequest, slug: str) -> Call:
    """A call of the team; to anybody else its money does not exist."""
    call = managed_calls(actor_of(request)).filter(slug=slug).select_related("programme").first()
    if call is None:
        raise Http404
    return call


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Granted, agreed, paid, waiting, to return, left in the pool."""
    call = _call(request, slug)
    made = queries.of_call(call)
    rows = Paginator(made.lines, SHOWN).get_page(request.GET.get("page"))
    context = {
        "call": call,
        "facts": present.call_facts(made),
        "table": present.call_table(list(rows)),
        "page": rows,
        "crumbs": [Crumb(_("Innovations"), reverse("trials:innovations")), Crumb(_("Money of the call"))],
    }
    return render(request, "trials/money.html", context)


@require_safe
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """The same numbers as CSV."""
    call, heads = _call(request, slug), present.headings()
    rows = [
        [*_words(line.innovation), *_numbers(line.balance, heads)] for line in queries.of_call(call).lines
    ]
    return csv_answer(f"{call.slug}-money.csv", [_("Innovation"), _("State"), *heads.values()], rows)


def _words(innovation: Innovation) -> list[str]:
    return [harmless(innovation.title), harmless(str(innovation.get_state_display()))]


def _numbers(balance: queries.Balance, names: Iterable[str]) -> list[str]:
    values = (getattr(balance, name) for name in names)
    return ["" if value is None else _plain(value) for value in values]


def _plain(value: Decimal) -> str:
    return f"{value:.2f}"
