"""The decision: the list with proposals, one application, the letters, the release, the protocol."""

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
from django.views.decorators.http import require_POST, require_safe

from krzew.accounts.access import public
from krzew.calls import decisions_protocol, jobs
from krzew.calls.acts import decisions as acts
from krzew.calls.acts import decisions_release as releasing
from krzew.calls.acts.steps import Conflict
from krzew.calls.decisions_rules import Proposal, deciding_body
from krzew.calls.decisions_words import feedback, letter
from krzew.calls.definition.selection import DecisionStage
from krzew.calls.forms.decisions import DecisionForm
from krzew.calls.models import Application, Call, Decision
from krzew.calls.present import decisions as present
from krzew.calls.present.council import fact as council_fact
from krzew.calls.present.formal import call_crumbs
from krzew.calls.present.jobs import progress
from krzew.calls.present.vote import fact as vote_fact
from krzew.calls.queries import decisions as queries
from krzew.calls.queries.council import council_stage, last_advice
from krzew.calls.queries.formal import application as application_of
from krzew.calls.queries.programmes import call as seen_call
from krzew.calls.queries.selection import call_of_team, ranking
from krzew.calls.rules import judge
from krzew.calls.selection_lists import ranking_stage
from krzew.calls.states import Outcome
from krzew.calls.views.base import actor_of, again, put_errors
from krzew.calls.views.jobs import label
from krzew.timeline.jobs import begin
from krzew.ui.components import Crumb, Fact
from krzew.ui.formats import money
from krzew.ui.pdf import pdf_answer

SHOWN = 50


def _call(request: HttpRequest, slug: str) -> Call:
    call = call_of_team(actor_of(request), slug)
    if call is None:
        raise Http404
    return call


def _crumbs(call: Call, *more: Crumb) -> list[Crumb]:
    here = Crumb(_("Decision"), reverse("calls:decisions", args=[call.slug]))
    return call_crumbs(call, here, *more)


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Every application that waits for the decision, what is proposed, and what is decided."""
    call = _call(request, slug)
    rows = queries.candidates(call)
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    ground = queries.basis(call)
    done, granted = queries.decided_total(call)
    pool = call.pool if call.pool is not None else call.rules.grant.pool
    context = {
        "call": call,
        "body": deciding_body(call),
        "crumbs": _crumbs(call),
        "table": present.listing(call, page, ground, queries.current(call, page)),
        "page": page,
        "waiting": page.paginator.count - done,
        "done": done,
        "granted": money(granted),
        "pool": money(pool) if pool is not None else "",
        "ground": ground,
        "not_ready": releasing.not_ready(call),
        "has_ranking": ranking_stage(call) is not None,
        "earlier": queries.rejected_before(call).count(),
    }
    return render(request, "calls/decisions.html", context)


@require_POST
def as_proposed(request: HttpRequest, slug: str) -> HttpResponse:
    call = _call(request, slug)
    try:
        count = acts.decide_as_proposed(actor_of(request), call)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = ngettext("%(count)d decided as proposed.", "%(count)d decided as proposed.", count)
        messages.success(request, text % {"count": count})
    return redirect("calls:decisions", slug=slug)


def one(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One application: points, what is proposed, the decision with its reason, and what the applicant reads."""
    call = _call(request, slug)
    row = application_of(actor_of(request), call, number)
    if row is None:
        raise Http404
    row.call = call
    ground = queries.basis(call)
    last = queries.current(call, [row]).get(row.pk)
    form = DecisionForm(request.POST or None, initial=_first(call, row, ground, last))
    theirs: Decision | None = None
    if request.method == "POST" and form.is_valid():
        try:
            acts.decide(
                actor_of(request), row, **{**form.cleaned_data, "seen": form.cleaned_data["seen"] or 0}
            )
        except Conflict as conflict:
            theirs = conflict.now  # type: ignore[assignment]
            again(form, seen=conflict.now.pk)
            form.add_error(None, _("Somebody else has decided in the meantime. Compare both and save again."))
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The decision is kept. Nobody outside sees it before the release."))
            return redirect("calls:decisions", slug=slug)
    return _page(request, call, row, form, ground, theirs)


def _first(call: Call, row: Application, ground: queries.Basis, last: Decision | None) -> dict[str, Any]:
    if last is not None:
        names = ("outcome", "amount", "reason", "feedback")
        return {name: getattr(last, name) for name in names} | {"seen": last.pk}
    proposal = ground.proposals.get(row.pk, Proposal())
    text = feedback(call, row, ground.rows.get(row.pk, {}), proposal.outcome)
    return {"outcome": proposal.outcome, "amount": proposal.amount, "feedback": text, "seen": 0}


def _page(
    request: HttpRequest,
    call: Call,
    row: Application,
    form: DecisionForm,
    ground: queries.Basis,
    theirs: Decision | None,
) -> HttpResponse:
    context = {
        "call": call,
        "row": row,
        "form": form,
        "crumbs": _crumbs(call, Crumb(row.label)),
        "facts": [*present.facts(call, row, ground), *vote_fact(call, row), *_council(call, row)],
        "theirs": theirs,
        "closed": "" if (may := judge.check(actor_of(request), row)) else may.reason,
        "open": call.results_released_at is None and queries.candidates(call).filter(pk=row.pk).exists(),
        "earlier": row.decisions.select_related("by")[:10],
    }
    status = 409 if theirs else 422 if form.errors else 200
    return render(request, "calls/decision.html", context, status=status)


def _council(call: Call, row: Application) -> list[Fact]:
    """What the council recommends, where the rules know one."""
    if council_stage(call) is None:
        return []
    last = last_advice([row]).get(row.pk)
    return [council_fact(last) if last else Fact(_("The council recommends"), _("nothing yet"))]


def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """Every letter as it will leave."""
    call = _call(request, slug)
    rows = list(queries.candidates(call))
    done = queries.current(call, rows)
    pairs = [(row, done[row.pk]) for row in rows if row.pk in done]
    pairs += [(d.application, d) for d in queries.rejected_before(call) if d.stage not in _formal_codes(call)]
    page = Paginator(sorted(pairs, key=lambda p: p[0].number or 0), SHOWN).get_page(request.GET.get("page"))
    context = {
        "call": call,
        "crumbs": _crumbs(call, Crumb(_("Letters"))),
        "page": page,
        "letters": [_letter(call, row, decision) for row, decision in page],
        "not_ready": releasing.not_ready(call),
        "count": len(pairs),
        "progress": progress(call, jobs.RELEASE, label(jobs.RELEASE)),
    }
    return render(request, "calls/decisions_letters.html", context)


def _formal_codes(call: Call) -> set[str]:
    return {s.code for s in call.rules.of_kind("formal")}


def _letter(call: Call, row: Application, decision: Decision) -> dict[str, Any]:
    row.call = call
    subject, body = letter(call, row, decision)
    return {
        "subject": subject,
        "body": body,
        "to": row.email,
        "row": row,
        "tag": present.outcome_tag(decision.outcome),
    }


@require_POST
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """Announce the results: everything at once."""
    call = _call(request, slug)
    try:
        if queries.candidates(call).count() >= jobs.SMALL:
            begin(actor_of(request), jobs.RELEASE, call)
            return redirect("calls:decisions_letters", slug=slug)
        count = releasing.release_results(actor_of(request), call)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("calls:decisions_letters", slug=slug)
    messages.success(request, jobs.released(count))
    return redirect("calls:after", slug=slug)


@require_safe
def protocol(request: HttpRequest, slug: str) -> HttpResponse:
    """The protocol as an accessible PDF."""
    call = _call(request, slug)
    made = decisions_protocol.pdf(decisions_protocol.document(call))
    return pdf_answer(made, f"{call.slug}-protokol.pdf")


@public
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """The public results, with the columns that the rules of the call name. Nothing before the release."""
    call = seen_call(actor_of(request), slug)
    if call is None or call.results_released_at is None:
        raise Http404
    stage = next((s for s in call.rules.stages if isinstance(s, DecisionStage)), None)
    publish = stage.publish if stage else ("number", "title", "result")
    page = Paginator(queries.announced(call), 100).get_page(request.GET.get("page"))
    made = ranking(call)
    kept = made.content["rows"] if made else {}
    context = {
        "call": call,
        "crumbs": call_crumbs(call, Crumb(_("Results"))),
        "table": present.results(call, publish, page, kept),
        "page": page,
        "granted": queries.announced(call).filter(outcome=Outcome.GRANTED).count(),
    }
    return render(request, "calls/results.html", context)
