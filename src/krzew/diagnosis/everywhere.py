"""Every gmina against every solution at once, from public statistics alone: for tables, maps and planning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from krzew.diagnosis import criteria, matching, reference, wording
from krzew.diagnosis.criteria import CONCENTRATION, Array
from krzew.methods import METHOD_VERSION, fit
from krzew.methods import needs as science
from krzew.methods.record import DEFAULT_SEED
from krzew.places import matrix

DRAWS = 2_000
TOP = 3


@dataclass(frozen=True, eq=False)
class Everywhere:
    """Severities (gminas, needs) and, for every solution, score 0-100, feasibility, first-rank acceptability."""

    units: tuple[str, ...]
    needs: tuple[str, ...]
    slugs: tuple[str, ...]
    severity: Array
    low: Array
    high: Array
    score: Array
    feasibility: Array
    acceptability: npt.NDArray[np.float32]
    eligible: npt.NDArray[np.bool_]
    data_version: str
    library_version: str
    method_version: str


def compute_all(draws: int = DRAWS, seed: int = DEFAULT_SEED) -> Everywhere:
    """The vectorised form of `engine.compute_place(code)`.

    Scores are the same as there. Acceptabilities are drawn over weights only: uncertain figures are held at their
    middle, so that all gminas take seconds.
    """
    tables, shelf = matrix.tables(), reference.shelf()
    found = science.diagnose_all(reference.framework(), tables.need_values, tables.groups, seed=seed)
    severity, spread = criteria.known(found.severity, found.low, found.high)
    values, weights = matching.need_points(severity, spread, tables, shelf)
    eligible = matching.eligible(tables, shelf)
    accepted = fit.first_rank_acceptability_all(
        values.astype(np.float32), eligible, draws, seed, weights=weights, concentration=CONCENTRATION
    )
    return Everywhere(
        units=tables.units,
        needs=found.needs,
        slugs=tuple(m.slug for m in shelf.items),
        severity=found.severity,
        low=found.low,
        high=found.high,
        score=values @ (weights / weights.sum()),
        feasibility=matching.feasibility_all(tables, shelf),
        acceptability=accepted,
        eligible=eligible,
        data_version=tables.version,
        library_version=shelf.version,
        method_version=METHOD_VERSION,
    )


def table_of_all(draws: int = DRAWS) -> pa.Table:
    """One row for each gmina: where it lies, severity of each need with its interval, and the first three solutions."""
    found = compute_all(draws)
    names = wording.unit_names(found.data_version)
    columns: dict[str, list[object] | Array] = {
        "code": list(found.units),
        "name": [names[code].name for code in found.units],
        "voivodeship": [str(names[code].voivodeship) for code in found.units],
    }
    for q, need in enumerate(found.needs):
        sides = {"": found.severity, "_low": found.low, "_high": found.high}
        columns |= {f"need_{need}{side}": table[:, q] for side, table in sides.items()}
    versions = {"data_version": found.data_version, "library_version": found.library_version}
    return pa.table(columns | _leading(found), metadata=versions | {"method_version": found.method_version})


def _leading(found: Everywhere) -> dict[str, list[object] | Array]:
    """The three eligible solutions with the highest score; fewer leave the rest empty."""
    ranked = np.where(found.eligible, found.score, -np.inf)
    order = np.argsort(-ranked, axis=1, kind="stable")[:, :TOP]
    rows = np.arange(len(order))
    columns: dict[str, list[object] | Array] = {}
    for place in range(min(TOP, order.shape[1])):
        best = order[:, place]
        known = found.eligible[rows, best]
        columns[f"solution_{place + 1}"] = [
            found.slugs[s] if k else None for s, k in zip(best, known, strict=True)
        ]
        columns[f"score_{place + 1}"] = np.where(known, found.score[rows, best], np.nan)
        columns[f"acceptability_{place + 1}"] = np.where(known, found.acceptability[rows, best], np.nan)
    return columns
