"""A stage of assessment for its team: the dashboard, one application's cards, reminders, the end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from krzew.calls import assessment_matching as matching
from krzew.calls.acts import assessment as acts
from krzew.calls.acts import assessors as pool_acts
from krzew.calls.acts import assignment
from krzew.calls.acts import readings as reading_acts
from krzew.calls.acts.assignment_by_hand import takes_more
from krzew.calls.assessment_matching import Assessed
from krzew.calls.assessment_words import told
from krzew.calls.definition.assessment import TalkStage
from krzew.calls.definition.topics import of_topic
from krzew.calls.forms.assessment import GiveOneForm, ThirdForm
from krzew.calls.forms.assessors import ConflictForm, ReasonForm
from krzew.calls.models import Application, Assessor, Call, Reading
from krzew.calls.present import assessment as present
from krzew.calls.queries import assessment as queries
from krzew.calls.queries import assessment_opinions as opinions
from krzew.calls.rules import manage_assessor, manage_reading
from krzew.calls.states import ApplicationState, WrongState
from krzew.calls.views.base import actor_of, put_errors
from krzew.ui.components import Crumb

SHOWN = 50


def found(request: HttpRequest, slug: str, code: str) -> tuple[Call, Assessed]:
    """The call, if the actor runs it, and its stage."""
    call = queries.managed_call(actor_of(request), slug)
    stage = matching.stage_of(call.rules, code) if call else None
    if call is None or stage is None:
        raise Http404
    return call, stage


def desk_address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("calls:assessments"))


def frame(call: Call, stage: Assessed, current: str, *more: Crumb) -> dict[str, Any]:
    """What every page of a stage shows around its own part."""
    return {
        "call": call,
        "code": stage.code,
        "title": str(stage.label),
        "crumbs": present.crumbs(call, stage, *more),
        "tabs": present.tabs(call, stage, current),
        "stages": present.stages(call, stage),
    }


def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The first stage in which people assess."""
    call = queries.managed_call(actor_of(request), slug)
    rows = matching.assessed_stages(call.rules) if call else []
    if not rows:
        raise Http404
    return redirect("calls:assessment", slug=slug, code=rows[0].code)


def dashboard(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    call, stage = found(request, slug, code)
    known = queries.standings(call, code)
    rows = list(queries.in_stage(call, code).order_by().values_list("pk", "number", "title"))
    show, sort = request.GET.get("show", ""), request.GET.get("sort", "number")
    sort = sort if sort.lstrip("-") in present.SORTS else "number"
    keys = [row[0] for row in rows]
    ordered = present.chosen(present.order(rows, known, sort), known, show)
    page: Any = Paginator(ordered, SHOWN).get_page(request.GET.get("page"))
    by_key = Application.objects.defer("answers").in_bulk(list(page))
    applications = [by_key[pk] for pk in page]
    for row in applications:
        row.call = call
    facts = _facts(call, stage, keys, known)
    context = frame(call, stage, "assessment") | {
        "page": page,
        "table": present.listing(call, stage, applications, known, sort),
        "filters": present.filters(call, stage, keys, known, show),
        "progress": present.bar(facts),
        "tasks": present.tasks(call, stage, facts),
        "may_remind": bool(facts["open"] + facts["assigned"]),
        "scored": not isinstance(stage, TalkStage) and facts["done"] > 0,
        "any": bool(rows),
    }
    return render(request, "calls/assessment.html", context)


def _facts(call: Call, stage: Assessed, keys: list[int], known: Any) -> dict[str, int]:
    """Counts that say what has to be done next."""
    counts = queries.progress(call, stage.code)
    standing = set(
        call.applications.filter(stage=stage.code, state=ApplicationState.SUBMITTED).values_list(
            "pk", flat=True
        )
    )
    here = {pk: known.get(pk, queries.Standing()) for pk in standing}
    plan = queries.last_plan(call, stage.code)
    number = plan.proposal.get("per_idea", 0) if plan else 0
    blocked = queries.blocked_readings(call, stage.code)
    short = sum(s.refused > 0 and s.wanted < number for s in here.values())
    return counts | {
        "open": counts["open"] + counts["assigned"],
        "assigned": 0,
        "without": sum(not s.wanted and not s.refused for s in here.values()),
        "short": short + blocked,
        "third": sum(s.third == "needed" for s in here.values()),
        "standing": len(standing),
        "waits": int(plan is not None and plan.adopted_at is None and bool(plan.proposal.get("possible"))),
    }


def application(request: HttpRequest, slug: str, code: str, pk: int, **forms: Any) -> HttpResponse:
    """All cards of one application, and what the team may do with them."""
    call, stage = found(request, slug, code)
    row = queries.in_stage(call, code).filter(pk=pk).first()
    if row is None:
        raise Http404
    row.call = call
    here = queries.standings(call, code).get(pk, queries.Standing())
    pool = manage_assessor.filter(actor_of(request), Assessor.objects.select_related("user"))
    own = of_topic(stage, row.answers)
    context = frame(call, stage, "", Crumb(f"{row.label} {row}")) | {
        "application": row,
        "tags": [present.tag(row, here)],
        "facts": present.standing_facts(own, here),
        "readings": present.readings(own, queries.readings_of(row, code)),
        "conflicts": row.conflicts.select_related("assessor__user").exclude(kind="applicant"),
        "third": forms.get("third") or _third_form(call, stage, row, here),
        "give": forms.get("give") or give_form(call, stage, row),
        "giving": "give" in forms,
        "conflict": forms.get("conflict") or ConflictForm(pool),
        "noting": "conflict" in forms,
    }
    return render(request, "calls/assessment_application.html", context, status=422 if forms else 200)


def _third_form(
    call: Call, stage: Assessed, row: Application, here: queries.Standing, data: Any = None
) -> ThirdForm | None:
    """Whom to ask, the best first; only where the rules ask for a third opinion."""
    if here.third != "needed" or row.state != ApplicationState.SUBMITTED:
        return None
    return ThirdForm(assignment.thirds(matching.table(call, stage.code), row), data)


def give_form(call: Call, stage: Assessed, row: Application, data: Any = None) -> GiveOneForm | None:
    """Whom to give it to by hand, the best first; only while the rules leave room for one more."""
    if not takes_more(row, stage):
        return None
    free = assignment.thirds(matching.table(call, stage.code), row)
    return GiveOneForm(free, data) if free else None


@require_POST
def third(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    call, stage = found(request, slug, code)
    row = queries.in_stage(call, code).filter(pk=pk).first()
    if row is None:
        raise Http404
    row.call = call
    here = queries.standings(call, code).get(pk, queries.Standing())
    form = _third_form(call, stage, row, here, request.POST)
    if form is None:
        messages.info(request, _("No third opinion is needed here now."))
        return redirect("calls:assessment_application", slug=slug, code=code, pk=pk)
    if not form.is_valid():
        return application(request, slug, code, pk, third=form)
    data = form.cleaned_data
    try:
        assignment.ask_third(
            actor_of(request), row, code, data["assessor"], due_on=data["due_on"], desk=desk_address(request)
        )
    except ValidationError as error:
        put_errors(form, error)
        return application(request, slug, code, pk, third=form)
    messages.success(request, _("Asked. The letter is prepared and held until somebody releases it."))
    return redirect("calls:assessment_application", slug=slug, code=code, pk=pk)


@require_POST
def note_conflict(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """The team has learned that somebody is linked with this application."""
    call, _stage = found(request, slug, code)
    row = queries.in_stage(call, code).filter(pk=pk).first()
    if row is None:
        raise Http404
    pool = manage_assessor.filter(actor_of(request), Assessor.objects.select_related("user"))
    form = ConflictForm(pool, request.POST)
    if not form.is_valid():
        return application(request, slug, code, pk, conflict=form)
    data = form.cleaned_data
    try:
        pool_acts.note_conflict(
            actor_of(request), data["assessor"], row, kind=data["kind"], note=data["note"]
        )
    except ValidationError as error:
        put_errors(form, error)
        return application(request, slug, code, pk, conflict=form)
    messages.success(request, _("Noted. This application stays closed to that person."))
    return redirect("calls:assessment_application", slug=slug, code=code, pk=pk)


def _managed_reading(request: HttpRequest, pk: int) -> Reading:
    rows = Reading.objects.select_related("application__call__programme", "assessor__user")
    row = manage_reading.filter(actor_of(request), rows).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a signed card for a correction: asks for the reason first."""
    reading = _managed_reading(request, pk)
    call, code = reading.application.call, reading.stage
    back = reverse("calls:assessment_application", args=[call.slug, code, reading.application_id])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reading_acts.reopen(
                actor_of(request), reading, reason=form.cleaned_data["reason"], desk=desk_address(request)
            )
        except WrongState:
            form.add_error(None, _("This card is not signed, so there is nothing to open."))
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(
                request, _("Opened. The letter to the assessor is held until somebody releases it.")
            )
            return redirect(back)
    context = {
        "form": form,
        "title": _("Open a signed card again"),
        "kicker": f"{reading.assessor} · {reading.application.label} {reading.application}",
        "lead": _("The signed version stays. The next signature makes a new one, which counts."),
        "submit": _("Open it again"),
        "back": back,
        "crumbs": [
            Crumb(call.name, reverse("calls:call_team", args=[call.slug])),
            Crumb(str(reading.application), back),
            Crumb(_("Open again")),
        ],
    }
    return render(request, "calls/assessment_reason.html", context, status=422 if form.errors else 200)


def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a reading back; asks first, since what was written without signing is closed then."""
    reading = _managed_reading(request, pk)
    if request.method != "POST":
        return _ask_before_taking(request, reading)
    try:
        reading_acts.take_back(actor_of(request), reading)
    except WrongState:
        messages.error(request, _("This card is signed or was given back already."))
    else:
        messages.success(request, _("Taken back. Propose somebody else under “Who assesses what”."))
    call = reading.application.call
    return redirect("calls:assessment_application", call.slug, reading.stage, reading.application_id)


def _ask_before_taking(request: HttpRequest, reading: Reading) -> HttpResponse:
    call = reading.application.call
    back = reverse("calls:assessment_application", args=[call.slug, reading.stage, reading.application_id])
    crumbs = [
        Crumb(call.name, reverse("calls:call_team", args=[call.slug])),
        Crumb(str(reading.application), back),
        Crumb(_("Take back this reading")),
    ]
    context = {"reading": reading, "back": back, "crumbs": crumbs, "begun": bool(reading.draft)}
    return render(request, "calls/assessment_take_back.html", context)


@require_POST
def remind(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    call, _stage = found(request, slug, code)
    count = acts.remind(actor_of(request), call, code, desk=desk_address(request))
    if count:
        text = ngettext(
            "%(count)s letter is prepared and held until somebody releases it.",
            "%(count)s letters are prepared and held until somebody releases them.",
            count,
        )
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Everybody with cards to sign has a letter that waits to be released."))
    return redirect("calls:assessment", slug=slug, code=code)


def close(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Look first at who goes on and who does not, and why; then close."""
    call, stage = found(request, slug, code)
    actor, error = actor_of(request), ""
    if request.method == "POST":
        try:
            done = acts.close_stage(actor, call, code)
        except (ValidationError, WrongState) as refusal:
            error = " ".join(getattr(refusal, "messages", [str(refusal)]))
        else:
            counts = {"passed": len(done.passed), "missed": len(done.missed)}
            messages.success(
                request, _("Closed: %(passed)s go on, %(missed)s do not. Nobody is told yet.") % counts
            )
            return redirect("calls:assessment", slug=slug, code=code)
    known = queries.standings(call, code)
    look = acts.closing(call, code)
    context = frame(call, stage, "assessment_close") | {
        "look": look,
        "missed": [(row, [told(m) for m in known[row.pk].misses]) for row in look.missed[:SHOWN]],
        "final_round": isinstance(stage, TalkStage) and {"initial", "final"} <= set(stage.rounds),
        "error": error,
    }
    return render(request, "calls/assessment_close.html", context, status=422 if error else 200)


@require_POST
def final_round(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    call, _stage = found(request, slug, code)
    try:
        count = acts.open_final_round(actor_of(request), call, code)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(count)s cards are open for the final word.") % {"count": count})
    return redirect("calls:assessment", slug=slug, code=code)


def hint(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Where one more opinion could change who is funded, and where it could not."""
    call, stage = found(request, slug, code)
    if isinstance(stage, TalkStage):
        raise Http404
    typed = request.GET.get("places", "")[:5]
    places = (int(typed) if typed.isdecimal() else 0) or opinions.places_of(call)
    known = opinions.hint(call, stage, places) if places else None
    rows = Application.objects.in_bulk([pk for pk, _chance, _now in known.rows]) if known else {}
    context = frame(call, stage, "", Crumb(_("One more opinion"))) | {
        "places": places,
        "known": known,
        "table": present.hint(call, stage, known, rows) if known else None,
    }
    return render(request, "calls/assessment_hint.html", context)
