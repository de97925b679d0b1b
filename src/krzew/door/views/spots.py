"""White spots and the other way round: pages of the office alone."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.calls.models import Programme
from krzew.calls.rules import manage_programme
from krzew.calls.states import WrongState
from krzew.door import spots as found
from krzew.door.acts import reach as acts
from krzew.door.acts.spots import make_topic
from krzew.door.models import Need
from krzew.door.present import spots as present
from krzew.door.queries import reach as queries
from krzew.door.rules import see_spots, work_inbox
from krzew.door.tasks import look
from krzew.door.views.base import actor_of
from krzew.library.models import Solution
from krzew.ui.components import Crumb, Tab

SHOWN = 50


@require_safe
def spots(request: HttpRequest) -> HttpResponse:
    """Needs without an answer, and needs of which nobody tells."""
    actor = actor_of(request)
    see_spots.require(actor)
    demo = request.GET.get("demo") == "1"
    rows = list(found.kept(demo=demo))
    page = Paginator(found.spots(rows), SHOWN).get_page(request.GET.get("page"))
    quiet = found.silent(rows)
    names = found.powiat_names({s.powiat for s in page} | {s.powiat for s in quiet})
    context = {
        "page": page,
        "rows": present.spots(page, names),
        "silent": present.silent(quiet, names),
        "groups": present.by_group(_counted(rows, "groups"), _("Group")),
        "services": present.by_group(_counted(rows, "services"), _("Service")),
        "tabs": _tabs(demo),
        "all": len(rows),
        "programmes": list(manage_programme.filter(actor, Programme.objects.filter(archived_at=None))[:12]),
    }
    return render(request, "door/spots.html", context)


def _tabs(demo: bool) -> list[Tab]:
    here = reverse("door:spots")
    return [
        Tab(_("What people told"), here, current=not demo),
        Tab(_("With invented rows of the demonstration"), f"{here}?demo=1", current=demo),
    ]


def _counted(rows: list[Need], name: str) -> list[tuple[str, int, int]]:
    whole = Counter(code for row in rows for code in getattr(row, name))
    open_ = Counter(code for row in rows if not row.answered for code in getattr(row, name))
    return [(code, count, open_[code]) for code, count in whole.most_common(12)]


@require_POST
def topic(request: HttpRequest) -> HttpResponse:
    """Make a need the topic of a programme, in one step."""
    actor = actor_of(request)
    rows = manage_programme.filter(actor, Programme.objects.filter(archived_at=None))
    key = request.POST.get("programme", "")
    programme = rows.filter(pk=int(key[:18])).first() if key.isdecimal() else None
    if programme is None:
        raise Http404
    try:
        make_topic(actor, programme, request.POST.get("concept", "")[:60])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("door:spots")
    messages.success(request, _("The programme has this topic now. Its next call asks for ideas about it."))
    return redirect("calls:programme", pk=programme.pk)


@require_safe
def reaches(request: HttpRequest) -> HttpResponse:
    """Solutions that may serve somebody who waits."""
    work_inbox.require(actor_of(request))
    page = Paginator(queries.solutions(), SHOWN).get_page(request.GET.get("page"))
    return render(request, "door/reaches.html", {"page": page, "table": present.solutions(page)})


def reach_of(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom one solution could serve; looking again, sending to those who are marked, setting aside."""
    work_inbox.require(actor_of(request))
    solution = get_object_or_404(Solution.objects.select_related("current"), slug=slug)
    if request.method == "POST":
        if request.POST.get("go") == "look":
            look.enqueue(solution.pk)
            messages.success(
                request, _("Krzew looks for needs, gminas and ideas. Reload the page in a moment.")
            )
        else:
            _settle(request, solution)
        return redirect("door:reach_of", slug=slug)
    page = Paginator(queries.of(solution), SHOWN).get_page(request.GET.get("page"))
    rows, name = [present.reach(row) for row in page], present.name(solution)
    context = {
        "solution": solution,
        "name": name,
        "page": page,
        "rows": rows,
        "any_open": any(row["open"] for row in rows),
        "any_aside": any(row["aside"] for row in rows),
        "crumbs": [Crumb(_("The other way round"), reverse("door:reaches")), Crumb(name)],
    }
    return render(request, "door/reach.html", context)


def _settle(request: HttpRequest, solution: Solution) -> None:
    """Do to every marked proposal what the button says."""
    act = {"send": acts.send, "aside": acts.set_aside, "back": acts.bring_back}.get(
        request.POST.get("go", "")
    )
    keys = [int(key) for key in request.POST.getlist("reach") if key.isdecimal()]
    if act is None or not keys:
        messages.warning(request, _("Mark first whom it concerns."))
        return
    done = 0
    for row in queries.of(solution).filter(pk__in=keys):
        try:
            act(actor_of(request), row)
            done += 1
        except WrongState:
            continue
    messages.success(request, _("Settled: %(n)d.") % {"n": done})
