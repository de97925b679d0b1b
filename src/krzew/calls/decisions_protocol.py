"""The protocol of a decision: everything that is needed to compute and to check it again, as PDF/UA-1."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krzew.calls.assessment_words import told
from krzew.calls.decisions_rules import deciding_body, deciding_code
from krzew.calls.models import Call, Decision, Ranking
from krzew.calls.present.decisions import said
from krzew.calls.present.vote import protocol as vote_protocol
from krzew.calls.queries.council import before_council, council_stage, last_advice
from krzew.calls.queries.decisions import basis
from krzew.calls.queries.selection import KeptList, lists, ranking
from krzew.calls.selection_lists import misses_of
from krzew.ui.formats import moment, number
from krzew.ui.pdf import typeset

TEMPLATE = Path(__file__).with_name("decisions_protocol.typ")


def pdf(document: dict[str, Any]) -> bytes:
    """The protocol, or any other paper of the same parts, as PDF/UA-1."""
    return typeset(TEMPLATE, document)


def document(call: Call) -> dict[str, Any]:
    """The words of the protocol."""
    made = ranking(call)
    rows = _decisions(call)
    return {
        "language": (get_language() or "pl")[:2],
        "title": _("Protocol of the decision"),
        "subtitle": call.name,
        "facts": _facts(call, made),
        "sections": [
            *_ranking(made),
            *_vote(call),
            *_council(call),
            _decided(rows),
            *_departures(rows),
            *_missed(made),
        ],
        "signatures": [_("Present"), _("Signatures")],
        "footer": call.programme.organisation.name,
    }


def _facts(call: Call, made: Ranking | None) -> list[list[str]]:
    found = [
        [_("Organisation"), call.programme.organisation.name],
        [_("Decided by"), deciding_body(call) or call.programme.organisation.name],
        [_("Printed on"), moment(timezone.now())],
    ]
    if call.results_released_at:
        found.append([_("Announced on"), moment(call.results_released_at)])
    if made:
        found += [
            [_("Ranking made on"), moment(made.made_at)],
            [_("Fingerprint of the data"), made.data_hash],
        ]
        if made.seed_commitment:
            found.append([_("Fingerprint of the seed"), made.seed_commitment])
        if made.content.get("why"):
            found.append([_("Order of equals"), made.content["why"]])
    return found


def _decisions(call: Call) -> list[Decision]:
    """The last decision about each application."""
    rows = Decision.objects.filter(application__call=call).select_related("application", "by")
    last = {d.application_id: d for d in rows.order_by("at", "pk")}
    for decision in last.values():
        decision.application.call = call
    return sorted(last.values(), key=lambda d: d.application.number or 0)


def _section(title: str, text: Sequence[str] = (), table: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"title": title, "text": list(text), "table": table}


def _ranking(made: Ranking | None) -> list[dict[str, Any]]:
    return [_list(part) for part in lists(made)] if made else []


def _list(part: KeptList) -> dict[str, Any]:
    language = (get_language() or "pl")[:2]
    head = [_("Place"), _("No."), _("Title"), _("Points"), _("Outcome")]
    outcomes = {
        "funded": _("proposed in full"),
        "partial": _("proposed in part"),
        "reserve": _("reserve"),
        "rejected": _("not selected"),
    }
    rows = [
        [str(e.place or "–"), e.code, e.title, number(e.points), outcomes.get(e.outcome, e.outcome)]
        for e in part.decision.entries
    ]
    title = _("Ranking")
    if part.label:
        title = f"{title}: {part.label}"
    table = {"head": head, "rows": rows, "numeric": [0, 3], "widths": [1, 1.2, 5, 1.2, 2.4], "caption": title}
    return _section(title, part.decision.explain(language), table)


def _decided(rows: Sequence[Decision]) -> dict[str, Any]:
    body = [
        [d.application.label, d.application.title, said(d.outcome, d.amount), str(d.by or "–")] for d in rows
    ]
    head = [_("No."), _("Title"), _("Decision"), _("Entered by")]
    title = _("Decisions")
    return _section(
        title, [], {"head": head, "rows": body, "numeric": [], "widths": [1.2, 4, 3, 2], "caption": title}
    )


def _vote(call: Call) -> list[dict[str, Any]]:
    """The count of the public vote and what it means; nothing before it is counted."""
    found = vote_protocol(call)
    if found is None:
        return []
    title, text, body = found
    head = [_("No."), _("Title"), _("Votes")]
    table = {"head": head, "rows": body, "numeric": [2], "widths": [1.2, 6, 1.5], "caption": title}
    return [_section(title, text, table)]


def _council(call: Call) -> list[dict[str, Any]]:
    """What the council recommended, why, and who took no part."""
    stage = council_stage(call)
    if stage is None:
        return []
    rows = before_council(call, stage.code, basis(call).places)
    said_ = last_advice(rows)
    body = []
    for row in (one for one in rows if one.pk in said_):
        row.call, advice = call, said_[row.pk]
        out = [_("Took no part: %(names)s") % {"names": advice.stepped_out}] if advice.stepped_out else []
        reason = " ".join([advice.reason, *out])
        body.append([row.label, row.title, str(advice.get_outcome_display()), reason])
    title = _("Recommendations of the council")
    if not body:
        return [_section(title, [_("The council has recommended nothing yet.")])]
    head = [_("No."), _("Title"), _("Recommendation"), _("Why")]
    table = {"head": head, "rows": body, "numeric": [], "widths": [1.2, 3, 2, 5], "caption": title}
    return [_section(f"{title}: {stage.body}", [], table)]


def _departures(rows: Sequence[Decision]) -> list[dict[str, Any]]:
    """Where the decision differs from the ranking, and why."""
    found = [
        _("%(number)s: proposed “%(proposed)s”, decided “%(decided)s”. Reason: %(reason)s")
        % {
            "number": d.application.label,
            "proposed": said(d.proposed, None) if d.proposed else _("nothing"),
            "decided": said(d.outcome, d.amount),
            "reason": d.reason,
        }
        for d in rows
        if d.reason and d.stage == deciding_code(d.application.call)
    ]
    nothing = [_("No decision differs from what was proposed.")]
    return [_section(_("Differences from the proposal, with reasons"), found or nothing)]


def _missed(made: Ranking | None) -> list[dict[str, Any]]:
    if made is None:
        return []
    found = []
    for label, row in made.content["rows"].items():
        texts = list(dict.fromkeys(told(miss) for miss in misses_of(row)))
        if texts:
            found.append(f"{label}: {' '.join(texts)}")
    return [_section(_("Minima and thresholds missed"), found)] if found else []
