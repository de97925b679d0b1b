"""An application for its author: no account is needed, the link opens it, everything typed is kept."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from krzew.accounts.access import public
from krzew.accounts.throttle import too_many
from krzew.calls.acts import applications as acts
from krzew.calls.acts import applications_letters as letters
from krzew.calls.acts.paper import takes_paper
from krzew.calls.acts.steps import Conflict
from krzew.calls.applications.check import Filled, lacks
from krzew.calls.definition.form import Section
from krzew.calls.forms.applications import ApplicantForm, SectionForm, StartForm, shown_fields, sums, visible
from krzew.calls.models import Application, Call, IdeaCard, Kind
from krzew.calls.present import applications as present
from krzew.calls.queries import applications as queries
from krzew.calls.queries import programmes
from krzew.calls.queries.ideas import idea_by_token
from krzew.calls.rules import may_give_up
from krzew.calls.states import ApplicationState
from krzew.calls.views.applications_base import found, late, page
from krzew.calls.views.base import actor_of, is_htmx, put_errors
from krzew.ui.components import Fact

STARTS_PER_HOUR = 40
LETTERS_PER_HOUR = 6


def kinds_of(call: Call) -> list[tuple[str, str]]:
    return [(kind, str(Kind(kind).label)) for kind in call.rules.applicants.kinds]


def _call(request: HttpRequest, slug: str) -> Call:
    call = programmes.call(actor_of(request), slug)
    if call is None or call.rules.form is None:
        raise Http404
    return call


@public
@never_cache
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose who applies; from here on the application has its own link."""
    call, idea = _call(request, slug), idea_by_token(request.GET.get("idea", ""))
    form = StartForm(kinds_of(call), request.POST or None, initial={"kind": call.rules.applicants.kinds[0]})
    if request.method == "POST" and form.is_valid() and not form.cleaned_data["website"]:
        if too_many(request, "application", STARTS_PER_HOUR):
            form.add_error(
                None, _("Many applications were begun from this address in the last hour. Try again later.")
            )
        else:
            return _begun(request, call, idea, form)
    context = {
        "call": call,
        "call_url": present.call_url(call),
        "form": form,
        "idea": idea,
        "open": call.is_writable(),
        "limit": call.rules.applicants.limit,
        "left": present.remaining(call.closes_at),
        "sending_opens": call.submit_from if call.submit_from > timezone.now() else None,
    }
    return render(request, "calls/applications_apply.html", context, status=422 if form.errors else 200)


def _begun(request: HttpRequest, call: Call, idea: IdeaCard | None, form: StartForm) -> HttpResponse:
    language = (get_language() or "pl")[:2]
    try:
        _row, token = acts.start(
            actor_of(request), call, kind=form.cleaned_data["kind"], idea=idea, language=language
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("calls:apply", slug=call.slug)
    messages.success(
        request, _("Begun. The address of this page is your link: keep it, or have it sent to you below.")
    )
    return redirect("calls:application", token=token)


@public
@never_cache
def home(request: HttpRequest, token: str) -> HttpResponse:
    """While it is written: the list of steps. Once it is sent: where it stands."""
    application = found(request, token)
    if acts.is_writable(application):
        return _tasks_page(request, application, token)
    return _status_page(request, application, token)


def _tasks_page(request: HttpRequest, application: Application, token: str) -> HttpResponse:
    filled = queries.filled(application)
    returned = application.state == ApplicationState.RETURNED
    review = application.formal_reviews.order_by("-at").first() if returned else None
    context: dict[str, Any] = {
        "returned": returned,
        "review": review,
        "keyed": application.keyed_by_id is not None,
    }
    return page(request, application, token, "calls/applications_home.html", filled=filled, key="", **context)


def _status_page(request: HttpRequest, application: Application, token: str) -> HttpResponse:
    state, version = present.state_for_applicant(application), queries.latest_version(application)
    stage = application.call.rules.form
    assert stage is not None
    sent = version is not None and state != ApplicationState.DRAFT
    context = {
        "application": application,
        "token": token,
        "state": state,
        "tag": present.tag(state),
        "next": present.next_words(application, state),
        "facts": present.facts(application),
        "stages": present.stages(application, state) if sent else [],
        "sections": present.answers(stage, version.content) if version else [],
        "files": present.file_rows(version.content) if version else [],
        "version": version,
        "statements": present.statements_said(version) if version else [],
        "may_withdraw": state
        in (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.RETURNED)
        and application.state == state,
        "may_resign": may_give_up(application, state),
        "call_url": present.call_url(application.call),
        "may_receive": application.keyed_by_id is not None
        and state == ApplicationState.DRAFT
        and takes_paper(application.call),
    }
    return render(request, "calls/applications_status.html", context)


@public
@never_cache
def applicant(request: HttpRequest, token: str) -> HttpResponse:
    """The data of the applicant."""
    application = found(request, token)
    if not acts.is_writable(application):
        return _closed(request, application, token, "applicant")
    form = ApplicantForm(queries.filled(application), application.revision, request.POST or None)
    if request.method == "POST":
        return _save_applicant(request, application, token, form)
    return _applicant_page(request, application, token, _marked(form, application, request))


def _marked(form: ApplicantForm, application: Application, request: HttpRequest) -> ApplicantForm:
    """From the check page one comes to a form on which what is missing is marked."""
    if "check" not in request.GET:
        return form
    filled = queries.filled(application)
    marked = ApplicantForm(
        filled, application.revision, {**filled.applicant, "revision": application.revision}
    )
    _complain_applicant(marked, filled, missing=True)
    return marked


def _complain_applicant(form: ApplicantForm, filled: Filled, *, missing: bool) -> bool:
    found_lacks = [one for one in lacks(filled) if one.step == "applicant"]
    found_lacks = [one for one in found_lacks if missing or not one.missing]
    for lack in found_lacks:
        form.add_error(lack.field, lack.text)
    return bool(found_lacks)


def _save_applicant(
    request: HttpRequest, application: Application, token: str, form: ApplicantForm
) -> HttpResponse:
    form.is_valid()
    seen = form.cleaned_data.get("revision", -1)
    try:
        acts.save(actor_of(request), application, seen=seen, applicant=form.typed())
    except Conflict as conflict:
        return _conflict_page(request, token, conflict, form, "applicant")
    except ValidationError as error:
        put_errors(form, error)
        return _applicant_page(request, application, token, form, status=422)
    filled, typed = queries.filled(application), request.POST.copy()
    typed["revision"] = str(application.revision)
    again = ApplicantForm(filled, application.revision, typed)
    wrong = _complain_applicant(again, filled, missing=False)
    return _after(request, application, token, "applicant", None if not wrong else again)


def _applicant_page(
    request: HttpRequest, application: Application, token: str, form: ApplicantForm, status: int = 200
) -> HttpResponse:
    filled, title = queries.filled(application), _("Who applies")
    template = "calls/applications_form.html"
    context = {"form": form, "title": title, "action": reverse("calls:application_applicant", args=[token])}
    return page(
        request, application, token, template, filled=filled, key="applicant", status=status, **context
    )


def _section(application: Application, code: str) -> Section:
    stage = application.call.rules.form
    assert stage is not None
    section = next((one for one in stage.sections if one.code == code), None)
    if section is None:
        raise Http404
    return section


@public
@never_cache
def section(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """One section of the form: saved as it is typed, or by a button."""
    application = found(request, token)
    part = _section(application, code)
    if not acts.is_writable(application):
        return _closed(request, application, token, f"section:{part.code}")
    if request.method == "POST":
        return _save_section(request, application, token, part)
    filled = queries.filled(application)
    form = _section_form(request, application, filled, part)
    if is_htmx(request):
        return render(request, "calls/_applications_fields.html", {"form": form})
    return _section_page(request, application, token, part, form)


def _closed(request: HttpRequest, application: Application, token: str, key: str) -> HttpResponse:
    """Typed too late: the page says so and does not throw away what is on the screen."""
    if is_htmx(request):
        said = _("The time is over: this is not saved any more. What was saved before is kept.")
        return render(request, "calls/_applications_saved.html", {"application": application, "said": said})
    if request.method != "POST":
        return redirect("calls:application", token=token)
    return late(request, application, token, _typed_late(request, application, key))


def _typed_late(request: HttpRequest, application: Application, key: str) -> list[Fact]:
    """What was sent too late, to be copied from the page."""
    filled = queries.filled(application)
    if key == "applicant":
        form = ApplicantForm(filled, application.revision, request.POST)
        return [Fact(str(form.fields[name].label), text) for name, text in form.typed().items() if text]
    part = _section(application, key.partition(":")[2])
    fields = shown_fields(filled, part, request.POST.get("shown"))
    section_form = SectionForm(filled, fields, application.revision, request.POST)
    section_form.is_valid()
    typed = section_form.typed()
    said = [(str(field.label), present.draft_said(field, typed[field.code])) for field in fields]
    return [Fact(label, text.splitlines()) for label, text in said if text]


def _section_form(
    request: HttpRequest, application: Application, filled: Filled, part: Section
) -> SectionForm:
    fields = visible(filled, part, live=is_htmx(request))
    if "check" not in request.GET:
        return SectionForm(filled, fields, application.revision)
    codes = " ".join(field.code for field in fields)
    data = {**filled.answers, "revision": application.revision, "shown": codes}
    form = SectionForm(filled, fields, application.revision, data)
    form.complain(filled, missing=True)
    return form


def _save_section(request: HttpRequest, application: Application, token: str, part: Section) -> HttpResponse:
    filled = queries.filled(application)
    fields = shown_fields(filled, part, request.POST.get("shown"))
    form = SectionForm(filled, fields, application.revision, request.POST)
    form.is_valid()
    try:
        seen = form.cleaned_data.get("revision", -1)
        acts.save(
            actor_of(request),
            application,
            seen=seen,
            answers=form.typed(),
            window=request.POST.get("window", "")[:16],
            pressed=not is_htmx(request),
        )
    except Conflict as conflict:
        return _conflict_page(request, token, conflict, form, f"section:{part.code}")
    except ValidationError as error:
        if is_htmx(request):
            said = " ".join(error.messages)
            return render(
                request, "calls/_applications_saved.html", {"application": application, "said": said}
            )
        put_errors(form, error)
        return _section_page(request, application, token, part, form, status=422)
    return _section_saved(request, application, token, part)


def _section_saved(request: HttpRequest, application: Application, token: str, part: Section) -> HttpResponse:
    filled = queries.filled(application)
    if is_htmx(request):
        return _said_saved(request, application, filled, part)
    typed = request.POST.copy()
    typed["revision"] = str(application.revision)
    fields = shown_fields(filled, part, request.POST.get("shown"))
    form = SectionForm(filled, fields, application.revision, typed, more=request.POST.get("more", ""))
    if "more" in request.POST:
        return _section_page(request, application, token, part, form)
    wrong = form.complain(filled, missing=False)
    return _after(request, application, token, f"section:{part.code}", form if wrong else None)


def _said_saved(
    request: HttpRequest, application: Application, filled: Filled, part: Section
) -> HttpResponse:
    """The short answer to saving by itself: the time, the new sums, and questions that appear or go."""
    fields = visible(filled, part, live=True)
    shown = set(request.POST.get("shown", "").split())
    flipped = {field.code for field in fields} != shown
    plans = [field for field in fields if field.kind == "plan"]
    context = {
        "application": application,
        "sums": [
            (_sum_key(f.code, code), said, code == "*")
            for f in plans
            for code, said in sums(filled, f).items()
        ],
        "form": SectionForm(filled, fields, application.revision) if flipped else None,
    }
    return render(request, "calls/_applications_saved.html", context)


def _has_follow_ups(part: Section) -> bool:
    here = {field.code for field in part.fields}
    return any(field.when is not None and field.when.field in here for field in part.fields)


def _sum_key(field: str, phase: str) -> str:
    return f"{field}--all" if phase == "*" else f"{field}-{phase}"


def _section_page(
    request: HttpRequest,
    application: Application,
    token: str,
    part: Section,
    form: SectionForm,
    status: int = 200,
) -> HttpResponse:
    action = reverse("calls:application_section", args=[token, part.code])
    context = {
        "form": form,
        "title": str(part.label),
        "hint": str(part.hint or ""),
        "action": action,
        "autosave": True,
        "window": request.POST.get("window", "")[:16] or secrets.token_hex(4),
        # Errors that are shown stay; otherwise follow-up questions come and go where there is JavaScript.
        "load_url": action if _has_follow_ups(part) and not form.errors else "",
    }
    return page(
        request,
        application,
        token,
        "calls/applications_form.html",
        filled=queries.filled(application),
        key=f"section:{part.code}",
        status=status,
        **context,
    )


def _after(
    request: HttpRequest, application: Application, token: str, key: str, wrong: Any = None
) -> HttpResponse:
    """It is saved. Something that cannot be read is shown at once; otherwise on to where the button says."""
    if wrong is not None and "back" not in request.POST:
        if key == "applicant":
            return _applicant_page(request, application, token, wrong, status=422)
        return _section_page(
            request, application, token, _section(application, key.partition(":")[2]), wrong, status=422
        )
    messages.success(request, _("Saved."))
    if "back" in request.POST:
        return redirect("calls:application", token=token)
    return redirect(present.neighbour(present.steps(queries.filled(application), token), key, token))


def _conflict_page(request: HttpRequest, token: str, conflict: Conflict, form: Any, key: str) -> HttpResponse:
    """Another window saved first: both are shown, and nothing that was typed is lost."""
    said = _("This application was changed in another window in the meantime. Compare both and save again.")
    application = found(request, token)
    if is_htmx(request):
        return render(request, "calls/_applications_saved.html", {"application": application, "said": said})
    typed = request.POST.copy()
    typed["revision"] = str(application.revision)
    form.data = typed
    filled = queries.filled(application)
    theirs = present.draft_answers(filled, token)
    labels = {str(form.fields[name].label) for name in form.fields}
    kept = [fact for _label, facts in theirs for fact in facts if fact.label in labels]
    context = {"form": form, "said": said, "theirs": kept, "token": token, "application": application}
    return render(request, "calls/applications_conflict.html", context, status=409)


@public
@require_POST
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Send the link to the applicant's own address."""
    application = found(request, token)
    if not application.email:
        messages.error(request, _("Type an e-mail address in “Who applies” first."))
    elif too_many(request, "application_link", LETTERS_PER_HOUR):
        messages.error(request, _("The link was sent several times in the last hour. Look in your mail."))
    else:
        address = request.build_absolute_uri(reverse("calls:application", args=[token]))
        letters.send_link(application, address)
        messages.success(request, _("The link is on its way to %(email)s.") % {"email": application.email})
    return redirect("calls:application", token=token)


def own(request: HttpRequest) -> HttpResponse:
    """Applications of the person who is signed in."""
    rows = [
        (row, present.tag(present.state_for_applicant(row)), f"{queries.OWN}{row.pk}")
        for row in queries.own_applications(actor_of(request))[:100]
    ]
    return render(request, "calls/applications_own.html", {"rows": rows})
