"""What the pages of an application share: finding it, the frame of a step, what is sent as a file."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from krzew.calls.applications.check import Filled
from krzew.calls.applications.files import MIME
from krzew.calls.applications.printing import pdf
from krzew.calls.models import Application
from krzew.calls.present import applications as present
from krzew.calls.queries import applications as queries
from krzew.calls.views.base import actor_of
from krzew.ui.components import Fact
from krzew.ui.pdf import pdf_answer


def found(request: HttpRequest, token: str) -> Application:
    application = queries.by_token(actor_of(request), token)
    if application is None:
        raise Http404
    return application


def page(
    request: HttpRequest,
    application: Application,
    token: str,
    template: str,
    *,
    filled: Filled,
    key: str,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page of the form, with the list of steps and the time that is left beside it."""
    rows = present.steps(filled, token)
    ready = all(step.state == "done" for step in rows)
    tasks = present.tasks(rows, token, ready=ready)
    return render(
        request,
        template,
        {
            "application": application,
            "token": token,
            "steps": rows,
            "here": key,
            "tasks": tasks,
            "onward": next((task for task in tasks if task.state != "done"), None),
            "position": present.position(rows, key),
            "next_url": present.neighbour(rows, key, token),
            "deadline": present.deadline(application),
            **context,
        },
        status=status,
    )


def late(request: HttpRequest, application: Application, token: str, typed: list[Fact]) -> HttpResponse:
    """What came after the closing is refused, and shown once more to be copied."""
    context = {"application": application, "token": token, "typed": typed}
    return render(request, "calls/applications_late.html", context, status=422)


def download(attachment: Any) -> FileResponse:
    """Give a stranger's file only as something to save: never shown, never guessed at, never run."""
    answer = FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=MIME.get(attachment.kind, "application/octet-stream"),
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def printed(application: Application, version: Any) -> HttpResponse:
    """The copy of one version as PDF, in the language of the application."""
    with override(application.language):
        content = pdf(application, version)
    name = f"{application.call.slug}-{application.number or 'x'}-v{version.number}.pdf"
    return pdf_answer(content, name)
