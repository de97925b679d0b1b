"""What an agreement lacks before it can be offered: each lack by name. The same list stands on the page."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from krzew.calls.applications.check import lacks as application_lacks
from krzew.calls.queries.applications import filled
from krzew.calls.states import ApplicationState
from krzew.trials.agreements import clauses, known
from krzew.trials.agreements.filling import OPEN, Share, due_of, language_of, said, settings_of, unknown
from krzew.trials.journey import missing_before, stages_of
from krzew.trials.models import Agreement
from krzew.trials.queries import money
from krzew.ui.formats import money as zl


def lacks(agreement: Agreement, made: list[Share]) -> list[str]:
    """Everything that stops the offer (rule R60), in words."""
    found = [*_too_early(agreement), *_decision(agreement), *_parties(agreement), *_slips(agreement)]
    if known.is_grant(agreement):
        found += [*_numbers(agreement, made), *_pool(agreement), *_plan(agreement)]
        found += [*_choices(agreement), *_statute(agreement, made)]
    return found


def _too_early(agreement: Agreement) -> Iterator[str]:
    stages = {stage.code: stage for stage in stages_of(agreement.innovation.call.rules)}
    for row in missing_before(agreement.innovation, stages[agreement.stage]):
        yield _("First comes: %(stages)s.") % {"stages": row.label}


def _decision(agreement: Agreement) -> Iterator[str]:
    application = agreement.innovation.application
    if application is None:
        if not agreement.innovation.call.rules.network:
            yield _("There is no decision about this innovation.")
    elif application.state != ApplicationState.SELECTED:
        yield _("The application is not selected, so there is no decision.")


def _parties(agreement: Agreement) -> Iterator[str]:
    """Declarations and data of the application, and somebody to sign for each side."""
    application = agreement.innovation.application
    if application is not None and application.call.rules.form is not None:
        found = [lack for lack in application_lacks(filled(application)) if lack.about == "declarations"]
        for lack in found:
            yield _("Declaration missing: %(text)s") % {"text": lack.label}
        if known.last_sent(agreement.innovation) is None:
            yield _("The data of the innovator are missing: nothing was sent in the application.")
    sides = {row.side for row in agreement.signatures.all() if row.name.strip()}
    if "operator" not in sides:
        yield _("Say who signs for the incubator.")
    if "innovator" not in sides:
        yield _("Say who signs for the innovator.")


def _slips(agreement: Agreement) -> Iterator[str]:
    for clause in agreement.content.get("clauses", []):
        for name in unknown(clause["template"]):
            text = _("Clause “%(title)s”: nothing is known under {%(name)s}.")
            yield text % {"title": clause["title"], "name": name}


def _numbers(agreement: Agreement, made: list[Share]) -> Iterator[str]:
    amount, granted = agreement.amount, agreement.innovation.granted
    if not amount or amount <= 0:
        yield _("The amount of the grant is missing.")
    elif granted is not None and amount > granted:
        yield _("The amount is higher than what was granted: %(amount)s.") % {"amount": zl(granted, 2)}
    elif sum((share.amount for share in made), Decimal(0)) != amount:
        yield _("The tranches cannot be divided: more is paid already than this amount.")
    if agreement.own_contribution is None and _wants_own(agreement):
        yield _("The own contribution is missing. Write 0 when there is none.")
    if agreement.starts_on is None or agreement.ends_on is None:
        yield _("The first and the last day are missing.")
    yield from _due(agreement)


def _due(agreement: Agreement) -> Iterator[str]:
    """Reports that would be due before anything is to be done."""
    for row in agreement.content.get("results", []):
        due = due_of(row)
        if due and agreement.starts_on and due < agreement.starts_on:
            label = known.result_label(agreement, row["code"])
            yield _("The report on “%(result)s” is due before the first day.") % {"result": label}


def _wants_own(agreement: Agreement) -> bool:
    stage = known.grant_stage(agreement.innovation.call.rules)
    return bool(stage and stage.own_contribution)


def _pool(agreement: Agreement) -> Iterator[str]:
    """Money in the pool of the call, when all that is promised to others is counted."""
    left = money.left_for(agreement.innovation)
    if left is not None and agreement.amount and agreement.amount > left:
        yield _("In the pool of the call %(left)s is left, less than this amount.") % {"left": zl(left, 2)}


def _plan(agreement: Agreement) -> Iterator[str]:
    plan, amount = agreement.content.get("plan", []), agreement.amount
    if not plan:
        yield _("The plan is empty: write at least one line with its cost.")
    elif amount is not None:
        whole = amount + (agreement.own_contribution or Decimal(0))
        total = known.planned(agreement.content)
        if total != whole:
            said_ = {"plan": zl(total, 2), "amount": zl(whole, 2)}
            yield _("The plan sums to %(plan)s, the grant with own contribution is %(amount)s.") % said_


def _choices(agreement: Agreement) -> Iterator[str]:
    chosen = settings_of(agreement)
    if not chosen["basis"]:
        yield _("Choose the legal basis.")
    if chosen["children"] is None:
        yield _("Say whether children take part in the test.")
    stage = known.grant_stage(agreement.innovation.call.rules)
    if stage and stage.de_minimis and not chosen["de_minimis"]:
        yield _("The declaration on de minimis aid is missing.")


def _statute(agreement: Agreement, made: list[Share]) -> Iterator[str]:
    """Statutory contents without a clause that says them."""
    language = language_of(agreement)
    stands = said(agreement, made)
    chosen = clauses.basis(settings_of(agreement)["basis"])
    article = f" ({chosen.article})" if chosen and chosen.article else ""
    for content in clauses.contents(agreement.kind):
        own = [row for row in stands if row.content == content.code and row.template.strip()]
        filled_in = {name for row in own for name in OPEN.findall(row.template)}
        label = content.label[language]
        if not own:
            yield _("Statutory content missing: %(what)s%(article)s.") % {"what": label, "article": article}
        elif absent := [name for name in content.needs if name not in filled_in]:
            names = ", ".join(f"{{{name}}}" for name in absent)
            text = _("Statutory content “%(what)s”%(article)s does not say: %(names)s.")
            yield text % {"what": label, "article": article, "names": names}
