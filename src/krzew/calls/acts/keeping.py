"""Removing what may be kept no longer. What stays is listed in `applications/bare.py`; the chain of events is whole,
since events name nobody.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.acts.steps import move
from krzew.calls.applications import bare
from krzew.calls.definition.selection import DecisionStage
from krzew.calls.models import (
    Application,
    ApplicationVersion,
    AssignmentPlan,
    IdeaCard,
    Member,
    ScoreCard,
    new_token,
    token_hash,
)
from krzew.calls.states import IDEA, ApplicationState, IdeaState
from krzew.timeline.acts import act, object_key, record
from krzew.timeline.keeping import empty
from krzew.timeline.models import Letter

NOBODY = {"name": "", "email": "", "user": None, "token_hash": ""}


def letters_about(row: Any) -> QuerySet[Letter]:
    object_type, object_id = object_key(row)
    return Letter.objects.filter(object_type=object_type, object_id=object_id)


@act
def delete_unsent(actor: Actor, application: Application) -> None:
    """An application that was never sent goes as a whole, with its files and letters."""
    kept = Application.objects.select_for_update().get(pk=application.pk)
    if kept.number is not None:
        raise ValueError("what was sent is anonymised, not deleted")
    _delete_files(kept)
    empty(letters_about(kept))
    record(actor, "calls.draft_removed", kept, old=kept.state)
    kept.delete()


def _delete_files(application: Application) -> int:
    """From the database now, from the disk once the transaction is kept."""
    files = list(application.attachments.all())
    for row in files:
        transaction.on_commit(lambda file=row.file: file.delete(save=False))  # type: ignore[misc]
    application.attachments.all().delete()
    return len(files)


@act
def anonymise_application(actor: Actor, application: Application) -> None:
    """Take every person out of a sent application: number, amounts, points, decisions and times stay."""
    kept = Application.objects.select_for_update(of=("self",)).select_related("call__programme")
    row = kept.get(pk=application.pk)
    if row.anonymised_at:
        return
    title = row.title if _is_published(row) else ""
    _forget_title(row, title)
    _versions(row, title)
    _people(row)
    _words(row)
    facts = {"files": _delete_files(row), "letters": empty(letters_about(row))}
    _row(row, title)
    record(actor, "calls.application_anonymised", row, data=facts)
    if row.idea and row.idea.state == IdeaState.IN_CALL:
        anonymise_idea(actor, row.idea)
    application.__dict__.update(row.__dict__)


def has_grant(row: Application) -> bool:
    return row.state == ApplicationState.SELECTED


def _is_published(row: Application) -> bool:
    """Whether everybody may read the title with the results."""
    shown = [s.publish for s in row.call.rules.stages if isinstance(s, DecisionStage)]
    return has_grant(row) and row.call.results_released_at is not None and any("title" in s for s in shown)


def _versions(row: Application, title: str) -> None:
    """The only way around the immutability of what was sent; its fingerprint stays."""
    stage = row.call.rules.form
    assert stage is not None, "what was sent was written in a form"
    raw: QuerySet[ApplicationVersion] = QuerySet(ApplicationVersion)
    for version in row.versions.all():
        content = bare.content(stage, version.content, public=has_grant(row), title=title)
        raw.filter(pk=version.pk).update(content=content)


def _people(row: Application) -> None:
    row.members.update(**NOBODY)
    for review in row.formal_reviews.all():
        review.answers = {code: {**answer, "reason": ""} for code, answer in review.answers.items()}
        review.note = ""
        review.save(update_fields=["answers", "note"])


def _words(row: Application) -> None:
    """Free words of the team, assessors and the applicant, in which anybody may be named."""
    row.readings.update(draft={}, refused_why="", assigned_why="")
    ScoreCard.objects.filter(reading__application=row).update(reasons={}, overall="")
    row.conflicts.update(note="")
    row.meetings.update(note="")
    row.decisions.update(reason="", feedback="")
    row.advice.update(reason="", stepped_out="")
    row.appeals.update(text="", answer="")


def _forget_title(row: Application, title: str) -> None:
    """A ranking and a proposal of assignment keep titles and reasons in their own data."""
    for ranking in row.call.rankings.all() if row.title and not title else ():
        emptied = ranking.content.get("emptied", 0) + 1  # so that nobody shows what was read before
        ranking.content = bare.untitled(ranking.content, row.title) | {"emptied": emptied}
        ranking.save(update_fields=["content"])
    for plan in AssignmentPlan.objects.filter(call=row.call):
        changes = [{**c, "reason": ""} if c.get("application") == row.pk else c for c in plan.changes]
        if changes != plan.changes:
            plan.changes = changes
            plan.save(update_fields=["changes"])


def _row(row: Application, title: str) -> None:
    stage = row.call.rules.form
    assert stage is not None
    organisation = row.kind in bare.ORGANISATIONS
    facts: dict[str, Any] = {
        "title": title,
        "answers": bare.draft(stage, row.kind, row.answers, public=has_grant(row)),
        "applicant_name": row.applicant_name if organisation else "",
        "email": "",
        "phone": "",
        "user": None,
        "received_why": "",
        "token_hash": token_hash(new_token()),
        "anonymised_at": timezone.now(),
    }
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))


@act
def anonymise_idea(actor: Actor, card: IdeaCard) -> None:
    """An idea that was sent keeps its number, state and place; a draft goes as a whole."""
    kept = IdeaCard.objects.select_for_update().get(pk=card.pk)
    empty(letters_about(kept))
    if kept.state == IdeaState.DRAFT:
        record(actor, "calls.idea_removed", kept, old=kept.state)
        kept.delete()
        return
    if kept.state in (IdeaState.SENT, IdeaState.IN_TALKS):
        move(actor, kept, IDEA, "close", "calls.idea_closed")
    kept.messages.all().delete()
    nothing: dict[str, Any] = dict.fromkeys(("title", "what", "for_whom", "name", "email", "phone"), "")
    nothing |= {"user": None, "token_hash": token_hash(new_token())}
    for name, value in nothing.items():
        setattr(kept, name, value)
    kept.save(update_fields=list(nothing))
    record(actor, "calls.idea_anonymised", kept)


@act
def anonymise_member(actor: Actor, member: Member) -> None:
    """Take one person out of a group or partnership, also out of what was sent."""
    application = member.application
    raw: QuerySet[ApplicationVersion] = QuerySet(ApplicationVersion)
    for version in application.versions.all():
        rows = version.content["members"]
        members = [bare.member(row) if row["key"] == member.pk else row for row in rows]
        raw.filter(pk=version.pk).update(content={**version.content, "members": members})
    Member.objects.filter(pk=member.pk).update(**NOBODY)
    empty(letters_about(application).filter(to_email__iexact=member.email))
    record(actor, "calls.member_anonymised", application)
