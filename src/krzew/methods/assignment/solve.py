"""`assign` and `reassign`: from a checked problem to an assignment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..record import DEFAULT_SEED, BoolArray, MethodError, stamp
from ..work import Progress, Stop, Work
from .fairness import leximin, maxmin
from .graph import Swap, connect
from .optimum import optimum
from .problem import Problem, pairs_of, pose
from .result import Assignment
from .shortage import Infeasible, shortages

OBJECTIVES = ("maxmin", "sum", "leximin")
PROVED = 1e-6
"""An answer this near to its bound (as a share of it) is called proved: costs are rounded to whole steps."""


def assign(
    affinity: npt.ArrayLike,
    conflicts: object = None,
    *,
    per_idea: npt.ArrayLike,
    load: npt.ArrayLike,
    min_load: npt.ArrayLike = 0,
    competences: object = None,
    lived: npt.ArrayLike | None = None,
    objective: str = "maxmin",
    connected: bool = False,
    seed: int = DEFAULT_SEED,
    assessors: Sequence[str] | None = None,
    ideas: Sequence[str] | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Assignment:
    """Give every idea its assessors. Rows are assessors and columns ideas, everywhere.

    `affinity` (assessors, ideas), finite, larger is better. `conflicts`: a boolean table of that shape, pairs
    (assessor, idea) of row numbers, or `Conflicts`; such pairs are never made. `per_idea`, `load` (most) and
    `min_load` (least): one whole number or one per idea / assessor. `competences`: a table (assessors, ideas)
    of who is an expert for what, or a tuple (have, need) with a set of names per assessor and per idea; each
    idea gets at least one expert (for each of its competences). `lived`: (assessors,) or (assessors, ideas);
    each idea gets at least one.

    `objective`: "sum" makes the total largest (exact); "maxmin" makes the worst idea as well served as it can
    and then the total large; "leximin" goes on to the next worst idea (PeerReview4All in full, slower).
    `connected` exchanges pairs until all assessors are linked by common ideas. `seed` chooses between equal
    assignments: publish it. `time_limit` seconds end "maxmin" and "leximin" with the best answer so far.

    Raises `Infeasible` with the causes when there is no such assignment, `MethodError` on bad input.
    """
    if objective not in OBJECTIVES:
        raise MethodError("objective", f"must be one of {', '.join(OBJECTIVES)}", str(objective))
    problem = pose(
        affinity,
        conflicts,
        per_idea=per_idea,
        load=load,
        min_load=min_load,
        competences=competences,
        lived=lived,
        assessors=assessors,
        ideas=ideas,
    )
    matrix, bound = _solved(problem, objective, seed, Work(time_limit, progress, stop))
    return _finished(problem, matrix, objective, bound, seed, connected)


def _solved(problem: Problem, objective: str, seed: int, work: Work) -> tuple[BoolArray, float]:
    if objective == "sum":
        limit = None if work.time_limit is None else max(work.left, 0.1)
        best = optimum(
            problem, problem.affinity, problem.admissible, problem.requirements, seed, time_limit=limit
        )
        if best is None:
            raise _refusal(problem, work)
        return best.matrix, best.bound
    fair = (leximin if objective == "leximin" else maxmin)(problem, seed, work)
    if fair is None:
        raise _refusal(problem, work)
    return fair.matrix, fair.bound


def _refusal(problem: Problem, work: Work) -> MethodError:
    causes = shortages(problem)
    if causes:
        return Infeasible(causes)
    return MethodError("time_limit", "was too short to find any assignment", str(work.time_limit))


def _finished(
    problem: Problem,
    matrix: BoolArray,
    objective: str,
    bound: float,
    seed: int,
    connected: bool,
    changes: tuple[tuple[int, int], ...] = (),
) -> Assignment:
    swaps: tuple[Swap, ...] = ()
    if connected:
        matrix, swaps = connect(problem, matrix)
    parameters = {"objective": objective, "connected": connected}
    origin = stamp("assignment", seed, problem.data_hash, parameters)
    made = Assignment(problem, matrix, objective, bound, False, seed, origin, swaps, changes)
    reached = made.gap <= PROVED * max(abs(bound), 1e-9)
    broken = made.check()
    if broken:
        raise ArithmeticError("; ".join(broken))
    return replace(made, proved=reached)


def reassign(
    previous: Assignment,
    *,
    refused: Iterable[tuple[int, int]] = (),
    unavailable: Iterable[int] = (),
    connected: bool = False,
    seed: int | None = None,
) -> Assignment:
    """The assignment after refusals with the fewest changes; among those, with the largest total.

    `refused` holds pairs (assessor, idea) that must not be made (also a conflict found later); `unavailable`
    assessors lose all ideas and their smallest load. Everything else stays wherever that is possible.
    """
    old = previous.problem
    n, m = old.affinity.shape
    gone = np.asarray(list(unavailable))
    if gone.size and (not np.issubdtype(gone.dtype, np.integer) or gone.min() < 0 or gone.max() >= n):
        raise MethodError("unavailable", f"must hold row numbers of the {n} assessors")
    gone = gone.astype(np.int64)
    admissible = old.admissible.copy()
    for a, p in pairs_of("refused", refused, n, m):
        admissible[a, p] = False
    admissible[gone] = False
    problem = replace(old, admissible=admissible, min_load=_without(old.min_load, gone))
    problem = replace(problem, load=_without(old.load, gone))
    seed = previous.seed if seed is None else seed
    best = optimum(
        problem, problem.affinity, admissible, problem.requirements, seed, kept=previous.matrix & admissible
    )
    if best is None:
        raise Infeasible(shortages(problem))
    changes = tuple((int(a), int(p)) for a, p in np.argwhere(best.matrix & ~previous.matrix))
    upper = optimum(problem, problem.affinity, admissible, problem.requirements, seed)
    assert upper is not None
    return _finished(problem, best.matrix, "sum", upper.bound, seed, connected, changes)


def _without(counts: npt.NDArray[np.int64], gone: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    left = counts.copy()
    left[gone] = 0
    return left
