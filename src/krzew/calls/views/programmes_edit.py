"""Changing a programme by page: one form for a part, buttons for the order, and the whole checked each time."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.calls.acts import programmes as acts
from krzew.calls.acts.steps import Conflict
from krzew.calls.definition import BadDefinition, plain, read
from krzew.calls.forms.programmes_kinds import LISTS, STAGES, kind_of
from krzew.calls.forms.programmes_kinds_parts import PARTS, ROOT, Kind
from krzew.calls.forms.programmes_parts import PartForm, place_words, root_place
from krzew.calls.models import Programme
from krzew.calls.present import programmes as present
from krzew.calls.present import programmes_edit as show
from krzew.calls.present.programmes_base import QUESTIONS
from krzew.calls.programmes import minimal, paths
from krzew.calls.programmes.paths import Data, NoSuchPart, Path, Place
from krzew.calls.views.base import actor_of
from krzew.calls.views.programmes import crumbs, found
from krzew.ui.components import Crumb

View = Callable[..., HttpResponse]


def _with_part(view: View) -> View:
    """A part that is not there (any more) is not found."""

    @wraps(view)
    def careful(request: HttpRequest, pk: int, path: str) -> HttpResponse:
        try:
            return view(request, found(request, pk), paths.split(path))
        except (NoSuchPart, KeyError) as error:
            raise Http404 from error

    return careful


def _seen(request: HttpRequest) -> int:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else 0


def _save(request: HttpRequest, programme: Programme, data: Data) -> None:
    acts.change_programme(actor_of(request), programme, read(data), seen=_seen(request))


def _crumbs(programme: Programme, data: Data, path: Path, *more: Crumb) -> list[Crumb]:
    here = crumbs(programme, Crumb(_("Change it"), reverse("calls:programme_edit", args=[programme.pk])))
    return [*here, *show.trail(programme, data, path), *more]


@require_safe
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts of a programme with what stands in them, and the stages in their order."""
    programme = found(request, pk)
    context = {
        "programme": programme,
        "crumbs": crumbs(programme, Crumb(_("Change it"))),
        "tabs": present.tabs(programme, "programme_edit"),
        "facts": show.root_facts(programme),
        "stages": show.children(programme, plain(programme.rules), ("stages",)),
        "add": show.stage_links(programme),
    }
    return render(request, "calls/programmes_edit.html", context)


@_with_part
def part(request: HttpRequest, programme: Programme, path: Path) -> HttpResponse:
    """One part: its form, and the lists of parts inside it."""
    kind, place = _place(programme, path)
    form = PartForm(kind, place, request.POST or None, seen=programme.revision)
    valid = request.method == "POST" and form.is_valid()
    answer = _kept(request, programme, form, path) if valid else None
    return answer or _page(request, programme, form, path)


def _place(programme: Programme, path: Path) -> tuple[Kind, Place]:
    data = plain(programme.rules)
    if len(path) == 1:
        return ROOT[path[0]], root_place(data, path[0])
    place = paths.locate(data, path)
    return kind_of(path, place.part), place


def _kept(request: HttpRequest, programme: Programme, form: PartForm, path: Path) -> HttpResponse | None:
    """Saved and back to the part above; or nothing, with the faults in the form."""
    data = form.written()
    if form.errors:
        return None
    try:
        _save(request, programme, data)
    except BadDefinition as error:
        form.show(error.problems)
        return None
    except Conflict:
        return _two_wrote(request, programme, form, path)
    messages.success(request, _("Saved."))
    return redirect(show.back(programme, path))


def _page(
    request: HttpRequest, programme: Programme, form: PartForm, path: Path, **more: Any
) -> HttpResponse:
    data = plain(programme.rules)
    name = show.name_of(form.place.part) if len(path) > 1 else ""
    context = {
        "programme": programme,
        "form": form,
        "title": name or str(form.kind.title),
        "kicker": str(form.kind.title) if name else str(programme),
        "crumbs": _crumbs(programme, data, path),
        "lists": show.lists(programme, data, form.kind, path),
        "back": show.back(programme, path),
        **more,
    }
    status = 409 if "theirs" in more else 422 if form.errors else 200
    return render(request, "calls/programmes_part.html", context, status=status)


def _two_wrote(request: HttpRequest, programme: Programme, form: PartForm, path: Path) -> HttpResponse:
    """Somebody saved first: what is saved now, and what was typed, which can be saved over it."""
    now = found(request, programme.pk)
    try:
        theirs = show.values(PartForm(*_place(now, path)))
    except (NoSuchPart, KeyError):
        theirs = []  # they have removed it
    typed = request.POST.copy()
    typed["seen"] = str(now.revision)
    form.data = typed
    return _page(request, now, form, path, theirs=theirs)


# --- new parts --------------------------------------------------------------------------------------


@_with_part
def add(request: HttpRequest, programme: Programme, path: Path) -> HttpResponse:
    """A new part at the end of a list; a new stage where such a stage usually stands."""
    data = plain(programme.rules)
    wanted = request.GET.get("kind", "")
    if LISTS.get(path[-1]) == "field" and wanted not in QUESTIONS:
        return _which_question(request, programme, data, path)
    kind, place = _new_place(data, path, wanted)
    form = PartForm(kind, place, request.POST or None, seen=programme.revision)
    valid = request.method == "POST" and form.is_valid()
    if answer := _added(request, programme, form, path) if valid else None:
        return answer
    above = path[:-1]
    context = {
        "programme": programme,
        "form": form,
        "title": show.new_title(kind),
        "kicker": str(programme),
        "crumbs": _crumbs(programme, data, above, Crumb(show.new_title(kind))),
        "back": show.here(programme, above),
    }
    return render(request, "calls/programmes_part.html", context, status=422 if form.errors else 200)


def _which_question(request: HttpRequest, programme: Programme, data: Data, path: Path) -> HttpResponse:
    """First the kind of answer: the form of a question depends on it."""
    paths.rows_at(data, path)
    context = {
        "crumbs": _crumbs(programme, data, path[:-1], Crumb(_("Add a question"))),
        "links": show.question_links(programme, path),
        "back": show.here(programme, path[:-1]),
    }
    return render(request, "calls/programmes_question.html", context)


def _new_place(data: Data, path: Path, wanted: str) -> tuple[Kind, Place]:
    """A new part, standing in its list in a copy of the document."""
    parent, rows = paths.rows_at(data, path)
    name = path[-1]
    if path == ("stages",):
        kind, part, index = STAGES[wanted], minimal.stage(wanted, data), minimal.place_of(wanted, rows)
    else:
        if name not in {listed.name for listed in kind_of(parent.path, parent.part).lists}:
            raise NoSuchPart(name)
        kind, part, index = PARTS[LISTS[name]], minimal.part(LISTS[name], parent.part), len(rows)
        part |= {"kind": wanted} if LISTS[name] == "field" else {}
    rows.insert(index, part)
    trail = (*parent.trail, name, str(index + 1), *([wanted] if path == ("stages",) else []))
    return kind, Place(parent.data, (*path, ""), part, rows, index, trail)


def _added(request: HttpRequest, programme: Programme, form: PartForm, path: Path) -> HttpResponse | None:
    data = form.written()
    if form.errors:
        return None
    part = form.place.part
    fallback = LISTS.get(path[-1]) or str(part.get("kind", ""))
    part["code"] = paths.new_code(form.place, show.name_of(part), fallback)
    try:
        _save(request, programme, data)
    except BadDefinition as error:
        form.show(error.problems)
        return None
    except Conflict:
        return _two_wrote_elsewhere(request, programme, form)
    messages.success(request, _("Added."))
    has_parts = bool(form.kind.lists)
    return redirect(show.here(programme, (*path, part["code"]) if has_parts else path[:-1]))


def _two_wrote_elsewhere(request: HttpRequest, programme: Programme, form: PartForm) -> HttpResponse:
    """A new part meets nobody else's: it can simply be saved again on top of the newer programme."""
    now = found(request, programme.pk)
    typed = request.POST.copy()
    typed["seen"] = str(now.revision)
    form.data = typed
    context = {
        "programme": now,
        "form": form,
        "title": show.new_title(form.kind),
        "kicker": str(now),
        "theirs": [],
    }
    return render(request, "calls/programmes_part.html", context, status=409)


# --- order and removal ------------------------------------------------------------------------------


@require_POST
@_with_part
def move(request: HttpRequest, programme: Programme, path: Path) -> HttpResponse:
    """One place up or down."""
    step = -1 if request.POST.get("to") == "up" else 1
    data = paths.moved(plain(programme.rules), path, step)
    _ordered(request, programme, data, _("Moved."))
    return redirect(show.here(programme, path[:-2]) + f"#list-{path[-2]}")


def _ordered(request: HttpRequest, programme: Programme, data: Data, done: str) -> bool:
    """Save a change that needs no form; what is wrong is told above the page."""
    try:
        _save(request, programme, data)
    except BadDefinition as error:
        said = " ".join(f"{place_words(data, p.where)}{p.text}." for p in error.problems[:5])
        messages.error(request, _("This cannot be done:") + " " + said)
    except Conflict:
        messages.error(request, _("Somebody changed the programme in the meantime. Look at it again."))
    else:
        messages.success(request, done)
        return True
    return False


@_with_part
def remove(request: HttpRequest, programme: Programme, path: Path) -> HttpResponse:
    """Asks first, since everything inside goes too."""
    data = plain(programme.rules)
    place = paths.locate(data, path)
    kind = kind_of(path, place.part)
    if request.method == "POST":
        done = _ordered(request, programme, paths.removed(data, path), _("Removed."))
        return redirect(show.here(programme, path[:-2]) if done else show.here(programme, path))
    context = {
        "programme": programme,
        "title": show.name_of(place.part),
        "kicker": str(kind.title),
        "crumbs": _crumbs(programme, data, path, Crumb(_("Remove"))),
        "inside": show.inside(place.part, kind),
        "back": show.here(programme, path),
    }
    return render(request, "calls/programmes_remove.html", context)
