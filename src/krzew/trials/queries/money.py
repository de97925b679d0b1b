"""Money of a call: granted, agreed, paid, waiting, to return, left in the pool."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet, Sum

from krzew.calls.models import Application, Call
from krzew.calls.states import ApplicationState
from krzew.trials.models import Agreement, Innovation, ResultReport, Tranche
from krzew.trials.states import AgreementState, InnovationState, ReportState

ZERO = Decimal("0.00")
CONCLUDED = (AgreementState.SIGNED, AgreementState.ENDED)
OVER = (InnovationState.RESIGNED, InnovationState.TERMINATED)


@dataclass(frozen=True)
class Balance:
    """Money of one innovation. `waits` may be paid now; `to_return` was asked back and is not there yet."""

    granted: Decimal | None
    agreed: Decimal
    offered: Decimal
    paid: Decimal
    waits: Decimal
    accepted: Decimal
    asked_back: Decimal
    returned: Decimal
    ended: bool

    @property
    def to_return(self) -> Decimal:
        return self.asked_back - self.returned

    @property
    def held(self) -> Decimal:
        """What the pool of the call cannot give to anybody else."""
        if self.ended:
            return self.paid - self.returned
        return max(self.agreed or self.offered or self.granted or ZERO, self.paid) - self.returned

    @property
    def unsettled(self) -> Decimal:
        """Paid, neither accepted by a protocol nor asked back. When it ends early, this is to be returned."""
        return max(self.paid - self.accepted - self.asked_back, ZERO)


@dataclass(frozen=True)
class Line:
    innovation: Innovation
    balance: Balance


@dataclass(frozen=True)
class CallMoney:
    lines: list[Line]
    pool: Decimal | None
    reserved: Decimal

    def total(self, name: str) -> Decimal:
        return sum((getattr(line.balance, name) or ZERO for line in self.lines), ZERO)

    @property
    def left(self) -> Decimal | None:
        return None if self.pool is None else self.pool - self.reserved - self.total("held")


def concluded(innovation: Innovation) -> Agreement | None:
    """The grant agreement that counts: in force, or ended. Annexes replace what was before them."""
    rows = [a for a in innovation.agreements.all() if a.kind == "grant" and a.state in CONCLUDED]
    return rows[-1] if rows else None


def reports(innovation: Innovation) -> list[ResultReport]:
    return [row for a in innovation.agreements.all() if a.kind == "grant" for row in a.reports.all()]


def signed_results(innovation: Innovation) -> set[str]:
    return {row.result for row in reports(innovation) if row.state == ReportState.SIGNED}


def may_be_paid(innovation: Innovation, tranche: Tranche) -> bool:
    """Nothing paid yet, and the result on which it hangs is accepted by a protocol that both sides signed."""
    if tranche.paid_on is not None or innovation.state in OVER:
        return False
    return not tranche.after or tranche.after in signed_results(innovation)


def balance(innovation: Innovation) -> Balance:
    """Reads agreements with tranches, reports with protocols, and refunds; give them by `prefetch_related`."""
    agreement = concluded(innovation)
    tranches = list(agreement.tranches.all()) if agreement else []
    offers = [a for a in innovation.agreements.all() if a.kind == "grant" and a.state == "offered"]
    signed = [row for row in reports(innovation) if row.state == ReportState.SIGNED]
    refunds = list(innovation.refunds.all())
    return Balance(
        granted=innovation.granted,
        agreed=(agreement.amount if agreement else None) or ZERO,
        offered=(offers[-1].amount if offers else None) or ZERO,
        paid=_sum(t.paid_amount for t in tranches),
        waits=_sum(t.amount for t in tranches if may_be_paid(innovation, t)),
        accepted=_sum(row.protocol.accepted for row in signed),
        asked_back=_sum(row.amount for row in refunds),
        returned=_sum(row.amount for row in refunds if row.returned_on),
        ended=innovation.state in OVER,
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), ZERO)


def _with_money(rows: QuerySet[Innovation]) -> QuerySet[Innovation]:
    agreements = Agreement.objects.prefetch_related("tranches", "reports__protocol")
    return rows.prefetch_related(Prefetch("agreements", queryset=agreements), "refunds")


def fresh(pk: int) -> Innovation:
    """One innovation with its money as it is in the database now."""
    return _with_money(Innovation.objects.select_related("call__programme__organisation")).get(pk=pk)


def of_call(call: Call) -> CallMoney:
    """Every innovation of a call with its money: a constant number of queries."""
    rows = _with_money(Innovation.objects.filter(call=call))
    lines = [Line(row, balance(row)) for row in rows.order_by("title", "pk")]
    waiting = Application.objects.filter(
        call=call, innovation=None, state__in=(ApplicationState.SELECTED, ApplicationState.OFFERED)
    )
    reserved = waiting.aggregate(sum=Sum("granted"))["sum"] or ZERO
    return CallMoney(lines, pool_of(call), reserved)


def pool_of(call: Call) -> Decimal | None:
    return call.pool if call.pool is not None else call.rules.grant.pool


def left_for(innovation: Innovation) -> Decimal | None:
    """What this innovation could get: the pool without what is held for all others. None without a pool."""
    money = of_call(innovation.call)
    if money.pool is None:
        return None
    others = [line for line in money.lines if line.innovation.pk != innovation.pk]
    return money.pool - money.reserved - sum((line.balance.held for line in others), ZERO)
