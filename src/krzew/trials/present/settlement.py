"""Settlement in words: which result is next, what a line of expenditure must be looked at for, what is returned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.calls.definition.testing import SettlementStage
from krzew.trials.agreements import known
from krzew.trials.agreements.money import most_without_consent, speaks_of
from krzew.trials.models import Innovation, Protocol, Refund, ResultReport
from krzew.trials.queries import money as balances
from krzew.trials.queries.settlement import Result, next_result, spent_before
from krzew.trials.states import ReportState
from krzew.ui.components import Cell, Column, Fact, Table, Tag, Task
from krzew.ui.formats import day, money, percent

TONES = {
    ReportState.DRAFT: "data",
    ReportState.SENT: "clay",
    ReportState.RETURNED: "clay",
    ReportState.ACCEPTED: "clay",
    ReportState.SIGNED: "leaf",
}


def label(row: Result) -> str:
    return known.label_in({"results": [row.plain]}, row.code)


def tag(report: ResultReport) -> Tag:
    state = ReportState(report.state)
    return Tag(str(state.label), TONES[state])


def tasks(innovation: Innovation, rows: Sequence[Result], key: str | int) -> list[Task]:
    """Each result as a step: what is next, who is waited for, which money follows."""
    here = None if innovation.state in balances.OVER else next_result(list(rows))
    return [_task(innovation, row, key, here) for row in rows]


def _task(innovation: Innovation, row: Result, key: str | int, here: Result | None) -> Task:
    name = "team_report" if isinstance(key, int) else "report"
    shown = row.report is not None or (isinstance(key, str) and row is here)
    url = reverse(f"trials:{name}", args=[key, row.code]) if shown else ""
    state = "done" if row.is_signed else "doing" if row is here else "waiting"
    agreement = balances.concluded(innovation)
    end = agreement.ends_on if agreement and row.final and here and not row.is_signed else None
    due = row.due if row.due and row.waits_for_report and here else end
    return Task(label(row), url, state, note=_after(row), due=due, who=_who(innovation, row, here))


def _after(row: Result) -> str:
    return _("After it: %(amount)s.") % {"amount": money(row.money, 2)} if row.money else ""


def _who(innovation: Innovation, row: Result, here: Result | None) -> str:
    if row.is_signed or row is not here:
        return ""
    team, report = str(innovation.call.programme.organisation), row.report
    if report is None or report.state in (ReportState.DRAFT, ReportState.RETURNED):
        return _("innovator")
    if report.state == ReportState.SENT:
        return team
    protocol = report.protocol
    waits = [team] if protocol.operator_signed_on is None else []
    return ", ".join([*waits, *([_("innovator")] if protocol.innovator_signed_on is None else [])])


def next_words(innovation: Innovation, rows: Sequence[Result]) -> str:
    """One sentence for the innovator: what is next, by when, and what comes after it."""
    agreement, here = balances.concluded(innovation), next_result(list(rows))
    if innovation.state in balances.OVER:
        return _("This innovation has ended. Below is what was paid and what is to be returned.")
    if agreement is None:
        return _("First comes the agreement signed by every party. Then the results stand here.")
    if here is None:
        return _("Every result is accepted and signed.")
    parts = [_("Next: %(result)s.") % {"result": label(here)}]
    if here.due and here.waits_for_report:
        late = here.due < timezone.localdate()
        text = _("Its report was due on %(day)s.") if late else _("Its report is due by %(day)s.")
        parts.append(text % {"day": day(here.due)})
    if agreement.ends_on:
        parts.append(_("The agreement ends on %(day)s.") % {"day": day(agreement.ends_on)})
    if here.money:
        text = _("When both sides have signed its protocol, %(amount)s is paid.")
        parts.append(text % {"amount": money(here.money, 2)})
    return " ".join(parts)


def facts(balance: balances.Balance) -> list[Fact]:
    rows = [
        Fact(_("Agreed"), money(balance.agreed, 2)),
        Fact(_("Paid"), money(balance.paid, 2)),
        Fact(_("May be paid now"), money(balance.waits, 2)),
        Fact(_("Accepted by protocols"), money(balance.accepted, 2)),
    ]
    if balance.ended and balance.unsettled:
        rows.append(Fact(_("Paid, not accepted by any protocol"), money(balance.unsettled, 2)))
    if balance.asked_back:
        rows.append(Fact(_("To return"), money(balance.to_return, 2)))
        rows.append(Fact(_("Returned"), money(balance.returned, 2)))
    return rows


def refunds(rows: Iterable[Refund]) -> Table:
    columns = [
        Column("amount", _("Amount"), "number"),
        Column("why", _("Why")),
        Column("due", _("Until when")),
        Column("back", _("Came back")),
    ]
    body = [
        [
            money(row.amount, 2),
            row.why,
            day(row.due_on) if row.due_on else Cell(None, missing=_("no day set")),
            day(row.returned_on) if row.returned_on else Cell(None, missing=_("not yet")),
        ]
        for row in rows
    ]
    return Table(_("Money to return"), columns, body, row_header=False)


# --- a report ----------------------------------------------------------------------------------------


def report_facts(report: ResultReport) -> list[Fact]:
    none = _("not written yet")
    achieved = percent(report.achieved, None) if report.achieved is not None else none
    return [
        Fact(_("What was done"), (report.done or none).split("\n")),
        Fact(_("How one can see it"), (report.evidence or none).split("\n")),
        Fact(_("Achieved"), achieved),
    ]


def lines(innovation: Innovation, report: ResultReport) -> Table:
    """Declared expenditure beside the plan, with what to look at in each line."""
    columns = [
        Column("action", _("Line of the plan")),
        Column("planned", _("Planned"), "number"),
        Column("before", _("Before"), "number"),
        Column("spent", _("Spent"), "number"),
        Column("look", _("To look at")),
    ]
    before = spent_before(innovation, report)
    body = []
    for row in report.declared:
        spent = Decimal(row["spent"]) if row["spent"] else None
        earlier = before.get(row["action"], Decimal(0))
        notes = warnings(innovation, row["action"], Decimal(row["planned"]), spent, earlier)
        shown = money(spent, 2) if spent is not None else Cell(None, missing=_("not written yet"))
        body.append(
            [
                row["action"],
                money(Decimal(row["planned"]), 2),
                money(earlier, 2),
                shown,
                " ".join(notes) or "–",
            ]
        )
    together = _("Spent together: %(sum)s") % {"sum": money(report.amount, 2)} if report.amount else ""
    return Table(_("Expenditure as declared"), columns, body, note=together)


def line_hint(innovation: Innovation, line: dict[str, Any]) -> str:
    """Beside the field of a line: what was planned, and what to look at."""
    planned = Decimal(line["planned"])
    spent = Decimal(line["spent"]) if line["spent"] else None
    notes = warnings(innovation, line["action"], planned, spent)
    return " ".join([_("Planned: %(amount)s.") % {"amount": money(planned, 2)}, *notes])


def warnings(
    innovation: Innovation, action: str, planned: Decimal, spent: Decimal | None, before: Decimal = Decimal(0)
) -> list[str]:
    """What a line must be looked at for. A warning decides nothing: a person does."""
    rules, stage = known.terms(innovation.call.rules), known.grant_stage(innovation.call.rules)
    found = _of_rules(rules, action, spent if spent is not None else planned) if rules else []
    percent_ = stage.shift_without_consent if stage else None
    if spent is not None and (total := before + spent) > most_without_consent(planned, percent_):
        over = money(total - planned, 2)
        if percent_ is None:
            found.append(_("%(over)s more than planned.") % {"over": over})
        else:
            text = _("%(over)s more than planned; above %(percent)s an annex is needed.")
            found.append(text % {"over": over, "percent": percent(percent_, None)})
    return found


def _of_rules(rules: SettlementStage, action: str, cost: Decimal) -> list[str]:
    found = [
        _("May be a cost that the grant does not cover: %(what)s.") % {"what": what}
        for what in rules.not_eligible
        if speaks_of(action, str(what))
    ]
    for what, most in rules.price_ceilings.items():
        if speaks_of(action, what) and cost > most:
            text = _("Highest price for “%(what)s”: %(most)s. Check how many units this is.")
            found.append(text % {"what": what, "most": money(most, 2)})
    return found


def protocol_facts(protocol: Protocol) -> list[Fact]:
    rows = [
        Fact(_("Achieved"), percent(protocol.achieved, None)),
        Fact(_("Accepted"), money(protocol.accepted, 2)),
        Fact(_("To return"), money(protocol.to_return, 2)),
    ]
    if protocol.text:
        rows.append(Fact(_("Remarks"), protocol.text.split("\n")))
    return rows


def signatures(protocol: Protocol) -> list[Task]:
    pairs = (
        (_("For the incubator"), protocol.operator_name, protocol.operator_signed_on),
        (_("For the innovator"), protocol.innovator_name, protocol.innovator_signed_on),
    )
    return [
        Task(side, state="done" if on else "waiting", note=f"{name}, {day(on)}" if on else "")
        for side, name, on in pairs
    ]


def rule_words(innovation: Innovation, final: bool) -> str:
    """The rule of the programme for a result achieved in part."""
    rules = known.terms(innovation.call.rules)
    if rules is None or (rules.full_from is None and rules.none_below is None):
        return _("The programme has no rule for a result achieved in part.")
    if not final:
        return _("What is returned is computed at the final result.")
    full = percent(rules.full_from if rules.full_from is not None else Decimal(100), None)
    if rules.none_below is None:
        return _("From %(full)s nothing is returned, below it the share that was not achieved.") % {
            "full": full
        }
    text = _(
        "From %(full)s nothing is returned, below %(none)s the whole grant, between them the share that was "
        "not achieved."
    )
    return text % {"full": full, "none": percent(rules.none_below, None)}


# --- a call ------------------------------------------------------------------------------------------

COLUMNS = ("granted", "agreed", "paid", "waits", "to_return", "returned")


def headings() -> dict[str, str]:
    return {
        "granted": _("Granted"),
        "agreed": _("Agreed"),
        "paid": _("Paid"),
        "waits": _("May be paid now"),
        "to_return": _("To return"),
        "returned": _("Returned"),
    }


def call_facts(made: balances.CallMoney) -> list[Fact]:
    rows = []
    if made.pool is not None and made.left is not None:
        rows.append(Fact(_("Pool of the call"), money(made.pool, 2)))
        rows.append(
            Fact(_("Left in the pool"), money(made.left, 2), note=_("When all that is promised is paid."))
        )
    if made.reserved:
        rows.append(Fact(_("Granted, not on its way yet"), money(made.reserved, 2)))
    return rows + [Fact(text, money(made.total(name), 2)) for name, text in headings().items()]


def call_table(lines_: Sequence[balances.Line]) -> Table:
    columns = [Column("title", _("Innovation"))]
    columns += [Column(name, text, "number") for name, text in headings().items()]
    return Table(_("Money by innovation"), columns, [_money_row(line) for line in lines_])


def _money_row(line: balances.Line) -> list[Any]:
    url = reverse("trials:team_settlement", args=[line.innovation.pk])
    title = Cell(line.innovation.title, url=url, note=str(line.innovation.get_state_display()))
    values = (getattr(line.balance, name) for name in COLUMNS)
    return [title, *(money(v, 2) if v is not None else Cell(None, missing=_("no grant")) for v in values)]
