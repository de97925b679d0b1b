"""What an applicant is told: the result, every reason, in the language of the application."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.calls.assessment_words import points, told
from krzew.calls.decisions_rules import accept_days, is_partial
from krzew.calls.definition import Definition
from krzew.calls.definition.selection import DecisionStage
from krzew.calls.definition.vote import VoteStage
from krzew.calls.formal_letters import how_to_appeal
from krzew.calls.models import Application, Call, Decision
from krzew.calls.present.vote import told as votes_told
from krzew.calls.scoring import scored_stages
from krzew.calls.selection_lists import misses_of
from krzew.calls.states import Outcome
from krzew.ui.formats import money


def feedback(call: Call, application: Application, row: Mapping[str, Any], outcome: str) -> str:
    """Points by criterion and every minimum that was missed, in plain words. People may edit it."""
    with override(application.language):
        lines = [*_missed(row), *_points(application.rules, row)] if row else []
        if outcome == Outcome.REJECTED_MERIT and row and not row.get("misses") and row.get("criteria"):
            lines.insert(0, _("Every minimum is met. Others had more points, and the money ended before."))
        if votes := votes_told(call, application):
            lines.append(votes)
        return "\n".join(lines)


def _missed(row: Mapping[str, Any]) -> list[str]:
    found = list(dict.fromkeys(told(miss) for miss in misses_of(row)))
    return [_("What was missing:"), *(f"– {text}" for text in found), ""] if found else []


def _points(rules: Definition, row: Mapping[str, Any]) -> list[str]:
    given = row.get("criteria", {})
    if not given:
        return []
    criteria = [c for stage in scored_stages(rules) for c in stage.criteria if c.code in given]
    votes = rules.of_kind("vote") if "public" in row else ()
    voted = [(s.label, s.weight) for s in votes if isinstance(s, VoteStage) and s.weight]
    most = sum((c.most * c.weight for c in criteria), Decimal(0)) + sum(weight for _label, weight in voted)
    words = {"total": points(Decimal(row["total"])), "most": points(most)}
    lines = [_("Points: %(total)s of %(most)s.") % words]
    for c in criteria:
        facts = {"label": str(c.label), "points": points(Decimal(given[c.code])), "most": points(c.most)}
        lines.append("– " + _("%(label)s: %(points)s of %(most)s") % facts)
    for label, weight in voted:
        gained = points(Decimal(row["public"]["points"]))
        facts = {"label": str(label), "points": gained, "most": points(weight)}
        lines.append("– " + _("%(label)s: %(points)s of %(most)s") % facts)
    return lines


def letter(call: Call, application: Application, decision: Decision) -> tuple[str, str]:
    """Subject and body of the letter with the result; a function of the decision alone."""
    with override(application.language):
        words = _words(call, application, decision)
        subject = _("Application %(number)s: the result") % words
        parts = [
            _("Good morning,"),
            _("this is about the application “%(title)s”, number %(number)s, in the call “%(call)s”.")
            % words,
            _result(call, application, decision, words),
            decision.feedback or (decision.reason if not decision.proposed else ""),
            how_to_appeal_against(call, application, decision.outcome),
        ]
        return subject, "\n\n".join(part.strip() for part in parts if part and part.strip())


def _words(call: Call, application: Application, decision: Decision) -> dict[str, Any]:
    return {
        "number": application.label,
        "title": str(application),
        "call": call.name,
        "amount": money(decision.amount, 2) if decision.amount is not None else "",
        "asked": money(application.amount, 2) if application.amount is not None else "",
        "days": accept_days(call) or 0,
    }


def _result(call: Call, application: Application, decision: Decision, words: dict[str, Any]) -> str:
    """The words of the call for this outcome, or our own."""
    stage = next((s for s in call.rules.stages if isinstance(s, DecisionStage)), None)
    own = stage.letters.get(decision.outcome) if stage else None  # type: ignore[call-overload]
    said = [str(own)] if own else []
    if is_partial(decision, application):
        said.append(
            _(
                "There is money for a part: %(amount)s instead of %(asked)s. Say on the page of your application "
                "whether you take it."
            )
            % words
        )
        if words["days"]:
            said.append(_("Number of working days for your answer: %(days)s.") % words)
    elif not own:
        said.append(_default(decision, words))
    return "\n\n".join(said)


def _default(decision: Decision, words: dict[str, Any]) -> str:
    texts = {
        Outcome.GRANTED: _(
            "It is selected. The grant: %(amount)s. The team writes to you about the agreement."
        )
        if words["amount"]
        else _("It is selected. The team writes to you about what comes next."),
        Outcome.RESERVE: _(
            "It is on the reserve list. If somebody gives up a grant, the money goes down this list."
        ),
        Outcome.REJECTED_MERIT: _("It is not selected."),
        Outcome.REJECTED_FORMAL: _("It did not pass the formal check."),
        Outcome.LEFT: _("It is left without consideration."),
    }
    return texts[Outcome(decision.outcome)] % words


def how_to_appeal_against(call: Call, application: Application, outcome: str) -> str:
    if outcome in (Outcome.GRANTED, Outcome.RESERVE):
        return ""
    seen = Application(call=call, outcome=outcome)
    return how_to_appeal(seen)
