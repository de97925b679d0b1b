"""Pitches and talks of a stage: the schedule, a move, who came."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.calls.acts import assessment_meetings as acts
from krzew.calls.assessment_matching import Assessed
from krzew.calls.definition.assessment import PitchStage, TalkStage
from krzew.calls.forms.assessment import AttendanceForm, MoveForm, PlanForm
from krzew.calls.models import Call, Meeting
from krzew.calls.present import assessment as present
from krzew.calls.queries import assessment as queries
from krzew.calls.views.assessment import found, frame
from krzew.calls.views.base import actor_of, put_errors
from krzew.ui.components import Crumb

SHOWN = 50


def _stage(request: HttpRequest, slug: str, code: str) -> tuple[Call, Assessed]:
    call, stage = found(request, slug, code)
    if not isinstance(stage, PitchStage | TalkStage):
        raise Http404
    return call, stage


def schedule(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The meetings planned so far, and planning of the next ones."""
    call, stage = _stage(request, slug, code)
    form = PlanForm(request.POST or None, initial={"minutes": acts.minutes_of(stage)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        extra = {name: data[name] for name in ("count", "where", "pause", "minutes")}
        try:
            made = acts.plan(actor_of(request), call, code, begins=form.moment(), **extra)
        except ValidationError as error:
            _put(form, error)
        else:
            text = ngettext(
                "%(count)s meeting is planned. The invitation is held until somebody releases it.",
                "%(count)s meetings are planned. The invitations are held until somebody releases them.",
                len(made),
            )
            messages.success(request, text % {"count": len(made)})
            return redirect("calls:assessment_meetings", slug=slug, code=code)
    page: Any = Paginator(queries.meetings(call, code), SHOWN).get_page(request.GET.get("page"))
    context = frame(call, stage, "assessment_meetings") | {
        "page": page,
        "table": present.meetings(call, stage, page),
        "form": form,
        "waits": len(acts.without_meeting(call, code)),
        "notice": stage.notice_days if isinstance(stage, PitchStage) else 0,
    }
    return render(request, "calls/assessment_meetings.html", context, status=422 if form.errors else 200)


def _put(form: Any, error: ValidationError) -> None:
    """The act speaks of the moment at which meetings begin; the form asks for its day."""
    if hasattr(error, "error_dict") and {"begins", "at"} & set(error.error_dict):
        for name in ("begins", "at"):
            form.add_error("day", error.message_dict.get(name, []))
        return
    put_errors(form, error)


def meeting(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """One meeting: before it another time, afterwards who came."""
    call, stage = _stage(request, slug, code)
    row = queries.meetings(call, code).filter(pk=pk).first()
    if row is None:
        raise Http404
    past = row.at <= timezone.now()
    form = _attendance(request, row) if past else _move(request, row)
    if request.method == "POST" and form.is_valid() and _done(request, row, form, past):
        return redirect("calls:assessment_meetings", slug=slug, code=code)
    context = frame(call, stage, "", Crumb(str(row.application))) | {
        "meeting": row,
        "form": form,
        "past": past,
        "absence": stage.absence if isinstance(stage, PitchStage) else "",
        "back": present.address("assessment_meetings", call, code),
    }
    return render(request, "calls/assessment_meeting.html", context, status=422 if form.errors else 200)


def _attendance(request: HttpRequest, row: Meeting) -> AttendanceForm:
    came = {True: "yes", False: "no", None: ""}[row.attended]
    return AttendanceForm(request.POST or None, initial={"came": came, "note": row.note})


def _move(request: HttpRequest, row: Meeting) -> MoveForm:
    at = timezone.localtime(row.at)
    return MoveForm(request.POST or None, initial={"day": at.date(), "hour": at.time(), "where": row.where})


def _done(request: HttpRequest, row: Meeting, form: Any, past: bool) -> bool:
    try:
        if past:
            acts.note_attendance(actor_of(request), row, **form.cleaned_data)
        else:
            acts.move_meeting(actor_of(request), row, at=form.moment(), where=form.cleaned_data["where"])
    except ValidationError as error:
        _put(form, error)
        return False
    messages.success(request, _("Kept."))
    return True
