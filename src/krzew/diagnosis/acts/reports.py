"""Printed forms of a diagnosis: asked for by a person, made by a task."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.diagnosis.models import Diagnosis, Report
from krzew.diagnosis.rules import see_report
from krzew.diagnosis.states import REPORT, ReportState, target
from krzew.timeline.acts import act, record

SILENCE = timedelta(minutes=3)
"""A running report that has not reported progress for so long was killed half-way."""


@act
def ask_for_report(actor: Actor, diagnosis: Diagnosis, *, language: str, format: str) -> Report:
    """Ask for a printed form. It is made in the background; the page shows how far it is."""
    report = Report(diagnosis=diagnosis, language=language, format=format, asked_by=actor.user)
    see_report.require(actor, report)
    report.save()
    data = {"report": report.pk, "language": language, "format": format}
    record(actor, "diagnosis.report_asked", diagnosis, new=report.state, data=data)
    _enqueue(report)
    return report


@act
def retry_report(actor: Actor, report: Report) -> Report:
    """Make a report again that failed or fell silent."""
    see_report.require(actor, report)
    if report.state == ReportState.DONE or (report.state != ReportState.FAILED and not is_silent(report)):
        return report
    old = report.state
    report.state, report.progress, report.error, report.heartbeat = ReportState.WAITING, 0, "", timezone.now()
    report.save(update_fields=["state", "progress", "error", "heartbeat"])
    record(
        actor,
        "diagnosis.report_retried",
        report.diagnosis,
        old=old,
        new=report.state,
        data={"report": report.pk},
    )
    _enqueue(report)
    return report


def is_silent(report: Report) -> bool:
    """The task that makes it no longer gives a sign of life."""
    waiting = report.state in (ReportState.RUNNING, ReportState.WAITING)
    return waiting and timezone.now() - report.heartbeat > SILENCE


def _enqueue(report: Report) -> None:
    from krzew.diagnosis.tasks import make_report  # the task imports these acts

    transaction.on_commit(lambda: make_report.enqueue(report.pk))


def advance(report: Report, progress: int) -> None:
    """Sign of life from the task. No event: progress is not history."""
    Report.objects.filter(pk=report.pk).update(progress=progress, heartbeat=timezone.now())


@act
def begin_report(actor: Actor, report: Report) -> None:
    report.state, report.heartbeat = target(REPORT, "start", report.state), timezone.now()
    report.save(update_fields=["state", "heartbeat"])


@act
def finish_report(actor: Actor, report: Report, content: File[bytes]) -> None:
    old, report.state = report.state, target(REPORT, "finish", report.state)
    report.progress, report.heartbeat = 100, timezone.now()
    report.file.save(content.name or "report", content, save=True)
    record(
        actor,
        "diagnosis.report_made",
        report.diagnosis,
        old=old,
        new=report.state,
        data={"report": report.pk},
    )


@act
def fail_report(actor: Actor, report: Report, error: str) -> None:
    old, report.state = report.state, target(REPORT, "fail", report.state)
    report.error = error
    report.save(update_fields=["state", "error"])
    record(
        actor,
        "diagnosis.report_failed",
        report.diagnosis,
        old=old,
        new=report.state,
        data={"report": report.pk},
    )
