"""The way of every innovation, for everybody."""

from __future__ import annotations

import tempfile
import zipfile

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krzew.accounts.access import public
from krzew.accounts.models import Role
from krzew.trials.models import Innovation, PackageFile
from krzew.trials.present import innovations as shown
from krzew.trials.present import journeys as present
from krzew.trials.queries import journeys as queries
from krzew.trials.states import InnovationState
from krzew.trials.views.base import actor_of
from krzew.ui.components import Crumb, Tab

SHOWN = 24


@public
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Innovations that may be read about, the newest first."""
    chosen = request.GET.get("state", "")[:20]
    page = Paginator(queries.journeys(state=chosen, call=request.GET.get("call", "")[:60]), SHOWN)
    here = page.get_page(request.GET.get("page"))
    context = {
        "page": here,
        "rows": [(row, shown.tag(row.state), present.steps(row)) for row in here],
        "tabs": _tabs(chosen),
        "chosen": chosen,
        "works": actor_of(request).has(Role.MANAGER, Role.MENTOR),
    }
    return render(request, "trials/journeys.html", context)


def _tabs(chosen: str) -> list[Tab]:
    here = reverse("trials:journeys")
    states = (InnovationState.RUNNING, InnovationState.CHOSEN, InnovationState.FAILED)
    tabs = [Tab(_("All"), here, current=not chosen)]
    return tabs + [Tab(str(s.label), f"{here}?state={s}", current=chosen == s) for s in states]


def _found(slug: str) -> Innovation:
    row = queries.journey(slug)
    if row is None:
        raise Http404
    return row


@public
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    row = _found(slug)
    context = {
        "innovation": row,
        "crumbs": [Crumb(_("Innovations on their way"), reverse("trials:journeys")), Crumb(row.title)],
        "tags": [shown.tag(row.state)],
        "moments": present.moments(row, queries.policy_of(row)),
        "tasks": present.steps(row),
        "facts": present.facts(row),
        "files": queries.materials(row),
    }
    return render(request, "trials/journey.html", context)


@public
@require_safe
def materials(request: HttpRequest, slug: str) -> FileResponse:
    """Every file of the package in one archive, with a list of licences and authors."""
    files = queries.materials(_found(slug))
    if not files:
        raise Http404
    pack = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, row in enumerate(files, 1):
            with row.file.open("rb") as source:
                archive.writestr(f"{number:02}-{row.name}", source.read())
        archive.writestr("LICENCES.txt", _licences(files))
    pack.seek(0)
    answer = FileResponse(pack, as_attachment=True, filename=f"{slug}.zip", content_type="application/zip")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _licences(files: list[PackageFile]) -> str:
    lines = [
        f"{number:02}-{row.name}\n    {row.get_licence_display()}; {row.authors or '-'}; {row.get_accessible_display()}"
        for number, row in enumerate(files, 1)
    ]
    return "\n".join(lines) + "\n"
