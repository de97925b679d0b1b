"""The diary and the risks: for the innovator, her mentor and the team."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from krzew.trials.acts import diary as acts
from krzew.trials.forms.diary import DiaryForm, RiskChangeForm, RiskForm
from krzew.trials.models import DiaryKind
from krzew.trials.present import diary as present
from krzew.trials.queries import diary as queries
from krzew.trials.rules import accompany
from krzew.trials.views.base import put_errors
from krzew.trials.views.test_base import Side, kept, shown, typed
from krzew.ui.components import Crumb
from krzew.ui.formats import number

SHOWN = 30


def diary(request: HttpRequest, side: Side) -> HttpResponse:
    """What happened, newest first; and the form, of which two fields are enough."""
    form = DiaryForm(typed(request), side.innovator)
    if request.method == "POST" and form.is_valid():
        try:
            acts.note(side.actor, side.innovation, innovator=side.innovator, **form.values())
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Noted."))
            return redirect(side.url("diary"))
    kind = request.GET.get("kind", "")
    kind = kind if kind in DiaryKind.values else ""
    page = Paginator(queries.entries(side.innovation, kind), SHOWN).get_page(request.GET.get("page"))
    context = {
        "form": form if side.notes else None,
        "page": page,
        "moments": present.moments(page),
        "filters": present.filters(side, kind),
        "hours": number(queries.hours(side.innovation)),
        "hours_label": _("hours of support so far"),
        "missed": queries.missed_workshops(side.innovation),
        "crumbs": side.crumbs(Crumb(_("Diary"))),
        "draft": f"diary-{side.innovation.pk}",
    }
    return shown(request, side, "trials/diary.html", context, 422 if form.errors else 200)


def risks(request: HttpRequest, side: Side) -> HttpResponse:
    """What may go wrong, the heaviest first; and a form for one more."""
    form = RiskForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            acts.add_risk(side.actor, side.innovation, innovator=side.innovator, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Noted."))
            return redirect(side.url("risks"))
    context = {
        "form": form if side.notes else None,
        "table": present.risks(side, list(queries.risks(side.innovation)[:200])),
        "crumbs": side.crumbs(Crumb(_("Risks"))),
    }
    return shown(request, side, "trials/risks.html", context, 422 if form.errors else 200)


def risk(request: HttpRequest, side: Side, risk: int) -> HttpResponse:
    """Weigh a risk anew, note that it happened, or that it is over."""
    if not side.innovator:
        accompany.require(side.actor, side.innovation)
    row = queries.risk(side.innovation, risk)
    if row is None:
        raise Http404
    names = ("text", "likelihood", "impact", "answer", "happened_on")
    initial = {name: getattr(row, name) for name in names} | {"closed": row.closed_at is not None}
    form = RiskChangeForm(typed(request), initial=initial)
    return kept(
        request,
        side,
        form,
        lambda: acts.change_risk(side.actor, row, innovator=side.innovator, **form.cleaned_data),
        title=row.text,
        done=side.url("risks"),
        crumbs=side.crumbs(Crumb(_("Risks"), side.url("risks")), Crumb(row.text)),
    )
