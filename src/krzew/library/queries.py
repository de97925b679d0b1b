"""Reading the library: lists, cards, facets, search, and what other rooms match places with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, QuerySet, Sum

from krzew.accounts.actors import Actor
from krzew.library import rules
from krzew.library.cards import SEARCH_WEIGHTS
from krzew.library.models import (
    Answer,
    AnswerState,
    Facet,
    FacetKind,
    Solution,
    SolutionVersion,
    Subscription,
)
from krzew.library.states import VersionState
from krzew.methods.similarity import Index

PAGE_SIZE = 20
MOST_HITS = 500
WORTH_SHOWING = 0.25  # of the best score; below it only scraps of words agree
COMPARED = 4
SORTS = {"evidence": ("-current__evidence_level",), "name": (), "new": ("-current__published_at",)}


@dataclass(frozen=True)
class Selection:
    """What a reader asked the list for."""

    query: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    language: str = "pl"

    def without(self, kind: str) -> dict[str, str]:
        return {name: code for name, code in self.facets.items() if name != kind}


@dataclass(frozen=True)
class Listing:
    page: Page[Any]
    counts: dict[str, list[tuple[str, int]]]
    words: dict[int, tuple[str, ...]]


def public_solutions() -> QuerySet[Solution]:
    """What the public finds: published and not withdrawn, with the current version."""
    return Solution.objects.filter(current__isnull=False, withdrawn_at=None).select_related("current")


def _with_facets(rows: QuerySet[Solution], facets: Mapping[str, str]) -> QuerySet[Solution]:
    for kind, code in facets.items():
        rows = rows.filter(current__facets__kind=kind, current__facets__code=code)
    return rows


def listing(selection: Selection, page: str | int = 1) -> Listing:
    """One page of the list with facet counts. The number of queries does not grow with the library."""
    found = _search(selection.query) if selection.query else None
    base = public_solutions() if found is None else public_solutions().filter(pk__in=list(found))
    rows = _with_facets(base, selection.facets)
    ids = list(rows.order_by(*_order(selection)).values_list("pk", flat=True))
    if found is not None and not selection.sort:
        best_first = {pk: rank for rank, pk in enumerate(found)}
        ids.sort(key=best_first.__getitem__)
    chosen: Page[Any] = Paginator(ids, PAGE_SIZE).get_page(page)
    by_id = public_solutions().in_bulk(chosen.object_list)
    chosen.object_list = [by_id[pk] for pk in chosen.object_list]
    return Listing(chosen, _counts(base, selection), found or {})


def _order(selection: Selection) -> tuple[str, ...]:
    return (*SORTS.get(selection.sort, SORTS["evidence"]), f"current__sort_{selection.language}", "slug")


def _counts(base: QuerySet[Solution], selection: Selection) -> dict[str, list[tuple[str, int]]]:
    """How many solutions each choice would leave. A facet already chosen is counted as if it were not."""
    counts: dict[str, list[tuple[str, int]]] = {kind: [] for kind in FacetKind.values}
    free = [kind for kind in FacetKind.values if kind not in selection.facets]
    for kinds, facets in [(free, selection.facets), *(([k], selection.without(k)) for k in selection.facets)]:
        versions = _with_facets(base, facets).values("current")
        rows = Facet.objects.filter(version__in=versions, kind__in=kinds).values_list("kind", "code")
        for kind, code, count in rows.annotate(count=Count("pk")).order_by("kind", "-count", "code"):
            counts[kind].append((code, count))
    return counts


# --- search ------------------------------------------------------------------------------------
def stamp() -> tuple[Any, ...]:
    """Changes whenever something is published; caches in the process live as long as it stays the same."""
    current = Solution.objects.filter(current__isnull=False)
    values = current.aggregate(n=Count("pk"), ids=Sum("current"), last=Max("current__published_at"))
    return values["n"], values["ids"], values["last"]


@lru_cache(maxsize=1)
def _index(_stamp: tuple[Any, ...]) -> Index:
    rows = (
        Solution.objects.filter(current__isnull=False).order_by("slug").values_list("pk", "current__search")
    )
    return Index({str(pk): fields for pk, fields in rows}, weights=SEARCH_WEIGHTS)


def _search(query: str) -> dict[int, tuple[str, ...]]:
    """Solutions that meet the words, best first, each with the words that met."""
    hits = _index(stamp()).search(query, k=MOST_HITS)
    return {int(hit.id): hit.words for hit in hits if hit.score >= hits[0].score * WORTH_SHOWING}


def similar(solution: Solution, count: int = 3) -> list[Solution]:
    hits = [int(hit.id) for hit in _index(stamp()).like(str(solution.pk), k=count + 2)]
    by_id = public_solutions().in_bulk(hits)
    return [by_id[pk] for pk in hits if pk in by_id][:count]


def novelty_of(texts: dict[str, str], count: int = 3) -> list[tuple[Solution, tuple[str, ...]]]:
    """Published solutions nearest to a text, each with the telling words that met: help, never a verdict."""
    index = _index(stamp())
    hits = [
        (int(hit.id), index.telling(hit.words)) for hit in index.search(" ".join(texts.values()), k=count + 4)
    ]
    by_id = public_solutions().in_bulk([pk for pk, _words in hits])
    return [(by_id[pk], words) for pk, words in hits if pk in by_id and words][:count]


# --- cards -------------------------------------------------------------------------------------
def solution(slug: str) -> Solution | None:
    """A published solution, withdrawn ones too: their page says why."""
    rows = Solution.objects.select_related("current", "keeper").filter(current__isnull=False)
    return rows.filter(slug=slug).first()


def published_versions(solution: Solution) -> list[SolutionVersion]:
    """Newest first, without the cards."""
    rows = solution.versions.filter(state=VersionState.PUBLISHED).select_related("organisation")
    return list(rows.order_by("-number").defer("card", "search"))


def published_version(slug: str, number: int) -> SolutionVersion | None:
    rows = SolutionVersion.objects.select_related("solution__current", "solution__keeper", "organisation")
    return rows.filter(solution__slug=slug, number=number, state=VersionState.PUBLISHED).first()


def compared(slugs: Sequence[str]) -> list[Solution]:
    """Up to four solutions in the order asked for; unknown ones are left out."""
    by_slug = {row.slug: row for row in public_solutions().filter(slug__in=slugs)}
    return [by_slug[slug] for slug in dict.fromkeys(slugs) if slug in by_slug][:COMPARED]


def names(slugs: Sequence[str]) -> dict[str, SolutionVersion]:
    """Current versions of those of the slugs that are in the library; for links between cards."""
    rows = public_solutions().filter(slug__in=slugs).defer("current__card", "current__search")
    return {row.slug: row.current for row in rows if row.current}


def followed(actor: Actor, solution: Solution) -> dict[str, bool]:
    """Whether the person, and the organisation acted for, is told of new versions."""
    if not actor.is_known:
        return {"person": False, "organisation": False}
    rows = Subscription.objects.filter(solution=solution)
    organisation = actor.organisation is not None and rows.filter(organisation=actor.organisation).exists()
    return {"person": rows.filter(user=actor.user).exists(), "organisation": organisation}


# --- the editors' desk ---------------------------------------------------------------------------
def open_versions(actor: Actor) -> QuerySet[SolutionVersion]:
    rows = SolutionVersion.objects.exclude(state=VersionState.PUBLISHED).select_related("solution", "author")
    return rules.edit_version.filter(actor, rows).defer("search").order_by("-created_at")


def open_version_of(actor: Actor, solution: Solution) -> SolutionVersion | None:
    return open_versions(actor).filter(solution=solution).first()


def new_answers(actor: Actor) -> QuerySet[Answer]:
    rows = Answer.objects.filter(state=AnswerState.NEW).select_related("solution__current", "user")
    return rules.settle_answer.filter(actor, rows)


def kept(actor: Actor) -> QuerySet[Solution]:
    """Published solutions of which this actor may write the next version."""
    rows = Solution.objects.filter(current__isnull=False).select_related("current")
    return rules.start_version.filter(actor, rows).defer("current__card", "current__search")


# --- for other rooms -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Range:
    low: float
    high: float
    unit: str
    as_of: str
    basis: str
    verified: bool


@dataclass(frozen=True)
class Matchable:
    """One current public solution as the diagnosis room needs it. `needs` maps code to relevance 1..3."""

    slug: str
    version_id: int
    number: int
    kind: str
    door: str | None
    name_pl: str
    name_en: str
    summary_pl: str
    summary_en: str
    needs: Mapping[str, int]
    groups: tuple[str, ...]
    domains: tuple[str, ...]
    evidence_level: int
    numbers: Mapping[str, Range | None]
    preconditions: tuple[Mapping[str, Any], ...]
    months: Range | None
    reach_per_10k_min: float | None
    reach_per_10k_full: float | None
    investment_class: str
    gmina_role: str | None
    exemplars: tuple[str, ...]


def published_for_matching() -> tuple[Matchable, ...]:
    """Every current public solution, by slug. Kept in memory until something is published or withdrawn."""
    withdrawn = Solution.objects.filter(withdrawn_at__isnull=False).aggregate(n=Count("pk"), ids=Sum("pk"))
    return _matchables((*stamp(), withdrawn["n"], withdrawn["ids"]))


@lru_cache(maxsize=1)
def _matchables(_stamp: tuple[Any, ...]) -> tuple[Matchable, ...]:
    return tuple(_matchable(row.current) for row in public_solutions().order_by("slug") if row.current)


def _matchable(version: SolutionVersion) -> Matchable:
    card, fit = version.card, version.card["fit"]
    reach = fit["reach"] or {}
    copied = ("slug", "kind", "door", "name_pl", "name_en", "summary_pl", "summary_en")
    return Matchable(
        **{name: card[name] for name in copied},
        version_id=version.pk,
        number=version.number,
        needs={need["code"]: need["relevance"] for need in card["needs"]},
        groups=tuple(card["groups"]),
        domains=tuple(card["domains"]),
        evidence_level=fit["evidence_level"],
        numbers={name: _range(value) for name, value in card["numbers"].items()},
        preconditions=tuple(card["preconditions"]),
        months=_range(fit["months"]),
        reach_per_10k_min=reach.get("per_10k_min"),
        reach_per_10k_full=reach.get("per_10k_full"),
        investment_class=fit["investment_class"],
        gmina_role=fit["gmina_role"],
        exemplars=tuple(item["code"] for item in card["exemplars"] if item["code"]),
    )


def _range(value: Mapping[str, Any] | None) -> Range | None:
    if value is None:
        return None
    return Range(**{name: value[name] for name in ("low", "high", "unit", "as_of", "basis", "verified")})
