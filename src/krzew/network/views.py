"""Pages of meetings: the sheet, one meeting, and sorting of what was said about a place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krzew.accounts.actors import Actor
from krzew.network import acts, forms, present, queries, rules
from krzew.network.models import Meeting, Sector, Theme, Voice
from krzew.places.models import Unit
from krzew.timeline.queries import history
from krzew.timeline.shown import moments


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _seen(request: HttpRequest) -> Any:
    return rules.see_meeting.filter(_actor(request), Meeting.objects.all())


def _gmina(code: str) -> Unit:
    return get_object_or_404(Unit, code=code, level="gmina")


def _next(request: HttpRequest, otherwise: str) -> str:
    """Where the visitor came from, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours else otherwise


def meetings(request: HttpRequest) -> HttpResponse:
    """Every meeting of the acting organisation."""
    rows = queries.listed(_seen(request))
    return render(request, "network/meetings.html", {"table": present.meeting_table(rows[:500])})


def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.with_voices(_seen(request)), pk=pk)
    heard = queries.heard([found])
    context = {
        "meeting": found,
        "heard": heard,
        "missing_names": present.sector_names(heard.missing),
        "facts": present.meeting_facts(found),
        "table": present.voice_table(found),
        "needs": present.tally_rows(heard),
        "may_change": rules.change_meeting.allows(_actor(request), found),
        "moments": moments(history(found)),
    }
    return render(request, "network/meeting.html", context)


def place(request: HttpRequest, code: str) -> HttpResponse:
    """What was said about one place: sort, join, take apart."""
    unit = _gmina(code)
    return _sorting(request, unit, forms.MergeForm(voices=_voices(request, unit)))


def _voices(request: HttpRequest, unit: Unit) -> Any:
    """Statements about the place that the actor may sort."""
    own = rules.change_meeting.filter(_actor(request), Meeting.objects.filter(place=unit))
    return Voice.objects.filter(meeting__in=own).select_related("meeting", "theme")


def _sorting(request: HttpRequest, unit: Unit, form: forms.MergeForm, status: int = 200) -> HttpResponse:
    actor = _actor(request)
    found = list(queries.with_voices(_seen(request).filter(place=unit)))
    heard = queries.heard(found)
    context = {
        "place": unit,
        "meetings": found,
        "heard": heard,
        "missing_names": present.sector_names(heard.missing),
        "needs": present.tally_rows(heard),
        "groups": present.voice_groups(found),
        "themes": queries.themes_about(actor.organisation, unit.code) if actor.organisation else [],
        "form": form,
        "need_choices": forms.need_choices(),
        "may_hold": rules.hold_meetings.allows(actor),
    }
    return render(request, "network/place.html", context, status=status)


def enter(request: HttpRequest, code: str) -> HttpResponse:
    """The paper sheet, typed in after the meeting."""
    unit = _gmina(code)
    rules.hold_meetings.require(_actor(request))
    return _sheet(request, unit, None)


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.with_voices(_seen(request)), pk=pk)
    rules.change_meeting.require(_actor(request), found)
    return _sheet(request, found.place, found)


def _sheet(request: HttpRequest, unit: Unit, found: Meeting | None) -> HttpResponse:
    if request.method != "POST":
        form = forms.MeetingForm(instance=found, initial={} if found else {"date": timezone.localdate()})
        lines = forms.initial_lines(list(found.voices.all()) if found else [])
        return _sheet_page(request, unit, found, form, forms.VoiceFormSet(initial=lines, prefix="v"))
    if "more" in request.POST:
        return _longer_sheet(request, unit, found)
    form = forms.MeetingForm(request.POST, instance=found)
    voices = forms.VoiceFormSet(request.POST, prefix="v")
    if not (form.is_valid() & voices.is_valid()):
        return _sheet_page(request, unit, found, form, voices, status=422)
    doubts = voices.suspicions()
    if doubts and "checked" not in request.POST:
        return _sheet_page(request, unit, found, form, voices, doubts=doubts, status=422)
    return _keep(request, unit, found, forms.sheet(form, voices))


def _longer_sheet(request: HttpRequest, unit: Unit, found: Meeting | None) -> HttpResponse:
    """The same sheet with what was typed, and more empty lines."""
    data = request.POST.copy()
    lines = min(int(data.get("v-TOTAL_FORMS") or 0) + forms.MORE_LINES, forms.MOST_LINES)
    data["v-TOTAL_FORMS"] = str(lines)
    form = forms.MeetingForm(data, instance=found)
    return _sheet_page(request, unit, found, form, forms.VoiceFormSet(data, prefix="v"), quiet=True)


def _keep(request: HttpRequest, unit: Unit, found: Meeting | None, sheet: acts.Sheet) -> HttpResponse:
    if found is None:
        found = acts.enter_meeting(_actor(request), unit, sheet)
    else:
        acts.correct_meeting(_actor(request), found, sheet)
    messages.success(request, _("The meeting is saved."))
    return redirect(_next(request, reverse("network:meeting", args=[found.pk])))


def _sheet_page(
    request: HttpRequest,
    unit: Unit,
    found: Meeting | None,
    form: forms.MeetingForm,
    voices: forms.BaseVoices,
    *,
    doubts: list[tuple[int, list[str]]] | None = None,
    quiet: bool = False,
    status: int = 200,
) -> HttpResponse:
    errors = [] if quiet else present.sheet_errors(form, voices)
    back = (
        reverse("network:meeting", args=[found.pk]) if found else reverse("network:place", args=[unit.code])
    )
    context = {
        "place": unit,
        "meeting": found,
        "form": form,
        "voices": voices,
        "errors": errors,
        "doubts": [(n, ", ".join(what)) for n, what in doubts or []],
        "next": _next(request, ""),
        "back": _next(request, back),
    }
    return render(request, "network/sheet.html", context, status=status)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_seen(request), pk=pk)
    code = found.place.code
    acts.remove_meeting(_actor(request), found)
    messages.success(request, _("The meeting is removed."))
    return redirect(_next(request, reverse("network:place", args=[code])))


def printable(request: HttpRequest, code: str) -> HttpResponse:
    """Agenda and dot sheet on paper, for a table in a village hall."""
    context = {"place": _gmina(code), "lines": range(1, 15), "sectors": present.sector_names(Sector.values)}
    return render(request, "network/printable.html", context)


@require_POST
def merge(request: HttpRequest, code: str) -> HttpResponse:
    unit = _gmina(code)
    form = forms.MergeForm(request.POST, voices=_voices(request, unit))
    if form.is_valid():
        data = form.cleaned_data
        try:
            acts.merge_voices(_actor(request), data["voices"], data["need"], data["label"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("The statements are joined. You can take the theme apart again below.")
            )
            return redirect(_next(request, reverse("network:place", args=[code])))
    return _sorting(request, unit, form, status=422)


@require_POST
def split(request: HttpRequest, pk: int) -> HttpResponse:
    own = rules.change_theme.filter(_actor(request), Theme.objects.all())
    theme = get_object_or_404(own, pk=pk)
    code = theme.place.code
    acts.split_theme(_actor(request), theme)
    messages.success(request, _("The theme is taken apart. Every statement counts under its own need again."))
    return redirect(_next(request, reverse("network:place", args=[code])))


@require_POST
def need(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Voice.objects.filter(meeting__in=_seen(request)).select_related("meeting__place")
    voice = get_object_or_404(rows, pk=pk)
    form = forms.NeedForm(request.POST)
    if form.is_valid():
        acts.name_need(_actor(request), voice, form.cleaned_data["need"])
    else:
        messages.error(request, _("There is no such need. Choose one from the list."))
    return redirect(
        _next(request, reverse("network:place", args=[voice.meeting.place.code])) + f"#voice-{pk}"
    )
