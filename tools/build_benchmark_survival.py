"""Compact tables for the survival tests, from the data sets that lifelines (MIT licence) carries.

Run once, with lifelines installed: `python tools/build_benchmark_survival.py`.
"""

from __future__ import annotations

import csv
from pathlib import Path

from lifelines import datasets

TARGET = Path(__file__).resolve().parents[1] / "tests" / "methods" / "data"
ROSSI = (
    "Recidivism of 432 men released from prisons of Maryland, weeks to the first arrest, 114 events. "
    "P. H. Rossi, R. A. Berk, K. J. Lenihan, Money, Work and Crime (1980); table as in lifelines (MIT)."
)
WALTONS = "Lifetimes of flies in two groups, 163 animals, 156 events; table as in lifelines (MIT)."


def write(name: str, source: str, frame: object) -> None:
    rows = frame.to_dict("records")  # type: ignore[attr-defined]
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {source}\n")
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write("rossi.csv", ROSSI, datasets.load_rossi())
    write("waltons.csv", WALTONS, datasets.load_waltons())
