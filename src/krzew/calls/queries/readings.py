"""Reading what an assessor may: her desk, one reading, what others signed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from krzew.accounts.actors import Actor
from krzew.calls.assessment_matching import Assessed
from krzew.calls.definition.assessment import Blindness, MeritStage
from krzew.calls.models import Appeal, ApplicationVersion, Assessor, Attachment, Call, Reading
from krzew.calls.rules import answer_appeal, own_assessor, take_reading
from krzew.calls.states import AppealState, ApplicationState, ReadingState


def own_pools(actor: Actor) -> QuerySet[Assessor]:
    """The person in every pool that she belongs to."""
    return own_assessor.filter(actor, Assessor.objects.select_related("organisation", "user"))


def _own(actor: Actor) -> QuerySet[Reading]:
    rows = Reading.objects.select_related("application__call__programme__organisation", "assessor__user")
    return take_reading.filter(actor, rows)


def waiting_readings(actor: Actor) -> QuerySet[Reading]:
    """What waits for her, the nearest day first."""
    rows = _own(actor).filter(state__in=(ReadingState.ASSIGNED, ReadingState.OPEN))
    return rows.filter(application__state=ApplicationState.SUBMITTED).order_by("due_on", "pk")


def signed_readings(actor: Actor) -> QuerySet[Reading]:
    return _own(actor).filter(state=ReadingState.DONE).order_by("-pk")


_CALL = "application__call"
LONG = ("draft", "application__answers", f"{_CALL}__definition", f"{_CALL}__programme__definition")


def short(rows: QuerySet[Reading]) -> QuerySet[Reading]:
    """The same readings without the long texts that a list does not show."""
    return rows.defer(*LONG)


def share_calls(readings: Sequence[Reading]) -> None:
    """Give the readings of a list one object for each call: its rules are read once, not for every row."""
    rows = Call.objects.select_related("programme__organisation").defer("programme__definition")
    calls = rows.in_bulk({reading.application.call_id for reading in readings})
    for reading in readings:
        reading.application.call = calls[reading.application.call_id]


def own_appeals(actor: Actor) -> QuerySet[Appeal]:
    """Appeals that were given to her and wait for her answer, the nearest day first."""
    if actor.user is None:
        return Appeal.objects.none()
    rows = Appeal.objects.filter(state=AppealState.FILED, assessor__user=actor.user)
    return answer_appeal.filter(actor, rows.select_related("application__call")).order_by("decide_by", "pk")


def own_reading(actor: Actor, pk: int) -> Reading | None:
    """One reading of hers; nothing where a conflict closes it."""
    return _own(actor).filter(pk=pk).first()


def next_reading(actor: Actor, after: Reading) -> Reading | None:
    """The next one that waits: opened ones first."""
    rows = waiting_readings(actor).exclude(pk=after.pk).order_by("-state", "due_on", "pk")
    return rows.first()


def latest_version(reading: Reading) -> ApplicationVersion | None:
    return reading.application.versions.order_by("-number").first()


def blindness(stage: Assessed) -> Blindness:
    return stage.blind if isinstance(stage, MeritStage) else Blindness()


def files(reading: Reading, stage: Assessed) -> list[Attachment]:
    """Files that the assessor may open: none of a question that is hidden from her."""
    rows = list(reading.application.attachments.filter(removed_at__isnull=True))
    hidden = hidden_fields(reading, stage)
    return [row for row in rows if row.field not in hidden]


def hidden_fields(reading: Reading, stage: Assessed) -> frozenset[str]:
    """Questions whose answers tell who applies, in a stage that must not know."""
    form = reading.application.call.rules.form
    if form is None or not blindness(stage).applicant:
        return frozenset()
    return frozenset(f.code for f in form.fields if f.redact)


def others(reading: Reading, stage: Assessed) -> Sequence[Reading]:
    """Readings of others with a signed card, if this assessor may see them by now."""
    if blindness(stage).others_until_own_is_done and reading.state != ReadingState.DONE:
        return []
    rows = Reading.objects.filter(
        application=reading.application_id, stage=reading.stage, state=ReadingState.DONE
    )
    rows = rows.exclude(pk=reading.pk).select_related("assessor__user").prefetch_related("cards")
    return list(rows.order_by("pk"))
