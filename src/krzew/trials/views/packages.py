"""The package for the library: the innovator by the link, the team beside her, an editor who publishes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.access import public
from krzew.calls.views.applications_base import download
from krzew.library.acts import NotReady, Taken
from krzew.trials.acts import dissemination, packages
from krzew.trials.acts.steps import Conflict
from krzew.trials.forms.dissemination import FileForm, PackageForm, PublishForm, proposed_slug
from krzew.trials.models import Innovation, Package, PackageFile
from krzew.trials.publishing.answers import said
from krzew.trials.queries.dissemination import to_publish
from krzew.trials.rules import accompany
from krzew.trials.views.base import actor_of, again, by_link, is_htmx, of_team, put_errors
from krzew.trials.views.innovations import crumbs
from krzew.ui.components import Crumb


@public
def package(request: HttpRequest, token: str) -> HttpResponse:
    """For the innovator."""
    return _page(request, by_link(request, token), reverse("trials:package", args=[token]), token)


def team_package(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for the team and the mentor."""
    innovation = of_team(request, pk)
    accompany.require(actor_of(request), innovation)
    return _page(request, innovation, reverse("trials:team_package", args=[pk]), "")


def _page(request: HttpRequest, innovation: Innovation, here: str, token: str) -> HttpResponse:
    row = packages.package_of(innovation)
    form = PackageForm(row.answers, request.POST or None, revision=row.revision)
    status, kept = 200, None
    if request.method == "POST":
        status = _saved(request, row, form)
        if status == 200 and not is_htmx(request):
            messages.success(request, _("Saved."))
            return redirect(here)
        if is_htmx(request):
            return render(
                request, "trials/_package_saved.html", {"package": row, "form": form, "status": status}
            )
        if status == 409:
            row.refresh_from_db()
            kept = row
            again(form, revision=row.revision)
    return render(
        request, "trials/package.html", _shown(innovation, row, form, here, token, kept), status=status
    )


def _shown(
    innovation: Innovation, row: Package, form: PackageForm, here: str, token: str, kept: Package | None
) -> dict[str, Any]:
    return {
        "innovation": innovation,
        "package": row,
        "form": form,
        "here": here,
        "token": token,
        "kept": kept,
        "lacks": packages.lacks(row),
        "checks": [
            (value, label) for value, label in PackageFile.Accessible.choices if value in packages.CHECKED
        ],
        "files": list(row.files.filter(removed_at=None)),
        "gone": list(row.files.exclude(removed_at=None)),
        "file_form": FileForm(),
        "open": row.version_id is None,
        "crumbs": _crumbs(innovation, token),
    }


def _crumbs(innovation: Innovation, token: str) -> list[Crumb]:
    here = Crumb(_("Package for the library"))
    if not token:
        return crumbs(innovation, here)
    return [Crumb(str(innovation), reverse("trials:innovation", args=[token])), here]


def _saved(request: HttpRequest, row: Package, form: PackageForm) -> int:
    """Keep what is well written; what is marked stays in the field."""
    well = form.is_valid()
    try:
        packages.save(actor_of(request), row, _good(form), seen=form.cleaned_data.get("revision", -1))
    except Conflict:
        return 409
    except ValidationError as error:
        put_errors(form, error)
        return 422
    return 200 if well else 422


def _good(form: PackageForm) -> dict[str, Any]:
    for name in ("needs", "groups", "domains"):
        form.cleaned_data.setdefault(name, [])
    form.cleaned_data.setdefault("door", "")
    return form.answers()


def _for_innovator(request: HttpRequest, token: str) -> tuple[Package, str, str]:
    """The package, the page to go back to, and the link."""
    innovation = by_link(request, token)
    return packages.package_of(innovation), reverse("trials:package", args=[token]), token


def _for_team(request: HttpRequest, pk: int) -> tuple[Package, str, str]:
    innovation = of_team(request, pk)
    accompany.require(actor_of(request), innovation)
    return packages.package_of(innovation), reverse("trials:team_package", args=[pk]), ""


@public
@require_POST
def add_file(request: HttpRequest, token: str) -> HttpResponse:
    return _add(request, *_for_innovator(request, token))


@require_POST
def team_add_file(request: HttpRequest, pk: int) -> HttpResponse:
    return _add(request, *_for_team(request, pk))


def _add(request: HttpRequest, row: Package, back: str, token: str) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        data = dict(form.cleaned_data)
        try:
            packages.add_file(actor_of(request), row, data.pop("file"), **data)
        except ValidationError as error:
            put_errors(form, error)
    if not form.errors:
        return redirect(f"{back}#files")
    whole = PackageForm(row.answers, revision=row.revision)
    context = _shown(row.innovation, row, whole, back, token, None) | {"file_form": form}
    return render(request, "trials/package.html", context, status=422)


@public
@require_POST
def move_file(request: HttpRequest, token: str, file: int) -> HttpResponse:
    return _move(request, file, *_for_innovator(request, token))


@require_POST
def team_move_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    return _move(request, file, *_for_team(request, pk))


def _move(request: HttpRequest, file: int, row: Package, back: str, _token: str) -> HttpResponse:
    """Take a file out, or bring it back."""
    one: PackageFile = get_object_or_404(row.files, pk=file)
    try:
        (packages.remove_file if one.removed_at is None else packages.bring_file_back)(actor_of(request), one)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{back}#files")


@public
@require_POST
def check_file(request: HttpRequest, token: str, file: int) -> HttpResponse:
    return _check(request, file, *_for_innovator(request, token))


@require_POST
def team_check_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    return _check(request, file, *_for_team(request, pk))


def _check(request: HttpRequest, file: int, row: Package, back: str, _token: str) -> HttpResponse:
    """Somebody has looked whether everybody can read the file."""
    one: PackageFile = get_object_or_404(row.files, pk=file, removed_at=None)
    try:
        packages.check_file(actor_of(request), one, request.POST.get("accessible", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{back}#files")


@public
@require_safe
def read_file(request: HttpRequest, token: str, file: int) -> FileResponse:
    return _read(_for_innovator(request, token)[0], file)


@require_safe
def team_read_file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    return _read(_for_team(request, pk)[0], file)


def _read(row: Package, file: int) -> FileResponse:
    """A file for those who write the package."""
    return download(get_object_or_404(row.files, pk=file))


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Into the library: an editor gives the address, sees what is lacking, and publishes or makes a draft."""
    actor = actor_of(request)
    innovation = to_publish(actor).filter(pk=pk).first()
    if innovation is None:
        raise Http404
    answers = innovation.package.answers
    name = said(answers, "pl", "name") or innovation.title
    form = PublishForm(request.POST or None, initial={"slug": proposed_slug(name)})
    if request.method == "POST" and form.is_valid():
        done = _published(request, innovation, form)
        if done:
            return redirect(done)
    context = {"innovation": innovation, "form": form, "lacks": packages.lacks(innovation.package)}
    return render(request, "trials/publish.html", context, status=422 if form.errors else 200)


def _published(request: HttpRequest, innovation: Innovation, form: PublishForm) -> str:
    """The page that follows; empty when something stood in the way."""
    draft = request.POST.get("go") == "draft"
    act = dissemination.prepare_version if draft else dissemination.publish
    try:
        version = act(actor_of(request), innovation, form.cleaned_data["slug"])
    except ValidationError as error:
        put_errors(form, error)
    except Taken as error:
        form.add_error("slug", str(error))
    except NotReady as error:
        form.add_error(None, [str(problem) for problem in error.problems[:8]])
    else:
        messages.success(
            request, _("A draft waits at the editors' desk.") if draft else _("It is in the library.")
        )
        if draft:
            return reverse("library:draft", args=[version.pk])
        return reverse("library:card", args=[version.solution.slug])
    return ""
