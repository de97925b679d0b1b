"""Files attached to an application."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krzew.accounts.actors import Actor
from krzew.calls.acts.applications import locked, must_be_writable
from krzew.calls.applications.check import file_fields
from krzew.calls.applications.files import MEGABYTE, Examined, examine, most_in_application
from krzew.calls.definition.form import FormField
from krzew.calls.models import Application, Attachment
from krzew.calls.queries.applications import filled
from krzew.timeline.acts import act, record


def attach(actor: Actor, application: Application, *, field: str, upload: Any) -> Attachment:
    """Attach a file to the question that asks for it. It is looked over before anything is locked."""
    must_be_writable(application)
    return _keep(actor, application, field, upload, examine(upload))


@act
def _keep(actor: Actor, application: Application, field: str, upload: Any, found: Examined) -> Attachment:
    kept = locked(application)
    live = kept.attachments.filter(removed_at__isnull=True)
    same = live.filter(field=field, sha256=found.sha256).first()
    if same is not None:  # sent twice by an impatient finger
        return same
    _must_fit(kept, _question(kept, field), found)
    row = Attachment(
        application=kept,
        field=field,
        name=found.name,
        kind=found.kind,
        size=found.size,
        sha256=found.sha256,
    )
    row.file.save(found.name, upload, save=False)  # stored under a name of our own
    row.save()
    record(actor, "calls.application_attached", kept, data={"field": field, "sha256": found.sha256})
    return row


def _question(application: Application, code: str) -> FormField:
    found = next((f for f in file_fields(filled(application)) if f.code == code), None)
    if found is None:
        raise ValidationError(_("No file is asked for here."))
    return found


def _must_fit(application: Application, question: FormField, found: Examined) -> None:
    live = application.attachments.filter(removed_at__isnull=True)
    most = question.most or 1
    if live.filter(field=question.code).count() >= most:
        text = ngettext(
            "At most %(most)d file may be attached here. Remove it first to attach another.",
            "At most %(most)d files may be attached here. Remove one first to attach another.",
            most,
        )
        raise ValidationError(text % {"most": most})
    taken = live.aggregate(sum=Sum("size"))["sum"] or 0
    if taken + found.size > most_in_application():
        words = {"most": most_in_application() // MEGABYTE}
        raise ValidationError(_("All files together may have at most %(most)s MB.") % words)


@act
def remove_attachment(actor: Actor, application: Application, attachment: Attachment) -> None:
    """Remove a file. One that was sent already stays with the version that it was sent with."""
    kept = locked(application)
    row = kept.attachments.get(pk=attachment.pk, removed_at__isnull=True)
    if kept.versions.exists():
        row.removed_at = timezone.now()
        row.save(update_fields=["removed_at"])
    else:
        file = row.file
        row.delete()
        transaction.on_commit(lambda: file.delete(save=False))
    record(actor, "calls.application_detached", kept, data={"field": row.field})
