"""What the pages on the result of a test show, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from krzew.calls.definition.base import Described
from krzew.library.catalogue import evidence_levels
from krzew.trials.forms.evaluation import RATINGS
from krzew.trials.models import Conclusion, Evaluation, FinalReport, Innovation, Opinion
from krzew.trials.queries import evaluation as queries
from krzew.trials.states import PaperState
from krzew.trials.written.content import facts as content_facts
from krzew.trials.written.known import Known
from krzew.ui.components import Fact, Tag, Task
from krzew.ui.formats import day, moment

HEADINGS = {
    "testers": gettext_lazy("Who took part"),
    "results": gettext_lazy("What was measured"),
    "changes": gettext_lazy("What was changed during the test"),
    "incidents": gettext_lazy("What went wrong"),
    "cost": gettext_lazy("What it cost"),
}
TONES = {Conclusion.WORKS: "leaf", Conclusion.PARTLY: "data"}


@dataclass(frozen=True)
class Group:
    label: str
    lines: list[str]


def groups(rows: Iterable[Known]) -> list[Group]:
    """What the test knows, by what it is about."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.about, []).append(row.text)
    return [Group(str(HEADINGS[about]), found[about]) for about in HEADINGS if about in found]


def paper_tag(state: str) -> Tag:
    return Tag(str(PaperState(state).label), "leaf" if state == PaperState.DONE else "neutral")


def tasks(innovation: Innovation, opinions: list[Opinion], urls: Mapping[str, str]) -> list[Task]:
    """The papers of this stage and of the last gate: which are there, who is waited for."""
    made = {
        "final_report": _report_task(innovation, urls),
        "evaluation": _evaluation_task(innovation, urls),
        "mentor_opinion": _opinion_task(innovation, opinions, urls),
        "presentation": _presentation_task(innovation, urls),
    }
    return [made[name] for name in queries.needed(innovation)]


def _state(row: Any) -> str:
    if row is None or (row.state == PaperState.DRAFT and not row.revision):
        return "todo"
    return "done" if row.state == PaperState.DONE else "doing"


def _report_task(innovation: Innovation, urls: Mapping[str, str]) -> Task:
    row = getattr(innovation, "final_report", None)
    state = _state(row)
    note = _("signed %(day)s") % {"day": day(row.signed_at)} if row and state == "done" else ""
    who = "" if state == "done" else pgettext("who acts", "the innovator")
    return Task(_("Final report"), urls.get("final_report", ""), state, note=note, who=who)


def _evaluation_task(innovation: Innovation, urls: Mapping[str, str]) -> Task:
    row = getattr(innovation, "evaluation", None)
    state = _state(row)
    note = str(Conclusion(row.conclusion).label) if row and state == "done" else ""
    who = "" if state == "done" else str(innovation.call.programme.organisation)
    return Task(_("Evaluation"), urls.get("evaluation", ""), state, note=note, who=who)


def _opinion_task(innovation: Innovation, opinions: list[Opinion], urls: Mapping[str, str]) -> Task:
    there = bool(opinions)
    mentor = str(innovation.mentor) if innovation.mentor else _("a mentor, who has to be named first")
    url = urls.get("opinion", "") or ("" if innovation.mentor or there else urls.get("mentor", ""))
    return Task(_("Opinion of the mentor"), url, "done" if there else "todo", who="" if there else mentor)


def _presentation_task(innovation: Innovation, urls: Mapping[str, str]) -> Task:
    row = getattr(innovation, "presentation", None)
    done = row is not None and row.took_place
    gate = queries.last_gate(innovation)
    body = str(gate.body) if gate else ""
    state = "done" if done else "waiting" if row else "todo"
    due = row.on if row and not done else None
    note = day(row.on) if row and done else ""
    who = "" if done else str(innovation.call.programme.organisation)
    label = _("Presentation before: %(body)s") % {"body": body} if body else _("Presentation")
    return Task(label, urls.get("presentation", ""), state, note=note, due=due, who=who)


def report_facts(row: FinalReport) -> list[Fact]:
    """The report as it was signed last."""
    return content_facts(row.sent[-1]) if row.sent else []


def signed(row: FinalReport) -> str:
    if not row.sent:
        return ""
    last = row.sent[-1]
    words = {"name": last["name"], "at": moment(row.signed_at), "hash": last["hash"][:16]}
    return _("Signed by %(name)s, %(at)s. Fingerprint %(hash)s.") % words


@dataclass(frozen=True)
class Said:
    """A signed evaluation in words."""

    conclusion: Tag
    rows: list[tuple[str, str, str]]
    facts: list[Fact]
    by: str
    own: bool


def said(innovation: Innovation, row: Evaluation, criteria: Iterable[Described]) -> Said | None:
    if row.state != PaperState.DONE:
        return None
    words, conclusion = dict(RATINGS), Conclusion(row.conclusion)
    rows = [
        (str(one.label), str(words[row.ratings[one.code]["rating"]]), row.ratings[one.code]["text"])
        for one in criteria
        if one.code in row.ratings
    ]
    by = {"name": str(row.by) if row.by else "–", "at": moment(row.signed_at)}
    return Said(
        conclusion=Tag(str(conclusion.label), TONES.get(conclusion, "neutral")),
        rows=rows,
        facts=_said_facts(row),
        by=_("Signed by %(name)s, %(at)s.") % by,
        own=row.by_id is not None and row.by_id == innovation.mentor_id,
    )


def _said_facts(row: Evaluation) -> list[Fact]:
    level = evidence_levels().get(str(row.level))
    rows = [
        Fact(_("What the test showed"), row.summary_pl.split("\n")),
        Fact(_("In English"), row.summary_en.split("\n") if row.summary_en else _("not written yet")),
        Fact(_("Harm seen"), row.harm.split("\n") if row.harm else _("none is noted")),
    ]
    if level is not None:
        name = f"{row.level}: {level.name}"
        rows.append(Fact(_("How far it is proven"), name, note=str(level.description)))
    return rows


def opinion_label(row: Opinion) -> str:
    return _("recommends it") if row.recommends else _("does not recommend it")


def urls(innovation: Innovation, *, manages: bool, mentors: bool) -> dict[str, str]:
    """What this person of the team may open."""
    found = {"final_report": "#report"}
    if manages:
        for key, name in (
            ("evaluation", "team_evaluation_write"),
            ("presentation", "team_presentation"),
            ("mentor", "mentor"),
        ):
            found[key] = reverse(f"trials:{name}", args=[innovation.pk])
    if mentors:
        found["opinion"] = reverse("trials:team_opinion", args=[innovation.pk])
    return found
