"""Public data with known answers for `effects`; each file names its source and licence.

LaLonde (1986) as cut by Dehejia and Wahba (1999): 185 trained, 260 controls drawn by chance, and survey
controls (PSID 2,490; CPS 15,992). NHEFS: 1,566 smokers of Hernán and Robins. Organ donations: 27 states, 6
quarters, of Kessler and Roth (2014).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from tests.methods.data import HERE, table

NAMES = ("age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75")
QUARTERS = ("Q42010", "Q12011", "Q22011", "Q32011", "Q42011", "Q12012")


@dataclass(frozen=True)
class Comparison:
    """Earnings in 1978, training, eight covariates."""

    y: np.ndarray
    t: np.ndarray
    x: np.ndarray


@cache
def lalonde(controls: str) -> Comparison:
    """The trained men of NSW with the controls "nsw" (by chance), "psid" or "cps"."""
    with np.load(HERE / "effects_lalonde.npz") as data:
        rows, treated = data["nsw"].astype(float), data["nsw_treated"] == 1
        if controls == "nsw":
            return Comparison(rows[:, 8], treated, rows[:, :8])
        others = np.concatenate([data[f"{controls}_traits"], data[f"{controls}_earnings"]]).T
    both = np.concatenate([rows[treated], others])
    return Comparison(both[:, 8], np.arange(len(both)) < treated.sum(), both[:, :8])


@cache
def nhefs() -> Comparison:
    """Weight change, quitting, and the terms of What If: codes as yes/no columns, squares of the rest."""
    with np.load(HERE / "effects_nhefs.npz") as data:
        table_ = {name: data[name].astype(float) for name in data.files if name != "source"}
    columns = []
    for name in ("sex", "race", "education", "exercise", "active"):
        columns += [table_[name] == code for code in np.unique(table_[name])[1:]]
    for name in ("age", "smokeintensity", "smokeyrs", "wt71"):
        columns += [table_[name], table_[name] ** 2]
    return Comparison(table_["wt82_71"], table_["qsmk"] == 1, np.column_stack(columns).astype(float))


def organs() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Rate, state, quarter (1 to 6), first quarter of the change: the 4th in California, NaN elsewhere."""
    rows = table("effects_organ_donations.csv")
    state = np.array([row["State"] for row in rows])
    quarter = np.array([QUARTERS.index(row["Quarter"]) + 1 for row in rows])
    rate = np.array([float(row["Rate"]) for row in rows])
    return rate, state, quarter, np.where(state == "California", 4.0, np.nan)
