"""Make the tables of known answers for `krzew.methods.effects` (tests/methods/data/effects_*).

    python tools/build_benchmark_effects.py ../shared/data PATH_OF_CAUSALDATA

The second folder is that of the public Python package causaldata 0.1.5 (Huntington-Klein; MIT licence), which
carries the data sets of textbooks. Earnings of survey controls are rounded to whole dollars, which moves no
published figure.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

OUT = Path(__file__).resolve().parents[1] / "tests" / "methods" / "data"
TRAITS, EARNINGS = ["age", "educ", "black", "hisp", "marr", "nodegree"], ["re74", "re75", "re78"]
SPELLING = {"education": "educ", "hispanic": "hisp", "married": "marr"}
LALONDE = (
    "LaLonde (1986), Dehejia and Wahba (1999), users.nber.org/~rdehejia/nswdata2.html: NSW treated and controls "
    "(nsw), PSID and CPS controls; columns "
    + " ".join(TRAITS + EARNINGS)
    + "; carried by causaldata, MIT licence"
)
NHEFS = (
    "NHEFS 1971-1982 (US National Center for Health Statistics, public domain), complete cases of Hernan and "
    "Robins, What If; carried by causaldata, MIT licence"
)
ORGANS = (
    "# Kessler and Roth (2014), organ donor registration rates by state and quarter; causaldata, MIT licence"
)
NHEFS_COLUMNS = ["qsmk", "wt82_71", "sex", "race", "age", "education", "smokeintensity", "smokeyrs"]
NHEFS_COLUMNS += ["exercise", "active", "wt71"]


def lalonde(shared: Path, package: Path) -> None:
    folder = shared / "benchmarks" / "effects"
    nsw = pd.read_csv(folder / "nsw_dw.csv").rename(columns=SPELLING)
    psid = pd.read_csv(folder / "psid_controls.csv").rename(columns=SPELLING)
    cps = pd.read_stata(package / "cps_mixtape" / "cps_mixtape.dta")
    np.savez_compressed(
        OUT / "effects_lalonde.npz",
        source=np.array(LALONDE),
        nsw_treated=nsw["treat"].to_numpy(np.uint8),
        nsw=nsw[TRAITS + EARNINGS].to_numpy(np.float32),
        **{
            f"{name}_traits": table[TRAITS].to_numpy(np.uint8).T
            for name, table in (("psid", psid), ("cps", cps))
        },
        psid_earnings=psid[EARNINGS].round().to_numpy(np.uint32).T,
        cps_earnings=cps[EARNINGS].round().to_numpy(np.uint16).T,
    )


def nhefs(package: Path) -> None:
    table = pd.read_stata(package / "nhefs_complete" / "nhefs_complete.dta")[NHEFS_COLUMNS].astype(float)
    columns = {name: table[name].to_numpy(np.float32) for name in NHEFS_COLUMNS}
    np.savez_compressed(OUT / "effects_nhefs.npz", source=np.array(NHEFS), **columns)


def organs(package: Path) -> None:
    table = pd.read_csv(package / "organ_donations" / "organ_donation.csv")
    text = table.to_csv(index=False, lineterminator="\n")
    (OUT / "effects_organ_donations.csv").write_text(f"{ORGANS}\n{text}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("causaldata", type=Path)
    given = parser.parse_args()
    lalonde(given.shared, given.causaldata)
    nhefs(given.causaldata)
    organs(given.causaldata)
    for path in sorted(OUT.glob("effects_*")):
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
