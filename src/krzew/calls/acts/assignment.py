"""Who assesses what: proposed by a method, changed by hand with a reason, adopted by a person."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls import assessment_conflicts
from krzew.calls.acts.assignment_letters import letter_of_work
from krzew.calls.acts.steps import move
from krzew.calls.assessment_matching import (
    LIVE,
    Assessed,
    Table,
    conflicts,
    fit,
    pool,
    stage_of,
    table,
    usual_number,
)
from krzew.calls.definition.assessment import MeritStage
from krzew.calls.models import Application, Assessor, AssignmentPlan, Call, Reading, content_hash
from krzew.calls.rules import manage_application, manage_call
from krzew.calls.states import READING, ReadingState
from krzew.methods.assignment import Assignment, Infeasible, assign, reassign
from krzew.methods.assignment.problem import pose
from krzew.methods.record import MethodError, stamp
from krzew.timeline.acts import act, record
from krzew.timeline.jobs import Advance, quiet

SHORTEST_REASON = 10
SECONDS = 6.0
UNSIGNED = (ReadingState.ASSIGNED, ReadingState.OPEN)
LARGE = 60_000
"""From this many pairs on, the largest total is taken instead of the fairest: it answers at once."""


@dataclass(frozen=True)
class Wishes:
    """What the team may set: how many people per application, and whether an expert of each theme is a must."""

    per_idea: int | None = None
    experts: bool = True
    seed: int | None = None


def _stage(call: Call, code: str) -> Assessed:
    stage = stage_of(call.rules, code)
    if stage is None:
        raise ValidationError(_("Nobody is assigned in this stage."))
    return stage


def _table(call: Call, stage: Assessed) -> tuple[Table, int]:
    """Links are inferred anew each time: people and applications change."""
    first = table(call, stage.code)
    new = assessment_conflicts.store(call, first.assessors)
    if not first.assessors:
        raise ValidationError(_("The pool of assessors is empty. Add people to it first."))
    return (table(call, stage.code, first.assessors) if new else first), new


def propose(actor: Actor, call: Call, code: str, wishes: Wishes = Wishes()) -> AssignmentPlan:
    """Let the method propose who reads what, for applications that nobody has yet."""
    return proposing(actor, call, code, wishes)()


def proposing(
    actor: Actor, call: Call, code: str, wishes: Wishes = Wishes(), advance: Advance = quiet
) -> Callable[[], AssignmentPlan]:
    """The long part of a proposal, with nothing locked; gives the short part, which keeps it."""
    manage_call.require(actor, call)
    stage = _stage(call, code)
    advance(5, _("Reading applications, assessors and what links them"))
    whole, new = _table(call, stage)
    served = {application for _assessor, application in whole.held}
    free = [n for n, a in enumerate(whole.applications) if a.pk not in served]
    if not free:
        raise ValidationError(_("Every application in this stage has its assessors."))
    part = replace(
        whole,
        applications=[whole.applications[n] for n in free],
        themes=[whole.themes[n] for n in free],
    )
    number = wishes.per_idea or usual_number(stage)
    seed = secrets.randbelow(2**31) if wishes.seed is None else wishes.seed
    advance(30, _("Looking for the best assignment"))
    proposal = _solved(part, stage, number, wishes.experts, seed)
    return lambda: _kept(actor, call, code, seed, proposal, new)


@act
def _kept(
    actor: Actor, call: Call, code: str, seed: int, proposal: dict[str, Any], new: int
) -> AssignmentPlan:
    plan = AssignmentPlan.objects.create(
        call=call, stage=code, seed=seed, proposal=proposal, made_by=actor.user
    )
    facts = {"stage": code, "seed": seed, "possible": proposal["possible"], "new_conflicts": new}
    record(actor, "calls.assignment_proposed", plan, data=facts)
    return plan


def _solved(part: Table, stage: Assessed, number: int, experts: bool, seed: int) -> dict[str, Any]:
    size = len(part.applications) * len(part.assessors)
    try:
        made = assign(
            part.affinity,
            part.numbers(part.blocked | part.refused) or None,
            per_idea=number,
            load=[max(a.most - part.taken[a.pk], 0) for a in part.assessors],
            competences=_experts(part) if experts and any(part.themes) else None,
            lived=_lived(part, stage),
            objective="maxmin" if size <= LARGE else "sum",
            connected=size <= LARGE and len(part.applications) > 1,
            seed=seed,
            assessors=part.names,
            ideas=part.labels,
            time_limit=SECONDS,
        )
    except MethodError as error:
        return {**_facts(number, experts), "possible": False, "said": _told(error)}
    return {**_facts(number, experts), **_found(part, made)}


def _facts(number: int, experts: bool) -> dict[str, Any]:
    return {"kind": "whole", "per_idea": number, "experts": experts, "pairs": [], "take_back": []}


def _experts(part: Table) -> tuple[list[set[str]], list[frozenset[str]]]:
    return [set(a.competences) for a in part.assessors], part.themes


def _lived(part: Table, stage: Assessed) -> Any:
    if not (isinstance(stage, MeritStage) and stage.lived_experience):
        return None
    return np.array([a.lived_experience for a in part.assessors])


def _found(part: Table, made: Assignment) -> dict[str, Any]:
    """What is kept of an answer: the pairs, how good it is, and from which data."""
    pairs = [[part.assessors[a].pk, part.applications[p].pk] for a, p in made.pairs]
    return {
        "possible": True,
        "pairs": pairs,
        "said": _told(made),
        "worst": made.worst,
        "total": made.total,
        "bound": made.bound,
        "proved": made.proved,
        "connected": made.connected,
        "objective": made.objective,
        "data_hash": made.problem.data_hash,
        "method_version": made.provenance.method_version,
    }


def _told(what: Assignment | MethodError) -> dict[str, list[str]]:
    if isinstance(what, MethodError) and not isinstance(what, Infeasible):
        return {language: [str(what)] for language in ("pl", "en")}
    return {language: list(what.explain(language)) for language in ("pl", "en")}


def repropose(actor: Actor, call: Call, code: str, *, experts: bool = True) -> AssignmentPlan:
    """After refusals and new conflicts: the fewest changes that give every application its assessors again.

    Readings that were opened or signed stay where they are.
    """
    return reproposing(actor, call, code, experts)()


def reproposing(
    actor: Actor, call: Call, code: str, experts: bool = True, advance: Advance = quiet
) -> Callable[[], AssignmentPlan]:
    """The long part of it, with nothing locked; gives the short part, which keeps it."""
    manage_call.require(actor, call)
    stage = _stage(call, code)
    advance(5, _("Reading applications, assessors and what links them"))
    whole, new = _table(call, stage)
    broken = {pair: r for pair, r in whole.held.items() if pair in whole.blocked and r.state in UNSIGNED}
    kept = {pair: r for pair, r in whole.held.items() if pair not in broken}
    fixed = {pair for pair, r in kept.items() if not _may_move(r) and not r.third}
    loose = {pair for pair, r in kept.items() if _may_move(r) and not r.third}
    number = _number_used(call, code) or usual_number(stage)
    have = Counter(application for _assessor, application in fixed | loose)
    short = [a.pk for a in whole.applications if have[a.pk] < number]
    if not short and not broken:
        raise ValidationError(_("Every application in this stage has its assessors."))
    advance(30, _("Looking for the fewest changes"))
    proposal = _mended(whole, stage, number, experts, fixed, loose, broken)
    return lambda: _kept(actor, call, code, 0, proposal, new)


def _may_move(reading: Reading) -> bool:
    return reading.state == ReadingState.ASSIGNED


def _number_used(call: Call, code: str) -> int | None:
    last = call.assignment_plans.filter(stage=code, adopted_at__isnull=False).first()
    return last.proposal.get("per_idea") if last else None


Pairs = set[tuple[int, int]]


def _mended(
    whole: Table, stage: Assessed, number: int, experts: bool, fixed: Pairs, loose: Pairs, broken: Any
) -> dict[str, Any]:
    """The task that is left once what was opened is taken as given, solved anew from what is held."""
    done = Counter(application for _assessor, application in fixed)
    part = _left(whole, number, done)
    used = Counter(assessor for assessor, _application in set(whole.held) - loose - set(broken))
    facts = _facts(number, experts) | {"kind": "changes", "take_back": [r.pk for r in broken.values()]}
    if not part.applications:
        return facts | {"possible": True, "said": {"pl": [], "en": []}}
    try:
        before = _before(part, stage, number, experts, fixed, loose, done, used)
        made = reassign(before, refused=part.numbers(whole.refused | set(broken)))
    except MethodError as error:
        return facts | {"possible": False, "said": _told(error)}
    return facts | _difference(part, made, loose, facts["take_back"], whole)


def _left(whole: Table, number: int, done: Counter[int]) -> Table:
    kept = [n for n, a in enumerate(whole.applications) if done[a.pk] < number]
    return replace(
        whole, applications=[whole.applications[n] for n in kept], themes=[whole.themes[n] for n in kept]
    )


def _before(
    part: Table,
    stage: Assessed,
    number: int,
    experts: bool,
    fixed: Pairs,
    loose: Pairs,
    done: Counter[int],
    used: Counter[int],
) -> Assignment:
    """What is held now, as an answer of the method."""
    matrix = np.zeros((len(part.assessors), len(part.applications)), dtype=bool)
    for pair in part.numbers(loose):
        matrix[pair] = True
    lived = _lived(part, stage)
    problem = pose(
        part.affinity,
        part.numbers(part.blocked | (set(part.held) - loose)) or None,
        per_idea=[number - done[a.pk] for a in part.applications],
        load=[max(a.most - used[a.pk], 0) for a in part.assessors],
        competences=_still_needed(part, fixed) if experts and any(part.themes) else None,
        lived=None if lived is None else _still_lived(part, fixed, lived),
        assessors=part.names,
        ideas=part.labels,
    )
    origin = stamp("assignment", 0, problem.data_hash, {"objective": "sum", "connected": False})
    return Assignment(problem, matrix, "sum", float("inf"), False, 0, origin)


def _still_needed(part: Table, fixed: Pairs) -> tuple[list[set[str]], list[frozenset[str]]]:
    """Themes for which no assessor that stays is an expert."""
    has = {a.pk: set(a.competences) for a in part.assessors}
    known: dict[int, set[str]] = {}
    for assessor, application in fixed:
        known.setdefault(application, set()).update(has.get(assessor, ()))
    needs = [t - known.get(a.pk, set()) for a, t in zip(part.applications, part.themes, strict=True)]
    return [has[a.pk] for a in part.assessors], needs


def _still_lived(part: Table, fixed: Pairs, lived: Any) -> Any:
    mask = np.repeat(lived[:, None], len(part.applications), axis=1)
    for row, column in part.numbers(fixed):
        if lived[row]:
            mask[:, column] = True
    return mask


def _difference(part: Table, made: Assignment, loose: Pairs, gone: list[int], whole: Table) -> dict[str, Any]:
    """Readings to be given and to be taken back, compared with what is held."""
    found = _found(part, made)
    wanted = {(a, p) for a, p in found["pairs"]}
    given = [list(pair) for pair in sorted(wanted - loose)]
    taken = [whole.held[pair].pk for pair in sorted(loose - wanted)]
    return found | {"pairs": given, "take_back": [*gone, *taken]}


@act
def change(
    actor: Actor,
    plan: AssignmentPlan,
    application: Application,
    *,
    out: Assessor,
    into: Assessor,
    reason: str,
) -> AssignmentPlan:
    """Give one application of a proposal to another assessor, with the reason. Hard rules hold for a hand too."""
    manage_call.require(actor, plan.call)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": _("Write in a sentence why you change the proposal.")})
    plan = AssignmentPlan.objects.select_for_update().get(pk=plan.pk)
    _must_wait(plan)
    pairs = [tuple(pair) for pair in plan.proposal["pairs"]]
    if (out.pk, application.pk) not in pairs:
        raise ValidationError({"out": _("This person does not have this application in the proposal.")})
    pairs[pairs.index((out.pk, application.pk))] = (into.pk, application.pk)
    if faults := broken_rules(plan, pairs, {into.pk}):
        raise ValidationError({"into": faults})
    entry = {"application": application.pk, "out": out.pk, "into": into.pk, "reason": reason.strip()[:1000]}
    entry |= {"by": actor.user.pk if actor.user else None, "at": timezone.now().isoformat()}
    plan.proposal = plan.proposal | {"pairs": [list(pair) for pair in pairs]}
    plan.changes = [*plan.changes, entry]
    plan.save(update_fields=["proposal", "changes"])
    record(actor, "calls.assignment_changed", plan, data={"application": application.pk})
    return plan


def _must_wait(plan: AssignmentPlan) -> None:
    if plan.adopted_at:
        raise ValidationError(_("This proposal was adopted. Changes are made by a new proposal."))
    if not plan.proposal.get("possible"):
        raise ValidationError(
            _("This proposal is not possible. Change the pool or the wishes, and propose anew.")
        )


def broken_rules(plan: AssignmentPlan, pairs: list[Any], only: set[int] | None = None) -> list[str]:
    """Hard rules that these pairs break: a conflict, the same twice, more than the person takes."""
    whole = table(plan.call, plan.stage)
    people = {a.pk: a for a in whole.assessors}
    kept = {pair: r for pair, r in whole.held.items() if r.pk not in plan.proposal["take_back"]}
    loads = Counter(a for a, _p in pairs) + Counter(a for a, _p in kept)
    asked = {a for a, _p in pairs} if only is None else only
    found = [_("Somebody of this proposal is not in the pool any more.")] if asked - set(people) else []
    for pk in sorted(asked & set(people)):
        found += _faults_of(people[pk], [p for a, p in pairs if a == pk], whole, kept, loads[pk])
    return found


def _faults_of(person: Assessor, given: list[int], whole: Table, kept: Any, load: int) -> list[str]:
    facts = {"person": str(person), "most": person.most, "load": load}
    found = []
    if any((person.pk, p) in whole.blocked for p in given):
        found.append(_("%(person)s is linked with this application and must not read it.") % facts)
    if any((person.pk, p) in whole.refused for p in given):
        found.append(_("%(person)s has refused this application.") % facts)
    if len(set(given)) < len(given) or any((person.pk, p) in kept for p in given):
        found.append(_("%(person)s has this application already.") % facts)
    if load > person.most:
        found.append(_("%(person)s would have %(load)s applications and takes %(most)s at most.") % facts)
    return found


@act
def adopt(actor: Actor, plan: AssignmentPlan, *, due_on: date, desk: str) -> list[Reading]:
    """Turn a proposal into readings. Letters to the assessors are prepared and held; `desk` is their address."""
    manage_call.require(actor, plan.call)
    plan = AssignmentPlan.objects.select_for_update().select_related("call__programme").get(pk=plan.pk)
    _must_wait(plan)
    if due_on < timezone.localdate():
        raise ValidationError({"due_on": _("This day has passed. Choose a later one.")})
    if AssignmentPlan.objects.filter(call=plan.call, stage=plan.stage, adopted_at__gt=plan.made_at).exists():
        raise ValidationError(_("Another proposal was adopted after this one was made. Propose anew."))
    assessment_conflicts.store(plan.call, table(plan.call, plan.stage).assessors)
    if faults := broken_rules(plan, [tuple(pair) for pair in plan.proposal["pairs"]]):
        raise ValidationError(faults)
    _must_still_stand(plan)
    plan.adopted_at = timezone.now()
    plan.proposal = plan.proposal | {"fingerprint": fingerprint(plan)}
    plan.save(update_fields=["adopted_at", "proposal"])
    _take_back(actor, plan)
    made = _readings(actor, plan, due_on)
    _letters(actor, plan, made, due_on, desk)
    facts = {"stage": plan.stage, "readings": len(made), "taken_back": len(plan.proposal["take_back"])}
    record(actor, "calls.assignment_adopted", plan, data=facts)
    return made


def fingerprint(plan: AssignmentPlan) -> str:
    """What the public sees of an assignment: who holds the plan can prove that nothing was changed since."""
    pairs = sorted([list(pair) for pair in plan.proposal["pairs"]])
    return content_hash([plan.seed, plan.stage, plan.proposal.get("data_hash", ""), pairs])


def _must_still_stand(plan: AssignmentPlan) -> None:
    standing = {a.pk for a in table(plan.call, plan.stage).applications}
    if {p for _a, p in plan.proposal["pairs"]} - standing:
        raise ValidationError(_("Some of these applications are not in this stage any more. Propose anew."))


def _readings(actor: Actor, plan: AssignmentPlan, due_on: date) -> list[Reading]:
    reasons = {(c["into"], c["application"]): c["reason"] for c in plan.changes}
    return Reading.objects.bulk_create(
        [
            Reading(
                application_id=p,
                assessor_id=a,
                stage=plan.stage,
                assigned_by=actor.user,
                assigned_why=reasons.get((a, p), "")[:300],
                due_on=due_on,
            )
            for a, p in plan.proposal["pairs"]
        ],
        batch_size=500,
    )


def _take_back(actor: Actor, plan: AssignmentPlan) -> None:
    rows = Reading.objects.filter(pk__in=plan.proposal["take_back"])
    closed = conflicts(plan.call, pool(plan.call))
    for reading in rows.select_related("assessor"):
        linked = (reading.assessor_id, reading.application_id) in closed
        if reading.state != ReadingState.ASSIGNED and not (linked and reading.state == ReadingState.OPEN):
            raise ValidationError(
                _("An application that was to be taken back has been opened meanwhile. Propose anew.")
            )
        move(actor, reading, READING, "take_back", "calls.reading_taken_back")


def _letters(actor: Actor, plan: AssignmentPlan, made: list[Reading], due_on: date, desk: str) -> None:
    counts = Counter(reading.assessor_id for reading in made)
    for assessor in Assessor.objects.filter(pk__in=counts).select_related("user"):
        letter_of_work(actor, plan.call, assessor, counts[assessor.pk], due_on, desk)


@act
def ask_third(
    actor: Actor, application: Application, code: str, assessor: Assessor, *, due_on: date | None, desk: str
) -> Reading:
    """Give an application on which two cards differ to a third assessor."""
    manage_application.require(actor, application)
    call = application.call
    _stage(call, code)
    plan = AssignmentPlan(call=call, stage=code, proposal={"take_back": []})
    if faults := broken_rules(plan, [(assessor.pk, application.pk)]):
        raise ValidationError({"assessor": faults})
    if Reading.objects.filter(application=application, stage=code, third=True, state__in=LIVE).exists():
        raise ValidationError(_("A third assessor was asked already."))
    reading = Reading.objects.create(
        application=application,
        assessor=assessor,
        stage=code,
        third=True,
        assigned_by=actor.user,
        due_on=due_on,
    )
    record(actor, "calls.third_asked", reading, new=reading.state, data={"person": assessor.user_id})
    letter_of_work(actor, call, assessor, 1, due_on, desk)
    return reading


def thirds(whole: Table, application: Application) -> list[tuple[Assessor, str]]:
    """Whom to ask, the best first: nothing links her, she has room, knows the themes, has little to do."""
    column = whole.columns().get(application.pk)
    themes = whole.themes[column] if column is not None else frozenset()
    closed = whole.blocked | whole.refused | set(whole.held)
    free = [a for a in whole.assessors if (a.pk, application.pk) not in closed and whole.taken[a.pk] < a.most]
    free.sort(key=lambda a: (-fit(a, themes), whole.taken[a.pk], a.pk))
    return [(a, said(a, themes, whole.taken[a.pk])) for a in free]


def said(assessor: Assessor, themes: frozenset[str], load: int) -> str:
    """A candidate as a person who chooses reads her: name, themes in common, how much she has."""
    parts = [_("%(load)s of %(most)s applications") % {"load": load, "most": assessor.most}]
    if themes:
        known = len(themes & set(assessor.competences))
        parts.insert(0, _("knows %(known)s of %(all)s themes") % {"known": known, "all": len(themes)})
    return f"{assessor} ({', '.join(parts)})"


__all__ = ["Wishes", "adopt", "ask_third", "change", "propose", "repropose", "thirds"]
