"""Pages that everybody reads: the list, a card, solutions side by side, what changed, and "tell us"."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from krzew.accounts.access import public
from krzew.accounts.actors import Actor
from krzew.library import acts, exchange, finding, present, queries, rules
from krzew.library.cards import said
from krzew.library.differences import differences
from krzew.library.forms import TellForm
from krzew.library.jsonld import linked_data
from krzew.library.models import FacetKind, Solution, SolutionVersion
from krzew.ui.components import Button, Crumb

LONGEST_QUERY = 200


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def language() -> str:
    return "en" if (get_language() or "pl").startswith("en") else "pl"


def crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("Solutions"), reverse("library:home")), *more]


def solution_or_404(slug: str) -> Solution:
    found = queries.solution(slug)
    if found is None:
        raise Http404(_("There is no such solution in the library."))
    return found


# --- list ------------------------------------------------------------------------------------------
@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    selection = _selection(request)
    found = queries.listing(selection, request.GET.get("page", "1"))
    compare = [solution.slug for solution in queries.compared(request.GET.getlist("compare"))]
    context = {
        "selection": selection,
        "page": found.page,
        "rows": present.rows(found.page.object_list, found.words, compare, request.GET),
        "doors": present.doors(found.counts, selection.facets, request.GET),
        "facets": present.facets(found.counts, selection.facets, request.GET),
        "chosen": present.chosen_links(selection, request.GET),
        "sorts": _sorts(request, selection),
        "hidden": [
            (k, v) for k, values in request.GET.lists() for v in values if k not in ("q", "page", "sort")
        ],
        "compare": compare,
        "compare_url": f"{reverse('library:compare')}{present.address(request.GET, compare=compare)}",
        "compare_none": present.address(request.GET, compare=None),
        "can_add": rules.add_solution.allows(actor_of(request)),
    }
    return render(request, "library/home.html", context)


def _selection(request: HttpRequest) -> queries.Selection:
    chosen = {kind: request.GET.get(kind, "")[:40] for kind in FacetKind.values}
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    facets = {kind: code for kind, code in chosen.items() if code and "\x00" not in code}
    sort = request.GET.get("sort", "")
    return queries.Selection(query, facets, sort if sort in queries.SORTS else "", language())


@public
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Names of solutions as one types them: JSON for the search field of a form."""
    rows = finding.search(request.GET.get("q", "")[:LONGEST_QUERY])
    named = [(slug, (pl if language() == "pl" else en) or pl) for slug, pl, en in rows]
    results = [
        {"value": slug, "label": name, "url": reverse("library:card", args=[slug])} for slug, name in named
    ]
    return JsonResponse({"results": results})


def _sorts(request: HttpRequest, selection: queries.Selection) -> list[present.Option]:
    named = {"evidence": _("best tested first"), "name": _("by name"), "new": _("newest first")}
    if selection.query:
        named = {"": _("best match first"), **named}
    current = selection.sort if selection.query else selection.sort or "evidence"
    return [
        present.Option(label, 0, present.address(request.GET, sort=name or None), name == current)
        for name, label in named.items()
    ]


@public
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    solutions = queries.compared(request.GET.getlist("compare"))
    back = f"{reverse('library:home')}{present.address(request.GET)}"
    context = {
        "crumbs": crumbs(Crumb(_("Side by side"))),
        "back": back,
        "solutions": solutions,
        "table": present.comparison(solutions, language()) if solutions else None,
        "add": Button(_("Add another one"), back, "secondary") if len(solutions) < queries.COMPARED else None,
    }
    return render(request, "library/compare.html", context)


# --- card ------------------------------------------------------------------------------------------
@public
@require_GET
def card(request: HttpRequest, slug: str) -> HttpResponse:
    solution = solution_or_404(slug)
    assert solution.current is not None
    return render(request, "library/card.html", _card_context(request, solution, solution.current))


@public
@require_GET
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    shown = queries.published_version(slug, number)
    if shown is None:
        raise Http404(_("There is no such version of this solution."))
    if not shown.is_superseded:
        return redirect("library:card", slug)
    return render(request, "library/card.html", _card_context(request, shown.solution, shown))


def _card_context(request: HttpRequest, solution: Solution, shown: SolutionVersion) -> dict[str, Any]:
    related = [item["slug"] for item in shown.card["related"]]
    return card_context(shown) | {
        "solution": solution,
        "versions": queries.published_versions(solution),
        "related": _related(shown, queries.names(related)),
        "similar": [row for row in queries.similar(solution) if row.slug not in related],
        "followed": queries.followed(actor_of(request), solution),
        "enquire": present.enquiry_url(solution),
        "can_start": rules.start_version.allows(actor_of(request), solution),
        "can_withdraw": rules.withdraw_solution.allows(actor_of(request), solution),
        "crumbs": crumbs(Crumb(said(shown.card, "name", language()))),
    }


def card_context(shown: SolutionVersion) -> dict[str, Any]:
    """What the text of the card needs, for the public page and for the preview of a draft."""
    number_table = present.numbers_table(shown.card, language())
    return {
        "version": shown,
        "card": shown.card,
        "name": said(shown.card, "name", language()),
        "tags": present.tags(shown),
        "numbers": number_table,
    }


def _related(shown: SolutionVersion, known: dict[str, SolutionVersion]) -> list[dict[str, Any]]:
    return [
        item | {"version": known[item["slug"]]} for item in shown.card["related"] if item["slug"] in known
    ]


@public
@require_GET
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed between two published versions."""
    solution = solution_or_404(slug)
    numbers = [row.number for row in queries.published_versions(solution)]
    new = _number(request, "to", numbers, numbers[0])
    old = _number(request, "from", numbers, max((n for n in numbers if n < new), default=new))
    before, after = (queries.published_version(slug, number) for number in (old, new))
    assert before is not None
    assert after is not None
    name = said(after.card, "name", language())
    context = {
        "crumbs": crumbs(Crumb(name, reverse("library:card", args=[slug])), Crumb(_("What changed"))),
        "solution": solution,
        "name": name,
        "before": before,
        "after": after,
        "sections": differences(before.card, after.card, language()),
    }
    return render(request, "library/changes.html", context)


def _number(request: HttpRequest, name: str, known: list[int], default: int) -> int:
    typed = request.GET.get(name, "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else default
    if number not in known:
        raise Http404(_("There is no such version of this solution."))
    return number


# --- data --------------------------------------------------------------------------------------------
@public
@require_GET
def card_json(request: HttpRequest, slug: str) -> HttpResponse:
    solution = solution_or_404(slug)
    return JsonResponse(exchange.exported(solution), json_dumps_params={"ensure_ascii": False, "indent": 1})


@public
@require_GET
def card_jsonld(request: HttpRequest, slug: str) -> HttpResponse:
    solution = solution_or_404(slug)
    assert solution.current is not None
    url = request.build_absolute_uri(reverse("library:card", args=[slug]))
    data = linked_data(solution.current, url)
    return JsonResponse(data, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False})


@public
@require_GET
def export_json(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(exchange.export(), json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="krzew-library.json"'
    return response


# --- readers write -----------------------------------------------------------------------------------
@public
def tell(request: HttpRequest, slug: str) -> HttpResponse:
    """A reader answers a question that the card asks, or tells us something else."""
    solution = solution_or_404(slug)
    assert solution.current is not None
    asks = [said(ask, "text", language()) for ask in solution.current.card["asks"]]
    form = TellForm(request.POST or None, asks=asks, initial=_asked(request, asks))
    if request.method == "POST" and form.is_valid():
        try:
            acts.tell(actor_of(request), solution, **form.cleaned_data)
        except acts.Full as full:
            form.add_error(None, str(full))
        else:
            messages.success(
                request, _("Thank you. An editor of the library will read it and check the source.")
            )
            return redirect("library:card", slug)
    name = said(solution.current.card, "name", language())
    trail = crumbs(Crumb(name, reverse("library:card", args=[slug])), Crumb(_("Tell us what you know")))
    return render(
        request, "library/tell.html", {"form": form, "solution": solution, "name": name, "crumbs": trail}
    )


def _asked(request: HttpRequest, asks: list[str]) -> dict[str, str]:
    """The question whose link was followed, by its place on the card."""
    typed = request.GET.get("ask", "")
    index = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    return {"question": asks[index - 1]} if 1 <= index <= len(asks) else {}


@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Start or stop the letters about new versions."""
    solution = solution_or_404(slug)
    for_organisation = request.POST.get("who") == "organisation"
    if request.POST.get("stop"):
        acts.unsubscribe(actor_of(request), solution, for_organisation=for_organisation)
        messages.success(request, _("We will send no more letters about this solution."))
    else:
        acts.subscribe(actor_of(request), solution, for_organisation=for_organisation)
        messages.success(request, _("When there is a new version, a letter will come."))
    return redirect("library:card", slug)
