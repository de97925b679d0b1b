"""The plan of a test, page by page, and its beginning and end."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from krzew.trials.acts import test as acts
from krzew.trials.acts.steps import must_be_open
from krzew.trials.forms.innovations import WhyForm
from krzew.trials.forms.test import (
    BasicsForm,
    BeginForm,
    CallForm,
    EndForm,
    PhasesForm,
    ProfileForm,
    QuestionForm,
    TakeOutForm,
)
from krzew.trials.present import test as present
from krzew.trials.queries import testers as queries
from krzew.trials.small.learning import learn
from krzew.trials.small.phases import limits, phases
from krzew.trials.small.questions import MEASURES, Question, question, questions
from krzew.trials.small.results import harm_reached, results
from krzew.trials.views.test_base import Side, is_over, kept, must_write, shown, typed
from krzew.ui.components import Crumb

_BEGIN_LINKS = {"plan": "test_plan", "diary": "diary", "risks": "risks"}


@require_safe
def page(request: HttpRequest, side: Side) -> HttpResponse:
    """Where the test stands: what is next, what was seen so far, whether harm asks to stop."""
    test = side.test
    if test is None:
        urls: dict[str, Any] = {f"{name}_url": side.url(at) for name, at in _BEGIN_LINKS.items()}
        return shown(request, side, "trials/test_begin.html", urls | {"crumbs": side.crumbs()})
    people = list(queries.coded(test))
    text = queries.newest_text(test)
    found = results(test)
    context = {
        "crumbs": side.crumbs(),
        "tags": [present.tag(test.state)],
        "tasks": present.tasks(side, test, people, text),
        "next": present.next_step(side, test, people, text),
        "facts": present.facts(side.innovation, test, people, text),
        "profile": present.profile(test, people, text),
        "results": [row for row in found if row.people],
        "harmed": harm_reached(found) if not is_over(test) else [],
        "buttons": present.buttons(side, test),
        "stop_url": side.url("test_stop"),
    }
    return shown(request, side, "trials/test.html", context)


@require_POST
def plan(request: HttpRequest, side: Side) -> HttpResponse:
    """Begin to plan."""
    acts.plan_test(side.actor, side.innovation, innovator=side.innovator)
    return redirect(side.url("test_questions"))


@require_safe
def question_list(request: HttpRequest, side: Side) -> HttpResponse:
    """What is to be learned, and what so many people can show."""
    test = side.planned()
    asked = questions(test)
    rows = [
        {
            "question": row,
            "learned": learn(row, test.planned_testers),
            "measure": MEASURES[row.measure],
            "url": side.url("test_question", row.code),
        }
        for row in asked
    ]
    no_harm = bool(asked) and not any(row.measure == "harm" for row in asked)
    title = _("What is to be learned")
    urls = {"add_url": side.url("test_question_add"), "back": side.url("test")}
    context: dict[str, Any] = {
        "title": title,
        "rows": rows,
        "no_harm": no_harm,
        "over": is_over(test),
        **urls,
    }
    context["crumbs"] = side.crumbs(Crumb(title))
    return shown(request, side, "trials/test_questions.html", context)


def question_edit(request: HttpRequest, side: Side, code: str = "") -> HttpResponse:
    """One question; beside it stands at once what can be learned."""
    must_write(side)
    test = side.planned()
    asked = question(test, code) if code else None
    if code and asked is None:
        raise Http404
    if code and "remove" in request.POST:
        return _remove(request, side, code)
    form = QuestionForm.of(typed(request), test, asked)

    def save() -> None:
        values = form.values()
        acts.save_question(
            side.actor,
            test,
            form.question(code),
            seen=values["seen"],
            people=values["people"],
            why=values["why"],
            innovator=side.innovator,
        )

    title = asked.label if asked else _("A new question")
    learned = learn(_asked(request, asked), _people(request, test.planned_testers))
    list_crumb = Crumb(_("What is to be learned"), side.url("test_questions"))
    return kept(
        request,
        side,
        form,
        save,
        title=title,
        done=side.url("test_questions"),
        template="trials/test_question.html",
        crumbs=side.crumbs(list_crumb, Crumb(title)),
        learned=learned,
        learn_url=side.url("test_learn"),
        code=code,
    )


def _remove(request: HttpRequest, side: Side, code: str) -> HttpResponse:
    test = side.planned()
    form = TakeOutForm(request.POST, test)

    def save() -> None:
        why = form.cleaned_data.get("why", "")
        acts.remove_question(
            side.actor, test, code, seen=form.cleaned_data["revision"], why=why, innovator=side.innovator
        )

    return kept(request, side, form, save, title=_("Take the question out"), done=side.url("test_questions"))


@require_safe
def learned(request: HttpRequest, side: Side) -> HttpResponse:
    """What can be learned with the numbers that are being typed."""
    test = side.planned()
    found = learn(_asked(request, None), _people(request, test.planned_testers))
    return shown(request, side, "trials/_learned.html", {"learned": found})


def _asked(request: HttpRequest, known: Question | None) -> Question:
    """The question as it is typed now, however unfinished; else as it is kept."""
    data = request.POST if request.method == "POST" else request.GET
    if "measure" not in data:
        return known or Question("", "", "share")
    measure = data["measure"] if data["measure"] in MEASURES else "share"
    low_high = [_number(data.get(name, ""), 99) for name in ("baseline", "target", "acceptable_harm")]
    return Question("", data.get("label", "")[:200], measure, "yes_no", *low_high)


def _people(request: HttpRequest, known: int | None) -> int | None:
    data = request.POST if request.method == "POST" else request.GET
    return _number(data["people"], 10_000) if "people" in data else known


def _number(text: str, most: int) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= most else None


def basics(request: HttpRequest, side: Side) -> HttpResponse:
    """Where, with how many people, until when their names are kept."""
    must_write(side)
    test = side.planned()
    names = ("planned_testers", "under_age", "keep_until")
    initial = {"where": test.plan.get("where", "")} | {name: getattr(test, name) for name in names}
    form = BasicsForm(typed(request), test, initial)
    return kept(
        request,
        side,
        form,
        lambda: acts.save_basics(side.actor, test, innovator=side.innovator, **form.values()),
        title=_("Place and people"),
        done=side.url("test"),
    )


def profile(request: HttpRequest, side: Side) -> HttpResponse:
    """Who should be among the testers."""
    must_write(side)
    test = side.planned()
    form = ProfileForm(typed(request), test, test.plan.get("profile", []))

    def save() -> None:
        values = {"seen": form.cleaned_data["revision"], "why": form.cleaned_data.get("why", "")}
        acts.save_profile(side.actor, test, form.rows(), innovator=side.innovator, **values)

    return kept(
        request,
        side,
        form,
        save,
        title=_("Who should be among the testers"),
        done=side.url("test"),
        template="trials/test_rows.html",
        lead=_(
            "For example: women over 70, people who live alone. The page compares this with who really comes."
        ),
    )


def phase_list(request: HttpRequest, side: Side) -> HttpResponse:
    """When what happens, within the limits of the programme."""
    must_write(side)
    test = side.planned()
    rows = [{"label": p.label, "kind": p.kind, "begins": p.begins, "ends": p.ends} for p in phases(test)]
    form = PhasesForm(typed(request), test, rows)

    def save() -> None:
        values = {"seen": form.cleaned_data["revision"], "why": form.cleaned_data.get("why", "")}
        acts.save_phases(side.actor, test, form.phases(), innovator=side.innovator, **values)

    return kept(
        request,
        side,
        form,
        save,
        title=_("When what happens"),
        done=side.url("test"),
        template="trials/test_rows.html",
        lead=" ".join(limits(acts.stage_of_test(side.innovation))),
    )


def call(request: HttpRequest, side: Side) -> HttpResponse:
    """The open invitation."""
    must_write(side)
    test = side.planned()
    names = ("is_open", "call_pl", "call_en", "accessible")
    form = CallForm(typed(request), test, {name: getattr(test, name) for name in names})

    def save() -> None:
        values = form.values()
        values.pop("why")
        acts.save_call(side.actor, test, innovator=side.innovator, **values)

    return kept(
        request,
        side,
        form,
        save,
        title=_("Invitation for everybody"),
        done=side.url("test"),
        lead=_("While it is shown, everybody reads it and may sign up. You decide who takes part."),
        draft=f"test-call-{test.pk}",
    )


def begin(request: HttpRequest, side: Side) -> HttpResponse:
    """Begin the test, or read what is lacking."""
    must_write(side)
    test = side.planned()
    form = BeginForm(typed(request))
    missing = acts.lacks(test)
    waits = _waits(side)
    return kept(
        request,
        side,
        form,
        lambda: acts.begin_test(
            side.actor, test, why_fewer=form.cleaned_data["why"], innovator=side.innovator
        ),
        title=_("Begin the test"),
        done=side.url("test"),
        said=_("The test has begun."),
        template="trials/test_act.html",
        missing=[*missing, *waits],
        submit=_("Begin the test"),
    )


def _waits(side: Side) -> list[str]:
    try:
        must_be_open(side.innovation, acts.stage_of_test(side.innovation))
    except ValidationError as error:
        return list(error.messages)
    return []


def end(request: HttpRequest, side: Side) -> HttpResponse:
    """The test is done as planned: asks once."""
    must_write(side)
    test = side.planned()
    form = EndForm(typed(request))
    return kept(
        request,
        side,
        form,
        lambda: acts.end_test(side.actor, test, innovator=side.innovator),
        title=_("End the test"),
        done=side.url("test"),
        said=_("The test has ended."),
        template="trials/test_act.html",
        submit=_("End the test"),
        lead=_("Answers from after the test may still be typed. The plan stays as it is now."),
    )


def stop(request: HttpRequest, side: Side) -> HttpResponse:
    """Stop it early: whoever sees harm may."""
    test = side.planned()
    form = WhyForm(typed(request))
    return kept(
        request,
        side,
        form,
        lambda: acts.stop_test(side.actor, test, form.cleaned_data["why"], innovator=side.innovator),
        title=_("Stop the test"),
        done=side.url("test"),
        said=_("The test was stopped."),
        template="trials/test_act.html",
        submit=_("Stop the test"),
        danger=True,
        lead=_("Stopping is no failure: what was seen so far counts. Tell the testers that it is over."),
    )
