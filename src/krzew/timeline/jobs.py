"""Work that takes longer than a page may: begun by a person, done by a task, shown with a progress bar.

Each room names its own in `jobs.py`: JOBS = {"calls.rank": function}. The function does the long part, with no lock
held, and gives back the short part, which keeps the result. The short part and the end of the job are
one transaction: of work that was killed half-way nothing is kept, and what is kept is never kept twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.module_loading import module_has_submodule
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.timeline.acts import object_key
from krzew.timeline.models import Job, JobState

log = logging.getLogger(__name__)

Keep = Callable[[], str]
"""The short part of a job: keeps the result and says what happened."""

Advance = Callable[[int, str], None]
"""Sign of life: how much of a hundred is done, and what is being done."""


def quiet(_percent: int, _text: str) -> None:
    """Nobody watches."""


Work = Callable[[Actor, Any, dict[str, Any], Advance], Keep]


class Stopped(Exception):
    """The job was given to somebody else meanwhile; nothing of this attempt is kept."""


def begin(actor: Actor, kind: str, obj: models.Model, **wish: Any) -> Job:
    """Begin a job, or give the one that is at work on the same thing. The caller has checked the permission."""
    running = latest(kind, obj)
    if running is not None and running.is_open:
        if not running.is_silent:
            return running
        _end(running, JobState.FAILED, "")
    object_type, object_id = object_key(obj)
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                object_type=object_type,
                object_id=object_id,
                wish=wish,
                language=(get_language() or "pl")[:2],
                made_by=actor.user,
                organisation=actor.organisation,
            )
    except IntegrityError:  # somebody pressed the same button in the same moment
        return Job.objects.get(
            kind=kind,
            object_type=object_type,
            object_id=object_id,
            state__in=(JobState.WAITING, JobState.RUNNING),
        )
    transaction.on_commit(lambda: _enqueue(job))
    return job


def _enqueue(job: Job) -> None:
    from krzew.timeline.tasks import run_job

    run_job.enqueue(job.pk)


def latest(kind: str, obj: models.Model) -> Job | None:
    """The last job of this kind about the object."""
    object_type, object_id = object_key(obj)
    return Job.objects.filter(kind=kind, object_type=object_type, object_id=object_id).first()


def run(pk: int) -> None:
    """Do one job. Done twice it changes nothing."""
    job = Job.objects.select_related("made_by", "organisation").get(pk=pk)
    if not job.is_open or (job.state == JobState.RUNNING and not job.is_silent):
        return
    advance(job, 1, "")
    with override(job.language):
        try:
            keep = _work(job.kind)(_actor(job), _object(job), job.wish, lambda n, text: advance(job, n, text))
            _kept(job, keep)
        except Stopped:
            log.warning("job %s was taken over", job.pk)
        except (ValidationError, Denied) as error:
            _end(job, JobState.FAILED, _said(error))
        except Exception:
            log.exception("job %s", job.pk)
            _end(job, JobState.FAILED, _("Something went wrong. Nothing was changed; begin once more."))


@transaction.atomic
def _kept(job: Job, keep: Keep) -> None:
    if not _still_ours(job).select_for_update().exists():
        raise Stopped
    _end(job, JobState.DONE, keep())


def _still_ours(job: Job) -> models.QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state__in=(JobState.WAITING, JobState.RUNNING))


def advance(job: Job, percent: int, text: str) -> None:
    now = timezone.now()
    job.state, job.percent, job.alive_at = JobState.RUNNING, percent, now
    changed = _still_ours(job).update(state=job.state, percent=percent, message=text[:1000], alive_at=now)
    if not changed:
        raise Stopped


def _end(job: Job, state: JobState, text: str) -> None:
    _still_ours(job).update(state=state, message=text[:1000], percent=100, finished_at=timezone.now())


def _said(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _actor(job: Job) -> Actor:
    return Actor.of(job.made_by, job.organisation) if job.made_by else Actor.system()


def _object(job: Job) -> models.Model:
    model = apps.get_model(job.object_type)
    found: models.Model = model._default_manager.get(pk=job.object_id)
    return found


def _work(kind: str) -> Work:
    """The function that a room named for this kind; behind a colon stands what tells one job from another."""
    kind = kind.partition(":")[0]
    room = apps.get_app_config(kind.split(".")[0])
    if room.module is None or not module_has_submodule(room.module, "jobs"):
        raise LookupError(kind)
    work: Work = import_module(f"{room.name}.jobs").JOBS[kind]
    return work
