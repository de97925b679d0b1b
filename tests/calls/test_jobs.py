"""A large call: assignment, ranking and release are done by a task and shown with a bar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls import jobs
from krzew.calls.acts import selection
from krzew.calls.models import Application, AssignmentPlan, Call, Ranking
from krzew.calls.states import ApplicationState
from krzew.timeline.jobs import run
from krzew.timeline.models import Job, JobState, Letter
from tests.calls.selection_factory import assessed, niw_points, pool

ClientOf = Callable[[Actor], Client]
MakeCall = Callable[..., Call]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three applications are a large call here."""
    monkeypatch.setattr(jobs, "SMALL", 3)


@pytest.fixture
def niw(make_call: MakeCall, make_application: Callable[..., Application]) -> Call:
    call = make_call("niw", pool=300_000)
    for n in range(3):
        make_application(call, email=f"osoba{n}@example.org")
    Application.objects.update(stage="merit")
    return call


def last_job() -> Job:
    return Job.objects.latest("pk")


def poll(client: Client, call: Call) -> Any:
    return client.get(reverse("calls:job", args=[call.slug, last_job().pk]), headers=HTMX)


def test_a_proposal_of_a_large_call(niw: Call, manager: Actor, client_of: ClientOf) -> None:
    pool(niw, 4)
    client = client_of(manager)
    page = reverse("calls:assessment_plan", args=[niw.slug, "merit"])
    client.post(reverse("calls:assessment_propose", args=[niw.slug, "merit"]), {"per_idea": 2})
    assert not AssignmentPlan.objects.exists()
    assert "<progress" in client.get(page).content.decode()
    assert "<progress" in poll(client, niw).content.decode()
    run(last_job().pk)
    run(last_job().pk)
    assert AssignmentPlan.objects.count() == 1
    assert poll(client, niw)["HX-Redirect"] == page
    assert "<progress" not in client.get(page).content.decode()


def test_a_proposal_that_cannot_be_says_why(niw: Call, manager: Actor, client_of: ClientOf) -> None:
    """The pool is empty."""
    client = client_of(manager)
    client.post(reverse("calls:assessment_propose", args=[niw.slug, "merit"]), {"per_idea": 2})
    run(last_job().pk)
    assert last_job().state == JobState.FAILED
    page = client.get(reverse("calls:assessment_plan", args=[niw.slug, "merit"])).content.decode()
    assert last_job().message in page
    assert last_job().message


def stands_at_the_ranking(call: Call) -> None:
    people = pool(call, 2)
    for n, row in enumerate(Application.objects.filter(call=call).order_by("pk")):
        assessed(row, niw_points(50 - n), people)


def test_ranking_and_release_of_a_large_call(niw: Call, manager: Actor, client_of: ClientOf) -> None:
    stands_at_the_ranking(niw)
    client = client_of(manager)
    client.post(reverse("calls:ranking_make", args=[niw.slug]))
    assert not Ranking.objects.exists()
    run(last_job().pk)
    selection.adopt(manager, Ranking.objects.get())
    now = timezone.now()
    Call.objects.update(submit_from=now - timedelta(hours=2), closes_at=now - timedelta(hours=1))
    client.post(reverse("calls:decisions_as_proposed", args=[niw.slug]))
    client.post(reverse("calls:decisions_release", args=[niw.slug]))
    letters = reverse("calls:decisions_letters", args=[niw.slug])
    assert "<progress" in client.get(letters).content.decode()
    assert not Application.objects.exclude(state=ApplicationState.SUBMITTED).exists()
    run(last_job().pk)
    run(last_job().pk)
    assert poll(client, niw)["HX-Redirect"] == reverse("calls:after", args=[niw.slug])
    assert Letter.objects.filter(state="released", subject__contains="wynik").count() == 3
    assert not Application.objects.filter(state=ApplicationState.SUBMITTED).exists()
    assert not mail.outbox  # letters leave by their own task


def test_equals_are_told_before_the_long_work(niw: Call, manager: Actor, client_of: ClientOf) -> None:
    people = pool(niw, 2)
    for row in Application.objects.filter(call=niw):
        assessed(row, niw_points(40), people)
    answer = client_of(manager).post(reverse("calls:ranking_make", args=[niw.slug]))
    assert answer.status_code in (302, 422)
    assert not Job.objects.exists()


def test_work_of_another_incubator_is_not_seen(
    niw: Call, manager: Actor, stranger: Actor, client_of: ClientOf
) -> None:
    pool(niw, 4)
    client_of(manager).post(reverse("calls:assessment_propose", args=[niw.slug, "merit"]), {"per_idea": 2})
    assert poll(client_of(stranger), niw).status_code == 404
