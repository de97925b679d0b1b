"""How an application begins: what an idea card already says, and where it goes from the form."""

from __future__ import annotations

from typing import Any

from krzew.calls.applications.answers import APPLICANT, asked
from krzew.calls.applications.applicant import ASKED
from krzew.calls.applications.check import title_field
from krzew.calls.definition import Definition
from krzew.calls.definition.form import ApplicationStage, FormField
from krzew.calls.models import Application, IdeaCard

WHAT = ("description", "solution", "idea", "summary", "what")
FOR_WHOM = ("recipients", "for_whom", "group", "target_group")


def carried(stage: ApplicationStage, kind: str, idea: IdeaCard) -> dict[str, Any]:
    """Answers that the card gives to this form, where a question for the same thing is asked."""
    fields = {field.code: field for field in asked(stage, kind)}
    title = title_field(stage)
    found = {
        title.code if title and title.code in fields else "": idea.title,
        _first(fields, WHAT): idea.what,
        _first(fields, FOR_WHOM): idea.for_whom,
        _of_kind(fields, "place"): idea.place.code if idea.place else "",
    }
    answers: dict[str, Any] = {code: text for code, text in found.items() if code and text}
    answers[APPLICANT] = _contact(kind, idea)
    return answers


def _first(fields: dict[str, FormField], codes: tuple[str, ...]) -> str:
    return next((code for code in codes if code in fields and fields[code].kind in ("text", "line")), "")


def _of_kind(fields: dict[str, FormField], kind: str) -> str:
    return next((code for code, field in fields.items() if field.kind == kind), "")


def _contact(kind: str, idea: IdeaCard) -> dict[str, str]:
    """The author is the applicant, or the person to talk to in an organisation."""
    codes = {datum.code for datum in ASKED[kind]}
    name = "contact" if "contact" in codes else "name"
    return {
        code: text for code, text in ((name, idea.name), ("email", idea.email), ("phone", idea.phone)) if text
    }


def stage_after(rules: Definition, code: str) -> str:
    """The stage that follows; the last one stays."""
    codes = [stage.code for stage in rules.stages]
    return codes[min(codes.index(code) + 1, len(codes) - 1)]


def empty(application: Application) -> None:
    """Delete what a draft holds: answers, people, statements, files."""
    for file in application.attachments.all():
        file.file.delete(save=False)
    application.attachments.all().delete()
    application.ticks.all().delete()
    application.members.all().delete()
    nothing: dict[str, Any] = dict.fromkeys(("title", "applicant_name", "email", "phone"), "")
    nothing |= {"answers": {}, "amount": None, "place": None, "idea": None}
    for name, value in nothing.items():
        setattr(application, name, value)
    application.save(update_fields=list(nothing))
