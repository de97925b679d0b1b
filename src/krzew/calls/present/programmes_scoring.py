"""From the formal check to the appeal, in words: what is checked, scored, ranked, decided and published."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from krzew.calls.definition import Definition
from krzew.calls.definition.assessment import (
    Check,
    Completion,
    Criterion,
    FormalStage,
    MeritStage,
    PitchStage,
    StrategicStage,
    TalkStage,
    Threshold,
)
from krzew.calls.definition.selection import AppealStage, DecisionStage, Quota, RankingStage
from krzew.calls.present import programmes_topics
from krzew.calls.present.programmes_base import (
    Group,
    Item,
    Said,
    described,
    listed,
    points,
    sum_of,
    working_days,
)
from krzew.calls.scoring import scored_stages
from krzew.calls.states import Outcome
from krzew.ui.components import Cell, Column, Table
from krzew.ui.formats import number

Scored = MeritStage | PitchStage
COLUMNS = {
    "number": gettext_lazy("its number"),
    "title": gettext_lazy("its title"),
    "applicant": gettext_lazy("applicant"),
    "points": gettext_lazy("points"),
    "result": gettext_lazy("result"),
    "reason": gettext_lazy("reason"),
    "amount": gettext_lazy("amount"),
    "place": gettext_lazy("place"),
}
ROUNDS = {
    "initial": gettext_lazy("a first recommendation of each member"),
    "discussion": gettext_lazy("a discussion"),
    "final": gettext_lazy("a final recommendation"),
}
RULES = {
    "strict": gettext_lazy(
        "Money goes down the list until the first application that no longer fits; it stops there."
    ),
    "skip": gettext_lazy("Money goes down the list; an application that no longer fits is passed over."),
    "partial": gettext_lazy(
        "Money goes down the list; the first application that no longer fits is offered what is left."
    ),
}


def formal(stage: FormalStage, _definition: Definition) -> Said:
    lines = (
        [_completion(stage.completion)]
        if stage.completion
        else [_("There is no completing of applications.")]
    )
    return Said(lines, [Group(_("What is checked"), tuple(_check(check) for check in stage.checks))])


def _check(check: Check) -> Item:
    notes = [_("Krzew checks it by itself")] if check.automatic else []
    if not check.can_be_completed:
        notes.append(_("cannot be completed later"))
    return Item(str(check.label), str(check.hint or ""), tuple(notes), code=check.code)


def _completion(rule: Completion) -> str:
    times = ngettext("once", "up to %(n)s times", rule.rounds) % {"n": rule.rounds}
    late = (
        _("Without it the application is left without consideration.")
        if rule.late == "left_without_consideration"
        else _("Without it the application is rejected.")
    )
    text = _("The applicant may be asked %(times)s to complete the application within %(days)s.")
    return text % {"times": times, "days": working_days(rule.working_days)} + " " + late


def merit(stage: MeritStage, definition: Definition) -> Said:
    text = ngettext(
        "%(n)s assessor reads each application and scores it alone.",
        "%(n)s assessors read each application, and each scores it alone.",
        stage.assessors,
    )
    lines = [text % {"n": stage.assessors}, *_divergence(stage), *_blind(stage), *_length(stage)]
    return _scored([*lines, *sentences(stage, definition)], stage, definition)


def _scored(said: list[str], stage: Scored, definition: Definition) -> Said:
    """What is said of a stage with points, its criteria, and those of its topics."""
    own = programmes_topics.tables(stage, definition, criteria_table, sentences)
    common = criteria_table(stage.criteria, stage.most)
    return Said([*said, *programmes_topics.lines(stage)], (), [common, *own])


def _divergence(stage: MeritStage) -> list[str]:
    if stage.divergence is None:
        return [_("The points are the mean of the cards.")] if stage.assessors > 1 else []
    what = {
        "decides": _("the card of the third one decides"),
        "joins_mean": _("the mean of all three counts"),
        "nearest_two": _("the mean of the two nearest cards counts"),
    }[stage.divergence.third]
    text = _("When two cards differ by more than %(points)s points, a third assessor reads it, and %(what)s.")
    return [text % {"points": points(stage.divergence.over), "what": what}]


def _blind(stage: MeritStage) -> list[str]:
    lines = []
    if stage.blind.others_until_own_is_done:
        lines.append(_("An assessor sees the cards of others only when her own is signed."))
    if stage.blind.applicant:
        lines.append(_("Assessors do not see who applies."))
    if stage.blind.names_of_assessors:
        lines.append(_("The applicant does not learn the names of the assessors."))
    return lines


def _length(stage: MeritStage) -> list[str]:
    if not stage.card_justification:
        return []
    text = ngettext(
        "The card as a whole is justified in at least %(n)s character.",
        "The card as a whole is justified in at least %(n)s characters.",
        stage.card_justification,
    )
    return [text % {"n": number(stage.card_justification)}]


def pitch(stage: PitchStage, definition: Definition) -> Said:
    text = ngettext(
        "The applicant speaks for at most %(n)s minute.",
        "The applicant speaks for at most %(n)s minutes.",
        stage.minutes,
    )
    lines = [text % {"n": stage.minutes}]
    if stage.questions_minutes:
        text = ngettext(
            "Questions take %(n)s minute.", "Questions take %(n)s minutes.", stage.questions_minutes
        )
        lines.append(text % {"n": stage.questions_minutes})
    if stage.notice_days:
        text = ngettext(
            "The date is told at least %(n)s day ahead.",
            "The date is told at least %(n)s days ahead.",
            stage.notice_days,
        )
        lines.append(text % {"n": stage.notice_days})
    text = ngettext("The panel has %(n)s person.", "The panel has %(n)s persons.", stage.panel)
    lines += [text % {"n": stage.panel}, ABSENCE[stage.absence]]
    return _scored([*map(str, lines), *sentences(stage, definition)], stage, definition)


ABSENCE: dict[str, Any] = {
    "zero": gettext_lazy("Who does not come gets no points."),
    "rejected": gettext_lazy("Who does not come is rejected."),
    "new_date": gettext_lazy("Who does not come gets another date once."),
}


def criteria_table(criteria: Iterable[Criterion], most: Decimal) -> Table:
    """Criteria with their scale and minimum; weight and justification only where there are some."""
    rows = list(criteria)
    extra: list[tuple[Column, Callable[[Criterion], Any]]] = []
    if any(c.weight != 1 for c in rows):
        extra.append((Column("weight", _("Weight"), "number"), lambda c: points(c.weight)))
    if any(c.justification for c in rows):
        column = Column("justified", _("Justification"), "number", unit=_("characters at least"))
        extra.append((column, lambda c: c.justification or Cell(None, missing="–")))
    columns = [
        Column("criterion", _("Criterion")),
        Column("scale", _("Points"), "number"),
        Column("least", _("Minimum"), "number"),
        *(column for column, _value in extra),
    ]
    body = [[_name(c), _scale(c), _least(c), *(value(c) for _c, value in extra)] for c in rows]
    title = _("Criteria: %(most)s points at most") % {"most": points(most)}
    return Table(title, columns, body)


def _name(criterion: Criterion) -> Cell:
    levels = "; ".join(f"{points(level.points)} – {level.label}" for level in criterion.levels)
    note = " ".join(part for part in (str(criterion.hint or ""), levels) if part)
    return Cell(str(criterion.label), note=note)


def _scale(criterion: Criterion) -> str:
    scale = f"0–{points(criterion.most)}"
    if criterion.step == 1:
        return scale
    return _("%(scale)s by %(step)s") % {"scale": scale, "step": points(criterion.step)}


def _least(criterion: Criterion) -> Any:
    if criterion.least_on_card is not None:
        return Cell(points(criterion.least_on_card), note=_("on every card"))
    return points(criterion.least) if criterion.least else Cell(None, missing=_("none"))


def sentences(stage: Scored, definition: Definition) -> list[str]:
    """What must be reached, in sentences: minima first, sums after them."""
    said = []
    if any(c.least or c.least_on_card for c in stage.criteria):
        said.append(_("Every criterion has its minimum; one below it is enough to drop out."))
    return said + [threshold(t, stage, definition) for t in stage.thresholds]


def threshold(rule: Threshold, stage: Scored, definition: Definition) -> str:
    """“Sum of parts A and B”: at least 32.5 of 65 points."""
    by_code = {s.code: s for s in scored_stages(definition)}
    chosen = [by_code[code] for code in rule.stages or (stage.code,) if code in by_code]
    what = {
        "name": rule.label,
        "least": points(rule.least),
        "most": points(sum((s.most for s in chosen), Decimal(0))),
        "stages": listed(_("“%(name)s”") % {"name": s.label} for s in chosen),
    }
    if rule.on_card:
        return _("%(name)s: at least %(least)s of %(most)s points, on every card by itself.") % what
    if len(chosen) > 1:
        return _("%(name)s: at least %(least)s of %(most)s points in %(stages)s together.") % what
    return _("%(name)s: at least %(least)s of %(most)s points.") % what


def talk(stage: TalkStage, _definition: Definition) -> Said:
    steps = listed(str(ROUNDS[name]) for name in stage.rounds)
    lines = [
        _("%(body)s talks with the authors. There are no points: %(steps)s.")
        % {"body": stage.body, "steps": steps}
    ]
    groups = [Group(_("What is talked about"), described(stage.questions))] if stage.questions else []
    return Said(lines, groups)


def strategic(stage: StrategicStage, _definition: Definition) -> Said:
    text = _("%(body)s chooses among those who passed. Its reasons are kept and told.")
    return Said([text % {"body": stage.body}])


def ranking(stage: RankingStage, definition: Definition) -> Said:
    lines = [str(RULES[stage.rule]), *_ties(stage, definition)]
    if stage.separate_by:
        lines.append(
            _("There are separate lists by the answer to “%(question)s”.")
            % {"question": _asked(stage, definition)}
        )
    if stage.places:
        text = ngettext("There is %(n)s place.", "There are %(n)s places.", stage.places)
        lines.append(text % {"n": number(stage.places)})
    lines.append(
        _("Those who do not fit make a reserve list.") if stage.reserve else _("There is no reserve list.")
    )
    if stage.accept_working_days:
        text = _("Who moves up from the reserve, or is offered a part, answers within %(days)s.")
        lines.append(text % {"days": working_days(stage.accept_working_days)})
    return Said(lines, _limits(stage, definition))


def _asked(stage: RankingStage, definition: Definition) -> str:
    form = definition.form
    found = [f for f in form.fields if f.code == stage.separate_by] if form else []
    return str(found[0].label) if found else str(stage.separate_by)


def _ties(stage: RankingStage, definition: Definition) -> list[str]:
    names = {c.code: str(c.label) for s in scored_stages(definition) for c in s.criteria}
    names |= {s.code: str(s.label) for s in definition.of_kind("vote")}
    chosen = [names.get(code, code) for code in stage.ties]
    said = []
    if chosen:
        said.append(
            _("Of two with equal points, the one with more points counts first in: %(list)s.")
            % {"list": ", ".join(chosen)}
        )
    if stage.then_lottery:
        said.append(_("Those who are still equal are drawn, in a way that anyone can check."))
    return said


def _limits(stage: RankingStage, definition: Definition) -> list[Group]:
    groups = []
    if stage.pools:
        form = definition.form
        options = {o.code: str(o.label) for f in (form.fields if form else ()) for o in f.options}
        pools = tuple(
            Item(options.get(code, code), notes=(sum_of(value),)) for code, value in stage.pools.items()
        )
        groups.append(Group(_("Separate pools"), pools))
    if stage.quotas:
        groups.append(
            Group(_("Quotas"), tuple(Item(str(q.label), notes=tuple(quota(q))) for q in stage.quotas))
        )
    return groups


def quota(rule: Quota) -> list[str]:
    parts = []
    if rule.at_least is not None:
        parts.append(_("at least %(n)s") % {"n": rule.at_least})
    if rule.at_most is not None:
        parts.append(_("at most %(n)s") % {"n": rule.at_most})
    if rule.money_at_least is not None:
        parts.append(_("at least %(n)s") % {"n": sum_of(rule.money_at_least)})
    if rule.money_at_most is not None:
        parts.append(_("at most %(n)s") % {"n": sum_of(rule.money_at_most)})
    return parts


def decision(stage: DecisionStage, _definition: Definition) -> Said:
    columns = ", ".join(str(COLUMNS[name]) for name in stage.publish)
    lines = [
        _("The decision is taken by: %(body)s.") % {"body": stage.body},
        _("Published are: %(columns)s.") % {"columns": columns},
    ]
    letters = tuple(Item(outcome(name), hint=str(text)) for name, text in stage.letters.items())
    return Said(lines, [Group(_("Words of the letters"), letters)] if letters else [])


def outcome(name: str) -> str:
    return str(Outcome(name).label)


def appeal(stage: AppealStage, _definition: Definition) -> Said:
    against = listed(outcome(name) for name in stage.against)
    lines = [
        _("One may appeal within %(days)s against: %(against)s.")
        % {"days": working_days(stage.working_days), "against": against}
    ]
    if stage.decide_working_days:
        lines.append(
            _("The answer comes within %(days)s.") % {"days": working_days(stage.decide_working_days)}
        )
    if stage.another_assessor:
        lines.append(_("Somebody who has not assessed it before looks again."))
    if stage.final:
        lines.append(_("The second decision is final."))
    return Said(lines)


SAY: dict[str, Callable[[Any, Definition], Said]] = {
    "formal": formal,
    "merit": merit,
    "pitch": pitch,
    "talk": talk,
    "strategic": strategic,
    "ranking": ranking,
    "decision": decision,
    "appeal": appeal,
}
