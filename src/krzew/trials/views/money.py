"""Money of a call on one page, and as a file for a spreadsheet."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krzew.calls.models import Call
from krzew.calls.queries.programmes import managed_calls
from krzew.trials.present import settlement as present
from krzew.trials.queries import money as queries
from krzew.trials.views.base import actor_of
from krzew.ui.components import Crumb

SHOWN = 100
FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    """The same numbers as CSV: UTF-8 with a mark, so that spreadsheets read Polish letters."""
    call = _call(request, slug)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    heads = present.headings()
    writer.writerow([harmless(text) for text in (_("Innovation"), _("State"), *heads.values())])
    for line in queries.of_call(call).lines:
        values = [getattr(line.balance, name) for name in heads]
        state = str(line.innovation.get_state_display())
        words = [harmless(line.innovation.title), harmless(state)]
        writer.writerow([*words, *("" if v is None else _plain(v) for v in values)])
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{call.slug}-money.csv"'
    return answer


def _plain(value: Decimal) -> str:
    return f"{value:.2f}"


def harmless(text: str) -> str:
    """A text that a spreadsheet would run as a formula is shown as text."""
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text
