"""Programmes for their team: the list, a new one, how it is read, its file, its history."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.permissions import Denied
from krzew.calls.acts import programmes as acts
from krzew.calls.acts.steps import Conflict
from krzew.calls.definition import BadDefinition, Definition, parse, templates, worth_asking, written
from krzew.calls.definition.files import MOST_BYTES
from krzew.calls.forms.programmes import FileForm
from krzew.calls.models import Programme
from krzew.calls.present import programmes as present
from krzew.calls.present import programmes_words as words
from krzew.calls.queries import programmes as queries
from krzew.calls.rules import MANAGERS_ONLY, manage_programme, new_programme
from krzew.calls.views.base import actor_of
from krzew.calls.views.calls_pages import attached
from krzew.timeline.queries import history as events_of
from krzew.timeline.shown import moments
from krzew.ui.components import Crumb

SHOWN = 50
PROBLEMS_SHOWN = 40


def found(request: HttpRequest, pk: int) -> Programme:
    programme = queries.programme(actor_of(request), pk)
    if programme is None:
        raise Http404
    return programme


def crumbs(programme: Programme | None = None, *more: Crumb) -> list[Crumb]:
    here = [Crumb(_("Programmes"), reverse("calls:programmes"))]
    if programme is not None:
        here.append(Crumb(str(programme), reverse("calls:programme", args=[programme.pk])))
    return [*here, *more]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not new_programme.allows(actor) and not queries.programmes(actor).exists():
        raise Denied(MANAGERS_ONLY)
    archived = "archived" in request.GET
    page = Paginator(queries.programmes(actor, archived=archived), SHOWN).get_page(request.GET.get("page"))
    context = {"table": present.listing(page), "page": page, "archived": archived}
    return render(request, "calls/programmes.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """From a template, by one button; or from a file."""
    actor = actor_of(request)
    new_programme.require(actor)
    if code := request.POST.get("template", ""):
        try:
            programme = acts.from_template(actor, code)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("calls:programme_new")
        return _made(request, programme)
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        definition, problems = read_file(form)
        if definition is not None:
            return _made(request, acts.make_programme(actor, definition))
    context = {
        "templates": [present.template(definition) for definition in templates().values()],
        "form": keep_text(form),
        "problems": problems,
        "crumbs": crumbs(None, Crumb(_("A new programme"))),
    }
    bad = request.method == "POST"
    return render(request, "calls/programmes_new.html", context, status=422 if bad else 200)


def _made(request: HttpRequest, programme: Programme) -> HttpResponse:
    messages.success(request, _("The programme is made. Read it, change it, and then prepare a call."))
    return redirect("calls:programme", pk=programme.pk)


def read_file(form: FileForm) -> tuple[Definition | None, list[str]]:
    """The definition in a file, or the problems that it has, each with its place."""
    try:
        return parse(form.content()), []
    except BadDefinition as error:
        said = [str(problem)[:300] for problem in error.problems[:PROBLEMS_SHOWN]]
        more = len(error.problems) - len(said)
        return None, said + ([_("… and %(n)d more") % {"n": more}] if more > 0 else [])


def keep_text(form: FileForm) -> FileForm:
    """A browser forgets a chosen file: its text goes into the field below, where it can be mended."""
    file = form.files.get("file")
    if not form.is_bound or file is None or (file.size or 0) > MOST_BYTES:
        return form
    file.seek(0)
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return form
    form.data = {**form.data.dict(), "text": text.replace("\x00", "")}  # type: ignore[attr-defined]
    return form


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    programme = found(request, pk)
    rules = programme.rules
    context = {
        "programme": programme,
        "crumbs": crumbs(programme),
        "tabs": present.tabs(programme, "programme"),
        "facts": present.facts(rules),
        "stages": words.stages(rules),
        "questions": list(rules.open_questions),
        "hints": worth_asking(rules),
        "calls": present.rounds(queries.rounds(programme)[:SHOWN]),
    }
    return render(request, "calls/programmes_detail.html", context)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """One open question has its answer."""
    programme = found(request, pk)
    number, seen = (request.POST.get(name, "") for name in ("question", "seen"))
    try:
        acts.settle_question(
            actor_of(request),
            programme,
            int(number) if number.isdecimal() else -1,
            seen=int(seen) if seen.isdecimal() else 0,
        )
    except Conflict:
        messages.error(request, _("Somebody changed the programme in the meantime. Look at it again."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Settled. If an answer changes the rules, change them under “Change”."))
    return redirect("calls:programme", pk=pk)


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put away, or take out again."""
    programme = found(request, pk)
    manage_programme.require(actor_of(request), programme)
    if programme.archived_at:
        acts.bring_back_programme(actor_of(request), programme)
        messages.success(request, _("The programme is back."))
    else:
        acts.archive_programme(actor_of(request), programme)
        messages.success(
            request, _("The programme is put away. You find it under “Put away” and can bring it back.")
        )
    return redirect("calls:programme", pk=pk)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    programme = found(request, pk)
    name = slugify(programme.rules.code) or "programme"
    return attached(written(programme.rules), f"{name}.toml", "application/toml")


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    programme = found(request, pk)
    context = {
        "programme": programme,
        "crumbs": crumbs(programme, Crumb(_("History"))),
        "tabs": present.tabs(programme, "programme_history"),
        "moments": moments(list(events_of(programme))),
    }
    return render(request, "calls/programmes_history.html", context)
