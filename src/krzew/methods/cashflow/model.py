"""What the simulation needs of a plan, as arrays in grosze: steady flows, and buyers whose demand varies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ..record import FloatArray, IntArray, MethodError, finite_matrix
from .book import floor, operating_result
from .draft import CASH, Draft, Sales
from .units import grosze, millionths

NOW, LATE, EARNED, TAX = range(4)
"""Columns of `flows`: money in the month of sale, money after the delay, operating result, VAT due."""


@dataclass(frozen=True, eq=False)
class Model:
    """Arrays for `months` T, buyers B, drivers D and factors F; money in grosze.

    `steady` (T, 3): cash, operating result and VAT of everything that does not vary. `flows` (B, T, 4) in the
    order of the module's constants. `terms` (B, 4): delay, row of the driver, first month, months lost (0 for good).
    `risk` (B, 2): log(1 - probability of loss), share left. `drivers` (D, 3): factor, sigma, sigma²/2.
    `rho` (F,). A driver is one factor's demand at one sigma: mean 1, log-normal, AR(1) in time.
    """

    steady: FloatArray
    flows: FloatArray
    terms: IntArray
    risk: FloatArray
    drivers: FloatArray
    rho: FloatArray
    cash: float
    floor: float
    millionths: float
    noise: float
    vat_delay: int

    @property
    def months(self) -> int:
        return len(self.steady)


def model(work: Draft) -> Model:
    """The arrays of a plan already worked out; buyers without uncertainty join the steady flows."""
    plan, levers = work.plan, work.levers
    varying = [s for s in work.sales if s.buyer.loss * levers.loss > 0 or s.buyer.sigma * levers.sigma > 0]
    steady = _steady(work, [s for s in work.sales if s not in varying])
    names = list(dict.fromkeys(s.buyer.factor for s in varying))
    moods = [(names.index(s.buyer.factor), s.buyer.sigma * levers.sigma) for s in varying]
    kinds = list(dict.fromkeys(moods))
    terms = [_terms(work, s, kinds.index(mood)) for s, mood in zip(varying, moods, strict=True)]
    risk = [(np.log1p(-min(s.buyer.loss * levers.loss, 0.999999)), s.buyer.loss_left) for s in varying]
    flows = [_flows(s) for s in varying]
    return Model(
        steady=steady,
        flows=np.array(flows, dtype=np.float64).reshape(-1, plan.months, 4),
        terms=np.array(terms, dtype=np.int64).reshape(-1, 4),
        risk=np.array(risk, dtype=np.float64).reshape(-1, 2),
        drivers=np.array([(f, s, s * s / 2) for f, s in kinds], dtype=np.float64).reshape(-1, 3),
        rho=np.full(len(names), plan.rho),
        cash=float(grosze(Decimal(plan.cash))),
        floor=float(floor(plan)),
        millionths=float(millionths(Decimal(plan.credit_rate))),
        noise=float(grosze(Decimal(plan.noise))),
        vat_delay=plan.vat_delay,
    )


def _terms(work: Draft, sale: Sales, driver: int) -> tuple[int, int, int, int]:
    start = work.plan.span(sale.buyer.start, None).start
    return sale.delay, driver, start, sale.buyer.loss_months


def _flows(sale: Sales) -> FloatArray:
    """(T, 4) of one buyer."""
    spent, invoiced = -np.array(sale.spent, dtype=np.float64), np.array(sale.invoiced, dtype=np.float64)
    now, late = (spent + invoiced, np.zeros_like(spent)) if sale.delay == 0 else (spent, invoiced)
    earned = np.array(sale.net, dtype=np.float64) - np.array(sale.cost, dtype=np.float64)
    return np.column_stack([now, late, earned, np.array(sale.vat, dtype=np.float64)])


def _steady(work: Draft, sales: list[Sales]) -> FloatArray:
    months = work.plan.months
    table = np.zeros((months, 3))
    table[:, 0] = work.total(CASH)
    table[:, 1] = operating_result(work.accounts)
    table[:, 2] = [-work.input_vat.get(t, 0) for t in range(months)]
    for sale in sales:
        flows = _flows(sale)
        table[:, 0] += flows[:, NOW]
        table[sale.delay :, 0] += flows[: months - sale.delay, LATE]
        table[:, 1] += flows[:, EARNED]
        table[:, 2] += flows[:, TAX]
    return table


def bare(flow: object, noise: float = 0.0, cash: float = 0.0, credit_line: float = 0.0) -> Model:
    """A model of a given net flow of each month (T,) with additive normal noise; money in PLN.

    For questions below a plan (a random walk with a barrier), on the same kernel. Raises `MethodError` for
    figures that are not finite or an empty flow.
    """
    flows = finite_matrix("flow", flow)  # type: ignore[arg-type]
    if flows.ndim != 1 or not len(flows):
        raise MethodError("flow", "needs one net flow for each month")
    for name, value in (("noise", noise), ("credit_line", credit_line)):
        if not value >= 0 or np.isinf(value):
            raise MethodError(name, "must be a finite number not below zero", str(value))
    steady = np.zeros((len(flows), 3))
    steady[:, 0] = steady[:, 1] = flows * 100
    empty = np.zeros((0, 2))
    return Model(
        steady=steady,
        flows=np.zeros((0, len(flows), 4)),
        terms=np.zeros((0, 4), dtype=np.int64),
        risk=empty,
        drivers=np.zeros((0, 3)),
        rho=np.zeros(0),
        cash=float(finite_matrix("cash", cash)) * 100,
        floor=-100.0 * credit_line,
        millionths=0.0,
        noise=100.0 * noise,
        vat_delay=1,
    )
