"""What a definition gets wrong, each with its place, in the reader's language.

`read` turns plain data into a `Definition` or into problems of shape; `contradictions` are those that only
the whole shows: a threshold nobody can reach, a condition on a question that is not asked, a tie broken by a
criterion that does not exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from krzew.calls.definition.assessment import MeritStage, PitchStage, Threshold
from krzew.calls.definition.form import ApplicationStage, FormField
from krzew.calls.definition.problems_topics import faults, uneven
from krzew.calls.definition.selection import AppealStage, RankingStage
from krzew.calls.definition.testing import AgreementStage
from krzew.calls.definition.topics import variants
from krzew.calls.definition.vote import VoteStage
from krzew.calls.definition.whole import Definition

SAID = {
    "missing": gettext_lazy("this is missing"),
    "extra_forbidden": gettext_lazy("this word is not known here; check its spelling"),
    "string_pattern_mismatch": gettext_lazy("use small letters without diacritics, digits and _, at most 40"),
    "union_tag_invalid": gettext_lazy("this kind of stage is not known"),
    "union_tag_not_found": gettext_lazy("the kind of the stage is missing"),
    "literal_error": gettext_lazy("this is not one of: %(expected)s"),
    "too_short": gettext_lazy("this needs at least %(min_length)s"),
    "string_too_short": gettext_lazy("this is empty"),
    "string_too_long": gettext_lazy("this is too long: at most %(max_length)s characters"),
    "too_long": gettext_lazy("this may hold at most %(max_length)s"),
    "int_type": gettext_lazy("this must be a whole number"),
    "int_parsing": gettext_lazy("this must be a whole number"),
    "int_from_float": gettext_lazy("this must be a whole number"),
    "decimal_type": gettext_lazy("this must be a number"),
    "decimal_parsing": gettext_lazy("this must be a number"),
    "finite_number": gettext_lazy("this must be a number"),
    "decimal_max_digits": gettext_lazy("this number has too many digits"),
    "decimal_max_places": gettext_lazy("at most %(decimal_places)s digits may stand after the point"),
    "decimal_whole_digits": gettext_lazy("this number has too many digits"),
    "bool_type": gettext_lazy("this must be true or false"),
    "bool_parsing": gettext_lazy("this must be true or false"),
    "string_type": gettext_lazy("this must be a text"),
    "tuple_type": gettext_lazy("this must be a list"),
    "model_type": gettext_lazy("this must be a group of values"),
    "model_attributes_type": gettext_lazy("this must be a group of values"),
    "dict_type": gettext_lazy("this must be a group of values"),
    "greater_than": gettext_lazy("this must be more than %(gt)s"),
    "less_than": gettext_lazy("this must be less than %(lt)s"),
    "greater_than_equal": gettext_lazy("this must be at least %(ge)s"),
    "less_than_equal": gettext_lazy("this must be at most %(le)s"),
}
"""What is wrong with the shape, by the name that pydantic gives it."""


@dataclass(frozen=True)
class Problem:
    """One fault: where, and what to do about it."""

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else self.text


class BadDefinition(ValueError):
    """The definition cannot be used; `problems` say why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


def read(data: Mapping[str, Any]) -> Definition:
    """A definition from plain data. Raises `BadDefinition` with every problem that it has."""
    try:
        found = Definition.model_validate(data)
    except ValidationError as error:
        raise BadDefinition(_shape(e) for e in error.errors(include_url=False)) from error
    if problems := contradictions(found):
        raise BadDefinition(problems)
    return found


def _shape(error: Any) -> Problem:
    """A fault of shape in words; the place is told by names and numbers counted from 1."""
    where = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in error["loc"])
    text = str(SAID.get(error["type"], ""))
    context = error.get("ctx", {})
    return Problem(where, text % context if text else str(error["msg"]).removeprefix("Value error, "))


def contradictions(definition: Definition) -> list[Problem]:
    """Faults that only the whole shows."""
    return [
        *_doubled("stages", (s.code for s in definition.stages)),
        *_doubled("themes", (t.code for t in definition.themes)),
        *_order(definition),
        *_applicants(definition),
        *_forms(definition),
        *_thresholds(definition),
        *_rankings(definition),
        *_agreements(definition),
        *_appeals(definition),
        *_votes(definition),
        *_topics(definition),
    ]


def _doubled(where: str, codes: Iterable[str]) -> Iterator[Problem]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield Problem(where, _("the code “%(code)s” is used twice") % {"code": code})


def _order(definition: Definition) -> Iterator[Problem]:
    """Stages that need another one before them."""
    needs = {
        "formal": ("application",),
        "merit": ("application",),
        "pitch": ("application",),
        "vote": ("application",),
        "ranking": ("merit", "pitch"),
        "appeal": ("formal", "merit", "decision", "talk"),
        "settlement": ("agreement",),
        "test": ("agreement",),
        "dissemination": ("test",),
    }
    seen: set[str] = set()
    for stage in definition.stages:
        wanted = needs.get(stage.kind, ())
        if wanted and not seen.intersection(wanted) and not definition.network:
            text = _("this stage needs one of these before it: %(kinds)s") % {"kinds": ", ".join(wanted)}
            yield Problem(stage.code, text)
        seen.add(stage.kind)


def _applicants(definition: Definition) -> Iterator[Problem]:
    who, grant = definition.applicants, definition.grant
    if who.group_most and who.group_most < who.group_least:
        yield Problem("applicants.group_most", _("a group cannot be smaller than its least number"))
    if grant.most is not None and grant.least is not None and grant.most < grant.least:
        yield Problem("grant.most", _("the highest grant is below the lowest"))
    if grant.pool is not None and grant.least is not None and grant.pool < grant.least:
        yield Problem("grant.pool", _("the pool does not pay for one grant"))


def _forms(definition: Definition) -> Iterator[Problem]:
    for stage in definition.stages:
        if isinstance(stage, ApplicationStage):
            yield from _form(stage, definition)


def _form(stage: ApplicationStage, definition: Definition) -> Iterator[Problem]:
    fields = {field.code: field for field in stage.fields}
    yield from _doubled(stage.code, (field.code for field in stage.fields))
    yield from _doubled(stage.code, (d.code for d in stage.declarations))
    earlier: set[str] = set()
    for field in stage.fields:
        if field.when:
            yield from _condition(stage.code, field, fields, earlier)
        earlier.add(field.code)
    asked = {kind for field in stage.fields for kind in field.applicants}
    for kind in definition.applicants.kinds:
        if kind not in asked:
            yield Problem(
                stage.code, _("there is no question for applicants of the kind %(kind)s") % {"kind": kind}
            )
    if definition.grant.equals_plan and not any(f.kind == "plan" for f in stage.fields):
        yield Problem(stage.code, _("the amount is to equal the plan, but there is no plan to fill in"))


def _condition(
    stage: str, field: FormField, fields: Mapping[str, FormField], earlier: set[str]
) -> Iterator[Problem]:
    assert field.when is not None
    where = f"{stage}.{field.code}.when"
    asked = fields.get(field.when.field)
    if asked is None or field.when.field not in earlier:
        yield Problem(where, _("“%(code)s” is not asked before this question") % {"code": field.when.field})
        return
    if asked.kind == "choice" or asked.solutions:
        known = {*(o.code for o in asked.options), *asked.solutions}
        unknown = [v for v in field.when.one_of if v not in known]
        if unknown:
            text = _("“%(value)s” is not among the options of “%(code)s”")
            yield Problem(where, text % {"value": unknown[0], "code": asked.code})


Scored = MeritStage | PitchStage


def _thresholds(definition: Definition) -> Iterator[Problem]:
    scored: dict[str, Scored] = {}
    for stage in definition.stages:
        if not isinstance(stage, MeritStage | PitchStage):
            continue
        scored[stage.code] = stage
        yield from _doubled(stage.code, (c.code for c in stage.criteria))
        for threshold in stage.thresholds:
            yield from _threshold(stage.code, threshold, scored)


def _threshold(code: str, threshold: Threshold, scored: Mapping[str, Scored]) -> Iterator[Problem]:
    where = f"{code}.{threshold.code}"
    names = threshold.stages or (code,)
    unknown = [name for name in names if name not in scored]
    if unknown:
        text = _("the stage “%(code)s” gives no points before this threshold")
        yield Problem(where, text % {"code": unknown[0]})
        return
    most = sum((scored[name].most for name in names), Decimal(0))
    if threshold.least > most:
        text = _("nobody can reach %(least)s: at most %(most)s points can be given")
        yield Problem(where, text % {"least": threshold.least, "most": most})


def _rankings(definition: Definition) -> Iterator[Problem]:
    criteria = {
        c.code for s in definition.stages if isinstance(s, MeritStage | PitchStage) for c in s.criteria
    }
    fields = _all_fields(definition)
    votes: set[str] = set()
    for stage in definition.stages:
        if isinstance(stage, RankingStage):
            yield from _ranking(stage, criteria | votes, fields, definition)
        elif isinstance(stage, VoteStage):
            votes.add(stage.code)


def _all_fields(definition: Definition) -> dict[str, FormField]:
    return {f.code: f for s in definition.stages if isinstance(s, ApplicationStage) for f in s.fields}


def _ranking(
    stage: RankingStage,
    comparable: Set[str],
    fields: Mapping[str, FormField],
    definition: Definition,
) -> Iterator[Problem]:
    """`comparable`: criteria, and the votes that came before this list."""
    for code in stage.ties:
        if code not in comparable:
            yield Problem(f"{stage.code}.ties", _("there is no criterion “%(code)s”") % {"code": code})
    for code in [*([stage.separate_by] if stage.separate_by else []), *(q.field for q in stage.quotas)]:
        if code not in fields:
            yield Problem(stage.code, _("there is no question “%(code)s” in the form") % {"code": code})
    pools = sum(stage.pools.values(), Decimal(0))
    if definition.grant.pool is not None and pools > definition.grant.pool:
        yield Problem(f"{stage.code}.pools", _("the separate pools add up to more than the pool"))
    if (
        definition.grant.pool is None
        and not stage.pools
        and stage.places is None
        and not definition.grant.grants
    ):
        text = _("nothing limits the list: give a pool, separate pools or a number of places")
        yield Problem(stage.code, text)


def _agreements(definition: Definition) -> Iterator[Problem]:
    for stage in definition.stages:
        if not isinstance(stage, AgreementStage):
            continue
        if sum(t.share for t in stage.tranches) != 100:
            yield Problem(f"{stage.code}.tranches", _("the shares of the tranches do not add up to 100"))
        known = {result.code for result in stage.results}
        for tranche in stage.tranches:
            if tranche.after and tranche.after not in known:
                yield Problem(
                    f"{stage.code}.{tranche.code}",
                    _("there is no result “%(code)s”") % {"code": tranche.after},
                )


def _appeals(definition: Definition) -> Iterator[Problem]:
    """Each kind of decision has one rule of appeal, or nobody knows how many days there are."""
    rows = [stage for stage in definition.stages if isinstance(stage, AppealStage)]
    for outcome, times in Counter(outcome for stage in rows for outcome in stage.against).items():
        if times > 1:
            text = _("two stages of appeal are against the same decision: %(outcome)s")
            yield Problem(rows[-1].code, text % {"outcome": outcome})


def _topics(definition: Definition) -> Iterator[Problem]:
    """Faults of topics, and of the whole as it holds for each of them."""
    for where, text in faults(definition, _all_fields(definition)):
        yield Problem(where, text)
    known = set(_thresholds(definition))
    for stage, topic, rules in variants(definition):
        for problem in _thresholds(rules):
            if problem not in known:
                yield Problem(f"{stage}.{topic.code}", problem.text)


PRIVATE = ("email", "phone", "file")
"""Kinds of questions whose answers no voter reads."""


def _votes(definition: Definition) -> Iterator[Problem]:
    """One public vote at most; voters read only what may be public; points need a list in which they count."""
    found = [stage for stage in definition.stages if isinstance(stage, VoteStage)]
    if len(found) > 1:
        yield Problem(found[1].code, _("a programme has one public vote at most"))
    fields = _all_fields(definition)
    for stage in found:
        yield from _shown_to_voters(stage, fields)
        if stage.weight is not None and not _counts(stage, definition):
            text = _("points of the vote need a stage with points, and a ranking list after the vote")
            yield Problem(f"{stage.code}.weight", text)


def _shown_to_voters(stage: VoteStage, fields: Mapping[str, FormField]) -> Iterator[Problem]:
    for code in stage.shows:
        asked = fields.get(code)
        if asked is None:
            text = _("there is no question “%(code)s” in the form")
        elif asked.kind in PRIVATE or asked.redact:
            text = _("the answer to “%(code)s” tells who applies, so voters may not read it")
        else:
            continue
        yield Problem(f"{stage.code}.shows", text % {"code": code})


def _counts(stage: VoteStage, definition: Definition) -> bool:
    after = definition.stages[definition.stages.index(stage) :]
    scored = any(isinstance(s, MeritStage | PitchStage) for s in definition.stages)
    return scored and any(isinstance(s, RankingStage) for s in after)


def worth_asking(definition: Definition) -> list[str]:
    """What is allowed but often a slip: shown beside a definition that is right."""
    said: list[str] = []
    for stage in definition.stages:
        if isinstance(stage, MeritStage | PitchStage):
            said += _slips(stage)
    said += uneven(definition)
    if definition.grant.pool is not None and definition.grant.most is None:
        said.append(_("There is a pool, but no highest grant: one application could take all of it."))
    return said


def _slips(stage: Scored) -> Iterator[str]:
    minima = sum((c.least * c.weight for c in stage.criteria), Decimal(0))
    for threshold in stage.thresholds:
        if not threshold.stages and Decimal(0) < threshold.least < minima:
            text = _(
                "Stage “%(stage)s”: the sum of %(least)s never decides, since the minima alone give %(minima)s."
            )
            yield text % {"stage": stage.label, "least": threshold.least, "minima": minima}
