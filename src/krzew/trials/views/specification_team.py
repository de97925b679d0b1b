"""The specification for the team and the mentor: read along, remark, decide at the gate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from krzew.calls.definition.testing import SpecificationStage
from krzew.timeline.transitions import WrongState
from krzew.trials.acts import specification as acts
from krzew.trials.forms.specification import GateForm, RemarkForm
from krzew.trials.models import SpecificationVersion
from krzew.trials.present import specification as present
from krzew.trials.queries import specification as queries
from krzew.trials.rules import manage_innovation
from krzew.trials.states import VersionState
from krzew.trials.views.base import actor_of, of_team, put_errors
from krzew.trials.views.specification import stage_or_404
from krzew.trials.views.specification_read import Side, changes_page, copy_file, version_page
from krzew.trials.written.changes import changes as differences
from krzew.trials.written.questions import asked_fields


@never_cache
def page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """What is written now, question by question, with remarks."""
    side = Side(of_team(request, pk))
    stage = stage_or_404(side.innovation, code)
    form = RemarkForm(asked_fields(stage), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.remark(actor_of(request), side.innovation, stage, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Your remark stands beside the question."))
            return redirect("trials:team_specification", pk=pk, code=code)
    return _page(request, side, stage, form)


def _page(request: HttpRequest, side: Side, stage: SpecificationStage, form: RemarkForm) -> HttpResponse:
    innovation = side.innovation
    standing = queries.standing(innovation, stage)
    row = queries.specification(innovation)
    whole = queries.document(innovation, stage, row)
    remarks = queries.remarks(innovation, all_of_them=True)
    manages = bool(manage_innovation.allows(actor_of(request), innovation))
    last = standing.last
    context: dict[str, Any] = side.context(str(stage.label)) | {
        "stage": stage,
        "standing": standing,
        "title": str(stage.label),
        "tags": [present.tag(standing.state)],
        "waits_for": _waits_for(standing),
        "rows": present.written(whole, asked_fields(stage), remarks),
        "verdict": present.verdict(innovation, getattr(last, "gate", None), stage.criteria),
        "versions": present.versions(innovation.specifications.all(), side.labels, side.address),
        "decide_url": side.address("decide", last.number) if manages and standing.waits and last else "",
        "changes_url": side.address("changes") if innovation.specifications.all() else "",
        "changed_at": row.changed_at if row.revision else None,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "trials/specification_team.html", context, status=status)


def _waits_for(standing: queries.Standing) -> str:
    if not standing.runs:
        return _("Nobody: this innovation has ended.")
    if standing.waits:
        return _("It waits for: %(body)s.") % {"body": standing.stage.decided_by}
    if standing.state == VersionState.ACCEPTED:
        return _("Accepted; nothing more is written for this gate.")
    if standing.state == VersionState.REJECTED:
        return _("Not accepted. Write to the innovator, and end the agreement if the way ends here.")
    return _("The innovator writes; you may read along and make remarks.")


def decide(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Note what the body decided about a version that waits."""
    side, actor = Side(of_team(request, pk)), actor_of(request)
    manage_innovation.require(actor, side.innovation)
    version = queries.version(side.innovation, number)
    if version is None:
        raise Http404
    stage = stage_or_404(side.innovation, version.stage)
    if version.state != VersionState.SENT:
        messages.info(request, _("This version is decided already."))
        return redirect(side.address("version", number))
    form = GateForm(stage, request.POST or None)
    answer = _decided(request, side, version, form) if request.method == "POST" and form.is_valid() else None
    return answer or _decide_page(request, side, version, stage, form)


def _decided(
    request: HttpRequest, side: Side, version: SpecificationVersion, form: GateForm
) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        acts.decide(
            actor_of(request),
            version,
            outcome=data["outcome"],
            criteria=form.said(),
            reason=data["reason"],
        )
    except ValidationError as error:
        put_errors(form, error)
        return None
    except WrongState:
        messages.info(request, _("Somebody else has noted a decision meanwhile."))
    else:
        messages.success(
            request, _("Noted. The innovator sees it at once; a letter is held for you to release.")
        )
    return redirect(side.address("version", version.number))


def _decide_page(
    request: HttpRequest, side: Side, version: SpecificationVersion, stage: SpecificationStage, form: GateForm
) -> HttpResponse:
    before = queries.last_decided(side.innovation)
    title = _("Decision of the gate")
    context = side.context(title, *side.gate_crumb(version)) | {
        "title": title,
        "stage": stage,
        "version": version,
        "facts": present.answers(version),
        "before": before,
        "changed": [c.label for c in differences(before.content, version.content)] if before else [],
        "changes_url": side.address("changes"),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "trials/specification_decide.html", context, status=status)


@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return version_page(request, Side(of_team(request, pk)), number)


@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    return changes_page(request, Side(of_team(request, pk)))


@require_safe
def copy(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return copy_file(Side(of_team(request, pk)), number)
