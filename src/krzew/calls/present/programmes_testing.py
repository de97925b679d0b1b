"""What follows a grant, in words: agreement, specification, test, settlement, evaluation, dissemination."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from krzew.calls.definition import Definition
from krzew.calls.definition.testing import (
    AgreementStage,
    CooperationStage,
    DisseminationStage,
    EvaluationStage,
    Result,
    SettlementStage,
    SpecificationStage,
    Tranche,
    TrialStage,
)
from krzew.calls.present.programmes_base import Group, Item, Said, described, listed, months, sum_of
from krzew.calls.present.programmes_questions import fields_group
from krzew.ui.formats import number, percent

NEEDS = {
    "evaluation": gettext_lazy("the evaluation"),
    "final_report": gettext_lazy("the final report"),
    "mentor_opinion": gettext_lazy("the opinion of the mentor"),
    "presentation": gettext_lazy("a presentation"),
}


def cooperation(stage: CooperationStage, _definition: Definition) -> Said:
    lines = [_("An agreement on support is signed, before any money.")]
    return Said([*lines, *([str(stage.text)] if stage.text else [])])


def specification(stage: SpecificationStage, _definition: Definition) -> Said:
    lines = [_("Decided by: %(body)s.") % {"body": stage.decided_by}]
    groups = [fields_group(_("What must be written"), stage.fields)]
    if stage.criteria:
        groups.append(Group(_("What is looked at"), described(stage.criteria)))
    return Said(lines, groups)


def agreement(stage: AgreementStage, _definition: Definition) -> Said:
    lines = [] if stage.own_contribution else [_("No contribution of one's own is needed.")]
    if stage.licence:
        lines.append(_("The results are given under the licence %(licence)s.") % {"licence": stage.licence})
    if stage.shift_without_consent is not None:
        text = _("Up to %(share)s of a cost may be moved without asking.")
        lines.append(text % {"share": percent(stage.shift_without_consent, None)})
    if stage.de_minimis:
        lines.append(_("The grantee declares whether the grant is de minimis aid."))
    names = {r.code: str(r.label) for r in stage.results}
    return Said(
        lines,
        [
            Group(_("Results by which it is settled"), tuple(_result(r) for r in stage.results)),
            Group(_("Tranches"), tuple(_tranche(t, names) for t in stage.tranches)),
        ],
    )


def _result(result: Result) -> Item:
    notes = (_("the final one"),) if result.final else ()
    return Item(str(result.label), str(result.hint or ""), notes, code=result.code)


def _tranche(tranche: Tranche, names: dict[str, str]) -> Item:
    share = percent(tranche.share, None)
    if tranche.after is None:
        return Item(str(tranche.label), notes=(share, _("after signing")), code=tranche.code)
    after = _("after: %(result)s") % {"result": names.get(tranche.after, tranche.after)}
    return Item(str(tranche.label), notes=(share, after), code=tranche.code)


def trial(stage: TrialStage, _definition: Definition) -> Said:
    lines = []
    for text, value in (
        (_("Preparation takes at most %(months)s."), stage.preparation_months),
        (_("The test takes at most %(months)s."), stage.test_months),
        (_("Together they take at most %(months)s."), stage.total_months),
    ):
        if value:
            lines.append(text % {"months": months(value)})
    if stage.least_testers:
        text = ngettext(
            "At least %(n)s tester takes part.", "At least %(n)s testers take part.", stage.least_testers
        )
        lines.append(text % {"n": number(stage.least_testers)})
    return Said([*lines, _("Testers pay nothing.")])


def settlement(stage: SettlementStage, _definition: Definition) -> Said:
    lines = [_("Results are accepted by protocol; no invoices are asked for.")]
    if stage.full_from is not None:
        text = _("The whole grant is due from %(share)s of the result.")
        lines.append(text % {"share": percent(stage.full_from, None)})
    if stage.none_below is not None:
        text = _("Below %(share)s of the result the whole grant goes back.")
        lines.append(text % {"share": percent(stage.none_below, None)})
    if stage.return_days:
        text = ngettext(
            "Money goes back within %(n)s day.", "Money goes back within %(n)s days.", stage.return_days
        )
        lines.append(text % {"n": stage.return_days})
    groups = []
    if stage.price_ceilings:
        items = tuple(Item(name, notes=(sum_of(value),)) for name, value in stage.price_ceilings.items())
        groups.append(Group(_("Highest prices"), items))
    if stage.not_eligible:
        groups.append(Group(_("Not paid for"), tuple(Item(str(text)) for text in stage.not_eligible)))
    return Said(lines, groups)


def evaluation(stage: EvaluationStage, _definition: Definition) -> Said:
    groups = [fields_group(_("Questions of the report"), stage.report)]
    if stage.criteria:
        groups.append(Group(_("Criteria of the evaluation"), described(stage.criteria)))
    return Said([], groups)


def dissemination(stage: DisseminationStage, _definition: Definition) -> Said:
    needs = listed(str(NEEDS[name]) for name in stage.needs)
    lines = [
        _("Decided by: %(body)s.") % {"body": stage.body},
        _("Needed: %(needs)s.") % {"needs": needs},
    ]
    if stage.least_share is not None:
        text = _("At least %(share)s of the tested solutions are to be chosen.")
        lines.append(text % {"share": percent(stage.least_share, None)})
    if stage.least_number:
        text = ngettext(
            "At least %(n)s solution is to be chosen.",
            "At least %(n)s solutions are to be chosen.",
            stage.least_number,
        )
        lines.append(text % {"n": number(stage.least_number)})
    groups = (
        [Group(_("What is looked at, without points"), described(stage.criteria))] if stage.criteria else []
    )
    return Said(lines, groups)


SAY: dict[str, Callable[[Any, Definition], Said]] = {
    "cooperation": cooperation,
    "specification": specification,
    "agreement": agreement,
    "test": trial,
    "settlement": settlement,
    "evaluation": evaluation,
    "dissemination": dissemination,
}
