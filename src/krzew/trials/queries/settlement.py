"""Reading the settlement of one innovation: its results, reports, tranches and returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from krzew.trials.agreements.filling import due_of
from krzew.trials.models import Agreement, Innovation, ResultReport, Tranche
from krzew.trials.queries import money
from krzew.trials.states import ReportState


@dataclass(frozen=True)
class Result:
    """A result of the agreement, its report if there is one, and the money that comes after it."""

    code: str
    final: bool
    plain: dict[str, Any]
    report: ResultReport | None
    tranches: list[Tranche] = field(default_factory=list)

    @property
    def is_signed(self) -> bool:
        return self.report is not None and self.report.state == ReportState.SIGNED

    @property
    def due(self) -> date | None:
        """By when its report comes."""
        return due_of(self.plain)

    @property
    def waits_for_report(self) -> bool:
        return self.report is None or self.report.state in (ReportState.DRAFT, ReportState.RETURNED)

    @property
    def money(self) -> Decimal:
        return sum((row.amount for row in self.tranches), Decimal("0.00"))


def whole(innovation: Innovation) -> Innovation:
    """The innovation with its money, and the rows looking back at it."""
    found = money.fresh(innovation.pk)
    for agreement in found.agreements.all():
        agreement.innovation = found
        for report in agreement.reports.all():
            report.agreement = agreement
    return found


def results(innovation: Innovation) -> list[Result]:
    """In the order of the agreement; nothing before there is an agreement."""
    agreement = money.concluded(innovation)
    if agreement is None:
        return []
    by_code = {row.result: row for row in money.reports(innovation)}
    return [_result(row, by_code.get(row["code"]), agreement) for row in agreement.content["results"]]


def _result(row: dict[str, Any], report: ResultReport | None, agreement: Agreement) -> Result:
    after = [tranche for tranche in agreement.tranches.all() if tranche.after == row["code"]]
    return Result(row["code"], bool(row["final"]), row, report, after)


def next_result(rows: list[Result]) -> Result | None:
    return next((row for row in rows if not row.is_signed), None)


def spent_before(innovation: Innovation, report: ResultReport) -> dict[str, Decimal]:
    """What was accepted as spent on each line in results before this one, by the words of the line."""
    found: dict[str, Decimal] = {}
    for other in money.reports(innovation):
        if other.pk == report.pk or other.state != ReportState.SIGNED:
            continue
        for row in other.declared:
            found[row["action"]] = found.get(row["action"], Decimal(0)) + Decimal(row["spent"] or 0)
    return found
