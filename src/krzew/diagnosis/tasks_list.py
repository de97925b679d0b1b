"""What is done in a diagnosis, what comes next, and who is waited for."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.accounts.actors import Actor
from krzew.diagnosis.models import Diagnosis
from krzew.diagnosis.present import sector_names, url
from krzew.diagnosis.result import Result
from krzew.diagnosis.states import ReportState
from krzew.ui.components import Task

CLOSE = 3
"""Questions of so many leading solutions are worth asking first."""


def task_list(diagnosis: Diagnosis, result: Result) -> list[Task]:
    """The way from opening to the report, in order; of a signed diagnosis only its end."""
    end = [_decision(diagnosis), _signature(diagnosis), _report(diagnosis)]
    if not diagnosis.is_open:
        return end if diagnosis.is_signed else []
    return [
        _voices(diagnosis, result),
        _figures(diagnosis, result),
        _questions(diagnosis, result),
        *end,
    ]


def as_told(tasks: list[Task], actor: Actor, diagnosis: Diagnosis) -> list[Task]:
    """The same list for everybody: pages of the work are linked only for those who may open them."""
    if actor.acts_for(diagnosis.organisation_id):
        return tasks
    inner = (url("report", diagnosis), url("voices", diagnosis))
    return [replace(task, url="") if task.url in inner else task for task in tasks]


def next_step(tasks: list[Task]) -> Task | None:
    """The first step that is neither done nor blocked and leads to a page."""
    return next((t for t in tasks if t.url and t.state in ("todo", "doing")), None)


def _voices(diagnosis: Diagnosis, result: Result) -> Task:
    voices = result.voices
    label, address = _("Hear people"), url("voices", diagnosis)
    if not voices.meetings:
        return Task(label, address, "todo", _("No meeting yet."), who=_("residents and institutions"))
    count = ngettext("%(n)d meeting", "%(n)d meetings", voices.meetings) % {"n": voices.meetings}
    if voices.unsorted:
        waiting = _("%(count)s; statements to be assigned to a problem: %(n)d") % {
            "count": count,
            "n": voices.unsorted,
        }
        return Task(label, address, "doing", waiting)
    note = _("%(count)s; not heard: %(sectors)s") % {"count": count, "sectors": sector_names(voices.missing)}
    return Task(label, address, "done", note if voices.missing else count)


def _figures(diagnosis: Diagnosis, result: Result) -> Task:
    entered = sum(1 for n in result.needs for e in n.evidence if e.flag == "local")
    silent = len(result.unknown_needs)
    note = ngettext("%(n)d figure entered.", "%(n)d figures entered.", entered) % {"n": entered}
    if silent:
        note += " " + ngettext("%(n)d problem without data.", "%(n)d problems without data.", silent) % {
            "n": silent
        }
    state = "done" if entered else "todo"
    return Task(
        _("Enter local figures"),
        url("figures", diagnosis),
        state,
        note,
        who="OPS, PCPR, PUP" if silent else "",
    )


def _questions(diagnosis: Diagnosis, result: Result) -> Task:
    leading = {fact for s in result.ranked[:CLOSE] for fact in s.questions}
    asked = [q for q in result.questions if q.fact in leading]
    label, address = (
        _("Answer the questions of the leading solutions"),
        url("solutions", diagnosis) + "#questions",
    )
    if not asked:
        return Task(label, address, "done", _("Nothing is open among the first three."))
    note = ngettext("%(n)d question is open.", "%(n)d questions are open.", len(asked)) % {"n": len(asked)}
    return Task(label, address, "todo", note, who=str(asked[0].who))


def _decision(diagnosis: Diagnosis) -> Task:
    decided = getattr(diagnosis, "decision", None)
    note = _("Departs from the ranking, with a reason.") if decided and decided.departs else ""
    state = "done" if decided else "todo"
    return Task(
        _("Choose a solution"), url("decision", diagnosis), state, note, who="" if decided else _("adviser")
    )


def _signature(diagnosis: Diagnosis) -> Task:
    label = _("Sign, so that data and result stay as they are")
    if diagnosis.is_signed:
        return Task(
            label, "", "done", _("Signed by %(who)s.") % {"who": diagnosis.signed_by or _("nobody known")}
        )
    if getattr(diagnosis, "decision", None):
        return Task(label, url("sign", diagnosis), "todo", who=_("adviser"))
    return Task(label, "", "blocked", _("Possible when a solution has been chosen."))


def _report(diagnosis: Diagnosis) -> Task:
    states = {report.state for report in diagnosis.reports.all()}
    if ReportState.DONE in states:
        return Task(_("Report to print"), url("report", diagnosis), "done")
    state = "doing" if states & {ReportState.WAITING, ReportState.RUNNING} else "todo"
    note = "" if diagnosis.is_signed else _("Before the signature it is marked as a draft.")
    return Task(_("Report to print"), url("report", diagnosis), state, note)
