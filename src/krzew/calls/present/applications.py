"""What pages of an application show its author, as plain values: steps, time left, stages, answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from krzew.calls.applications.answers import Wrong, applies, fixed, is_empty, shown, value_of
from krzew.calls.applications.applicant import ASKED, WITH_MEMBERS, display_name
from krzew.calls.applications.check import Filled, Lack, file_fields, lacks, statements
from krzew.calls.definition.form import ApplicationStage, FormField
from krzew.calls.models import Application, ApplicationVersion, Call
from krzew.calls.present.programmes_base import sum_of
from krzew.calls.queries.applications import is_told
from krzew.calls.states import ApplicationState
from krzew.ui.components import Fact, Tag, Task
from krzew.ui.formats import moment

TONES = {
    "submitted": "data",
    "returned": "clay",
    "selected": "leaf",
    "reserve": "data",
    "offered": "leaf",
}


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    key: str
    label: str
    url: str
    state: str
    note: str = ""


def call_url(call: Call) -> str:
    """The public page of the call."""
    return reverse("calls:call", args=[call.slug])


def steps(filled: Filled, token: str) -> list[Step]:
    """The pages in their order, each with what is done and how much is missing."""
    found = lacks(filled)
    rows = [_step("applicant", _("Who applies"), token, found, bool(filled.applicant))]
    if filled.kind in WITH_MEMBERS:
        rows.append(_step("people", _("Members"), token, found, bool(filled.others)))
    for section in filled.stage.sections:
        asked = [f for f in section.fields if f.kind != "file" and filled.kind in f.applicants]
        if asked:
            own = [lack for lack in found if lack.section == section.code]
            begun = any(not is_empty(filled.answers.get(field.code)) for field in asked)
            url = reverse("calls:application_section", args=[token, section.code])
            rows.append(_of(f"section:{section.code}", str(section.label), url, own, begun))
    if file_fields(filled):
        rows.append(_step("files", _("Files"), token, found, bool(filled.files)))
    if statements(filled):
        rows.append(_step("statements", _("Declarations"), token, found, bool(filled.ticks)))
    return rows


def _step(key: str, label: str, token: str, found: Sequence[Lack], begun: bool) -> Step:
    own = [lack for lack in found if lack.step == key]
    return _of(key, label, reverse(f"calls:application_{key}", args=[token]), own, begun)


def _of(key: str, label: str, url: str, own: Sequence[Lack], begun: bool) -> Step:
    state = "done" if not own else "doing" if begun else "todo"
    note = ngettext("%(count)d thing to do", "%(count)d things to do", len(own)) if own and begun else ""
    return Step(key, label, url, state, note % {"count": len(own)} if note else "")


def tasks(rows: Sequence[Step], token: str, *, ready: bool) -> list[Task]:
    """The steps as a task list that ends with checking and sending."""
    last = Task(
        _("Check and send"),
        url=reverse("calls:application_check", args=[token]),
        state="doing" if ready else "todo",
        note="" if ready else _("It can be sent when all of the above is done."),
    )
    return [*(Task(s.label, url=s.url, state=s.state, note=s.note) for s in rows), last]


def neighbour(rows: Sequence[Step], key: str, token: str) -> str:
    """Where “Save and continue” leads: the next page, and from the last one the check."""
    keys = [step.key for step in rows]
    after = keys.index(key) + 1 if key in keys else len(keys)
    return rows[after].url if after < len(rows) else reverse("calls:application_check", args=[token])


def position(rows: Sequence[Step], key: str) -> str:
    number = next((n for n, step in enumerate(rows, 1) if step.key == key), 0)
    return _("Step %(number)d of %(all)d") % {"number": number, "all": len(rows) + 1} if number else ""


def remaining(until: datetime, now: datetime | None = None) -> str:
    """How much time is left, in words; exact near the end."""
    seconds = int((until - (now or timezone.now())).total_seconds())
    if seconds <= 0:
        return _("the time is over")
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days >= 2:
        return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
    if hours >= 2:
        return ngettext("%(count)d hour left", "%(count)d hours left", hours) % {"count": hours}
    return ngettext("%(count)d minute left", "%(count)d minutes left", max(minutes, 1)) % {
        "count": max(minutes, 1)
    }


def deadline(application: Application) -> dict[str, str]:
    """Until when it can be sent, and how much time that is."""
    until = application.call.closes_at
    if application.state == ApplicationState.DRAFT and application.received_at:
        return {}  # it came in time; nothing hurries but the team's own work
    if application.state == ApplicationState.RETURNED:
        if application.complete_by is None:
            return {}
        until = application.complete_by
    soon = (until - timezone.now()).total_seconds() < 3 * 86400
    return {"until": moment(until), "left": remaining(until), "tone": "clay" if soon else "info"}


def lack_links(found: Sequence[Lack], token: str) -> list[dict[str, str]]:
    """What is missing or wrong, each with a link to its question."""
    return [
        {"label": f"{_shorter(lack.label)} – {lack.text}", "url": lack_url(lack, token)} for lack in found
    ]


def _shorter(label: str) -> str:
    return label if len(label) <= 80 else label[:78].rsplit(" ", 1)[0] + "…"


def lack_url(lack: Lack, token: str) -> str:
    if lack.step == "form":
        page = reverse("calls:application_section", args=[token, lack.section])
    else:
        page = reverse(f"calls:application_{lack.step}", args=[token])
    anchor = f"#id_{lack.field}" if lack.field else ""
    return f"{page}?check=1{anchor}"


# --- after it is sent -------------------------------------------------------------------------------


def state_for_applicant(application: Application) -> str:
    """The state that the applicant may know: a decision that has not left yet is not told."""
    return application.state if is_told(application) else ApplicationState.SUBMITTED


def tag(state: str) -> Tag:
    return Tag(str(ApplicationState(state).label), TONES.get(state, "neutral"))


def stages(application: Application, state: str) -> list[Task]:
    """The stages of the call, and where this application stands in them."""
    rows = application.call.rules.stages
    codes = [stage.code for stage in rows]
    here = codes.index(application.stage) if application.stage in codes else 0
    ended = state in (ApplicationState.OUT, ApplicationState.WITHDRAWN, ApplicationState.RESIGNED)
    found = []
    for n, stage in enumerate(rows):
        now = n == here and not ended
        state_ = "done" if n < here else "waiting" if now else "blocked" if n == here else "todo"
        yours = now and state == ApplicationState.RETURNED
        who = pgettext("who acts", "you") if yours else _("the team of the call") if now else ""
        found.append(Task(str(stage.label), state="doing" if yours else state_, who=who))
    return found[: here + 1] if ended else found


def next_words(application: Application, state: str) -> str:
    """Who does what next, in a sentence."""
    stage = next((s for s in application.call.rules.stages if s.code == application.stage), None)
    words = {"stage": stage.label if stage else "", "day": moment(application.complete_by)}
    return {
        "draft": _(
            "The call is closed, so this draft can no longer be sent. You may delete it or copy its text."
        ),
        "submitted": _("Now: %(stage)s. We write to you when something changes; you need not do anything."),
        "returned": _(
            "The team asks you to complete the application by %(day)s. Correct it and send it again."
        ),
        "out": _("The application was not selected. The letter that you got says why."),
        "reserve": _("The application is on the reserve list: it gets a grant when somebody resigns."),
        "offered": _("Part of the grant is offered to you. The letter says how to accept."),
        "selected": _("The application is selected. The team writes to you about the agreement."),
        "withdrawn": _("The application is taken back. Nothing more happens with it."),
        "resigned": _("You gave up the grant or the place on the list."),
    }[state] % words


def answers(stage: ApplicationStage, content: Mapping[str, Any]) -> list[tuple[str, list[Fact]]]:
    """What was sent, by section."""
    given = content["answers"]
    found = [(_("Who applies"), applicant_facts(content["kind"], content["applicant"], content["members"]))]
    for section in stage.sections:
        facts = [
            Fact(str(field.label), shown(field, given[field.code]).split("\n"))
            for field in section.fields
            if field.code in given
        ]
        if facts:
            found.append((str(section.label), facts))
    return found


def applicant_facts(kind: str, data: Mapping[str, str], members: Sequence[Mapping[str, Any]]) -> list[Fact]:
    facts = [Fact(str(d.label), data[d.code]) for d in ASKED[kind] if data.get(d.code)]
    others = [member["name"] for member in members if not member["is_contact"]]
    return [*facts, Fact(_("Other members"), others)] if others else facts


def draft_answers(filled: Filled, token: str = "") -> list[tuple[str, list[Fact]]]:
    """The draft as it will be sent; with a token each answer has a link that changes it."""
    found = [(_("Who applies"), _draft_applicant(filled, token))]
    for section in filled.stage.sections:
        page = reverse("calls:application_section", args=[token, section.code]) if token else ""
        asked = [f for f in section.fields if f.kind != "file" and filled.kind in f.applicants]
        facts = [
            _draft_fact(str(field.label), draft_said(field, filled.answers.get(field.code)), page, field.code)
            for field in asked
            if applies(field, filled.fields, filled.answers)
        ]
        if facts:
            found.append((str(section.label), facts))
    return found


def _draft_applicant(filled: Filled, token: str) -> list[Fact]:
    page = reverse("calls:application_applicant", args=[token]) if token else ""
    data = filled.applicant
    facts = [_draft_fact(str(d.label), str(data.get(d.code) or ""), page, d.code) for d in ASKED[filled.kind]]
    if filled.kind in WITH_MEMBERS:
        page = reverse("calls:application_people", args=[token]) if token else ""
        names = "\n".join(member.name or "–" for member in filled.members)
        facts.append(_draft_fact(_("Members"), names, page, ""))
    return facts


def _draft_fact(label: str, said: str, page: str, code: str) -> Fact:
    anchor = f"#id_{code}" if code else ""
    return Fact(
        label,
        (said or "–").split("\n"),
        change_url=f"{page}{anchor}" if page else "",
        change_label=_("Change it") if page else "",
    )


def draft_said(field: FormField, raw: Any) -> str:
    """An answer of a draft in words; what cannot be read is shown as it was typed."""
    try:
        return shown(field, fixed(field, value_of(field, raw)))
    except Wrong:
        return raw if isinstance(raw, str) else _("not readable yet")


def facts(application: Application) -> list[Fact]:
    """The head of a sent application."""
    rows = [
        (_("Its number"), application.label),
        (_("Call"), application.call.name),
        (_("Reached the office"), moment(application.received_at) if application.received_at else ""),
        (_("How this is known"), application.received_why),
        (_("Sent"), moment(application.submitted_at) if application.submitted_at else ""),
        (_("Amount"), sum_of(application.amount) if application.amount is not None else ""),
        (_("Grant"), sum_of(application.granted) if application.granted is not None else ""),
    ]
    return [Fact(label, value) for label, value in rows if value]


def file_rows(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**file, "megabytes": f"{file['size'] / 1024 / 1024:.1f}"} for file in content["files"]]


def statements_said(version: ApplicationVersion) -> list[tuple[str, list[tuple[str, datetime]]]]:
    """Each statement in the words that were agreed to, with who made it and when."""
    content = version.content
    names = {member["key"]: member["name"] for member in content["members"]}
    names[None] = display_name(content["kind"], content["applicant"] | {"group": ""})
    said: dict[str, list[tuple[str, datetime]]] = {}
    for one in sorted(content["statements"], key=lambda one: one["member"] or 0):
        made = (names.get(one["member"], ""), datetime.fromisoformat(one["at"]))
        said.setdefault(one["text"], []).append(made)
    return list(said.items())
