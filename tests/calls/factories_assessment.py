"""Assessors, sent applications and readings for tests of assessment, made straight in the database."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from krzew.accounts.models import Membership, Organisation, Role, User
from krzew.calls.models import Application, ApplicationVersion, Assessor, Call, Reading
from krzew.calls.states import ApplicationState, ReadingState

serial = count(1)
REASON = "To jest uzasadnienie oceny, napisane pełnymi zdaniami i wystarczająco długie, żeby spełnić wymóg karty naboru."
OVERALL = " ".join([REASON] * 6)


def make_assessor(home: Organisation, name: str = "", **fields: Any) -> Assessor:
    n = next(serial)
    name = name or f"Asesorka {n}"
    user = User.objects.create_user(f"asesor{n}@example.org", name=name)
    Membership.objects.create(user=user, organisation=home, role=Role.ASSESSOR)
    return Assessor.objects.create(user=user, organisation=home, **fields)


def make_sent(call: Call, stage: str, **fields: Any) -> Application:
    """An application that was sent and stands in this stage."""
    n = next(serial)
    call.last_number += 1
    call.save(update_fields=["last_number"])
    answers = fields.pop("answers", None) or {"title": f"Pomysł {n}", "description": "Opis pomysłu."}
    first: dict[str, Any] = {
        "call": call,
        "number": call.last_number,
        "kind": "organisation",
        "state": ApplicationState.SUBMITTED,
        "stage": stage,
        "title": f"Pomysł {n}",
        "applicant_name": f"Fundacja Zmyślona {n}",
        "email": f"wnioskodawca{n}@example.org",
        "token_hash": f"hash-{n}",
        "submitted_at": timezone.now(),
    }
    application = Application.objects.create(**first | {"answers": answers} | fields)
    ApplicationVersion.objects.create(
        application=application, number=1, content=content_of(application), sent_at=timezone.now()
    )
    return application


def content_of(application: Application) -> dict[str, Any]:
    return {
        "kind": application.kind,
        "title": application.title,
        "applicant": {
            "name": application.applicant_name,
            "email": application.email,
            "address": "ulica Zmyślona 1",
        },
        "members": [{"name": "Członkini Zmyślona", "email": "czlonkini@example.org"}],
        "answers": application.answers,
    }


def give(
    application: Application, assessor: Assessor, state: str = ReadingState.OPEN, **fields: Any
) -> Reading:
    return Reading.objects.create(
        application=application,
        assessor=assessor,
        stage=fields.pop("stage", application.stage),
        state=state,
        **fields,
    )


def card(points: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """What is typed into a card with these points."""
    typed: dict[str, Any] = {"revision": 0, "overall": OVERALL}
    for code, given in points.items():
        typed |= {f"points_{code}": str(given), f"reason_{code}": REASON}
    return typed | fields
