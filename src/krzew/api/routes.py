"""The addresses of the API. Everything here is public, read-only and without personal data."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import NinjaAPI, Query

from krzew import __version__
from krzew.api import answers, queries
from krzew.api.paging import Page, Wanted, page_of
from krzew.api.schemas import (
    Code,
    ComparisonGroup,
    Diagnosis,
    DiagnosisSummary,
    Indicator,
    Message,
    Name,
    Place,
    PlaceDetail,
    Slug,
    Solution,
    SolutionDetail,
    Value,
    Vocabulary,
    Words,
    Year,
)
from krzew.diagnosis import queries as diagnoses
from krzew.library import queries as library
from krzew.library.models import Facet
from krzew.places import vocabulary
from krzew.places.models import Unit

api = NinjaAPI(
    title="Krzew",
    version="1.0.0",
    description="Places of Poland with indicators and comparison groups, tested solutions, public diagnoses. "
    f"Read-only, no personal data, ETags on every answer. Software version {__version__}.",
    urls_namespace="api",
    docs_url=None,
)

MISSING = {404: Message}


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> Any:
    return api.create_response(request, {"detail": str(error) or "Not found"}, status=404)


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Http404(f"No place has the code {code}.")
    return unit


@api.get("/places", response=Page[Place], tags=["places"])
def list_places(
    request: HttpRequest, wanted: Query[Wanted], q: Words = "", level: Words = "", parent: Words = ""
) -> dict[str, Any]:
    """Places by name (diacritics do not matter), level (voivodeship, powiat, gmina) or parent's code."""
    return page_of(queries.places(q, level, parent), wanted, answers.place)


@api.get("/places/{code}", response={200: PlaceDetail, **MISSING}, tags=["places"])
def one_place(request: HttpRequest, code: Code) -> dict[str, Any]:
    """One place with its dated versions and changes."""
    return answers.place_detail(_unit(code))


@api.get("/places/{code}/values", response={200: Page[Value], **MISSING}, tags=["places"])
def values_of_place(
    request: HttpRequest, code: Code, wanted: Query[Wanted], indicator: Words = "", year: Year = None
) -> dict[str, Any]:
    """Every figure of a place, with the reason where there is none."""
    return page_of(queries.values(unit=_unit(code), indicator=indicator, year=year), wanted, answers.value)


@api.get("/places/{code}/comparison-group", response={200: ComparisonGroup, **MISSING}, tags=["places"])
def comparison_group(request: HttpRequest, code: Code) -> dict[str, Any]:
    """The gminas that this one is compared with: settlement type first, then the nearest by structure."""
    return answers.comparison_group(_unit(code))


@api.get("/indicators", response=list[Indicator], tags=["indicators"])
def list_indicators(request: HttpRequest) -> list[dict[str, Any]]:
    """The catalogue of indicators, also of those that only local offices hold."""
    return [answers.indicator(spec) for spec in vocabulary.indicators().values()]


@api.get("/indicators/{code}", response={200: Indicator, **MISSING}, tags=["indicators"])
def one_indicator(request: HttpRequest, code: Name) -> dict[str, Any]:
    return answers.indicator(_spec(code))


@api.get("/indicators/{code}/values", response={200: Page[Value], **MISSING}, tags=["indicators"])
def values_of_indicator(
    request: HttpRequest, code: Name, wanted: Query[Wanted], year: Year = None
) -> dict[str, Any]:
    """One indicator in every place."""
    return page_of(queries.values(indicator=_spec(code).code, year=year), wanted, answers.value)


def _spec(code: str) -> vocabulary.IndicatorSpec:
    spec = vocabulary.indicators().get(code)
    if spec is None:
        raise Http404(f"No indicator has the code {code}.")
    return spec


@api.get("/vocabulary", response=Vocabulary, tags=["indicators"])
def list_vocabulary(request: HttpRequest) -> dict[str, Any]:
    """Closed lists: needs, groups of people, domains of services."""
    return {
        "needs": answers.entries(vocabulary.needs()),
        "groups": answers.entries(vocabulary.groups()),
        "domains": answers.entries(vocabulary.domains()),
    }


@api.get("/solutions", response=Page[Solution], tags=["library"])
def list_solutions(
    request: HttpRequest,
    wanted: Query[Wanted],
    kind: Words = "",
    need: Words = "",
    group: Words = "",
    domain: Words = "",
) -> dict[str, Any]:
    """Published solutions, filtered by kind, need, group or domain."""
    rows = library.public_solutions().order_by("slug")
    for facet, code in {"kind": kind, "need": need, "group": group, "domain": domain}.items():
        rows = _with_facet(rows, facet, code)
    return page_of(rows, wanted, answers.solution)


def _with_facet(rows: QuerySet[Any], kind: str, code: str) -> QuerySet[Any]:
    if not code:
        return rows
    return rows.filter(current__in=Facet.objects.filter(kind=kind, code=code).values("version"))


@api.get("/solutions/{slug}", response={200: SolutionDetail, **MISSING}, tags=["library"])
def one_solution(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """One solution's whole card as it is published."""
    row = library.solution(slug)
    if row is None:
        raise Http404(f"No published solution is called {slug}.")
    return answers.solution_detail(row)


@api.get("/diagnoses", response=Page[DiagnosisSummary], tags=["diagnoses"])
def list_diagnoses(request: HttpRequest, wanted: Query[Wanted], place: Words = "") -> dict[str, Any]:
    """Signed diagnoses that their organisations made public."""
    return page_of(_published(place), wanted, answers.diagnosis_summary)


def _published(place: str) -> QuerySet[Any]:
    rows = diagnoses.published()
    return rows.filter(place=place) if place else rows


@api.get("/diagnoses/{number}", response={200: Diagnosis, **MISSING}, tags=["diagnoses"])
def one_diagnosis(request: HttpRequest, number: int) -> dict[str, Any]:
    """One public diagnosis, as it was frozen when it was signed."""
    row = diagnoses.published().filter(pk=number).first() if 0 < number < 2**63 else None
    if row is None:
        raise Http404(f"No public diagnosis has the number {number}.")
    return answers.signed_diagnosis(row)


@api.get("/places/{code}/diagnosis", response={200: Diagnosis, **MISSING}, tags=["diagnoses"])
def diagnosis_of_place(request: HttpRequest, code: Code) -> dict[str, Any]:
    """What public statistics alone say about a gmina today, and which solutions fit."""
    unit = _unit(code)
    if not unit.is_gmina:
        raise Http404(f"{unit.name} is not a gmina; a diagnosis is made for one gmina.")
    return answers.computed_diagnosis(unit)
