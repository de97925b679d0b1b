"""The assessor's desk: what waits, the statement, the card, and with what she is linked."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.permissions import Denied
from krzew.calls.acts import assessors as pool_acts
from krzew.calls.acts import readings as acts
from krzew.calls.acts.steps import Conflict
from krzew.calls.assessment_cards import Draft
from krzew.calls.forms.readings import CardForm, LinksForm, RefusalForm, StatementForm
from krzew.calls.models import Assessor, Reading
from krzew.calls.present import readings as present
from krzew.calls.queries import readings as queries
from krzew.calls.rules import assess
from krzew.calls.states import ReadingState, WrongState
from krzew.calls.views.base import actor_of, is_htmx, put_errors
from krzew.ui.components import Crumb

SHOWN = 50


def desk(request: HttpRequest) -> HttpResponse:
    """What waits for my assessment, by when; then what I signed."""
    actor = actor_of(request)
    waiting = list(queries.short(queries.waiting_readings(actor)))
    signed = queries.short(queries.signed_readings(actor))
    page = Paginator(signed, SHOWN).get_page(request.GET.get("page"))
    queries.share_calls([*waiting, *page])
    context = {
        "tasks": present.tasks(waiting),
        "waiting": len(waiting),
        "appeals": present.appeals(queries.own_appeals(actor)[:SHOWN]),
        "table": present.signed(page),
        "page": page,
        "pools": present.pools(queries.own_pools(actor)),
    }
    return render(request, "calls/readings.html", context)


def _found(request: HttpRequest, pk: int) -> Reading:
    reading = queries.own_reading(actor_of(request), pk)
    if reading is None:
        raise Http404
    return reading


def _crumbs(last: str) -> list[Crumb]:
    return [Crumb(_("My assessments"), reverse("calls:assessments")), Crumb(last)]


@never_cache
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """First the statement; then the application beside the card; then the signed card."""
    reading = _found(request, pk)
    if reading.state == ReadingState.ASSIGNED:
        return _statement_page(request, reading)
    if reading.state == ReadingState.DONE:
        return _signed_page(request, reading)
    return _card_page(request, reading)


def _statement_page(
    request: HttpRequest,
    reading: Reading,
    form: StatementForm | None = None,
    refusal: RefusalForm | None = None,
) -> HttpResponse:
    stage = acts.stage_of_reading(reading)
    number = {"number": reading.application.label}
    context = {
        "reading": reading,
        "title": _("Application %(number)s") % number,
        "crumbs": _crumbs(_("Application %(number)s") % number),
        "facts": present.statement_facts(reading, stage),
        "form": form or StatementForm(),
        "refusal": refusal or RefusalForm(auto_id="refusal_%s"),
        "refusing": refusal is not None,
        "version": acts.STATEMENT_VERSION,
    }
    return render(request, "calls/readings_statement.html", context, status=422 if form or refusal else 200)


@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    reading, form = _found(request, pk), StatementForm(request.POST)
    form.is_valid()
    try:
        acts.state(actor_of(request), reading, **form.cleaned_data)
    except WrongState:
        messages.info(request, _("The statement was made already."))
    except ValidationError as error:
        put_errors(form, error)
        return _statement_page(request, reading, form)
    return redirect("calls:assessment_card", pk=pk)


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    reading, form = _found(request, pk), RefusalForm(request.POST, auto_id="refusal_%s")
    if not form.is_valid():
        return _statement_page(request, reading, None, form)
    try:
        acts.refuse(actor_of(request), reading, **form.cleaned_data)
    except WrongState:
        messages.error(request, _("This card is signed. The team can open it again for a correction."))
    except ValidationError as error:
        put_errors(form, error)
        return _statement_page(request, reading, None, form)
    else:
        messages.success(request, _("Given back. The team finds somebody else."))
    return redirect("calls:assessments")


def _card_page(request: HttpRequest, reading: Reading, form: CardForm | None = None) -> HttpResponse:
    stage = acts.stage_of_reading(reading)
    form = form or CardForm(stage, Draft.of(reading.draft), revision=reading.revision)
    context = _file_of(reading) | {
        "form": form,
        "total": present.total_said(stage, form.typed()),
        "others": present.other_cards(stage, queries.others(reading, stage)),
        "again": reading.cards.exists(),
        "refusal": RefusalForm(auto_id="refusal_%s"),
    }
    return render(request, "calls/readings_card.html", context, status=422 if form.errors else 200)


def _file_of(reading: Reading) -> dict[str, object]:
    """The application as the assessor may see it."""
    stage = acts.stage_of_reading(reading)
    return {
        "reading": reading,
        "kicker": present.kicker(reading, stage),
        "title": present.title_of(reading),
        "crumbs": _crumbs(present.title_of(reading)),
        "parts": present.sheet(reading, stage, queries.latest_version(reading)),
        "files": present.files(reading, stage, queries.files(reading, stage)),
        "stated": present.stated(reading),
    }


def _signed_page(request: HttpRequest, reading: Reading) -> HttpResponse:
    stage, version = acts.stage_of_reading(reading), reading.cards.last()
    context = _file_of(reading) | {
        "card": version,
        "facts": present.card_facts(stage, version) if version else [],
        "total": present.card_total(stage, version) if version else "",
        "others": present.other_cards(stage, queries.others(reading, stage)),
        "following": queries.next_reading(actor_of(request), reading),
    }
    return render(request, "calls/readings_signed.html", context)


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed, as it is typed or by a button; sign when that button was pressed."""
    reading = _found(request, pk)
    assess.require(actor_of(request), reading)
    stage = acts.stage_of_reading(reading)
    form = CardForm(stage, Draft.of(reading.draft), request.POST, reading.revision)
    form.is_valid()
    try:
        seen = form.cleaned_data.get("revision", -1)
        acts.save(actor_of(request), reading, form.typed(), seen=seen)
    except (Conflict, ValidationError) as error:
        return _not_saved(request, reading, form, error)
    if is_htmx(request):
        said = {"form": form, "reading": reading, "total": present.total_said(stage, form.typed())}
        return render(request, "calls/_readings_saved.html", said)
    return _after_saving(request, reading, form)


def _not_saved(request: HttpRequest, reading: Reading, form: CardForm, error: Exception) -> HttpResponse:
    """Another window saved first, or the card is signed: say so, and keep what was typed."""
    if isinstance(error, Conflict):
        said = _("This card was changed in another window in the meantime. Compare both and save again.")
    else:
        said = " ".join(getattr(error, "messages", [str(error)]))
    kept = Reading.objects.get(pk=reading.pk)
    if is_htmx(request):
        return render(request, "calls/_readings_saved.html", {"form": form, "reading": kept, "said": said})
    stage = acts.stage_of_reading(reading)
    theirs = CardForm(stage, Draft.of(kept.draft), revision=kept.revision)
    context = {
        "reading": kept,
        "form": form,
        "theirs": theirs,
        "said": said,
        "title": present.title_of(reading),
    }
    return render(request, "calls/readings_conflict.html", context, status=409)


def _after_saving(request: HttpRequest, reading: Reading, form: CardForm) -> HttpResponse:
    if "sign" not in request.POST and "next" not in request.POST:
        messages.success(request, _("Saved."))
        return redirect("calls:assessment_card", pk=reading.pk)
    try:
        acts.sign(actor_of(request), reading)
    except ValidationError as error:
        return _card_page(request, reading, _with_errors(reading, error))
    messages.success(request, _("The card is signed."))
    following = queries.next_reading(actor_of(request), reading) if "next" in request.POST else None
    if following:
        return redirect("calls:assessment_card", pk=following.pk)
    return redirect("calls:assessments" if "next" in request.POST else _own_address(reading))


def _own_address(reading: Reading) -> str:
    return reverse("calls:assessment_card", args=[reading.pk])


def _with_errors(reading: Reading, error: ValidationError) -> CardForm:
    """The form as it was typed, with the revision that is kept now and what is missing beside the fields."""
    stage = acts.stage_of_reading(reading)
    kept = Draft.of(reading.draft)
    data = CardForm._initial(kept, reading.revision)
    form = CardForm(stage, kept, data, reading.revision)
    form.is_valid()
    form.put(error.message_dict if hasattr(error, "error_dict") else {"": error.messages})
    return form


@require_safe
def attachment(request: HttpRequest, pk: int, file: int) -> HttpResponse | FileResponse:
    """One file of an application that was opened: always saved, never shown by the browser."""
    reading = _found(request, pk)
    assess.require(actor_of(request), reading)
    stage = acts.stage_of_reading(reading)
    row = next((a for a in queries.files(reading, stage) if a.pk == file), None)
    if row is None:
        raise Http404
    blind = queries.blindness(stage).applicant
    name = f"{reading.application.label.replace('/', '-')}-{row.field}.{row.kind}" if blind else row.name
    answer = FileResponse(row.file.open("rb"), as_attachment=True, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def links(request: HttpRequest, pk: int) -> HttpResponse:
    """With what I am linked: kept for one pool, read by its team."""
    actor = actor_of(request)
    assessor: Assessor | None = queries.own_pools(actor).filter(pk=pk).first()
    if assessor is None:
        raise Http404
    form = LinksForm.of(assessor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pool_acts.declare_links(actor, assessor, **form.cleaned_data)
        except Denied:
            raise Http404 from None
        messages.success(request, _("Kept. Applications with these links stay closed for you."))
        return redirect("calls:assessments")
    context = {"form": form, "assessor": assessor, "crumbs": _crumbs(_("What links me"))}
    return render(request, "calls/readings_links.html", context, status=422 if form.errors else 200)
