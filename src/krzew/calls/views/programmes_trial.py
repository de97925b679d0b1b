"""A programme seen as others will, and tried out on invented applications. Nothing here is written."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krzew.calls.present import programmes as present
from krzew.calls.present import programmes_trial as show
from krzew.calls.present import programmes_words as words
from krzew.calls.programmes.dry_run import dry_run
from krzew.calls.views.programmes import crumbs, found
from krzew.ui.components import Crumb

LAST_SEED = 9999


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The programme with the eyes of an applicant, an assessor, the committee, everybody."""
    programme = found(request, pk)
    role = request.GET.get("as", "")
    role = role if role in show.ROLES else "applicant"
    rules = programme.rules
    context = {
        "programme": programme,
        "crumbs": crumbs(programme, Crumb(_("See it as others"))),
        "tabs": present.tabs(programme, "programme_preview"),
        "roles": show.role_tabs(programme, role),
        "role": role,
        "rules": rules,
        "form": rules.form,
        "stages": show.seen_stages(rules, role),
        "cards": show.scale(rules) if role == "assessor" else [],
        "who": words.applicants(rules),
        "money": words.grant(rules),
    }
    return render(request, "calls/programmes_preview.html", context)


@require_safe
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Twenty invented applications through all the rules; another seed gives other ones."""
    programme = found(request, pk)
    seed = _number(request.GET.get("seed", ""))
    typed = request.GET.get("pool", "")
    run = dry_run(programme.rules, seed=seed, pool=_money(typed))
    context = {
        "programme": programme,
        "crumbs": crumbs(programme, Crumb(_("Try it out"))),
        "tabs": present.tabs(programme, "programme_trial"),
        "run": run,
        "finding": show.finding(run),
        "gates": show.gates(run),
        "table": show.applications(run),
        "by_hand": show.by_hand(programme.rules),
        "seed": seed,
        "next_seed": seed % LAST_SEED + 1,
        "pool": typed if _money(typed) is not None else "",
    }
    return render(request, "calls/programmes_trial.html", context)


def _number(typed: str) -> int:
    return min(int(typed), LAST_SEED) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1


def _money(typed: str) -> Decimal | None:
    """An amount as people write it; anything else counts as none."""
    try:
        amount = Decimal("".join(typed.split()).replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount < 10**12 else None
