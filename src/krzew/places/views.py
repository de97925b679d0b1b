"""Pages of places. All are public: they show official statistics and nothing of anybody's work."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from krzew.accounts.access import public
from krzew.places import indicator_pages, pages, queries
from krzew.places.models import Level, Unit
from krzew.places.names import kind_name, place_line
from krzew.places.search import LIMIT, resolve, search
from krzew.places.vocabulary import indicators

LEVELS = {level.value for level in Level}
FULL_LIST = 60


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search and browsing. A search with one meaning goes straight to the place."""
    text = request.GET.get("q", "").strip()
    if text and isinstance(found := resolve(text), Unit):
        return redirect("places:detail", found.code)
    context = pages.home_page(text) | {"results": search(text, limit=FULL_LIST) if text else []}
    return render(request, "places/home.html", context)


@public
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions as you type: JSON for the design system's combobox, list items for htmx."""
    level = request.GET.get("level", "")
    units = search(request.GET.get("q", ""), level if level in LEVELS else "", LIMIT)
    if request.GET.get("format") == "json" or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"results": [suggestion(unit) for unit in units]})
    return render(request, "places/_suggestions.html", {"units": [(u, suggestion(u)) for u in units]})


def suggestion(unit: Unit) -> dict[str, str]:
    note = ", ".join(part for part in (kind_name(unit), place_line(unit)) if part)
    return {"value": unit.code, "label": unit.name, "note": note, "url": pages.url(unit)}


@public
@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    unit = queries.get_unit(code)
    if unit is None:
        return unknown(request, code)
    if unit.is_gmina:
        return render(request, "places/gmina.html", pages.gmina_page(unit))
    return render(request, "places/area.html", pages.area_page(unit))


def unknown(request: HttpRequest, code: str) -> HttpResponse:
    """An old code or a plain name leads on; otherwise the page helps to find what was meant."""
    found = queries.unit_of_old_code(code) or resolve(code)
    if isinstance(found, Unit):
        return redirect("places:detail", found.code, permanent=code.isdigit())
    near = found or queries.near_codes(code)
    return render(request, "places/unknown.html", {"code": code[:60], "near": near}, status=404)


@public
@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    return render(request, "places/indicators.html", {"groups": indicator_pages.indicator_list()})


@public
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    if code not in indicators():
        raise Http404(gettext("There is no figure with this code."))
    return render(request, "places/indicator.html", indicator_pages.indicator_page(indicators()[code]))


@public
@require_safe
def region_figure(request: HttpRequest, code: str, indicator: str) -> HttpResponse:
    """One figure of all gminas of a region."""
    unit, spec = queries.get_unit(code), indicators().get(indicator)
    if unit is None or unit.is_gmina or spec is None or spec.is_local or spec.level != Level.GMINA:
        raise Http404(gettext("There is no such figure for this place."))
    return render(request, "places/region_figure.html", indicator_pages.region_page(unit, spec))
