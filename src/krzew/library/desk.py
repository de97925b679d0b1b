"""Pages of the library's editors: drafts, sections, review, publication."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from krzew.library import acts, queries, rules
from krzew.library.cards import said
from krzew.library.differences import differences
from krzew.library.editing import Editor
from krzew.library.forms import NewSolutionForm, ReasonForm
from krzew.library.models import Answer, AnswerState, SolutionVersion
from krzew.library.sections import BY_KEY, OF_FIELD, SECTIONS
from krzew.library.states import EDITABLE, NotNow, VersionState
from krzew.library.validation import Problem, problems
from krzew.library.views import actor_of, card_context, language, solution_or_404
from krzew.timeline.queries import history
from krzew.ui.components import Button, Crumb, Link, Task

View = Callable[..., HttpResponse]


def _trail(*more: Crumb) -> list[Crumb]:
    desk_crumb = Crumb(_("Editors' desk"), reverse("library:desk"))
    return [Crumb(_("Solutions"), reverse("library:home")), desk_crumb, *more]


def _on_version(view: View) -> View:
    """Give the view a version that this actor may edit; an act that comes too late says so."""

    @wraps(view)
    def found(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = SolutionVersion.objects.select_related("solution__current", "organisation", "author")
        version = get_object_or_404(rows, pk=pk)
        if version.state == VersionState.PUBLISHED:
            return redirect("library:card", version.solution.slug)
        rules.edit_version.require(actor_of(request), version)
        try:
            return view(request, version, *args, **kwargs)
        except NotNow as late:
            messages.warning(request, str(late))
        except acts.NotReady as faulty:
            messages.error(request, _("Not yet: %(why)s") % {"why": faulty})
        return redirect("library:draft", version.pk)

    return found


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    rules.add_solution.require(actor_of(request))
    context = {
        "crumbs": _trail(),
        "versions": queries.open_versions(actor_of(request)),
        "answers": queries.new_answers(actor_of(request))[:50],
        "new": Button(_("New solution"), reverse("library:new")),
    }
    return render(request, "library/desk/home.html", context)


def new(request: HttpRequest) -> HttpResponse:
    rules.add_solution.require(actor_of(request))
    form = NewSolutionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = acts.create_solution(actor_of(request), **form.cleaned_data)
        except acts.Taken as taken:
            form.add_error("slug", str(taken))
        except acts.NotReady as faulty:
            form.add_error(None, str(faulty))
        else:
            return redirect("library:draft", version.pk)
    return render(
        request, "library/desk/new.html", {"form": form, "crumbs": _trail(Crumb(_("New solution")))}
    )


@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Open the next version; or go to it when it is already being written here."""
    solution = solution_or_404(slug)
    try:
        version = acts.start_version(actor_of(request), solution)
    except acts.Taken as taken:
        opened = queries.open_version_of(actor_of(request), solution)
        messages.info(request, str(taken))
        return redirect("library:draft", opened.pk) if opened else redirect("library:card", slug)
    return redirect("library:draft", version.pk)


# --- one draft ---------------------------------------------------------------------------------------
@require_GET
@_on_version
def draft(request: HttpRequest, version: SolutionVersion) -> HttpResponse:
    found = problems(version.card)
    current = version.solution.current
    context = _draft_context(version) | {
        "tasks": _tasks(version, found),
        "problems": [_problem_link(version, problem) for problem in found],
        "editable": version.state in EDITABLE,
        "in_review": version.state == VersionState.IN_REVIEW,
        "reason_form": ReasonForm(),
        "differences": differences(current.card, version.card, language()) if current else [],
        "events": history(version),
    }
    return render(request, "library/desk/draft.html", context)


def _draft_context(version: SolutionVersion) -> dict[str, Any]:
    name = said(version.card, "name", language())
    return {"version": version, "name": name, "crumbs": _trail(Crumb(name))}


def _tasks(version: SolutionVersion, found: list[Problem]) -> list[Task]:
    faulty = {
        OF_FIELD[problem.path[0]].key for problem in found if problem.path and problem.path[0] in OF_FIELD
    }
    editable = version.state in EDITABLE
    return [
        Task(
            str(section.title),
            reverse("library:section", args=[version.pk, section.key]) if editable else "",
            "todo" if section.key in faulty else "done",
        )
        for section in SECTIONS
    ]


def _problem_link(version: SolutionVersion, problem: Problem) -> Link:
    section = OF_FIELD.get(str(problem.path[0])) if problem.path else None
    url = reverse("library:section", args=[version.pk, section.key]) if section else ""
    return Link(str(problem), url, note=str(section.title) if section else "")


@_on_version
def section(request: HttpRequest, version: SolutionVersion, section: str) -> HttpResponse:
    """One section as forms. Saving over somebody else's change shows that change and keeps what was typed."""
    if section not in BY_KEY:
        raise Http404
    chosen = BY_KEY[section]
    data = request.POST if request.method == "POST" else None
    editor = Editor(chosen, version.card, data, add=request.GET.get("add", ""))
    context = _draft_context(version) | {
        "editor": editor,
        "section": chosen,
        "seen": chosen.seen(version.card),
    }
    context["crumbs"] = _trail(
        Crumb(context["name"], reverse("library:draft", args=[version.pk])), Crumb(str(chosen.title))
    )
    if data is not None and editor.is_valid():
        try:
            acts.save_section(actor_of(request), version, section, editor.content(), data.get("seen", ""))
            return _saved(request, version, section)
        except acts.Stale as stale:
            context |= _conflict(version, stale.stored, editor)
        except acts.NotReady as faulty:
            context["faults"] = [Link(str(problem), "") for problem in faulty.problems]
    return render(request, "library/desk/section.html", context)


def _saved(request: HttpRequest, version: SolutionVersion, section: str) -> HttpResponse:
    if add := request.POST.get("add"):
        return redirect(
            f"{reverse('library:section', args=[version.pk, section])}?add={add[:30]}#{add[:30]}-last"
        )
    messages.success(request, _("Saved."))
    keys = list(BY_KEY)
    following = keys[keys.index(section) + 1 :]
    if request.POST.get("next") and following:
        return redirect("library:section", version.pk, following[0])
    return redirect("library:draft", version.pk)


def _conflict(version: SolutionVersion, stored: dict[str, Any], editor: Editor) -> dict[str, Any]:
    """What the other editor saved, laid against what was typed here; saving again is then a choice."""
    typed = version.card | editor.content()
    return {"conflict": differences(version.card | stored, typed, language())}


@require_GET
@_on_version
def preview(request: HttpRequest, version: SolutionVersion) -> HttpResponse:
    context = (
        _draft_context(version) | card_context(version) | {"solution": version.solution, "preview": True}
    )
    return render(request, "library/desk/preview.html", context)


@require_POST
@_on_version
def send(request: HttpRequest, version: SolutionVersion) -> HttpResponse:
    acts.send_to_review(actor_of(request), version)
    messages.success(request, _("The version waits for review."))
    return redirect("library:draft", version.pk)


@require_POST
@_on_version
def give_back(request: HttpRequest, version: SolutionVersion) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say in a sentence what should change; then return the version."))
        return redirect("library:draft", version.pk)
    acts.return_version(actor_of(request), version, form.cleaned_data["reason"])
    messages.success(request, _("The version is back with its author."))
    return redirect("library:draft", version.pk)


@require_POST
@_on_version
def publish(request: HttpRequest, version: SolutionVersion) -> HttpResponse:
    slug = version.solution.slug
    link = request.build_absolute_uri(reverse("library:card", args=[slug]))
    acts.publish(actor_of(request), version, link=link)
    messages.success(request, _("Published. Those who use this solution get a letter."))
    return redirect("library:card", slug)


@require_POST
@_on_version
def discard(request: HttpRequest, version: SolutionVersion) -> HttpResponse:
    acts.discard_draft(actor_of(request), version)
    messages.success(request, _("The draft is thrown away."))
    return redirect("library:desk")


def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a solution out of the lists with a reason, or put it back."""
    solution = solution_or_404(slug)
    rules.withdraw_solution.require(actor_of(request), solution)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and request.POST.get("back"):
        acts.bring_back(actor_of(request), solution)
        return redirect("library:card", slug)
    if request.method == "POST" and form.is_valid():
        acts.withdraw(actor_of(request), solution, form.cleaned_data["reason"])
        messages.success(request, _("Withdrawn. The page stays and gives the reason."))
        return redirect("library:card", slug)
    assert solution.current is not None
    name = said(solution.current.card, "name", language())
    trail = _trail(Crumb(name, reverse("library:card", args=[slug])), Crumb(_("Withdraw")))
    return render(
        request,
        "library/desk/withdraw.html",
        {"form": form, "name": name, "crumbs": trail, "solution": solution},
    )


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark what a reader told us as used or set aside."""
    answer = get_object_or_404(Answer.objects.select_related("solution"), pk=pk)
    state = AnswerState.USED if request.POST.get("state") == "used" else AnswerState.SET_ASIDE
    acts.settle_answer(actor_of(request), answer, state)
    return redirect("library:desk")
