"""The protocol of the body at the last gate: what was recommended, discussed and decided, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krzew.calls.definition.testing import DisseminationStage
from krzew.calls.models import Call
from krzew.trials.models import Choice, Innovation
from krzew.trials.present.dissemination import counters
from krzew.trials.queries.dissemination import Counters
from krzew.trials.states import InnovationState
from krzew.ui.formats import day, moment


def document(
    call: Call, stage: DisseminationStage, rows: Iterable[Innovation], found: Counters
) -> dict[str, Any]:
    """The words of the protocol, to be set by `calls.decisions_protocol.pdf`."""
    decided = [row for row in rows if getattr(row, "choice", None) and row.choice.final]
    return {
        "language": (get_language() or "pl")[:2],
        "title": str(stage.label),
        "subtitle": call.name,
        "facts": [
            [_("Organisation"), call.programme.organisation.name],
            [_("Decided by"), str(stage.body)],
            [_("Printed on"), moment(timezone.now())],
            *([fact.label, " ".join([*fact.values, fact.note])] for fact in counters(found)),
        ],
        "sections": [_overview(decided), *(_one(row, stage) for row in decided)],
        "signatures": [_("Present"), _("Signatures")],
        "footer": call.programme.organisation.name,
    }


def _label(state: str) -> str:
    return str(InnovationState(state).label) if state else "–"


def _overview(rows: list[Innovation]) -> dict[str, Any]:
    title = _("Decisions")
    if not rows:
        return {"title": title, "text": [_("Nothing has been decided yet.")], "table": None}
    body = [
        [row.title, _label(row.choice.initial), _label(row.choice.final), day(row.choice.decided_on)]
        for row in rows
    ]
    head = [_("Innovation"), _("Initial recommendation"), _("Decision"), _("On")]
    table = {"head": head, "rows": body, "numeric": [], "widths": [4, 2.5, 2.5, 2], "caption": title}
    return {"title": title, "text": [], "table": table}


def _one(row: Innovation, stage: DisseminationStage) -> dict[str, Any]:
    """One innovation: criteria, discussion, reasons, who decided."""
    choice: Choice = row.choice
    said = [f"{c.label}: {choice.criteria[c.code]}" for c in stage.criteria if choice.criteria.get(c.code)]
    if choice.initial_why:
        said.append(_("Initial recommendation: %(why)s") % {"why": choice.initial_why})
    if choice.discussion:
        said.append(_("Discussion: %(text)s") % {"text": choice.discussion})
    said.append(_("Reasons: %(reason)s") % {"reason": choice.reason})
    said.append(_("Decided: %(members)s") % {"members": "; ".join(choice.members.splitlines())})
    return {"title": row.title, "text": said, "table": None}
