"""What the pages of an assessor show, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from krzew.calls.applications.answers import shown
from krzew.calls.assessment_cards import RECOMMENDATIONS, Draft, criteria_of, total_given
from krzew.calls.assessment_matching import Assessed, stage_of
from krzew.calls.assessment_words import points
from krzew.calls.definition.form import ApplicationStage, FormField
from krzew.calls.definition.topics import topic_of
from krzew.calls.models import Appeal, ApplicationVersion, Assessor, Attachment, Kind, Reading, ScoreCard
from krzew.calls.queries.readings import blindness, hidden_fields
from krzew.calls.states import ReadingState
from krzew.ui.components import Cell, Column, Fact, Table, Tag, Task
from krzew.ui.formats import day, moment

NEVER = ("email", "phone")
"""Kinds of questions that no assessor needs: she talks with nobody behind the team's back."""


@dataclass(frozen=True)
class Part:
    """One section of the application."""

    title: str
    facts: list[Fact]


@dataclass(frozen=True)
class OtherCard:
    """A signed card of somebody else."""

    who: str
    facts: list[Fact]
    total: str


def sheet(reading: Reading, stage: Assessed, version: ApplicationVersion | None) -> list[Part]:
    """What was sent, as this stage may see it: answers that tell who applies stay out of a blind one."""
    form = reading.application.call.rules.form
    if version is None or form is None:
        return []
    content: Mapping[str, Any] = version.content
    found = [] if blindness(stage).applicant else [Part(_("Who applies"), _applicant(content))]
    hidden = hidden_fields(reading, stage)
    return found + _sections(form, content.get("answers", {}), hidden)


def _sections(form: ApplicationStage, answers: Mapping[str, Any], hidden: frozenset[str]) -> list[Part]:
    found = []
    for section in form.sections:
        facts = [_answer(field, answers.get(field.code), hidden) for field in section.fields if _read(field)]
        if kept := [fact for fact in facts if fact]:
            found.append(Part(str(section.label), kept))
    return found


def _read(field: FormField) -> bool:
    return field.kind not in NEVER and field.kind != "file"


def _answer(field: FormField, kept: Any, hidden: frozenset[str]) -> Fact | None:
    if field.code in hidden:
        return Fact(str(field.label), _("Hidden: this answer tells who applies."))
    text = shown(field, kept)
    return Fact(str(field.label), _paragraphs(text)) if text else None


def _paragraphs(text: str) -> SafeString:
    lines = [line for line in text.splitlines() if line.strip()]
    return format_html_join("", "<span class='line'>{}</span>", ((line,) for line in lines))


def _applicant(content: Mapping[str, Any]) -> list[Fact]:
    """Names alone: no address, telephone or e-mail."""
    applicant, kind = content.get("applicant") or {}, content.get("kind", "")
    names = [applicant.get(key, "") for key in ("group", "name") if applicant.get(key)]
    rows = [
        Fact(_("Who"), str(Kind(kind).label) if kind in Kind.values else ""),
        Fact(pgettext("applicant", "Name"), names),
        Fact(_("Members and partners"), [m["name"] for m in content.get("members", []) if m.get("name")]),
    ]
    return [row for row in rows if row.value]


def files(reading: Reading, stage: Assessed, rows: Iterable[Attachment]) -> list[Fact]:
    """Files by the question that they answer; a blind stage does not show how their author named them."""
    form = reading.application.call.rules.form
    labels = {f.code: str(f.label) for f in form.fields} if form else {}
    blind = blindness(stage).applicant
    return [
        Fact(
            labels.get(row.field, _("File")),
            _("file (%(kind)s)") % {"kind": row.kind.upper()} if blind else row.name,
            url=reverse("calls:assessment_file", args=[reading.pk, row.pk]),
        )
        for row in rows
    ]


def tasks(readings: Iterable[Reading]) -> list[Task]:
    """What waits on the desk: each application with what is to be done and by when."""
    return [_task(reading) for reading in readings]


def _task(reading: Reading) -> Task:
    stage = stage_of(reading.application.call.rules, reading.stage)
    label = str(stage.label) if stage else ""
    open_ = reading.state == ReadingState.OPEN
    note = f"{reading.application.call.name} · {label}"
    if reading.third:
        note += " · " + _("third opinion")
    title = (
        title_of(reading) if open_ else _("Application %(number)s") % {"number": reading.application.label}
    )
    return Task(
        title,
        reverse("calls:assessment_card", args=[reading.pk]),
        state="doing" if open_ else "todo",
        note=note,
        due=reading.due_on,
    )


def appeals(rows: Iterable[Appeal]) -> list[Task]:
    """Appeals that wait for her second look."""
    return [
        Task(
            f"{row.application.label} {row.application}".strip(),
            reverse("calls:appeal", args=[row.pk]),
            note=row.application.call.name,
            due=row.decide_by,
        )
        for row in rows
    ]


def kicker(reading: Reading, stage: Assessed) -> str:
    """The stage, and the topic by whose criteria this application is judged."""
    common = stage_of(reading.application.call.rules, stage.code)
    topic = topic_of(common, reading.application.answers)
    return f"{stage.label}: {topic.label}" if topic else str(stage.label)


def title_of(reading: Reading) -> str:
    return f"{reading.application.label} {reading.application}".strip()


def signed(readings: Iterable[Reading]) -> Table:
    columns = [
        Column("application", _("Application")),
        Column("call", _("Call")),
        Column("stage", _("Stage")),
    ]
    rows = []
    for reading in readings:
        stage = stage_of(reading.application.call.rules, reading.stage)
        url = reverse("calls:assessment_card", args=[reading.pk])
        name = reading.application.call.name
        rows.append([Cell(title_of(reading), url=url), name, str(stage.label) if stage else ""])
    return Table(_("Signed cards"), columns, rows, caption_hidden=True)


def card_facts(stage: Assessed, card: ScoreCard) -> list[Fact]:
    """A signed card: points with their justifications."""
    rows = [
        Fact(
            str(c.label),
            _("%(points)s of %(most)s") % {"points": _shown(card.points.get(c.code)), "most": points(c.most)},
            note=card.reasons.get(c.code, ""),
        )
        for c in criteria_of(stage)
    ]
    if card.recommendation:
        rows.append(Fact(_("Recommendation"), str(RECOMMENDATIONS[card.recommendation])))
    if card.overall:
        rows.append(Fact(_("The whole, in words"), _paragraphs(card.overall)))
    return rows


def _shown(text: str | None) -> str:
    return points(Decimal(text)) if text else "–"


def total_said(stage: Assessed, draft: Draft) -> str:
    """The sum so far, while it is typed."""
    if not criteria_of(stage):
        return ""
    facts = {"total": points(total_given(stage, draft)), "most": points(stage.most)}  # type: ignore[union-attr]
    return _("Together: %(total)s of %(most)s points") % facts


def card_total(stage: Assessed, card: ScoreCard) -> str:
    return total_said(stage, Draft(points=dict(card.points)))


def other_cards(stage: Assessed, rows: Iterable[Reading]) -> list[OtherCard]:
    """Cards of others, with names only where the rules of the call show them."""
    hidden = blindness(stage).names_of_assessors
    found = []
    for n, reading in enumerate(rows, 1):
        card = list(reading.cards.all())[-1]
        who = _("Another assessor, %(n)s") % {"n": n} if hidden else str(reading.assessor)
        found.append(OtherCard(who, card_facts(stage, card), card_total(stage, card)))
    return found


def statement_facts(reading: Reading, stage: Assessed) -> list[Fact]:
    """What an assessor may know before her statement: enough to see whether something links her with it."""
    application = reading.application
    rows = [
        (_("Call"), application.call.name),
        (_("Stage"), str(stage.label)),
        (_("Title"), str(application)),
        (_("Sign the card by"), day(reading.due_on) if reading.due_on else ""),
    ]
    if not blindness(stage).applicant:
        rows.insert(3, (_("Who applies"), application.applicant_name))
    return [Fact(label, value) for label, value in rows if value]


def stated(reading: Reading) -> str:
    """When the statement was made, in which version of its text."""
    if reading.stated_at is None:
        return ""
    facts = {"at": moment(reading.stated_at), "version": reading.statement_version}
    return _("Impartiality and confidentiality stated %(at)s, text %(version)s.") % facts


def pools(rows: Iterable[Assessor]) -> list[Fact]:
    """What each pool keeps of her, and where she changes it."""
    return [
        Fact(
            str(assessor.organisation),
            _links(assessor),
            change_url=reverse("calls:own_links", args=[assessor.pk]),
            change_label=_("Change it"),
        )
        for assessor in rows
    ]


def _links(assessor: Assessor) -> list[str]:
    said = [
        _("Gminas: %(list)s") % {"list": ", ".join(assessor.gminas)} if assessor.gminas else "",
        _("Organisations: %(list)s") % {"list": ", ".join(assessor.linked_organisations)}
        if assessor.linked_organisations
        else "",
    ]
    return [text for text in said if text] or [_("Nothing said yet")]


def reading_tag(reading: Reading) -> Tag:
    tones = {"done": "leaf", "open": "data", "refused": "clay"}
    return Tag(str(ReadingState(reading.state).label), tones.get(reading.state, "neutral"))
