"""What is missing before a call can be announced. The page lists it; the act refuses while something is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.calls.definition import BadDefinition, Definition, read
from krzew.calls.definition.selection import RankingStage
from krzew.calls.models import Call
from krzew.library.queries import names
from krzew.timeline.working_days import is_working_day

Where = Literal["call", "programme"]


@dataclass(frozen=True)
class Need:
    """One thing that a call needs. `blocks`: it cannot be announced without; otherwise it is worth a look."""

    label: str
    done: bool
    note: str = ""
    where: Where = "call"
    blocks: bool = True


def needs(call: Call, now: datetime | None = None) -> list[Need]:
    """Everything that is needed, done or not, in the order in which people see to it."""
    try:
        rules = read(call.programme.definition)
    except BadDefinition as error:
        problems = " ".join(str(problem) for problem in error.problems)
        return [Need(_("The programme has no contradictions"), False, problems, "programme")]
    return [
        _settled(rules),
        _texts(call),
        _dates(call, now or timezone.now()),
        _pool(call, rules),
        *_solutions(rules),
        *_hints(call),
    ]


def lacking(call: Call, now: datetime | None = None) -> list[Need]:
    """What still keeps the call from being announced."""
    return [need for need in needs(call, now) if need.blocks and not need.done]


def _settled(rules: Definition) -> Need:
    note = " ".join(str(question) for question in rules.open_questions)
    return Need(_("Open questions of the programme are settled"), not rules.open_questions, note, "programme")


def _texts(call: Call) -> Need:
    done = all(text.strip() for text in (call.name_pl, call.name_en, call.about_pl, call.about_en))
    note = "" if done else _("Write in Polish and in English what the call is about.")
    return Need(_("Name and text in both languages"), done, note)


def _dates(call: Call, now: datetime) -> Need:
    done = call.closes_at > now
    note = "" if done else _("The closing date has passed. Set a later one.")
    return Need(_("Dates, and the closing one is ahead"), done, note)


def _pool(call: Call, rules: Definition) -> Need:
    label = _("Money: the pool, or what else limits the list")
    least = rules.grant.least
    if call.pool is not None and least is not None and call.pool < least:
        return Need(label, False, _("The pool does not pay for one grant."))
    lists = [stage for stage in rules.stages if isinstance(stage, RankingStage)]
    limited = call.pool is not None or rules.grant.grants or all(s.pools or s.places for s in lists)
    return Need(label, bool(limited), "" if limited else _("Give the pool of this call."))


def _solutions(rules: Definition) -> list[Need]:
    """Solutions of closed lists must be in the library: nobody could read what they apply for."""
    slugs = {slug for field in (rules.form.fields if rules.form else ()) for slug in field.solutions}
    if not slugs:
        return []
    gone = sorted(slugs - set(names(sorted(slugs))))
    note = _("Not in the library: %(codes)s.") % {"codes": ", ".join(gone)} if gone else ""
    return [Need(_("Solutions that may be applied for are in the library"), not gone, note, "programme")]


def _hints(call: Call) -> list[Need]:
    """Worth a look, and never in the way."""
    found = []
    if not call.results_on:
        note = _("People plan by it. You may give it later, as a change of the announcement.")
        found.append(Need(_("The day by which results come"), False, note, blocks=False))
    closing = timezone.localdate(call.closes_at)
    if not is_working_day(closing):
        note = _("Nobody may be at the telephone to help in the last hours.")
        found.append(Need(_("The call closes on a day off"), False, note, blocks=False))
    return found
