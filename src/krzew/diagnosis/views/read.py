"""Pages that show a diagnosis."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from krzew.accounts.access import public
from krzew.diagnosis import compare, forms, matching, present, queries, tasks_list
from krzew.diagnosis import present_solutions as shown
from krzew.diagnosis.acts import reports
from krzew.diagnosis.models import Diagnosis, FactAnswer, Report
from krzew.diagnosis.result import Question, Result
from krzew.diagnosis.rules import open_diagnosis, see_report
from krzew.diagnosis.states import ReportState
from krzew.diagnosis.views.base import actor_of, found, page, result_or_problem
from krzew.library import catalogue
from krzew.network.present import meeting_table, tally_rows
from krzew.network.queries import heard, listed, meetings_about
from krzew.network.rules import see_meeting
from krzew.places.names import place_line, short_name
from krzew.places.queries import get_unit
from krzew.timeline.queries import history as events
from krzew.ui.components import Progress

SHOWN = 10
"""Solutions on the page before somebody asks for all of them."""
ASKED = 3
"""Questions on the page before somebody unfolds the rest; a diagnosis that is closed asks none."""


@public
def listing(request: HttpRequest) -> HttpResponse:
    """Diagnoses of the acting organisation, and those that others publish."""
    if request.GET.get("place") or request.GET.get("place_text"):
        return _to_place(request)
    actor = actor_of(request)
    rows = Paginator(queries.listed(actor), 50).get_page(request.GET.get("page"))
    context = {
        "table": present.listing(rows),
        "page": rows,
        "may_open": open_diagnosis.allows(actor),
        "error": "",
    }
    return render(request, "diagnosis/list.html", context)


def _to_place(request: HttpRequest) -> HttpResponse:
    """Somebody typed a name: on to the page where a diagnosis is opened, or what to type instead."""
    form = forms.PlaceForm(request.GET)
    if form.is_valid():
        return redirect("diagnosis:open", code=form.cleaned_data["place"].code)
    actor = actor_of(request)
    rows = Paginator(queries.listed(actor), 50).get_page(1)
    context = {"table": present.listing(rows), "page": rows, "may_open": open_diagnosis.allows(actor)}
    context |= {"error": form.errors["place"][0], "typed": form["place"].value()}
    context["offered"] = form.fields["place"].widget.offered
    return render(request, "diagnosis/list.html", context, status=422)


def _missing(request: HttpRequest, diagnosis: Diagnosis, tab: str, problem: str) -> HttpResponse:
    return page(request, "diagnosis/problem.html", diagnosis, tab, {"problem": problem}, status=422)


@public
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = found(request, pk)
    result, problem = result_or_problem(diagnosis)
    if result is None:
        return _missing(request, diagnosis, "detail", problem)
    tasks = tasks_list.as_told(tasks_list.task_list(diagnosis, result), actor_of(request), diagnosis)
    context = {
        "result": result,
        "tasks": tasks,
        "next": tasks_list.next_step(tasks),
        "leading": shown.cards(result.ranked[:3]),
        "needs": present.need_intervals(result, lambda n: present.url("need", diagnosis, n.code))[:5],
        "chosen": present.names_of(result, result.decision.slugs) if result.decision else [],
    }
    return page(request, "diagnosis/detail.html", diagnosis, "detail", context)


@public
def needs(request: HttpRequest, pk: int) -> HttpResponse:
    return needs_page(request, found(request, pk))


def needs_page(request: HttpRequest, diagnosis: Diagnosis, form: Any = None) -> HttpResponse:
    result, problem = result_or_problem(diagnosis)
    if result is None:
        return _missing(request, diagnosis, "needs", problem)

    def address(need: Any) -> str:
        return present.url("need", diagnosis, need.code)

    context = {
        "result": result,
        "intervals": present.need_intervals(result, address),
        "sides": present.side_by_side(result, address),
        "unknown": present.unknown_table(result),
        "group": present.group_table(result),
        "disagreements": [(n, present.disagreement(n)) for n in result.disagreements],
        "form": form or forms.NeighbourForm(diagnosis=diagnosis),
        "choices": diagnosis.neighbour_choices.all() if diagnosis.is_open else [],
    }
    return page(request, "diagnosis/needs.html", diagnosis, "needs", context, 422 if form else 200)


@public
def need(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    diagnosis = found(request, pk)
    result, problem = result_or_problem(diagnosis)
    if result is None:
        return _missing(request, diagnosis, "needs", problem)
    row = next((n for n in result.needs if n.code == code), None)
    if row is None:
        raise Http404
    context = {
        "result": result,
        "need": row,
        "evidence": present.evidence_table(row),
        "sectors": present.sector_names(row.said.sectors) if row.said else "",
        "disagreement": present.disagreement(row) if row.disagreement else "",
        "answering": [s for s in result.ranked if any(x.need == code for x in s.serves)][:8],
    }
    return page(request, "diagnosis/need.html", diagnosis, "needs", context)


def voices(request: HttpRequest, pk: int) -> HttpResponse:
    return voices_page(request, _inside(request, pk))


def _inside(request: HttpRequest, pk: int) -> Diagnosis:
    """Work pages belong to the organisation that makes the diagnosis."""
    diagnosis = found(request, pk)
    if not actor_of(request).acts_for(diagnosis.organisation_id):
        raise Http404
    return diagnosis


def voices_page(request: HttpRequest, diagnosis: Diagnosis, form: Any = None) -> HttpResponse:
    since, until = diagnosis.meetings_since, diagnosis.meetings_until
    seen = see_meeting.filter(
        actor_of(request), meetings_about(diagnosis.organisation_id, diagnosis.place_id, since, until)
    )
    said = heard(seen)
    context = {
        "place": diagnosis.place,
        "heard": said,
        "meetings": meeting_table(listed(seen)),
        "needs": tally_rows(said),
        "missing_names": present.sector_names(said.missing),
        "form": form or forms.MeetingsForm(diagnosis=diagnosis),
    }
    return page(request, "diagnosis/voices.html", diagnosis, "voices", context, 422 if form else 200)


@public
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    return figures_page(request, found(request, pk))


def figures_page(request: HttpRequest, diagnosis: Diagnosis, form: Any = None) -> HttpResponse:
    wanted = {"indicator": request.GET.get("indicator", "")}
    result, _problem = result_or_problem(diagnosis)
    context = {
        "rows": present.local_rows(diagnosis),
        "form": form or forms.FigureForm(diagnosis=diagnosis, initial=wanted),
        "unknown": present.unknown_table(result) if result else None,
    }
    return page(request, "diagnosis/figures.html", diagnosis, "figures", context, 422 if form else 200)


@public
def solutions(request: HttpRequest, pk: int) -> HttpResponse:
    return solutions_page(request, found(request, pk))


def solutions_page(
    request: HttpRequest, diagnosis: Diagnosis, weights: Any = None, answer: Any = None
) -> HttpResponse:
    result, problem = result_or_problem(diagnosis)
    if result is None:
        weights = weights or forms.WeightsForm(diagnosis=diagnosis)
        context = {"problem": problem, "weights": weights}
        return page(request, "diagnosis/problem.html", diagnosis, "solutions", context, status=422)
    kind, door = request.GET.get("kind", ""), request.GET.get("door", "")
    rows = shown.chosen(result, kind if kind in shown.KINDS else "", door if door in shown.DOORS else "")
    shown_rows = rows if request.GET.get("all") else rows[:SHOWN]
    context = {
        "result": result,
        "more": len(rows) - len(shown_rows),
        "kind": kind,
        "door": door,
        "kinds": shown.KINDS.items(),
        "doors": shown.DOORS.items(),
        "figure": shown.quadrant(rows, result, _taken(result)),
        "cards": shown.cards(shown_rows),
        "excluded": shown.excluded(result),
        "sides": shown.side_by_side(rows[:4]) if len(rows) > 1 else None,
        "compare_url": shown.compare_address(rows[:4]),
        "criteria": shown.criteria_table(result),
        "weights": weights or forms.WeightsForm(diagnosis=diagnosis),
        "open_weights": weights is not None,
        "every_question": request.GET.get("questions") == "all",
    }
    context |= _sorted_questions(question_rows(diagnosis, result, answer), diagnosis.is_open)
    status = 422 if weights or answer else 200
    return page(request, "diagnosis/solutions.html", diagnosis, "solutions", context, status)


def _taken(result: Result) -> tuple[str, ...]:
    return result.decision.slugs if result.decision else ()


def _sorted_questions(asked: list[dict[str, Any]], is_open: bool) -> dict[str, Any]:
    """What to ask now, and what is folded: the rest of the leading ones, what is answered, other solutions."""
    leading = [q for q in asked if q["open"] or (q["leading"] and not q["answer"])]
    first = ASKED if is_open else 0
    return {
        "questions": [q for n, q in enumerate(leading) if n < first or q["open"]],
        "next": [q for n, q in enumerate(leading) if n >= first and not q["open"]],
        "answered": [q for q in asked if q["answer"] and not q["open"]],
        "later": [q for q in asked if not (q["leading"] or q["answer"] or q["open"])],
    }


def question_rows(diagnosis: Diagnosis, result: Result, bound: Any = None) -> list[dict[str, Any]]:
    """Questions with their forms: those of the leading solutions first, then those already answered."""
    leading = {fact for s in result.ranked[:3] for fact in s.questions}
    given = {a.fact: a for a in diagnosis.answers.all()}
    asked = sorted(result.questions, key=lambda q: (q.fact not in leading, -q.conditions))
    known = {q.fact for q in asked}
    facts = catalogue.facts()
    asked += [matching.question(facts[fact]) for fact in given if fact in facts and fact not in known]
    return [_question_row(diagnosis, q, given.get(q.fact), bound, q.fact in leading) for q in asked]


def _question_row(
    diagnosis: Diagnosis, question: Question, answer: FactAnswer | None, bound: Any, leading: bool
) -> dict[str, Any]:
    mine = bound is not None and bound.data.get("fact") == question.fact
    form = bound if mine else _answer_form(diagnosis, question.fact, answer)
    return {"question": question, "leading": leading, "answer": answer, "form": form, "open": mine}


def _answer_form(diagnosis: Diagnosis, fact: str, answer: FactAnswer | None) -> forms.AnswerForm:
    given = _given(answer, fact)
    return forms.AnswerForm(diagnosis=diagnosis, facts=catalogue.facts(), initial=given, auto_id=f"{fact}_%s")


def _given(answer: FactAnswer | None, fact: str) -> dict[str, Any]:
    if answer is None:
        return {"fact": fact}
    return {name: getattr(answer, name) for name in ("fact", "answer", "number", "who", "source", "date")}


@public
def solution(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    diagnosis = found(request, pk)
    result, problem = result_or_problem(diagnosis)
    if result is None:
        return _missing(request, diagnosis, "solutions", problem)
    row = result.solution(slug)
    if row is None:
        raise Http404
    context = {
        "result": result,
        "solution": row,
        "acceptability": shown.acceptability(row),
        "quadrant": shown.tag(row),
        "parts": shown.parts_table(row, result),
        "feasibility": shown.feasibility_table(row, result),
        "conditions": shown.conditions_table(row.conditions),
    }
    return page(request, "diagnosis/solution.html", diagnosis, "solutions", context)


@public
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    return decision_page(request, found(request, pk))


def decision_page(request: HttpRequest, diagnosis: Diagnosis, form: Any = None) -> HttpResponse:
    result, problem = result_or_problem(diagnosis)
    if result is None:
        return _missing(request, diagnosis, "decision", problem)
    form = form or forms.DecisionForm(diagnosis=diagnosis, allowed=[s.version_id for s in result.ranked])
    picked = {str(getattr(v, "pk", v)) for v in form["versions"].value() or []}
    options = [(card, str(card["solution"].version_id) in picked) for card in shown.cards(result.ranked)]
    context = {
        "result": result,
        "form": form,
        "leading": [row for n, row in enumerate(options) if n < 6 or row[1]],
        "others": [row for n, row in enumerate(options) if n >= 6 and not row[1]],
        "decision": getattr(diagnosis, "decision", None),
        "chosen": present.names_of(result, result.decision.slugs) if result.decision else [],
    }
    return page(
        request, "diagnosis/decision.html", diagnosis, "decision", context, 422 if form.errors else 200
    )


def report(request: HttpRequest, pk: int) -> HttpResponse:
    return report_page(request, _inside(request, pk))


def report_page(request: HttpRequest, diagnosis: Diagnosis, form: Any = None) -> HttpResponse:
    rows = list(queries.reports(actor_of(request), diagnosis))
    context = {
        "rows": [_report_row(diagnosis, row) for row in rows],
        "form": form or forms.ReportForm(initial={"language": "pl", "format": "pdf"}),
    }
    return page(request, "diagnosis/report.html", diagnosis, "report", context, 422 if form else 200)


def _report_row(diagnosis: Diagnosis, row: Report) -> tuple[Report, Progress, bool]:
    return row, _progress(diagnosis, row), reports.is_silent(row)


def _progress(diagnosis: Diagnosis, report: Report) -> Progress:
    running = report.state in (ReportState.WAITING, ReportState.RUNNING) and not reports.is_silent(report)
    state = "running" if running else "done" if report.state == ReportState.DONE else "failed"
    text = _("This usually takes less than a minute. You may leave this page; the report will wait here.")
    address = reverse("diagnosis:report_progress", args=[diagnosis.pk, report.pk])
    return Progress(_("Making the report"), report.progress, 100, text=text, state=state, poll_url=address)


def report_progress(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    """How far one report is; the page of reports asks for this piece again until the report is there."""
    diagnosis = _inside(request, pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("diagnosis:report", pk)
    row, progress, silent = _report_row(
        diagnosis, get_object_or_404(queries.reports(actor_of(request), diagnosis), pk=report_pk)
    )
    context = {"diagnosis": diagnosis, "row": row, "progress": progress, "silent": silent, "fresh": True}
    return render(request, "diagnosis/_report.html", context)


def report_file(request: HttpRequest, pk: int, report_pk: int) -> FileResponse:
    rows = see_report.filter(actor_of(request), Report.objects.filter(diagnosis=pk, state=ReportState.DONE))
    row = get_object_or_404(rows, pk=report_pk)
    name = str(row.file.name).rsplit("/", 1)[-1]
    return FileResponse(row.file.open("rb"), as_attachment=True, filename=name)


def history(request: HttpRequest, pk: int) -> HttpResponse:
    diagnosis = _inside(request, pk)
    context = {"moments": present.moments(events(diagnosis))}
    return page(request, "diagnosis/history.html", diagnosis, "history", context)


@public
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """This diagnosis beside the one before it."""
    diagnosis = found(request, pk)
    earlier = diagnosis.previous and queries.diagnosis(actor_of(request), diagnosis.previous.pk).first()
    if not earlier:
        raise Http404
    before, after = queries.result_of(earlier), queries.result_of(diagnosis)
    changes = compare.compare(before, after)
    context = {
        "earlier": earlier,
        "changes": changes,
        "table": present.changes_table(changes),
        "chosen": present.names_of(before, changes.chosen_before),
    }
    return page(request, "diagnosis/compare.html", diagnosis, "", context)


def opening(request: HttpRequest, code: str) -> HttpResponse:
    """Before a diagnosis is opened: which place, and what exists already."""
    unit = get_unit(code)
    if unit is None or not unit.is_gmina:
        raise Http404
    actor = actor_of(request)
    existing = list(queries.listed(actor).filter(place=code))
    context = {
        "place": unit,
        "title": short_name(unit),
        "where": place_line(unit),
        "verdict": open_diagnosis.check(actor, None),
        "existing": existing,
        "table": present.listing(existing),
    }
    return render(request, "diagnosis/open.html", context)
