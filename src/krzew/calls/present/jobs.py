"""Longer work about a call as its pages show it."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.calls.models import Call
from krzew.timeline.jobs import latest
from krzew.timeline.models import Job, JobState
from krzew.ui.components import Progress

REMEMBERED = timedelta(days=1)


def progress(call: Call, kind: str, label: str) -> Progress | None:
    """How far the work is, or why it did not come about; None when there is nothing to say."""
    job = latest(kind, call)
    return shown(call, job, label) if job else None


def shown(call: Call, job: Job, label: str) -> Progress | None:
    if job.is_silent:
        text = _(
            "The work was interrupted half-way. Nothing is lost and nothing was changed; begin once more."
        )
        return Progress(label, state="failed", text=text)
    if job.is_open:
        text = job.message or _("It begins in a moment. You may leave this page; the result will wait here.")
        address = reverse("calls:job", args=[call.slug, job.pk])
        return Progress(label, job.percent, 100, text=text, poll_url=address)
    if job.state == JobState.FAILED and job.message and timezone.now() - job.made_at < REMEMBERED:
        return Progress(label, state="failed", text=job.message)
    return None
