"""Longer work: begun once, done once, told in words when it fails, begun again when it was killed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.accounts.models import Organisation
from krzew.timeline import jobs
from krzew.timeline.models import SILENCE, Job, JobState

KIND = "timeline.try:first"
pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Organisation:
    return Organisation.objects.create(name="Praca Próba")


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the work of this test keeps; `wish` may say how it fails."""
    found: list[Any] = []

    def work(actor: Actor, obj: Organisation, wish: dict[str, Any], advance: jobs.Advance) -> jobs.Keep:
        advance(50, "half")
        if wish.get("error") == "words":
            raise ValidationError("Not like this.")
        if wish.get("error") == "fault":
            raise ZeroDivisionError

        def keep() -> str:
            found.append(obj.pk)
            return "kept"

        return keep

    monkeypatch.setattr(jobs, "_work", lambda kind: work)
    return found


def begun(home: Organisation, **wish: Any) -> Job:
    return jobs.begin(Actor.system(), KIND, home, **wish)


def test_work_is_done_once(home: Organisation, kept: list[Any]) -> None:
    job = begun(home)
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message, kept) == (JobState.DONE, "kept", [home.pk])


def test_who_presses_twice_gets_the_same_job(home: Organisation, kept: list[Any]) -> None:
    assert begun(home).pk == begun(home).pk
    assert Job.objects.count() == 1


def test_a_refusal_is_told_in_its_words(home: Organisation, kept: list[Any]) -> None:
    job = begun(home, error="words")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message, kept) == (JobState.FAILED, "Not like this.", [])


def test_a_fault_is_told_without_its_insides(home: Organisation, kept: list[Any]) -> None:
    job = begun(home, error="fault")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "ZeroDivision" not in job.message


def test_work_killed_half_way_begins_again_and_the_old_one_keeps_nothing(
    home: Organisation, kept: list[Any]
) -> None:
    old = begun(home)
    jobs.advance(old, 50, "half")
    Job.objects.update(alive_at=timezone.now() - SILENCE - timedelta(seconds=1))
    new = begun(home)
    assert new.pk != old.pk
    jobs.run(old.pk)
    with pytest.raises(jobs.Stopped):
        jobs.advance(old, 60, "still here")
    assert kept == []
    jobs.run(new.pk)
    assert kept == [home.pk]


def test_what_the_short_part_did_is_undone_when_it_fails(home: Organisation, kept: list[Any]) -> None:
    """The end of the job and what it keeps are one transaction."""
    job = begun(home)

    def keep() -> str:
        Organisation.objects.create(name="Half")
        raise ValidationError("Too late.")

    with pytest.raises(ValidationError):
        jobs._kept(job, keep)
    assert not Organisation.objects.filter(name="Half").exists()
