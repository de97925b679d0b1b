"""An application with the name of its author in every corner, and where to look for it afterwards."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.models import (
    Appeal,
    Application,
    Assessor,
    AssignmentPlan,
    Attachment,
    Call,
    Conflict,
    Decision,
    FormalReview,
    Meeting,
    Ranking,
    Reading,
    ScoreCard,
)
from krzew.calls.states import ApplicationState
from krzew.timeline.acts import post_letter
from tests.calls.applications_factory import sent

SECRETS = ("Tajemn", "tajemna@", "601 602 603", "sekretn", "Kwiatowa 5")
NAME = "Zofia Tajemna"
CONTACT = {"name": NAME, "address": "Kwiatowa 5, 64-700 Czarnków", "phone": "601 602 603"}


def everything() -> str:
    """Every value of every table of ours, as text."""
    rows = []
    for model in apps.get_models():
        if model.__module__.startswith("krzew.") and model._meta.app_label not in ("places", "library"):
            rows += [str(row) for row in model._base_manager.values_list()]
    return "\n".join(rows)


def on_disk() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def attach(application: Application) -> Attachment:
    row = Attachment(
        application=application,
        field="cv",
        name="sekretny życiorys.pdf",
        kind="pdf",
        size=9,
        sha256="ab" * 32,
    )
    row.file.save(row.name, ContentFile(b"sekretne!"), save=False)
    row.save()
    return row


def assessed(application: Application, manager: Actor, assessor: Actor) -> None:
    """Words of everybody around one application, each with a name in them."""
    said = f"sekretna uwaga o {NAME}"
    version = application.versions.get()
    FormalReview.objects.create(
        application=application,
        version=version,
        stage="formal",
        answers={"a": {"ok": False, "reason": said, "krzew": None}},
        result="passed",
        note=said,
    )
    pool = Assessor.objects.create(user=assessor.user, organisation=manager.organisation)
    reading = Reading.objects.create(
        application=application,
        assessor=pool,
        stage="merit",
        draft={"x": said},
        refused_why=said,
        assigned_why=said,
    )
    ScoreCard.objects.create(
        reading=reading, version=1, points={"new": "8"}, reasons={"new": said}, overall=said
    )
    Conflict.objects.create(application=application, assessor=pool, kind="family", note=said)
    Meeting.objects.create(application=application, stage="pitch", at=timezone.now(), minutes=10, note=said)
    decision = Decision.objects.create(
        application=application,
        stage="decision",
        outcome="rejected_merit",
        reason=said,
        feedback=said,
        amount=1000,
    )
    Appeal.objects.create(
        application=application, decision=decision, text=said, answer=said, state="dismissed"
    )
    content = {"lists": [], "rows": {}, "ideas": [{"code": "1/001", "title": application.title}]}
    Ranking.objects.create(call=application.call, stage="ranking", content=content, data_hash="x")
    changes = [{"application": application.pk, "reason": said}]
    AssignmentPlan.objects.create(call=application.call, stage="merit", seed=1, changes=changes)


def full_of_secrets(manager: Actor, assessor: Actor, call: Call) -> Application:
    """A sent application with secrets in every corner."""
    row: Application = sent(
        call, kind="group", email="tajemna@example.org", answers={"title": "sekretny tytuł"}, **CONTACT
    )
    attach(row)
    assessed(row, manager, assessor)
    post_letter(Actor.system(), row, row.email, f"Do {NAME}", "sekretna treść", language="pl")
    Application.objects.filter(pk=row.pk).update(state=ApplicationState.OUT, outcome="rejected_merit")
    row.refresh_from_db()
    return row
