"""Linear programmes over the hidden cells, solved again and again from the last basis (HiGHS)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from ..record import FloatArray, IntArray, MethodError

TOLERANCE = 1e-7
PRIMAL, DUAL = 4, 1


class Linear:
    """`min cost @ x` with `matrix @ x == right`, `low <= x <= high`; costs and bounds may change."""

    def __init__(
        self, matrix: csr_matrix, right: FloatArray, low: FloatArray, high: FloatArray, strategy: int
    ) -> None:
        import highspy

        columns = matrix.tocsc()
        problem = highspy.HighsLp()
        problem.num_row_, problem.num_col_ = (int(n) for n in matrix.shape)
        problem.col_cost_ = np.zeros(matrix.shape[1])
        problem.col_lower_, problem.col_upper_ = _finite(low), _finite(high)
        problem.row_lower_ = problem.row_upper_ = np.asarray(right, dtype=np.float64)
        problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        problem.a_matrix_.start_ = columns.indptr.astype(np.int32)
        problem.a_matrix_.index_ = columns.indices.astype(np.int32)
        problem.a_matrix_.value_ = columns.data.astype(np.float64)
        self._status, self._highs = highspy.HighsModelStatus, highspy.Highs()
        options = {"output_flag": False, "presolve": "off", "solver": "simplex", "parallel": "off"}
        for name, value in (*options.items(), ("simplex_strategy", strategy)):
            self._highs.setOptionValue(name, value)
        self._highs.passModel(problem)

    def bounds(self, columns: IntArray, low: FloatArray, high: FloatArray) -> None:
        """New bounds of some columns."""
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), _finite(low), _finite(high))

    def costs(self, columns: IntArray, costs: FloatArray) -> None:
        """New costs of some columns."""
        self._highs.changeColsCost(len(columns), columns.astype(np.int32), np.asarray(costs, dtype=float))

    def solve(self) -> FloatArray | None:
        """The best x; None when there is none. Raises `Unbounded` when the cost has no floor, and `MethodError`
        when the solver gives up: an attack that failed is no proof of safety."""
        for _ in range(2):
            self._highs.run()
            status = self._highs.getModelStatus()
            if status == self._status.kOptimal:
                return np.array(self._highs.getSolution().col_value)
            if status == self._status.kInfeasible:
                return None
            if status == self._status.kUnbounded:
                raise Unbounded
            self._highs.clearSolver()  # a worn-out basis: once more from the start
        raise MethodError("table", "a linear programme could not be solved: scale the figures")

    def reduced_costs(self) -> FloatArray:
        """Reduced cost of each column at the last optimum."""
        return np.array(self._highs.getSolution().col_dual)


class Unbounded(Exception):
    """The figure can be as large as one likes."""


def whole_best(
    matrix: csr_matrix, right: FloatArray, low: FloatArray, high: FloatArray, cost: FloatArray
) -> FloatArray | None:
    """The best x in whole numbers, proved; None when there is none."""
    result: Any = milp(
        cost,
        constraints=LinearConstraint(matrix, right, right),
        bounds=Bounds(low, high),
        integrality=np.ones(len(cost)),
        options={"mip_rel_gap": 0.0},
    )
    return None if result.x is None else np.round(result.x)


def is_whole(x: FloatArray) -> bool:
    return bool(np.abs(x - np.round(x)).max(initial=0.0) < 1e-6)


def _finite(bound: FloatArray) -> FloatArray:
    return np.clip(np.asarray(bound, dtype=np.float64), -1e30, 1e30)  # HiGHS reads 1e30 as infinite
