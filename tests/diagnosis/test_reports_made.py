"""Reports as tasks: made once, shown while they are made, asked for again when the task was killed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.diagnosis.acts import reports
from krzew.diagnosis.models import Diagnosis, Report
from krzew.diagnosis.states import ReportState
from krzew.diagnosis.tasks import make_report

ClientOf = Callable[[Actor], Client]


@pytest.fixture
def files(tmp_path: object, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def report(signed: Diagnosis, adviser: Actor, files: None) -> Report:
    return reports.ask_for_report(adviser, signed, language="pl", format="csv")


def test_a_report_is_made_and_downloaded(report: Report, adviser: Actor, client_of: ClientOf) -> None:
    make_report.call(report.pk)
    report.refresh_from_db()
    assert (report.state, report.progress) == (ReportState.DONE, 100)
    answer = client_of(adviser).get(reverse("diagnosis:report_file", args=[report.diagnosis_id, report.pk]))
    assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    make_report.call(report.pk)  # done twice it changes nothing
    assert Report.objects.count() == 1


def test_a_killed_task_is_noticed_and_made_again(report: Report, adviser: Actor, client_of: ClientOf) -> None:
    long_ago = timezone.now() - 2 * reports.SILENCE
    Report.objects.filter(pk=report.pk).update(state=ReportState.RUNNING, progress=40, heartbeat=long_ago)
    client, url = client_of(adviser), reverse("diagnosis:report", args=[report.diagnosis_id])
    assert "przerwała się w połowie" in client.get(url).content.decode()
    client.post(reverse("diagnosis:retry_report", args=[report.diagnosis_id, report.pk]))
    make_report.call(report.pk)
    report.refresh_from_db()
    assert report.state == ReportState.DONE


def test_a_running_one_is_left_alone(report: Report, adviser: Actor) -> None:
    Report.objects.filter(pk=report.pk).update(
        state=ReportState.RUNNING, heartbeat=timezone.now() - timedelta(seconds=5)
    )
    report.refresh_from_db()
    assert reports.retry_report(adviser, report).state == ReportState.RUNNING


def test_a_failure_keeps_its_error_and_can_be_tried_again(report: Report, adviser: Actor) -> None:
    Report.objects.filter(pk=report.pk).update(format="nic")
    make_report.call(report.pk)
    report.refresh_from_db()
    assert report.state == ReportState.FAILED
    assert report.error
    Report.objects.filter(pk=report.pk).update(format="csv")
    report.refresh_from_db()
    assert reports.retry_report(adviser, report).state == ReportState.WAITING


def test_strangers_get_no_report(report: Report, outsider: Actor, mayor: Actor, client_of: ClientOf) -> None:
    make_report.call(report.pk)
    url = reverse("diagnosis:report_file", args=[report.diagnosis_id, report.pk])
    for actor in (outsider, mayor):
        assert client_of(actor).get(url).status_code == 404
        with pytest.raises(Denied):
            reports.ask_for_report(actor, report.diagnosis, language="pl", format="csv")
