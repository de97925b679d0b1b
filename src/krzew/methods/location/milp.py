"""Models passed to HiGHS as arrays; every answer comes back with its dual bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from ..record import BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class Model:
    """Minimise `cost` x with `low` <= `rows` x <= `high`, x between 0 (1 where `fixed`) and 1, some x `whole`."""

    cost: FloatArray
    rows: csr_matrix
    low: FloatArray
    high: FloatArray
    whole: BoolArray
    fixed: BoolArray


@dataclass(frozen=True, eq=False)
class Answer:
    """`x` (None: none found), its `value`, a lower `bound`, duals of the rows (linear models only)."""

    x: FloatArray | None
    value: float
    bound: float
    infeasible: bool
    optimal: bool
    duals: FloatArray | None = None
    nodes: int = 0


def solve(
    model: Model, time_limit: float = np.inf, start: FloatArray | None = None, cutoff: float | None = None
) -> Answer:
    """One thread, no gap allowed: the answer depends on the model alone unless the time runs out.

    With `cutoff` only answers up to that value are wanted; the search stops when none can exist.
    """
    import highspy

    solver = highspy.Highs()
    options: dict[str, Any] = {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-6}
    options["mip_feasibility_tolerance"] = 1e-7
    if not model.whole.any():
        options["presolve"] = "off"  # it costs more than it saves where columns hold a few rows each
    if np.isfinite(time_limit):
        options["time_limit"] = max(float(time_limit), 0.01)
    if cutoff is not None:
        options["objective_bound"] = float(cutoff)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(program(highspy, model))
    if start is not None:
        guess = highspy.HighsSolution()
        guess.col_value = start.tolist()
        solver.setSolution(guess)
    solver.run()
    return _answer(highspy, solver, model)


def program(highspy: Any, model: Model) -> Any:
    """The model as HiGHS takes it."""
    rows, columns = model.rows.shape
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, rows
    program.col_cost_ = model.cost
    program.col_lower_, program.col_upper_ = model.fixed.astype(np.float64), np.ones(columns)
    program.row_lower_, program.row_upper_ = model.low, model.high
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = model.rows.indptr
    program.a_matrix_.index_ = model.rows.indices
    program.a_matrix_.value_ = model.rows.data
    if model.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        program.integrality_ = [kinds[int(w)] for w in model.whole]
    return program


def _answer(highspy: Any, solver: Any, model: Model) -> Answer:
    status, info = solver.getModelStatus(), solver.getInfo()
    statuses = highspy.HighsModelStatus
    infeasible = status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible)
    solution = solver.getSolution()
    x = np.asarray(solution.col_value)
    found = len(x) == len(model.cost) and np.isfinite(info.objective_function_value)
    found = found and info.primal_solution_status == 2  # feasible
    value = float(info.objective_function_value) if found else np.inf
    if infeasible:
        return Answer(None, np.inf, np.inf, True, False)
    optimal = status == statuses.kOptimal
    if model.whole.any():
        return Answer(
            x if found else None,
            value,
            float(info.mip_dual_bound),
            False,
            optimal,
            None,
            int(info.mip_node_count),
        )
    duals = np.asarray(solution.row_dual) if optimal else None
    return Answer(x if found else None, value, value if optimal else -np.inf, False, optimal, duals)
