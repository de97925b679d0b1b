"""What the pages of a specification show, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from krzew.calls.applications.answers import is_empty
from krzew.calls.applications.check import Filled, Lack
from krzew.calls.definition.base import Described
from krzew.calls.definition.form import FormField
from krzew.calls.present.applications import draft_said
from krzew.trials.forms.specification import MET
from krzew.trials.models import Gate, Innovation, Remark, SpecificationVersion
from krzew.trials.queries.specification import Standing
from krzew.trials.states import VersionState
from krzew.trials.written.content import facts
from krzew.ui.components import Fact, Tag
from krzew.ui.formats import day, moment

TONES = {
    VersionState.SENT: "data",
    VersionState.ACCEPTED: "leaf",
    VersionState.RETURNED: "clay",
    VersionState.REJECTED: "neutral",
}
NOW = "now"
Address = Callable[..., str]
"""The address of a page of the specification for this visitor: `address("version", 2)`."""


def tag(state: str) -> Tag:
    if not state:
        return Tag(_("being written"), "neutral")
    return Tag(str(VersionState(state).label), TONES[VersionState(state)])


def lead(standing: Standing) -> str:
    """Who has the next move."""
    words = {"body": standing.stage.decided_by}
    if not standing.runs:
        return _("This innovation has ended, so nothing more is written here.")
    return {
        "": _("Write it, check it, send it. Then %(body)s decides and gives its reasons."),
        VersionState.SENT: _("It waits for %(body)s. Until the decision it does not change."),
        VersionState.ACCEPTED: _(
            "%(body)s accepted it. What comes next stands on the page of the innovation."
        ),
        VersionState.RETURNED: _("%(body)s asks for corrections. Mend what is said below and send it again."),
        VersionState.REJECTED: _("%(body)s did not accept it. The team writes to you about what this means."),
    }[standing.state] % words


def lack_links(lacks: Iterable[Lack], page: str) -> list[dict[str, str]]:
    """What is lacking, each with a link to its question."""
    return [
        {"label": f"{lack.label} – {lack.text}", "url": f"{page}?check=1#id_{lack.field}"} for lack in lacks
    ]


def draft(whole: Filled, fields: Iterable[FormField], page: str = "") -> list[Fact]:
    """What is written now; with `page` each answer has a link that changes it."""
    return [
        Fact(
            str(field.label),
            (draft_said(field, whole.answers.get(field.code)) or "–").split("\n"),
            change_url=f"{page}#id_{field.code}" if page else "",
            change_label=_("Change it") if page else "",
        )
        for field in fields
    ]


@dataclass(frozen=True)
class Written:
    """One question for those who read along: the answer, the remarks on it."""

    code: str
    label: str
    lines: list[str]
    empty: bool
    remarks: Sequence[Remark]


def written(
    whole: Filled, fields: Iterable[FormField], remarks: Mapping[str, Sequence[Remark]]
) -> list[Written]:
    found = []
    for field in fields:
        raw = whole.answers.get(field.code)
        lines = draft_said(field, raw).split("\n")
        found.append(Written(field.code, str(field.label), lines, is_empty(raw), remarks.get(field.code, [])))
    return found


@dataclass(frozen=True)
class Verdict:
    """What was decided about a version, in words."""

    outcome: Tag
    when: str
    reason: str
    criteria: list[tuple[str, str, str]]
    own: bool


def verdict(innovation: Innovation, gate: Gate | None, criteria: Iterable[Described]) -> Verdict | None:
    if gate is None:
        return None
    words = dict(MET)
    said = [
        (
            str(one.label),
            str(words.get(gate.criteria[one.code]["met"], "")),
            gate.criteria[one.code]["reason"],
        )
        for one in criteria
        if one.code in gate.criteria
    ]
    own = gate.by_id is not None and gate.by_id == innovation.mentor_id
    return Verdict(tag(gate.outcome), moment(gate.at), gate.reason, said, own)


@dataclass(frozen=True)
class Listed:
    """A version in the list beside the page."""

    label: str
    url: str
    tag: Tag
    note: str


def versions(
    rows: Iterable[SpecificationVersion], labels: Mapping[str, str], address: Address
) -> list[Listed]:
    """The newest first."""
    return [
        Listed(
            _("Version %(number)s") % {"number": row.number},
            address("version", row.number),
            tag(row.state),
            f"{labels.get(row.stage, row.stage)}, {day(row.sent_at)}",
        )
        for row in reversed(list(rows))
    ]


def version_facts(version: SpecificationVersion) -> list[Fact]:
    return [
        Fact(_("Sent"), _("%(at)s, Warsaw time") % {"at": moment(version.sent_at)}),
        Fact(_("Fingerprint"), version.content_hash[:16], note=_("Shows that nothing was changed since.")),
    ]


def answers(version: SpecificationVersion) -> list[Fact]:
    return facts(version.content)


def choices(
    rows: Iterable[SpecificationVersion], labels: Mapping[str, str], *, now: bool
) -> list[tuple[str, str]]:
    """Versions that may be compared, and what is written now."""
    found = [
        (
            str(row.number),
            _("version %(number)s, %(stage)s, %(day)s")
            % {"number": row.number, "stage": labels.get(row.stage, row.stage), "day": day(row.sent_at)},
        )
        for row in rows
    ]
    return [*found, (NOW, _("what is written now"))] if now else found
