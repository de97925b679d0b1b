"""Work that takes longer than a page may."""

from __future__ import annotations

import logging

from django.core.files.base import ContentFile
from django_tasks import task

from krzew.accounts.actors import Actor
from krzew.diagnosis import queries
from krzew.diagnosis.acts import reports
from krzew.diagnosis.models import Report
from krzew.diagnosis.states import ReportState

log = logging.getLogger(__name__)


@task()
def make_report(report_id: int) -> None:
    """Make one report. Done twice it changes nothing; killed half-way it can be asked for again."""
    from krzew.diagnosis import report as printing  # heavy libraries, needed only in the worker

    report = Report.objects.select_related("diagnosis__place", "diagnosis__organisation").get(pk=report_id)
    if report.state == ReportState.DONE:
        return
    reports.begin_report(Actor.system(), report)
    try:
        result = queries.result_of(report.diagnosis)
        content = printing.build(report, result, lambda percent: reports.advance(report, percent))
        name = printing.file_name(result, report.language, report.format)
    except Exception as error:
        log.exception("report %s", report_id)
        reports.fail_report(Actor.system(), report, f"{type(error).__name__}: {error}")
    else:
        reports.finish_report(Actor.system(), report, ContentFile(content, name))
