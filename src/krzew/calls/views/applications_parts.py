"""Members, files and statements of an application; and the page of a member who is asked to join."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.access import public
from krzew.accounts.throttle import too_many
from krzew.calls.acts import applications as acts
from krzew.calls.acts import applications_files as files
from krzew.calls.acts import applications_people as people
from krzew.calls.applications.applicant import WITH_MEMBERS
from krzew.calls.applications.check import Filled, file_fields, lacks, member_statements, statements
from krzew.calls.applications.files import MEGABYTE, most_in_application, most_in_file
from krzew.calls.forms.applications import AttachForm, MembersForm, StatementsForm
from krzew.calls.models import Application, Member
from krzew.calls.present import applications as present
from krzew.calls.queries import applications as queries
from krzew.calls.views.applications_base import download, found, late, page
from krzew.calls.views.base import actor_of, put_errors
from krzew.ui.components import Fact

FILES_PER_HOUR = 120


def _writable(request: HttpRequest, token: str) -> Application | None:
    application = found(request, token)
    return application if acts.is_writable(application) else None


def _onward(request: HttpRequest, application: Application, token: str, key: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    if "back" in request.POST:
        return redirect("calls:application", token=token)
    return redirect(present.neighbour(present.steps(queries.filled(application), token), key, token))


@public
@never_cache
def members(request: HttpRequest, token: str) -> HttpResponse:
    """Who belongs to the group or partnership."""
    application = found(request, token)
    if application.kind not in WITH_MEMBERS:
        return redirect("calls:application", token=token)
    if not acts.is_writable(application):
        return _members_late(request, application, token)
    filled = queries.filled(application)
    blank = 6 if "more" in request.POST else 2
    form = MembersForm(filled.others, request.POST or None, blank=blank)
    if request.method == "POST" and form.is_valid():
        try:
            people.set_members(actor_of(request), application, form.typed())
        except ValidationError as error:
            put_errors(form, error)
        else:
            return _members_saved(request, application, token)
    return _members_page(request, application, token, filled, form)


def _members_late(request: HttpRequest, application: Application, token: str) -> HttpResponse:
    form = MembersForm([], request.POST or None)
    if not form.is_valid():
        return redirect("calls:application", token=token)
    return late(request, application, token, [Fact(row.name, row.email) for row in form.typed()])


def _members_saved(request: HttpRequest, application: Application, token: str) -> HttpResponse:
    if "more" in request.POST or "stay" in request.POST:
        filled = queries.filled(application)
        blank = 6 if "more" in request.POST else 2
        return _members_page(request, application, token, filled, MembersForm(filled.others, blank=blank))
    return _onward(request, application, token, "people")


def _members_page(
    request: HttpRequest, application: Application, token: str, filled: Filled, form: MembersForm
) -> HttpResponse:
    who = filled.rules.applicants
    contact = next((member for member in filled.members if member.is_contact), None)
    context = {
        "form": form,
        "contact": contact,
        "least": who.group_least if filled.kind == "group" else 2,
        "most": who.group_most if filled.kind == "group" else None,
        "keyed": filled.keyed,
        "waiting": [m for m in filled.others if m.joined_at is None],
    }
    status = 422 if form.errors else 200
    template = "calls/applications_people.html"
    return page(request, application, token, template, filled=filled, key="people", status=status, **context)


@public
@require_POST
def invite(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Give a member her link: by e-mail, or to be passed on by hand."""
    application = found(request, token)
    member = get_object_or_404(application.members.filter(is_contact=False), pk=pk)
    address = request.build_absolute_uri(reverse("calls:member", args=["TOKEN"]))
    try:
        secret = people.invite_member(actor_of(request), application, member, address)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = {"name": member.name, "email": member.email, "link": address.replace("TOKEN", secret)}
        said = (
            _("The link is on its way to %(email)s. You may also pass it on yourself: %(link)s")
            if member.email
            else _("Pass this link on to %(name)s, for example in a text message: %(link)s")
        )
        messages.success(request, said % words)
    return redirect("calls:application_people", token=token)


@public
@never_cache
def attachments(request: HttpRequest, token: str) -> HttpResponse:
    """All files of the form, each question with its own."""
    application = _writable(request, token)
    if application is None:
        return redirect("calls:application", token=token)
    return _files_page(request, application, token)


def _files_page(
    request: HttpRequest, application: Application, token: str, wrong: dict[str, Any] | None = None
) -> HttpResponse:
    filled = queries.filled(application)
    groups = [
        {
            "field": field,
            "rows": filled.files.get(field.code, ()),
            "form": (wrong or {}).get(field.code) or AttachForm(field.code),
            "full": len(filled.files.get(field.code, ())) >= (field.most or 1),
            "missing": "check" in request.GET and field.required and not filled.files.get(field.code),
        }
        for field in file_fields(filled)
    ]
    context = {
        "groups": groups,
        "most_file": most_in_file() // MEGABYTE,
        "most_all": most_in_application() // MEGABYTE,
    }
    status, template = 422 if wrong else 200, "calls/applications_files.html"
    return page(request, application, token, template, filled=filled, key="files", status=status, **context)


@public
@require_POST
def attach(request: HttpRequest, token: str, code: str) -> HttpResponse:
    application = found(request, token)
    form = AttachForm(code, request.POST, request.FILES)
    if form.is_valid():
        try:
            _must_not_flood(request)
            row = files.attach(actor_of(request), application, field=code, upload=form.cleaned_data["file"])
        except ValidationError as error:
            form.add_error("file", error.messages)
        else:
            messages.success(request, _("Attached: %(name)s.") % {"name": row.name})
            return redirect("calls:application_files", token=token)
    if not acts.is_writable(application):
        return redirect("calls:application", token=token)
    return _files_page(request, application, token, {code: form})


def _must_not_flood(request: HttpRequest) -> None:
    if too_many(request, "attach", FILES_PER_HOUR):
        raise ValidationError(_("Many files came from this address in the last hour. Try again later."))


@public
@require_POST
def detach(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    application = found(request, token)
    row = get_object_or_404(application.attachments.filter(removed_at__isnull=True), pk=pk)
    try:
        files.remove_attachment(actor_of(request), application, row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Removed: %(name)s.") % {"name": row.name})
    return redirect("calls:application_files", token=token)


@public
@require_safe
@never_cache
def file(request: HttpRequest, token: str, pk: int) -> FileResponse:
    """The applicant takes back her own file."""
    return download(get_object_or_404(found(request, token).attachments, pk=pk))


@public
@never_cache
def statements_page(request: HttpRequest, token: str) -> HttpResponse:
    application = _writable(request, token)
    if application is None:
        return redirect("calls:application", token=token)
    filled = queries.filled(application)
    form = StatementsForm(statements(filled), _ticks(application), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.set_ticks(actor_of(request), application, form.codes())
            if filled.keyed:
                _tick_members(request, application, filled)
        except ValidationError as error:  # the call closed at this very moment
            messages.error(request, " ".join(error.messages))
            return redirect("calls:application", token=token)
        return _onward(request, application, token, "statements")
    missing = [one for one in lacks(filled) if one.step == "statements"] if "check" in request.GET else []
    context: dict[str, Any] = {
        "form": form,
        "keyed": filled.keyed,
        "missing": present.lack_links(missing, token),
        "each": bool(filled.others) and not filled.keyed and bool(member_statements(filled)),
    }
    return page(
        request,
        application,
        token,
        "calls/applications_statements.html",
        filled=filled,
        key="statements",
        **context,
    )


def _tick_members(request: HttpRequest, application: Application, filled: Filled) -> None:
    """What came on paper is signed by every member there; the team ticks it for all."""
    codes = set(request.POST)
    for member in filled.others:
        own = {one.code for one in member_statements(filled)} & codes
        people.set_ticks(actor_of(request), application, own, member=member)


def _ticks(application: Application, member: Member | None = None) -> dict[tuple[str, int], Any]:
    rows = application.ticks.filter(member=member).values_list("code", "version", "at")
    return {(code, version): at for code, version, at in rows}


@public
@never_cache
def member(request: HttpRequest, token: str) -> HttpResponse:
    """A member reads the application, makes her statements and joins, or says no."""
    row = queries.member_by_token(token)
    if row is None:
        raise Http404
    application = row.application
    filled = queries.filled(application)
    form = StatementsForm(member_statements(filled), _ticks(application, row), request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _member_said(request, row, form, token, filled)
    return _member_page(request, row, form, token, filled)


def _member_said(
    request: HttpRequest, row: Member, form: StatementsForm, token: str, filled: Filled
) -> HttpResponse:
    actor = actor_of(request)
    try:
        if "leave" in request.POST:
            people.leave(actor, row)
            messages.success(request, _("You are not a member. Your name and address are deleted."))
            return redirect("home")
        people.set_ticks(actor, row.application, form.codes(), member=row)
        people.join(actor, row)
    except ValidationError as error:
        put_errors(form, error)
        return _member_page(request, row, form, token, filled)
    messages.success(request, _("You are a member. The one who speaks for the group sends the application."))
    return redirect("calls:member", token=token)


def _member_page(
    request: HttpRequest, row: Member, form: StatementsForm, token: str, filled: Filled
) -> HttpResponse:
    application = row.application
    context = {
        "member": row,
        "application": application,
        "form": form,
        "token": token,
        "sections": present.draft_answers(filled),
        "open": acts.is_writable(application),
        "deadline": present.deadline(application),
    }
    return render(request, "calls/applications_member.html", context, status=422 if form.errors else 200)
