"""The content of a sent version, and the columns that lists read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from krzew.calls.applications.answers import APPLICANT, Wrong, fixed_answers, money_of, place_of
from krzew.calls.applications.applicant import readable
from krzew.calls.applications.check import Filled, amount_field, title_field
from krzew.calls.definition.form import ApplicationStage
from krzew.calls.models import Application, Member, Tick


def columns(stage: ApplicationStage, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Title, amount and place, as far as they can be read from a draft."""
    title = title_field(stage)
    said = str(answers.get(title.code) or "") if title else ""
    return {
        "title": " ".join(said.split())[:200],
        "amount": _amount(stage, answers),
        "place": _place(stage, answers),
    }


def _amount(stage: ApplicationStage, answers: Mapping[str, Any]) -> Decimal | None:
    field = amount_field(stage)
    try:
        return money_of(str(answers.get(field.code) or "")) if field else None
    except Wrong:
        return None


def _place(stage: ApplicationStage, answers: Mapping[str, Any]) -> Any:
    field = next((f for f in stage.fields if f.kind == "place"), None)
    text = str(answers.get(field.code) or "") if field else ""
    try:
        return place_of(text) if text else None
    except Wrong:
        return None


def content(filled: Filled, application: Application) -> dict[str, Any]:
    """Everything that was sent, in plain JSON: it can be read without the draft and without the database."""
    return {
        "kind": filled.kind,
        "channel": application.channel,
        "language": application.language,
        "stage": filled.stage.code,
        "title": application.title,
        "amount": None if application.amount is None else f"{application.amount:.2f}",
        "place": application.place.code if application.place else None,
        "applicant": readable(filled.kind, filled.answers.get(APPLICANT) or {}),
        "members": [_member(member) for member in filled.members],
        "answers": fixed_answers(filled.stage, filled.kind, filled.answers),
        "statements": [_statement(tick) for tick in application.ticks.all()],
        "files": [_file(file) for rows in filled.files.values() for file in rows],
        **_received(application),
    }


def _received(application: Application) -> dict[str, str]:
    """When the team says that it reached the office, and how that is known."""
    at = application.received_at
    return {"received_at": at.isoformat(), "received_why": application.received_why} if at else {}


def _member(member: Member) -> dict[str, Any]:
    joined = member.joined_at.isoformat() if member.joined_at else None
    said = {"name": member.name, "email": member.email, "is_contact": member.is_contact}
    return {"key": member.pk, **said, "joined_at": joined}


def _statement(tick: Tick) -> dict[str, Any]:
    said = {"code": tick.code, "version": tick.version, "text": tick.text}
    return {**said, "at": tick.at.isoformat(), "member": tick.member_id}


def _file(file: Any) -> dict[str, Any]:
    names = ("field", "name", "kind", "size", "sha256")
    return {"key": file.pk, **{name: getattr(file, name) for name in names}}
